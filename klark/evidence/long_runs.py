"""Runs what a person asked for in a worker: for SLICE_S seconds at a time, so that a worker that stops is not kept.

Takes a kind of `LongRun` and a function that does as much as fits into a slice. A run that stops goes on where it stopped, since
what it came to is kept row by row.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Avg, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop

from integrations.errors import IntegrationError, TryLater
from integrations.llms.base import BudgetSpent
from klark.models import EVERY_TENANT, Draft, within
from klark.models.evidence.long_run import UNDER_WAY, LongRun
from klark.runtime.per_tenant import tried
from klark.values.storable_text import clip

Run = TypeVar("Run", bound=LongRun)
State = LongRun.State
SLICE_S = 20.0
LEASE = timedelta(minutes=30)
"""Longer than any one ticket may take: three runs of the pipeline and three comparisons, with every time-out."""
PAUSE, MOST_FAILURES = timedelta(minutes=1), 10
"""How long a server that is away is left alone, and how often in a row."""
RECENT = timedelta(days=90)
"""How far back drafts tell what one more costs."""
SPENT = gettext_noop(
    "The budget is spent. Go on tomorrow, or raise it in the policy: nothing is asked of a model twice."
)
BROKEN = gettext_noop("klark made a mistake of its own. The worker's log says which; what was tried so far is kept.")


def average_cost(tenant_id: int) -> Decimal | None:
    """Returns what each of the tenant's recent drafts cost; None without one. Call inside `within(tenant_id)`."""
    recent = Draft.of(tenant_id).filter(created_at__gte=timezone.now() - RECENT)
    each: Decimal | None = recent.aggregate(each=Avg("cost"))["each"]
    return each


class Lost(Exception):
    """Raised when the run was cancelled, or another worker has it by now."""


@dataclass(frozen=True, slots=True)
class Held(Generic[Run]):
    """A run that this worker holds."""

    run: Run
    token: uuid.UUID

    def update(self, **values: Any) -> None:
        """Changes the row. Call inside `within(tenant_id)`. Raises Lost."""
        mine = type(self.run).of(self.run.tenant_id).filter(pk=self.run.pk, runner=self.token, state=State.RUNNING)
        if not mine.update(**values):
            raise Lost

    def renew(self) -> None:
        """Says that the run is well, and keeps it for another LEASE. Call inside `within(tenant_id)`. Raises Lost."""
        self.update(running_until=Now() + LEASE, trouble="", failures=0)

    def end(self, state: State, trouble: str = "", **values: Any) -> None:
        """Ends the run, unless it was cancelled meanwhile."""
        with within(self.run.tenant_id):
            self.update(
                state=state, trouble=clip(trouble, 500), ended_at=Now(), runner=None, running_until=None, **values
            )


def want(kind: type[Run], tenant_id: int, **values: Any) -> Run | None:
    """Asks for a run; None if one of this kind is under way for the tenant, or the article. Call inside `within(tenant_id)`."""
    try:
        with transaction.atomic():
            return kind._default_manager.create(tenant_id=tenant_id, **values)
    except IntegrityError:
        return None


def cancel(run: LongRun) -> bool:
    """Ends a run before its next step; returns whether it was still under way. Call inside `within(tenant_id)`."""
    mine = type(run).of(run.tenant_id).filter(pk=run.pk, state__in=UNDER_WAY)
    return bool(mine.update(state=State.CANCELLED, ended_at=Now(), runner=None, running_until=None))


def go_on(run: LongRun) -> bool:
    """Takes a run up again that failed or was cancelled; returns False if another is under way. Call inside
    `within(tenant_id)`."""
    stopped = type(run).of(run.tenant_id).filter(pk=run.pk, state__in=(State.FAILED, State.CANCELLED))
    try:
        with transaction.atomic():
            return bool(stopped.update(state=State.WANTED, trouble="", failures=0, ended_at=None))
    except IntegrityError:
        return False


def run_wanted(kind: type[Run], is_over: Callable[[Held[Run]], bool], finish: Callable[[Held[Run]], None], away: str,
               *related: str) -> None:  # fmt: skip
    """Goes on with every run that somebody wants and no worker has. `is_over` works for SLICE_S seconds and returns whether
    there is nothing left; `finish` then ends the run; `away`: what is said of a server that cannot be asked; `related`: rows
    that are read with a run's."""
    with within(EVERY_TENANT):
        runs = list(kind._default_manager.filter(_free()).select_related("policy", *related))
    for run in runs:
        held = _claimed(run)
        if held and not tried(f"a {kind.__name__} failed", _slice, held, is_over, finish, away):
            tried(f"that a {kind.__name__} failed was not recorded", held.end, State.FAILED, BROKEN)


def _free() -> Q:
    return Q(state__in=UNDER_WAY) & (Q(running_until=None) | Q(running_until__lt=Now()))


def _claimed(run: Run) -> Held[Run] | None:
    held = Held(run, uuid.uuid4())
    with within(run.tenant_id):
        free = type(run).of(run.tenant_id).filter(_free(), pk=run.pk)
        values = {"state": State.RUNNING, "runner": held.token, "running_until": Now() + LEASE}
        return held if free.update(**values) else None


def _slice(
    held: Held[Run], is_over: Callable[[Held[Run]], bool], finish: Callable[[Held[Run]], None], away: str
) -> None:  # fmt: skip
    with suppress(Lost):
        try:
            if is_over(held):
                finish(held)
            else:
                _pause(held, timedelta(0), failures=0)
        except BudgetSpent:
            held.end(State.FAILED, SPENT)
        except IntegrationError as error:
            _failed(held, error, away)


def _failed(held: Held[Run], error: IntegrationError, away: str) -> None:
    """Leaves a server that is away alone for a while; ends the run where that does not help."""
    words, failures = clip(f"{away} {error}", 500), held.run.failures + 1
    if isinstance(error, TryLater) and failures < MOST_FAILURES:
        _pause(held, PAUSE, failures=failures, trouble=words)
    else:
        held.end(State.FAILED, words)


def _pause(held: Held[Run], pause: timedelta, **values: Any) -> None:
    with within(held.run.tenant_id):
        held.update(running_until=Now() + pause, **values)
