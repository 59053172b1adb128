"""Asking klark what it would do with a question or a ticket. The model's bill and its answers are kept, as for a ticket; no
helpdesk is written to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import linebreaks

from integrations.helpdesks.base import Ticket
from klark.drafting.kept_policy import paid_as_now
from klark.drafting.model_slots import PLACES
from klark.drafting.tenant_settings import settings_of
from klark.evidence.trial_run import try_ticket
from klark.models import Stop, within
from klark.trial_files import read_ticket
from klark.values.policy.rules import Rules
from klark.values.run_record import RunRecord

LONGEST = 100_000
"""The most characters of a question."""


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
