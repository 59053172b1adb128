"""Probes of what takes time: stops, restarts, leases, backups, and what is found late. See `probes`."""

from dataclasses import replace

from tests.faults.scene import DESKS, Scene, on
from tests.faults.stage.shop import asked


def stop_in_flight(scene: Scene) -> None:
    """A person stops klark, after a write was claimed and before a ticket comes."""
    claimed = scene.customer("zendesk", "plain", webhook=False)
    trigger = on("before the read of the ticket", claimed, "hold", nth=2, seconds=1.2)  # the last look before the write
    scene.ground.board.arm(trigger)
    sandbox, desk = scene.sandbox(claimed)
    sandbox.change(desk, claimed.ticket, priority="high")
    scene.await_fault(trigger)
    scene.rows.stop("acme")
    later = [scene.customer(desk, "plain") for desk in DESKS]
    scene.pause(3.5, 4.0)
    scene.rows.idle(20)
    scene.story.append("while stopped")
    scene.judge([replace(case, silent="stopped") for case in (claimed, *later)])
    scene.rows.release()


def no_broker(scene: Scene) -> None:
    """The broker is gone for as long as it takes."""
    scene.ground.board.closed.add("broker")
    scene.ground.loop.loop.call_soon_threadsafe(scene.ground.broker.cut)
    for desk in DESKS:
        scene.agreed(scene.customer(desk, "plain"), must=True)
    scene.rows.settled(20)
    scene.story.append("without a broker")


def unreported(scene: Scene) -> None:
    """No webhook comes through, and the worker dies while it reads the changes."""
    scene.arm("before the webhook", "cut", times=99)
    for desk in DESKS:
        scene.agreed(scene.customer(desk, "plain"), must=True)
    scene.pause(0.5, 0.6)
    scene.heal()
    for point in ("before the INSERT of a change that was read", "before the cursor of the changes"):
        scene.catch_up(scene.arm(point, "kill"))
        scene.heal()
    scene.catch_up()
    scene.rows.settled(30)
    for case in scene.cases:  # again, and again nobody is told
        sandbox, desk = scene.sandbox(case)
        sandbox.comment(desk, case.ticket, f"<p>{asked(scene.country())}</p>", webhook=False)
    scene.catch_up()
    last = scene.customer("zendesk", "plain").ticket
    # Klark hears of a ticket of one desk, and not of that with the same number on the other.
    while (silent := scene.customer("freshdesk", "plain", webhook=False).ticket) <= last:
        pass
    while scene.customer("zendesk", "plain").ticket < silent:
        pass
    scene.catch_up()


def put_back(scene: Scene) -> None:
    """The database is put back to when a reply was due that has been sent meanwhile, and to before its ticket came."""
    trigger = scene.arm("after the COMMIT of the INSERT of the decision", "kill")
    scene.customer("zendesk", "plain")
    scene.customer("freshdesk", "plain")
    scene.await_fault(trigger)
    scene.left = scene.rows.leases()
    scene.rows.expire(scene.left)
    scene.ground.servers.copy("backup")
    scene.heal()
    scene.customer("freshdesk", "plain")
    scene.customer("zendesk", "plain")
    scene.rows.settled(30)
    for process in ("web", "worker"):
        scene.klark.end(process)
    scene.ground.servers.put_back("backup")
    scene.cases = [replace(case, restored=True) for case in scene.cases]
    scene.heal()
    scene.catch_up()
    scene.story.append("put back")


def silent_judge(scene: Scene) -> None:
    """The judge does not answer, or answers with something else than a judgement."""
    for act, more in (("status", {"status": 500}), ("garbage", {})):
        scene.arm("before the judge" if act == "status" else "after the judge", act, times=4, **more)
        for desk in DESKS:
            scene.agreed(scene.customer(desk, "lies"), may="note")
        scene.rows.settled(20)
        scene.ground.board.clear()
    scene.klark.end("worker")


def overtaken_lease(scene: Scene) -> None:
    """A worker stands still for longer than its lease, while another takes its work up and ends it."""
    for point in ("before the write", "before the INSERT of the decision"):
        for desk in DESKS:
            trigger = scene.arm(point, "hold", seconds=3.0)
            scene.customer(desk, "plain")
            scene.await_fault(trigger)
            scene.rows.expire(scene.rows.leases())
            scene.pause(0.3, 0.4)
    scene.story.append("leases that end under their holders")


def told_to_stop(scene: Scene) -> None:
    """A worker is told to stop while its write is on its way, which arrives after the next worker has looked."""
    for desk in DESKS:
        trigger = scene.arm("before the write", "hold", seconds=12.0)
        scene.customer(desk, "plain")
        scene.await_fault(trigger)
        scene.ground.board.strike("worker", "end")
        scene.heal()
        scene.rows.settled(20)
    scene.pause(6.0, 6.1)
    scene.story.append("told to stop in the middle of a write")


def housekeeping(scene: Scene) -> None:
    """Housekeeping runs an hour after a draft began to wait, and while a reply is due at a helpdesk that is away."""
    scene.customer("zendesk", "copy")
    due = scene.customer("zendesk", "plain")
    busy = {"status": 429, "headers": {"Retry-After": "30"}, "times": 999}
    scene.ground.board.arm(on("before the write", due, "status", **busy))
    scene.rows.settled(4)
    scene.rows.jump(3600)
    scene.klark.chore("klark.housekeeping")
    scene.story.append("housekeeping an hour later")
