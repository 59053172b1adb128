"""Nothing lost, nothing doubled, never over a human: workers killed at every point, helpdesks at their worst.

    python -m tests.bench.delivery --runs 2000 --json
    {"runs", "lost", "doubled", "over_a_human", "unsure", "settled"}

Each run is one reply or note that is due on a ticket of its own, against a real PostgreSQL and both stand-ins over real
HTTP, both started here. A worker dies at one point (sometimes another at a second one): an exception that nothing
records, so that its transaction is undone and its row stays as it was; then its lease ends and the next one comes. The
helpdesk meanwhile answers, fails, times out, or applies the write and drops the answer; an agent or the customer may
write as well. Waiting is left out: whatever is due later is due at once.

lost           not ended, or ended as sent without being on the ticket, or given up without a reason or a next step
doubled        on the ticket more than once
over_a_human   applied although an agent's comment or assignment was newer than the customer's last comment
unsure         ended with a person, who is told to look at the ticket
settled        ended without one
"""

import argparse
import itertools
import json
import os
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from integrations.helpdesks import HELPDESKS  # noqa: E402
from integrations.helpdesks.freshdesk.client import Freshdesk  # noqa: E402
from integrations.sandbox.client import DeskName, Sandbox  # noqa: E402
from klark import tasks  # noqa: E402
from klark.delivery import deliver  # noqa: E402
from klark.models import Budget, Connection, Delivery, WebhookEvent  # noqa: E402
from tests.bench.stage import database, stand_ins  # noqa: E402
from tests.klark import rows  # noqa: E402

STEPS = 24  # more than any row can need
READ_S, LATE_S = 0.25, 0.4
ENDED = ("sent", "retired", "parked")
POINTS = (
    "never", "before the read", "after the read", "before the door", "at the door", "behind the door", "after the write",
    "between two writes", "while recording", "after the read-back",
)  # fmt: skip
HELPDESK: dict[str, dict[str, Any] | None] = {
    "answers": None,
    "fails, not applied": {"kind": "status", "status": 500},
    "fails, applied": {"kind": "status", "status": 502, "apply": True},
    "times out, applied": {"kind": "delay", "seconds": LATE_S, "apply": True},
    "times out, not applied": {"kind": "delay", "seconds": LATE_S, "apply": False},
    "applies and drops": {"kind": "drop"},
    "drops": {"kind": "reset"},
    "answers half": {"kind": "malformed"},
    "answers a page": {"kind": "html200"},
    "points elsewhere": {"kind": "redirect"},
    "is busy": {"kind": "status", "status": 429, "headers": {"Retry-After": "7"}},
    "is down": {"kind": "status", "status": 503, "headers": {"Retry-After": "7"}},
    "refuses": {"kind": "status", "status": 403},
    "is busy, applied": {"kind": "status", "status": 429, "apply": True, "headers": {"Retry-After": "7"}},
    "refuses, applied": {"kind": "status", "status": 422, "apply": True},
    "an error in a 200, applied": {"kind": "status", "status": 200, "apply": True, "body": {"error": "Oops"}},
}
PEOPLE = ("nobody", "an agent before", "an agent while it is read", "the customer while it is read")


class Killed(BaseException):
    """The worker's process is gone: no `except` of klark's sees this."""


@dataclass(frozen=True)
class Scene:
    """One run: where the first worker dies, what the helpdesk does to the next writes, who else writes."""

    desk: DeskName
    kind: str
    point: str
    helpdesk: str
    people: str


class Fate:
    """Which point kills, once."""

    point = "never"

    def strike(self, point: str) -> None:
        if self.point == point:
            self.point = "never"
            raise Killed(point)


FATE = Fate()


def around(before: str, real: Callable[..., Any], after: str) -> Callable[..., Any]:
    """`real`, with a point of death on either side; one that fails counts as done."""

    def called(*args: Any, **options: Any) -> Any:
        FATE.strike(before)
        try:
            return real(*args, **options)
        finally:
            FATE.strike(after)

    return called


@contextmanager
def mortal() -> Iterator[None]:
    """The points of death, put around what a delivery calls."""
    with ExitStack() as stack:
        for adapter in HELPDESKS.values():
            stack.enter_context(
                patch.object(adapter, "fetch", around("before the read", adapter.fetch, "after the read"))
            )
            stack.enter_context(
                patch.object(adapter, "write", around("behind the door", adapter.write, "after the write"))
            )
            stack.enter_context(patch.object(adapter, "find", around("", adapter.find, "after the read-back")))
        stack.enter_context(patch.object(Freshdesk, "settle", around("between two writes", Freshdesk.settle, "")))
        stack.enter_context(patch.object(deliver, "step_through",
                                         around("before the door", deliver.step_through, "at the door")))  # fmt: skip
        settle = around("", Delivery.settle, "while recording")
        stack.enter_context(patch.object(Delivery, "settle", staticmethod(settle)))
        yield


def scenes(runs: int, seed: int) -> Iterator[Scene]:
    """Every combination in a random order, and again."""
    every = list(itertools.product(rows.DESKS, ("reply", "note"), POINTS, HELPDESK, PEOPLE))
    random.Random(seed).shuffle(every)
    return (Scene(*each) for each in itertools.islice(itertools.cycle(every), runs))


def play(scene: Scene, account: Connection, sandbox: Sandbox, chance: random.Random) -> Counter[str]:
    """One run and its figures."""
    sandbox.clear_faults()
    ticket = sandbox.ticket(scene.desk, body=rows.ASKED, webhook=False)
    case = rows.Case(scene.desk, account, sandbox, ticket)
    tags = ["klark-bench"] if scene.kind == "note" else []
    row_id = rows.delivery(account, ticket, kind=scene.kind, seen=case.seen, readers_seen=case.readers, tags=tags)
    set_stage(scene, case, chance)
    kills = [scene.point, chance.choice(POINTS)]
    for step in range(STEPS):
        FATE.point = kills[step] if step < len(kills) else "never"
        rows.change(Budget, held_until=None)
        rows.change(Delivery, {"pk": row_id}, due_at=rows.datetime.now(rows.UTC), lease_until=None)
        work()
        if rows.get(Delivery, pk=row_id).state in ENDED:
            break
    FATE.point = "never"
    return judge(case, row_id, sandbox)


def work() -> None:
    """A worker's step, or its death."""
    try:
        tasks.step(Delivery, deliver.deliver)
    except Killed:
        return


def set_stage(scene: Scene, case: rows.Case, chance: random.Random) -> None:
    """Faults and people."""
    fault = HELPDESK[scene.helpdesk]
    if fault is not None:
        method = {"zendesk": "PUT", "freshdesk": "POST"}[scene.desk]
        case.sandbox.fault(desk=scene.desk, method=method, path=f"/tickets/{case.ticket}", times=chance.choice((1, 1, 3)),
                           **fault)  # fmt: skip
    if scene.people == "an agent before":
        case.sandbox.comment(scene.desk, case.ticket, "<p>I take this one.</p>", by="agent", webhook=False)
    elif scene.people != "nobody":
        by = "agent" if "agent" in scene.people else "customer"
        case.sandbox.race(scene.desk, case.ticket, "fetch", by=by, body_html="<p>One more thing.</p>",
                          part=f"/tickets/{case.ticket}", nth=chance.choice((1, 2)))  # fmt: skip


def judge(case: rows.Case, row_id: int, sandbox: Sandbox) -> Counter[str]:
    """What came of it."""
    row, said = rows.get(Delivery, pk=row_id), len(case.by_klark)
    people = any(each["by"] == "agent" for each in case.comments) or len(case.comments) - said > 1
    unfounded = (row.state == "sent" and said != 1) or (row.state == "retired" and not people)
    replaced = row.state == "retired" and not any(each["by"] == "agent" for each in case.comments)
    forgotten = replaced and not rows.count(WebhookEvent, ticket_id=str(case.ticket))
    lost = row.state not in ENDED or not (row.trouble or row.state == "sent") or unfounded or forgotten
    over = any(write["over_a_human"] for write in sandbox.writes(case.desk, case.ticket))
    unsure = row.state == "parked"
    return Counter(runs=1, lost=lost, doubled=said > 1, over_a_human=over, unsure=unsure, settled=not (lost or unsure))


def measure(runs: int, seed: int, tell: Callable[[str], None]) -> dict[str, int]:
    """All of them."""
    total: Counter[str] = Counter()
    chance = random.Random(seed)
    settings.KLARK_READ_SECONDS = READ_S
    with stand_ins() as stage, mortal():
        owner = rows.tenant()
        accounts = {desk: rows.connection(owner, desk, stage.sandbox) for desk in rows.DESKS}
        for number, scene in enumerate(scenes(runs, seed), 1):
            stage.fresh(number)
            figures = play(scene, accounts[scene.desk], stage.sandbox, chance)
            total += figures
            if figures["lost"] or figures["doubled"] or figures["over_a_human"]:
                tell(f"{scene}: {dict(+figures)}")
            if number % 250 == 0:
                tell(f"{number} runs: {dict(total)}")
    return {name: total[name] for name in ("runs", "lost", "doubled", "over_a_human", "unsure", "settled")}


def main() -> int:
    """Run and print; status 1 where anything was lost, doubled or written over a human."""
    parser = argparse.ArgumentParser(prog="tests.bench.delivery")
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    options = parser.parse_args()
    with database():
        figures = measure(options.runs, options.seed, lambda line: print(line, file=sys.stderr))
    print(json.dumps(figures))
    return 1 if figures["lost"] or figures["doubled"] or figures["over_a_human"] else 0


if __name__ == "__main__":
    sys.exit(main())
