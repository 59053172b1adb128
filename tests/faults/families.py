"""The kinds of scenario, and how often each is drawn: what goes wrong, and when."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import redis

from tests.faults.points import POINTS
from tests.faults.scene import FIRED_S, SETTLED_S, Scene
from tests.faults.verdicts import Case

ORDERS = tuple(itertools.permutations(range(6)))
ORDERS_EACH = 4
ANSWERS: tuple[Mapping[str, Any], ...] = (
    {"act": "status", "status": 429, "headers": {"Retry-After": "7"}}, {"act": "status", "status": 500},
    {"act": "status", "status": 502}, {"act": "status", "status": 503, "headers": {"Retry-After": "7"}},
    {"act": "half"}, {"act": "garbage"}, {"act": "page"}, {"act": "cut"}, {"act": "drip", "seconds": 0.02},
    {"act": "hold", "seconds": 2.6},
)  # fmt: skip
READING = [point.name for point in POINTS if "change" in point.name]
"""The points of a catch-up read, and all others:"""
USUAL = [point for point in POINTS if point.name not in READING]
WRITTEN = [point.name for point in POINTS if point.way == "database" and point.moment == "before" and not point.commit
           and any(word in point.pattern for word in ("INSERT", "UPDATE \"", "SET"))]  # fmt: skip


def killed(scene: Scene) -> None:
    """One of klark's processes is killed at a point, or told to stop there."""
    point = scene.chance.choice(USUAL)
    trigger = scene.arm(
        point.name, scene.chance.choice(("kill", "kill", "kill", "end")), nth=scene.chance.choice((1, 1, 2))
    )
    scene.customers(2, 3)
    scene.await_fault(trigger)
    if scene.chance.random() < 0.3:  # the next one dies as well
        second = scene.chance.choice([one for one in USUAL if one.process == point.process])
        scene.heal()
        scene.await_fault(scene.arm(second.name, "kill"))


def stopped_process(scene: Scene) -> None:
    """A process stands still for a while, at a point."""
    trigger = scene.arm(scene.chance.choice(USUAL).name, "stop", seconds=scene.chance.uniform(0.5, 2.5))
    scene.customers(2, 3)
    if scene.await_fault(trigger):
        scene.pause(0.2, 1.0)
        if scene.chance.random() < 0.5 and trigger.point.process == "worker":
            scene.rows.expire(scene.rows.leases())  # longer than a lease
            scene.story.append("for longer than a lease")


def cut(scene: Scene) -> None:
    """A connection is cut at a point, once or a few times."""
    trigger = scene.arm(scene.chance.choice(USUAL).name, "cut", times=scene.chance.choice((1, 1, 3)))
    scene.customers(2, 3)
    scene.await_fault(trigger)


def broker(scene: Scene) -> None:
    """The broker is down, frozen or wiped while tickets come."""
    board, what = scene.ground.board, scene.chance.choice(("closed", "frozen", "wiped"))
    scene.story.append(f"broker {what}")
    if what == "wiped":
        redis.Redis.from_url(scene.ground.servers.running.engines.broker_url).flushall()
    else:
        getattr(board, what).add("broker")
        scene.ground.loop.loop.call_soon_threadsafe(scene.ground.broker.cut if what == "closed" else int)
    scene.customers(2, 3)
    scene.pause(0.5, 2.5)


def database(scene: Scene) -> None:
    """The database dies, freezes, loses its connections, or has no disk left."""
    what = scene.chance.choice(("killed", "frozen", "cut", "full", "full"))
    if what == "full":
        trigger = scene.arm(scene.chance.choice(WRITTEN), "full", times=scene.chance.choice((1, 2, 5)))
        scene.customers(2, 3)
        scene.await_fault(trigger)
        return
    scene.story.append(f"database {what}")
    scene.customers(2, 3)
    scene.pause(0.0, 1.0)
    if what == "killed":
        scene.left = scene.rows.leases()
        scene.ground.restart_servers()
    elif what == "frozen":
        scene.ground.board.frozen.add("database")
        scene.pause(1.0, 3.5)
    else:
        for proxy in scene.ground.databases.values():
            scene.ground.loop.loop.call_soon_threadsafe(proxy.cut)


def helpdesk(scene: Scene) -> None:
    """The helpdesk answers badly, or late, or not at all, to a read or to a write that it has made or not."""
    _answered_badly(scene, "helpdesk")


def model(scene: Scene) -> None:
    """The model, its judge or its embeddings answer badly. The worker is started anew: it would leave the server alone."""
    if _answered_badly(scene, "model"):
        scene.pause(0.0, 0.5)
        scene.klark.end("worker")


def _answered_badly(scene: Scene, way: str) -> bool:
    answer = dict(scene.chance.choice(ANSWERS))
    moment = "before" if answer["act"] in ("status", "cut", "hold") and scene.chance.random() < 0.5 else "after"
    names = [point.name for point in POINTS if (point.way, point.moment) == (way, moment)]
    weights = [3 if "the write" in name else 1 for name in names]
    name = scene.chance.choices(names, weights)[0]
    trigger = scene.arm(name, answer.pop("act"), times=scene.chance.choice((1, 1, 2, 4)), **answer)
    scene.customers(2, 3)
    return scene.await_fault(trigger)


def orders(scene: Scene) -> None:
    """The webhooks of six events of a ticket come in other orders; seeds one after the other go through all 720."""
    account = ("zendesk", "freshdesk")[scene.seed % 2]
    for place in range(ORDERS_EACH):
        _in_order(scene, account, ORDERS[(scene.seed // 2 * ORDERS_EACH + place) % len(ORDERS)])


def _in_order(scene: Scene, account: str, order: tuple[int, ...]) -> None:
    desk = scene.ground.desks[account]
    desk.sandbox.hold(desk.name)
    case = scene.customer(account, "plain")
    happens: list[Callable[[], object]] = [
        lambda: scene.again(case), lambda: desk.sandbox.change(desk.name, case.ticket, priority="high"),
        lambda: scene.again(case), lambda: desk.sandbox.change(desk.name, case.ticket, status="pending"),
        lambda: scene.again(case),
    ]  # fmt: skip
    for act in happens:
        act()
    held = list(range(len(order)))
    for number in order:
        desk.sandbox.release(desk.name, [held.index(number)])
        held.remove(number)
        scene.pause(0.0, 0.1)
    desk.sandbox.release(desk.name)
    scene.story.append(f"order {order}")


def flood(scene: Scene) -> None:
    """Each webhook comes twenty times."""
    scene.customers(2, 3)
    for case in list(scene.cases):
        sandbox, desk = scene.sandbox(case)
        sandbox.resend(desk, case.ticket, 19)
    scene.story.append("each webhook × 20")


def restored(scene: Scene) -> None:
    """The database is put back from a backup, while tickets went on."""
    early = [scene.customer() for _ in range(2)]
    if scene.chance.random() < 0.5:
        scene.rows.settled(10)
    else:
        scene.pause(0.0, 1.5)
    scene.ground.servers.copy("backup")
    scene.customers(1, 2)
    scene.again(early[0])
    scene.rows.settled(10)
    for process in ("web", "worker"):
        scene.klark.end(process)
    scene.ground.servers.put_back("backup")
    scene.cases = [replace(case, restored=True) for case in scene.cases]
    scene.story.append("restored")
    scene.heal()
    scene.catch_up()


def clock(scene: Scene) -> None:
    """The database's clock jumps under a worker that is at work."""
    trigger = scene.arm(
        scene.chance.choice(("before the write", "after the write", "before the draft")), "hold", seconds=1.0
    )
    scene.customers(2, 3)
    scene.await_fault(trigger)
    seconds = scene.chance.choice((-3600, -60, 500, 500, 90_000))
    scene.rows.jump(seconds)
    scene.story.append(f"clock {seconds:+} s")
    scene.pause(0.5, 1.5)


def people(scene: Scene) -> None:
    """Somebody else acts on the ticket while klark is at it."""
    for _ in range(2):
        case = scene.customer(scene.chance.choice(("zendesk", "freshdesk", "other")), "plain", webhook=False)
        _someone(scene, case)
        sandbox, desk = scene.sandbox(case)
        sandbox.change(desk, case.ticket, priority="high")  # the webhook that tells of it
    scene.customers(1, 1)
    scene.rows.settled(SETTLED_S)


def _someone(scene: Scene, case: Case) -> None:
    sandbox, desk = scene.sandbox(case)
    on = scene.chance.choice(("fetch", "write")) if desk == "zendesk" else "fetch"
    act: dict[str, Any] = scene.chance.choice((
        {"by": "agent", "body_html": "<p>I answer this one.</p>"},
        {"by": "agent", "body_html": "<p>Mine.</p>", "public": False},
        {"by": "customer", "body_html": "<p>How long does delivery to Malta take, and what does it cost?</p>"},
        {"assignee": "agent"}, {"status": "solved"},
    ))  # fmt: skip
    sandbox.race(desk, case.ticket, on, **act)
    scene.story.append(f"{on}: {act}")


def undelivered(scene: Scene) -> None:
    """No webhook gets through; the next catch-up read finds all of it."""
    trigger = scene.arm(scene.chance.choice(("before the webhook", "before the INSERT of the event")), "cut", times=99)
    scene.customers(2, 3)
    scene.await_fault(trigger, FIRED_S)
    scene.pause(0.3, 0.6)
    scene.heal()
    if scene.chance.random() < 0.5:
        scene.catch_up(scene.arm(scene.chance.choice(READING), "kill"))
        scene.heal()
    scene.catch_up()


def stopped(scene: Scene) -> None:
    """A person has stopped klark: tickets come, and nothing is written until it is released."""
    scene.rows.stop("acme")
    scene.customer("zendesk", "plain")
    scene.customer("freshdesk", "plain")
    scene.pause(1.2, 2.2)
    scene.story.append("while stopped")
    scene.judge([replace(case, silent="stopped") for case in scene.cases])
    scene.rows.release()


FAMILIES: Mapping[str, tuple[int, Callable[[Scene], None]]] = {
    "killed": (28, killed), "stopped_process": (7, stopped_process), "cut": (8, cut), "broker": (5, broker),
    "database": (9, database), "helpdesk": (14, helpdesk), "model": (7, model), "orders": (5, orders), "flood": (4, flood),
    "restored": (3, restored), "clock": (3, clock), "people": (5, people), "undelivered": (3, undelivered),
    "stopped": (3, stopped),
}  # fmt: skip
