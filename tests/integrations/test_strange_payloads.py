"""Whatever a helpdesk sends instead of what it should: klark's own shapes come out, or one of klark's own errors.

Each field of each recorded payload is left out, and replaced by values of every other kind; so is each entry of a list.
"""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.errors import IntegrationError
from integrations.helpdesks.base import Ticket
from integrations.helpdesks.freshdesk import shapes as freshdesk_shapes
from integrations.helpdesks.help_centre_page import HelpCentrePage
from integrations.helpdesks.zendesk import shapes as zendesk_shapes

from .desks import FRESHDESK, REPLY, ZENDESK, Desk, Reply, payload, stub

ABSENT = object()
STRANGE = (
    ABSENT, None, "", "x", "4711", [], {}, [None], [[]], [{}], {"id": None}, 0, -1, 1.5, True, 10**30, "\x00\ud800",
    "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+14:00", "2026-02-31", "{{ticket.id}}",
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in a payload: each key, and the first entry of each list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*path, key)
            yield from places(inner, (*path, key))
    if isinstance(value, list) and value:
        yield (*path, 0)
        yield from places(value[0], (*path, 0))


def changed(body: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with something else at that place; the rest is shared."""
    first, *more = path
    copied = copy.copy(body)
    if more:
        copied[first] = changed(body[first], tuple(more), value)
    elif value is ABSENT:
        del copied[first]
    else:
        copied[first] = value
    return copied


def variants(body: Any) -> Iterator[Any]:
    for path in places(body):
        for value in STRANGE:
            yield changed(body, path, value)


READ = {
    "zendesk": ("GET", "/api/v2/tickets/4711.json"), "freshdesk": ("GET", "/api/v2/tickets/4711"),
}  # fmt: skip
SAID = {
    "zendesk": ("GET", "/api/v2/tickets/4711/comments.json"), "freshdesk": ("GET", "/api/v2/tickets/4711/conversations"),
}  # fmt: skip
LISTED = {"zendesk": ("GET", "/api/v2/incremental/tickets/cursor.json"), "freshdesk": ("GET", "/api/v2/tickets")}
TEXTS = {"zendesk": ("GET", "/api/v2/help_center/en-us/articles.json"),
         "freshdesk": ("GET", "/api/v2/solutions/folders/21/articles")}  # fmt: skip


@pytest.fixture(params=(ZENDESK, FRESHDESK), ids=lambda desk: desk.name)
def desk(request: pytest.FixtureRequest) -> Desk:
    one: Desk = request.param
    return one


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.helpdesks.zendesk.client.sleep", lambda seconds: None)


def outcomes(desk: Desk, place: tuple[str, str], ask: Any) -> list[Any]:
    """What comes of every variant of the answer at one place: a value, or one of klark's errors. Anything else fails."""
    found, helpdesk = [], desk.open()
    for body in variants(desk.table[place].body):
        stub(helpdesk).table[place] = [Reply(body)]
        stub(helpdesk).sent.clear()
        try:
            found.append(ask(helpdesk))
        except IntegrationError as error:
            found.append(error)
    return found


def sound(ticket: Ticket) -> bool:
    """Whether a ticket can be worked with: ordered, storable as text, and its turn a customer's."""
    turn = ticket.last_from_customer()
    texts = [ticket.subject, ticket.requester.id, *(comment.body_text for comment in ticket.comments)]
    return all(isinstance(text, str) for text in texts) and (turn is None or turn.public)


@pytest.mark.parametrize("places_of", [READ, SAID], ids=["ticket", "comments"])
def test_a_strange_ticket_is_a_ticket_or_an_error_with_a_name(
    desk: Desk, places_of: dict[str, tuple[str, str]]
) -> None:
    found = outcomes(desk, places_of[desk.name], lambda helpdesk: helpdesk.fetch("4711"))
    tickets = [one for one in found if isinstance(one, Ticket)]
    assert [one for one in tickets if not sound(one)] == []
    assert len(tickets) > 0.9 * len(found)


def test_strange_changes_are_events_or_an_error_with_a_name(desk: Desk) -> None:
    found = outcomes(desk, LISTED[desk.name], lambda helpdesk: helpdesk.changes("2026-10-05T09:00:00Z"))
    events = [event for one in found if not isinstance(one, IntegrationError) for event in one.events]
    assert {event.ticket_id.isdigit() for event in events} == {True}


def test_strange_articles_are_left_out_or_an_error_with_a_name(desk: Desk) -> None:
    def walk(helpdesk: Any) -> list[HelpCentrePage]:
        pages, cursor = [], ""
        while not pages or pages[-1].more:
            pages.append(helpdesk.shelf(cursor))
            cursor = pages[-1].cursor
        return pages

    found = outcomes(desk, TEXTS[desk.name], walk)
    articles = [article for one in found if isinstance(one, list) for page in one for article in page.articles]
    assert [article for article in articles if not article.body_html or ":" not in article.id] == []


def test_a_strange_answer_to_whoami_is_a_person_or_an_error_with_a_name(desk: Desk) -> None:
    found = outcomes(desk, desk.me, lambda helpdesk: helpdesk.whoami())
    assert {one.id.isdigit() for one in found if not isinstance(one, IntegrationError)} == {True}


def test_a_strange_answer_to_a_write_is_an_id_or_an_error_with_a_name(desk: Desk) -> None:
    ticket = desk.open().fetch("4711")
    found = outcomes(desk, desk.write, lambda helpdesk: helpdesk.write(ticket, REPLY))
    assert {type(one) for one in found if not isinstance(one, IntegrationError)} == {str}


def test_strange_audits_hide_no_marker_and_break_nothing() -> None:
    ticket = ZENDESK.open().fetch("4711")
    place = ("GET", "/api/v2/tickets/4711/audits.json")
    found = outcomes(ZENDESK, place, lambda helpdesk: helpdesk.find(ticket, REPLY, datetime.now(UTC)))
    assert {one for one in found if not isinstance(one, IntegrationError)} == {None}


def test_every_value_null_is_a_ticket_without_them() -> None:
    zendesk = dict.fromkeys(payload("zendesk_ticket.json")["ticket"]) | {"id": 4711}
    read = zendesk_shapes.ticket(zendesk, {}, [dict.fromkeys(payload("zendesk_comments.json")["comments"][0])], "")
    assert (read.id, read.status, read.tags, read.cc, read.comments[0].public) == ("4711", None, (), (), False)
    freshdesk = dict.fromkeys(payload("freshdesk_ticket.json")) | {"id": 4711}
    conversation = dict.fromkeys(payload("freshdesk_conversations.json")[0])
    shown = freshdesk_shapes.ticket(freshdesk, [conversation], frozenset(), "")
    assert (shown.id, shown.status, shown.tags, shown.cc, shown.comments[1].public) == ("4711", None, (), (), False)


def as_text(value: Any) -> Any:
    """The same payload with every whole number in quotation marks."""
    if isinstance(value, dict):
        return {key: as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value]
    return str(value) if type(value) is int else value


def test_ids_and_codes_as_texts_read_the_same(desk: Desk) -> None:
    plain = desk.open().fetch("4711")
    quoted = {place: Reply(as_text(desk.table[place].body)) for place in (READ[desk.name], SAID[desk.name])}
    read = desk.open(quoted).fetch("4711")
    assert _without_raw(read) == _without_raw(plain)


def _without_raw(ticket: Ticket) -> str:
    return json.dumps({name: str(getattr(ticket, name)) for name in Ticket.__slots__ if name != "raw"})


@pytest.mark.parametrize("date", ["", "yesterday", "2026-13-45T00:00:00Z", None, 1796000000, "0000-00-00"])
def test_comments_without_a_readable_time_stay_in_the_order_in_which_they_came(desk: Desk, date: Any) -> None:
    plain = [comment.id for comment in desk.open().fetch("4711").comments]
    body = copy.deepcopy(desk.table[SAID[desk.name]].body)
    entries = sorted(body["comments"] if desk.name == "zendesk" else body, key=lambda entry: entry["created_at"])
    entries[1]["created_at"] = date
    body = body | {"comments": entries} if desk.name == "zendesk" else entries
    assert [comment.id for comment in desk.open({SAID[desk.name]: Reply(body)}).fetch("4711").comments] == plain


def test_a_requester_who_was_deleted_still_is_the_customer(desk: Desk) -> None:
    """The user is no longer shown beside the ticket; only the id is left."""
    gone = {}
    for place in (READ[desk.name], SAID[desk.name]):
        body = copy.deepcopy(desk.table[place].body)
        if desk.name == "zendesk":
            body["users"] = [user for user in body.get("users", []) if user["id"] != 9001]
        elif "requester" in body:
            body["requester"] = None
        gone[place] = Reply(body)
    ticket = desk.open(gone).fetch("4711")
    assert (ticket.requester.id, ticket.requester.email) == ("9001", "")
    assert ticket.comments[0].from_customer is True
