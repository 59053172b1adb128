"""Asking klark what it would do with a question or a ticket. The model's bill and its answers are kept, as for a ticket; no
helpdesk is written to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import BoundedSemaphore
from typing import Any

from django.utils.html import linebreaks

from integrations.helpdesks.base import Ticket
from klark.drafting.tenant_settings import settings_of
from klark.evidence.trial_run import try_ticket
from klark.models import Stop, policy_in_force, rules_of, within
from klark.trial_files import read_ticket
from klark.values.policy import Rules
from klark.values.run_record import RunRecord

AT_A_TIME = 2
PLACES = BoundedSemaphore(AT_A_TIME)
"""A model may take a minute, and a web process has some dozen threads for everything."""
LONGEST = 100_000
"""The most characters of a question."""
MONEY = (
    "budget_day", "budget_month", "price_in", "price_out", "fallback_price_in", "fallback_price_out", "currency", "time_zone",
)  # fmt: skip
"""What another version's rules take from those in force: no old version opens a budget again."""


class Stopped(Exception):
    """A person has stopped klark: it drafts nothing."""


class Busy(Exception):
    """AT_A_TIME questions are being answered."""


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
        now = rules_of(policy_in_force(tenant_id))
    if not PLACES.acquire(blocking=False):
        raise Busy
    try:
        paid = replace(rules, **{name: getattr(now, name) for name in MONEY}) if rules else None
        return Asked(*try_ticket(ticket, settings_of(tenant_id, rules=paid)))
    finally:
        PLACES.release()
