"""Every way a line for `manage.py try` can be wrong: what is told of it, and what is read in spite of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from klark.knowledge.ingest import NewArticle
from klark.trial_files import BadLine, domains_in, read_article, read_lines, read_ticket

ARTICLE = {"id": "a1", "title": "Delivery", "body_html": "<p>3 days.</p>"}
TICKET = {"id": "7", "subject": "Hello", "body_html": "<p>How long?</p>"}

BAD_TICKETS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"id": None}, '"id" is missing'), ({"id": ""}, '"id" is missing'), ({"id": "  "}, '"id" is missing'),
    ({"id": True}, '"id" is missing'), ({"id": 1.5}, '"id" is missing'), ({"id": ["7"]}, '"id" is missing'),
    ({"subject": 5}, '"subject" is missing or not a text'), ({"subject": ["x"]}, '"subject" is missing or not a text'),
    ({"body_html": 5}, '"body_html" is missing or not a text'),
    ({"body_html": {"x": 1}}, '"body_html" is missing or not a text'),
    ({"requester": 5}, '"requester" is not an object with a name and an email'),
    ({"requester": ["x"]}, '"requester" is not an object with a name and an email'),
    ({"requester": {"email": 5}}, '"email" is missing or not a text'),
    ({"requester": {"name": 5}}, '"name" is missing or not a text'),
    ({"cc": "x@example.com"}, '"cc" is not a list'), ({"cc": {"a": 1}}, '"cc" is not a list'),
    ({"cc": [5]}, '"cc" is not an object with a name and an email'),
    ({"history": "x"}, '"history" is not a list'), ({"history": [5]}, 'entry 1 of "history" is not an object'),
    ({"history": [{"from": "boss"}]}, 'entry 1 of "history" is not an object'),
    ({"history": [{"from": ["agent"]}]}, 'entry 1 of "history" is not an object'),
    ({"history": [{"from": "agent"}, {}]}, 'entry 2 of "history" is not an object'),
    ({"history": [{"from": "agent", "public": "no"}]}, '"public" of entry 1 of "history" is not true or false'),
    ({"history": [{"from": "agent", "body_html": 1}]}, '"body_html" is missing or not a text'),
    ({"headers": ["x"]}, '"headers" is not an object'), ({"headers": "x"}, '"headers" is not an object'),
    ({"tags": "vip"}, '"tags" is not a list'),
)  # fmt: skip


@pytest.mark.parametrize(("change", "words"), BAD_TICKETS)
def test_a_ticket_that_cannot_be_read_says_what_is_wrong(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadLine) as complaint:
        read_ticket({**TICKET, **change})
    assert words in str(complaint.value)


BAD_ARTICLES: tuple[tuple[dict[str, Any], str], ...] = (
    ({"id": None}, '"id" is missing'), ({"title": None}, '"title" is missing or not a text'),
    ({"title": 5}, '"title" is missing or not a text'), ({"body_html": None}, '"body_html" is missing or not a text'),
    ({"lang": 5}, '"lang" is missing or not a text'), ({"updated": 5}, '"updated" is missing or not a text'),
    ({"updated": "soon"}, "takes a date such as 2026-11-25, not 'soon'"),
    ({"updated": "25/11/2026"}, "takes a date such as 2026-11-25, not '25/11/2026'"), ({"url": 5}, '"url" is missing'),
)  # fmt: skip


@pytest.mark.parametrize(("change", "words"), BAD_ARTICLES)
def test_an_article_that_cannot_be_read_says_what_is_wrong(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadLine) as complaint:
        read_article({**ARTICLE, **change})
    assert words in str(complaint.value)


# A ticket with something left out or odd, what is asked of it, and the answer.
READ: tuple[tuple[dict[str, Any], str, Any], ...] = (
    ({"id": 7}, "id", "7"), ({"id": "A-7"}, "id", "A-7"), ({"subject": None}, "subject", ""), ({"tags": None}, "tags", ()),
    ({"tags": ["a", 1, None]}, "tags", ("a", "1", "None")), ({"channel": "chat"}, "channel", "chat"),
    ({"channel": "CHAT"}, "channel", None), ({"cc": None}, "cc", ()), ({"unknown": {"x": 1}}, "status", "open"),
    ({"subject": "a\0b"}, "subject", "ab"), ({"subject": "\ud800"}, "subject", "?"),
)  # fmt: skip


@pytest.mark.parametrize(("change", "name", "expected"), READ)
def test_what_may_be_left_out_or_odd_is_read(change: dict[str, Any], name: str, expected: Any) -> None:
    assert getattr(read_ticket({**TICKET, **change}), name) == expected


@pytest.mark.parametrize(
    ("requester", "expected"),
    [
        ({"name": "Ann", "email": "ann@example.com"}, ("ann@example.com", "Ann", "ann@example.com")),
        ({"name": "Ann"}, ("requester", "Ann", "")), ({}, ("requester", "", "")), (None, ("requester", "", "")),
        ("ann@example.com", ("ann@example.com", "", "ann@example.com")),
    ],
)  # fmt: skip
def test_a_requester_may_be_an_address_or_nearly_nothing(requester: Any, expected: tuple[str, ...]) -> None:
    person = read_ticket({**TICKET, "requester": requester}).requester
    assert ((person.id, person.name, person.email), person.role) == (expected, "customer")


LINES: tuple[tuple[bytes, str], ...] = (
    (b"[]", "is not a JSON object"), (b"null", "is not a JSON object"), (b'"x"', "is not a JSON object"),
    (b"{", "is not JSON: Expecting property name enclosed in double quotes"), (b"x", "is not JSON"),
    (b'{"id": "7"} {"id": "8"}', "is not JSON: Extra data at character 13"), (b"[" * 100_000, "is nested too deeply"),
    (b"\xff\xfe", ""), (b'{"id": "\xff"}', ""),
)  # fmt: skip


@pytest.mark.parametrize(("raw", "words"), LINES, ids=range(len(LINES)))
def test_a_line_that_is_no_ticket_is_named_and_the_next_is_read(tmp_path: Path, raw: bytes, words: str) -> None:
    path = tmp_path / "tickets.jsonl"
    path.write_bytes(b"\n" + raw + b"\n\n" + json.dumps(TICKET).encode() + b"\n")
    bad, good = read_lines(path, read_ticket)
    assert (bad.number, bool(bad.wrong), words in bad.wrong) == (2, True, True)
    assert (good.number, good.wrong, good.value.id) == (4, "", "7")


@pytest.mark.parametrize(
    ("html", "domains"),
    [
        ("<p>See https://help.example.com/a and mail us@shop.example.</p>", {"help.example.com", "shop.example"}),
        ('<p style="display:none">https://evil.example</p><p>Nothing.</p>', set()),
        ("", set()), ("<p>3 days.</p>", set()),
    ],
)  # fmt: skip
def test_only_domains_that_a_reader_of_an_article_sees_are_trusted(html: str, domains: set[str]) -> None:
    assert domains_in(NewArticle("a", "A", html)) == domains
