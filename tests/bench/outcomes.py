"""Whether klark's figures on outcomes are what their definitions say, for an invented quarter of tickets.

    python -m tests.bench.outcomes [--tickets 10000] [--json]
    {"tickets", "turns", "figures", "equal", "different": [the path of each that differs], "all": {…}, "klark_s", "counter_s"}

`klark_s`: the seconds that klark took to read and count; `counter_s`: those of the counter (tests/bench/outcome_counter.py).
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Mapping
from typing import Any

import tests.bench.ready  # noqa: F401  # isort: skip

from klark.evidence.kpis import kpis
from klark.evidence.turns import turns_of
from klark.models import within
from tests.bench.outcome_counter import count
from tests.bench.quarter import SINCE, UNTIL, ZONE, store, tickets
from tests.bench.stage import database

MINUTES = 4
"""What a sent draft saves, as a lead has said."""


def leaves(found: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yields each single figure with its path."""
    for name, one in found.items():
        if isinstance(one, Mapping):
            yield from leaves(one, f"{path}{name}/")
        else:
            yield path + name, one


def compared(most: int, seed: int = 17) -> dict[str, Any]:
    """Stores so many tickets, counts them twice, and returns what differs."""
    made = tickets(most, seed)
    tenant = store(made)
    start = time.perf_counter()
    with within(tenant):
        ours = kpis(turns_of(tenant, SINCE, UNTIL), UNTIL, MINUTES)
    half = time.perf_counter()
    theirs = count(made, SINCE, UNTIL, ZONE, MINUTES)
    end = time.perf_counter()
    one, other = dict(leaves(ours)), dict(leaves(theirs))
    different = [path for path in {**one, **other} if path not in one or path not in other or one[path] != other[path]]
    return {
        "tickets": most, "turns": ours["all"]["turns"], "figures": len(other), "equal": len(other) - len(different),
        "different": different, "all": ours["all"], "klark_s": round(half - start, 2), "counter_s": round(end - half, 2),
    }  # fmt: skip


def main() -> int:
    """Compares and prints; the exit status is 1 if a figure differs."""
    parser = argparse.ArgumentParser(prog="tests.bench.outcomes", description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="one line")
    given = parser.parse_args()
    with database():
        found = compared(given.tickets)
    print(json.dumps(found, default=str, indent=None if given.json else 2))
    return bool(found["different"])


if __name__ == "__main__":
    sys.exit(main())
