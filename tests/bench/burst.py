"""The burst that the benches of whole tickets share: the demo's processes, the demo's shop, and many accounts of its helpdesks.

klark keeps to Zendesk's limit of updates in a minute and account (integrations/helpdesks/zendesk/limits.py), so a burst is
spread over accounts: PER_ACCOUNT tickets for each, if their number is not given. Every ticket has a text of its own, so that
no completion, no vector and no reading of one serves another.
"""

import argparse
import itertools
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

import tests.bench.ready  # noqa: F401  # isort: skip

from django.core.management import call_command

from integrations.sandbox.client import Sandbox
from klark.demo import shop
from klark.demo.model_choice import Writer, environment, use_here
from klark.demo.model_server import CLAIMS, RECORDED, Server
from klark.demo.processes import Stage, stage, wait_for_desks, wait_for_web
from klark.demo.recorded_model import RecordedModel
from klark.demo.recordings import load
from klark.demo.seed import BOTH, Seeded, await_meaning, seed
from klark.drafting.scheduled_judge_checks import qualify
from klark.models import Connection, Decision, Delivery, WebhookEvent, within
from klark.runtime.processes import free_port
from klark.runtime.standalone import standalone
from tests.bench.senders import event
from tests.klark import rows

PATIENCE_S = 3600.0
BESIDE = 9
PER_ACCOUNT = 50
THREADS = 4
CATCH_UP_S = 300
"""How often klark reads an account's changes, as in production: the demo's 20 seconds are for one account."""
NAMES = ("Robin", "Sasha", "Camille", "Noor", "Lou", "Maxime", "Ange", "Eden")
NO_LIMIT = {"zendesk": {"calls": 0, "updates": 0, "per_ticket": 0, "incremental": 0},
            "freshdesk": {"calls": 0, "updates": 0, "lists": 0}}  # fmt: skip
Servers = Mapping[str, str]
"""The environment that names the database and the broker."""
PARTS: Mapping[str, Callable[[str], bool]] = {
    "triage": lambda line: "child.py" in line and "encoder.bin" in line,
    "embedding": lambda line: "child.py" in line,
    "worker": lambda line: "celery" in line,
    "web": lambda line: "manage serve" in line,
    "sandbox": lambda line: "integrations.sandbox" in line,
    "postgres": lambda line: "postgres" in line,
    "valkey": lambda line: "valkey" in line,
}


class SlowModel(RecordedModel):
    """The demo's model, which takes its time. It runs in this process, which is not measured."""

    seconds = 0.0

    def __init__(self) -> None:
        super().__init__(load([RECORDED], CLAIMS))
        self.calls = self.running = self.most = 0
        self.lock = threading.Lock()

    def answer(self, prompt: str, schema: Mapping[str, Any], system: str = "") -> Mapping[str, Any] | None:
        """Returns what was recorded, after a while."""
        with self.lock:
            self.calls, self.running = self.calls + 1, self.running + 1
            self.most = max(self.most, self.running)
        try:
            time.sleep(self.seconds)
            return super().answer(prompt, schema, system)
        finally:
            with self.lock:
                self.running -= 1


@dataclass(frozen=True)
class Scene:
    """What runs, the stand-ins of the burst (each has an account of both products), the other tenant's stand-in and account
    there, the numbers of the tickets, and the model if there is one."""

    running: Stage
    seeded: Seeded
    accounts: Sequence[Sandbox]
    apart: Sandbox
    other: Connection
    model: SlowModel | None = None
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def burst(self, count: int) -> None:
        """Opens tickets, half on each desk."""
        texts = [(ticket.subject, ticket.body_html) for ticket in shop.tickets()]
        for number in range(count):
            subject, body = texts[number // 2 % len(texts)]
            name, own = NAMES[number % len(NAMES)], next(self.numbers)
            asker = {"name": f"{name} Example", "email": f"{name.lower()}{own}@example.com"}
            signed = f"{body}<p>{name} Example, dossier {own} {letters(own)}</p>"
            account = self.accounts[number // 2 % len(self.accounts)]
            account.ticket(BOTH[number % 2], subject=subject, body_html=signed, requester=asker)

    def settle(self, count: int, look: Callable[[], None] = lambda: None) -> None:
        """Waits until nothing is open, and at least this many tickets are decided; calls `look` now and then."""
        start = time.monotonic()
        while self.open(self.seeded.tenant_id) or self.decided() < count:
            self.running.check()
            self._nothing_parked()
            look()
            if time.monotonic() - start > PATIENCE_S:
                raise SystemExit(f"only {self.decided()} of {count} tickets were decided in {PATIENCE_S:.0f} seconds")
            time.sleep(0.5)

    def _nothing_parked(self) -> None:
        with within(self.seeded.tenant_id):
            if row := WebhookEvent.objects.filter(state="parked").first():
                raise SystemExit(f"ticket {row.ticket_id} was parked: {row.trouble}")

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
        ticket = self.apart.ticket("zendesk", body="What does delivery cost?", requester=asker, webhook=False)
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


def letters(number: int) -> str:
    """Returns a number as a word of its own: the mask hides figures from a model, so that they tell no two prompts apart."""
    return "".join("bdfgklmnrt"[int(digit)] + "aeiou"[int(digit) % 5] for digit in str(number))


def arguments(bench: str, words: str | None) -> argparse.ArgumentParser:
    """Returns a parser of what the benches of a burst take."""
    parser = argparse.ArgumentParser(prog=bench, description=words)
    parser.add_argument("--tickets", type=int, default=1000, help="tickets of the burst (default: %(default)s)")
    parser.add_argument(
        "--accounts", type=int, help=f"accounts of each helpdesk (default: one for {PER_ACCOUNT} tickets)"
    )
    parser.add_argument("--threads", type=int, default=THREADS, help="of a worker (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    return parser


@contextmanager
def scene(
    given: argparse.Namespace,
    model: SlowModel | None = None,
    apart: Callable[[Servers], AbstractContextManager[Servers]] = nullcontext,
) -> Iterator[Scene]:
    """Starts everything and sets it up. `apart` may put something between klark's processes and their servers."""
    accounts = given.accounts or -(-given.tickets // 2 // PER_ACCOUNT)
    own = {"KLARK_CATCH_UP_SECONDS": str(CATCH_UP_S), "KLARK_WORKER_THREADS": str(given.threads)}
    with tempfile.TemporaryDirectory() as name, served(model) as writer:
        folder, port = Path(name), free_port()
        with (
            standalone(folder) as plain,
            apart(plain) as servers,
            stage(folder, {**servers, **own}, port, writer) as running,
        ):
            call_command("migrate", verbosity=0)
            yield _set_up(running, accounts, model)


@contextmanager
def served(model: SlowModel | None) -> Iterator[Writer]:
    """Serves the model, and tells the processes that are started meanwhile where it is."""
    if model is None:
        yield "none"
        return
    with Server(0, model) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = environment("recorded", f"127.0.0.1:{server.server_address[1]}", ())
        os.environ.update(told)
        use_here(told)
        yield "openai"  # the operator's own, as these variables say
        server.shutdown()


def _set_up(running: Stage, accounts: int, model: SlowModel | None) -> Scene:
    wait_for_desks(running)
    seeded = seed(running.sandbox, running.web)
    stand_ins = [running.sandbox, *(running.sandbox.account(str(number)) for number in range(2, accounts + 1))]
    for number, stand_in in enumerate(stand_ins):
        stand_in.settings(limits=NO_LIMIT)
        if number:
            _connect(running, seeded.tenant_id, stand_in, number)
    wait_for_web(running)
    await_meaning(seeded, lambda done, of: None, running.check)
    if model:
        qualify(seeded.tenant_id, lambda done, of: None)
    apart = running.sandbox.account("other")
    return Scene(running, seeded, stand_ins, apart, rows.connection(rows.tenant("other"), "zendesk", apart), model)


def _connect(running: Stage, tenant_id: int, stand_in: Sandbox, number: int) -> None:
    for desk in BOTH:
        name = f"fanalou{number}" if desk == "zendesk" else f"fanalou{number}.freshdesk.com"
        row = rows.connection(tenant_id, desk, stand_in, account=name)
        stand_in.webhook(desk, f"{running.web}/webhooks/{row.pk}/", rows.SECRET)
