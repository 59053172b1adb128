"""What `decide` sees of a ticket, and of a finished draft: above all, how likely it is right (guardrails.confidence).

The drafter without a model is the second opinion: it answers only where each part of each question has its sentence, so a
draft of any other that rests on the same sentences is much more often right.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from guardrails.base import Reply, Verdict
from guardrails.confidence import Finished, confidence, explained, fitted
from integrations.helpdesks.base import Ticket
from integrations.llms.base import LLM, Completion, Prompt
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


def weighed(case: Case, drafted: Answer, verdict: Verdict, strict: LLM) -> Case:
    """The case with what was drafted, what was found in it, and how sure klark is of it: None where there is no draft.

    That articles hardly answer counts again where the draft makes no use of what else was found. `strict` is the drafter
    without a model."""
    personal = _is_personal(drafted.reply) if drafted.reply else case.personal
    known = replace(case, coverage=drafted.coverage, open=drafted.open, verdict=verdict, personal=personal)
    if drafted.reply is None or drafted.prompt is None or drafted.completion is None:
        return known
    cites = cites_of(drafted.completion.content)
    finished = Finished(
        drafted.reply, verdict, case.triage.questions, open=drafted.coverage != "all",
        first=_first(cites, drafted.prompt), agreed=agreement(_said_by(strict, drafted, drafted.prompt), cites),
    )  # fmt: skip
    return replace(known, confidence=confidence(finished), signs=explained(finished))


def _is_personal(reply: Reply) -> bool:
    """Whether it cites a fact on the requester, or a colleague's answer."""
    return any(source.personal or source.answered for sentence in reply.sentences for source in sentence.sources)


def cites_of(content: Mapping[str, Any]) -> frozenset[str]:
    """All passage sentences that a draft cites, as in "P1.2"."""
    return frozenset(cite for each in content["sentences"] for cite in each["cites"])


def agreement(strict: Completion, cites: frozenset[str]) -> float:
    """The share of what a strict drafter cites that is cited too; 0 where it does not answer everything."""
    wanted = cites_of(strict.content)
    return len(wanted & cites) / len(wanted) if wanted and strict.content["answerable"] else 0.0


def _said_by(strict: LLM, drafted: Answer, prompt: Prompt) -> Completion:
    """What the strict drafter says: that is the draft, where nobody else wrote it."""
    return drafted.completion if drafted.by is strict and drafted.completion else strict.complete(prompt)


def _first(cites: frozenset[str], prompt: Prompt) -> int:
    """The place of the first passage that is cited; behind all of them where none is."""
    places = [
        place for place, each in enumerate(prompt.passages) if any(cite.startswith(f"{each.id}.") for cite in cites)
    ]
    return min(places, default=len(prompt.passages))


def as_record(case: Case | None) -> dict[str, Any]:
    """What the decision depended on beside the ticket and the policy, and what the confidence was read from."""
    if case is None:
        return {}
    return {
        "channel": case.channel, "third_party": case.third_party, "led_by_person": case.led_by_person,
        "coverage": case.coverage, "personal": case.personal, "confidence": case.confidence,
        "signs": [asdict(one) for one in case.signs],
        "fitted": fitted().on.isoformat(),
    }  # fmt: skip
