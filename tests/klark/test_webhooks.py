"""The door: whatever comes in is answered in JSON, kept once, and never with a 5xx but one 503."""

import base64
import hashlib
import hmac
import io
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, RequestFactory
from pytest_django import DjangoCaptureOnCommitCallbacks

from klark import webhooks
from klark.models import Connection, WebhookEvent
from klark.runtime.encrypted_secrets import seal
from tests.klark import rows
from tests.klark.rows import SECRET

MIB = 1024 * 1024


@pytest.fixture
def zendesk(db: None) -> Connection:
    return rows.connection(rows.tenant(), "zendesk")


@pytest.fixture
def freshdesk(db: None) -> Connection:
    return rows.connection(rows.tenant("globex"), "freshdesk")


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr("klark.wakeup.wake", lambda: rung.append(1))
    return rung


def envelope(ticket: object = 7, key: str = "evt-1", **more: Any) -> dict[str, Any]:
    kind = "zen:event-type:ticket.comment_added"
    return {"id": key, "subject": f"zen:ticket:{ticket}", "type": kind, "zendesk_event_version": "2022-11-06", **more}


def signed(raw: bytes, stamp: str | None = None, secret: str = SECRET) -> dict[str, str]:
    """Zendesk's headers for a body."""
    stamp = datetime.now(UTC).isoformat() if stamp is None else stamp
    digest = hmac.digest(secret.encode(), stamp.encode() + raw, hashlib.sha256)
    return {
        "x-zendesk-webhook-signature": base64.b64encode(digest).decode(),
        "x-zendesk-webhook-signature-timestamp": stamp,
    }


def post(row: Connection | str, raw: bytes, headers: dict[str, str], slash: str = "/", **more: Any) -> Any:
    address = row if isinstance(row, str) else f"/webhooks/{row.pk}{slash}"
    return Client(raise_request_exception=False).post(
        address, raw, content_type=more.pop("content_type", "application/json"), headers=headers, **more
    )


def tell(row: Connection, body: object, **more: Any) -> Any:
    """A webhook as the helpdesk of `row` sends it; `body` as bytes, or anything to be sent as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = signed(raw) if row.helpdesk == "zendesk" else {"x-klark-secret": SECRET}
    return post(row, raw, {**headers, **more.pop("headers", {})}, **more)


def kept() -> int:
    return rows.count(WebhookEvent)


def test_an_event_is_kept_with_its_bytes_and_its_ticket(zendesk: Connection, bells: list[int]) -> None:
    raw = json.dumps(envelope(7)).encode()
    assert post(zendesk, raw, signed(raw)).status_code == 202
    row = rows.get(WebhookEvent)
    assert (row.ticket_id, row.key, bytes(row.raw), row.late, row.tenant_id) == (
        "7",
        "evt-1",
        raw,
        False,
        zendesk.tenant_id,
    )
    assert (row.state, row.origin, bells) == ("due", "webhook", [1])
    assert rows.get(Connection).last_event_at is not None


def test_the_log_names_each_event_once_it_is_committed(
    zendesk: Connection, caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    with caplog.at_level("INFO", logger="klark.models.event"), django_capture_on_commit_callbacks(execute=True):
        for _ in range(2):
            tell(zendesk, envelope())
        assert caplog.records == []
    told = [(record.msg["event"], record.msg["event_id"]) for record in caplog.records if isinstance(record.msg, dict)]
    assert told == [("an event was kept", rows.get(WebhookEvent).pk)]


def test_the_same_vendor_id_is_kept_once_and_rings_once(zendesk: Connection, bells: list[int]) -> None:
    assert [tell(zendesk, envelope()).status_code for _ in range(3)] == [202, 200, 200]
    assert (kept(), bells) == (1, [1])


def test_the_same_vendor_id_at_two_accounts_is_two_events(zendesk: Connection) -> None:
    other = rows.connection(rows.tenant("initech"), "zendesk")
    assert [tell(row, envelope()).status_code for row in (zendesk, other)] == [202, 202]


def test_freshdesks_events_merge_into_one_that_nobody_has_claimed(freshdesk: Connection) -> None:
    assert [tell(freshdesk, {"ticket_id": 7}).status_code for _ in range(3)] == [202, 202, 202]
    assert (kept(), rows.get(WebhookEvent).merged) == (1, 2)


def test_freshdesks_event_never_merges_into_one_that_is_being_worked_on(freshdesk: Connection) -> None:
    """Whoever works on it may have read the ticket already."""
    tell(freshdesk, {"ticket_id": 7})
    rows.claim()
    tell(freshdesk, {"ticket_id": 7})
    assert kept() == 2


@pytest.mark.parametrize("after", [{"attempts": 1}, {"state": "done"}, {"state": "parked"}])
def test_freshdesks_event_never_merges_into_one_that_was_looked_at(
    freshdesk: Connection, after: dict[str, Any]
) -> None:
    tell(freshdesk, {"ticket_id": 7})
    rows.change(WebhookEvent, **after)
    tell(freshdesk, {"ticket_id": 7})
    assert kept() == 2


def test_freshdesks_events_of_two_tickets_do_not_merge(freshdesk: Connection) -> None:
    tell(freshdesk, {"ticket_id": 7})
    tell(freshdesk, {"ticket_id": 8})
    assert kept() == 2


@pytest.mark.parametrize("accept", ["application/xml", "text/html", "*/*;q=0", "nonsense", ""])
def test_the_answer_is_json_whatever_was_asked_for(zendesk: Connection, accept: str) -> None:
    answer = tell(zendesk, envelope(), headers={"accept": accept})
    assert (answer.status_code, answer["content-type"]) == (202, "application/json")
    assert answer.json() == {"status": 202, "reason": "Kept."}


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_address_works_with_and_without_its_slash(zendesk: Connection, slash: str) -> None:
    assert tell(zendesk, envelope(), slash=slash).status_code == 202


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_only_post_is_taken(zendesk: Connection, method: str) -> None:
    answer = getattr(Client(), method)(f"/webhooks/{zendesk.pk}/")
    assert (answer.status_code, answer["content-type"]) == (405, "application/json")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "", "a/b/c"]
)
def test_the_content_type_does_not_matter_to_zendesks_event(zendesk: Connection, content_type: str) -> None:
    assert tell(zendesk, envelope(), content_type=content_type).status_code == 202


def test_freshdesks_form_is_read_as_a_form(freshdesk: Connection) -> None:
    kind = "application/x-www-form-urlencoded"
    assert tell(freshdesk, b"freshdesk_webhook[ticket_id]=9", content_type=kind).status_code == 202
    assert rows.get(WebhookEvent).ticket_id == "9"


def test_freshdesks_basic_header_is_not_taken_for_a_login(freshdesk: Connection) -> None:
    basic = base64.b64encode(f"klark:{SECRET}".encode()).decode()
    answer = post(freshdesk, b'{"ticket_id": 3}', {"authorization": f"Basic {basic}"})
    assert answer.status_code == 202


# Not for us, but well-formed


@pytest.mark.parametrize("body", [
    {"id": "1", "subject": "zen:user:5", "type": "zen:event-type:user.created", "zendesk_event_version": "2022-11-06"},
    {"hello": "world"},
    {},
])  # fmt: skip
def test_what_is_not_about_a_ticket_is_202_and_not_kept(zendesk: Connection, body: object) -> None:
    answer = tell(zendesk, body)
    assert (answer.status_code, kept()) == (202, 0)


def test_an_unknown_event_about_a_ticket_is_kept(zendesk: Connection) -> None:
    assert tell(zendesk, envelope(type="zen:event-type:ticket.sang_a_song")).status_code == 202
    assert rows.get(WebhookEvent).kind == "zen:event-type:ticket.sang_a_song"


# Bad input

DEEP = b"[" * 10_000 + b"]" * 10_000
BAD_BODIES = {
    "empty": b"",
    "blank": b"  \n ",
    "bad UTF-8": b'{"ticket_id": "\xff\xfe"}',
    "NaN": b'{"ticket_id": NaN}',
    "half": b'{"subject": "zen:ticket:1", ',
    "a list": b"[1, 2]",
    "a number": b"7",
    "10,000 levels deep": DEEP,
    "10,000 objects deep": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a huge integer": b'{"ticket_id": ' + b"9" * 5_000 + b"}",
    "a large integer": b'{"ticket_id": ' + b"9" * 400 + b"}",
    "a negative ticket": b'{"ticket_id": -3}',
    "a ticket that is a list": b'{"ticket_id": [1]}',
    "a ticket that is true": b'{"ticket_id": true}',
    "a NUL in the ticket": b'{"ticket_id": "1\\u00002"}',
    "a lone surrogate in the ticket": b'{"ticket_id": "\\ud800"}',
    "SQL in the ticket": b'{"ticket_id": "1; DROP TABLE klark_tenant"}',
    "a path in the ticket": b'{"ticket_id": "../../users/1"}',
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_400_with_a_short_reason(zendesk: Connection, freshdesk: Connection, name: str) -> None:
    for row in (zendesk, freshdesk):
        answer = tell(row, BAD_BODIES[name], CONTENT_LENGTH=str(len(BAD_BODIES[name])))
        assert (answer.status_code, kept(), len(answer.json()["reason"]) < 120) == (400, 0, True), row


@pytest.mark.parametrize("words", ["\0", "\ud800", "é" * 3000, "\u202e", "x" * 400_000])
def test_strange_words_beside_the_ticket_do_no_harm(zendesk: Connection, freshdesk: Connection, words: str) -> None:
    raw = json.dumps(envelope(detail={"subject": words})).encode()
    assert tell(zendesk, raw).status_code == 202
    assert tell(freshdesk, {"ticket_id": 5, "triggered_event": words, "subject": words}).status_code == 202
    assert {bytes(raw) for raw in _raws(zendesk)} == {raw}


def _raws(row: Connection) -> Iterator[Any]:
    with rows.within(row.tenant_id):
        yield from WebhookEvent.of(row.tenant_id).values_list("raw", flat=True)


@pytest.mark.parametrize("key", ["\0", "\ud800", "k" * 10_000, "\n", 5, None, ["x"], {"a": 1}])
def test_a_strange_vendor_id_does_not_lose_the_event(zendesk: Connection, key: Any) -> None:
    assert tell(zendesk, envelope(key=key)).status_code == 202
    assert kept() == 1


def test_raw_bytes_with_nul_are_kept_as_they_came(freshdesk: Connection) -> None:
    raw = b'ticket_id": 12, "text": "broken \x00 \xff'
    assert tell(freshdesk, raw).status_code == 202
    row = rows.get(WebhookEvent)
    assert (row.ticket_id, bytes(row.raw)) == ("12", raw)


@pytest.mark.parametrize("length", [MIB + 1, 3 * MIB])
def test_a_body_above_the_limit_is_413(zendesk: Connection, length: int) -> None:
    answer = tell(zendesk, b"x" * length)
    assert (answer.status_code, kept()) == (413, 0)


def test_a_body_at_the_limit_is_read(freshdesk: Connection) -> None:
    filler = MIB - len(json.dumps({"ticket_id": 5, "text": ""}))
    assert tell(freshdesk, {"ticket_id": 5, "text": "x" * filler}).status_code == 202


class Drip(io.RawIOBase):
    """A server's `wsgi.input` for a chunked body: hands out what has come so far, never all that was asked for."""

    def __init__(self, raw: bytes, most: int = 1000) -> None:
        self.left, self.most = raw, most

    def read(self, size: int = -1) -> bytes:
        part, self.left = self.left[: self.most], self.left[self.most :]
        return part


def chunked(raw: bytes) -> Any:
    request = RequestFactory().post("/", b"", content_type="application/json")
    request.META.pop("CONTENT_LENGTH", None)
    request.META["wsgi.input"] = Drip(raw)
    return request


def test_a_chunked_body_is_read_to_its_end_however_it_drips() -> None:
    raw = bytes(range(256)) * 200
    assert webhooks.read_body(chunked(raw)) == raw


def test_a_chunked_body_without_end_is_stopped_at_the_limit() -> None:
    with pytest.raises(webhooks.TooLarge):
        webhooks.read_body(chunked(b"x" * 2 * MIB))


@pytest.mark.parametrize("length", ["", "12,12", "abc", "-5", "1e3"])
def test_a_length_that_is_no_number_is_read_to_the_limit(length: str) -> None:
    request = chunked(b"hello")
    request.META["CONTENT_LENGTH"] = length
    assert webhooks.read_body(request) == b"hello"


# Who it comes from


def test_a_bad_signature_is_401_counted_and_not_kept(
    zendesk: Connection, freshdesk: Connection, bells: list[int]
) -> None:
    raw = json.dumps(envelope()).encode()
    answers = [post(zendesk, raw, signed(raw, secret="wrong")), post(freshdesk, b"{}", {"x-klark-secret": "wrong"})]
    answers += [post(zendesk, raw, {}), post(freshdesk, b"{}", {})]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert (kept(), bells) == (0, [])
    assert {
        row.bad_signatures for row in (rows.get(Connection, pk=zendesk.pk), rows.get(Connection, pk=freshdesk.pk))
    } == {2}


def test_a_body_changed_on_the_way_is_401(zendesk: Connection) -> None:
    raw = json.dumps(envelope()).encode()
    assert post(zendesk, raw.replace(b"7", b"8"), signed(raw)).status_code == 401


@pytest.mark.parametrize("stamp", ["", "yesterday", "2026-13-45T99:00:00Z", "-1", "\u0661\u0662", "9" * 40])
def test_a_missing_or_malformed_timestamp_is_401(zendesk: Connection, stamp: str) -> None:
    raw = json.dumps(envelope()).encode()
    answer = post(zendesk, raw, {name: text.encode().decode("latin-1") for name, text in signed(raw, stamp).items()})
    assert (answer.status_code, kept()) == (401, 0)


def test_a_webhook_signed_long_ago_is_kept_and_marked_late(zendesk: Connection) -> None:
    raw = json.dumps(envelope()).encode()
    old = (datetime.now(UTC) - timedelta(hours=3)).isoformat()
    assert post(zendesk, raw, signed(raw, old)).status_code == 202
    assert rows.get(WebhookEvent).late is True


def test_both_secrets_are_good_while_one_replaces_the_other(zendesk: Connection) -> None:
    rows.change(Connection, sealed=seal({"webhook_secret": "new", "old_webhook_secret": SECRET}))
    for number, secret in enumerate(("new", SECRET)):
        raw = json.dumps(envelope(key=f"evt-{number}")).encode()
        assert post(zendesk, raw, signed(raw, secret=secret)).status_code == 202


def test_an_empty_secret_opens_nothing(zendesk: Connection, freshdesk: Connection) -> None:
    rows.change(Connection, sealed=seal({"webhook_secret": ""}))
    raw = json.dumps(envelope()).encode()
    assert post(zendesk, raw, signed(raw, secret="")).status_code == 401
    assert post(freshdesk, b'{"ticket_id": 1}', {"x-klark-secret": ""}).status_code == 401


@pytest.mark.parametrize("address", ["/webhooks/{}/", "/webhooks/{}"])
def test_an_unknown_connection_is_404(db: None, address: str) -> None:
    answer = post(address.format(uuid4()), b"{}", {})
    assert (answer.status_code, answer.json()["reason"]) == (404, "There is no such connection.")


@pytest.mark.parametrize("name", ["1", "not-a-uuid", "%00", "../admin"])
def test_an_address_that_is_no_connection_is_404(db: None, name: str) -> None:
    assert post(f"/webhooks/{name}/", b"{}", {}).status_code == 404


def test_a_connection_that_is_switched_off_is_404(zendesk: Connection) -> None:
    rows.change(Connection, active=False)
    assert tell(zendesk, envelope()).status_code == 404


# When the database cannot take it


@pytest.fixture
def committed(transactional_db: None) -> Connection:
    return rows.connection(rows.tenant(), "zendesk")


def owner() -> "psycopg.Connection[Any]":
    """A connection of the owner's, beside klark's own."""
    return psycopg.connect(os.environ["KLARK_TEST_OWNER_URL"], dbname=connections["default"].settings_dict["NAME"])


def assert_come_again(answer: Any) -> None:
    assert (answer.status_code, answer["retry-after"]) == (503, "30")


def test_all_that_the_door_waits_for_is_less_than_three_seconds_together() -> None:
    assert webhooks.ROOM_S + webhooks.IN_TIME_S < 3


def test_a_thread_of_the_door_gives_its_connection_back(committed: Connection) -> None:
    def left(number: int) -> object:
        raw = json.dumps(envelope(number, f"evt-{number}")).encode()
        assert webhooks.take(str(committed.pk), raw, signed(raw)) == (202, "Kept.")
        return connections["default"].connection

    with ThreadPoolExecutor(1) as thread:  # the second event is one statement, since the first noted the time
        assert [thread.submit(left, number).result() for number in (1, 2)] == [None, None]


def test_a_database_that_is_down_is_503_until_it_is_back(committed: Connection) -> None:
    place = connections["default"].settings_dict
    port = place["PORT"]
    connections["default"].close()
    connections["default"].close_pool()
    place["PORT"] = 1
    try:
        assert_come_again(tell(committed, envelope()))
    finally:
        connections["default"].close()
        connections["default"].close_pool()
        place["PORT"] = port
    assert tell(committed, envelope()).status_code == 202


@pytest.mark.parametrize("table", ["klark_webhookevent", "klark_connection"])
def test_a_locked_table_is_503_while_the_lock_still_stands(committed: Connection, table: str) -> None:
    with owner() as other:
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        assert_come_again(tell(committed, envelope()))
        other.rollback()
    assert (tell(committed, envelope()).status_code, kept()) == (202, 1)


def test_bad_signatures_wait_for_nobody_who_holds_the_connections_row_and_are_counted_again_once_it_is_free(
    committed: Connection,
) -> None:
    raw = json.dumps(envelope()).encode()
    forged = signed(raw, secret="wrong")
    assert tell(committed, envelope()).status_code == 202
    with owner() as other:
        other.execute("SELECT 1 FROM klark_connection FOR UPDATE")
        # A post that waited for the row would be 503 once its lock_timeout had passed.
        assert [post(committed, raw, forged).status_code for _ in range(3)] == [401] * 3
        other.rollback()
    assert [post(committed, raw, forged).status_code for _ in range(2)] == [401] * 2
    assert rows.get(Connection).bad_signatures == 2


def test_an_event_whose_twin_is_not_committed_yet_comes_again(committed: Connection) -> None:
    with owner() as other:
        other.execute(
            "INSERT INTO klark_webhookevent (tenant_id, connection_id, ticket_id, key, state, origin, kind, raw, late, merged,"
            " instruction, attempts, trouble) VALUES (%s, %s, '7', 'evt-1', 'due', 'webhook', '', '', false, 0, '', 0, '')",
            [committed.tenant_id, str(committed.pk)],
        )
        assert_come_again(tell(committed, envelope()))
        other.rollback()
    assert (tell(committed, envelope()).status_code, kept()) == (202, 1)


def test_a_database_that_refuses_to_write_is_503(committed: Connection) -> None:
    role = settings.DATABASES["default"]["USER"]
    with owner() as other:
        other.execute(f"REVOKE INSERT ON klark_webhookevent FROM {role}")
        other.commit()
        try:
            assert_come_again(tell(committed, envelope()))
        finally:
            other.execute(f"GRANT INSERT ON klark_webhookevent TO {role}")


def test_a_secret_that_cannot_be_opened_is_503_because_the_operator_can_mend_it(zendesk: Connection) -> None:
    rows.change(Connection, sealed="gone:abc")
    assert_come_again(tell(zendesk, envelope()))


def test_nothing_is_promised_before_it_is_committed(committed: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit that fails is no 202."""

    def fail(*_: object) -> tuple[int, str]:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return 202, "Kept."

    monkeypatch.setattr(webhooks, "_keep", fail)
    answer = tell(committed, envelope())
    assert (answer.status_code, kept()) == (503, 0)
