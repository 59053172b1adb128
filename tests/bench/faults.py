"""The fault bench: klark's own processes, killed, stopped, cut off and lied to at named points, judged by a referee.

    python -m tests.bench.faults --count 50 --json
    {"faults", "lost", "doubled", "over_a_human", "parked", "seed", "wall_s", "cpu_s", …}

Each fault is one seeded scenario: some tickets, and something that goes wrong (tests/faults/families.py). The referee is a
process of its own that reads the stand-ins' record and klark's pages over HTTP. The same seed plays the same scenario:
`--seed N` with `--count 1` replays one, and `--seeds A-B` goes on where a run ended. Status 1 if any promise was broken.

    python -m tests.bench.faults --planted [NAME…] --json
    {"planted", "caught", "missed", "no_longer_apply"}

The same referee on klark with a bug: each patch of tests/faults/planted/, or those named, must be found, by all probes (see
tests.faults.probes) or those in `--probes`. Both may be asked for at once, with `--count`.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.faults.families import FAMILIES
from tests.faults.planting import CHANCES, names, try_all
from tests.faults.play import Played, furnished, play, referee
from tests.faults.probes import PROBES
from tests.faults.scene import Ask
from tests.faults.stage.ground import ROOT, Ground, ground
from tests.faults.stage.klark_processes import BOTH, Klark
from tests.faults.verdicts import KINDS

MAIN = KINDS[:3]


def arguments() -> argparse.Namespace:
    """Parses the command line."""
    parser = argparse.ArgumentParser(prog="tests.bench.faults")
    parser.add_argument("--count", type=int, help="how many faults (default: 50, or none with --planted)")
    parser.add_argument("--seed", type=int, default=1, help="the first seed (default: %(default)s)")
    parser.add_argument("--seeds", default="", metavar="A-B", help="these seeds, both included")
    parser.add_argument("--family", default="", choices=["", *FAMILIES, *PROBES], help="one kind of scenario only")
    parser.add_argument("--planted", nargs="*", metavar="NAME", help="find planted bugs: those named, or all")
    parser.add_argument("--probes", nargs="*", choices=[*PROBES], help="on the planted bugs, play these only")
    parser.add_argument("--verbose", action="store_true", help="tell each scenario on standard error")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object on standard output")
    return parser.parse_args()


def seeds_of(given: argparse.Namespace) -> Sequence[int]:
    """Returns the seeds to play."""
    if given.seeds:
        first, _, last = given.seeds.partition("-")
        return range(int(first), int(last or first) + 1)
    count = given.count if given.count is not None else 50 if given.planted is None else 0
    return range(given.seed, given.seed + count)


def measure(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Plays all seeds on one stage, and tries the planted bugs."""
    start, told = time.monotonic(), dict[str, Any]()
    with ground(folder) as here, ExitStack() as undo:
        klark = Klark(here, ROOT, undo)
        connections = furnished(here, klark)
        with referee(here, connections) as ask:
            if seeds := seeds_of(given):
                klark.start(*BOTH)
                told |= played_all(seeds, given, here, klark, ask) | {"seed": seeds[0]}
            klark.stop()
            if given.planted is not None:
                told |= tried_all(given, here, ask)
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(each.ru_utime + each.ru_stime for each in used)
    return {**told, "wall_s": round(time.monotonic() - start, 1), "cpu_s": round(cpu_s, 1)}


def played_all(seeds: Sequence[int], given: argparse.Namespace, here: Ground, klark: Klark, ask: Ask) -> dict[str, Any]:
    """Returns the sums of all scenarios."""
    done, start = list[Played](), time.monotonic()
    for seed in seeds:
        done.append(play(seed, here, klark, ask, given.family))
        tell(done[-1], given.verbose, time.monotonic() - start)
    return figures(done)


def tried_all(given: argparse.Namespace, here: Ground, ask: Ask) -> dict[str, Any]:
    """Returns what became of the planted bugs."""
    probes = given.probes or (*PROBES, *CHANCES)
    tried = [*try_all(given.planted or names(), probes, here, ask, lambda one: print(one, file=sys.stderr, flush=True))]
    by_fate = {fate: [one.name for one in tried if one.fate == fate] for fate in ("missed", "no_longer_apply")}
    return {"planted": len(tried), "caught": sum(one.fate == "caught" for one in tried), **by_fate}


def tell(played: Played, verbose: bool, since_s: float) -> None:
    """Says on standard error what went wrong, with the seed that plays it again."""
    if played.findings or verbose:
        print(f"{since_s:7.1f} s  seed {played.seed} {played.family}: {played.story}", file=sys.stderr, flush=True)
    for kind, ticket, why in played.findings:
        print(f"    {kind} on {ticket}: {why}   (--seed {played.seed} --count 1)", file=sys.stderr, flush=True)


def figures(done: Sequence[Played]) -> dict[str, Any]:
    """Returns the sums. Of the kinds beside the main three, only what was found."""
    found = Counter(kind for each in done for kind in {(finding[0], finding[1]) for finding in each.findings})
    by_kind = Counter[str]()
    for (kind, _), count in found.items():
        by_kind[kind] += count
    others = {kind: by_kind[kind] for kind in KINDS if kind not in MAIN and by_kind[kind]}
    return {
        "faults": len(done), **{kind: by_kind[kind] for kind in MAIN}, "parked": sum(each.parked for each in done), **others,
        "tickets": sum(each.tickets for each in done), "failed_seeds": [each.seed for each in done if each.findings],
        "families": dict(sorted(Counter(each.family for each in done).items())),
    }  # fmt: skip


def main() -> int:
    """Plays and prints."""
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="klark-faults-", ignore_cleanup_errors=True) as name:
        told = measure(given, Path(name))
    print(json.dumps(told))
    red = ("failed_seeds", "missed", "no_longer_apply")
    return 1 if any(told.get(name) for name in red) else 0


if __name__ == "__main__":
    sys.exit(main())
