"""The metrics for Prometheus, made when they are asked for: rows are counted, and the database holds what all processes
measured (klark.models.evidence.measurement).
https://prometheus.io/docs/instrumenting/exposition_formats/"""

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from django.db.models import Count
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from klark.connections.rate_limit import left_by_helpdesk
from klark.drafting.budget import costs_of, unanswered_today
from klark.health import BASIC, OTHER, facts
from klark.models import EVERY_TENANT, Decision, Delivery, Measurement, Tenant, WebhookEvent, within
from klark.models.evidence.measurement import METRICS, Metric

COUNTED = (
    ("klark_events", "Events in the inbox by state.", WebhookEvent, "state"),
    ("klark_deliveries", "Writes in the outbox by state.", Delivery, "state"),
    ("klark_decisions_total", "Decisions by kind.", Decision, "kind"),
)
"""(metric, help text, model, the column to count by)"""


def exposition() -> bytes:
    """Returns all metrics in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Everything())
    return generate_latest(registry)


class _Everything(Collector):
    def collect(self) -> Iterator[Family]:
        with within(EVERY_TENANT):
            yield from [_counted(*row) for row in COUNTED]
            yield from [_measured(metric) for metric in METRICS]
            waited = {"events": WebhookEvent.waited_s(), "deliveries": Delivery.waited_s()}
            yield _gauge("klark_due_work_waited_seconds", "How long the oldest due work waits.", "queue", waited)
            left = left_by_helpdesk()
            yield _gauge(
                "klark_rate_budget_left_ratio",
                "The least that an account has left of its rate limit.",
                "helpdesk",
                left,
            )
            yield from _money(timezone.localtime())
            well = {fact.part: float(fact.light == "good") for fact in facts(BASIC, OTHER)}
            yield _gauge("klark_well", "1 where it is well, else 0.", "part", well)


def _money(now: datetime) -> Iterator[Family]:
    costs = costs_of(Tenant.objects.values_list("pk", flat=True), now)
    fullest = max((each.percent for each in costs.values()), default=0) / 100
    yield GaugeMetricFamily(
        "klark_budget_spent_ratio", "The share that is spent of the budget for models that is nearest its end.", fullest
    )
    yield GaugeMetricFamily(
        "klark_unanswered_requests",
        "Requests to models in the last day whose answer never came.",
        unanswered_today(now),
    )


def _gauge(name: str, words: str, label: str, values: dict[str, float]) -> Family:
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for value, number in values.items():
        gauge.add_metric([value], number)
    return gauge


def _counted(name: str, words: str, rows: type[WebhookEvent | Delivery | Decision], column: str) -> Family:
    family = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
    metric = family(name, words, labels=[column])
    for value, count in rows._default_manager.order_by().values_list(column).annotate(Count("pk")):
        metric.add_metric([value], count)
    return metric


def _measured(metric: Metric) -> Family:
    rows = Measurement.objects.filter(metric=metric.name).order_by("labels", "up_to")
    by_labels = [(list(labels), list(some)) for labels, some in groupby(rows, lambda row: row.labels)]
    if not metric.buckets:
        counter = CounterMetricFamily(metric.name, metric.words, labels=metric.labels)
        for labels, some in by_labels:
            counter.add_metric(labels, sum(row.total for row in some))
        return counter
    histogram = HistogramMetricFamily(metric.name, metric.words, labels=metric.labels)
    for labels, some in by_labels:
        histogram.add_metric(labels, _cumulative(metric, some), sum(row.total for row in some))
    return histogram


def _cumulative(metric: Metric, rows: Sequence[Measurement]) -> list[tuple[str, float]]:
    bounds = (*metric.buckets, math.inf)
    return [
        (str(float(bound)) if bound < math.inf else "+Inf", sum(row.count for row in rows if row.up_to <= bound))
        for bound in bounds
    ]
