"""Lists a folder, or a Git checkout, as a source: every file in it of a format that klark knows.

A file's key is its path in the folder, as in `guide/fr/delivery.md`. Links are not followed, and names that begin with a
dot are ignored.
"""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from klark.sources.base import Entry, Listing, Vanished
from klark.sources.formats import FORMATS, INSTEAD, read


def listing(address: str) -> Listing:
    """Returns all files of the folder at the path `address`. Raises Vanished if it, or any part of it, cannot be read.

    The listing is complete or fails, so a file that is not in it is really gone.
    """
    root = Path(address)
    if not root.is_dir():
        raise Vanished(f"there is no folder {root}")
    try:
        paths = sorted(_files(root))
        entries = [Entry(_key(root, path), _sign(path), partial(read, path)) for path in paths]
    except OSError as error:
        raise Vanished(f"{error.filename or root} cannot be looked into: {error.strerror}") from error
    return Listing(entries, root.is_dir)


def _files(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root, onerror=_give_up):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in names:
            path = Path(folder, name)
            if _is_wanted(path):
                yield path


def _give_up(error: OSError) -> None:
    """Raises the error. Otherwise os.walk would skip a folder that it cannot read, whose files would then seem to be gone."""
    raise error


def _is_wanted(path: Path) -> bool:
    suffix = path.suffix.lower()
    if path.name.startswith((".", "~$")) or not (suffix in FORMATS or suffix in INSTEAD):
        return False
    return path.is_file() and not path.is_symlink()


def _sign(path: Path) -> str:
    stat = path.stat()
    return f"{stat.st_mtime_ns}.{stat.st_size}"


def _key(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix().encode(errors="replace").decode()
