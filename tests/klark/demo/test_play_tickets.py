"""A ticket of the script as it happens: what the sandbox is told, in which order, and where klark is waited for."""

from dataclasses import replace
from typing import Any

import pytest

from klark.demo.play_tickets import Played, act
from klark.demo.tickets import Expect, ScriptEntry, ScriptEvent, ScriptPerson, ScriptTicket

ANN = ScriptPerson("Ann", "ann@example.com")
TICKET = ScriptTicket("t1", (), "zendesk", "delivery", ANN, "Delivery", "<p>When?</p>",
                      Expect(("REPLY",), ("ready",), (), (), "", 1, ""))  # fmt: skip


class Told:
    """A sandbox that only writes down what it was told."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.tickets: list[dict[str, Any]] = []

    def hold(self, desk: str) -> None:
        self.calls.append(("hold",))

    def release(self, desk: str, order: str) -> None:
        self.calls.append(("release", order))

    def ticket(self, desk: str, **fields: Any) -> int:
        self.calls.append(("ticket",))
        self.tickets.append({"desk": desk, **fields})
        return 7

    def fault(self, **fields: Any) -> None:
        self.calls.append(("fault", fields["kind"], fields["method"], fields["path"]))

    def comment(self, desk: str, number: int, body: str, by: str) -> None:
        self.calls.append(("comment", by, body))

    def race(self, desk: str, number: int, on: str, by: str, part: str, body_html: str) -> None:
        self.calls.append(("race", on, by, body_html))

    def resend(self, desk: str, number: int, times: int = 1) -> None:
        self.calls.append(("resend", times))


def played(*events: ScriptEvent, **fields: Any) -> tuple[list[tuple[Any, ...]], Told, Played]:
    """Everything that happens, with a mark wherever klark is waited for."""
    one, sandbox = Played(replace(TICKET, events=events, **fields)), Told()
    for _ in act(one, sandbox):  # type: ignore[arg-type]  # all that is asked of a sandbox
        sandbox.calls.append(("wait",))
    return sandbox.calls, sandbox, one


BEGIN: list[tuple[Any, ...]] = [("hold",), ("ticket",)]
END: list[tuple[Any, ...]] = [("release", "forward")]
SCENES: dict[str, tuple[tuple[ScriptEvent, ...], list[tuple[Any, ...]], int]] = {
    "nothing more": ((), [*BEGIN, *END], 1),
    "the webhook three times": ((ScriptEvent("webhook_times", times=3),), [*BEGIN, *END, ("resend", 2)], 1),
    "klark's comment comes back": ((ScriptEvent("own_comment_back"),), [*BEGIN, *END, ("wait",), ("resend", 1)], 1),
    "an agent writes while klark drafts": (
        (ScriptEvent("agent_replies", when="drafting", body="I do"),),
        [*BEGIN, ("race", "fetch", "agent", "I do"), *END], 1),
    "an agent writes afterwards": (
        (ScriptEvent("agent_replies", when="after", body="Done"),),
        [*BEGIN, *END, ("wait",), ("comment", "agent", "Done")], 1),
    "the customer writes again afterwards": (
        (ScriptEvent("customer_writes_again", when="after", body="And?"),),
        [*BEGIN, *END, ("wait",), ("comment", "customer", "And?")], 2),
    "the customer writes while klark drafts": (
        (ScriptEvent("customer_writes_again", when="drafting", body="And?"),),
        [*BEGIN, ("race", "fetch", "customer", "And?"), *END], 1),
    "webhooks the wrong way round": (
        (ScriptEvent("hold_and_release_reversed"), ScriptEvent("customer_writes_again", when="drafting", body="And?")),
        [*BEGIN, ("comment", "customer", "And?"), ("release", "reverse")], 1),
    "too many requests when reading": (
        (ScriptEvent("fault", kind="429", on="read"),), [*BEGIN, ("fault", "status", "GET", r"/tickets/7(\D|$)"), *END], 1),
    "an answer lost when writing": (
        (ScriptEvent("fault", kind="drop", on="write"),),
        [*BEGIN, ("fault", "drop", "PUT|POST", r"/tickets/7(\D|$)"), *END], 1),
    "two turns": (
        (ScriptEvent("customer_writes_again", when="after", body="1"),
         ScriptEvent("customer_writes_again", when="after", body="2")),
        [*BEGIN, *END, ("wait",), ("comment", "customer", "1"), ("wait",), ("comment", "customer", "2")], 3),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_and_what_happens_in_it(name: str) -> None:
    events, expected, turns = SCENES[name]
    calls, _, one = played(*events)
    assert (calls, one.turns, one.number) == (expected, turns, 7)


OPENED: dict[str, tuple[dict[str, Any], str, Any]] = {
    "the subject": ({}, "subject", "Delivery"),
    "the requester": ({}, "requester", {"name": "Ann", "email": "ann@example.com"}),
    "by a customer": ({}, "as", "customer"),
    "by an agent": ({"opened_by": "agent"}, "as", "agent"),
    "an agent's on zendesk": ({"opened_by": "agent"}, "channel", "email"),
    "an agent's on freshdesk": ({"opened_by": "agent", "desk": "freshdesk"}, "channel", "outbound"),
    "a customer's on freshdesk": ({"desk": "freshdesk"}, "channel", "email"),
    "a channel": ({"channel": "chat"}, "channel", "chat"),
    "tags": ({"tags": ("vip",)}, "tags", ["vip"]),
    "headers": ({"headers": (("Precedence", "bulk"),)}, "headers", {"Precedence": "bulk"}),
    "someone in copy": ({"cc": (ANN,)}, "cc", [{"name": "Ann", "email": "ann@example.com"}]),
    "what stood there before": (
        {"history": (ScriptEntry("agent", public=False, body_html="note"),)}, "history",
        [{"from": "agent", "public": False, "body_html": "note"}]),
    "solved already": ({"status": "solved"}, "status", "solved"),
    "new, which nobody need say": ({}, "status", None),
    "nobody's": ({}, "assignee_id", None),
}  # fmt: skip


@pytest.mark.parametrize("name", OPENED)
def test_a_ticket_is_opened_as_the_script_has_it(name: str) -> None:
    fields, key, expected = OPENED[name]
    assert played(**fields)[1].tickets[0].get(key) == expected


def test_an_assigned_ticket_has_an_agent() -> None:
    assert "assignee_id" in played(assignee="lea@example.com")[1].tickets[0]
