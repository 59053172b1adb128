"""Someone writes in the last 50 ms before klark does: how often does klark write all the same?

    python -m tests.bench.race --runs 400 --json
    {"runs", "window_ms", "zendesk": {"close", "over_a_human"}, "freshdesk": {"close", "over_a_human", "gap_ms"}}

A reply is due; an agent or the customer writes at a random moment around the one at which klark's write is expected. By
the stand-ins' own times, only runs in which that was within the last `window_ms` before the write came in are `close`.
Runs in which klark saw the other's comment and did not write are close where the write would have been expected then.
`gap_ms` is the median time between the last read and the write, as the stand-in sees them.
"""

import argparse
import json
import os
import random
import statistics
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from integrations.sandbox import people_actions, records  # noqa: E402
from integrations.sandbox import world as worlds  # noqa: E402
from integrations.sandbox.client import DeskName  # noqa: E402
from klark import tasks  # noqa: E402
from klark.delivery import deliver  # noqa: E402
from klark.models import Budget, Connection, Delivery  # noqa: E402
from tests.bench.stage import Stage, database, stand_ins  # noqa: E402
from tests.klark import rows  # noqa: E402

NOW = records.now
WARM_UP, FIRST_S = 5, 3.0  # runs in which the other comes too late, to see how long klark takes


@dataclass
class Clocked:
    """When the stand-in looked at the last read and at the write, in seconds; 0 where none came."""

    read: float = 0.0
    write: float = 0.0

    def note(self, method: str) -> None:
        """A call is looked at now."""
        if method == "GET":
            self.read = time.perf_counter()
        elif not self.write:
            self.write = time.perf_counter()


CLOCKED = Clocked()
LOOK = worlds._look


def looked(world: Any, desk: Any, product: Any, call: Any, write: Any) -> Any:
    """The stand-in's own look at a call, with its time."""
    if not CLOCKED.write:
        CLOCKED.note(call.method)
    return LOOK(world, desk, product, call, write)


@dataclass(frozen=True)
class Raced:
    """One run: seconds from the other's comment to klark's write (or to when it was expected), and what came of it."""

    before_write: float
    over: bool
    gap: float


def race(
    stage: Stage, account: Connection, expected: float, window: float, chance: random.Random
) -> tuple[Raced, float]:
    """A run, and how long it took until the write (0: there was none)."""
    desk: DeskName = account.helpdesk  # type: ignore[assignment]  # one of the two
    ticket_id = stage.sandbox.ticket(desk, body=rows.ASKED, webhook=False)
    ticket = stage.world.desks[desk].tickets[ticket_id]
    ticket.updated_at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=30)
    case = rows.Case(desk, account, stage.sandbox, ticket_id)
    rows.delivery(account, ticket_id, seen=case.seen, readers_seen=case.readers)
    rows.change(Budget, held_until=None)
    said: list[float] = []
    speaker = {"as": chance.choice(("agent", "customer")), "body_html": "<p>Wait.</p>"}
    start = time.perf_counter()
    moment = start + max(expected - chance.uniform(-0.2, 1.2) * window, 0)

    def other() -> None:
        time.sleep(max(moment - time.perf_counter(), 0))
        with stage.world.lock:
            people_actions.say(stage.world.desks[desk], ticket, speaker)
            said.append(time.perf_counter())

    CLOCKED.read = CLOCKED.write = 0.0
    thread = threading.Thread(target=other)
    thread.start()
    tasks.step(Delivery, deliver.deliver)
    thread.join()
    written = next((c for c in ticket.comments if c.by == "klark"), None)
    wrote_at = CLOCKED.write or start + expected
    others = next(c.n for c in ticket.comments if c.html == speaker["body_html"])
    over = written is not None and written.n > others
    rows.change(Delivery, {"state__in": ["due", "sending"]}, state="parked")
    took = CLOCKED.write - start if CLOCKED.write else 0.0
    return Raced(wrote_at - said[0], over, CLOCKED.write - CLOCKED.read if CLOCKED.write else 0.0), took


def measure_desk(stage: Stage, account: Connection, runs: int, window: float, chance: random.Random) -> dict[str, Any]:
    """One helpdesk."""
    expected, done, tooks = FIRST_S, [], []
    for number in range(WARM_UP + runs):
        raced, took = race(stage, account, expected, window if number >= WARM_UP else 0.0, chance)
        done.append(raced)
        if took:
            tooks.append(took)
        if number >= WARM_UP - 1:
            expected = statistics.median(tooks[-15:])
    close = [each for each in done[WARM_UP:] if 0 <= each.before_write <= window]
    gaps = [each.gap * 1000 for each in done[WARM_UP:] if each.gap]
    figures: dict[str, Any] = {"close": len(close), "over_a_human": sum(each.over for each in close)}
    return {**figures, "gap_ms": round(statistics.median(gaps), 1)} if account.helpdesk == "freshdesk" else figures


def measure(runs: int, window_ms: float, seed: int) -> dict[str, Any]:
    """Both, half of the runs each."""
    chance = random.Random(seed)
    with stand_ins() as stage, patch.object(records, "now", NOW), patch.object(worlds, "_look", looked):
        owner = rows.tenant()
        accounts = {desk: rows.connection(owner, desk, stage.sandbox) for desk in rows.DESKS}
        figures = {
            desk: measure_desk(stage, accounts[desk], runs // 2, window_ms / 1000, chance) for desk in rows.DESKS
        }
    return {"runs": runs // 2 * 2, "window_ms": window_ms, **figures}


def main() -> int:
    """Run and print; status 1 where klark wrote over anyone on Zendesk."""
    parser = argparse.ArgumentParser(prog="tests.bench.race")
    parser.add_argument("--runs", type=int, default=400)
    parser.add_argument("--window", type=float, default=50.0, help="milliseconds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    options = parser.parse_args()
    with database():
        figures = measure(options.runs, options.window, options.seed)
    print(json.dumps(figures))
    return 1 if figures["zendesk"]["over_a_human"] else 0


if __name__ == "__main__":
    sys.exit(main())
