"""Compares what happened with what the script expects, for the figures that `demo --once` ends with."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from klark.demo.play_tickets import Played
from klark.demo.read_outcomes import Stood, Watched
from klark.demo.tickets import DECISIONS


@dataclass(slots=True)
class Score:
    """The figures of a run: counts, and times in seconds. `differences` describes what differs on the `unexpected` tickets."""

    tickets: int = 0
    decisions: dict[str, int] = field(default_factory=dict)
    webhooks: int = 0
    duplicates_dropped: int = 0
    lost: int = 0
    doubled: int = 0
    over_a_human: int = 0
    unexpected: int = 0
    first_draft_s: float = 0.0
    wall_s: float = 0.0
    differences: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was lost or written twice, nothing overrode a human, and all is as the script expects."""
        return not (self.lost or self.doubled or self.over_a_human or self.unexpected)

    def add(self, what: str, words: str) -> None:
        """Counts one more difference, of something that is no ticket."""
        self.unexpected += 1
        self.differences.append(f"{what}: {words}")

    def as_json(self) -> dict[str, Any]:
        """Returns the figures by their published names."""
        return {name: value for name, value in asdict(self).items() if name != "differences"}


def score(played: Sequence[Played], seen: Mapping[str, Watched], writes: Iterable[Mapping[str, Any]]) -> Score:
    """Counts what was lost, written twice, written over a human, or decided other than expected.

    `seen` is by the ticket's id in the script; `writes` are the sandbox's records of all writes.
    """
    applied = [write for write in writes if write["applied"] and write["text"]]
    stood = [one for each in seen.values() for one in each.stood]
    kinds = Counter(one.kind for one in stood)
    lost = [each for each in played if _lost(each, seen.get(each.script.id))]
    differences = [words for each in played for words in _differences(each, seen[each.script.id], applied)]
    return Score(
        tickets=len(played),
        decisions={kind: kinds[kind] for kind in DECISIONS},
        lost=len(lost),
        doubled=_doubled(applied, played),
        over_a_human=sum(bool(write["over_a_human"]) for write in applied),
        unexpected=len({words.split(":")[0] for words in differences}),
        differences=differences,
    )


def _lost(played: Played, seen: Watched | None) -> bool:
    """Whether a ticket was acknowledged but ended neither in a decision nor in a parked row that a person can act on."""
    return seen is None or seen.busy or not (seen.stood or any(seen.parked))


def _doubled(applied: Sequence[Mapping[str, Any]], played: Sequence[Played]) -> int:
    """Counts writes that repeat a text on the same ticket. One per turn is allowed, since one section may answer two turns."""
    turns = {(each.desk, each.number): max(each.turns, 1) for each in played}
    said = Counter((write["desk"], write["ticket"], write["text"]) for write in applied)
    return sum(max(count - turns.get((desk, ticket), 1), 0) for (desk, ticket, _), count in said.items())


def _differences(played: Played, seen: Watched, applied: Sequence[Mapping[str, Any]]) -> list[str]:
    expect, stood = played.script.expect, seen.stood
    name = played.script.id
    found = []
    if tuple(one.kind for one in stood) != expect.decisions or tuple(one.reason for one in stood) != expect.reasons:
        got = ", ".join(f"{one.kind} {one.reason}" for one in stood) or "nothing"
        wanted = ", ".join(map(" ".join, zip(expect.decisions, expect.reasons, strict=True)))
        found.append(f"{name}: {got}; expected {wanted}")
    found += [f"{name}: {words}" for words in _text_differences(played, stood)]
    replies = sum(
        bool(write["public"]) for write in applied if (write["desk"], write["ticket"]) == (played.desk, played.number)
    )
    if replies != expect.replies:
        found.append(f"{name}: {replies} public replies; expected {expect.replies}")
    return found + [f"{name}: parked: {words}" for words in seen.parked]


def _text_differences(played: Played, stood: Sequence[Stood]) -> list[str]:
    expect = played.script.expect
    last = next((one for one in reversed(stood) if one.text), None)
    text, language = (last.text, last.language) if last else ("", "")
    found = [f"does not say {words!r}" for words in expect.must_contain if words not in text]
    found += [f"says {words!r}" for words in expect.must_not_contain if words in text]
    if expect.language and language != expect.language:
        found.append(f"is in {language or 'no language'}; expected {expect.language}")
    return found
