"""Asking klark what it would do with a question or a ticket. The model's bill and its answers are kept, as for a ticket; no
helpdesk is written to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import linebreaks

from guardrails.pii.mask import mask_all
from integrations.helpdesks.base import Ticket
from klark.drafting.kept_policy import paid_as_now
from klark.drafting.model_slots import PLACES
from klark.drafting.tenant_settings import settings_of
from klark.evidence.trial_run import try_ticket
from klark.knowledge.gaps import ANSWERS, UNANSWERED
from klark.models import Decision, Stop, within
from klark.trial_files import read_ticket
from klark.values.people import known_on_record
from klark.values.policy.rules import Rules
from klark.values.run_record import RunRecord

LONGEST = 100_000
"""The most characters of a question."""
LOOKED_AT, SHOWN = 40, 6
"""The newest answered tickets that are looked through for questions, and the questions that are shown."""


class Stopped(Exception):
    """A person has stopped klark: it drafts nothing."""


class Busy(Exception):
    """As many wait for a model as this process has places for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What klark would do, and the JSON object that says so (docs/try.md)."""

    run: RunRecord
    line: dict[str, Any]


def question(text: str, **more: str) -> Ticket:
    """Returns a question in plain text as a ticket; `more`: its subject."""
    return as_ticket({"body_html": linebreaks(text, autoescape=True), **more})


def as_ticket(given: Mapping[str, Any]) -> Ticket:
    """Returns a ticket from the keys of docs/try.md, of which its id may be left out. Raises BadLine."""
    return read_ticket({"id": "question", **given})


def ask(tenant_id: int, ticket: Ticket, rules: Rules | None = None) -> Asked:
    """Runs the whole path but its writes, under the policy in force or other `rules`; that takes as long as the model takes.

    Call outside of any transaction. Raises Stopped and Busy.
    """
    with within(tenant_id):
        if Stop.in_force().filter(tenant_id=tenant_id, connection=None, topic="").exists():
            raise Stopped
    if not PLACES.acquire(blocking=False):
        raise Busy
    try:
        paid = paid_as_now(tenant_id, rules) if rules else None
        return Asked(*try_ticket(ticket, settings_of(tenant_id, rules=paid)))
    finally:
        PLACES.release()


def asked_lately(tenant_id: int) -> list[str]:
    """Returns what the newest answered tickets ask, in their customers' words: one of each topic, none that names anybody. Call
    inside `within(tenant_id)`."""
    answered = Decision.of(tenant_id).filter(kind__in=ANSWERS, draft__isnull=False).exclude(reason__in=UNANSWERED)
    found: dict[str, str] = {}
    for topic, kept in answered.order_by("-pk").values_list("topic", "draft__record")[:LOOKED_AT]:
        text = " ".join(kept.get("triage", {}).get("asks", ()))
        if text and mask_all([text], known_on_record(kept.get("ticket", {})))[0] == (text,):
            found.setdefault(topic, text)
    return list(found.values())[:SHOWN]
