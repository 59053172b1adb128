"""Calls, responses, and the table that finds the function for a call."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.records import Change, Desk
from integrations.sandbox.store import live


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. `path` is without its desk; `base` is the desk's URL, for links; header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    raw: bytes = b""
    base: str = ""

    def body(self) -> dict[str, Any]:
        """Returns the JSON object that was sent; raises ValueError for anything else."""
        sent = json.loads(self.raw or b"{}")
        if not isinstance(sent, dict):
            raise ValueError("not a JSON object")  # noqa: TRY004  one error for everything unreadable
        return sent


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """A response: `body` as JSON, or `raw` as it is. `cut` closes the connection without a response; `changes` are
    what the call did; `later` returns the response once the lock is free again (it may wait for the network)."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: bool = False
    changes: Sequence[Change] = ()
    later: "Callable[[], DeskAnswer] | None" = None

    def payload(self) -> bytes:
        """Returns the bytes of the body."""
        if self.raw is not None:
            return self.raw
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


Action = Callable[..., DeskAnswer]


@dataclass(frozen=True, slots=True)
class Route:
    """One row of a routing table. `path` must match as a whole; its groups are passed to `action` after the desk and
    the call."""

    method: str
    path: str
    action: Action


def find(routes: Sequence[Route], call: Call) -> tuple[Action, tuple[str, ...]] | None:
    """Returns the action for this call and the path's groups, or `None`. `.json` at the end of a path makes no difference."""
    path = call.path.removesuffix("/").removesuffix(".json")
    for route in routes:
        match = route.method == call.method and re.fullmatch(route.path, path)
        if match:
            return route.action, match.groups()
    return None


def on_ticket(action: Action, missing: DeskAnswer) -> Action:
    """Returns an action for a path with a ticket's id: `action` gets the ticket; `missing` answers where there is none."""

    def act(world: Any, desk: Desk, call: Call, ticket_id: str) -> DeskAnswer:
        ticket = live(desk, ticket_id)
        return action(world, desk, call, ticket) if ticket else missing

    return act


def knows(routes: Sequence[Route], call: Call) -> bool:
    """Returns whether the path exists for any method."""
    return any(re.fullmatch(route.path, call.path.removesuffix("/").removesuffix(".json")) for route in routes)


def whole(text: str | None, default: int) -> int:
    """Returns a query's value as a number, or the default if it is none."""
    return int(text) if text and text.isdigit() else default
