"""How many tickets a second the whole of klark deals with, and how long one tenant waits behind another.

    python -m tests.bench.throughput [--tickets 1000] [--model-s 2] --json
    {"tickets", "tickets_per_s", "cpu_ms": {…}, "kib", "own_ms_p50", "own_ms_p99", "webhook_to_write_p50_s",
     "webhook_to_write_p95_s", "alone_s", "behind_s"}

The demo's processes, without a model, or with the demo's recorded one, which takes `--model-s` seconds for each answer, judge
included: klark's web server, one worker of four threads, PostgreSQL, Valkey, both stand-ins, and
the demo's shop with its articles. A burst of tickets, half on each desk, with the texts of the demo's script over and over;
the stand-ins send the webhooks. `tickets_per_s`: from the first ticket until each is decided and written. `cpu_ms`: of each
process for one ticket; `triage` and `embedding` are the passes of the small models. `kib`: what the database grows by with
one, its log for recovery apart. `own_ms`: what a decision took, as klark records it, models and helpdesk's calls included.
`alone_s`: from the webhook to the decision for one ticket of another tenant on the idle machine, `behind_s` in the middle of
the burst (the median of BESIDE tickets each).
"""

import argparse
import itertools
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

import tests.bench.ready  # noqa: F401  # isort: skip

from django.core.management import call_command
from django.db import connections
from django.db.models import F

from klark.demo import shop
from klark.demo.model_choice import Writer, environment
from klark.demo.model_server import CLAIMS, RECORDED, Server
from klark.demo.processes import Stage, stage, wait_for_web
from klark.demo.recorded_model import RecordedModel
from klark.demo.recordings import load
from klark.demo.seed import BOTH, Seeded, await_meaning, seed
from klark.models import Connection, Decision, Delivery, WebhookEvent, within
from klark.runtime.processes import free_port
from klark.runtime.standalone import standalone
from tests.bench.cpu import seconds_by_part
from tests.bench.senders import event
from tests.klark import rows

PATIENCE_S = 3600.0
BESIDE = 9
Servers = Mapping[str, str]
"""The environment that names the database and the broker."""
PARTS: Mapping[str, Callable[[str], bool]] = {
    "triage": lambda line: "child.py" in line and "encoder.bin" in line,
    "embedding": lambda line: "child.py" in line,
    "worker": lambda line: "celery" in line,
    "web": lambda line: "serve" in line,
    "sandbox": lambda line: "integrations.sandbox" in line,
    "postgres": lambda line: "postgres" in line,
    "valkey": lambda line: "valkey" in line,
}


@dataclass(frozen=True)
class Scene:
    """What runs, the other tenant's account, and the numbers of its events."""

    running: Stage
    seeded: Seeded
    other: Connection
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def burst(self, count: int) -> None:
        """Opens tickets, half on each desk."""
        texts = [(ticket.subject, ticket.body_html) for ticket in shop.tickets()]
        for number in range(count):
            subject, body = texts[number // 2 % len(texts)]
            asker = {"name": "Robin Example", "email": f"robin{number}@example.com"}
            self.running.sandbox.ticket(BOTH[number % 2], subject=subject, body_html=body, requester=asker)

    def settle(self, count: int) -> None:
        """Waits until nothing is open, and at least this many tickets are decided."""
        start = time.monotonic()
        while self.open(self.seeded.tenant_id) or self.decided() < count:
            self.running.check()
            if time.monotonic() - start > PATIENCE_S:
                raise SystemExit(f"only {self.decided()} of {count} tickets were decided in {PATIENCE_S:.0f} seconds")
            time.sleep(0.5)

    def decided(self) -> int:
        """Returns how many tickets have a decision."""
        with within(self.seeded.tenant_id):
            return Decision.objects.values("connection", "ticket_id").distinct().count()

    def waited(self) -> float:
        """Returns the median of `beside` for BESIDE tickets."""
        return statistics.median(self.beside() for _ in range(BESIDE))

    def beside(self) -> float:
        """Returns the seconds from a webhook of the other tenant to its decision."""
        number = next(self.numbers)
        asker = {"name": "Sasha Example", "email": f"sasha{number}@example.com"}
        ticket = self.running.sandbox.ticket("zendesk", body="What does delivery cost?", requester=asker, webhook=False)
        body, headers = event(f"beside-{number}", ticket, rows.SECRET)
        start = time.monotonic()
        address = f"{self.running.web}/webhooks/{self.other.pk}/"
        requests.post(address, body, headers=headers, timeout=10).raise_for_status()
        while self.open(self.other.tenant_id):
            time.sleep(0.02)
        return time.monotonic() - start

    def open(self, tenant: int) -> bool:
        """Returns whether anything of this tenant is still to be decided or written."""
        with within(tenant):
            waits = WebhookEvent.objects.filter(state="due").exists()
            return waits or Delivery.objects.filter(state__in=("due", "sending")).exists()


def main() -> int:
    """Measure and print."""
    parser = arguments("tests.bench.throughput", __doc__)
    parser.add_argument("--model-s", type=float, help="seconds that the model takes (default: there is no model)")
    given = parser.parse_args()
    with slow_model(given.model_s) as writer, scene(writer) as ready:
        print(json.dumps(_measured(ready, given.tickets)))
    return 0


def arguments(bench: str, words: str | None) -> argparse.ArgumentParser:
    """Returns a parser of what both benches of a burst take."""
    parser = argparse.ArgumentParser(prog=bench, description=words)
    parser.add_argument("--tickets", type=int, default=1000, help="tickets of the burst (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    return parser


@contextmanager
def scene(
    writer: Writer = "none", apart: Callable[[Servers], AbstractContextManager[Servers]] = nullcontext
) -> Iterator[Scene]:
    """Starts everything and sets it up. `apart` may put something between klark's processes and their servers."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        with standalone(folder) as own, apart(own) as servers, stage(folder, servers, port, writer) as running:
            call_command("migrate", verbosity=0)
            yield _set_up(running)


class SlowModel(RecordedModel):
    """The demo's model, which takes its time. It runs in this process, which is not measured."""

    seconds = 0.0

    def answer(self, prompt: str, schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Returns what was recorded, after a while."""
        time.sleep(self.seconds)
        return super().answer(prompt, schema)


@contextmanager
def slow_model(seconds: float | None) -> Iterator[Writer]:
    """Serves the model, and tells the processes that are started meanwhile where; without `seconds`, there is none."""
    if seconds is None:
        yield "none"
        return
    model = SlowModel(load([RECORDED], CLAIMS))
    model.seconds = seconds
    with Server(0, model) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        os.environ.update(environment("recorded", f"127.0.0.1:{server.server_address[1]}", ()))
        yield "openai"  # the operator's own, as these variables say
        server.shutdown()


def _set_up(running: Stage) -> Scene:
    seeded = seed(running.sandbox, running.web)
    none = {"calls": 0, "updates": 0, "per_ticket": 0, "incremental": 0}
    running.sandbox.settings(limits={"zendesk": none, "freshdesk": {"calls": 0, "updates": 0, "lists": 0}})
    wait_for_web(running)
    await_meaning(seeded, lambda done, of: None, running.check)
    other = rows.connection(rows.tenant("other"), "zendesk")
    with within(other.tenant_id):
        Connection.objects.filter(pk=other.pk).update(address=running.sandbox.base("zendesk"))
    return Scene(running, seeded, other)


def _measured(scene: Scene, count: int) -> Mapping[str, object]:
    alone = scene.waited()
    behind: list[float] = []
    size, before, start = _bytes(), seconds_by_part(PARTS), time.monotonic()
    scene.burst(count)
    aside = threading.Thread(target=lambda: behind.append(scene.waited()))
    aside.start()
    scene.settle(count)
    took = time.monotonic() - start
    used = Counter(seconds_by_part(PARTS))
    used.subtract(before)
    aside.join()
    return {
        "tickets": count, "tickets_per_s": round(count / took, 2),
        "cpu_ms": {part: round(1000 * seconds / count, 1) for part, seconds in used.items()},
        "kib": round((_bytes() - size) / count / 1024, 1), **_times(scene),
        "alone_s": round(alone, 2), "behind_s": round(behind[0], 2),
    }  # fmt: skip


def _bytes() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


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
