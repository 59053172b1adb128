"""Reading what others wrote: times, ids, codes and hostile JSON, each a value or nothing, never a crash."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from integrations.errors import BadPayload, Refused
from integrations.helpdesks.base import Comment, Person
from integrations.helpdesks.untrusted_input import (
    chosen,
    field_words,
    mapping,
    mappings,
    moment,
    name_of,
    number,
    oldest_first,
    read_json,
    token,
    told,
    whole,
    words,
)
from integrations.helpdesks.zendesk import webhooks as zendesk_webhooks
from integrations.helpdesks.zendesk.pages import next_page

STRANGE: tuple[Any, ...] = (None, True, 1.5, [], {}, b"x", object())


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-10-05T09:03:11Z", datetime(2026, 10, 5, 9, 3, 11, tzinfo=UTC)),
        ("2026-10-05T09:03:11", datetime(2026, 10, 5, 9, 3, 11, tzinfo=UTC)),
        ("2026-10-05T11:03:11+02:00", datetime(2026, 10, 5, 9, 3, 11, tzinfo=UTC)),
        ("2026-10-05T09:03:11.123456789Z", datetime(2026, 10, 5, 9, 3, 11, 123456, tzinfo=UTC)),
        ("2026-10-05", datetime(2026, 10, 5, tzinfo=UTC)),
        ("20261005T090311Z", datetime(2026, 10, 5, 9, 3, 11, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", None),
        ("1969-12-31T23:59:59Z", None),
        ("9999-12-31T23:59:59Z", None),
        ("2026-02-31T00:00:00Z", None),
        ("yesterday", None),
        ("", None),
        (1_790_000_000, None),
    ],
)
def test_a_time_is_one_that_a_helpdesk_can_have_seen(text: Any, read: datetime | None) -> None:
    assert moment(text) == read


def test_a_time_keeps_its_zone() -> None:
    read = moment("2026-10-05T11:03:11+02:00")
    assert read and read.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("value", "read"),
    [(4711, "4711"), ("4711", "4711"), (0, "0"), (10**19, str(10**19)), (10**20, None), (-1, None), ("-1", None), ("47 11", None),
     ("４７１１", None), ("", None), ("4711\n", None), (True, None), (4711.0, None)],
)  # fmt: skip
def test_an_id_is_at_most_twenty_digits(value: Any, read: str | None) -> None:
    assert number(value) == read


@pytest.mark.parametrize(
    ("value", "read"), [(2, 2), ("2", 2), (-1, -1), ("-1", None), (True, None), ("two", None), (2.0, None)]
)
def test_a_code_is_a_whole_number_also_in_quotation_marks(value: Any, read: int | None) -> None:
    assert whole(value) == read


@pytest.mark.parametrize("value", STRANGE)
def test_what_is_of_another_kind_is_nothing(value: Any) -> None:
    assert (number(value), whole(value), token(value), words(value), moment(value)) == (None, None, "", "", None)
    assert name_of(value) == ""
    assert mapping(value) == {}
    assert mappings(value) == []


@pytest.mark.parametrize(("value", "name"), [(-1, "-1"), ("abc", "abc"), (7, "7"), ("", "")])
def test_a_name_is_text_whatever_it_looks_like(value: Any, name: str) -> None:
    assert name_of(value) == name


@pytest.mark.parametrize(("typed", "known"), [(None, None), ("7001", 7001), ("0", 0)])
def test_an_id_that_a_person_chose_is_a_number(typed: str | None, known: int | None) -> None:
    assert chosen(typed, "group") == known


@pytest.mark.parametrize("typed", ["Level 2", "", "-1", "7001 ", "9" * 21])
def test_one_that_is_none_is_refused_by_its_name(typed: str) -> None:
    with pytest.raises(Refused, match="is not the id of a group"):
        chosen(typed, "group")


@pytest.mark.parametrize(("value", "kept"), [("zen:x", "zen:x"), ("a b", ""), ("x" * 255, "x" * 255), ("x" * 256, ""), ("é", ""),
                                             ("\x7f", ""), ("", "")])  # fmt: skip
def test_a_token_is_a_short_printable_word(value: str, kept: str) -> None:
    assert token(value) == kept


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, None), ("", None), ([], None), (["a", "b"], "a,b"), ([1, None], "1,None"), (True, "true"), (False, "false"), (0, "0"),
     (1.5, "1.5"), ("x", "x")],
)  # fmt: skip
def test_a_custom_field_becomes_text(value: Any, text: str | None) -> None:
    assert field_words(value) == text


def test_only_objects_of_a_list_are_kept() -> None:
    assert mappings([{"a": 1}, None, [], "x", {"b": 2}]) == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("raw", [b"", b"\xff", b"NaN", b'{"a": Infinity}', b"[" * 20_000, b"{", b'"\xed\xa0\x80"'])
def test_what_is_not_json_is_a_bad_payload(raw: bytes) -> None:
    with pytest.raises(BadPayload):
        read_json(raw)


@pytest.mark.parametrize("value", [{"a": [1, None]}, [], "x", 7, None])
def test_json_is_read_also_after_a_byte_order_mark(value: Any) -> None:
    raw = json.dumps(value).encode()
    assert (read_json(raw), read_json(b"\xef\xbb\xbf" + raw)) == (value, value)


# --- the order of comments

EARLY, LATE = (datetime(2026, 10, 5, hour, tzinfo=UTC) for hour in (8, 9))


def said(known: str, at: datetime | None) -> Comment:
    return Comment(known, Person("1"), "", "", public=True, from_customer=True, created_at=at)


@pytest.mark.parametrize(
    ("comments", "order"),
    [
        ([said("2", LATE), said("1", EARLY)], "12"),
        ([said("9", EARLY), said("10", EARLY)], "910"),
        ([said("b", EARLY), said("a", EARLY)], "ab"),
        ([said("2", LATE), said("x", None), said("1", EARLY)], "2x1"),
        ([said("2", LATE), said("1", LATE.astimezone(timezone(timedelta(hours=5))))], "12"),
        ([], ""),
    ],
)
def test_comments_are_by_time_then_id_or_as_they_came(comments: list[Comment], order: str) -> None:
    assert "".join(comment.id for comment in oldest_first(comments)) == order


# --- Zendesk's pages

CURSOR = {"page[size]": "100", "page[after]": "abc"}


@pytest.mark.parametrize(
    ("page", "onward"),
    [
        ({"meta": {"has_more": True, "after_cursor": "abc"}}, CURSOR),
        ({"meta": {"has_more": True, "after_cursor": "abc"}, "next_page": "https://elsewhere.example"}, CURSOR),
        ({"meta": {"has_more": False, "after_cursor": "abc"}}, {}),
        ({"meta": {"has_more": True, "after_cursor": None}}, {}),
        ({"meta": {"has_more": "true", "after_cursor": "abc"}}, {}),
        ({"meta": {"after_cursor": "abc"}}, {}),
        ({"next_page": "https://elsewhere.example/?page=9"}, {"per_page": "100", "page": "3"}),
        ({"next_page": None}, {}),
        ({"meta": None, "next_page": "x"}, {"per_page": "100", "page": "3"}),
        ({}, {}),
    ],
)
def test_the_next_page_is_klarks_own_question_never_a_url_that_came(
    page: dict[str, Any], onward: dict[str, str]
) -> None:
    assert next_page(page, 2) == onward


def test_a_name_with_several_values_has_them_all_so_that_none_is_chosen_by_its_place() -> None:
    read = {
        '{"a": 1, "b": 2}': {"a": 1, "b": 2},
        '{"a": 1, "a": 1}': {"a": 1},
        '{"a": 1, "a": "1"}': {"a": [1, "1"]},
        '{"a": 1, "b": {"c": 1, "c": 2, "c": 1}}': {"a": 1, "b": {"c": [1, 2, 1]}},
        '[{"a": {}, "a": []}]': [{"a": [{}, []]}],
    }
    assert {raw: read_json(raw.encode()) for raw in read} == read


class CountedName(str):
    """A name that counts how often it is compared."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        CountedName.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def test_a_body_of_many_names_is_walked_through_once_although_one_of_them_stands_twice() -> None:
    """Else a megabyte of names, from any account whose secret is known, holds the door shut for all the others."""
    names = [CountedName(f"n{count}") for count in range(300)]
    CountedName.compared = 0
    read = told([*((name, 0) for name in names), (CountedName("n7"), 1)])
    assert (read["n7"], read["n8"], len(read)) == ([0, 1], 0, 300)
    assert CountedName.compared < 10 * len(names)


def test_a_trigger_that_names_two_tickets_names_none() -> None:
    bodies = {
        b'{"ticket_id": "1", "x": "", "ticket_id": "2"}': "BadPayload",
        b'{"ticket_id": "1", "ticket": {"id": 2}}': "BadPayload",
        b'{"ticketId": 1, "ticket_id": "{{ticket.id}}"}': "BadPayload",
        b'{"ticket_id": "1", "ticket": {"id": 1}}': "1",
        b'{"ticket.id": "1", "ticketID": 1}': "1",
    }
    found = {}
    for raw in bodies:
        try:
            event = zendesk_webhooks.parse(raw, {})
            found[raw] = event.ticket_id if event else ""
        except BadPayload:
            found[raw] = "BadPayload"
    assert found == bodies
