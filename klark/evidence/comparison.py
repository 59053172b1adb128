"""Compares a draft with what an agent answered: does it say otherwise, and does it leave something out?

Code compares what can be typed (amounts, dates, durations …), by the same means that check a draft against its sources. A judge,
where there is one, reads each sentence of the answer against the draft. A contradiction that either finds counts; what is missing
is the judge's to say, since a value that the draft lacks is often of no use to the customer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from guardrails.base import Sentence, Source
from guardrails.grounding.copies import is_copy
from guardrails.grounding.provenance import Traced, trace
from guardrails.pii.mask import Known, find, restore
from guardrails.text.sentences import split_sentences
from guardrails.text.values import RIVALS, find_values
from integrations.llms.base import Prompt
from integrations.llms.delimiters import between_marks
from klark.drafting.judge import LABELS, MOST_TOKENS, SCHEMA, opinion_on
from klark.drafting.prompt import Material, passage_blocks
from klark.drafting.request import requested
from klark.evidence.closed_ticket import Closed
from klark.values.draft import Judge
from klark.values.passages import FoundArticle, Section
from klark.values.people import known
from klark.values.recalled_tickets import NOTHING
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import Triage

Verdict = Literal["right", "incomplete", "wrong", "unclear"]
SYSTEM = (
    """You compare two replies of a company's support team to one ticket: what a colleague answered, as claims C1, C2, …, and
a draft, P2. It does not matter who is right. For each claim: "contradicted" if the draft says otherwise in a matter of fact
(another amount, date, deadline or duration, yes against no, another step or channel where only one can hold); else "supported"
if the draft says it too, in whatever words or place, or it follows from the draft and what the customer wrote; else "not_stated".
"relevant": whether the claim tells the customer something that helps with what is asked: a fact, a condition, a step, a deed that
was done. Greetings, signatures, apologies, small talk, offers of more help and what the customer has written are not relevant.
"answers" is empty."""
    + LABELS
)
MOST = 40
"""Sentences that are read of each side. An answer with more is never found right, since nobody read the rest."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What a draft lacks of the agent's answer, and where it says otherwise, each as (draft, agent). `by`: who could tell;
    `beside`: a judge read the answer, and it tells the customer nothing. `cost`: what the judge cost."""

    missing: tuple[str, ...] = ()
    contradicting: tuple[tuple[str, str], ...] = ()
    by: tuple[str, ...] = ()
    beside: bool = False
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
    reply = run.answer.reply
    return against(closed, [each.text for each in reply.sentences], reply.ticket_text, run.triage, ours)


def against(closed: Closed, drafted: Sequence[str], asked: str, seen: Triage, ours: TenantSettings) -> Compared:
    """Compares the sentences of a draft with an answer, where `asked` is what the customer wrote. Never raises."""
    language, drafted = seen.language or "en", drafted[:MOST]
    whole = [line for text in closed.answer.splitlines() for line in split_sentences(text, language)]
    answered = whole[:MOST]
    typed = by_values(drafted, answered, asked, language, ours.today if ours.as_of else None)
    read = by_judge(ours.judge, _material(closed, seen, ours, drafted, answered)) if ours.judge else Compared()
    found = _both(typed, read)
    return replace(found, by=()) if found.verdict == "right" and len(whole) > MOST else found


def _both(typed: Compared, read: Compared) -> Compared:
    if not read.by:
        return replace(typed, beside=read.beside, cost=read.cost)
    return replace(read, contradicting=(*typed.contradicting, *read.contradicting), by=(*typed.by, *read.by))


def by_values(
    drafted: Sequence[str], answered: Sequence[str], asked: str, language: str, today: date | None
) -> Compared:
    """Compares the typed values; what the customer wrote, or code can derive from the other side, is no difference."""
    told = _values(answered, drafted, asked, language, today)
    missing = [one for one in told if one.is_unexplained]
    extra = [one for one in _values(drafted, answered, asked, language, today) if one.is_unexplained]
    pairs = tuple((other.text, one.text) for one in missing if (other := _rival(one, extra, language)))
    own = any(one.origin != "customer" for one in told)
    return Compared(tuple(dict.fromkeys(one.text for one in missing)), pairs, ("values",) if own else ())


def by_judge(judge: Judge, given: Material) -> Compared:
    """Asks of each sentence of the answer (P1) that the draft (P2) does not have word for word whether the draft says it too,
    or says otherwise. What the judge finds counts only if it said something of each of them, and found one that tells the
    customer anything."""
    answer, draft = given.passages[:2]
    sources = tuple(Source("", text) for text in draft.sentences)
    open_ones = [text for text in dict.fromkeys(answer.sentences) if not is_copy(text, sources)]
    if not open_ones:
        return Compared(by=("judge",))
    claims = "\n".join(f"C{number} {' '.join(text.split())}" for number, text in enumerate(open_ones, 1))
    blocks = {**given.ticket, **passage_blocks([draft]), "claims": claims}
    system, user = SYSTEM.format(mark=given.mark), between_marks(given.mark, blocks)
    read = opinion_on(judge, Prompt(system, user, SCHEMA, given.language, max_tokens=MOST_TOKENS), len(open_ones), 0)
    cost = read.completion.cost if read.completion else Decimal(0)
    said = [(text, one) for text, one in zip(open_ones, read.judged.opinions, strict=False) if one]
    helps = any(one.relevant or one.word == "contradicted" for _, one in said)
    tells = helps or len(open_ones) < len(set(answer.sentences))
    if len(said) < len(open_ones) or not tells:
        return Compared(beside=len(said) == len(open_ones), cost=cost)
    wrong = tuple(("", _plain(text, given)) for text, one in said if one.word == "contradicted")
    unsaid = tuple(_plain(text, given) for text, one in said if one.word == "not_stated" and one.relevant)
    return Compared(unsaid, wrong, ("judge",), cost=cost)


def _plain(text: str, given: Material) -> str:
    return restore(text, given.table) or text


def _material(
    closed: Closed, seen: Triage, ours: TenantSettings, drafted: Sequence[str], answered: Sequence[str]
) -> Material:
    """Returns the ticket with the two texts as passages, everything masked at once: P1 is the answer, P2 the draft."""
    texts = (("What support answered", answered), ("A draft", drafted))
    passages = [
        FoundArticle(0, title, 1, title, "", seen.language or "en", (Section("", tuple(lines)),), personal=True)
        for title, lines in texts
    ]
    return requested(closed.asked, seen, ours, passages, _people(closed), ("", NOTHING))[1]


def _people(closed: Closed) -> tuple[Known, ...]:
    """Returns whose data is masked: also what the answer as a whole shows to be personal, as a name below a greeting, since a
    model reads it sentence by sentence."""
    others, answer = (*known(closed.whole), *closed.people), closed.answer
    return (*others, *(Known(one.kind, answer[one.start : one.end]) for one in find(answer, others)))


def _values(
    sentences: Sequence[str], others: Sequence[str], asked: str, language: str, today: date | None
) -> list[Traced]:
    sources = tuple(Source("", text) for text in others)
    return [one for text in sentences for one in trace(Sentence(text, sources), asked, language, today)]


def _rival(one: Traced, others: Sequence[Traced], language: str) -> Traced | None:
    """Returns a value of the same kind and unit that stands on the other side instead."""
    if one.kind not in RIVALS:
        return None
    return next(
        (each for each in others if each.kind == one.kind and _units(each, language) & _units(one, language)), None
    )


def _units(one: Traced, language: str) -> frozenset[str]:
    return frozenset(unit for value in find_values(one.text, language) for unit in value.units)
