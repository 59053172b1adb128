"""Both stand-ins and everything around them, and the steps that every API call goes through."""

import itertools
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from integrations.sandbox.faults import Faults, play
from integrations.sandbox.freshdesk import events as freshdesk_events
from integrations.sandbox.limits import Limits, Window, freshdesk_limits, zendesk_limits
from integrations.sandbox.records import Change, Desk
from integrations.sandbox.routing import Call, DeskAnswer, Route, find
from integrations.sandbox.store import led_by_human, new_desk, to_text
from integrations.sandbox.webhooks import Sender
from integrations.sandbox.write_journal import Journal, Write
from integrations.sandbox.zendesk import events as zendesk_events
from integrations.sandbox.zendesk import triggers

WRITING = ("POST", "PUT", "PATCH", "DELETE")
TRIGGERED: Mapping[str, Callable[[Desk, Sequence[Change]], list[Change]]] = {"zendesk": triggers.triggered}
PARCELS = {"zendesk": zendesk_events.parcels, "freshdesk": freshdesk_events.parcels}
TICKET = re.compile(r"/tickets/(\d+)")


@dataclass(frozen=True, slots=True)
class Words:
    """What a write wants to say, for the journal, whether it applies or not."""

    public: bool | None = None
    html: str = ""
    marker: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """The differences between the two APIs. `admit` returns the refusal of a caller without good credentials;
    `updating`: the methods that count as an update of the ticket in the path."""

    routes: Sequence[Route]
    admit: Callable[["World", Call], DeskAnswer | None]
    busy: Callable[[Window], DeskAnswer]
    nowhere: Callable[[Sequence[Route], Call], DeskAnswer]
    unreadable: DeskAnswer
    headers: Callable[[Limits, Call, int], Mapping[str, str]]
    cost: Callable[[Call], int]
    updating: Sequence[str]
    words: Callable[[Call, Mapping[str, Any]], Words]


@dataclass(slots=True)
class Race:
    """Somebody acts at the worst moment: `on` "fetch" just after the `nth` matching GET is processed, `on` "write"
    just before the `nth` write is. `part`: the end of the paths that count ("": any of the ticket)."""

    desk: str
    ticket: int
    on: str
    act: Callable[[], Sequence[Change]]
    nth: int = 1
    part: str = ""

    def due(self, desk: str, ticket: int | None, on: str, path: str) -> bool:
        """Counts a call down; returns whether the race happens now."""
        if (desk, ticket, on) != (self.desk, self.ticket, self.on) or not path.removesuffix(".json").endswith(
            self.part
        ):
            return False
        self.nth -= 1
        return self.nth == 0


def _keys() -> dict[str, set[str]]:
    return {"zendesk": {"klark@example.com/token:sandbox-token", "oauth:sandbox-oauth"}, "freshdesk": {"sandbox-key"}}


def _invocations() -> Iterator[int]:
    return itertools.count(8_350_000_001)


@dataclass(slots=True)
class World:
    """All state of the sandbox, with one lock: a call is processed alone, as in a database transaction."""

    sender: Sender = field(default_factory=Sender)
    desks: dict[str, Desk] = field(default_factory=dict)
    limits: dict[str, Limits] = field(default_factory=dict)
    keys: dict[str, set[str]] = field(default_factory=_keys)
    refresh: dict[str, str] = field(default_factory=dict)
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    races: list[Race] = field(default_factory=list)
    lag_s: int = 60
    invocations: Iterator[int] = field(default_factory=_invocations)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Restores the initial state: no tickets, no webhooks, no faults, default credentials and limits."""
        self.faults.clear()
        with self.lock:
            self.sender.clear()
            self.desks = {name: new_desk(name) for name in ("zendesk", "freshdesk")}
            self.limits = {"zendesk": zendesk_limits(), "freshdesk": freshdesk_limits()}
            self.keys, self.refresh, self.journal = _keys(), {}, Journal()
            self.races, self.lag_s = [], 60

    def announce(self, desk: Desk, changes: Sequence[Change]) -> None:
        """Runs the triggers on these changes, and queues the webhooks of all."""
        triggered = TRIGGERED[desk.name](desk, changes) if desk.name in TRIGGERED else []
        for change in (*changes, *triggered):
            for parcel in PARCELS[desk.name](desk, change, self.invocations):
                self.sender.post(parcel)

    def race(self, desk: Desk, call: Call, on: str) -> None:
        """Runs the races that are due at this call."""
        ticket = ticket_of(call)
        due = [race for race in self.races if race.due(desk.name, ticket, on, call.path)]
        for race in due:
            self.races.remove(race)
            self.announce(desk, race.act())


def ticket_of(call: Call) -> int | None:
    """Returns the id of the ticket in the path, or `None`."""
    match = TICKET.search(call.path)
    return int(match[1]) if match else None


def serve(world: World, name: str, product: Product, call: Call) -> DeskAnswer:
    """Returns the response to one API call: journal, fault, limit, credentials, race, and the product's own action."""
    desk = world.desks[name]
    write = _journal(world, name, product, call) if call.method in WRITING else None
    fault = world.faults.take(name, call)

    def look() -> DeskAnswer:
        return _look(world, desk, product, call, write)

    answer = play(fault, look) if fault else look()
    if write:
        write.status, write.answered = answer.status, not answer.cut
    return answer


def _journal(world: World, name: str, product: Product, call: Call) -> Write:
    with world.lock:
        write = world.journal.open(name, call.method, call.path, ticket_of(call), call.raw)
    words = product.words(call, write.body if isinstance(write.body, dict) else {})
    write.public, write.text, write.marker = words.public, to_text(words.html) if words.html else "", words.marker
    return write


def _look(world: World, desk: Desk, product: Product, call: Call, write: Write | None) -> DeskAnswer:
    with world.lock:
        answer = _limited(world, desk, product, call, write)
        headers = {**product.headers(world.limits[desk.name], call, answer.status), **answer.headers}
    return replace(answer.later() if answer.later else answer, headers=headers)


def _limited(world: World, desk: Desk, product: Product, call: Call, write: Write | None) -> DeskAnswer:
    ticket = ticket_of(call)
    update = str(ticket) if call.method in product.updating and ticket is not None else None
    lists = call.method == "GET" and call.path.endswith("/tickets")
    spent = world.limits[desk.name].refuse(
        update_of=update, incremental="/incremental/" in call.path, lists=lists, cost=product.cost(call)
    )
    if spent:
        return product.busy(spent)
    return product.admit(world, call) or _routed(world, desk, product, call, write)


def _routed(world: World, desk: Desk, product: Product, call: Call, write: Write | None) -> DeskAnswer:
    found = find(product.routes, call)
    if found is None:
        return product.nowhere(product.routes, call)
    if write:
        world.race(desk, call, "write")
    led = _led(desk, call)
    action, groups = found
    try:
        call.body()
        answer = action(world, desk, call, *groups)
    except (ValueError, TypeError, KeyError, AttributeError):  # a body of another shape than the product's
        answer = product.unreadable
    if write:
        _record(write, answer, led=led)
    world.announce(desk, answer.changes)
    if not write:
        world.race(desk, call, "fetch")
    return answer


def _led(desk: Desk, call: Call) -> bool:
    ticket = desk.tickets.get(ticket_of(call) or 0)
    return ticket is not None and led_by_human(ticket)


def _record(write: Write, answer: DeskAnswer, *, led: bool) -> None:
    said = next((change.comment for change in answer.changes if change.comment), None)
    write.applied = answer.status < 300
    write.over_a_human = write.applied and said is not None and led
    if said:
        write.comment, write.ticket = said.id, answer.changes[0].ticket.id
