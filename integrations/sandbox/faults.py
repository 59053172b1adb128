"""Deliberate failures: faults played to the callers of an API, each a number of times.

status     answer with `status` and `headers` (and `body`), the call not processed
delay      wait `seconds`, then go on as usual
drop       make the write, then close the connection without a response
reset      close the connection, the write not made
malformed  make the write, then answer 200 with half a JSON document
html200    answer 200 with a page of HTML, the write not made
redirect   answer 302 to `location`, the write not made
hook       hold the call until released, before (or, with `apply`, after) it is processed
`apply` true or false overrides whether the call is processed.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.routing import Call, DeskAnswer

APPLIED = {"delay": True, "drop": True, "malformed": True}
PAGE = b"<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Please wait.</body></html>"


@dataclass(slots=True)
class Fault:
    """A fault for `times` calls that match `desk`, `method` and `path` (a regex), after `skip` others. The other
    fields depend on `kind`."""

    kind: str
    desk: str = ""
    method: str = ""
    path: str = ""
    times: int = 1
    status: int = 503
    seconds: float = 0.0
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    location: str = "/elsewhere"
    apply: bool | None = None
    name: str = ""
    skip: int = 0
    waiting: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def matches(self, desk: str, call: Call) -> bool:
        """Returns whether the fault applies to this call."""
        wanted = self.desk in ("", desk) and self.method.upper() in ("", call.method)
        return self.times > 0 and wanted and re.search(self.path, call.path) is not None

    def played(self) -> bool:
        """Returns whether the call is processed despite the fault."""
        return APPLIED.get(self.kind, False) if self.apply is None else self.apply


class Faults:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self.coming: list[Fault] = []
        self.lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        """Adds a fault after the others."""
        with self.lock:
            self.coming.append(fault)

    def take(self, desk: str, call: Call) -> Fault | None:
        """Returns the fault for this call, if any, and counts it as played; `skip` lets that many calls pass first."""
        with self.lock:
            fault = next((f for f in self.coming if f.matches(desk, call)), None)
            if fault is None:
                return None
            if fault.skip:
                fault.skip -= 1
                return None
            fault.times -= 1
            if not fault.times and fault.kind != "hook":  # a hook stays, so that it can be released
                self.coming.remove(fault)
            return fault

    def release(self, name: str = "") -> int:
        """Releases the calls held by hooks of this name (or by all), and those to come; returns how many were waiting."""
        with self.lock:
            hooks = [f for f in self.coming if f.kind == "hook" and name in ("", f.name)]
        for hook in hooks:
            hook.released.set()
        return sum(hook.waiting for hook in hooks)

    def clear(self) -> None:
        """Removes all faults, and releases the calls held by them."""
        self.release()
        with self.lock:
            self.coming.clear()


Look = Callable[[], DeskAnswer]


def play(fault: Fault, look: Look) -> DeskAnswer:
    """Returns the response to a call with a fault; `look` processes the call and returns the product's own response."""
    return PLAYS[fault.kind](fault, look)


def _status(fault: Fault, look: Look) -> DeskAnswer:
    if fault.played():
        look()
    body = (
        fault.body if fault.body is not None else {"error": "Sandbox", "description": f"asked to answer {fault.status}"}
    )
    return DeskAnswer(fault.status, body, fault.headers)


def _delay(fault: Fault, look: Look) -> DeskAnswer:
    if fault.apply is False:  # late as well as useless: the caller has gone when the response comes
        time.sleep(fault.seconds)
        return DeskAnswer(504, {"error": "Timeout"})
    if fault.apply:  # the write is made at once, only its response is late
        answer = look()
        time.sleep(fault.seconds)
        return answer
    time.sleep(fault.seconds)
    return look()


def _cut(fault: Fault, look: Look) -> DeskAnswer:
    if fault.played():
        look()
    return DeskAnswer(0, cut=True)


def _malformed(fault: Fault, look: Look) -> DeskAnswer:
    answer = look() if fault.played() else DeskAnswer(200, {"ticket": {"id": 1}})
    payload = answer.payload() or b'{"ticket"'
    return DeskAnswer(answer.status, None, answer.headers, raw=payload[: len(payload) // 2])


def _html(fault: Fault, look: Look) -> DeskAnswer:
    if fault.played():
        look()
    return DeskAnswer(200, None, {"Content-Type": "text/html; charset=utf-8"}, raw=PAGE)


def _redirect(fault: Fault, look: Look) -> DeskAnswer:
    if fault.played():
        look()
    return DeskAnswer(302, None, {"Location": fault.location, **fault.headers}, raw=b"")


def _hook(fault: Fault, look: Look) -> DeskAnswer:
    early = look() if fault.played() else None
    fault.waiting += 1
    fault.released.wait(fault.seconds or 60.0)
    fault.waiting -= 1
    return early or look()


PLAYS: Mapping[str, Callable[[Fault, Look], DeskAnswer]] = {
    "status": _status,
    "delay": _delay,
    "drop": _cut,
    "reset": _cut,
    "malformed": _malformed,
    "html200": _html,
    "redirect": _redirect,
    "hook": _hook,
}
