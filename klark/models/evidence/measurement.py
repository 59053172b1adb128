"""The counters and histograms of `/metrics`: added up in the database, so that they hold for all processes on all machines
and outlive each of them. What a killed worker had not counted yet is missing; nothing is counted twice or halfway."""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

import structlog
from django.contrib.postgres.fields import ArrayField
from django.db import Error, connection, models, transaction

log = structlog.get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

Bucket = tuple[str, tuple[str, ...], float]
"""A metric's name, its labels' values, and the upper bound."""
BUCKET = "(%s, %s, %s, %s, %s)"
ADD = """
INSERT INTO klark_measurement (metric, labels, up_to, count, total) VALUES {buckets}
    ON CONFLICT (metric, labels, up_to) DO UPDATE
   SET count = klark_measurement.count + excluded.count, total = klark_measurement.total + excluded.total
"""


@dataclass(frozen=True, slots=True)
class Metric:
    """A counter, or a histogram if it has buckets (their upper bounds, without the last one, which has none).

    Each of `labels` takes few values: never a tenant's, a ticket's or a person's.
    """

    name: str
    words: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


EVENT_AGE = Metric(
    "klark_event_age_seconds", "Age of an event when a worker takes it up; one that is tried again counts again.",
    buckets=(1, 2, 5, 10, 30, 60, 300, 900, 3600, 21600),
)  # fmt: skip
STAGE = Metric(
    "klark_stage_seconds", "Time that a stage of a run took.", ("stage",),
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 300),
)  # fmt: skip
FINDINGS = Metric("klark_findings_total", "Findings of the checks on drafts.", ("id", "level"))
TOKENS = Metric(
    "klark_tokens_total", "Tokens that models read (in) and wrote (out), as they were billed.", ("direction",)
)
COST = Metric("klark_cost_total", "What models were paid, in the currency of the tenant's policy.", ("currency",))
OVER_RESERVED = Metric(
    "klark_over_reserved_total", "Requests to models that were billed more than had been reserved for them."
)
WRITES = Metric("klark_writes_total", "Steps of writes by the state they ended in.", ("helpdesk", "outcome"))
METRICS = (EVENT_AGE, STAGE, FINDINGS, TOKENS, COST, OVER_RESERVED, WRITES)


class Measurement(models.Model):
    """What was counted into one bucket of a metric; a counter has only the bucket without an upper bound.

    The rows belong to no tenant, and say nothing of any.
    """

    metric = models.CharField(max_length=60)
    labels = ArrayField(models.CharField(max_length=60))
    up_to = models.FloatField()
    count = models.BigIntegerField()
    total = models.FloatField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["metric", "labels", "up_to"], name="one_row_per_bucket"),)

    def __str__(self) -> str:
        return f"{self.metric} {self.labels} {self.up_to}"


TOGETHER_S = 2.0


@dataclass(slots=True)
class _Kept:
    """What was measured since a moment (time.monotonic()), and is not added yet."""

    measured: list[tuple[Bucket, float]] = field(default_factory=list)
    since: float = field(default_factory=time.monotonic)


_kept: ContextVar[_Kept | None] = ContextVar("measurements of this run", default=None)


@contextmanager
def added_together() -> Iterator[None]:
    """Adds what is measured in this block at its end, by one statement: a run measures half a dozen things. A block inside
    another leaves that to it for TOGETHER_S seconds, since runs may be short."""
    outer = _kept.get()
    kept = outer or _Kept()
    token = _kept.set(kept)
    try:
        yield
    finally:
        _kept.reset(token)
        if outer is None or time.monotonic() - kept.since > TOGETHER_S:
            measured, kept.measured, kept.since = kept.measured, [], time.monotonic()
            _add(measured)


@contextmanager
def not_counted() -> Iterator[None]:
    """Forgets what is measured in this block: a run that is only repeated is no work."""
    token = _kept.set(_Kept())
    try:
        yield
    finally:
        _kept.reset(token)


def measure(metric: Metric, value: float, *labels: str) -> None:
    """Adds `value` to a metric, once the open transaction is committed, or now if there is none. Never raises for what
    the database says: work does not fail because it could not be counted."""
    up_to = next((bound for bound in metric.buckets if value <= bound), math.inf)
    kept, new = _kept.get(), ((metric.name, labels, up_to), value)
    transaction.on_commit(lambda: _add([new]) if kept is None else kept.measured.append(new), robust=True)


def _add(measured: Sequence[tuple[Bucket, float]]) -> None:
    if not measured:
        return
    values = defaultdict[Bucket, list[float]](list)
    for bucket, value in measured:
        values[bucket].append(value)
    # In the same order in every process, so that two never wait for each other.
    rows = [[name, list(labels), up_to, len(each), sum(each)] for (name, labels, up_to), each in sorted(values.items())]
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                ADD.format(buckets=", ".join([BUCKET] * len(rows))), [value for row in rows for value in row]
            )
    except Error as error:
        log.warning("what a run measured was not counted", error=str(error))
    finally:
        connection.close_if_unusable_or_obsolete()


def timed(stage: str, step: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Returns what the step returns, and measures how long it took, also if it failed."""
    started = time.monotonic()
    try:
        return step(*args, **kwargs)
    finally:
        measure(STAGE, time.monotonic() - started, stage)
