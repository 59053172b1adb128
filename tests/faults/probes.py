"""Scenarios that leave nothing to chance: for each promise, what would show at once that it is broken.

They find a planted bug quickly. Chance finds what nobody thought of: see `families`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from integrations.sandbox.client import DeskName
from tests.faults.lead import Lead
from tests.faults.probes_of_time import (
    housekeeping,
    no_broker,
    overtaken_lease,
    put_back,
    silent_judge,
    stop_in_flight,
    told_to_stop,
    unreported,
)
from tests.faults.scene import DESKS, TRAITS, Scene, on
from tests.faults.stage.shop import asked
from tests.faults.verdicts import Case

TURNS_ALLOWED = 3
ASSIGNED: Mapping[str, Any] = {"assignee": "agent"}
ACTS: tuple[Mapping[str, Any], ...] = (
    {"by": "agent", "body_html": "<p>I answer this one.</p>"},
    {"by": "agent", "body_html": "<p>Mine.</p>", "public": False},
    ASSIGNED, {"status": "solved"}, {"deleted": True},
)  # fmt: skip
"""What people do between klark's first look at a ticket and its last: no reply may follow any of it."""


def every_kind(scene: Scene) -> None:
    """Every kind of ticket at once, half on each helpdesk, and some on the other accounts; each webhook three times. Then two
    tenants are asked the same, word for word."""
    drawn = [(DESKS[place % 2], trait) for place, trait in enumerate(TRAITS)]
    watched = [("watched", trait) for trait in ("plain", "person", "copy", "half")]
    for account, trait in (*drawn, ("freshdesk", "plain"), ("other", "plain"), ("other", "lies"), *watched):
        case = scene.customer(account, trait)
        sandbox, desk = scene.sandbox(case)
        sandbox.resend(desk, case.ticket, 2)
        if trait == "plain" and account != "watched":
            scene.agreed(case, must=True)
    scene.rows.settled(30)
    for case in scene.cases:  # and once more when all has ended, byte for byte and under another id
        sandbox, desk = scene.sandbox(case)
        sandbox.resend(desk, case.ticket, 1)
        sandbox.change(desk, case.ticket, priority="high")
    for account in ("zendesk", "other"):
        scene.customer(account, "plain", says=asked("Malta"))
        scene.rows.settled(30)


def no_end(scene: Scene) -> None:
    """A customer's own machine answers whatever klark writes, without saying that it is one. The worker is a new one, and has
    read another tenant's policy first, which allows more of everything."""
    scene.klark.end("worker")
    scene.heal()
    scene.agreed(scene.customer("zendesk", "plain"), must=True)
    scene.rows.settled(20)
    case = scene.customer("other", "plain")
    scene.agreed(case, most=TURNS_ALLOWED)
    for _ in range(TURNS_ALLOWED + 2):
        scene.rows.settled(20)
        scene.again(case)


def others_act(scene: Scene) -> None:
    """A person acts, or the customer writes again, while klark is at it."""
    for desk in DESKS:
        for act in ACTS:
            case = scene.customer(desk, "plain", webhook=False)
            scene.agreed(case, may="nothing" if "status" in act or "deleted" in act else "note")
            _raced(scene, case, act, **READ[desk])
        again = scene.customer(desk, "plain", webhook=False)
        _raced(scene, again, {"by": "customer", "body_html": f"<p>{asked('Malta')}</p>"}, **READ[desk])
    for desk in DESKS:
        for act in ACTS[:3]:  # in the middle of the very last look
            case = scene.customer(desk, "plain", webhook=False)
            scene.agreed(case, may="note")
            _raced(scene, case, act, nth=2, **READ[desk])
    for act in ACTS[:2]:
        case = scene.customer("zendesk", "plain", webhook=False)
        _raced(scene, case, act, "write")
    scene.rows.settled(30)


READ: Mapping[DeskName, Mapping[str, str]] = {"zendesk": {"part": "comments"}, "freshdesk": {"part": "conversations"}}
"""The last request of a look at a ticket, by desk."""


def _raced(
    scene: Scene, case: Case, act: Mapping[str, Any], when: Literal["fetch", "write"] = "fetch", **at: Any
) -> None:
    sandbox, desk = scene.sandbox(case)
    sandbox.race(desk, case.ticket, when, **act, **at)
    sandbox.change(desk, case.ticket, priority="high")  # the webhook that tells of it
    scene.story.append(f"{desk}: {dict(act)}")


def unsure_writes(scene: Scene) -> None:
    """Writes are made or not, and klark hears of neither; the worker dies in the middle of others."""
    for desk in DESKS:
        for point, act, more in UNHEARD:
            case = scene.customer(desk, "plain")
            scene.ground.board.arm(on(point, case, act, **more))
    for desk in DESKS:
        busy = scene.customer(desk, "plain")
        scene.agreed(busy, must=True)
        scene.ground.board.arm(
            on("before the write", busy, "status", status=429, headers={"Retry-After": "3"}, times=12)
        )
        refused = scene.customer(desk, "plain")
        scene.ground.board.arm(on("before the write", refused, "status", status=403, times=99))
    scene.rows.settled(30)
    for desk in DESKS:
        dying = scene.customer(desk, "plain")
        trigger = on("in the middle of the write", dying, "kill")
        scene.ground.board.arm(trigger)
        scene.await_fault(trigger)
        scene.heal()
    scene.pause(3.0, 3.1)  # for the write that was held back
    scene.story.append("writes that nobody hears of")


UNHEARD: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("after the write", "cut", {}), ("after the write", "status", {"status": 500}), ("after the write", "garbage", {}),
    ("after the write", "status", {"status": 429, "headers": {"Retry-After": "3"}}), ("before the write", "cut", {}),
    ("before the write", "hold", {"seconds": 10.0}),
)  # fmt: skip
"""The last arrives when klark has looked for it."""


def half_recorded(scene: Scene) -> None:
    """The worker dies between the rows of a decision, and between a claim and all else."""
    for point in ("before the INSERT of the draft", "before the INSERT of the delivery", "before the INSERT of the decision",
                  "before the COMMIT of the INSERT of the decision", "after the claim of the event"):  # fmt: skip
        trigger = scene.arm(point, "kill")
        scene.agreed(scene.customer("zendesk", "plain"), must=True)
        scene.await_fault(trigger)
        scene.heal()


def door(scene: Scene) -> None:
    """The door's database is full, cut off, out of reach, or slow to commit when its process dies."""
    for act in ("full", "cut"):
        trigger = scene.arm("before the INSERT of the event", act)
        scene.customer("freshdesk", "plain")
        scene.await_fault(trigger)
    for away in (scene.ground.board.closed, scene.ground.board.frozen):
        away.add("database")
        scene.ground.loop.loop.call_soon_threadsafe(scene.ground.databases["web"].cut)
        for desk in DESKS:
            scene.customer(desk, "plain")
        scene.pause(3.5, 3.6)  # longer than the door waits
        scene.klark.end("web")  # with what still waits in it for the database
        scene.heal()
    trigger = scene.arm("before the COMMIT of the INSERT of the event", "hold", seconds=1.5)
    scene.customer("zendesk", "plain")
    scene.await_fault(trigger)
    scene.pause(0.5, 0.6)
    scene.klark.end("web")
    scene.settle()
    scene.judge()  # before the changes are read, which would find what was said to be kept and is not


def reviewed(scene: Scene) -> None:
    """A person approves a draft twice at once, and another after a colleague has answered."""
    twice, late = (scene.customer(desk, "copy") for desk in ("zendesk", "zendesk"))
    scene.rows.settled(20)
    lead = Lead(scene)
    sandbox, desk = scene.sandbox(late)
    sandbox.comment(desk, late.ticket, "<p>I answered this.</p>", by="agent", webhook=False)
    for case, times in ((twice, 2), (late, 1)):
        for _ in range(times):
            lead.press(case, "approve")
    scene.agreed(twice, may="reply", must=True)
    scene.story.append("approved twice, and too late")


PROBES: Mapping[str, Callable[[Scene], None]] = {
    "every_kind": every_kind, "no_end": no_end, "others_act": others_act, "unsure_writes": unsure_writes,
    "stop_in_flight": stop_in_flight, "half_recorded": half_recorded, "door": door, "reviewed": reviewed,
    "silent_judge": silent_judge, "told_to_stop": told_to_stop, "housekeeping": housekeeping,
    "overtaken_lease": overtaken_lease, "no_broker": no_broker, "unreported": unreported, "put_back": put_back,
}  # fmt: skip
