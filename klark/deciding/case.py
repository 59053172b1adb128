"""Builds the case that `decide` sees, of a ticket and of a finished draft: above all, how likely the draft is right
(guardrails.confidence)."""

from collections.abc import Sequence
from dataclasses import replace

from guardrails.base import Judged, Verdict
from guardrails.confidence import Finished, confidence, explained
from integrations.helpdesks.base import Ticket
from klark.values.decision import Case
from klark.values.draft import DraftAnswer
from klark.values.own_comments import OwnComments
from klark.values.people import excluded_in_copy, led_by_person
from klark.values.policy.rules import Rules
from klark.values.ticket_text import unread_attachments
from klark.values.triage import Triage


def case_of(seen: Triage, rules: Rules, ticket: Ticket, own: OwnComments) -> Case:
    """Returns what a decision may depend on before anything is retrieved."""
    channel = ticket.channel or ("" if ticket.raw else "web")  # a ticket from a file may name none
    led = led_by_person(ticket, own)
    return Case(
        seen, rules, third_party=seen.trust.level == "third_party", led_by_person=led, channel=channel,
        unread_attachments=unread_attachments(ticket),
        excluded_in_copy=excluded_in_copy(ticket, rules.excluded_senders),
    )  # fmt: skip


def weighed(case: Case, drafted: DraftAnswer, verdict: Verdict, judged: Judged) -> Case:
    """Returns the case with the draft, its verdict and klark's confidence (0 to 1): None where no answer is claimed."""
    known = replace(case, coverage=drafted.coverage, verdict=verdict, repaired=drafted.denied)
    if drafted.reply is None or drafted.prompt is None or drafted.reply.sections:  # quoted sections claim no answer
        return known
    cites = [cite for each in drafted.said for cite in each.cites]
    finished = Finished(
        drafted.reply, verdict, judged, open=drafted.coverage != "all", repaired=drafted.denied, first=_first(cites)
    )
    return replace(known, confidence=confidence(finished), signs=explained(finished))


def _first(cites: Sequence[str]) -> int:
    """Returns the place of the first passage that is cited, from 0 on."""
    return min((int(cite.removeprefix("P").partition(".")[0]) - 1 for cite in cites), default=0)
