"""Starting a server, without one: ports that are taken meanwhile, passwords that never touch a command line or a disk."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from signal import SIGTERM
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from klark.runtime import processes, servers
from klark.runtime.processes import Child, StartFailed, free_port, wait_until
from klark.runtime.servers import INITDB, NOT_DURABLE, PORT_TAKEN, PORT_TRIES, SETTINGS, VALKEY_CONF, postgres_url


@dataclass
class Launched:
    """A server that has said `says` in its log, or has ended."""

    says: str
    running: bool = True
    stops: list[float] = field(default_factory=list)
    name: str = "postgres"

    def output(self) -> str:
        return self.says

    def tail(self) -> str:
        return f"\n  {self.says}"

    def alive(self) -> bool:
        return self.running

    def stop(self, timeout: float = 10.0) -> int:
        self.stops.append(timeout)
        return 1


def launching(*children: Launched) -> tuple[Callable[[int], Child], list[int]]:
    """What launches these one after the other, and the ports it was told."""
    ports: list[int] = []

    def launch(port: int) -> Child:
        ports.append(port)
        return cast("Child", children[min(len(ports), len(children)) - 1])

    return launch, ports


READY = Launched("LOG: ready to accept")
TAKEN = Launched(f"could not bind: {PORT_TAKEN}", running=False)
BROKEN = Launched("FATAL: no space left", running=False)


def test_a_server_that_is_ready_keeps_its_port_and_is_not_stopped() -> None:
    launch, ports = launching(READY)
    child, port = servers._on_a_free_port(launch, "ready to accept")
    assert (child, [port], READY.stops) == (READY, ports, [])


def test_a_port_that_somebody_took_meanwhile_is_given_up_for_another() -> None:
    taken = replace(TAKEN, stops=[])
    launch, ports = launching(taken, taken, READY)
    child, port = servers._on_a_free_port(launch, "ready to accept")
    assert (child, port, len(ports), len(taken.stops) >= 2) == (READY, ports[-1], 3, True)


def test_ports_that_are_always_taken_are_given_up_in_the_end() -> None:
    launch, ports = launching(replace(TAKEN, stops=[]))
    with pytest.raises(StartFailed, match=PORT_TAKEN):
        servers._on_a_free_port(launch, "ready to accept")
    assert len(ports) == PORT_TRIES


def test_what_another_port_would_not_mend_is_told_at_once() -> None:
    broken = replace(BROKEN, stops=[])
    launch, ports = launching(broken)
    with pytest.raises(StartFailed, match=r"postgres ended with status 1 before it was ready\n  FATAL: no space left"):
        servers._on_a_free_port(launch, "ready to accept")
    assert (len(ports), bool(broken.stops)) == (1, True)


def test_a_secret_is_read_from_memory_and_is_gone_afterwards() -> None:
    with servers._in_memory("pass word\n") as descriptor:
        path = Path(f"/proc/self/fd/{descriptor}")
        assert (path.read_text(), path.readlink().name.startswith("memfd:klark")) == ("pass word\n", True)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_an_address_names_role_port_and_database() -> None:
    parts = urlsplit(postgres_url("klark_app", "s3cret", 5511))
    assert (parts.username, parts.password, parts.hostname, parts.port, parts.path) == (
        "klark_app", "s3cret", "127.0.0.1", 5511, "/klark")  # fmt: skip
    assert postgres_url("a", "b", 1, "other").endswith("/other")


def test_servers_listen_here_only_and_ask_for_a_password() -> None:
    conf = VALKEY_CONF.format(port=6001, password="s3cret").splitlines()
    assert conf == ["bind 127.0.0.1", "port 6001", "requirepass s3cret", 'save ""', "appendonly no"]
    assert (SETTINGS["listen_addresses"], SETTINGS["unix_socket_directories"]) == ("127.0.0.1", "")
    assert [part for part in INITDB if part.startswith("--auth")] == [
        "--auth-host=scram-sha-256",
        "--auth-local=reject",
    ]
    assert set(NOT_DURABLE) & set(SETTINGS) == set()


def told_to_spawn(monkeypatch: pytest.MonkeyPatch, site: servers.Site) -> dict[str, Any]:
    """What a server is started with."""
    given: dict[str, Any] = {}

    def spawn(argv: object, **options: Any) -> object:
        given.update(options, argv=argv)
        return SimpleNamespace(stop=lambda timeout: given.update(stopped=timeout))

    monkeypatch.setattr(servers, "spawn", spawn)
    site.spawn("valkey", ["valkey-server", "/proc/self/fd/7"], 7, stop=SIGTERM, orphan=SIGTERM)
    return given


def test_a_server_knows_nothing_of_its_owner_and_is_stopped_with_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KLARK_SECRET_KEY", "secret")
    monkeypatch.setenv("PGOPTIONS", "-c x=y")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")
    undo = servers.ExitStack()
    passwords = servers.Passwords("o", "a", "b")
    site = servers.Site(tmp_path, processes.UNCHANGED, cast("Any", None), passwords, undo)
    given = told_to_spawn(monkeypatch, site)
    assert given["env"] == {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": "/opt/lib", "LC_ALL": "C", "TZ": "UTC"}
    assert (given["log"], given["cwd"], given["pass_fds"]) == (tmp_path / "logs" / "valkey.log", Path("/"), (7,))
    assert "stopped" not in given
    undo.close()
    assert given["stopped"] == servers.STOP_S


# Processes: what is read of a child's log, and how long is waited.


def child_with(log: Path | None, start: int = 0) -> Child:
    return Child("web", log, start, SIGTERM, cast("Any", SimpleNamespace(pid=1, returncode=0)))


def test_of_a_long_log_the_last_lines_are_shown_each_on_its_own(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"earlier\n" + b"".join(b"line %d\n" % number for number in range(40)) + b"\xff end")
    tail = child_with(log, len(b"earlier\n")).tail().split("\n")
    assert (tail[0], len(tail) - 1, tail[1], tail[-1]) == ("", processes.TAIL_LINES, "  line 26", "  \ufffd end")
    assert "earlier" not in child_with(log, len(b"earlier\n")).output()


def test_a_child_without_a_log_has_nothing_to_show() -> None:
    assert (child_with(None).output(), child_with(None).tail()) == ("", "")


def test_waiting_asks_at_least_once_and_says_what_it_waited_for() -> None:
    asked: list[int] = []
    wait_until(lambda: bool(asked.append(1)) or True, 0, "PostgreSQL answered")
    assert asked == [1]
    with pytest.raises(StartFailed, match=r"^0 s went by before PostgreSQL answered$"):
        wait_until(lambda: False, 0, "PostgreSQL answered")
    with pytest.raises(StartFailed, match=r"^0\.01 s went by before it was ready\n  so far$"):
        wait_until(lambda: False, 0.01, "it was ready", cast("Child", Launched("so far")))


def test_ports_that_are_free_are_above_those_of_the_system() -> None:
    assert all(1024 < free_port() < 65536 for _ in range(5))


def test_a_folder_for_the_log_is_made(tmp_path: Path) -> None:
    with processes._open_log(tmp_path / "deep" / "logs" / "web.log") as log:
        log.write(b"x")
    with processes._open_log(None) as nowhere:
        nowhere.write(b"x")
    assert (tmp_path / "deep" / "logs" / "web.log").read_bytes() == b"x"
