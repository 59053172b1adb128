"""What stays whichever klark is tried: servers, stand-ins, the proxies between all of them, and where everything is.

Read `klark_processes` for the klark that is put in the middle, and `scenarios` for what happens to it.
"""

import asyncio
import json
import os
import secrets
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from integrations.sandbox.client import DeskName, Sandbox
from klark.runtime.processes import Child, spawn, wait_until
from tests.faults.stage import model
from tests.faults.stage.engines import Servers
from tests.faults.stage.http_proxy import HttpProxy
from tests.faults.stage.postgres_proxy import PostgresProxy
from tests.faults.stage.shop import ACCOUNTS
from tests.faults.stage.switchboard import Switchboard
from tests.faults.stage.tcp_proxy import TcpProxy

ROOT = Path(__file__).resolve().parents[3]
HOST = "127.0.0.1"
START_S = 90.0
LOGIN = "referee"
PACE = {
    "KLARK_READ_SECONDS": "2",
    "KLARK_LOOK_SECONDS": "1",
    "KLARK_MODEL_SECONDS": "4",
    "KLARK_CATCH_UP_SECONDS": "86400",
}
NO_LIMITS: Mapping[DeskName, Mapping[str, int]] = {
    "zendesk": {"calls": 0, "updates": 0, "per_ticket": 0, "incremental": 0},
    "freshdesk": {"calls": 0, "updates": 0, "lists": 0},
}


class Loop:
    """An event loop in a thread of its own, for the proxies."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def do(self, work: Any) -> Any:
        """Runs a coroutine there and returns its result."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)


@dataclass(frozen=True)
class Desk:
    """One account's stand-in, and the proxy that klark reaches it by."""

    name: DeskName
    child: Child
    sandbox: Sandbox
    proxy: HttpProxy


class Ground:
    """Servers, stand-ins and proxies."""

    def __init__(self, folder: Path, undo: ExitStack) -> None:
        self.folder, self.undo = folder, undo
        self.board, self.loop = Switchboard(), Loop()
        self.password, self.secret = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
        self.keys = secrets.token_urlsafe(50), Fernet.generate_key().decode()
        self.servers = Servers(folder / "servers")
        undo.callback(self.servers.stop)
        self.model = model.Server()
        self.databases = {
            name: PostgresProxy(name, self.board, self.servers.database_port) for name in ("web", "worker")
        }
        self.broker = TcpProxy("broker", self.board, self.servers.broker_port)
        self.model_proxy = HttpProxy("worker", "model", self.board, self.model.server_port)
        self.door = HttpProxy("web", "door", self.board, 0)
        self.desks = {name: self._desk(name, desk) for name, _, desk, _ in ACCOUNTS}
        for each in (*self.databases.values(), self.broker, self.model_proxy, self.door):
            self.loop.do(each.open())

    def _desk(self, account: str, desk: str) -> Desk:
        argv = [sys.executable, "-m", "integrations.sandbox", "--port", "0", "--senders", "4"]
        child = spawn(argv, log=self.folder / f"{account}.log", cwd=ROOT)
        self.undo.callback(child.stop, 2)
        wait_until(lambda: '{"port"' in child.output(), START_S, "the stand-in helpdesks", child)
        port = int(json.loads(next(line for line in child.output().splitlines() if line.startswith("{")))["port"])
        sandbox = Sandbox(f"http://{HOST}:{port}")
        sandbox.settings(limits=NO_LIMITS, incremental_lag_s=0, retry_scale=0.001, timeout_s=4)
        proxy = HttpProxy("worker", "helpdesk", self.board, port)
        self.loop.do(proxy.open())
        return Desk("zendesk" if desk == "zendesk" else "freshdesk", child, sandbox, proxy)

    @property
    def model_url(self) -> str:
        """The model's address, as klark knows it."""
        return f"http://{HOST}:{self.model_proxy.port}/v1"

    @property
    def web(self) -> str:
        """klark's own address, as the helpdesks know it."""
        return f"http://{HOST}:{self.door.port}"

    def environment(self) -> dict[str, str]:
        """Returns what klark's processes are told."""
        engines = self.servers.running.engines
        broker = engines.broker_url.replace(f":{self.servers.broker_port}/", f":{self.broker.port}/")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("KLARK_", "DJANGO_"))}
        return {
            **kept, **PACE, "DJANGO_SETTINGS_MODULE": "klark.settings", "KLARK_MODE": "demo", "BROKER_URL": broker,
            "DATABASE_URL": engines.database_url, "DATABASE_OWNER_URL": engines.owner_url,
            "KLARK_SECRET_KEY": self.keys[0], "KLARK_ENCRYPTION_KEYS": f"k:{self.keys[1]}",
            "KLARK_MODEL_URL": self.model_url, "KLARK_MODEL_NAME": model.NAME, "KLARK_MODEL_KEY": "none",
            "KLARK_EMBEDDINGS": "openai", "KLARK_EMBEDDINGS_URL": self.model_url, "KLARK_EMBEDDINGS_MODEL": model.NAME,
            "KLARK_EMBEDDINGS_KEY": "none", "KLARK_PRIVATE_HOSTS": f"{HOST}:{self.model_proxy.port}",
        }  # fmt: skip

    def subscribe(self, connections: Mapping[str, str]) -> None:
        """Sets up the stand-ins' webhooks."""
        for name, desk in self.desks.items():
            desk.sandbox.webhook(desk.name, f"{self.web}/webhooks/{connections[name]}/", self.secret)

    def restart_servers(self) -> None:
        """Kills PostgreSQL and starts it again; the proxies find it on its new port."""
        self.servers.kill()
        for proxy in self.databases.values():
            proxy.upstream = self.servers.database_port
        self.broker.upstream = self.servers.broker_port

    def quiet(self) -> bool:
        """Returns whether no webhook is on its way."""
        return all(desk.sandbox.health()["webhooks_idle"] for desk in self.desks.values())


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """Starts what stays, until the end of the block."""
    with ExitStack() as undo:
        yield Ground(folder, undo)
