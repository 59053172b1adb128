"""Finds what is changed or refused again and again, from reviews that were read. Values in, values out."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from klark.evidence.suggestions.edits import Changed, flat
from klark.evidence.suggestions.suggestion import FEWEST, OFTEN, Kind, Suggestion, at_least, is_habit
from klark.evidence.trends.failing import CHANCE
from klark.evidence.trends.fisher import Sample, by_chance
from klark.models import Outcome, sha256
from klark.values.policy.rules import Rules
from klark.values.triage import PRIORITIES, asks_for_haste

EXAMPLES = 5
HEAVY = 0.5
"""An edit that keeps fewer of the draft's words is as good as a rejection."""
FEWEST_FAILED = 5
NEARLY_ALWAYS = 0.9


@dataclass(frozen=True, slots=True)
class Review:
    """What a person did with a draft: `kind` of klark's `Outcome`. `kept`: of an edit, the share of words kept; `singly`: it was
    looked at by itself."""

    draft_id: int
    kind: str
    by: str
    topic: str
    language: str
    kept: float | None = None
    singly: bool = True

    @property
    def sent(self) -> bool:
        """Whether the reply was sent, changed or not."""
        return self.kind != Outcome.Kind.REJECTED

    @property
    def failed(self) -> bool:
        """Whether little of the draft was of use."""
        return not self.sent or (self.kept is not None and self.kept < HEAVY)


def words_around(reviews: Sequence[Review], edits: Sequence[Changed], rules: Rules) -> list[Suggestion]:
    """Returns another greeting or sign-off, where people put the same one in place of what the policy says now."""
    sent, people = Counter(one.language for one in reviews if one.sent), len({one.by for one in reviews})
    own_ones = any("sign_off" in brand for brand in rules.brands.values())
    found: list[Suggestion] = []
    for kind, now_in_force in (("greeting", rules.greeting), ("sign_off", rules.sign_off)):
        if kind == "greeting" or not own_ones:
            found += _around(kind, now_in_force, sent, people, edits)  # type: ignore[arg-type]  # both are kinds
    return found


def _around(
    kind: Kind, in_force: Mapping[str, str], sent: Mapping[str, int], people: int, edits: Iterable[Changed]
) -> list[Suggestion]:  # fmt: skip
    same: dict[tuple[str, str], list[tuple[Changed, str, str]]] = defaultdict(list)
    for one in edits:
        pair, language = (one.greeting if kind == "greeting" else one.sign_off), one.edit.language
        if pair and _is_in_force(kind, pair[0], in_force.get(language, "")) and (pair[1] or kind == "sign_off"):
            same[language, flat(pair[1])].append((one, *pair))
    return [
        Suggestion(kind, f"{kind}/{language}/{sha256(text)[:16]}", language, len(some), sent[language],
                   _newest(one for one, _, _ in some), some[0][1], some[0][2])
        for (language, text), some in same.items()
        if is_habit(len(some), sent[language], {one.edit.by for one, _, _ in some}, people)
    ]  # fmt: skip


def _is_in_force(kind: Kind, was: str, own: str) -> bool:
    """Returns whether the draft had what the policy says now: edits of what it said before count no more."""
    return flat(was) == flat(own) or (kind == "greeting" and not own)


def _newest(some: Iterable[Changed]) -> tuple[int, ...]:
    return tuple(sorted((one.edit.draft_id for one in some), reverse=True)[:EXAMPLES])


def topics(reviews: Sequence[Review], rules: Rules) -> list[Suggestion]:
    """Returns topics to lower to a note, because their drafts fail more often than the others', and topics whose drafts are
    nearly always sent as they are. What has no topic follows the mode of the whole policy, which this does not touch."""
    by_topic: dict[str, list[Review]] = defaultdict(list)
    for one in reviews:
        by_topic[one.topic].append(one)
    failed = sum(one.failed for one in reviews)
    found = []
    for topic, some in by_topic.items():
        here, mode = Sample(sum(one.failed for one in some), len(some)), rules.mode_of(topic)
        others = Sample(failed - here.hits, len(reviews) - here.of)
        if (
            mode in ("queue", "reply")
            and topic
            and here.hits >= FEWEST_FAILED
            and by_chance(others, here) <= CHANCE / len(by_topic)
        ):
            found.append(_of_topic("note", topic, [one for one in some if one.failed], here.of))
        singly = [one for one in some if one.singly]
        unchanged = [one for one in singly if one.kind == Outcome.Kind.APPROVED]
        if mode == "queue" and topic and at_least(len(unchanged), len(singly), NEARLY_ALWAYS) <= CHANCE:
            found.append(_of_topic("autonomy", topic, unchanged, len(singly)))
    return found


def _of_topic(kind: Kind, topic: str, some: Sequence[Review], of: int) -> Suggestion:
    examples = tuple(sorted((one.draft_id for one in some), reverse=True)[:EXAMPLES])
    return Suggestion(kind, f"{kind}/{topic}", topic, len(some), of, examples)


def priorities(said: Iterable[tuple[str, str, str, int]], tickets: Mapping[str, int]) -> list[Suggestion]:
    """Returns topics whose tickets people make more, or less, urgent than klark took them for. `said`: (topic, was, now, draft)
    of each ticket whose priority somebody set, the newest first; `tickets`: how many each topic had."""
    same: dict[tuple[Kind, str, str], list[int]] = defaultdict(list)
    for topic, was, now, draft in said:
        before = was or "normal"
        if PRIORITIES.index(now) > PRIORITIES.index(before):
            same["priority", topic, now].append(draft)
        elif now != before and asks_for_haste(before):
            highest = "normal" if now == "low" else now  # they are one to the queue and to notes
            same["lower_priority", topic, highest].append(draft)
    return [
        Suggestion(kind, f"{kind}/{topic}/{now}", topic, len(some), tickets[topic], tuple(some[:EXAMPLES]), now=now)
        for (kind, topic, now), some in same.items()
        if len(some) >= FEWEST and at_least(len(some), tickets[topic], OFTEN) <= CHANCE
    ]


Stated = Callable[[str, str], frozenset[int]]
"""(an article's key, a value) → the sent drafts, by id, of which a sentence that cites the article as it stands says it."""


def values(edits: Sequence[Changed], people: int, stated: Stated) -> list[Suggestion]:
    """Returns articles for whose value people write another. `about` is the article's key."""
    same: dict[tuple[str, str, str], list[Changed]] = defaultdict(list)
    for one in edits:
        for change in dict.fromkeys(one.values):
            same[change].append(one)
    found = []
    for (key, was, now), some in same.items():
        drafts = stated(key, was) if len(some) >= FEWEST else frozenset()
        those = [one for one in some if one.edit.draft_id in drafts]
        if is_habit(len(those), len(drafts), {one.edit.by for one in those}, people):
            name = f"article/{sha256(key)[:16]}/{was}/{now}"[:200]
            found.append(Suggestion("article", name, key, len(those), len(drafts), _newest(those), was, now))
    return found
