"""Runs the backtests that a lead asked for: in a worker, for SLICE_S seconds at a time, so that a worker that stops is not kept.

What came of each ticket is a row of its own, so that a run goes on where it stopped. A report is made of the rows of a run
that came to its end, and of no other.
"""

import time
import uuid
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from integrations.errors import IntegrationError, TryLater
from integrations.helpdesks.base import Helpdesk
from integrations.llms.base import BudgetSpent
from klark.drafting.kept_policy import paid_as_now
from klark.drafting.tenant_settings import settings_of
from klark.evidence import report
from klark.evidence.backtest import Opened, Past, looked_at
from klark.evidence.closed_on_desk import fetched, opener, pages, reader, written_by_klark
from klark.models import (
    EVERY_TENANT,
    BacktestedTicket,
    BacktestRun,
    Connection,
    Policy,
    policy_in_force,
    rules_of,
    within,
)
from klark.models.evidence.backtest import UNDER_WAY
from klark.runtime.per_tenant import tried
from klark.values.policy.rules import Rules
from klark.values.storable_text import clip, storable

State = BacktestRun.State
SLICE_S = 20.0
LEASE = timedelta(minutes=30)
"""Longer than any one ticket may take: three runs of the pipeline and three comparisons, with every time-out."""
PAUSE, MOST_FAILURES = timedelta(minutes=1), 10
"""How long a helpdesk that is away is left alone, and how often in a row."""
NO_TICKET = gettext_noop("There was no closed ticket to try since that day.")
SPENT = gettext_noop(
    "The budget is spent. Go on tomorrow, or raise it in the policy: nothing is asked of a model twice."
)
BROKEN = gettext_noop("klark made a mistake of its own. The worker's log says which; what was tried so far is kept.")
AWAY = gettext_noop("The helpdesk cannot be read now:")


class _Lost(Exception):
    """Raised when the run was cancelled, or another worker has it by now."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A run that this worker holds."""

    run: BacktestRun
    token: uuid.UUID

    def update(self, **values: Any) -> None:
        """Changes the row. Call inside `within(tenant_id)`. Raises _Lost."""
        mine = BacktestRun.of(self.run.tenant_id).filter(pk=self.run.pk, runner=self.token, state=State.RUNNING)
        if not mine.update(**values):
            raise _Lost

    def end(self, state: State, trouble: str = "", **values: Any) -> None:
        """Ends the run, unless it was cancelled meanwhile."""
        with within(self.run.tenant_id):
            self.update(
                state=state, trouble=clip(trouble, 500), ended_at=Now(), runner=None, running_until=None, **values
            )


def want(connection: Connection, since: date, limit: int, policy: Policy | None, by: str) -> BacktestRun | None:
    """Asks for a backtest under this version of the policy, or the one in force; None if the tenant has one under way. Call
    inside `within(tenant_id)`."""
    policy = policy or policy_in_force(connection.tenant_id)
    try:
        with transaction.atomic():
            return BacktestRun.objects.create(
                tenant_id=connection.tenant_id,
                connection=connection,
                since=since,
                limit=limit,
                policy=policy,
                by=by[:150],
            )
    except IntegrityError:
        return None


def cancel(run: BacktestRun) -> bool:
    """Ends a run before its next ticket; returns whether it was still under way. Call inside `within(tenant_id)`."""
    mine = BacktestRun.of(run.tenant_id).filter(pk=run.pk, state__in=UNDER_WAY)
    return bool(mine.update(state=State.CANCELLED, ended_at=Now(), runner=None, running_until=None))


def go_on(run: BacktestRun) -> bool:
    """Takes a run up again that failed or was cancelled; returns False if another is under way. Call inside
    `within(tenant_id)`."""
    stopped = BacktestRun.of(run.tenant_id).filter(pk=run.pk, state__in=(State.FAILED, State.CANCELLED))
    try:
        with transaction.atomic():
            return bool(stopped.update(state=State.WANTED, trouble="", failures=0, ended_at=None))
    except IntegrityError:
        return False


def run_wanted() -> None:
    """Goes on with every run that somebody wants and no worker has, for SLICE_S seconds each."""
    with within(EVERY_TENANT):
        runs = list(BacktestRun.objects.filter(_free()).select_related("connection", "policy"))
    for run in runs:
        held = _claimed(run)
        if held and not tried("a backtest failed", _slice, held):
            tried("that a backtest failed was not recorded", held.end, State.FAILED, BROKEN)


def _free() -> Q:
    return Q(state__in=UNDER_WAY) & (Q(running_until=None) | Q(running_until__lt=Now()))


def _claimed(run: BacktestRun) -> _Held | None:
    held = _Held(run, uuid.uuid4())
    with within(run.tenant_id):
        free = BacktestRun.of(run.tenant_id).filter(_free(), pk=run.pk)
        values = {"state": State.RUNNING, "runner": held.token, "running_until": Now() + LEASE}
        return held if free.update(**values) else None


def _slice(held: _Held) -> None:
    """Tries tickets for SLICE_S seconds, and ends the run if there are no more, or it cannot go on."""
    with suppress(_Lost):
        try:
            if _is_over(held):
                _finish(held)
            else:
                _pause(held, timedelta(0), failures=0)
        except BudgetSpent:
            held.end(State.FAILED, SPENT)
        except IntegrationError as error:
            _failed(held, error)


def _failed(held: _Held, error: IntegrationError) -> None:
    """Leaves a helpdesk that is away alone for a while; ends the run where that does not help."""
    words, failures = clip(f"{AWAY} {error}", 500), held.run.failures + 1
    if isinstance(error, TryLater) and failures < MOST_FAILURES:
        _pause(held, PAUSE, failures=failures, trouble=words)
    else:
        held.end(State.FAILED, words)


def _pause(held: _Held, pause: timedelta, **values: Any) -> None:
    with within(held.run.tenant_id):
        held.update(running_until=Now() + pause, **values)


def _is_over(held: _Held) -> bool:
    """Tries tickets until the time, the tickets or the limit is over; returns False in the first case. Raises _Lost, BudgetSpent
    and what adapters raise."""
    run, ends = held.run, time.monotonic() + SLICE_S
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


def _try(held: _Held, desk: Helpdesk, ticket_id: str, opened: Opened) -> bool:
    """Looks at one ticket and keeps what came of it; returns whether it was tried."""
    run = held.run
    ticket = fetched(desk, ticket_id)
    why, found = looked_at(ticket, written_by_klark(run.connection, ticket), opened, _day(run))
    if found is not None and ticket is not None:
        found["requester"] = ticket.requester.email
    with within(run.tenant_id):
        held.update(running_until=Now() + LEASE, trouble="", failures=0)
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


def _finish(held: _Held) -> None:
    run = held.run
    _, count = _looked_at(run)
    if not count:
        held.end(State.FAILED, NO_TICKET)
        return
    rules = _rules(run)
    about = report.about(settings_of(run.tenant_id, rules=rules), str(run.connection))
    held.end(State.DONE, about=storable({**about, "policy": rules.version}))


def report_of(run: BacktestRun) -> dict[str, Any]:
    """Returns the report of a run that is done. Call inside `within(tenant_id)`."""
    kept = list(BacktestedTicket.of(run.tenant_id).filter(run=run).order_by("pk").values_list("left_out", "found"))
    rows = [{name: value for name, value in found.items() if name != "requester"} for _, found in kept if found]
    left_out = Counter(why or "erased" for why, found in kept if not found)
    return report.made(rows, left_out, run.about)
