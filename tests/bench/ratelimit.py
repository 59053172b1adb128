"""How close workers come to an account's rate limit, and that they never pass it.

    python -m tests.bench.ratelimit --json
    {"workers", "limit", "max_in_any_window", "used_share"}

Each worker is a process that asks for as many requests as it is granted, against one row in a real PostgreSQL, started
here. The window is shortened (`--window`), so that several of them fit into a run; the arithmetic is the same for a minute.
`used_share` leaves the start out: of whole rounds of the limit, what they took to be granted.
"""

import argparse
import json
import multiprocessing
import os
import sys
import time
from bisect import bisect_left
from collections.abc import Sequence
from multiprocessing.pool import Pool

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")


def granted(connection_id: str, tenant_id: int, window_s: float, seconds: float) -> list[float]:
    """One worker: when each of its requests was granted, by a clock that all processes share."""
    meter = RateLimit(Connection(pk=connection_id, tenant_id=tenant_id, helpdesk="zendesk"), window_s=window_s)
    ends, moments = time.monotonic() + seconds, []
    while time.monotonic() < ends:
        try:
            meter.permit(1)
        except TryLater as error:
            time.sleep(min(error.after or 0.1, max(ends - time.monotonic(), 0)))
        else:
            moments.append(time.monotonic())
    return moments


def most_in_any(moments: Sequence[float], window_s: float) -> int:
    """The largest number of requests within any window, wherever it begins. `moments` are in order."""
    return max(bisect_left(moments, start + window_s) - index for index, start in enumerate(moments))


def used_share(moments: Sequence[float], limit: int, window_s: float) -> float:
    """The rate of whole rounds, as a share of the limit."""
    rounds = (len(moments) - 1) // limit
    took = moments[rounds * limit] - moments[0]
    return round(rounds * window_s / took, 4)


def measure(pool: Pool, workers: int, limit: int, window_s: float, seconds: float) -> dict[str, float]:
    """A run: the figures."""
    account = rows.connection(rows.tenant())
    with within(account.tenant_id):
        Budget.objects.create(tenant_id=account.tenant_id, connection=account, limit=limit)
    asked = [(str(account.pk), account.tenant_id, window_s, seconds)] * workers
    moments = sorted(moment for part in pool.starmap(granted, asked, chunksize=1) for moment in part)
    return {
        "workers": workers,
        "limit": limit,
        "max_in_any_window": most_in_any(moments, window_s),
        "used_share": used_share(moments, limit, window_s),
    }


def main() -> int:
    """Run and print; status 1 where a figure is out of bounds."""
    parser = argparse.ArgumentParser(prog="tests.bench.ratelimit", description=__doc__)
    parser.add_argument("--workers", type=int, default=8)
    parser.add_argument("--limit", type=int, default=200, help="requests in a window")
    parser.add_argument("--window", type=float, default=20.0, help="seconds (a minute in production)")
    parser.add_argument("--seconds", type=float, default=43.0, help="how long to ask")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    options = parser.parse_args()
    with database(), multiprocessing.get_context("spawn").Pool(options.workers, initializer=django.setup) as pool:
        figures = measure(pool, options.workers, options.limit, options.window, options.seconds)
    print(json.dumps(figures))
    return 0 if figures["max_in_any_window"] <= options.limit and figures["used_share"] >= 0.95 else 1


django.setup()

from integrations.errors import TryLater  # noqa: E402
from klark.connections.rate_limit import RateLimit  # noqa: E402
from klark.models import Budget, Connection, within  # noqa: E402
from tests.bench.stage import database  # noqa: E402
from tests.klark import rows  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
