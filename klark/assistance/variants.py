"""Rewords a draft as a person wishes: shorter, warmer, more or less formal, simpler. What comes back is read by the judge and
goes through every check, as a draft does; whoever asked chooses between the two."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext

from guardrails.base import Level
from guardrails.guard import guard
from guardrails.text.sentences import split_sentences
from integrations.llms.base import REPLY_SCHEMA, Prompt
from integrations.llms.delimiters import between_marks, unlabelled
from klark.assistance.no_assistance import UNUSABLE, NoAssistance, assistant_of, completed
from klark.assistance.recorded_turn import RecordedTurn
from klark.delivery.record import finding_records, letter, sentence_records
from klark.drafting.draft import read
from klark.drafting.judge import judged, last_word
from klark.drafting.prompt import AS_DATA, Material, dated, labelled_asks, passage_blocks
from klark.drafting.request import guard_options, requested
from klark.drafting.tenant_settings import settings_of
from klark.values.decision import NO_VERDICT, Decided
from klark.values.draft import DraftAnswer
from klark.values.passages import FoundArticle, Section
from klark.values.people import first_name, known
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.recalled_tickets import NOTHING
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings

SYSTEM = (
    """You reword the draft of a reply by a company's support team. Today is {today}. Make it {wish}. It must still answer
what the customer asks, A1, A2, …, with the same facts, conditions and exceptions, from the passages P1, P2, …, whose lines are
numbered P1.1, P1.2, …. Write in the language with the code {language}, in whole sentences. Every sentence cites the lines that it
rests on; a friendly word stands inside such a sentence and never alone. Say nothing that the lines do not say: no promise, no
deed, no number, date, price, name or link of your own. No greeting, no signature. Set "answerable" to false if the passages do
not answer everything that is asked."""
    + AS_DATA
)
WISHES: Mapping[str, str] = {
    "shorter": "as short as it can be without losing a fact, a condition or an exception",
    "warmer": "warmer: as one writes to somebody who has had trouble, without flattery",
    "formal": 'more formal: the polite form of address (in French "vous"), no short forms, nothing colloquial',
    "informal": 'less formal: the familiar form of address (in French "tu"), as one writes to a friend of the house',
    "simpler": "simpler: short main clauses, everyday words, one thing a sentence",
}
OFFER = "offer"
OFFERED = "as it is, with one sentence more, where it fits, that makes the offer of the passage {passage} and cites it"
POLICY = "policy"
"""The article that an offer's sentence is cited from: the tenant's own policy."""
LONGEST = 20_000
"""Characters of a draft that are reworded: what the checks read."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A reworded draft: a whole letter, its sentences and findings as a draft's row has them (klark.models.Draft). `text` is ""
    if a check found what must not be shown to a customer."""

    wish: str
    text: str
    sentences: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    left_out: tuple[str, ...] = ()


def variant_of(turn: RecordedTurn, wish: str, text: str, offer: str = "") -> Variant:
    """Returns the letter `text`, reworded as one of WISHES, or with an `offer` of the policy (OFFER). Opens its own transactions.
    Raises NoAssistance."""
    ours = settings_of(turn.tenant_id, text, about=turn.about)
    ours = replace(ours, rules=ours.rules.for_brand(turn.ticket.brand_id))
    llm = assistant_of(ours)
    if not turn.found:
        raise NoAssistance(gettext("klark knows no article for this draft, so nothing it rewords could be checked."))
    if not text.strip() or len(text) > LONGEST:
        raise NoAssistance(gettext("There is no text to reword, or it is longer than klark checks."))
    if wish == OFFER:
        turn = replace(turn, found=(*turn.found, _offered(turn, ours.rules, offer)))
    asked, given = requested(turn.ticket, turn.triage, ours, turn.found, known(turn.ticket), ("", NOTHING))
    prompt = _prompt(given, OFFERED.format(passage=f"P{len(turn.found)}") if wish == OFFER else WISHES[wish])
    answer = read(completed(llm, prompt), prompt, asked, given)
    if answer.reply is None:
        nothing = gettext(
            "The model found no answer in the articles. Keep the text that you have, or change it yourself."
        )
        raise NoAssistance(UNUSABLE if answer.failed else nothing, answer.failed)
    drafted, readings = judged(ours.judge, answer, given)
    if wish == OFFER and not _makes_offer(drafted):
        told = gettext("The offer did not come through. The policy says: “%(text)s” Write it in yourself if it fits.")
        raise NoAssistance(told % {"text": turn.found[-1].lines[0]})
    options = guard_options(ours.rules, turn.triage, last_word(readings), turn.ticket, ours.today)
    verdict = guard(drafted.reply, options) if drafted.reply else NO_VERDICT
    decided = Decided("WAIT", Reason.QUEUE_BY_POLICY)
    run = RunRecord(turn.triage, decided, turn.found, drafted, verdict, readings=readings)
    return Variant(
        wish, "" if verdict.level == Level.BLOCK else _letter(turn, run, ours), sentence_records(run),
        finding_records(verdict), tuple(each.text for each in drafted.left_out),
    )  # fmt: skip


def _offered(turn: RecordedTurn, rules: Rules, offer: str) -> FoundArticle:
    """Returns an offer's text as a passage of the policy. Raises NoAssistance where the policy does not make it."""
    language = turn.triage.language or rules.language
    text = rules.offers_on(turn.triage.topic, language).get(offer)
    if text is None:
        raise NoAssistance(gettext("The policy makes no such offer on this topic, in the customer's language."))
    title = gettext("Policy v%(version)d, offer: %(offer)s") % {"version": rules.version, "offer": offer}
    lines = (Section("", tuple(split_sentences(text))),)
    return FoundArticle(0, POLICY, rules.version, title, "", language, lines)


def _makes_offer(drafted: DraftAnswer) -> bool:
    cited = (source for each in (drafted.reply.sentences if drafted.reply else ()) for source in each.sources)
    return any(source.article == POLICY for source in cited)


def _prompt(given: Material, wish: str) -> Prompt:
    """Returns the prompt: what a drafter reads, and the draft, which stands where a reviewer's instruction would."""
    system = SYSTEM.format(today=dated(given.today), wish=wish, language=given.language, mark=given.mark)
    blocks = {
        **given.ticket, "asked": labelled_asks(given.asks), **passage_blocks(given.passages),
        "draft": unlabelled(given.instruction),
    }  # fmt: skip
    return Prompt(system, between_marks(given.mark, blocks), REPLY_SCHEMA, given.language, given.passages)


def _letter(turn: RecordedTurn, run: RunRecord, ours: TenantSettings) -> str:
    rules: Rules = replace(ours.rules, sign_off={}) if turn.signs else ours.rules
    return letter(run, first_name(turn.ticket.requester), rules)
