"""Makes an example of a draft: the very prompt that a model read, and the answer that a person sent."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from guardrails.pii.known import Known
from integrations.helpdesks.base import Ticket
from integrations.llms.base import Completion
from klark.drafting.draft import read
from klark.drafting.prompt import SYSTEM, DraftRequest, Material, drafting
from klark.drafting.request import requested
from klark.evidence.outcomes import Ending, Turn, ending
from klark.evidence.training.corrected_answer import as_drafted, as_edited, as_json
from klark.evidence.training.masking import LeftOut, Masking
from klark.intake.skip import excluded
from klark.models import Draft, Outcome, sha256
from klark.values.draft import DraftAnswer, DraftedSentence
from klark.values.passages import found_again
from klark.values.people import excluded_among, known
from klark.values.policy.rules import Rules
from klark.values.recalled_tickets import Memory
from klark.values.revived import revived
from klark.values.tenant_settings import TenantSettings
from klark.values.triage import Triage

PROMPT = sha256(SYSTEM)[:12]
"""The drafter's instructions of now, by their digest."""
_MARK = re.compile(r"<(\w+) ")


@dataclass(frozen=True, slots=True)
class Origin:
    """What an example was made of, without a text: it is held of all of them at once. `customer`: by what the one who asked is
    known, written nowhere; `about`: what the card counts by; `unsure`: what the model had said may hold personal data."""

    turn: Turn
    customer: frozenset[str]
    about: Mapping[str, str]
    unsure: bool


@dataclass(frozen=True, slots=True)
class Example:
    """An example. `before`: what the model had said, where a person changed it and it is masked for sure, else ""."""

    origin: Origin
    system: str
    user: str
    answer: str
    before: str


@dataclass(frozen=True, slots=True)
class _Again:
    """A draft's request, made again from its record."""

    ticket: Ticket
    seen: Triage
    asked: DraftRequest
    given: Material

    def reads(self, content: Mapping[str, Any]) -> DraftAnswer:
        """Returns an answer as klark reads it."""
        return read(Completion(content, "", ""), drafting(self.given), self.asked, self.given)


def example_of(turn: Turn, draft: Draft, rules: Rules) -> Example:
    """Returns the example that a draft makes. `rules`: those in force. Raises LeftOut. Call inside `within(tenant_id)`."""
    again, told = _again(draft), draft.record["answer"]
    _allow(again, rules)
    edited = ending(turn) == Ending.EDITED
    said = _said(draft, again, told["completion"], edited)
    answer = as_json(told["completion"]["answerable"], said)
    mask = Masking(again.asked, again.given)
    mask.check(one.text for one in said)
    if again.reads(answer).reply is None:
        raise LeftOut("unmasked")
    same = drafting(again.given).system == told["system"]
    about = {
        "klark": draft.record["klark"], "mask": draft.record["mask"], "model": draft.model,
        "prompt": PROMPT if same else "another",
        "policy": f"v{draft.decisions.values_list('policy__version', flat=True).first() or 0}",
    }  # fmt: skip
    drafted = again.reads(told["completion"]).said if edited else ()
    unsure = not mask.is_sure(one.text for one in drafted)
    before = "" if unsure or not edited else _line(as_json(told["completion"]["answerable"], drafted))
    origin = Origin(turn, _customer(draft, again.ticket), about, unsure)
    return Example(origin, told["system"], told["user"], _line(answer), before)


def _again(draft: Draft) -> _Again:
    """Makes the request again, so that its tokens are known, and sees that the same prompt comes of it. Raises LeftOut."""
    if not draft.record:
        raise LeftOut("deleted")
    try:
        told = draft.record["answer"]
        if not told["server"]:
            raise LeftOut("no_model")
        again = _made(draft, draft.record)
        mark = _MARK.match(told["user"])
        again = replace(
            again, given=replace(again.given, mark=mark[1] if mark else "")
        )  # klark's key may be another by now
        same = drafting(again.given).user == told["user"] and told["system"].endswith(again.given.instruction)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LeftOut("older_klark") from error
    if not same:
        raise LeftOut("older_klark")
    return again


def _made(draft: Draft, record: Mapping[str, Any]) -> _Again:
    ticket, seen, told = revived(Ticket, record["ticket"]), revived(Triage, record["triage"]), record["settings"]
    people = (*known(ticket), *(revived(Known, each) for each in told["people"]))
    today = date.fromisoformat(told["today"])
    ours = TenantSettings(draft.tenant_id, Rules(), (), (), today, instruction=draft.instruction)
    found, past = tuple(map(found_again, record["passages"])), (record["earlier"], revived(Memory, record["memory"]))
    return _Again(ticket, seen, *requested(ticket, seen, ours, found, people, past))


def _allow(again: _Again, rules: Rules) -> None:
    """Raises LeftOut for what must not be a model's to learn."""
    ticket = again.ticket
    people = (*ticket.cc, *(comment.author for comment in ticket.comments))
    if excluded(ticket, ticket.last_from_customer(), rules) or excluded_among(people, rules.excluded_senders):
        raise LeftOut("excluded")
    if again.seen.sensitive:
        raise LeftOut("sensitive")
    if again.seen.injection:
        raise LeftOut("orders")


def _said(draft: Draft, again: _Again, content: Mapping[str, Any], edited: bool) -> list[DraftedSentence]:
    """Returns the answer that was sent, as a model would have given it. Raises LeftOut."""
    answer, texts = again.reads(content), [each["text"] for each in draft.sentences]
    if answer.reply is None:
        raise LeftOut("older_klark")
    kept = as_drafted(texts, answer.reply, answer.said)
    if not edited:
        return kept
    sent = draft.outcomes.filter(kind=Outcome.Kind.EDITED).order_by("pk").values_list("text", flat=True).last() or ""
    mask = Masking(again.asked, again.given)
    return as_edited(sent, draft.reply_text, dict(zip(texts, kept, strict=True)), again.asked, mask)


def _customer(draft: Draft, ticket: Ticket) -> frozenset[str]:
    asker = ticket.requester
    return frozenset(
        filter(None, (asker.email.strip().casefold(), f"{draft.connection_id}/{asker.id}" if asker.id else ""))
    )


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False)
