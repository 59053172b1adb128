"""Runs PostgreSQL and Valkey from their wheels, for the demo and the tests: `start(folder)`, with nothing to install.

Everything is kept in one folder: `postgres/`, `logs/`, `passwords.json` (0600). Two kernel locks (flock) guard it, so no
pid file is ever trusted, and no lock file can be left behind.

- The owner locks the folder itself. The lock ends with the owner, however it ends; a second owner is refused.
- The servers inherit an open, locked descriptor of `postgres/`. That lock ends with PostgreSQL's last process, so a new
  start waits for any servers that a killed owner left behind.

PostgreSQL reaches its files through the same descriptor: `/proc/self/fd/N` leads there without passing through the
folders above. When klark runs as root, which PostgreSQL refuses, the servers run as `nobody`. That account cannot enter
/root, for example, and opening the permissions of such folders is not an option.
"""

import fcntl
import json
import os
import pwd
import secrets
import shutil
import sys
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import TracebackType

from klark.runtime.binaries import Binaries, NoReadablePlace, NotInstalled, installed, readable
from klark.runtime.processes import UNCHANGED, Account, Child
from klark.runtime.servers import APPLICATION, OWNER, Passwords, Site, postgres_url, start_postgres, start_valkey

UNPRIVILEGED = "nobody"  # initdb needs an account with a name
LEFTOVERS_S = 30.0
POLL_S = 0.05


class CannotStart(RuntimeError):
    """The servers cannot be started. The message is one line for the user at the terminal."""


class FolderInUse(CannotStart):
    """Another process uses this folder, or the servers of one that has ended are still running on it."""


@dataclass(frozen=True)
class Engines:
    """The servers' addresses and their folder.

    The role of `database_url` is subject to row-level security; `owner_url` is for migrations.
    """

    database_url: str
    owner_url: str
    broker_url: str
    folder: Path


class Running:
    """Running servers. `stop()`, or the end of the `with` block, ends them and releases the folder."""

    def __init__(self, engines: Engines, children: tuple[Child, ...], undo: ExitStack) -> None:
        self.engines = engines
        self.children = children
        self._undo = undo

    def stop(self) -> None:
        """Stops the servers and releases the folder."""
        self._undo.close()

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(folder: Path, *, broker: bool = True, durable: bool = True, fresh: bool = False) -> Running:
    """Starts the servers on `folder`, which is created if missing. `fresh` deletes what they stored there before.

    Without `broker`, no Valkey is started and its URL is empty. Without `durable`, the database is faster but may be lost
    in a power cut. Must be called from the main thread. Raises CannotStart (or its subclass FolderInUse), or StartFailed
    with the end of a server's log.
    """
    if sys.platform != "linux":
        raise CannotStart("the embedded servers need Linux; set DATABASE_URL and BROKER_URL to use servers of your own")
    folder = folder.absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as undo:
        _lock(_opened(folder, undo), 0, f"{folder} is in use by another klark: stop that one, or choose another folder")
        account = _account(folder / "postgres")
        home = _private_folder(folder / "postgres", account, undo)
        _lock(home, LEFTOVERS_S, f"the PostgreSQL of an earlier klark is still at work on {folder}: try again later")
        if fresh:
            _forget(folder)
        site = Site(folder, account, _binaries(account), _passwords(folder), undo)
        engines, children = _started(site, home, broker=broker, durable=durable)
        return Running(engines, children, undo.pop_all())


def _started(site: Site, home: int, *, broker: bool, durable: bool) -> tuple[Engines, tuple[Child, ...]]:
    postgres, port = start_postgres(site, home, durable=durable)
    database_url = postgres_url(APPLICATION, site.passwords.application, port)
    owner_url = postgres_url(OWNER, site.passwords.owner, port)
    if not broker:
        return Engines(database_url, owner_url, "", site.folder), (postgres,)
    valkey, broker_url = start_valkey(site)
    return Engines(database_url, owner_url, broker_url, site.folder), (postgres, valkey)


def _opened(folder: Path, undo: ExitStack) -> int:
    # If links were followed, root could be made to give somebody else's folder to another account.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    undo.callback(os.close, descriptor)
    return descriptor


def _lock(descriptor: int, patience: float, refusal: str) -> None:
    """Locks an open folder until its last descriptor, here or in a child, is closed. Waits up to `patience` seconds.

    Raises FolderInUse with the message `refusal` if the folder stays locked.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise FolderInUse(refusal) from None
        time.sleep(POLL_S)


def _account(home: Path) -> Account:
    """Returns the account that the servers run as: under root, the owner of their files (initially `nobody`)."""
    if os.geteuid() != 0:
        return _named()
    if home.exists() and (kept := home.stat()).st_uid != 0:
        return Account(kept.st_uid, kept.st_gid)
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise CannotStart(
            f"PostgreSQL refuses to run as root, and there is no account {UNPRIVILEGED!r} here: run as an ordinary user"
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _named() -> Account:
    """An ordinary user is left unchanged, but must have a name: initdb looks it up and fails without (docker run --user)."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise CannotStart(
            f"PostgreSQL wants its user to have a name, and there is no account for uid {os.geteuid()}: "
            "add one to /etc/passwd, or set DATABASE_URL and BROKER_URL to use servers of your own"
        ) from None
    return UNCHANGED


def _private_folder(folder: Path, account: Account, undo: ExitStack) -> int:
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = _opened(folder, undo)
    if account != UNCHANGED:
        os.fchown(descriptor, *account)
    return descriptor


def _binaries(account: Account) -> Binaries:
    try:
        found = installed()
        return found if account == UNCHANGED else readable(found)
    except (NoReadablePlace, NotInstalled) as error:
        raise CannotStart(str(error)) from error


def _forget(folder: Path) -> None:
    for name in ("postgres/cluster", "postgres/unfinished", "logs"):
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "passwords.json").unlink(missing_ok=True)


def _passwords(folder: Path) -> Passwords:
    """Returns the passwords stored in `folder`, or creates them before the database, so no database exists without them."""
    kept = folder / "passwords.json"
    if kept.exists():
        return Passwords(**json.loads(kept.read_text()))
    if (folder / "postgres" / "cluster").exists():
        raise CannotStart(
            f"{kept} is gone, and the database beside it cannot be opened without: bring it back, or start afresh"
        )
    passwords = Passwords(*(secrets.token_urlsafe(24) for _ in fields(Passwords)))
    draft = kept.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(passwords)))
    draft.rename(kept)
    return passwords
