"""What `decide` sees of a ticket, and of a finished draft: above all, how likely it is right (guardrails.confidence)."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from guardrails.base import Judged, Verdict
from guardrails.confidence import Finished, confidence, explained, fitted
from integrations.helpdesks.base import Ticket
from klark.models.rules import Rules
from klark.steps.compose import Answer
from klark.steps.decide import Case
from klark.steps.mine import Mine
from klark.steps.people import led_by_person
from klark.steps.triage import Triage


def case_of(seen: Triage, rules: Rules, ticket: Ticket, mine: Mine) -> Case:
    """What a decision may depend on before anything is found."""
    channel = ticket.channel or ("" if ticket.raw else "web")  # a file's ticket may name none
    led = led_by_person(ticket, mine)
    return Case(seen, rules, third_party=seen.trust.level == "third_party", led_by_person=led, channel=channel)


def weighed(case: Case, drafted: Answer, verdict: Verdict, judged: Judged) -> Case:
    """The case with what was drafted, what was found in it, and how sure klark is of it: None where nothing is claimed."""
    known = replace(case, coverage=drafted.coverage, verdict=verdict)
    if drafted.reply is None or drafted.prompt is None or drafted.reply.sections:  # quoted sections claim no answer
        return known
    cites = [cite for each in drafted.said for cite in each.cites]
    finished = Finished(drafted.reply, verdict, judged, open=drafted.coverage != "all", first=_first(cites))
    return replace(known, confidence=confidence(finished), signs=explained(finished))


def _first(cites: Sequence[str]) -> int:
    """The place of the first passage that is cited, from 0 on."""
    return min((int(cite.removeprefix("P").partition(".")[0]) - 1 for cite in cites), default=0)


def as_record(case: Case | None) -> dict[str, Any]:
    """What the decision depended on beside the ticket and the policy, and what the confidence was read from."""
    if case is None:
        return {}
    return {
        "channel": case.channel, "third_party": case.third_party, "led_by_person": case.led_by_person,
        "coverage": case.coverage, "by_meaning": case.by_meaning, "confidence": case.confidence,
        "signs": [asdict(one) for one in case.signs],
        "fitted": fitted().on.isoformat(),
    }  # fmt: skip
