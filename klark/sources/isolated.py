"""Reads PDF, Word and Excel files in a separate process with a time limit and a memory limit.

A file that is made to crash or stall its reader is then lost, but nothing else. The child is `isolated_child`.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from klark.sources.base import BadDocument, Sheet, Unreadable
from klark.sources.refusals import Refusal

SECONDS = 120.0
CHILD = "klark.sources.isolated_child"
HERE = Path(__file__).parents[2]
SHOWN = 200


def read(path: Path) -> Iterator[Sheet | Unreadable]:
    """Reads a file in a separate process, by its suffix. Raises BadDocument."""
    try:
        done = subprocess.run(  # noqa: S603  # our own module, and a path as one argument
            [sys.executable, "-m", CHILD, str(path)], cwd=HERE, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BadDocument(Refusal.TOO_SLOW % {"seconds": f"{SECONDS:g}"}) from error
    yield from _told(done)


def _told(done: "subprocess.CompletedProcess[bytes]") -> list[Sheet | Unreadable]:
    lines = done.stdout.splitlines()
    if done.returncode or not lines or lines[-1] != b'"end"':
        raise BadDocument(_complaint(done))
    return [_one(json.loads(line)) for line in lines[:-1]]


def _complaint(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Returns the reader's own message, or the last line of its traceback."""
    said = done.stderr.decode(errors="replace").strip().splitlines() or [f"ended with {done.returncode}"]
    if done.returncode == BAD:
        return said[-1][:SHOWN]
    return Refusal.DAMAGED_OR_TOO_MUCH % {"error": said[-1][:SHOWN]}


BAD = 3
"""The child's exit status for a file that cannot be read."""


def written(one: Sheet | Unreadable) -> str:
    """Returns the line of JSON by which the child reports an article or a part that was left out."""
    return json.dumps({"kind": type(one).__name__, **asdict(one)}, default=str)


def _one(told: dict[str, str]) -> Sheet | Unreadable:
    if told["kind"] == "Unreadable":
        return Unreadable(told["key"], told["why"], bool(told["meant"]))
    return Sheet(told["title"], told["html"], told["part"], told["language"], told["url"])
