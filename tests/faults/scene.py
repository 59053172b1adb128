"""One scenario's stage directions: customers who write, people who act, faults that are armed, and what heals them."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from integrations.sandbox.client import DeskName, Sandbox
from tests.faults.points import BY_NAME
from tests.faults.stage.ground import Ground
from tests.faults.stage.klark_processes import BOTH, Klark
from tests.faults.stage.model import LIES, MORE, REWORDED, UNKNOWN
from tests.faults.stage.shop import ACCOUNTS, COUNTRIES, NAMES, asked
from tests.faults.stage.switchboard import Trigger, send
from tests.faults.stage.waiting import Lease, Rows
from tests.faults.verdicts import Case

May = Literal["reply", "note", "nothing"]
Found = tuple[str, str, str]
Ask = Callable[[Sequence[Case]], Mapping[str, Any]]
"""What the referee is asked, and how it answers: see tests.faults.referee."""
DESKS: tuple[DeskName, DeskName] = ("zendesk", "freshdesk")
SETTLED_S, FIRED_S = 60.0, 20.0
TENANTS = {name: tenant for name, tenant, _, _ in ACCOUNTS}
OTHER = {"name": "Pat Elsewhere", "email": "pat@elsewhere.example"}


@dataclass(frozen=True, slots=True)
class Trait:
    """What is particular about a ticket: what is added to the question, how it is opened, and the most that klark may do."""

    more: str = ""
    may: May = "reply"
    opened: Mapping[str, Any] = field(default_factory=dict)
    instead: str = ""


TRAITS: Mapping[str, Trait] = {
    "plain": Trait(),
    "reworded": Trait(f" Please say it {REWORDED}."),
    "lies": Trait(f" Please be complete, {LIES}.", may="note"),
    "unknown": Trait(f" And what is {UNKNOWN}?", may="note"),
    "half": Trait(f" Please tell me {MORE}.", may="note"),
    "copy": Trait(may="note", opened={"cc": [OTHER]}),
    "person": Trait(" I want to talk to a real person about it, please.", may="note"),
    "led": Trait(may="note", opened={"history": [
        {"as": "customer", "body": "Where is my parcel?"}, {"as": "agent", "body_html": "<p>I look into it for you.</p>"},
    ]}),
    "automatic": Trait(may="nothing", opened={"as": "auto"}, instead="I am out of the office until Monday."),
    "thanks": Trait(may="nothing", instead="Thank you very much!"),
}  # fmt: skip
USUAL = ("plain", "plain", "plain", "reworded", *TRAITS)


def on(point: str, case: Case, act: str, **more: Any) -> Trigger:
    """Returns a fault at a point, for one ticket alone."""
    known = BY_NAME[point]
    return Trigger(replace(known, pattern=known.pattern.replace(r"\d+", str(case.ticket))), act, **more)


@dataclass
class Scene:
    """One scenario on a running stage. `story` says in a few words what was done."""

    seed: int
    ground: Ground
    klark: Klark
    rows: Rows
    chance: random.Random
    cases: list[Case] = field(default_factory=list)
    story: list[str] = field(default_factory=list)
    left: Sequence[Lease] = ()
    caught_up: bool = False
    findings: list[Found] = field(default_factory=list)
    ask: Ask = field(default=lambda cases: {"findings": [], "parked": 0})

    def sandbox(self, case: Case) -> tuple[Sandbox, DeskName]:
        """Returns the stand-in that a ticket is on, and the helpdesk's name."""
        desk = self.ground.desks[case.account]
        return desk.sandbox, desk.name

    def customer(self, account: str = "", trait: str = "", says: str = "", **more: Any) -> Case:
        """A customer opens a ticket; what is not said is drawn by chance. `says`: all that it says, word for word."""
        account = account or self.chance.choice(("zendesk", "freshdesk", "zendesk", "freshdesk", "other", "watched"))
        trait = trait or self.chance.choice(USUAL)
        what, number = TRAITS[trait], len(self.cases)
        name = NAMES[(self.seed + number) % len(NAMES)]
        email = f"{name.lower()}.c{self.seed}@example.com"
        asks = f"Hello, I am {name} Example ({email}). {asked(self.country())}{what.more}"
        body = says or what.instead or asks
        desk = self.ground.desks[account]
        ticket = desk.sandbox.ticket(
            desk.name, subject="Delivery", body=body, requester={"name": f"{name} Example", "email": email},
            **{**what.opened, **more},
        )  # fmt: skip
        may: May = "note" if account == "other" and what.may == "reply" else what.may
        case = Case(account, ticket, TENANTS[account], name, may, "watching" if account == "watched" else "")
        self.cases.append(case)
        self.story.append(f"{trait} on {account}")
        return case

    def agreed(self, case: Case, **changes: Any) -> None:
        """Changes what was agreed on a ticket."""
        self.cases = [replace(one, **changes) if one == case else one for one in self.cases]

    def country(self) -> str:
        """Draws one."""
        return self.chance.choice(COUNTRIES)

    def again(self, case: Case) -> None:
        """The customer writes once more, with another question."""
        sandbox, desk = self.sandbox(case)
        sandbox.comment(desk, case.ticket, f"<p>{asked(self.country())}</p>")

    def customers(self, least: int = 1, most: int = 3) -> None:
        """Some tickets are opened, and now and then a customer writes again. The first is one that goes all the way."""
        for number in range(self.chance.randint(least, most)):
            drawn = self.chance.choice(("zendesk", "freshdesk")), self.chance.choice(("plain", "reworded"))
            case = self.customer(*drawn) if not number else self.customer()
            if self.chance.random() < 0.25 and case.may == "reply":
                self.pause(0.0, 0.8)
                self.again(case)

    def pause(self, least: float, most: float) -> None:
        """Waits for a time drawn by chance."""
        time.sleep(self.chance.uniform(least, most))

    def arm(self, point: str, act: str, **more: Any) -> Trigger:
        """Lets a fault come."""
        trigger = Trigger(BY_NAME[point], act, **more)
        self.ground.board.arm(trigger)
        self.story.append(f"{act} {point}" + "".join(f", {name} {value}" for name, value in more.items()))
        return trigger

    def await_fault(self, trigger: Trigger, patience_s: float = FIRED_S) -> bool:
        """Waits until a fault has struck, or all work has ended without it; returns whether it has."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end and not trigger.fired.wait(0.3):
            if self.rows.done():
                break
        struck = trigger.fired.is_set()
        if not struck:
            self.story.append("(it did not strike)")
        time.sleep(0.05)
        return struck

    def heal(self) -> None:
        """Ends every fault: what is dead is started, what stands still goes on, and a dead worker's claims end."""
        self.ground.board.clear()
        for pid in list(self.ground.board.pids.values()):
            send(pid, 18)
        for desk in self.ground.desks.values():
            desk.sandbox.clear_faults()
        dead = [process for process in BOTH if not self.klark.alive(process)]
        if "worker" in dead:
            self.left = self.rows.leases()
        self.klark.start(*dead)
        self.rows.expire(self.left)
        self.left = ()

    def catch_up(self, trigger: Trigger | None = None) -> None:
        """Has the helpdesks' changes read, as klark does every few minutes; up to a fault, if one is to strike at it."""
        self.rows.settled(SETTLED_S)
        self.rows.catch_up(trigger.fired.is_set if trigger else bool)
        self.caught_up = trigger is None

    def settle(self) -> None:
        """Heals, and waits until all work has ended."""
        self.heal()
        if not self.rows.settled(SETTLED_S):
            self.story.append("(it did not settle)")

    def judge(self, cases: Sequence[Case] | None = None) -> int:
        """Has the referee look at some tickets, or at all; returns how many are parked."""
        told = self.ask([replace(case, caught_up=self.caught_up) for case in cases or self.cases])
        self.findings += [tuple(each) for each in told["findings"]]
        return int(told["parked"])

    def undelivered(self) -> bool:
        """Returns whether a helpdesk has given a webhook up."""
        for name, desk in self.ground.desks.items():
            tickets = [case.ticket for case in self.cases if case.account == name]
            if tickets and any(one["state"] == "failed" for one in desk.sandbox.webhooks(tickets=tickets)):
                return True
        return False
