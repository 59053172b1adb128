"""The stand-ins' own parts, without HTTP: windows, routes, cursors, conditions, placeholders, waits, memory."""

import itertools
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.sandbox import __main__ as program
from integrations.sandbox import faults, limits, people_actions, serving, store
from integrations.sandbox.faults import Fault, Faults, play
from integrations.sandbox.freshdesk import shapes as freshdesk
from integrations.sandbox.freshdesk.events import triggered_event
from integrations.sandbox.limits import Limits, Window, cost_of, freshdesk_headers, zendesk_headers
from integrations.sandbox.placeholders import fill
from integrations.sandbox.records import AGENT_ID, KLARK_ID, SYSTEM_ID, Change, Desk, NewComment, Ticket
from integrations.sandbox.routing import Call, DeskAnswer, Route, find, knows, whole
from integrations.sandbox.store import new_desk
from integrations.sandbox.webhooks import Attempt, Sender, freshdesk_wait, zendesk_wait
from integrations.sandbox.world import Race, World, ticket_of
from integrations.sandbox.write_journal import Journal
from integrations.sandbox.zendesk import shapes as zendesk_shapes
from integrations.sandbox.zendesk.events import CONDITIONS, envelope, fires
from integrations.sandbox.zendesk.export import make_cursor, read_cursor
from integrations.sandbox.zendesk.tickets import outdated


def call(method: str = "GET", path: str = "/api/v2/tickets", raw: bytes = b"", **query: str) -> Call:
    return Call(method, path, query, {}, raw, "B")


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """The clock of windows; called with seconds it goes on."""
    at = [1000.0]

    def move(seconds: float) -> None:
        at[0] += seconds

    monkeypatch.setattr(limits.time, "monotonic", lambda: at[0])
    return move


@pytest.fixture
def desk() -> Desk:
    return new_desk("zendesk")


def opened(desk: Desk, **sent: Any) -> Ticket:
    return people_actions.open_ticket(desk, {"body": "How long?", **sent})[0]


# Windows


def test_a_window_begins_with_its_first_use_and_begins_anew_after_its_seconds(time: Callable[[float], None]):
    window = Window(2)
    time(500)
    taken = [window.take(), window.take(), window.take()]
    time(59.9)
    late = window.take()
    assert (taken, late, window.left(), window.reset_s()) == ([True, True, False], False, 0, 1)
    time(0.2)
    assert (window.left(), window.take(), window.left()) == (2, True, 1)


def test_a_dear_call_may_be_the_last_one_and_nought_is_no_limit(time: Callable[[float], None]):
    window, free = Window(3), Window(0)
    assert [window.take(2), window.take(2), window.take(1), window.left()] == [True, True, False, 0]
    assert [free.take(99) for _ in range(3)] == [True] * 3


def test_the_first_window_that_is_spent_refuses_and_the_others_are_used_all_the_same(time: Callable[[float], None]):
    own = Limits(Window(10), Window(3), Window(1), per_ticket=2)
    refused = [own.refuse(update_of=ticket, incremental=False) for ticket in ("1", "1", "1", "2")]
    assert refused == [None, None, own.tickets["1"], own.updates]
    assert (own.tickets["1"].seconds, own.updates.seconds) == (600.0, 60.0)
    reads = [own.refuse(update_of=None, incremental=True) for _ in range(2)]
    assert reads == [None, own.incremental]
    assert own.calls.used == 6
    time(61)
    assert own.refuse(update_of="1", incremental=False) == own.tickets["1"]
    time(600)
    assert own.refuse(update_of="1", incremental=False) is None


def test_the_headers_say_what_is_left_in_each_products_own_names(time: Callable[[float], None]):
    own = Limits(Window(700), Window(100))
    own.refuse(update_of="1", incremental=False, cost=2)
    time(20)
    assert zendesk_headers(own, call("PUT", "/api/v2/tickets/1.json"), 200) == {
        "x-rate-limit": "700", "x-rate-limit-remaining": "698", "ratelimit-limit": "700", "ratelimit-remaining": "698",
        "ratelimit-reset": "40", "zendesk-ratelimit-tickets-update": "total=100; remaining=99; resets=40",
    }  # fmt: skip
    assert "zendesk-ratelimit-tickets-update" not in zendesk_headers(own, call(), 200)
    assert freshdesk_headers(own, call(include="stats,requester"), 200) == {
        "X-RateLimit-Total": "700", "X-RateLimit-Remaining": "698", "X-RateLimit-Used-CurrentRequest": "3",
    }  # fmt: skip
    assert freshdesk_headers(own, call(), 429) == {}


def test_the_accounts_start_with_the_products_largest_plans():
    zendesk, fresh = limits.zendesk_limits(), limits.freshdesk_limits()
    assert (zendesk.calls.total, zendesk.updates.total, zendesk.incremental.total, zendesk.per_ticket) == (
        2500,
        300,
        30,
        30,
    )
    assert (fresh.calls.total, fresh.updates.total, fresh.lists.total, fresh.per_ticket) == (700, 280, 200, 0)
    assert {query: cost_of(call(include=query)) for query in ("", "stats", "a,b", ",")} == {
        "": 1,
        "stats": 2,
        "a,b": 3,
        ",": 1,
    }


# Routes and bodies


def test_a_route_is_matched_whole_with_and_without_json_and_slash():
    routes = (Route("GET", r"/t/(\d+)", DeskAnswer), Route("PUT", r"/t/(\d+)/x/(\w+)", lambda: DeskAnswer(201)))
    tried = {
        ("GET", "/t/7"): ("7",), ("GET", "/t/7.json"): ("7",), ("GET", "/t/7/"): ("7",), ("PUT", "/t/7/x/ab"): ("7", "ab"),
        ("GET", "/t/"): None, ("GET", "/t/7x"): None, ("GET", "/a/t/7"): None, ("POST", "/t/7"): None, ("GET", "/t/7/x/ab"): None,
    }  # fmt: skip
    found = {asked: find(routes, call(*asked)) for asked in tried}
    assert {asked: hit and hit[1] for asked, hit in found.items()} == tried
    assert [knows(routes, call(*asked)) for asked in tried] == [True] * 4 + [False] * 3 + [True] * 2


def test_only_a_json_object_is_a_body():
    read = {b"": {}, b"{}": {}, b'{"a": [1]}': {"a": [1]}}
    assert {raw: call(raw=raw).body() for raw in read} == read
    for raw in (b"[]", b"1", b"null", b"{", b"\xff"):
        with pytest.raises(ValueError, match=r"."):
            call(raw=raw).body()


def test_numbers_in_a_query_are_read_or_left_at_what_is_usual():
    read = {text: whole(text, 9) for text in ("7", "0", "", "-1", "x", "1.5", None)}
    assert read == {"7": 7, "0": 0, "": 9, "-1": 9, "x": 9, "1.5": 9, None: 9}


def test_a_payload_is_raw_or_json_or_nothing():
    made = [
        DeskAnswer(200, {"é": 1}),
        DeskAnswer(200, None),
        DeskAnswer(200, {}, raw=b"x"),
        DeskAnswer(204, raw=b""),
        DeskAnswer(200, []),
    ]
    assert [answer.payload() for answer in made] == ['{"é": 1}'.encode(), b"", b"x", b"", b"[]"]


def test_the_ticket_of_a_call_stands_in_its_path():
    paths = {"/api/v2/tickets/12.json": 12, "/api/v2/tickets/12/comments": 12, "/api/v2/tickets": None,
             "/api/v2/tickets/show_many": None, "/api/v2/incremental/tickets/cursor": None}  # fmt: skip
    assert {path: ticket_of(call(path=path)) for path in paths} == paths


# Pages


def pages(size: int, count: int) -> list[list[int]]:
    """What following a list by cursor shows."""
    rows = [{"id": n} for n in range(count)]
    shown, query = [], {"page[size]": str(size)}
    while query:
        body = zendesk_shapes.paged(Call("GET", "/x", query, {}), "rows", rows).body
        shown.append([row["id"] for row in body["rows"]])
        meta = body["meta"]
        assert (body["links"]["next"] is not None) == meta["has_more"]
        query = {"page[size]": str(size), "page[after]": meta["after_cursor"]} if meta["has_more"] else {}
    return shown


def test_a_cursor_leads_through_every_row_once_and_ends():
    assert pages(2, 5) == [[0, 1], [2, 3], [4]]
    assert pages(2, 4) == [[0, 1], [2, 3]]
    assert pages(3, 0) == [[]]
    assert [len(page) for page in pages(1000, 250)] == [100, 100, 50]
    assert [len(page) for page in pages(0, 2)] == [1, 1]


def test_pages_by_number_lead_on_and_back_and_beyond_the_end_there_is_nothing():
    rows = [{"id": n} for n in range(5)]

    def page(**query: str) -> tuple[list[int], bool, bool, int]:
        body = zendesk_shapes.paged(Call("GET", "/x", query, {}, base="B"), "rows", rows).body
        return [r["id"] for r in body["rows"]], bool(body["next_page"]), bool(body["previous_page"]), body["count"]

    assert page(per_page="2") == ([0, 1], True, False, 5)
    assert page(per_page="2", page="3") == ([4], False, True, 5)
    assert page(per_page="2", page="9") == ([], False, True, 5)
    assert page(per_page="0", page="0") == ([0], True, False, 5)
    assert page(per_page="x") == ([0, 1, 2, 3, 4], False, False, 5)


def test_pages_by_number_end_at_the_hundredth_or_at_ten_thousand_rows():
    def status(**query: str) -> int:
        return zendesk_shapes.paged(Call("GET", "/x", query, {}), "rows", []).status

    assert [status(page="100"), status(page="100", per_page="1")] == [200, 200]
    assert [status(page="101"), status(page="101", per_page="1")] == [400, 400]
    assert status(**{"page": "101", "page[size]": "1"}) == 200


def test_what_is_no_cursor_is_refused_and_never_the_beginning():
    good = zendesk_shapes.cursor(7)
    read = {good: 7, "": 0, "x": None, "b:7": None, "!!!!": None, "bzp4": None}
    assert {text: zendesk_shapes.uncursor(text) for text in read} == read
    answer = zendesk_shapes.by_cursor(Call("GET", "/x", {"page[after]": "x"}, {}), "rows", [])
    assert (answer.status, answer.body["errors"][0]["code"]) == (400, "InvalidCursor")


def test_the_exports_cursor_reads_back_without_its_padding():
    moments = [datetime(2026, 10, 5, 9, 30, tzinfo=UTC) + timedelta(seconds=n) for n in range(3)]
    cursors = [make_cursor(moment, n) for n, moment in enumerate(moments, 8)]
    assert [read_cursor(text) for text in cursors] == [8, 9, 10]
    assert [read_cursor(text + "==") for text in cursors] == [8, 9, 10]
    assert {text: read_cursor(text) for text in ("", "x", "abc", "fHw=", "MXx8")} == {"": 0, "x": None, "abc": None, "fHw=": None,
                                                                                     "MXx8": None}  # fmt: skip


def test_freshdesk_leads_on_by_link_while_there_is_more_and_refuses_a_page_out_of_bounds():
    rows = [{"id": n} for n in range(5)]

    def listed(**query: str) -> DeskAnswer:
        return freshdesk.listed(Call("GET", "/api/v2/tickets", query, {}, base="B"), rows)

    assert [row["id"] for row in listed(per_page="2", page="2").body] == [2, 3]
    assert listed(per_page="2", page="2").headers == {"link": '<B/api/v2/tickets?per_page=2&page=3>; rel="next"'}
    assert (listed(per_page="2", page="3").headers, listed(page="9").body) == ({}, [])
    wrong = [{"per_page": "0"}, {"per_page": "101"}, {"page": "0"}, {"page": "x"}, {"page": "-1"}, {"per_page": "1.5"}]
    assert [listed(**query).status for query in wrong] == [400] * 6
    assert [listed(**query).body["errors"][0]["field"] for query in wrong] == [next(iter(query)) for query in wrong]


# What is told


def change(
    desk: Desk, kind: str = "status_changed", actor: int = AGENT_ID, public: bool | None = None, **more: Any
) -> Change:
    """Something that happened to ticket 1, with something said where `public` is given."""
    ticket, who = desk.tickets.get(1) or opened(desk), desk.users[actor]
    if public is None:
        return Change(kind, ticket, who, 5, 1, **more)
    said = store.update(desk, ticket, who, comment=NewComment("<p>x</p>", public, "agent"))
    return Change(kind, ticket, who, 5, 1, said[0].comment, **more)


def test_an_envelope_writes_ids_as_text_and_words_in_capitals(desk: Desk):
    ticket = opened(desk, priority="high", type="question", assignee_id=AGENT_ID, channel="web", tags=["b", "a", "b"])
    told = envelope(Change("status_changed", ticket, desk.users[AGENT_ID], 5, 2, None, "new", "open"))
    detail = told["detail"]
    ids = ("id", "actor_id", "assignee_id", "requester_id", "submitter_id", "brand_id", "form_id", "custom_status")
    assert all(isinstance(detail[name], str) and detail[name].isdigit() for name in ids)
    assert (detail["group_id"], detail["organization_id"], detail["external_id"]) == (None, None, None)
    assert (detail["status"], detail["priority"], detail["type"], detail["via"]) == ("NEW", "HIGH", "QUESTION",
                                                                                    {"channel": "web_service"})  # fmt: skip
    assert (detail["tags"], detail["is_public"], detail["description"]) == (["a", "b"], True, "How long?")
    assert told["event"] == {"current": "OPEN", "previous": "NEW", "meta": {"sequence": {"id": "5", "position": 2}}}
    assert (told["account_id"], type(told["account_id"]), told["subject"]) == (424242, int, "zen:ticket:1")


def test_each_kind_of_change_tells_what_was_and_what_is(desk: Desk):
    kinds: dict[str, tuple[Any, Any, dict[str, Any]]] = {
        "priority_changed": (None, "urgent", {"current": "URGENT", "previous": None}),
        "type_changed": ("task", None, {"current": None, "previous": "TASK"}),
        "agent_assignment_changed": (None, 9002, {"current": "9002", "previous": None}),
        "group_assignment_changed": (7001, None, {"current": None, "previous": "7001"}),
        "subject_changed": ("a", "b", {"current": "b", "previous": "a"}),
        "tags_changed": (["a", "b"], ["b", "c"], {"tags_added": ["c"], "tags_removed": ["a"]}),
        "soft_deleted": (False, True, {}),
        "merged": (None, 9, {"target_ticket_id": "9"}),
        "comment_added": (None, None, {}),
    }
    told = {kind: envelope(change(desk, kind, before=was, after=now))["event"] for kind, (was, now, _) in kinds.items()}
    sequence = {"meta": {"sequence": {"id": "5", "position": 1}}}
    assert told == {kind: {**event, **sequence} for kind, (_, _, event) in kinds.items()}
    assert envelope(change(desk, "created"))["event"] == {}


def test_a_trigger_holds_when_all_hold_and_one_of_any(desk: Desk):
    def condition(field: str, value: str, operator: str = "is") -> dict[str, str]:
        return {"field": field, "operator": operator, "value": value}

    by_agent, by_klark = change(desk, public=True), change(desk, actor=KLARK_ID, public=False)
    created = change(desk, "created")
    true_of = {
        "update_type": (condition("update_type", "Change"), [True, True, False]),
        "created": (condition("update_type", "Create"), [False, False, True]),
        "not klark": (condition("role", str(KLARK_ID), "is_not"), [True, False, True]),
        "an agent": (condition("role", "agent"), [True, True, True]),
        "a customer": (condition("role", "end_user"), [False, False, False]),
        "public": (condition("comment_is_public", "true"), [True, False, False]),
        "not public": (condition("comment_is_public", "true", "not_value"), [False, True, True]),
        "api": (condition("current_via_id", "5"), [True, True, True]),
        "status": (condition("status", "new"), [True, True, True]),
        "status is not": (condition("status", "new", "is_not"), [False, False, False]),
    }
    changes = (by_agent, by_klark, created)
    assert {
        name: [fires({"conditions": {"all": [c]}}, one) for one in changes] for name, (c, _) in true_of.items()
    } == {name: expected for name, (_, expected) in true_of.items()}
    both = {
        "all": [condition("status", "new")],
        "any": [condition("update_type", "Create"), condition("role", "end_user")],
    }
    assert [fires({"conditions": both}, one) for one in changes] == [False, False, True]
    assert fires({"conditions": both, "active": False}, created) is False
    assert {c["field"] for c, _ in true_of.values()} | {"ticket_is_public"} == CONDITIONS.keys()


def test_freshdesk_says_what_happened_with_its_own_numbers(desk: Desk):
    told = {
        "created": triggered_event(change(desk, "created")),
        "solved": triggered_event(change(desk, before="open", after="solved")),
        "held": triggered_event(change(desk, before="hold", after="closed")),
        "urgent": triggered_event(change(desk, "priority_changed", before="low", after="urgent")),
        "assigned": triggered_event(change(desk, "agent_assignment_changed", before=None, after=9002)),
        "replied": triggered_event(change(desk, "comment_added", public=True)),
        "noted": triggered_event(change(desk, "comment_added", public=False)),
        "tagged": triggered_event(change(desk, "tags_changed")),
        "deleted": triggered_event(change(desk, "soft_deleted")),
    }
    assert told == {
        "created": "{ticket_action:created}", "solved": "{status:{from:2,to:4}}", "held": "{status:{from:6,to:5}}",
        "urgent": "{priority:{from:1,to:4}}", "assigned": "{responder_id:{from:None,to:9002}}", "replied": "{reply_sent:sent}",
        "noted": "{note_type:private}", "tagged": "{ticket_action:updated}", "deleted": "{ticket_action:deleted}",
    }  # fmt: skip


def test_placeholders_are_put_in_as_they_are_and_unknown_ones_as_nothing(desk: Desk):
    opened(desk, subject='A "b"', requester={"name": "Ada", "email": "ada@example.org"})
    one = change(desk, public=False)
    filled = {
        "{{ticket.id}}": "1", "{{ ticket.title }}": 'A "b"', "{{ticket.requester.email}}": "ada@example.org",
        "{{ticket.latest_comment}}": "x", "{{ticket.latest_public_comment}}": "", "{{current_user.id}}": "9002",
        "{{triggered_event}}": "{x}", "{{ticket.nothing}}": "", "{{}}": "{{}}", "{ticket.id}": "{ticket.id}",
        "{{ticket.id}}/{{ticket.id}}": "1/1",
    }  # fmt: skip
    assert {text: fill(text, desk, one, "{x}") for text in filled} == filled


# What is tried again


def test_zendesk_waits_by_what_was_answered_last():
    def waits(*statuses: int | None, error: str = "", after: float | None = None) -> float | None:
        return zendesk_wait([Attempt("", status, error, after) for status in statuses])

    assert [waits(*[409] * n) for n in (1, 2, 3, 4)] == [5.0, 10.0, 20.0, None]
    assert [waits(*[None] * n, error="timeout") for n in (1, 5, 6)] == [5.0, 60.0, None]
    assert waits(None, error="ConnectionError") is None
    assert [waits(*[status] * n, after=7.0) for status in (429, 503) for n in (1, 3, 4)] == [7.0, 7.0, None] * 2
    assert [waits(503, after=after) for after in (59.9, 60.0, None, 0.0)] == [59.9, None, None, 0.0]
    assert {status: waits(status) for status in (400, 401, 404, 410, 500, 502)} == dict.fromkeys(
        (400, 401, 404, 410, 500, 502)
    )
    assert waits(409, 503, 409, after=1.0) == 10.0


def test_the_doors_only_5xx_is_tried_again_and_every_refusal_of_the_door_is_not():
    assert zendesk_wait([Attempt("", 503, "", 30.0)]) == 30.0
    assert {status: zendesk_wait([Attempt("", status)]) for status in (400, 401, 404, 413)} == dict.fromkeys(
        (400, 401, 404, 413)
    )
    assert [freshdesk_wait([Attempt("", 503, "", 30.0)] * n) for n in (1, 2, 3, 4)] == [300.0, 1800.0, 3600.0, None]


def test_a_sender_that_is_closed_sends_nothing_more_and_its_thread_ends():
    sender = Sender(senders=0)
    sender.close()
    assert (sender._next(), sender.idle()) == (None, True)


# What goes wrong on purpose


def test_a_fault_looks_at_the_call_or_not_as_its_kind_says_unless_it_is_told():
    made: dict[tuple[str, bool | None], int] = {}
    for kind in faults.PLAYS:
        for apply in (None, True, False):
            looked: list[int] = []
            fault = Fault(kind, apply=apply)
            fault.released.set()
            play(fault, lambda looked=looked: (looked.append(1), DeskAnswer(201, {"id": 1}))[1])
            made[kind, apply] = len(looked)
    by_itself = {"delay": 1, "drop": 1, "malformed": 1, "hook": 1}
    assert {kind: count for (kind, apply), count in made.items() if apply is None} == {
        kind: by_itself.get(kind, 0) for kind in faults.PLAYS
    }
    assert {count for (_, apply), count in made.items() if apply is True} == {1}
    assert {kind for (kind, apply), count in made.items() if apply is False and count} == {"hook"}


def test_half_a_document_is_never_a_whole_one():
    for body in ([], {}, [1], {"a": {"b": [1, 2]}}, "text", None):
        answer = play(Fault("malformed"), lambda body=body: DeskAnswer(200, body))
        with pytest.raises(ValueError, match=r"."):
            json.loads(answer.payload())


def test_faults_strike_in_the_order_in_which_they_were_added_and_only_where_they_match():
    coming = Faults()
    coming.add(Fault("status", desk="zendesk", method="put", path=r"/tickets/1\b", times=2, skip=1, name="first"))
    coming.add(Fault("status", path="tickets", name="second"))
    asked = [("zendesk", call("PUT", "/api/v2/tickets/1.json"))] * 2
    asked += [("zendesk", call("PUT", "/api/v2/tickets/12")), ("freshdesk", call("PUT", "/api/v2/tickets/1"))]
    asked += [("zendesk", call("PUT", "/api/v2/tickets/1"))] * 2
    struck = [coming.take(desk, one) for desk, one in asked]
    assert [fault and fault.name for fault in struck] == [None, "first", "second", None, "first", None]
    assert coming.coming == []


def test_a_race_is_due_at_the_nth_call_on_its_own_ticket_and_part():
    race = Race("zendesk", 1, "fetch", lambda: [], nth=2, part="comments")
    tried = [("zendesk", 1, "fetch", "/tickets/1"), ("zendesk", 1, "fetch", "/tickets/1/comments.json"),
             ("zendesk", 2, "fetch", "/tickets/2/comments"), ("freshdesk", 1, "fetch", "/tickets/1/comments"),
             ("zendesk", 1, "write", "/tickets/1/comments"), ("zendesk", 1, "fetch", "/tickets/1/comments"),
             ("zendesk", 1, "fetch", "/tickets/1/comments")]  # fmt: skip
    assert [race.due(*one) for one in tried] == [False, False, False, False, False, True, False]


# Memory


def test_a_stamp_is_out_of_date_unless_it_is_the_very_string(desk: Desk):
    ticket = opened(desk)
    now = store.stamp(ticket.updated_at)
    sent: list[tuple[dict[str, Any], bool]] = [
        ({}, False), ({"updated_stamp": "old"}, False), ({"safe_update": True, "updated_stamp": now}, False),
        ({"safe_update": False, "updated_stamp": now}, False), ({"safe_update": True}, True), ({"safe_update": False}, True),
        ({"safe_update": True, "updated_stamp": now.replace("Z", "+00:00")}, True),
        ({"safe_update": True, "updated_stamp": now[:10]}, True),
    ]  # fmt: skip
    assert [outdated(ticket, one) for one, _ in sent] == [expected for _, expected in sent]


def test_who_leads_a_ticket_is_told_by_order_and_not_by_the_clock(desk: Desk):
    ticket = opened(desk)
    led = [store.led_by_human(ticket)]
    for sent in ({"as": "agent", "public": False}, {"as": "auto"}, {"as": "third_party"}, {"as": "rule"}, {"as": "agent"},
                 {"as": "customer", "public": False}, {"as": "customer"}):  # fmt: skip
        people_actions.say(desk, ticket, {"body": "x", **sent})
        led.append(store.led_by_human(ticket))
    for field in (
        {"assignee": KLARK_ID},
        {"assignee": "agent"},
        {"assignee": None},
        {"actor_id": KLARK_ID, "assignee": 9003},
    ):
        people_actions.change(desk, ticket, field)
        led.append(store.led_by_human(ticket))
    assert led == [False, True, True, False, False, True, True, False, False, True, True, True]


def test_what_an_update_does_stands_in_one_audit_and_in_changes_in_order(desk: Desk):
    ticket = opened(desk)
    changes = store.update(desk, ticket, desk.users[AGENT_ID], comment=NewComment("<p>x</p>", public=True, by="agent"),
                           fields={"status": "open", "priority": None, "tags": ["a"]}, custom={"klark": "7"})  # fmt: skip
    audit = ticket.audits[-1]
    assert [(one.kind, one.position, one.before, one.after) for one in changes] == [
        ("comment_added", 1, None, None), ("status_changed", 2, "new", "open"), ("tags_changed", 3, [], ["a"]),
    ]  # fmt: skip
    assert ([event["type"] for event in audit.events], audit.custom) == (
        ["Comment", "Change", "Change"],
        {"klark": "7"},
    )
    assert {one.audit_id for one in changes} == {audit.id, ticket.comments[-1].audit_id}
    assert ticket.n == ticket.comments[-1].n == max(t.n for t in desk.tickets.values())


def test_a_person_is_known_by_the_address_and_made_once(desk: Desk):
    first = store.person(desk, "", "Ada.L@example.org")
    assert (first.name, first.role, first.id) == (
        "Ada.L",
        "end-user",
        store.person(desk, "Ada", "ada.l@EXAMPLE.org").id,
    )
    nameless = [store.person(desk, "", "").id for _ in range(2)]
    assert len(set(nameless)) == 2
    assert store.person(desk, "x", "klark@example.com").id == KLARK_ID


def test_plain_text_becomes_html_with_nothing_interpreted():
    made = {"a\nb\n\nc": "<p>a<br>b</p><p>c</p>", "1 < 2 & <b>": "<p>1 &lt; 2 &amp; &lt;b&gt;</p>", "": "<p></p>"}
    assert {text: store.to_html(text) for text in made} == made
    assert store.to_text("<p>a<br>b</p><p>1 &lt; 2</p>").split() == ["a", "b", "1", "<", "2"]


def test_a_journal_keeps_what_was_sent_whatever_it_is():
    journal = Journal()
    kept = [journal.open("zendesk", "PUT", "/x", 1, raw).body for raw in (b'{"a": 1}', b"", b"no json", b"\xff")]
    assert kept == [{"a": 1}, None, "no json", "\ufffd"]
    assert [write["n"] for write in journal.as_json()] == [1, 2, 3, 4]


def test_articles_whose_ids_are_words_share_a_number_and_keep_their_word_as_a_label(desk: Desk):
    rows = [{"id": "delivery", "title": "D", "lang": "EN"}, {"id": "delivery", "title": "L", "language": "fr"},
            {"id": "7", "title": "S", "labels": ["x"], "updated": "2026-10-01T08:00:00.5+02:00"},
            {"id": 7, "title": "S2"}]  # fmt: skip
    numbers = people_actions.load_articles(desk, rows)
    assert (numbers[0] == numbers[1], numbers[2:]) == (True, [7, 7])
    assert {key[1]: article.labels for key, article in desk.articles.items() if key[0] == numbers[0]} == {
        "en": ["delivery"], "fr": ["delivery"],
    }  # fmt: skip
    assert (desk.articles[7, "en-us"].title, desk.articles[7, "en-us"].labels) == ("S2", [])
    changed = people_actions.change_article(desk, numbers[0], {"title": "N"})
    assert (changed, people_actions.drop_article(desk, numbers[0])) == (2, 2)
    assert (people_actions.change_article(desk, 7, {"language": "de"}), people_actions.drop_article(desk, 99)) == (0, 0)


def test_ids_start_where_they_are_told_and_a_reset_starts_them_anew():
    world = World(Sender(senders=0))
    desk = world.desks["zendesk"]
    desk.ticket_ids = itertools.count(40)
    assert (opened(desk).id, opened(desk).id) == (40, 41)
    world.reset()
    assert opened(world.desks["zendesk"]).id == 1
    assert {user.role for user in world.desks["zendesk"].users.values() if user.id != SYSTEM_ID} == {
        "admin",
        "agent",
        "end-user",
    }


def test_the_process_tells_its_port_first_numbers_tickets_as_asked_and_closes_behind_itself(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    class Server:
        world = World(Sender(senders=0))
        server_address = ("127.0.0.1", 4711)
        closed = False

        def serve_forever(self) -> None:
            raise KeyboardInterrupt

        def __enter__(self) -> None:
            """As socketserver's."""

        def __exit__(self, *_: object) -> None:
            self.closed = True

    made: list[tuple[Any, ...]] = []
    server = Server()
    monkeypatch.setattr(program, "make", lambda *asked: made.append(asked) or server)
    monkeypatch.setattr(serving.signal, "signal", lambda *asked: None)
    monkeypatch.setattr(sys, "argv", ["sandbox", "--port", "0", "--senders", "3", "--first-id", "900"])
    assert program.main() == 0
    out, err = capsys.readouterr()
    assert (json.loads(out), made, server.closed) == ({"port": 4711}, [("127.0.0.1", 0, 3)], True)
    assert [opened(desk).id for desk in server.world.desks.values()] == [900, 900]
    assert all(word in err for word in ("sandbox-token", "sandbox-oauth", "sandbox-key", "/_sandbox/"))
