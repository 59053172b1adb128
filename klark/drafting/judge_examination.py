"""Examines a judge with klark's own claims: how many wrong ones it catches, and how many right ones it lets pass. Replies
whose sentences are all right count as one claim each: that everything asked is answered.

Each line of judge_claims.jsonl is a group, a ticket with its passages and claims: {"id", "lang", "today", "ticket",
"sources": [{"title", "heading", "date", "lines"}], "claims": [{"text", "cites": [source numbers], "right", "kind"}],
"complete"}. With "complete" it is such a reply, and says whether it leaves nothing open. Each group is one request, in
exactly the form that a draft has (klark.drafting.judge).
"""

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from guardrails.base import UNJUDGED, Judged, Opinion
from integrations.errors import IntegrationError
from integrations.llms.base import LLM, NumberedPassage, NumberedSection, Unusable
from integrations.llms.delimiters import mark_of, unlabelled
from klark.drafting.judge import read, request
from klark.drafting.prompt import WHOLE, Material, dated_title
from klark.values.draft import DraftAnswer, DraftedSentence

CLAIMS = Path(__file__).with_name("judge_claims.jsonl")
INCOMPLETE = "incomplete"
Tell = Callable[[int, int], None]
Told = tuple[bool, str, bool | None]
"""Whether a claim is right, its kind of error, and whether the judge let it pass (None: it said nothing)."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim as a drafter would write it. `right`: whether it follows from its sources and helps; `kind`: the sort of
    error."""

    said: DraftedSentence
    right: bool
    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """One ticket with its passages, and claims about it. `complete`: for a whole reply, whether it answers everything asked."""

    today: date
    language: str
    ticket: str
    passages: tuple[NumberedPassage, ...]
    claims: tuple[Claimed, ...]
    complete: bool | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """How many claims were wrong and right, and how many of each the judge recognized. `by_kind` is {kind: [caught,
    wrong]}; `trouble`: why requests failed through no fault of the judge, "" if none did."""

    wrong: int
    caught: int
    right: int
    passed: int
    by_kind: Mapping[str, Sequence[int]]
    trouble: str = ""


def examine(llm: LLM, tell: Tell = lambda done, of: None) -> Examined:
    """Puts every group to the judge, and calls `tell(done, of)` after each. Never raises: a judge that says nothing has
    caught nothing and passed nothing.

    The marks of each check are new, so that no cached completion fits.
    """
    secret, told, trouble = secrets.token_hex(16), [], ""
    for number, group in enumerate(groups(), 1):
        judged, failed = _judged(llm, group, mark_of(secret, str(number)))
        told += _told(group, judged)
        trouble = trouble or failed
        tell(number, len(groups()))
    return _counted(told, trouble)


def _told(group: Group, judged: Judged) -> list[Told]:
    if group.complete is None:
        return [(claim.right, claim.kind, accepts(judged.of(place))) for place, claim in enumerate(group.claims)]
    return [(group.complete, INCOMPLETE, judged.answers_all if any(judged.opinions) else None)]


def accepts(opinion: Opinion | None) -> bool | None:
    """Returns whether a judge lets a claim pass; None if it said nothing, which neither catches nor passes."""
    return None if opinion is None else opinion.word == "supported" and opinion.relevant


@cache
def groups() -> tuple[Group, ...]:
    """Returns klark's own claims."""
    return tuple(read_group(json.loads(line)) for line in CLAIMS.read_text(encoding="utf-8").splitlines() if line)


def read_group(given: Mapping[str, Any]) -> Group:
    """Returns the group on one line of the file."""
    passages = tuple(_passage(number, each, given["lang"]) for number, each in enumerate(given["sources"], 1))
    claims = tuple(
        Claimed(DraftedSentence(each["text"], tuple(_labels(passages, each["cites"]))), each["right"], each["kind"])
        for each in given["claims"]
    )
    today = date.fromisoformat(given["today"])
    return Group(today, given["lang"], given["ticket"], passages, claims, given.get("complete"))


def _labels(passages: Sequence[NumberedPassage], numbers: Iterable[int]) -> Iterable[str]:
    """Returns the label of every line in the passages that a claim rests on."""
    cited = (passages[number - 1] for number in numbers)
    return (f"{each.id}.{line}" for each in cited for line in range(1, len(each.sentences) + 1))


def _passage(number: int, source: Mapping[str, Any], language: str) -> NumberedPassage:
    title = dated_title(source["title"], date.fromisoformat(source["date"]) if source.get("date") else None)
    lines = tuple(source["lines"])
    section = NumberedSection(source.get("heading") or "", 1, len(lines))
    return NumberedPassage(f"P{number}", title, lines, language, (section,))


def _judged(llm: LLM, group: Group, mark: str) -> tuple[Judged, str]:
    """Returns what the judge said of a group, and why it could not be reached, or ""."""
    ticket = {"ticket": unlabelled(group.ticket)}
    given = Material(mark, group.today, group.language, ticket, (WHOLE,), group.passages, "", {})
    prompt = request(DraftAnswer("all", said=tuple(claim.said for claim in group.claims)), given)
    try:
        completion = llm.complete(prompt)
    except Unusable:
        return UNJUDGED, ""
    except IntegrationError as error:
        return UNJUDGED, str(error)
    return replace(read(completion.content, len(group.claims), 1), trusted=True), ""


def _counted(told: Sequence[Told], trouble: str) -> Examined:
    wrong = [(kind, accepted is False) for is_right, kind, accepted in told if not is_right]
    right = [accepted is True for is_right, _, accepted in told if is_right]
    of, caught = Counter(kind for kind, _ in wrong), Counter(kind for kind, was in wrong if was)
    by_kind = {kind: [caught[kind], of[kind]] for kind in sorted(of)}
    return Examined(len(wrong), caught.total(), len(right), sum(right), by_kind, trouble)
