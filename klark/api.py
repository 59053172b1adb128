"""Endpoints for operators' monitoring: health checks and metrics. None of them names a ticket or a person."""

import shutil
from collections.abc import Iterator

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg_pool import PoolTimeout

from klark import __version__
from klark.checks import missing_parts
from klark.models import EVERY_TENANT, Decision, Delivery, WebhookEvent, within

WRITES = "SELECT current_setting('transaction_read_only') = 'off' AND pg_current_xact_id() IS NOT NULL"
"""`pg_current_xact_id()` assigns a transaction id, so that PostgreSQL must write the end of the transaction to disk."""
REACHED, SPACE = "reached", "has space"
MIB = 1024 * 1024
COUNTED = (
    ("klark_events", "Events in the inbox by state.", WebhookEvent, "state"),
    ("klark_deliveries", "Writes in the outbox by state.", Delivery, "state"),
    ("klark_decisions_total", "Decisions by kind.", Decision, "kind"),
)
"""(metric, help text, model, the column to count by)"""


def live(request: HttpRequest) -> HttpResponse:
    """Answers 200 with klark's version: the process is up."""
    return JsonResponse({"klark": __version__})


def ready(request: HttpRequest) -> HttpResponse:
    """Answers 200 if the database accepts writes and is migrated, and the disk has space; else 503.

    The JSON also says what the triage model lacks. That does not change the status: webhooks are accepted all the same,
    and their tickets are handed over.
    """
    said = {"database": _database(), "disk": _disk()}
    if said != {"database": REACHED, "disk": SPACE}:
        return JsonResponse(said, status=503)
    return JsonResponse({**said, "triage": missing_parts() or "installed"})


def _database() -> str:
    """Returns whether the database takes writes and has every migration of this klark."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(WRITES)
            if not cursor.fetchone()[0]:
                return "takes no writes"
        executor = MigrationExecutor(connection)
        return "is not migrated" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else REACHED
    except (Error, PoolTimeout):
        return "not reached"


def _disk() -> str:
    """Returns whether klark's own disk has space: the database's, too, where both are on one machine."""
    free = shutil.disk_usage(settings.BASE_DIR).free // MIB
    return SPACE if free >= settings.KLARK_FREE_MIB else f"{free} MiB free"


def nowhere(request: HttpRequest, row: str) -> HttpResponse:
    """Answers 404 for a page that does not exist. Raises Http404."""
    raise Http404(row)


def metrics(request: HttpRequest) -> HttpResponse:
    """Returns counts in Prometheus' text format; 401 without `KLARK_METRICS_TOKEN` as the bearer token.
    https://prometheus.io/docs/instrumenting/exposition_formats/"""
    token = settings.KLARK_METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(token, given):
        return HttpResponse("Give KLARK_METRICS_TOKEN as a bearer token.\n", status=401, content_type="text/plain")
    registry = CollectorRegistry()
    registry.register(_Counts())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class _Counts(Collector):
    """Rows counted when they are asked for: the database is the truth, and all processes share it."""

    def collect(self) -> Iterator[Metric]:
        with within(EVERY_TENANT):
            yield from [_counted(*row) for row in COUNTED]


def _counted(name: str, words: str, rows: type[WebhookEvent | Delivery | Decision], column: str) -> Metric:
    family = CounterMetricFamily if name.endswith("_total") else GaugeMetricFamily
    metric = family(name, words, labels=[column])
    for value, count in rows._default_manager.order_by().values_list(column).annotate(Count("pk")):
        metric.add_metric([value], count)
    return metric
