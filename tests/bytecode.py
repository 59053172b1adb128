"""Where Python is told to keep no bytecode, the processes of a test run share a folder of it, which ends with the run.

Each of some sixty processes would otherwise compile Django and klark for itself, and each pytest worker all tests.
"""

import atexit
import os
import shutil
import sys
import tempfile


def share() -> None:
    """Keeps what this process imports from now on for itself and for those that it starts; nothing where no test runs (mypy
    reads these settings, too)."""
    if not sys.dont_write_bytecode or "pytest" not in sys.modules:
        return
    folder = tempfile.mkdtemp(prefix="klark-bytecode-")
    atexit.register(_forget, folder, os.getpid())
    sys.dont_write_bytecode, sys.pycache_prefix = False, folder
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = folder


def _forget(folder: str, owner: int) -> None:
    """Not in a forked child."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
