"""Planted bugs: patches of klark that each break a promise. The bench must find every one of them.

A patch is applied to a copy of the tree in a temporary folder; the stage plays scenarios on the klark of that copy, with a
database of its own, until the referee finds something.
"""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.faults.play import PRISTINE, Played, play
from tests.faults.scene import Ask
from tests.faults.stage.ground import ROOT, Ground
from tests.faults.stage.klark_processes import BOTH, Klark
from tests.faults.stage.waiting import Rows

FOLDER = Path(__file__).parent / "planted"
UNOPENED = FOLDER / "unopened.txt"
PACKAGES = ("klark", "integrations", "guardrails")
CHANCES = ("killed", "orders", "helpdesk", "database", "people", "killed", "clock", "model", "killed")
"""What is played after the probes, if they have found nothing."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What became of one patch: "caught", "missed" or "no_longer_apply", and what was found."""

    name: str
    fate: str
    found: str = ""
    took_s: float = 0.0


def names() -> Sequence[str]:
    """Returns the names of all patches."""
    return sorted(path.stem for path in FOLDER.glob("*.patch"))


def copied(name: str, folder: Path) -> Path | None:
    """Returns a copy of the tree with this patch, or `None` if it does not apply."""
    tree = folder / name
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__"))
    command = ["git", "apply", "--whitespace=nowarn", str(FOLDER / f"{name}.patch")]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip(), file=sys.stderr)
        return None
    return tree


def try_all(
    chosen: Sequence[str], probes: Sequence[str], ground: Ground, ask: Ask, tell: Callable[[Planted], None]
) -> Iterator[Planted]:
    """Tries each patch on a running stage, whose database was kept as PRISTINE."""
    for name in chosen:
        start = time.monotonic()
        tree = copied(name, ground.folder / "trees")
        fate = Planted(name, "no_longer_apply") if tree is None else _tried(name, tree, probes, ground, ask)
        fate = Planted(fate.name, fate.fate, fate.found, round(time.monotonic() - start, 1))
        shutil.rmtree(ground.folder / "trees" / name, ignore_errors=True)
        tell(fate)
        yield fate


def _tried(name: str, tree: Path, probes: Sequence[str], ground: Ground, ask: Ask) -> Planted:
    start = time.monotonic()
    ground.servers.put_back(PRISTINE)
    Rows(ground).run("UPDATE klark_connection SET start_mark = date_trunc('second', now())")
    with ExitStack() as undo:
        try:
            klark = Klark(ground, tree, undo)
            klark.start(*BOTH)
            for number, family in enumerate(probes):
                played = play(number, ground, klark, ask, family)
                print(f"    {name}: {family}, {time.monotonic() - start:.0f} s", file=sys.stderr, flush=True)
                if played.findings:
                    return Planted(name, "caught", _words(played))
        except (RuntimeError, OSError) as error:  # it does not start, or its pages fail: the referee has seen nothing
            return Planted(name, "missed", f"{type(error).__name__}: {str(error)[:200]}")
    return Planted(name, "missed")


def _words(played: Played) -> str:
    kind, ticket, why = played.findings[0]
    return f"{kind} on {ticket}: {why} ({played.family}, seed {played.seed})"
