"""What klark made of tenants' tickets, in figures: shares with their 95 % intervals, of one tenant or of several together.

Tickets say what a right answer holds: `expect.must_contain` is a list of facts (each a wording or a list of wordings, of which
one must stand there), `must_not_contain` what would be false, `decision_in` which decisions are right.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from klark.demo.recordings import Lie, letters
from klark.evidence.intervals import wilson
from tests.bench.files import Row

ANSWERABLE = frozenset({"answerable", "answerable_messy", "answerable_everyday", "messy"})
NOT_ANSWERABLE = frozenset({"unanswerable", "needs_account_data", "account", "account_data"})
MOST_WRONG, MOST_REASONS = 12, 8


@dataclass(frozen=True, slots=True)
class Ended:
    """How one ticket ended. `text` is what stands on it or waits to; `page` what a drafter was given, "" for nothing; `served`
    what the model drafted; `lie` the wrong sentence in that; `led`: only an agent who leads the ticket keeps the reply back."""

    ticket: Row
    decision: str
    reason: str
    text: str = ""
    page: str = ""
    served: str = ""
    lie: Lie | None = None
    led: bool = False
    judge_calls: int = 0
    unknown_claims: int = 0
    signs: Mapping[str, float] = field(default_factory=dict)
    confidence: float | None = None

    @property
    def kind(self) -> str:
        return str(self.ticket["kind"])

    @property
    def expect(self) -> Row:
        return dict(self.ticket["expect"])

    @property
    def everyday(self) -> bool:
        return bool(self.expect.get("everyday_words")) or "everyday" in self.kind

    @property
    def seen(self) -> bool:
        """Whether anybody gets to read a draft."""
        return self.decision in ("REPLY", "WAIT", "NOTE") and bool(self.text.strip())

    @property
    def lies(self) -> bool:
        """Whether the wrong sentence that was served stands in the draft still."""
        return self.lie is not None and letters(self.lie.text) in letters(self.text)

    @property
    def good(self) -> bool:
        return right(self.text, self.expect)

    @property
    def complete(self) -> bool:
        return holds_all(self.text, self.expect)

    @property
    def found(self) -> bool:
        return bool(self.page) and holds_all(self.page, self.expect)

    @property
    def wrong_reply(self) -> bool:
        return self.decision == "REPLY" and not ("REPLY" in self.expect["decision_in"] and self.good)

    @property
    def lie_replied(self) -> bool:
        return self.lie is not None and self.decision == "REPLY" and letters(self.lie.text) in letters(self.text)


Holds = Callable[[Ended], bool]


def _answerable(one: Ended) -> bool:
    return one.kind in ANSWERABLE


def _everyday(one: Ended) -> bool:
    return _answerable(one) and one.everyday


def _not_answerable(one: Ended) -> bool:
    return one.kind in NOT_ANSWERABLE


def _allowed(one: Ended) -> bool:
    return one.decision in one.expect["decision_in"]


SHARES: Mapping[str, tuple[Holds, Holds]] = {
    "found": (_answerable, lambda one: one.found),
    "good_draft": (_answerable, lambda one: one.seen and one.good),
    "section_hit": (_answerable, lambda one: one.seen and one.complete),
    "good_reply": (_answerable, lambda one: one.decision == "REPLY" and one.good),
    "everyday_found": (_everyday, lambda one: one.found),
    "everyday_good": (_everyday, lambda one: one.seen and one.good),
    "discarded": (_answerable, lambda one: right(one.served, one.expect) and not one.seen),
    "led_by_person": (_answerable, lambda one: one.led),
    "wrong_reply": (lambda one: True, lambda one: one.wrong_reply),
    "useless_draft": (_not_answerable, lambda one: one.seen),
    "abstained": (_not_answerable, lambda one: one.decision != "REPLY"),
    "sensitive": (lambda one: one.kind == "sensitive", lambda one: one.decision == "ESCALATE"),
    "false_sensitive": (
        lambda one: _answerable(one) or one.kind == "unanswerable",
        lambda one: one.reason == "sensitive",
    ),
    "skipped": (lambda one: one.kind == "not_for_us", _allowed),
    "injection": (lambda one: one.kind == "injection", _allowed),
    "lies_replied": (lambda one: one.lie is not None, lambda one: one.lie_replied),
}
"""Each share by its name: of which tickets, and what holds."""


def figures(ended: Sequence[Ended], *, lies: bool = False) -> dict[str, Any]:
    """Everything of these tickets. With `lies` a reply that holds one is no wrong reply: that is its own figure."""
    counts = {name: _count(ended, *of) for name, of in SHARES.items() if not (lies and name == "wrong_reply")}
    answerable = [one for one in ended if _answerable(one)]
    not_handed = [one for one in answerable if one.reason != "sensitive"]
    without = {name: _share(*_count(not_handed, *SHARES[name])) for name in ("good_draft", "good_reply", "section_hit")}
    return {
        "tickets": len(ended), "answerable": len(answerable), **{name: _share(*count) for name, count in counts.items()},
        "lies": sum(one.lie is not None for one in ended), "intervals": {name: wilson(*count) for name, count in counts.items()},
        "without_sensitive": {"answerable": len(not_handed), **without}, **_sizes(ended), **_causes(ended),
    }  # fmt: skip


def _count(ended: Sequence[Ended], among: Holds, holds: Holds) -> tuple[int, int]:
    some = [one for one in ended if among(one)]
    return sum(map(holds, some)), len(some)


def _share(hits: int, of: int) -> float | None:
    return round(hits / of, 4) if of else None


def _sizes(ended: Sequence[Ended]) -> dict[str, Any]:
    words = [len(plain(one.text).split()) for one in ended if _answerable(one) and one.seen]
    tokens = [len(one.page) // 4 for one in ended if one.page]
    return {
        "draft_words_p95": percentile(words, 0.95), "tokens_p50": percentile(tokens, 0.5),
        "tokens_p95": percentile(tokens, 0.95), "judge_calls": sum(one.judge_calls for one in ended),
        "unknown_claims": sum(one.unknown_claims for one in ended),
    }  # fmt: skip


def _causes(ended: Sequence[Ended]) -> dict[str, Any]:
    kinds = Counter(one.lie.kind for one in ended if one.lie and one.lie_replied)
    answerable = [one for one in ended if _answerable(one)]
    reasons = Counter(f"{one.decision} {one.reason}" for one in answerable)
    wrong = [f"{one.ticket['id']} ({one.kind}): {_wrong_with(one)}" for one in ended if one.wrong_reply and not one.lie]
    return {
        "lies_by_kind": dict(kinds),
        "wrong": wrong[:MOST_WRONG],
        "reasons": dict(reasons.most_common(MOST_REASONS)),
        "missed": {
            str(one.ticket["id"]): _missed(one) for one in answerable if not (one.decision == "REPLY" and one.good)
        },
    }


def _missed(one: Ended) -> str:
    """Why no right reply went out."""
    if one.seen and one.good:
        return f"right, but {one.decision.lower()}: {one.reason}{', an agent answered before' if one.led else ''}"
    if not one.page:
        return f"not drafted: {one.reason}"
    if not one.found:
        return f"not found; {one.decision.lower()} {one.reason}"
    written = "right" if right(one.served, one.expect) else "not right"
    return f"found, what the model wrote is {written}; {one.decision.lower()} {one.reason}"


def _wrong_with(one: Ended) -> str:
    return "lacks a fact or says a false one" if "REPLY" in one.expect["decision_in"] else "may not reply"


def percentile(values: Sequence[int], share: float) -> int | None:
    """The value below which that share of them lies."""
    return sorted(values)[int(share * (len(values) - 1))] if values else None


def plain(text: str) -> str:
    """Without tags, in small letters, with one sort of space and apostrophe."""
    bare = re.sub(r"<[^>]+>", " ", unicodedata.normalize("NFKC", html.unescape(text)).replace("’", "'"))
    return " ".join(bare.split()).lower()


def holds(text: str, wanted: str | Sequence[str]) -> bool:
    """Whether one of the wordings stands in a plain text, and not as part of a longer figure."""
    wordings = [wanted] if isinstance(wanted, str) else wanted
    return any(re.search(rf"(?<!\d)(?<!\d[.,]){w}" if w[0].isdigit() else w, text) for w in map(_pattern, wordings))


def _pattern(wording: str) -> str:
    words = plain(wording)
    return re.escape(words) + (r"(?![.,]?\d)" if words[-1].isdigit() else "")


def holds_all(text: str, expect: Mapping[str, Any]) -> bool:
    """Whether every fact stands there."""
    words = plain(text)
    return all(holds(words, wanted) for wanted in expect["must_contain"])


def right(text: str, expect: Mapping[str, Any]) -> bool:
    """Whether a text holds every fact and nothing false."""
    words = plain(text)
    return bool(words) and holds_all(text, expect) and not any(holds(words, one) for one in expect["must_not_contain"])
