"""Plays seeded scenarios on a running stage, and has each judged by the referee."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from tests.faults.families import FAMILIES
from tests.faults.probes import PROBES
from tests.faults.scene import Ask, Found, Scene
from tests.faults.stage.ground import HOST, LOGIN, ROOT, Ground
from tests.faults.stage.klark_processes import Klark
from tests.faults.stage.waiting import Rows
from tests.faults.verdicts import Case

PRISTINE = "pristine"
"""The name of the copy of the database as it was before the first scenario."""


@dataclass(frozen=True, slots=True)
class Played:
    """One scenario: what was done, what was found, and how many tickets a person was told of."""

    seed: int
    family: str
    story: str
    findings: Sequence[Found]
    parked: int
    tickets: int


@contextmanager
def referee(ground: Ground, connections: Mapping[str, str]) -> Iterator[Ask]:
    """Starts the referee's process; yields how it is asked."""
    argv = [sys.executable, "-m", "tests.faults.referee"]
    told = {
        "accounts": {name: (desk.sandbox.address, desk.name, connections[name]) for name, desk in ground.desks.items()},
        "login": LOGIN, "password": ground.password, "model": f"http://{HOST}:{ground.model.server_port}",
    }  # fmt: skip
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdin
        assert child.stdout
        print(json.dumps(told), file=child.stdin, flush=True)

        def ask(cases: Sequence[Case]) -> Mapping[str, Any]:
            question = {"cases": [asdict(case) for case in cases], "web": f"http://{HOST}:{ground.door.upstream}"}
            print(json.dumps(question), file=child.stdin, flush=True)
            line = child.stdout.readline() if child.stdout else ""
            if not line:
                raise RuntimeError("the referee has gone")
            answer: Mapping[str, Any] = json.loads(line)
            return answer

        try:
            yield ask
        finally:
            child.stdin.close()


def family_of(seed: int, only: str = "") -> str:
    """Returns the kind of scenario that a seed stands for."""
    weights = [weight for weight, _ in FAMILIES.values()]
    return only or random.Random(f"family {seed}").choices(list(FAMILIES), weights)[0]


def play(seed: int, ground: Ground, klark: Klark, ask: Ask, only: str = "") -> Played:
    """Plays one scenario to its end and has it judged."""
    family = family_of(seed, only)
    scene = Scene(seed, ground, klark, Rows(ground), random.Random(f"scene {seed}"), ask=ask)
    scene.heal()
    (PROBES.get(family) or FAMILIES[family][1])(scene)
    scene.settle()
    if not scene.caught_up and scene.undelivered():
        scene.catch_up()
        scene.settle()
    parked = scene.judge()
    return Played(seed, family, "; ".join(scene.story), tuple(scene.findings), parked, len(scene.cases))


def furnished(ground: Ground, klark: Klark) -> Mapping[str, str]:
    """Sets everything up for the first scenario, but does not start klark yet; returns the connections' ids."""
    connections = klark.furnish()
    ground.servers.copy(PRISTINE)
    ground.subscribe(connections)
    return connections
