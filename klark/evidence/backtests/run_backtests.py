"""Runs the backtests that a lead asked for, slice by slice (klark.evidence.long_runs).

What came of each ticket is a row of its own, so that a run goes on where it stopped. A report is made of the rows of a run
that came to its end, and of no other.
"""

import time
from collections import Counter
from datetime import UTC, date, datetime
from datetime import time as clock
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_noop

from integrations.helpdesks.base import Helpdesk
from klark.drafting.kept_policy import paid_as_now
from klark.drafting.tenant_settings import settings_of
from klark.evidence import long_runs
from klark.evidence.backtests import report
from klark.evidence.backtests.backtest import Opened, Past, looked_at
from klark.evidence.backtests.closed_on_desk import fetched, opener, pages, reader, written_by_klark
from klark.evidence.long_runs import Held, State
from klark.models import (
    BacktestedTicket,
    BacktestRun,
    Connection,
    Policy,
    policy_in_force,
    rules_of,
    within,
)
from klark.values.policy.rules import Rules
from klark.values.storable_text import storable

NO_TICKET = gettext_noop("There was no closed ticket to try since that day.")
AWAY = gettext_noop("The helpdesk cannot be read now:")


def want(connection: Connection, since: date, limit: int, policy: Policy | None, by: str) -> BacktestRun | None:
    """Asks for a backtest under this version of the policy, or the one in force; None if the tenant has one under way. Call
    inside `within(tenant_id)`."""
    policy, tenant_id = policy or policy_in_force(connection.tenant_id), connection.tenant_id
    return long_runs.want(
        BacktestRun, tenant_id, connection=connection, since=since, limit=limit, policy=policy, by=by[:150]
    )


def run_wanted() -> None:
    """Goes on with every backtest that somebody wants and no worker has."""
    long_runs.run_wanted(BacktestRun, _is_over, _finish, AWAY, "connection")


def _is_over(held: Held[BacktestRun]) -> bool:
    """Tries tickets until the time, the tickets or the limit is over; returns False in the first case. Raises Lost, BudgetSpent
    and what adapters raise."""
    run, ends = held.run, time.monotonic() + long_runs.SLICE_S
    desk = reader(run.connection)
    opened = opener(Past(run.connection, desk), lambda ours: ours, _rules(run))
    seen, count = _looked_at(run)
    for page in pages(desk, run.cursor or datetime.combine(run.since, clock(), UTC).isoformat()):
        for event in page.events:
            if count >= run.limit:
                return True
            if event.ticket_id[:40] in seen:
                continue
            seen.add(event.ticket_id[:40])
            count += _try(held, desk, event.ticket_id, opened)
            if time.monotonic() > ends:
                return False
        if page.more:
            with within(run.tenant_id):
                held.update(cursor=page.cursor)
    return True


def _looked_at(run: BacktestRun) -> tuple[set[str], int]:
    with within(run.tenant_id):
        rows = list(BacktestedTicket.of(run.tenant_id).filter(run=run).values_list("ticket_id", "left_out"))
    return {ticket for ticket, _ in rows}, sum(not why for _, why in rows)


def _try(held: Held[BacktestRun], desk: Helpdesk, ticket_id: str, opened: Opened) -> bool:
    """Looks at one ticket and keeps what came of it; returns whether it was tried."""
    run = held.run
    ticket = fetched(desk, ticket_id)
    why, found = looked_at(ticket, written_by_klark(run.connection, ticket), opened, _day(run))
    if found is not None and ticket is not None:
        found["requester"] = ticket.requester.email
    with within(run.tenant_id):
        held.renew()
        BacktestedTicket.objects.create(
            tenant_id=run.tenant_id, run=run, connection=run.connection, ticket_id=ticket_id[:40], left_out=why,
            found=storable(found or {}),
        )  # fmt: skip
    return found is not None


def _day(run: BacktestRun) -> date:
    """Returns the day on which it was asked for, where the tenant is: the day of a ticket without a date."""
    return run.wanted_at.astimezone(ZoneInfo(_rules(run).time_zone)).date()


def _rules(run: BacktestRun) -> Rules:
    with within(run.tenant_id):
        return paid_as_now(run.tenant_id, rules_of(run.policy))


def _finish(held: Held[BacktestRun]) -> None:
    run = held.run
    with within(run.tenant_id):
        rows = BacktestedTicket.of(run.tenant_id).filter(run=run, left_out="")
        is_any, came = rows.exists(), list(rows.exclude(found={}).values_list("found__created_at", flat=True))
    if not is_any:
        held.end(State.FAILED, NO_TICKET)
        return
    about = report.about(settings_of(run.tenant_id, rules=_rules(run)), str(run.connection), came)
    held.end(State.DONE, about=storable(about))


def report_of(run: BacktestRun) -> dict[str, Any]:
    """Returns the report of a run that is done. Call inside `within(tenant_id)`."""
    kept = list(BacktestedTicket.of(run.tenant_id).filter(run=run).order_by("pk").values_list("left_out", "found"))
    rows = [{name: value for name, value in found.items() if name != "requester"} for _, found in kept if found]
    left_out = Counter(why or "erased" for why, found in kept if not found)
    return report.made(rows, left_out, run.about)
