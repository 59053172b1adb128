"""How many tickets a second the whole of klark deals with, and how long one tenant waits behind another.

    python -m tests.bench.throughput [--tickets 1000] [--model-s 2] [--accounts N] [--threads N] --json
    {"tickets", "accounts", "tickets_per_s", "bound_per_s", "ratio", "cpu_ms": {…}, "peak_mib": {…}, "connections", "kib",
     "own_ms_p50", "own_ms_p99", "webhook_to_write_p50_s", "webhook_to_write_p95_s", "alone_s", "behind_s", "model": {…}}

The demo's processes, without a model, or with the demo's recorded one, which takes `--model-s` seconds for each answer, judge
included: klark's web server, one worker, PostgreSQL, Valkey, the stand-ins, and the demo's shop with its articles. A burst of
tickets (tests.bench.burst); the stand-ins send the webhooks. `tickets_per_s`: from the first ticket until each is decided and
written; `bound_per_s`: what the same would allow without klark (tests.bench.bound), and `ratio` of it. `cpu_ms`: of each
process for one ticket; `triage` and `embedding` are the passes of the small models. `peak_mib`: the most memory of each.
`connections`: the most of klark's to PostgreSQL. `kib`: what the database grows by with one, its log for recovery apart.
`own_ms`: what a decision took, as klark records it, models and helpdesk's calls included. `alone_s`: from the webhook to the
decision for one ticket of another tenant on the idle machine, `behind_s` in the middle of the burst (the median of BESIDE
tickets each). `model`: requests for one ticket, and the most at a time.
"""

import argparse
import json
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

import tests.bench.ready  # noqa: F401  # isort: skip

from django.db import connections
from django.db.models import F

from klark.models import Decision, Delivery, within
from tests.bench import bound
from tests.bench.burst import PARTS, Scene, SlowModel, arguments, scene
from tests.bench.cpu import peak_mib_by_part, seconds_by_part

OURS = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'klark_app'"
SIZE = "SELECT pg_database_size(current_database())"


def main() -> int:
    """Measure and print."""
    parser = arguments("tests.bench.throughput", __doc__)
    parser.add_argument("--model-s", type=float, help="seconds that the model takes (default: there is no model)")
    given = parser.parse_args()
    model = None if given.model_s is None else SlowModel()
    with scene(given, model) as ready:
        if model:
            model.seconds, model.calls, model.most = given.model_s, 0, 0
        print(json.dumps(_measured(ready, given)))
    return 0


def _measured(scene: Scene, given: argparse.Namespace) -> Mapping[str, object]:
    count, open_at_once, behind = given.tickets, [0], list[float]()
    alone = scene.waited()
    size, before, start = _number(SIZE), seconds_by_part(PARTS), time.monotonic()
    scene.burst(count)
    aside = threading.Thread(target=lambda: behind.append(scene.waited()))
    aside.start()
    scene.settle(count, lambda: open_at_once.append(_number(OURS)))
    took = time.monotonic() - start
    used = Counter(seconds_by_part(PARTS))
    used.subtract(before)
    aside.join()
    kib, told = (_number(SIZE) - size) / count / 1024, _model(scene, count)
    peak = peak_mib_by_part(PARTS)
    most = bound.per_s(scene, kib, told.get("calls_per_ticket", 0) * (given.model_s or 0), given.threads)
    return {
        "tickets": count, "accounts": len(scene.accounts), "tickets_per_s": round(count / took, 2),
        "bound_per_s": round(most, 2), "ratio": round(count / took / most, 2),
        "cpu_ms": {part: round(1000 * seconds / count, 1) for part, seconds in used.items()}, "peak_mib": peak,
        "connections": max(open_at_once), "kib": round(kib, 1), **_times(scene),
        "alone_s": round(alone, 2), "behind_s": round(behind[0], 2), "model": told,
    }  # fmt: skip


def _number(statement: str) -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _model(scene: Scene, count: int) -> dict[str, Any]:
    if scene.model is None:
        return {}
    return {"calls_per_ticket": round(scene.model.calls / count, 2), "most_in_flight": scene.model.most}


def _times(scene: Scene) -> Mapping[str, float]:
    with within(scene.seeded.tenant_id):
        own = [*Decision.objects.exclude(reason="own_comment").values_list("milliseconds", flat=True)]
        sent = Delivery.objects.filter(state="sent").annotate(came=F("draft__decisions__event__received_at"))
        waits = [(done - came).total_seconds() for done, came in sent.values_list("ended_at", "came")]
    return {
        "own_ms_p50": _quantile(own, 50), "own_ms_p99": _quantile(own, 99),
        "webhook_to_write_p50_s": _quantile(waits, 50), "webhook_to_write_p95_s": _quantile(waits, 95),
    }  # fmt: skip


def _quantile(values: list[float], percent: int) -> float:
    return round(statistics.quantiles(values, n=100)[percent - 1], 1)


if __name__ == "__main__":
    sys.exit(main())
