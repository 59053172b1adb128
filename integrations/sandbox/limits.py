"""Rate limits as both products count them: calls and ticket updates in windows that start with their first call."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from integrations.sandbox.routing import Call

UNLIMITED = 100_000


@dataclass(slots=True)
class Window:
    """At most `total` uses (0: no limit) in `seconds`."""

    total: int
    seconds: float = 60.0
    used: int = 0
    started: float = 0.0

    def left(self) -> int:
        """Returns how many uses are left."""
        self._turn()
        return max(0, self.total - self.used)

    def reset_s(self) -> int:
        """Returns the whole seconds until the window ends, at least one."""
        self._turn()
        return max(1, round(self.started + self.seconds - time.monotonic()))

    def take(self, cost: int = 1) -> bool:
        """Uses up `cost`; returns False if the window is used up."""
        self._turn()
        if self.total and self.used >= self.total:
            return False
        self.used += cost
        return True

    def _turn(self) -> None:
        if time.monotonic() - self.started >= self.seconds:
            self.started, self.used = time.monotonic(), 0


@dataclass(slots=True)
class Limits:
    """An account's windows. The figures are the products' own, per minute: calls; ticket updates per account, and
    Zendesk's per ticket in ten minutes; Zendesk's incremental reads; Freshdesk's lists of tickets."""

    calls: Window
    updates: Window = field(default_factory=lambda: Window(0))
    incremental: Window = field(default_factory=lambda: Window(0))
    lists: Window = field(default_factory=lambda: Window(0))
    per_ticket: int = 0
    tickets: dict[str, Window] = field(default_factory=dict)

    def named(self) -> Mapping[str, Window]:
        """Returns the windows that a setting can change."""
        return {"calls": self.calls, "updates": self.updates, "incremental": self.incremental, "lists": self.lists}

    def refuse(self, *, update_of: str | None, incremental: bool, lists: bool = False, cost: int = 1) -> Window | None:
        """Returns the first window that is used up, or `None` after taking one use (of calls: `cost`) of each that applies."""
        if not self.calls.take(cost):
            return self.calls
        windows: list[Window] = []
        if update_of:
            windows += [self.updates, self.tickets.setdefault(update_of, Window(self.per_ticket, 600.0))]
        if incremental:
            windows.append(self.incremental)
        if lists:
            windows.append(self.lists)
        return next((window for window in windows if not window.take()), None)


def zendesk_limits() -> Limits:
    """Returns Zendesk's default limits."""
    return Limits(Window(2500), Window(300), Window(30), per_ticket=30)


def freshdesk_limits() -> Limits:
    """Returns Freshdesk's default limits."""
    return Limits(Window(700), Window(280), lists=Window(200))


def zendesk_headers(limits: Limits, call: Call, status: int) -> Mapping[str, str]:
    """Returns the rate-limit headers of a Zendesk response."""
    total, left, reset = _figures(limits.calls)
    headers = {
        "x-rate-limit": total,
        "x-rate-limit-remaining": left,
        "ratelimit-limit": total,
        "ratelimit-remaining": left,
        "ratelimit-reset": reset,
    }
    if call.method == "PUT" and "/tickets/" in call.path:
        total, left, reset = _figures(limits.updates)
        headers["zendesk-ratelimit-tickets-update"] = f"total={total}; remaining={left}; resets={reset}"
    return headers


def freshdesk_headers(limits: Limits, call: Call, status: int) -> Mapping[str, str]:
    """Returns the rate-limit headers of a Freshdesk response; they are said to be absent on a 429."""
    total, left, _ = _figures(limits.calls)
    if status == 429:
        return {}
    return {
        "X-RateLimit-Total": total,
        "X-RateLimit-Remaining": left,
        "X-RateLimit-Used-CurrentRequest": str(cost_of(call)),
    }


def _figures(window: Window) -> tuple[str, str, str]:
    """Returns total, left and seconds to the end of a window; one without a limit shows a large figure."""
    left = window.left() if window.total else UNLIMITED
    return str(window.total or UNLIMITED), str(left), str(window.reset_s())


def cost_of(call: Call) -> int:
    """Returns the cost of a Freshdesk call: each `include` counts as another call."""
    return 1 + len([part for part in call.query.get("include", "").split(",") if part])
