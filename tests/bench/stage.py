"""What a bench runs on: a PostgreSQL of its own, migrated, which this process and its children use."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from klark.standalone import standalone


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
