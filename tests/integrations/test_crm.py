"""A CRM over HTTP: asked with a signature, within limits; facts typed, and what is not of its kind left out."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.crm import CRMS, json_over_http, typed_fields
from integrations.crm.base import CrmAccount, Fact
from integrations.crm.json_over_http import JsonOverHttp
from integrations.errors import IntegrationError, Refused, TryLater
from integrations.http.transports import Outbound
from tests.integrations.raw_server import RawServer, drips, raw_server, says

KEY = b"a key"
EMAIL = "camille.durand@example.org"
ORDERS = {
    "orders": [{"number": 1204, "ships": "2026-11-27T09:00:00Z", "paid": True, "total": "12.50", "by": "  Red\nvan "}]
}
FACTS = {
    "Order": "orders.0.number", "Ships on": "orders.0.ships:date", "Paid": "orders.0.paid:flag", "Total": "orders.0.total:number",
    "Carrier": "orders.0.by",
}  # fmt: skip


def answer(body: Any, status: str = "200 OK", more: str = "") -> bytes:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(raw)}\r\n{more}\r\n"
    return head.encode() + raw


@pytest.fixture
def serving() -> Iterator[Any]:
    opened: list[Any] = []

    def serve(say: Any) -> RawServer:
        context = raw_server(say)
        opened.append(context)
        return context.__enter__()

    yield serve
    for context in opened:
        context.__exit__(None, None, None)


def crm(server: RawServer, facts: dict[str, str] | None = None, **more: Any) -> JsonOverHttp:
    outbound = Outbound(private=(server.host,), **more)
    return JsonOverHttp(CrmAccount(server.url, FACTS if facts is None else facts, KEY, outbound))


def test_facts_come_typed_in_the_order_of_the_mapping(serving: Any) -> None:
    server = serving(says(answer(ORDERS)))
    assert crm(server).lookup(EMAIL) == (
        Fact("Order", "1204", "text", server.host), Fact("Ships on", "2026-11-27", "date", server.host),
        Fact("Paid", "yes", "flag", server.host), Fact("Total", "12.50", "number", server.host),
        Fact("Carrier", "Red van", "text", server.host))  # fmt: skip


def test_what_is_asked_is_signed_and_names_the_address_in_its_body_only(serving: Any) -> None:
    server = serving(says(answer({})))
    crm(server).lookup(EMAIL)
    head = server.heard[0].partition(b"\r\n\r\n")[0]
    lines = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    said = f"{lines['X-Klark-Timestamp']}.{json.dumps({'email': EMAIL})}".encode()
    assert lines["X-Klark-Signature"] == hmac.new(KEY, said, hashlib.sha256).hexdigest()
    assert (head.startswith(b"POST /x "), b"camille" in head) == (True, False)


@pytest.mark.parametrize(("value", "path"), [
    ("soon", "a:date"), ("2026-13-40", "a:date"), ("12 euros", "a:number"), ("yes", "a:flag"), (1, "a:flag"), (True, "a"),
    ({"b": 1}, "a"), ([1], "a"), (None, "a"), ("", "a"), ("  ", "a"), ("x", "a.b"), ([1], "a.5"), ([1], "a.-1"), ("x", "b"),
    (True, "a:number"),
])  # fmt: skip
def test_what_is_not_there_or_not_of_its_kind_is_left_out(serving: Any, value: object, path: str) -> None:
    assert crm(serving(says(answer({"a": value}))), {"A": path}).lookup(EMAIL) == ()


def test_a_number_that_is_none_and_a_long_text_are_cut(serving: Any) -> None:
    assert crm(serving(says(answer(b'{"a": NaN}'))), {"A": "a"}).lookup(EMAIL) == ()
    (fact,) = crm(serving(says(answer({"a": "x" * 999}))), {"A": "a"}).lookup(EMAIL)
    assert len(fact.value) == typed_fields.LONGEST


def test_a_path_may_hold_a_colon_of_its_own(serving: Any) -> None:
    (fact,) = crm(serving(says(answer({"a:b": "x"}))), {"A": "a:b"}).lookup(EMAIL)
    assert (fact.value, fact.kind) == ("x", "text")


def test_what_no_column_and_no_screen_can_bear_is_taken_out(serving: Any) -> None:
    told = {
        "nul": "a\0b",
        "surrogate": "a\ud800b",
        "turned": "a\u202eb",
        "lines": "a\r\n\tb",
        "wide": "a\u00a0b",
        "none": "\0\ud800 \u200b",
    }
    facts = crm(serving(says(answer(told))), {name: name for name in told}).lookup(EMAIL)
    assert {fact.name: fact.value for fact in facts} == {
        "nul": "ab", "surrogate": "ab", "turned": "ab", "lines": "a b", "wide": "a b",
    }  # fmt: skip


def test_each_kind_is_written_one_way(serving: Any) -> None:
    told = {"whole": 12, "below": -3, "part": 12.5, "comma": "12,50", "power": 1e21,
            "long": "2026-11-27 09:00", "day": "2026-11-27",
            "no": False, "words": 7, "huge": 10**30}  # fmt: skip
    kinds = {"whole": "number", "below": "number", "part": "number", "comma": "number", "power": "number", "long": "date",
             "day": "date", "no": "flag", "words": "text", "huge": "number"}  # fmt: skip
    facts = crm(serving(says(answer(told))), {name: f"{name}:{kind}" for name, kind in kinds.items()}).lookup(EMAIL)
    assert {fact.name: fact.value for fact in facts} == {
        "whole": "12", "below": "-3", "part": "12.5", "comma": "12,50", "long": "2026-11-27", "day": "2026-11-27", "no": "no",
        "words": "7", "huge": "1" + "0" * 30,
    }  # fmt: skip
    assert [fact.kind for fact in facts] == [kinds[fact.name] for fact in facts]


def test_nobody_known_by_the_address_is_no_fact(serving: Any) -> None:
    assert crm(serving(says(answer({}, "404 Not Found")))).lookup(EMAIL) == ()


@pytest.mark.parametrize(("raw", "error"), [
    (answer({}, "500 Oh"), TryLater), (answer({}, "429 Slow"), TryLater), (answer({}, "401 No"), Refused),
    (answer({}, "403 No"), Refused),
    (answer(b"<html>"), TryLater), (answer([1]), TryLater), (b"", TryLater),
    (answer({}, "302 Found", "Location: https://elsewhere.example/\r\n"), IntegrationError),
])  # fmt: skip
def test_an_answer_that_is_none_says_what_to_do_next(serving: Any, raw: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        crm(serving(says(raw))).lookup(EMAIL)


def test_a_crm_that_drips_or_floods_is_left(serving: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_over_http, "READ_S", 0.2)
    with pytest.raises(TryLater, match="gave no facts"):
        crm(serving(drips(b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n", 0.05))).lookup(EMAIL)
    monkeypatch.setattr(json_over_http, "MOST_BYTES", 10)
    with pytest.raises(TryLater, match="gave no facts"):
        crm(serving(says(answer(ORDERS)))).lookup(EMAIL)


def test_what_is_not_public_is_not_asked(serving: Any) -> None:
    server = serving(says(answer(ORDERS)))
    with pytest.raises(Refused, match="not on the public internet"):
        JsonOverHttp(CrmAccount(server.url, FACTS, KEY, Outbound())).lookup(EMAIL)
    assert server.heard == []


@pytest.mark.parametrize(
    "url", ["ftp://crm.example", "crm.example", "", "https://", "https://[", "https://crm.example:port"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="is not the address of a CRM"):
        CRMS["json"](CrmAccount(url, {}, KEY, Outbound()))
