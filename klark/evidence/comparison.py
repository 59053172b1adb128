"""Compares a draft with what an agent answered: does it say otherwise, and does it leave something out?

Code compares what can be typed (amounts, dates, durations …), by the same means that check a draft against its sources. A judge,
where there is one, reads each sentence of the one against the other. What either finds counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from guardrails.base import Opinion, Sentence, Source
from guardrails.pii.mask import restore
from guardrails.support.copies import is_copy
from guardrails.support.provenance import Traced, trace
from guardrails.text.sentences import split_sentences
from guardrails.text.values import find_values
from klark.drafting.judge import reading
from klark.drafting.prompt import Material
from klark.drafting.request import requested
from klark.evidence.closed_ticket import Closed
from klark.values.draft import DraftAnswer, DraftedSentence, Judge
from klark.values.passages import FoundArticle, Section
from klark.values.people import known
from klark.values.recalled_tickets import NOTHING
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings

Verdict = Literal["right", "incomplete", "wrong", "unclear"]
RIVALS = frozenset({"money", "percentage", "duration", "quantity", "time", "date"})
"""Kinds of values of which another one is a contradiction; a number or a code more may be about another thing."""
MOST = 40
"""Sentences that are read of each side."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a draft lacks of the agent's answer, and where it says otherwise, each as (draft, agent). `by`: who could tell.
    `cost`: what the judge cost."""

    missing: tuple[str, ...] = ()
    contradicting: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()
    cost: Decimal = Decimal(0)

    @property
    def verdict(self) -> Verdict:
        """The comparison in one word: "unclear" where neither code nor a judge could tell."""
        if self.contradicting:
            return "wrong"
        if self.missing:
            return "incomplete"
        return "right" if self.by else "unclear"


def compared(closed: Closed, run: RunRecord, ours: TenantSettings) -> Compared | None:
    """Returns the comparison; None without a draft that somebody sees, or without an answer to compare it with. Never
    raises."""
    if run.answer.reply is None or run.decided.kind == "ESCALATE" or closed.nothing:
        return None
    language = run.triage.language or "en"
    drafted = [each.text for each in run.answer.reply.sentences][:MOST]
    answered = [line for text in closed.answer.splitlines() for line in split_sentences(text, language)][:MOST]
    today = ours.today if ours.as_of else None
    typed = by_values(drafted, answered, run.answer.reply.ticket_text, language, today)
    if ours.judge is None:
        return typed
    return _both(typed, by_judge(ours.judge, _material(closed, run, ours, drafted, answered)))


def by_values(
    drafted: Sequence[str], answered: Sequence[str], asked: str, language: str, today: date | None
) -> Compared:
    """Compares the typed values; what the customer wrote, or code can derive from the other side, is no difference."""
    told = _values(answered, drafted, asked, language, today)
    missing = [one for one in told if _is_gone(one)]
    extra = [one for one in _values(drafted, answered, asked, language, today) if _is_gone(one)]
    pairs = tuple((other.text, one.text) for one in missing if (other := _rival(one, extra, language)))
    own = any(one.origin != "customer" for one in told)
    return Compared(tuple(dict.fromkeys(one.text for one in missing)), pairs, ("values",) if own else ())


def by_judge(judge: Judge, given: Material) -> Compared:
    """Reads the draft against the answer (does it contradict?), then the answer against the draft (what is missing?). `given`
    has the answer as P1 and the draft as P2. What the judge finds counts only if it said something of every sentence that is
    no whole copy of the other side."""
    answer, draft = (passage.sentences for passage in given.passages[:2])
    forth, forth_cost = _opinions(judge, draft, answer, "P1", given)
    back, back_cost = _opinions(judge, answer, draft, "P2", given)
    if forth is None or back is None:
        return Compared(cost=forth_cost + back_cost)
    wrong = [(_plain(text, given), "") for text, one in forth.items() if one.word == "contradicted"]
    wrong += [("", _plain(text, given)) for text, one in back.items() if one.word == "contradicted"]
    unsaid = [_plain(text, given) for text, one in back.items() if one.word == "not_stated" and one.relevant]
    return Compared(tuple(unsaid), tuple(wrong), ("judge",), forth_cost + back_cost)


def _opinions(
    judge: Judge, sentences: Sequence[str], others: Sequence[str], label: str, given: Material
) -> tuple[dict[str, Opinion] | None, Decimal]:
    """Returns what the judge says of each sentence that the other side does not have word for word, and the cost."""
    sources = tuple(Source("", text) for text in others)
    open_ones = [text for text in dict.fromkeys(sentences) if not is_copy(text, sources)]
    if not open_ones:
        return {}, Decimal(0)
    claims = DraftAnswer("all", said=tuple(DraftedSentence(text, (label,)) for text in open_ones))
    read = reading(judge, claims, given)
    said = {text: one for text, one in zip(open_ones, read.judged.opinions, strict=False) if one}
    return (said if len(said) == len(open_ones) else None), read.completion.cost if read.completion else Decimal(0)


def _plain(text: str, given: Material) -> str:
    return restore(text, given.table) or text


def _both(typed: Compared, read: Compared) -> Compared:
    missing = tuple(dict.fromkeys((*typed.missing, *read.missing)))
    return Compared(missing, (*typed.contradicting, *read.contradicting), (*typed.by, *read.by), read.cost)


def _material(
    closed: Closed, run: RunRecord, ours: TenantSettings, drafted: Sequence[str], answered: Sequence[str]
) -> Material:
    """Returns the ticket with the two texts as passages, everything masked at once: P1 is the answer, P2 the draft."""
    texts = (("What support answered", answered), ("A draft", drafted))
    passages = [
        FoundArticle(0, title, 1, title, "", run.triage.language or "en", (Section("", tuple(lines)),), personal=True)
        for title, lines in texts
    ]
    return requested(closed.asked, run.triage, ours, passages, known(closed.whole), ("", NOTHING))[1]


def _values(
    sentences: Sequence[str], others: Sequence[str], asked: str, language: str, today: date | None
) -> list[Traced]:
    sources = tuple(Source("", text) for text in others)
    return [one for text in sentences for one in trace(Sentence(text, sources), asked, language, today)]


def _is_gone(one: Traced) -> bool:
    return one.origin in ("none", "refuted")


def _rival(one: Traced, others: Sequence[Traced], language: str) -> Traced | None:
    """Returns a value of the same kind and unit that stands on the other side instead."""
    if one.kind not in RIVALS:
        return None
    return next(
        (each for each in others if each.kind == one.kind and _units(each, language) & _units(one, language)), None
    )


def _units(one: Traced, language: str) -> frozenset[str]:
    return frozenset(str(key[0]) for value in find_values(one.text, language) for key in value.keys)
