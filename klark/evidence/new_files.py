"""Files that appear whole or not at all: reports, and examples for training."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Writes the files whole, or leaves those of an earlier run. Raises OSError."""
    with new_files(folder, texts) as files:
        for name, text in texts.items():
            files[name].write(text.encode())


@contextmanager
def new_files(folder: Path, names: Iterable[str]) -> Iterator[Mapping[str, IO[bytes]]]:
    """Yields files to write, by name, which only their owner may read. They have their names once all are whole; if anything
    fails they are deleted, and those of an earlier run stay. Raises OSError."""
    new = {name: folder / f"{name}.new" for name in names}
    try:
        with ExitStack() as opened:
            for path in new.values():
                path.touch(mode=0o600)  # it holds tickets, and the folder may have been there, open to all
            yield {name: opened.enter_context(path.open("wb")) for name, path in new.items()}
        for name, path in new.items():
            path.replace(folder / name)
    finally:
        for path in new.values():
            path.unlink(missing_ok=True)
