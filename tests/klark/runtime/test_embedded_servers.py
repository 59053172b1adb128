"""The embedded servers: who may do what, what is kept, and that nothing is left behind; against real servers."""

import fcntl
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from psycopg.conninfo import make_conninfo
from redis.backoff import NoBackoff
from redis.retry import Retry

from klark.runtime import embedded_servers, servers
from klark.runtime.binaries import installed
from klark.runtime.embedded_servers import CannotStart, Engines, FolderInUse, Running, start
from klark.runtime.processes import UNCHANGED, Account, StartFailed, free_port, spawn
from klark.runtime.servers import Passwords, Site
from tests.klark.owners import ROOT, family, gone, owner, soon, status

pytestmark = pytest.mark.slow


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        return cursor.fetchall() if cursor.description else []


def quickly(folder: Path, **options: bool) -> Running:
    return start(folder, **{"broker": False, "durable": False, **options})


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def server_account(folder: Path) -> Account:
    """The account that the servers of `folder` run as, when it is not this one."""
    kept = (folder / "postgres").stat()
    return UNCHANGED if kept.st_uid == os.geteuid() else Account(kept.st_uid, kept.st_gid)


def test_a_user_without_a_name_is_told_before_anything_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    with pytest.raises(CannotStart, match="there is no account for uid 54321: add one to /etc/passwd"):
        start(tmp_path / "home")
    assert not (tmp_path / "home" / "postgres" / "cluster").exists()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Servers for the tests that only look; pytest makes the folders above with mode 0700."""
    with start(tmp_path_factory.mktemp("embedded") / "home", durable=False) as started:
        yield started


@pytest.fixture(scope="module")
def engines(running: Running) -> Engines:
    return running.engines


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose servers have been stopped after one row was written."""
    folder = tmp_path_factory.mktemp("stopped") / "home"
    with quickly(folder) as started:
        ask(started.engines.owner_url, "CREATE TABLE kept AS SELECT 42 AS number")
    return folder


@pytest.fixture
def home(stopped: Path, tmp_path: Path) -> Path:
    """A copy of `stopped` for one test, owners included."""
    subprocess.run(["cp", "-a", str(stopped), str(tmp_path / "home")], check=True)
    return tmp_path / "home"


def test_the_database_has_the_extensions_and_sorts_the_same_on_every_machine(engines: Engines) -> None:
    assert ask(engines.owner_url, "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY 1") == [
        ("pg_trgm",), ("unaccent",), ("vector",),
    ]  # fmt: skip
    facts = "pg_encoding_to_char(encoding), datlocprovider, datlocale"
    assert ask(engines.owner_url, f"SELECT {facts} FROM pg_database WHERE datname = 'klark'") == [
        ("UTF8", "b", "C.UTF-8")
    ]
    assert ask(engines.owner_url, "SHOW timezone") == [("UTC",)]


def test_the_application_role_has_no_power_but_to_connect(engines: Engines) -> None:
    powers = "rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolcanlogin"
    assert ask(engines.database_url, f"SELECT current_user, {powers} FROM pg_roles WHERE rolname = current_user") == [
        ("klark_app", False, False, False, False, False, True)
    ]
    rights = "unnest(ARRAY['CONNECT', 'TEMPORARY', 'CREATE']) AS kind"
    held = f"SELECT kind FROM {rights} WHERE has_database_privilege('klark_app', 'klark', kind)"
    assert ask(engines.database_url, held) == [("CONNECT",)]


@pytest.mark.parametrize(
    "attempt", ["CREATE TABLE t ()", "CREATE TEMPORARY TABLE t ()", "CREATE ROLE r", "CREATE DATABASE d"]
)
def test_the_application_role_makes_nothing(engines: Engines, attempt: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(engines.database_url, attempt)


def test_row_level_security_binds_the_application_role(engines: Engines) -> None:
    ask(engines.owner_url, "CREATE TABLE walled AS SELECT generate_series(1, 3) AS tenant")
    ask(engines.owner_url, "GRANT SELECT ON walled TO klark_app; ALTER TABLE walled ENABLE ROW LEVEL SECURITY")
    ask(engines.owner_url, "CREATE POLICY second ON walled USING (tenant = 2)")
    assert ask(engines.database_url, "SELECT tenant FROM walled") == [(2,)]


def test_the_owner_may_make_roles_and_databases(engines: Engines) -> None:
    for statement in ("CREATE ROLE guest", "DROP ROLE guest", "CREATE DATABASE second", "DROP DATABASE second"):
        ask(engines.owner_url, statement)


def test_a_wrong_password_is_refused(engines: Engines) -> None:
    port = port_of(engines.owner_url)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://klark_owner:wrong@127.0.0.1:{port}/klark")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=port_of(engines.broker_url), retry=Retry(NoBackoff(), 0)).ping()


def test_the_broker_keeps_nothing_on_disk(engines: Engines) -> None:
    with redis.Redis.from_url(engines.broker_url, decode_responses=True) as broker:
        assert {**broker.config_get("save"), **broker.config_get("appendonly")} == {"save": "", "appendonly": "no"}


def test_no_password_is_shown_by_a_command_line_or_an_environment(running: Running) -> None:
    shown = b"".join(
        Path(f"/proc/{c.pid}/{what}").read_bytes() for c in running.children for what in ("cmdline", "environ")
    )
    secrets = json.loads((running.engines.folder / "passwords.json").read_text())
    assert sorted(secrets) == ["application", "broker", "owner"]
    assert [name for name, secret in secrets.items() if secret.encode() in shown] == []


def test_the_servers_listen_on_this_machine_only(running: Running) -> None:
    ports = {f"{port_of(url):04X}" for url in (running.engines.owner_url, running.engines.broker_url)}
    rows = [
        line.split() for table in ("tcp", "tcp6") for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    assert {row[1] for row in rows if row[3] == "0A" and row[1][-4:] in ports} == {f"0100007F:{port}" for port in ports}


def test_no_server_runs_as_root(running: Running) -> None:
    assert [child.pid for child in running.children if "0" in status(child.pid, "Uid").split()] == []


def test_a_folder_below_private_ones_works_and_no_mode_is_changed(home: Path, tmp_path: Path) -> None:
    inner = tmp_path / "private" / "more private"
    inner.mkdir(parents=True)
    (tmp_path / "private").chmod(0o700)
    inner.chmod(0o700)
    home.rename(inner / "home")  # `running` shows that files are made in such a folder, too
    above = [inner, *inner.parents]
    before = [(path.stat().st_mode, path.stat().st_uid) for path in above]
    with quickly(inner / "home") as started:
        assert ask(started.engines.database_url, "SELECT 1") == [(1,)]
        assert [(path.stat().st_mode, path.stat().st_uid) for path in above] == before
    assert [(path.stat().st_mode, path.stat().st_uid) for path in above] == before


def test_what_is_secret_is_readable_by_its_owner_only(engines: Engines) -> None:
    modes = {name: stat.S_IMODE((engines.folder / name).stat().st_mode) for name in (".", "passwords.json", "postgres")}
    assert modes == {".": 0o700, "passwords.json": 0o600, "postgres": 0o700}


def test_a_second_start_on_the_folder_is_refused_in_one_line(running: Running) -> None:
    with pytest.raises(FolderInUse) as refusal:
        quickly(running.engines.folder)
    folder = running.engines.folder
    assert str(refusal.value) == f"{folder} is in use by another klark: stop that one, or choose another folder"
    assert ask(running.engines.database_url, "SELECT 1") == [(1,)]


def test_of_two_starts_at_once_exactly_one_wins(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    with owner("embedded", str(folder)) as first, owner("embedded", str(folder)) as second:
        facts = [first.facts(), second.facts()]
        (winner,) = [fact for fact in facts if "owner_url" in fact]
        assert ask(winner["owner_url"], "SELECT 1") == [(1,)]
    assert [fact["refusal"] for fact in facts if "refusal" in fact] == [
        f"{folder} is in use by another klark: stop that one, or choose another folder"
    ]


def test_rows_and_passwords_survive_a_restart_and_stop_may_be_repeated(home: Path) -> None:
    passwords = (home / "passwords.json").read_text()
    with quickly(home) as again:
        assert ask(again.engines.owner_url, "SELECT number FROM kept") == [(42,)]
    assert (home / "passwords.json").read_text() == passwords
    again.stop()
    assert [child.alive() for child in again.children] == [False]


def test_a_fresh_start_forgets_rows_and_passwords_and_asks_nothing_of_the_locale_of_whoever_starts_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = (home / "passwords.json").read_text()
    for name, setting in {"LC_ALL": "xx_YY.UTF-8", "LANG": "xx_YY", "PGDATA": "/nowhere", "PGPORT": "1"}.items():
        monkeypatch.setenv(name, setting)
    with quickly(home, fresh=True) as again:
        assert ask(again.engines.owner_url, "SELECT to_regclass('kept')") == [(None,)]
        assert ask(again.engines.owner_url, "SHOW lc_messages") == [("C",)]
    assert (home / "passwords.json").read_text() != passwords


def test_stop_leaves_no_process_no_port_and_no_lock(home: Path) -> None:
    with start(home, durable=False) as started:
        pids = [pid for child in started.children for pid in family(child.pid)]
        ports = [port_of(started.engines.owner_url), port_of(started.engines.broker_url)]
    assert len(pids) > 3
    assert [pid for pid in pids if not gone(pid)] == []
    for port in ports:
        with closing(socket.socket()) as client:
            assert client.connect_ex(("127.0.0.1", port)) != 0
    assert sorted(path.name for path in home.iterdir()) == ["logs", "passwords.json", "postgres"]
    assert not (home / "postgres" / "cluster" / "postmaster.pid").exists()
    for folder in (home, home / "postgres"):
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(descriptor)


def test_a_killed_owner_leaves_no_server_and_the_next_start_finds_every_row(home: Path) -> None:
    with owner("embedded", str(home)) as killed:
        facts = killed.facts()
        pids = [pid for leader in facts["pids"] for pid in family(leader)]
        ask(facts["owner_url"], "INSERT INTO kept VALUES (43)")
        killed.kill()
        with quickly(home) as again:  # at once: the old servers may still be ending
            assert ask(again.engines.owner_url, "SELECT number FROM kept ORDER BY 1") == [(42,), (43,)]
    assert soon(lambda: all(map(gone, pids)))


def test_a_killed_postgres_is_replaced_though_its_pid_file_names_a_living_innocent(home: Path) -> None:
    innocent = spawn(["sleep", "600"], account=server_account(home))
    try:
        pid_file = home / "postgres" / "cluster" / "postmaster.pid"
        pid_file.write_text(f"{innocent.pid}\n/proc/self/fd/3/cluster\n1700000000\n5432\n\n127.0.0.1\n  1 1\nready\n")
        with quickly(home) as again:
            assert ask(again.engines.owner_url, "SELECT number FROM kept") == [(42,)]
        assert innocent.alive()
    finally:
        innocent.stop()


def test_servers_of_an_ended_owner_that_are_still_at_work_are_waited_for_and_not_disturbed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_servers, "LEFTOVERS_S", 0.2)
    descriptor = os.open(home / "postgres", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    straggler = spawn(["sleep", "600"], pass_fds=[descriptor])
    os.close(descriptor)
    with pytest.raises(FolderInUse) as refusal:
        quickly(home)
    assert str(refusal.value) == f"the PostgreSQL of an earlier klark is still at work on {home}: try again later"
    assert straggler.alive()
    straggler.stop()
    quickly(home).stop()


def test_every_process_of_postgres_holds_the_lock_that_the_next_start_waits_for(running: Running) -> None:
    postgres = str(running.engines.folder / "postgres")
    processes = family(running.children[0].pid)
    holders = [pid for pid in processes if postgres in map(os.readlink, Path(f"/proc/{pid}/fd").iterdir())]
    assert holders == processes


def test_a_start_that_was_killed_half_way_is_made_again(home: Path) -> None:
    cluster = home / "postgres" / "cluster"
    cluster.rename(cluster.with_name("unfinished"))
    (home / "passwords.json").unlink()
    with quickly(home) as again:
        assert ask(again.engines.database_url, "SELECT 1") == [(1,)]
    assert not cluster.with_name("unfinished").exists()


def test_a_start_killed_before_the_role_and_the_database_were_made_is_completed(home: Path) -> None:
    with quickly(home) as first:
        maintenance = make_conninfo(first.engines.owner_url, dbname="postgres")
        ask(maintenance, "DROP DATABASE klark")
        ask(maintenance, "DROP ROLE klark_app")
    with quickly(home) as again:
        assert ask(again.engines.database_url, "SELECT 1") == [(1,)]


def test_lost_passwords_are_named_and_nothing_is_touched(home: Path) -> None:
    (home / "passwords.json").unlink()
    with pytest.raises(CannotStart) as refusal:
        quickly(home)
    kept = home / "passwords.json"
    assert str(refusal.value) == (
        f"{kept} is gone, and the database beside it cannot be opened without: bring it back, or start afresh"
    )
    assert (home / "postgres" / "cluster" / "PG_VERSION").exists()


def test_a_port_that_is_taken_in_between_is_replaced(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        offered = iter([taken.getsockname()[1], taken.getsockname()[1]])
        monkeypatch.setattr(servers, "free_port", lambda: next(offered, None) or free_port())
        with quickly(home) as again:
            assert ask(again.engines.database_url, "SELECT 1") == [(1,)]


def test_a_postgres_that_cannot_start_shows_its_log_and_frees_the_folder(home: Path) -> None:
    version = home / "postgres" / "cluster" / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(StartFailed, match=r"before it was ready\n(.*\n)*.*incompatible with server"):
        quickly(home)
    version.write_text("18\n")
    quickly(home).stop()


def test_durable_decides_whether_a_power_cut_may_lose_rows(home: Path, engines: Engines) -> None:
    with quickly(home, durable=True) as again:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            shown = [ask(each.owner_url, f"SHOW {setting}") for each in (again.engines, engines)]
            assert (setting, shown) == (setting, [[("on",)], [("off",)]])


def test_without_a_broker_there_is_one_server_and_no_broker_url(home: Path) -> None:
    with quickly(home, broker=False) as again:
        assert (again.engines.broker_url, [child.name for child in again.children]) == ("", ["postgres"])


def test_a_server_is_told_nothing_of_the_environment_but_where_programs_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        os, "environ", {"PATH": os.environ["PATH"], "KLARK_SECRET_KEY": "secret", "PGOPTIONS": "-c work_mem=1"}
    )
    with ExitStack() as undo:
        site = Site(tmp_path, UNCHANGED, installed(), Passwords("a", "b", "c"), undo)
        child = site.spawn("env", ["env"], stop=signal.SIGTERM, orphan=signal.SIGKILL)
        assert child.ended_within(10)
        told = dict(line.split("=", 1) for line in child.output().splitlines())
    assert told == {"PATH": os.environ["PATH"], "LC_ALL": "C", "TZ": "UTC"}


def test_a_running_server_that_dies_is_seen(home: Path) -> None:
    with quickly(home) as again:
        (postgres,) = again.children
        os.kill(postgres.pid, signal.SIGKILL)
        assert postgres.ended_within(10)
        assert not postgres.alive()


def test_django_is_not_needed() -> None:
    code = "import sys, klark.runtime.embedded_servers; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
