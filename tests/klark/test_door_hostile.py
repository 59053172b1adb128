"""Whatever a stranger or a helpdesk sends: a 4xx with a short reason, or a 202; never another 5xx, never a lost event.

Each test sends its whole table at both desks, with and without the address's last slash.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from klark.models import Connection, WebhookEvent
from tests.klark import rows
from tests.klark.rows import SECRET
from tests.klark.test_webhooks import envelope, kept, post, signed, tell

pytestmark = pytest.mark.django_db

SLASHES = ("", "/")


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


@pytest.fixture
def desks() -> dict[str, Connection]:
    return {desk: rows.connection(rows.tenant(desk), desk) for desk in rows.DESKS}


def answers(row: Connection, raw: bytes, **more: Any) -> set[int]:
    """The statuses that one body gets at one desk. Its length is always said, as by a real client."""
    length = {"CONTENT_LENGTH": str(len(raw))}
    return {tell(row, raw, slash=slash, **length, **more).status_code for slash in SLASHES}


# A body, and what each desk says: (zendesk, freshdesk).
BODIES: Mapping[str, tuple[bytes, int, int]] = {
    "nothing": (b"", 400, 400),
    "blanks": (b" \r\n\t ", 400, 400),
    "null": (b"null", 400, 400),
    "true": (b"true", 400, 400),
    "a string": (b'"zen:ticket:1"', 400, 400),
    "a list of events": (b'[{"ticket_id": 1}]', 400, 400),
    "two objects": (b'{"a": 1}{"b": 2}', 400, 400),
    "half an object": (b'{"hello": ', 400, 400),
    "NaN for a ticket": (b'{"ticket_id": NaN}', 400, 400),
    "Infinity for a ticket": (b'{"ticket_id": Infinity}', 400, 400),
    "a fraction": (b'{"ticket_id": 1.5}', 400, 400),
    "an exponent": (b'{"ticket_id": 1e400}', 400, 400),
    "a huge integer": (b'{"ticket_id": 1' + b"0" * 5000 + b"}", 400, 400),
    "a long number as text": (b'{"ticket_id": "' + b"1" * 60 + b'"}', 400, 400),
    "below nought": (b'{"ticket_id": "-7"}', 400, 400),
    "a number with a sign": (b'{"ticket_id": "+7"}', 400, 400),
    "foreign figures": ('{"ticket_id": "٧"}'.encode(), 400, 400),
    "a placeholder that nobody filled in": (b'{"ticket_id": "{{ticket.id}}"}', 400, 400),
    "no ticket": (b'{"ticket_id": null}', 400, 202),
    "an empty ticket": (b'{"ticket_id": ""}', 400, 202),
    "an object for a ticket": (b'{"ticket_id": {"id": 1}}', 400, 400),
    "a list for a ticket": (b'{"ticket_id": [7]}', 400, 400),
    "false for a ticket": (b'{"ticket_id": false}', 400, 400),
    "a NUL in the ticket": (b'{"ticket_id": "7\\u0000"}', 400, 400),
    "half a surrogate in the ticket": (b'{"ticket_id": "\\udc00"}', 400, 400),
    "a path": (b'{"ticket_id": "7/../8"}', 400, 400),
    "a query": (b'{"ticket_id": "7?include=users"}', 400, 400),
    "a line end": (b'{"ticket_id": "7\\r\\nX: y"}', 400, 400),
    "SQL": (b'{"ticket_id": "7 OR 1=1"}', 400, 400),
    "bytes that are no UTF-8": (b'{"ticket_id": "\xff"}', 400, 400),
    "UTF-16": ('{"ticket_id": 7}'.encode("utf-16"), 400, 400),
    "lists in lists": (b"[" * 10_000 + b"]" * 10_000, 400, 400),
    "objects in objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, 400),
    "brackets that nobody closes": (b"[" * 100_000, 400, 400),
    "XML": (b"<ticket><id>7</id></ticket>", 400, 400),
    "nothing of a ticket": (b'{"hello": "world"}', 202, 202),
    "an empty object": (b"{}", 202, 202),
    "a user's event": (b'{"type":"zen:event-type:user.created","subject":"zen:user:5","zendesk_event_version":"1"}', 202, 202),
}  # fmt: skip


@pytest.mark.parametrize("name", BODIES)
def test_a_strange_body_is_answered_in_short_and_keeps_nothing(desks: dict[str, Connection], name: str) -> None:
    raw, zendesk, freshdesk = BODIES[name]
    got = {desk: answers(row, raw) for desk, row in desks.items()}
    assert got == {"zendesk": {zendesk}, "freshdesk": {freshdesk}}
    assert kept() == 0


# A body that names ticket 7 in spite of everything else in it: kept by both, as the bytes it came in.
STILL: Mapping[str, bytes] = {
    "plain": b'{"ticket_id": 7}',
    "as text": b'{"ticket_id": "7"}',
    "blanks around": b'\n {"ticket_id": 7} \n',
    "a NUL elsewhere": b'{"ticket_id": 7, "subject": "a\\u0000b"}',
    "half a surrogate elsewhere": b'{"ticket_id": 7, "subject": "\\ud83d"}',
    "an unknown event": b'{"ticket_id": 7, "type": "ticket.sang_a_song", "triggered_event": "{x:y}"}',
    "a type that is no text": b'{"ticket_id": 7, "type": [1], "triggered_event": {"a": 1}}',
    "a very long type": b'{"ticket_id": 7, "type": "' + b"x" * 5000 + b'"}',
    "right to left": '{"ticket_id": 7, "subject": "مرحبا \u202e"}'.encode(),
    "emoji": '{"ticket_id": 7, "subject": "👩‍👩‍👧"}'.encode(),
    "half a megabyte": b'{"ticket_id": 7, "text": "' + b"x" * 500_000 + b'"}',
}


def test_what_names_its_ticket_is_kept_whatever_else_it_says(desks: dict[str, Connection]) -> None:
    for desk, row in desks.items():
        for name, raw in STILL.items():
            assert (desk, name, tell(row, raw).status_code) == (desk, name, 202)
            rows.change(WebhookEvent, state="done")  # so that the next one does not merge into it
    with rows.within("*"):
        got = {(each.connection_id, each.ticket_id, bytes(each.raw)) for each in WebhookEvent.objects.all()}
    assert got == {(row.pk, "7", raw) for row in desks.values() for raw in STILL.values()}


CONTENT_TYPES = (
    "application/json", "text/plain", "text/html", "application/xml", "image/png",
    "multipart/form-data", "multipart/form-data; boundary=x", "multipart/mixed; boundary=", "", "nonsense", "a/b/c",
    "application/json, text/plain", "APPLICATION/JSON", ";;;", "application/x-protobuf", "x" * 3000,
)  # fmt: skip


def test_no_content_type_loses_an_event(desks: dict[str, Connection]) -> None:
    got = {
        (desk, kind): tell(row, b'{"ticket_id": 7}', content_type=kind).status_code
        for desk, row in desks.items() for kind in CONTENT_TYPES
    }  # fmt: skip
    assert [each for each, status in got.items() if status != 202] == []


# A form instead of JSON, and what it names.
FORMS = (
    (b"ticket_id=7", 202), (b"freshdesk_webhook[ticket_id]=7", 202), (b"a=1&ticket_id=7&b=2", 202), (b"ticket_id=x", 400),
    (b"hello=world", 202), (b"ticket_id=%FF", 400), (b"a=1&" * 300, 400),
    (b"ticket_url=https://acme.example/a/tickets/7", 202),
)  # fmt: skip


def test_a_form_is_read_by_freshdesk_alone(desks: dict[str, Connection]) -> None:
    kind = "application/x-www-form-urlencoded"
    got = [(raw, tell(desks["freshdesk"], raw, content_type=kind).status_code) for raw, _ in FORMS]
    assert got == list(FORMS)
    assert {tell(desks["zendesk"], raw, content_type=kind).status_code for raw, _ in FORMS} == {400}


METHODS = ("get", "put", "patch", "delete", "options", "head", "trace")


def test_only_a_post_is_taken_at_either_address(desks: dict[str, Connection]) -> None:
    got = {
        (desk, method, slash): getattr(Client(raise_request_exception=False), method)(f"/webhooks/{row.pk}{slash}")
        for desk, row in desks.items() for method in METHODS for slash in SLASHES
    }  # fmt: skip
    assert {(answer.status_code, answer["allow"]) for answer in got.values()} == {(405, "POST")}
    assert kept() == 0


def test_no_answer_sends_the_helpdesk_somewhere_else(desks: dict[str, Connection]) -> None:
    got = [tell(row, b'{"ticket_id": 7}', slash=slash) for row in desks.values() for slash in SLASHES]
    assert [("location" in answer, answer["content-type"]) for answer in got] == [(False, "application/json")] * 4


def _digest(raw: bytes, stamp: str, secret: str = SECRET, kind: Any = hashlib.sha256) -> bytes:
    return hmac.digest(secret.encode(), stamp.encode() + raw, kind)


RAW = json.dumps(envelope(7)).encode()
NOW = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
GOOD = base64.b64encode(_digest(RAW, NOW)).decode()
SIGNATURE, STAMP = "x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp"

# Headers that come close.
FORGED: Mapping[str, dict[str, str]] = {
    "none": {},
    "no signature": {STAMP: NOW},
    "no time": {SIGNATURE: GOOD},
    "empty": {SIGNATURE: "", STAMP: NOW},
    "blank": {SIGNATURE: " ", STAMP: NOW},
    "hex": {SIGNATURE: _digest(RAW, NOW).hex(), STAMP: NOW},
    "base64 for addresses": {SIGNATURE: base64.urlsafe_b64encode(b"\xff" * 32).decode(), STAMP: NOW},
    "without its padding": {SIGNATURE: GOOD.rstrip("="), STAMP: NOW},
    "one character less": {SIGNATURE: GOOD[:-2] + "=", STAMP: NOW},
    "one character more": {SIGNATURE: GOOD + "=", STAMP: NOW},
    "another case": {SIGNATURE: GOOD.swapcase(), STAMP: NOW},
    "with its kind": {SIGNATURE: f"sha256={GOOD}", STAMP: NOW},
    "twice": {SIGNATURE: f"{GOOD}, {GOOD}", STAMP: NOW},
    "in quotes": {SIGNATURE: f'"{GOOD}"', STAMP: NOW},
    "SHA-1": {SIGNATURE: base64.b64encode(_digest(RAW, NOW, kind=hashlib.sha1)).decode(), STAMP: NOW},
    "SHA-512": {SIGNATURE: base64.b64encode(_digest(RAW, NOW, kind=hashlib.sha512)).decode(), STAMP: NOW},
    "no key at all": {SIGNATURE: base64.b64encode(hashlib.sha256(NOW.encode() + RAW).digest()).decode(), STAMP: NOW},
    "another secret": signed(RAW, NOW, "another"),
    "an empty secret": signed(RAW, NOW, ""),
    "the secret with a line end": signed(RAW, NOW, SECRET + "\n"),
    "the body alone": {SIGNATURE: base64.b64encode(_digest(RAW, "")).decode(), STAMP: NOW},
    "time and body the other way round": {SIGNATURE: base64.b64encode(_digest(NOW.encode(), RAW.decode())).decode(), STAMP: NOW},
    "another time": {SIGNATURE: GOOD, STAMP: "2020-01-01T00:00:00Z"},
    "another body": signed(RAW + b" ", NOW),
    "a long one": {SIGNATURE: "A" * 60_000, STAMP: NOW},
    "a signature that is no ASCII": {SIGNATURE: "é" * 44, STAMP: NOW},
    "the secret itself": {SIGNATURE: SECRET, STAMP: NOW},
    "freshdesk's secret": {"x-klark-secret": SECRET},
    "basic": {"authorization": "Basic " + base64.b64encode(f"klark:{SECRET}".encode()).decode()},
}  # fmt: skip


def test_no_signature_that_is_only_nearly_right_opens_the_door(desks: dict[str, Connection]) -> None:
    got = {name: post(desks["zendesk"], RAW, headers).status_code for name, headers in FORGED.items()}
    assert {name: status for name, status in got.items() if status != 401} == {}
    assert (kept(), rows.get(Connection, pk=desks["zendesk"].pk).bad_signatures) == (0, len(FORGED))
    assert post(desks["zendesk"], RAW, {SIGNATURE: GOOD, STAMP: NOW}).status_code == 202


# A time of signing that is proven, and whether it is late. What is now is so when the test runs, not when it is collected.
STAMPS: Mapping[str, tuple[str | Callable[[datetime], str], int, bool | None]] = {
    "now": (lambda now: now.isoformat(timespec="seconds").replace("+00:00", "Z"), 202, False),
    "with an offset": (datetime.isoformat, 202, False),
    "in seconds": (lambda now: str(int(now.timestamp())), 202, False),
    "long ago": ("1999-01-01T00:00:00Z", 202, True),
    "seconds of 1970": ("0", 202, True),
    "far ahead": ((datetime.now(UTC) + timedelta(hours=1)).isoformat(), 202, True),
    "the last moment there is": ("9999-12-31T23:59:59-23:59", 401, None),
    "the first moment there is": ("0001-01-01T00:00:00+23:59", 401, None),
    "none": ("", 401, None),
    "a word": ("now", 401, None),
    "a thirteenth month": ("2026-13-01T00:00:00Z", 401, None),
    "below nought": ("-5", 401, None),
    "many figures": ("9" * 40, 401, None),
    "a float": ("1.5e9", 401, None),
}


@pytest.mark.parametrize("name", STAMPS)
def test_a_proven_time_of_signing_is_read_or_refused(desks: dict[str, Connection], name: str) -> None:
    stamp, status, late = STAMPS[name]
    stamp = stamp if isinstance(stamp, str) else stamp(datetime.now(UTC))
    assert post(desks["zendesk"], RAW, signed(RAW, stamp)).status_code == status
    assert (rows.get(WebhookEvent).late if kept() else None) == late


def _basic(text: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


# Freshdesk's secret in every place, and whether it is taken.
SHARED: Mapping[str, tuple[dict[str, str], int]] = {
    "its header": ({"x-klark-secret": SECRET}, 202),
    "the password": (_basic(f"klark:{SECRET}"), 202),
    "the user": (_basic(f"{SECRET}:X"), 202),
    "the user alone": (_basic(SECRET), 202),
    "basic in small letters": (
        {"authorization": _basic(f"{SECRET}:X")["authorization"].replace("Basic", "basic")},
        202,
    ),
    "nothing": ({}, 401),
    "empty": ({"x-klark-secret": ""}, 401),
    "one character less": ({"x-klark-secret": SECRET[:-1]}, 401),
    "one character more": ({"x-klark-secret": SECRET + "x"}, 401),
    "another case": ({"x-klark-secret": SECRET.upper()}, 401),
    "a bearer": ({"authorization": f"Bearer {SECRET}"}, 401),
    "bare": ({"authorization": SECRET}, 401),
    "basic without base64": ({"authorization": f"Basic {SECRET}"}, 401),
    "basic that is no base64": ({"authorization": "Basic %%%"}, 401),
    "basic of no UTF-8": ({"authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()}, 401),
    "basic of nothing": (_basic(""), 401),
    "basic of a colon": (_basic(":"), 401),
    "the secret in the middle": (_basic(f"a:{SECRET}:b"), 401),
    "an invented header": ({"x-secret": SECRET}, 401),
    "no ASCII": ({"x-klark-secret": "é" * 20}, 401),
    "zendesk's signature": (signed(b'{"ticket_id": 7}', NOW), 401),
}


def test_freshdesks_secret_is_taken_where_it_may_stand_and_nowhere_else(desks: dict[str, Connection]) -> None:
    got = {
        name: post(desks["freshdesk"], b'{"ticket_id": 7}', headers).status_code
        for name, (headers, _) in SHARED.items()
    }
    assert got == {name: status for name, (_, status) in SHARED.items()}
    refused = sum(status == 401 for status in got.values())
    assert rows.get(Connection, pk=desks["freshdesk"].pk).bad_signatures == refused


def test_an_address_that_names_no_connection_of_klarks_is_404_and_says_nothing_more(
    desks: dict[str, Connection],
) -> None:
    row = desks["zendesk"]
    names = [uuid4(), UUID(int=0), UUID(int=2**128 - 1), str(row.pk)[:-1], f"{row.pk}0", f"{row.pk}/x", str(row.pk).upper(),
             "", "1", "%00", "..", "{}".format("a" * 500), str(row.pk).replace("-", "")]  # fmt: skip
    got = {
        str(name): post(f"/webhooks/{name}{slash}", RAW, signed(RAW)).status_code for name in names for slash in SLASHES
    }
    assert {name: status for name, status in got.items() if status != 404} == {}
    assert kept() == 0


def test_one_accounts_secret_does_not_open_anothers(desks: dict[str, Connection]) -> None:
    other = rows.connection(rows.tenant("other"), "zendesk", sealed=rows.seal({"webhook_secret": "theirs"}))
    assert [post(row, RAW, signed(RAW)).status_code for row in (other, desks["zendesk"])] == [401, 202]
    assert rows.count(WebhookEvent, connection=other) == 0


@pytest.mark.parametrize("desk", rows.DESKS)
def test_a_length_that_lies_does_not_break_the_door(desks: dict[str, Connection], desk: str) -> None:
    got = {length: tell(desks[desk], b'{"ticket_id": 7}', CONTENT_LENGTH=length).status_code
           for length in ("0", "3", "16", str(1024 * 1024 + 1), "9" * 30)}  # fmt: skip
    assert {status < 500 for status in got.values()} == {True}
    assert got["9" * 30] == got[str(1024 * 1024 + 1)] == 413
