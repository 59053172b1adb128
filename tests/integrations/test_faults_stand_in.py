"""What goes wrong at a helpdesk, and what klark is told to do next: each fault of the stand-ins at each call of each
adapter. A read that failed may be asked again (TryLater) or never (Refused, Gone); a write of which nobody can tell
whether it was made is Unsure, and nothing is ever sent twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from integrations.errors import IntegrationError, LookAgain, Refused, TryLater, Unsure
from integrations.helpdesks.base import Helpdesk, Ticket
from integrations.sandbox.client import DeskName, Sandbox
from tests.integrations.sandboxed import wait_for
from tests.integrations.stand_in import KEYS, REPLY, Clock, Given, asked, end, opened, said

pytest_plugins = ["tests.integrations.sandbox_fixtures"]
pytestmark = pytest.mark.usefixtures("clock")
DESKS: tuple[DeskName, ...] = ("zendesk", "freshdesk")


SHORT = ("a dropped answer", "half a document", "a page of HTML", "a redirect", "403", "404", "409", "429", "503",
         "200 with an error inside", "200 with a number")  # fmt: skip


@pytest.fixture(params=DESKS)
def desk(request: pytest.FixtureRequest) -> DeskName:
    return request.param


@dataclass(frozen=True)
class Bad:
    """A fault, how a read and a write end, and how often the write is made all the same."""

    fault: Mapping[str, Any]
    read: str
    write: str
    made: int = 0


FAULTS = {
    "a dropped answer": Bad({"kind": "drop"}, "TryLater", "Unsure", made=1),
    "a reset": Bad({"kind": "reset"}, "TryLater", "Unsure"),
    "half a document": Bad({"kind": "malformed"}, "TryLater", "Unsure", made=1),
    "half a document, nothing done": Bad({"kind": "malformed", "apply": False}, "TryLater", "Unsure"),
    "a page of HTML": Bad({"kind": "html200"}, "TryLater", "Unsure"),
    "a page of HTML, all done": Bad({"kind": "html200", "apply": True}, "TryLater", "Unsure", made=1),
    "a redirect": Bad({"kind": "redirect"}, "Refused", "Unsure"),
    "a redirect, all done": Bad({"kind": "redirect", "apply": True}, "Refused", "Unsure", made=1),
    "400": Bad({"kind": "status", "status": 400}, "Refused", "Refused"),
    "401": Bad({"kind": "status", "status": 401}, "Refused", "Refused"),
    "402, a suspended account": Bad({"kind": "status", "status": 402}, "Refused", "Refused"),
    "403": Bad({"kind": "status", "status": 403}, "Refused", "Refused"),
    "404": Bad({"kind": "status", "status": 404}, "Gone", "Gone"),
    "408, all done": Bad({"kind": "status", "status": 408, "apply": True}, "TryLater", "Unsure", made=1),
    "409": Bad({"kind": "status", "status": 409}, "TryLater", "LookAgain"),
    "410": Bad({"kind": "status", "status": 410}, "Gone", "Gone"),
    "422": Bad({"kind": "status", "status": 422, "body": {"error": "invalid"}}, "Invalid", "Invalid"),
    "429": Bad({"kind": "status", "status": 429, "headers": {"Retry-After": "7"}}, "TryLater", "TryLater"),
    "500, all done": Bad({"kind": "status", "status": 500, "apply": True}, "TryLater", "Unsure", made=1),
    "502, nothing done": Bad({"kind": "status", "status": 502}, "TryLater", "Unsure"),
    "503": Bad({"kind": "status", "status": 503}, "TryLater", "Unsure"),
    "504": Bad({"kind": "status", "status": 504}, "TryLater", "Unsure"),
    "200 with an error inside": Bad({"kind": "status", "status": 200, "body": {"error": "no"}}, "Refused", "Refused"),
    "200 with null": Bad({"kind": "status", "status": 200, "body": "null"}, "TryLater", "Unsure"),
    "200 with a number": Bad({"kind": "status", "status": 200, "body": 7}, "TryLater", "Unsure"),
    "204 without a word": Bad({"kind": "status", "status": 204, "body": ""}, "TryLater", "Unsure"),
}


WRITES: Mapping[str, str] = {"zendesk": "PUT", "freshdesk": "POST"}


def test_each_fault_says_what_to_do_next_and_nothing_is_sent_twice(sandbox: Sandbox, desk: DeskName):
    ends: dict[str, Bad] = {}
    for name, bad in FAULTS.items():
        adapter, ticket = asked(sandbox, desk)
        sandbox.fault(desk=desk, method="GET", **bad.fault)
        read = end(lambda adapter=adapter, ticket=ticket: adapter.fetch(ticket.id))
        sandbox.fault(desk=desk, method=WRITES[desk], **bad.fault)
        write = end(lambda adapter=adapter, ticket=ticket: adapter.write(ticket, REPLY))
        ends[name] = Bad(bad.fault, read, write, said(sandbox, desk, ticket).count(("klark", REPLY.text, True)))
    assert ends == FAULTS
    assert len({write["ticket"] for write in sandbox.writes()}) == len(sandbox.writes()) == len(FAULTS)
    assert sandbox.faults() == []


def calls(adapter: Helpdesk, ticket: Ticket, clock: Clock) -> dict[str, Callable[[], object]]:
    """Everything that reads."""
    return {
        "fetch": lambda: adapter.fetch(ticket.id),
        "changes": lambda: adapter.changes(clock.at.isoformat()),
        "whoami": adapter.whoami,
        "groups": adapter.groups,
        "shelf": lambda: adapter.shelf('{"left":[["articles","","","en-us"]],"began":1}'
                                       if adapter.safe_resend else '{"left":[["categories","","en"]]}'),
    }  # fmt: skip


def test_every_read_ends_alike_whichever_it_is(sandbox: Sandbox, desk: DeskName, clock: Clock):
    adapter, ticket = asked(sandbox, desk)
    reads = calls(adapter, ticket, clock)
    ends: dict[str, dict[str, str]] = {}
    for name in SHORT:
        for call, ask in reads.items():
            sandbox.fault(desk=desk, method="GET", **FAULTS[name].fault)
            ends.setdefault(name, {})[call] = end(ask)
    assert ends == {name: dict.fromkeys(reads, FAULTS[name].read) for name in SHORT}
    assert {call: end(ask) for call, ask in reads.items()} == dict.fromkeys(reads, "done")


STATED: Mapping[str, float | None] = {
    "7": 7.0, "0.5": 0.5, "-3": 0.0, "99999999": 3600.0, "soon": None, "": None, "nan": None, "inf": None,
    "Wed, 21 Oct 2015 07:28:00 GMT": 0.0, "Fri, 31 Dec 9999 23:59:59 GMT": 3600.0,
}  # fmt: skip


def test_a_time_to_come_back_is_obeyed_as_far_as_it_can_be_read(sandbox: Sandbox, desk: DeskName):
    adapter, ticket = asked(sandbox, desk)
    waits: dict[int, dict[str, float | None]] = {429: {}, 503: {}}
    for status, found in waits.items():
        for stated in STATED:
            sandbox.fault("status", desk=desk, status=status, headers={"Retry-After": stated})
            with pytest.raises(TryLater) as caught:
                adapter.fetch(ticket.id)
            found[stated] = caught.value.after
    assert waits == {429: STATED, 503: STATED}


def test_a_busy_desk_lets_a_write_wait_which_was_not_made(sandbox: Sandbox, desk: DeskName):
    adapter, ticket = asked(sandbox, desk)
    sandbox.fault("status", desk=desk, status=429, headers={"Retry-After": "2"})
    with pytest.raises(TryLater) as caught:
        adapter.write(ticket, REPLY)
    assert (caught.value.after, said(sandbox, desk, ticket)) == (2.0, [])
    adapter.write(ticket, REPLY)
    assert said(sandbox, desk, ticket) == [("klark", REPLY.text, True)]


def test_a_desk_that_is_slower_than_klark_waits_leaves_a_write_that_may_have_been_made(
    sandbox: Sandbox, desk: DeskName
):
    adapter, ticket = asked(sandbox, desk)
    hasty = opened(sandbox, desk, read_s=0.05)
    for made, fault in ((1, {"apply": True}), (0, {"apply": False})):
        sandbox.fault("delay", desk=desk, method=WRITES[desk], seconds=0.12, **fault)
        with pytest.raises(Unsure):
            hasty.write(adapter.fetch(ticket.id), REPLY)
        assert wait_for(lambda ticket=ticket, made=made: len(said(sandbox, desk, ticket)) == made)
        ticket = adapter.fetch(str(sandbox.ticket(desk)))
    sandbox.fault("delay", desk=desk, method="GET", seconds=0.12)
    with pytest.raises(TryLater):
        hasty.whoami()


def test_a_redirect_is_never_followed_and_no_credential_goes_there(sandbox: Sandbox, desk: DeskName):
    adapter, ticket = asked(sandbox, desk)
    elsewhere = f"{sandbox.address}/{desk}/api/v2/tickets/99/reply"
    sandbox.fault("redirect", desk=desk, method=WRITES[desk], location=elsewhere)
    with pytest.raises(Unsure):
        adapter.write(ticket, REPLY)
    sandbox.fault("redirect", desk=desk, method="GET", location=elsewhere)
    with pytest.raises(Refused, match="follows no redirect: check the account's name"):
        adapter.whoami()
    assert [write["path"] for write in sandbox.writes()] == [
        f"/api/v2/tickets/{ticket.id}" + (".json" if desk == "zendesk" else "/reply")
    ]


def test_a_credential_with_a_stray_character_is_told_as_such_and_sends_nothing(sandbox: Sandbox, desk: DeskName):
    _, ticket = asked(sandbox, desk)
    stray = {
        "zendesk": ("oauth:a\nb", "oauth:\u00e9", "oauth:a\tb", "oauth:\ud800", "\ud800"),
        "freshdesk": ("\ud800",),
    }[desk]
    for token in stray:
        given = Given(token)
        adapter = opened(sandbox, desk, given)
        for call in (adapter.whoami, lambda adapter=adapter: adapter.write(ticket, REPLY)):
            with pytest.raises(Refused, match="has a character in it that cannot be sent: paste it anew"):
                call()
        assert given.headers == []
    assert sandbox.writes() == []


def test_the_blanks_that_were_pasted_along_with_a_credential_do_not_count(sandbox: Sandbox, desk: DeskName):
    tokens = (*(f"{space}{KEYS[desk]}{space}" for space in (" ", "\n", "\r\n", "\t")), KEYS[desk])
    assert {opened(sandbox, desk, Given(token)).whoami().name for token in tokens} == {"klark"}


def test_a_desk_that_is_not_there_got_nothing(desk: DeskName):
    with pytest.raises(TryLater, match="could not be reached"):
        opened(Sandbox("http://127.0.0.1:9"), desk).whoami()


def test_a_fault_is_told_in_one_plain_sentence_that_names_the_desk_and_no_secret(sandbox: Sandbox, desk: DeskName):
    adapter, _ = asked(sandbox, desk)
    told: dict[str, str] = {}
    for name, bad in FAULTS.items():
        sandbox.fault(desk=desk, **bad.fault)
        with pytest.raises(IntegrationError) as caught:
            adapter.whoami()
        told[name] = str(caught.value)
    where = f"acme.{desk}.com"
    assert {name: text for name, text in told.items() if where not in text} == {}
    for text in told.values():
        assert "\n" not in text
        assert len(text) < 400
        assert not any(secret in text for secret in ("sandbox-token", "sandbox-key", "Basic ", "Authorization"))


def test_what_comes_with_an_error_is_shown_shortened_and_without_what_a_screen_cannot_bear(
    sandbox: Sandbox, desk: DeskName
):
    adapter, _ = asked(sandbox, desk)
    bodies: dict[str, tuple[Any, str]] = {
        "zendesk's": ({"error": "X", "details": {"base": [{"description": "No more"}]}}, "No more"),
        "freshdesk's": (
            {"description": "Failed", "errors": [{"field": "body", "message": "Too short"}]},
            "body Too short",
        ),
        "plain": ({"message": "Not on your plan"}, "Not on your plan"),
        "odd": ([1, {"x": None}], "no reason given"),
        "broken": ({"description": "a\x00b\u202ec\nd"}, "abcd"),
    }
    shown = {}
    for name, (body, _reason) in bodies.items():
        sandbox.fault("status", desk=desk, status=400, body=body)
        with pytest.raises(Refused) as caught:
            adapter.whoami()
        shown[name] = str(caught.value).partition(": ")[2]
    assert shown == {name: reason for name, (_, reason) in bodies.items()}
    sandbox.fault("status", desk=desk, status=400, body={"description": "long " * 1000})
    with pytest.raises(Refused) as endless:
        adapter.whoami()
    assert len(str(endless.value)) < 400


def test_an_agent_who_answers_at_the_worst_moment_is_written_over_on_one_desk_only(
    sandbox: Sandbox, desk: DeskName, clock: Clock
):
    adapter, ticket = asked(sandbox, desk)
    clock.move(1)
    sandbox.race(desk, int(ticket.id), "write", body_html="<p>mine</p>")
    ended = end(lambda: adapter.write(ticket, REPLY))
    assert ended == {"zendesk": LookAgain.__name__, "freshdesk": "done"}[desk]
    assert [write["over_a_human"] for write in sandbox.writes()] == [desk == "freshdesk"]
