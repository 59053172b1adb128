"""Files for `manage.py try`: a bad line is named with its number and reason, and the rest goes on."""

import json
from pathlib import Path
from typing import Any

import pytest

from klark.trial_files import BadLine, as_line, read_article, read_lines, read_ticket
from klark.values.decision import Decided
from klark.values.draft import DraftAnswer
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from tests.klark.said import completion, found, ticket, triage, verdict

ARTICLE = {"id": "a1", "title": "Delivery", "body_html": "<p>3 days.</p>", "lang": "EN-us", "updated": "2026-11-25"}
TICKET = {"id": 7, "subject": "Hello", "body_html": "<p>How long?</p>", "channel": "email",
          "requester": {"name": "Camille", "email": "c@example.org"}}  # fmt: skip


def lines(folder: Path, *raw: bytes, read: Any = read_ticket) -> list[tuple[int, bool]]:
    path = folder / "lines.jsonl"
    path.write_bytes(b"\n".join(raw))
    return [(line.number, bool(line.wrong)) for line in read_lines(path, read)]


def test_an_article_is_read() -> None:
    new = read_article({**ARTICLE, "unknown": "ignored"})
    assert (new.key, new.title, new.body_html, new.language, str(new.updated_at)[:10]) == (
        "a1", "Delivery", "<p>3 days.</p>", "en", "2026-11-25")  # fmt: skip


def test_an_article_needs_neither_language_nor_date() -> None:
    new = read_article({name: ARTICLE[name] for name in ("id", "title", "body_html")})
    assert (new.language, new.updated_at) == ("", None)


def test_a_ticket_is_read_with_its_history() -> None:
    history = [{"from": "customer", "body_html": "First"}, {"from": "agent", "body_html": "Note", "public": False}]
    read = read_ticket({**TICKET, "history": history, "cc": ["x@partner.example", {"email": "y@partner.example"}],
                        "headers": {"Auto-Submitted": "no"}, "tags": ["a", 1]})  # fmt: skip
    assert [(each.body_text, each.public, each.from_customer) for each in read.comments] == [
        ("First", True, True), ("Note", False, False), ("How long?", True, True)]  # fmt: skip
    assert (read.id, read.requester.email, len(read.cc), read.tags, read.channel) == (
        "7",
        "c@example.org",
        2,
        ("a", "1"),
        "email",
    )


def test_only_the_id_and_a_body_are_needed() -> None:
    assert [each.body_text for each in read_ticket({"id": "x", "body_html": ""}).comments] == [""]


def test_an_export_under_other_names_is_no_ticket_without_words() -> None:
    with pytest.raises(BadLine, match='"body_html" is missing: what the customer wrote last'):
        read_ticket({"id": "x", "subject": "Return", "description": "How long do I have?"})


@pytest.mark.parametrize("channel", ["pigeon", None, 7, [], {}, ["email"]])
def test_an_unknown_channel_is_none(channel: Any) -> None:
    assert read_ticket({**TICKET, "channel": channel}).channel is None


WRONG_TICKETS: list[dict[str, Any]] = [
    {"id": None}, {"id": ""}, {"id": " "}, {"id": True}, {"id": 1.5}, {"id": []}, {"id": float("nan")},
    {"subject": 5}, {"body_html": []},
    {"history": "x"}, {"history": ["x"]}, {"history": [{"from": "robot"}]},
    {"history": [{"from": ["customer"]}]}, {"history": [{"from": {}}]},
    {"history": [{"from": "customer", "public": "yes"}]}, {"history": [None]},
    {"requester": 5}, {"requester": [1]}, {"requester": {"name": 5}}, {"cc": "x"},
    {"cc": [5]}, {"headers": [1]}, {"tags": {"a": 1}},
]  # fmt: skip


@pytest.mark.parametrize("change", WRONG_TICKETS)
def test_a_wrong_ticket_is_refused_in_words(change: dict[str, Any]) -> None:
    with pytest.raises(BadLine) as complaint:
        read_ticket({**TICKET, **change})
    assert str(complaint.value).strip() != ""


@pytest.mark.parametrize("change", [{"id": None}, {"title": None}, {"title": 5}, {"body_html": None}, {"updated": "soon"},
                                    {"updated": 5}, {"lang": 5}, {"url": []}])  # fmt: skip
def test_a_wrong_article_is_refused_in_words(change: dict[str, Any]) -> None:
    with pytest.raises(BadLine):
        read_article({**ARTICLE, **change})


def complaints(tmp_path: Path, read: Any, *values: Any) -> list[str]:
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in values))
    return [line.wrong for line in read_lines(path, read)]


def test_a_ticket_that_comes_twice_is_named_with_its_first_line(tmp_path: Path) -> None:
    twice = complaints(tmp_path, read_ticket, {**TICKET, "id": 7}, {**TICKET, "id": 8}, {**TICKET, "id": "7"})
    assert twice == ["", "", "has the \"id\" of line 1, '7'"]


def test_an_article_may_come_once_in_each_language(tmp_path: Path) -> None:
    given = [{**ARTICLE, "id": "a", "lang": lang} for lang in ("fr", "en", "fr")]
    assert complaints(tmp_path, read_article, *given) == ["", "", "has the \"id\" of line 1, 'a'"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b'{"id": 1', "is not JSON: Expecting ',' delimiter at character 9"),
        (b'{"id": "\xe9"}', "is not in UTF-8"),
        (b'{"id": ' + b"9" * 6000 + b"}", "holds a number that is too long"),
        (b"[" * 20_000, "is nested too deeply"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_one_line(tmp_path: Path, line: bytes, words: str) -> None:
    assert complaints(tmp_path, read_ticket, line) == [words]


BAD_LINES = [b"nonsense", b"[1]", b"7", b"null", b'{"id": 1', b"\xff\xfe", b"[" * 20_000,
             b'{"a":' * 20_000, b'{"id": ' + b"9" * 6000 + b"}",
             b'{"subject": "no id"}']  # fmt: skip


@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_bad_line_is_named_by_its_number_and_the_rest_goes_on(tmp_path: Path, bad: bytes) -> None:
    good, other = (json.dumps({**TICKET, "id": name}).encode() for name in (1, 2))
    assert lines(tmp_path, good, b"", b"   ", bad, other) == [(1, False), (4, True), (5, False)]


def test_an_empty_file_has_no_lines(tmp_path: Path) -> None:
    assert lines(tmp_path, b"") == []


def test_lines_of_windows_are_read(tmp_path: Path) -> None:
    assert lines(tmp_path, json.dumps(TICKET).encode() + b"\r") == [(1, False)]


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no-such"):
        list(read_lines(tmp_path / "no-such.jsonl", read_ticket))


def test_signs_that_no_database_takes_are_left_out() -> None:
    read = read_ticket(
        {
            "id": "a\0b",
            "subject": "\ud800 x",
            "body_html": "<p>\0y</p>",
            "tags": ["\ud800"],
            "headers": {"\0k": "\ud800"},
        }
    )
    assert (read.id, read.subject, read.comments[0].body_text, read.tags) == ("ab", "? x", "y", ("?",))
    assert read.comments[0].headers == {"k": "?"}


def test_a_line_out_has_the_published_keys_and_is_json() -> None:
    run = RunRecord(
        triage(),
        Decided("WAIT", Reason.HELD_BY_GUARD),
        (found(),),
        DraftAnswer("none", completion=completion()),
        verdict(),
    )
    line = as_line(ticket(), run, "Hello", 12)
    assert list(line) == ["id", "decision", "reason", "language", "topic", "priority", "sentiment", "sensitive", "reply_text",
                          "sentences", "findings", "confidence", "cost", "ms"]  # fmt: skip
    assert (line["decision"], line["reason"], line["cost"], line["ms"]) == ("WAIT", "held_by_guard", 0.0, 12)
    assert json.loads(json.dumps(line)) == line
