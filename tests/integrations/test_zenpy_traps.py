"""zenpy's traps, one test each: what it would do by itself, and what comes out of klark's wrapper instead.

The traps are those of zenpy 2.0.57: its own adapter repeats a PUT up to three times, it takes a page of HTML or a redirected
write for a success, breaks on a Retry-After that is a date and on a list, calls a refused update SearchResponseLimitExceeded,
sends a datetime stamp as a bare date, answers from a cache, and goes wherever ZENPY_FORCE_NETLOC says.
"""

from dataclasses import replace
from typing import Any

import pytest
import requests
from django.core.checks import Error
from requests.adapters import HTTPAdapter
from zenpy import Zenpy

from integrations.errors import Gone, Invalid, LookAgain, Refused, TryLater, Unsure
from integrations.helpdesks.base import Account
from integrations.helpdesks.zendesk.client import Zendesk
from integrations.http.transports import Outbound, requests_transport
from klark.checks import check_standalone

from .desks import NOTE, REPLY, ZENDESK, Reply, payload, stub

HTML = b"<!doctype html><title>Just a moment</title>"
UPDATE = ZENDESK.write
CHANGED = ("GET", "/api/v2/incremental/tickets/cursor.json")


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.helpdesks.zendesk.client.sleep", lambda seconds: None)


def writes(answer: Any) -> tuple[type[BaseException] | None, int]:
    """What a write comes to, and how often it was sent."""
    helpdesk = ZENDESK.open({UPDATE: answer})
    ticket = helpdesk.fetch("4711")
    try:
        helpdesk.write(ticket, REPLY)
    except Exception as error:  # the type is what is looked at
        return type(error), len(stub(helpdesk).writes())
    return None, len(stub(helpdesk).writes())


@pytest.mark.parametrize(
    "answer",
    [requests.ReadTimeout("slow"), requests.ConnectionError("dropped"), Reply({}, 503, {"Retry-After": "1"}), Reply({}, 500),
     Reply({}, 502)],
)  # fmt: skip
def test_a_write_is_sent_once_whatever_becomes_of_it(answer: Any) -> None:
    assert writes(answer) == (Unsure, 1)


def test_no_transport_of_klarks_repeats_anything() -> None:
    transport = requests_transport(Outbound())
    assert isinstance(transport, HTTPAdapter)
    assert (transport.max_retries.total, transport.max_retries.read) == (0, False)
    assert Zenpy(subdomain="acme", anonymous=True).tickets.session.get_adapter("https://").max_retries.total != 0


def test_zenpy_speaks_through_klarks_line_for_every_scheme() -> None:
    helpdesk = ZENDESK.open()
    adapters = {
        helpdesk.zenpy.tickets.session.get_adapter(f"{scheme}acme.zendesk.com/") for scheme in ("https://", "http://")
    }
    assert (helpdesk.zenpy.tickets.session is helpdesk.session, len(adapters)) == (True, 1)


@pytest.mark.parametrize("answer", [Reply(HTML), Reply(b""), Reply([]), Reply("fine"), Reply(b"[" * 50_000)])
def test_what_is_not_the_json_due_is_no_success(answer: Any) -> None:
    assert writes(answer) == (Unsure, 1)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirected_write_is_neither_followed_nor_believed(status: int) -> None:
    assert writes(Reply(b"", status, {"Location": "https://acme.zendesk.com/api/v2/tickets/4711.json"})) == (Unsure, 1)


@pytest.mark.parametrize("stated", ["Wed, 01 Jan 2020 00:00:00 GMT", "soon", "", "1e400", "-1"])
def test_a_retry_after_of_any_kind_is_a_wait_and_not_a_crash(stated: str) -> None:
    assert writes(Reply({"error": "APIRateLimitExceeded"}, 429, {"Retry-After": stated})) == (TryLater, 1)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Reply({"error": "RecordInvalid", "description": "invalid", "details": {}}, 422), Invalid),
        (Reply({"error": "invalid", "description": "too many results"}, 422), Invalid),
        (Reply({"error": "RecordNotFound"}, 404), Gone),
        (Reply({"error": "UpdateConflict"}, 409), LookAgain),
        (Reply({"error": "TooManyValues"}, 400), Refused),
    ],
)
def test_a_refusal_has_klarks_own_name(answer: Any, error: type[BaseException]) -> None:
    assert writes(answer) == (error, 1)


@pytest.mark.parametrize(
    "strange",
    [{"audit": None, "ticket": None}, {"ticket": {"id": None}, "audit": 7}, {"ticket": "4711"}, {"audits": []}],
)
def test_an_object_that_zenpy_cannot_build_is_unsure_or_a_write_without_an_id(strange: Any) -> None:
    error, sent = writes(Reply(strange))
    assert (error in {Unsure, None}, sent) == (True, 1)


def test_the_stamp_goes_as_the_string_that_came_and_not_as_a_date() -> None:
    helpdesk = ZENDESK.open()
    helpdesk.write(helpdesk.fetch("4711"), NOTE)
    ((_, _, body),) = stub(helpdesk).writes()
    assert body["ticket"]["updated_stamp"] == payload("zendesk_ticket.json")["ticket"]["updated_at"]


@pytest.mark.parametrize("stamp", ["2026-10-05T09:03:11Z", "2026-10-05T09:03:11.123Z", "2026-10-05T09:03:11+00:00"])
def test_any_form_of_stamp_is_sent_back_unchanged(stamp: str) -> None:
    body = payload("zendesk_ticket.json")
    body["ticket"]["updated_at"] = stamp
    helpdesk = ZENDESK.open({ZENDESK.read: Reply(body)})
    helpdesk.write(helpdesk.fetch("4711"), REPLY)
    assert stub(helpdesk).writes()[0][2]["ticket"]["updated_stamp"] == stamp


def test_no_answer_comes_from_a_cache() -> None:
    helpdesk = ZENDESK.open()
    for _ in range(2):
        helpdesk.whoami()
        helpdesk.changes("2026-10-05T09:00:00Z")
    assert len(stub(helpdesk).sent) == 4


def test_two_accounts_share_nothing() -> None:
    one = ZENDESK.open()
    other = Zendesk(Account("other", lambda: "oauth:t", lambda weight: None, stub(one)))
    assert (one.zenpy is other.zenpy, one.session is other.session) == (False, False)
    with pytest.raises(Refused, match="pointed away"):
        one.session.get("https://other.zendesk.com/api/v2/users/me.json")


def test_an_adapter_that_rewrites_the_address_gives_the_request_back_as_it_was() -> None:
    """Else zenpy hands out the bare answer as if it were the update."""
    table = {(method, f"/zendesk{path}"): answer for (method, path), answer in ZENDESK.table.items()}
    helpdesk = ZENDESK.open(table, address="http://127.0.0.1:8800/zendesk")
    ticket = helpdesk.fetch("4711")
    assert helpdesk.write(ticket, REPLY) == "82001"
    assert {request.url.split("/api")[0] for request in stub(helpdesk).sent} == {"http://127.0.0.1:8800/zendesk"}


@pytest.mark.parametrize(
    "answer", [Reply([]), Reply({"tickets": "x"}), Reply({"tickets": [None]}), Reply({"count": 1})]
)
def test_a_strange_page_of_changes_is_read_again_later(answer: Any) -> None:
    with pytest.raises((TryLater, Refused)):
        ZENDESK.open({CHANGED: answer}).changes("2026-10-05T09:00:00Z")


def test_production_does_not_start_with_zenpy_pointed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", "elsewhere.example")
    assert "klark.E002" in [found.id for found in check_standalone() if isinstance(found, Error)]


def test_a_closed_ticket_is_refused_with_what_to_do_before_anything_is_sent() -> None:
    helpdesk = ZENDESK.open()
    closed = replace(helpdesk.fetch("4711"), status="closed")
    with pytest.raises(Refused, match="open a follow-up ticket from it"):
        helpdesk.write(closed, REPLY)
    assert stub(helpdesk).writes() == []
