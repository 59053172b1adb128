"""What the checks say of a reply that a person has worded: of what klark did not draft itself, by code alone. Whether a sentence
follows from an article is not asked: whoever wrote it stands for that."""

from collections.abc import Iterator
from dataclasses import dataclass

from guardrails.base import Finding, Level, Reader, Reply, Sentence, Source
from guardrails.checks import CHECKS
from guardrails.checks.colleague_answers import ANSWERED
from guardrails.checks.planted_instructions import SOURCE as PLANTED
from guardrails.guard import guard
from guardrails.text.sentences import split_sentences
from integrations.helpdesks.base import Ticket
from klark.drafting.request import guard_options
from klark.models import Draft
from klark.values.passages import found_again
from klark.values.policy.rules import Rules
from klark.values.requester_trust import NOT_TOLD, Trust
from klark.values.revived import revived
from klark.values.ticket_text import customers_words
from klark.values.triage import Triage

BY_CODE = {name: check for name, check in CHECKS.items() if name != "support"}
WITHOUT_PASSAGES = {name: check for name, check in BY_CODE.items() if name != "provenance"}
ON_SOURCES = frozenset({ANSWERED, PLANTED})
"""Findings on what a sentence cites, which nobody knows of a person's."""


@dataclass(frozen=True, slots=True)
class Objection:
    """A finding that keeps a reply from being sent, and the sentence that it is about; "" for the whole reply."""

    finding: Finding
    sentence: str

    @property
    def record(self) -> dict[str, str]:
        """The same as a draft's row has its findings, but for the sentence, which is given in words."""
        one = self.finding
        return {"id": one.id, "level": one.level.name, "why": one.why, "words": one.words, "sentence": self.sentence}


def objections(draft: Draft, text: str, rules: Rules, by: str = "") -> tuple[Objection, ...]:
    """Returns what the checks find in `text`, above INFO, beside what the draft's page says anyway: in sentences that the draft
    does not have, and in the reply as a whole. It is checked against the ticket and the passages that were kept with the draft;
    `by`: who may sign it."""
    ticket, triage = _ticket(draft), triage_of(draft)
    rules = rules.for_brand(ticket.brand_id) if ticket else rules
    sources = (*_passages(draft, triage.trust.level), *_offers(draft, rules))
    known = (customers_words(ticket), ticket.requester.name) if ticket else (triage.text,)
    said, own = split_sentences(text), {*split_sentences(draft.reply_text)}
    new = tuple(Sentence(each, () if each in own else sources) for each in said)
    reply = Reply(new, draft.language, "\n".join((*known, by)))
    checks = BY_CODE if draft.record.get("passages") else WITHOUT_PASSAGES
    verdict = guard(reply, guard_options(rules, triage, ticket=ticket), checks)
    shown = {each["id"] for each in draft.findings if each.get("sentence") is None}
    about = ((one, "" if one.sentence is None else said[one.sentence]) for one in verdict.findings)
    return tuple(
        Objection(one, sentence) for one, sentence in about
        if one.level > Level.INFO and one.id not in ON_SOURCES and (sentence not in own if sentence else one.id not in shown)
    )  # fmt: skip


def triage_of(draft: Draft) -> Triage:
    """Returns what a reply's wording needs of triage: the language, what is asked, and who will read it."""
    kept = draft.record.get("triage", {})
    trust = Trust(**kept["trust"]) if kept.get("trust") else NOT_TOLD
    return Triage(
        draft.language or None, draft.topic, "normal", "calm", (), tuple(kept.get("asks", ())), asks_for_human=False,
        injection=False, text=kept.get("text", ""), trust=trust,
    )  # fmt: skip


def _ticket(draft: Draft) -> Ticket | None:
    """Returns the ticket as it was; None where its words were deleted, or an older klark kept less of it."""
    try:
        return revived(Ticket, draft.record["ticket"]) if draft.record["ticket"]["comments"] else None
    except (KeyError, TypeError, ValueError):
        return None


def _passages(draft: Draft, reader: Reader) -> Iterator[Source]:
    """Yields every section that the drafter had before it and that this reader may be told, whole: any may bear out what a person
    writes, and each check reads each source for each sentence."""
    for each in map(found_again, draft.record.get("passages", ())):
        if reader == "verified" or not each.personal:
            texts = ("\n".join(section.lines) for section in each.sections)
            yield from (Source(each.article, text, each.title, each.url, personal=each.personal) for text in texts)


def _offers(draft: Draft, rules: Rules) -> Iterator[Source]:
    """Yields what the policy lets a person offer on this topic."""
    for text in rules.offers_on(draft.topic, draft.language or rules.language).values():
        yield Source("policy", text)
