"""What a bench runs on: a PostgreSQL of its own, migrated, which this process and its children use; and stand-ins."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from django.core.management import call_command
from django.db import connections

from integrations.sandbox import records
from integrations.sandbox.client import Sandbox
from integrations.sandbox.server import make
from integrations.sandbox.world import World
from integrations.sandbox.write_journal import Journal
from klark.runtime.standalone import standalone
from tests.klark.conftest import CLOCK


@contextmanager
def database() -> Iterator[None]:
    """Until the end of the block; nothing of it stays."""
    folder = Path(tempfile.mkdtemp(prefix="klark-bench-"))
    try:
        with standalone(folder, broker=False):
            call_command("migrate", verbosity=0)
            yield
            for alias in connections:
                connections[alias].close()
                connections[alias].close_pool()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Stage:
    """Both stand-ins in this process."""

    sandbox: Sandbox
    world: World

    def fresh(self, number: int) -> None:
        """Before a run: the clock back to where no stamp is young, and now and then nothing of old runs."""
        CLOCK.restart()
        if number % 50 == 0:
            with self.world.lock:
                self.world.journal = Journal()
                for desk in self.world.desks.values():
                    desk.tickets.clear()


@contextmanager
def stand_ins() -> Iterator[Stage]:
    """Without limits and with a clock that makes nobody wait."""
    server = make()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    sandbox = Sandbox(f"http://127.0.0.1:{server.server_address[1]}")
    none = {"calls": 0, "updates": 0, "per_ticket": 0, "incremental": 0}
    sandbox.settings(limits={"zendesk": none, "freshdesk": {"calls": 0}})
    with patch.object(records, "now", CLOCK):
        yield Stage(sandbox, server.world)
    server.world.faults.clear()
    server.world.sender.close()
    server.shutdown()
    server.server_close()
