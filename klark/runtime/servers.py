"""Starts one PostgreSQL and one Valkey as child processes. Read `klark.runtime.embedded_servers` first, which calls this.

Both listen on 127.0.0.1 only and require a generated password. They get it through memory, because any account can read a
command line.
"""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from klark.runtime.binaries import Binaries
from klark.runtime.processes import Account, Child, StartFailed, free_port, spawn, wait_until

OWNER, APPLICATION, DATABASE = "klark_owner", "klark_app", "klark"
EXTENSIONS = ("unaccent", "pg_trgm", "vector")
START_S = 60.0  # a server that was killed first replays its write-ahead log
STOP_S = 20.0
PORT_TRIES = 5
PORT_TAKEN = "Address already in use"
POSTGRES_READY = "database system is ready to accept connections"
VALKEY_READY = "Ready to accept connections tcp"

INITDB = (
    f"--username={OWNER}",
    "--encoding=UTF8",
    "--locale=C",  # otherwise from the environment, which may name a locale that is not installed
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-host=scram-sha-256",
    "--auth-local=reject",
    "--no-instructions",
)
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path is limited to about 107 bytes, and the folder's may be longer
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For databases that may be lost in a power cut, and live for minutes: nothing is kept for a crash, and nothing tidied up.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",  # which wal_level asks for
    "autovacuum": "off",
}
VALKEY_CONF = 'bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ""\nappendonly no\n'


@dataclass(frozen=True)
class Passwords:
    """The password of each server account: the database's owner, the application's role, and the broker."""

    owner: str
    application: str
    broker: str


@dataclass(frozen=True)
class Site:
    """What every server of one `embedded_servers.start` is started with. Closing `undo` stops them."""

    folder: Path
    account: Account
    binaries: Binaries
    passwords: Passwords
    undo: ExitStack

    def spawn(
        self, name: str, argv: list[str | Path], *fds: int, stop: signal.Signals, orphan: signal.Signals
    ) -> Child:
        """Starts a server with a minimal environment, its log in `logs/NAME.log` and the descriptors `fds` inherited.

        It is stopped with the signal `stop`, and gets `orphan` if this process dies. Raises as `processes.spawn`.
        """
        # Only what is needed to find programs and libraries: no PGOPTIONS, secrets or locale of klark's own environment.
        env = {key: os.environ[key] for key in ("PATH", "LD_LIBRARY_PATH") if key in os.environ}
        child = spawn(
            argv,
            env=env | {"LC_ALL": "C", "TZ": "UTC"},
            account=self.account,
            log=self.folder / "logs" / f"{name}.log",
            cwd=Path("/"),
            stop_signal=stop,
            orphan_signal=orphan,
            pass_fds=fds,
        )
        self.undo.callback(child.stop, STOP_S)
        return child


@contextmanager
def _in_memory(text: str) -> Iterator[int]:
    """Yields a descriptor from which a child can read `text`, as the file `/proc/self/fd/N`."""
    descriptor = os.memfd_create("klark")
    try:
        os.write(descriptor, text.encode())
        yield descriptor
    finally:
        os.close(descriptor)


def _on_a_free_port(launch: Callable[[int], Child], ready: str, tries: int = PORT_TRIES) -> tuple[Child, int]:
    """Launches a server on a free port, or on another if the port has been taken meanwhile. Returns the child and the port.

    The server is ready once its own log says `ready`. Connecting could send the password to another program on that port.
    """
    port = free_port()
    child = launch(port)
    try:
        wait_until(lambda: ready in child.output(), START_S, "it was ready", child)
    except StartFailed as error:
        child.stop()
        if tries == 1 or PORT_TAKEN not in str(error):
            raise
        return _on_a_free_port(launch, ready, tries - 1)
    return child, port


def postgres_url(user: str, password: str, port: int, database: str = DATABASE) -> str:
    """Returns the URL of a database on this machine."""
    return f"postgresql://{user}:{password}@127.0.0.1:{port}/{database}"


def start_postgres(site: Site, home: int, *, durable: bool) -> tuple[Child, int]:
    """Starts PostgreSQL on the folder open as descriptor `home`, creating its files, role and database if missing.

    The descriptor must be locked, so that no server of an earlier start still uses these files. Returns the child and the
    port. Raises StartFailed.
    """
    cluster = site.folder / "postgres" / "cluster"
    if not cluster.exists():
        _make_cluster(site, home, cluster)
    # A killed server leaves its pid file, and the next one refuses to start while *any* process of its account has that
    # pid. The lock is better proof than a pid: every process that could still use these files would hold it.
    (cluster / "postmaster.pid").unlink(missing_ok=True)
    settings = SETTINGS | ({} if durable else NOT_DURABLE)
    options = [part for name, choice in settings.items() for part in ("-c", f"{name}={choice}")]
    argv: list[str | Path] = [site.binaries.postgres, "-D", f"/proc/self/fd/{home}/cluster", *options]
    child, port = _on_a_free_port(
        # SIGINT is PostgreSQL's "fast shutdown": it closes connections, ends its children and leaves nothing to replay.
        lambda port: site.spawn(
            "postgres", [*argv, "-c", f"port={port}"], home, stop=signal.SIGINT, orphan=signal.SIGINT
        ),
        POSTGRES_READY,
    )
    _furnish(postgres_url(OWNER, site.passwords.owner, port, "postgres"), site.passwords.application)
    return child, port


def _make_cluster(site: Site, home: int, cluster: Path) -> None:
    """Creates the files under another name first, so that a start killed half-way leaves nothing that looks finished."""
    unfinished = cluster.with_name("unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    with _in_memory(site.passwords.owner) as password:
        target = ["-D", f"/proc/self/fd/{home}/unfinished", f"--pwfile=/proc/self/fd/{password}"]
        argv: list[str | Path] = [site.binaries.initdb, *target, *INITDB]
        child = site.spawn("initdb", argv, home, password, stop=signal.SIGTERM, orphan=signal.SIGKILL)
        finished = child.ended_within(START_S)
    if child.stop() != 0 or not finished:
        raise StartFailed(f"initdb could not make {cluster}{child.tail()}")
    unfinished.rename(cluster)


def _furnish(url: str, application_password: str) -> None:
    """Creates the application role and the database, each only if missing, so that the next start completes a cut one."""
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION]).fetchone():
            powerless = sql.SQL(
                "CREATE ROLE {} LOGIN PASSWORD {} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"
            )
            connection.execute(powerless.format(sql.Identifier(APPLICATION), sql.Literal(application_password)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    furnish_database(url, DATABASE)


def furnish_database(owner_url: str, name: str) -> None:
    """Creates the extensions in database `name`, and lets the application role connect to it and nothing else.

    May be called repeatedly.
    """
    database, application = sql.Identifier(name), sql.Identifier(APPLICATION)
    with psycopg.connect(make_conninfo(owner_url, dbname=name), autocommit=True) as connection:
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, application))
        for extension in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))


def start_valkey(site: Site) -> tuple[Child, str]:
    """Starts Valkey as a broker that persists nothing, since all work is in the database. Returns the child and its URL.

    Raises StartFailed.
    """

    def launch(port: int) -> Child:
        with _in_memory(VALKEY_CONF.format(port=port, password=site.passwords.broker)) as conf:
            argv: list[str | Path] = [site.binaries.valkey, f"/proc/self/fd/{conf}"]
            return site.spawn("valkey", argv, conf, stop=signal.SIGTERM, orphan=signal.SIGKILL)

    child, port = _on_a_free_port(launch, VALKEY_READY)
    return child, f"redis://:{site.passwords.broker}@127.0.0.1:{port}/0"
