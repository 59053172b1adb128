"""What is Zendesk's own: signatures, event envelopes, stamps of whole seconds, cursors, and zenpy's traps."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from integrations.errors import BadPayload, BadSignature, Gone, Refused, TryLater, Unsure
from integrations.helpdesks.base import Arrival, Person, TicketEvent
from integrations.helpdesks.untrusted_input import moment
from integrations.helpdesks.zendesk import shapes as zendesk_shapes
from integrations.helpdesks.zendesk.client import Zendesk, authorization
from integrations.helpdesks.zendesk.limits import pools_of_update

from .desks import NOW, PAYLOADS, REPLY, ZENDESK, Reply, payload, published, stub

SECRET = "klark-signing-secret"
BODY = (PAYLOADS / "zendesk_event_comment_added.json").read_bytes()
STAMP = "2026-10-05T09:29:00Z"
TICKET = "/api/v2/tickets/4711.json"
INCREMENTAL = ("GET", "/api/v2/incremental/tickets/cursor.json")
COMMENTS = "/api/v2/tickets/4711/comments.json"


def _signed(body=BODY, secret=SECRET, stamp=STAMP, order="{stamp}{body}"):
    signed = stamp.encode() + body if order == "{stamp}{body}" else body + stamp.encode()
    signature = base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256)).decode()
    return {"x-zendesk-webhook-signature": signature, "x-zendesk-webhook-signature-timestamp": stamp}


@pytest.fixture
def waits(monkeypatch):
    slept = []
    monkeypatch.setattr("integrations.helpdesks.zendesk.client.sleep", slept.append)
    return slept


# --- the signature


def test_a_signed_body_is_proven():
    assert Zendesk.verify(BODY, _signed(), [SECRET], NOW) == Arrival(late=False)


def test_an_empty_body_can_be_signed_too():
    assert Zendesk.verify(b"", _signed(body=b""), [SECRET], NOW) == Arrival(late=False)


def test_any_of_several_secrets_proves_it_so_they_can_be_rotated():
    assert Zendesk.verify(BODY, _signed(), ["new", SECRET], NOW) == Arrival(late=False)
    assert Zendesk.verify(BODY, _signed(), [SECRET, "new"], NOW) == Arrival(late=False)


@pytest.mark.parametrize(
    ("stamp", "late"),
    [
        ("2026-10-05T09:25:00Z", False),
        ("2026-10-05T09:24:59Z", True),
        ("2026-10-05T09:35:00Z", False),
        ("2026-10-05T09:35:01Z", True),
        ("2026-10-05T11:29:00.123456789+02:00", False),
        ("2026-10-05T09:29:00", False),
        ("1234", True),
        (str(int(NOW.timestamp())), False),
    ],
)
def test_an_old_or_future_timestamp_is_marked_late_not_refused(stamp, late):
    assert Zendesk.verify(BODY, _signed(stamp=stamp), [SECRET], NOW) == Arrival(late=late)


@pytest.mark.parametrize("stamp", ["", "yesterday", "2026-13-45T99:00:00Z", "١٢٣٤", "9" * 30, "-5", "é"])
def test_a_timestamp_that_is_no_time_proves_nothing(stamp):
    with pytest.raises(BadSignature):
        Zendesk.verify(BODY, _signed(stamp=stamp), [SECRET], NOW)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-zendesk-webhook-signature": _signed()["x-zendesk-webhook-signature"]},
        {"x-zendesk-webhook-signature-timestamp": STAMP},
        {**_signed(), "x-zendesk-webhook-signature": ""},
        {**_signed(), "x-zendesk-webhook-signature": "é\ud800" * 9},
        {**_signed(), "x-zendesk-webhook-signature-timestamp": "2026-10-05T09:29:01Z"},
        _signed(body=BODY + b" "),
        _signed(secret="another"),
        _signed(order="{body}{stamp}"),
    ],
    ids=[
        "none",
        "no timestamp",
        "no signature",
        "empty",
        "not ascii",
        "other time",
        "other body",
        "other key",
        "order",
    ],
)
def test_anything_else_proves_nothing(headers):
    with pytest.raises(BadSignature):
        Zendesk.verify(BODY, headers, [SECRET], NOW)


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nobody_is_believed(secrets):
    with pytest.raises(BadSignature):
        Zendesk.verify(BODY, _signed(secret=""), secrets, NOW)


# --- the body


def test_an_event_names_its_ticket_and_its_own_key():
    assert Zendesk.parse(BODY, {"x-zendesk-webhook-invocation-id": "01H"}) == TicketEvent(
        "4711", "0b6f3c0e-8f3b-4e0f-9f51-2b3a8e9f7a11", "zen:event-type:ticket.comment_added",
        actor_id="9001", comment_id="81009",
    )  # fmt: skip


def test_an_event_about_a_user_is_not_for_us():
    assert Zendesk.parse((PAYLOADS / "zendesk_event_user_created.json").read_bytes(), {}) is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"ticket_id": "4711"}',
        b'{"ticket_id": 4711}',
        b'\xef\xbb\xbf{"ticket_id": "4711"}',
        b'{"ticket": {"id": "4711"}}',
        (PAYLOADS / "zendesk_trigger.json").read_bytes(),
    ],
)
def test_a_triggers_body_names_the_ticket_and_its_header_the_key(body):
    event = Zendesk.parse(body, {"x-zendesk-webhook-invocation-id": "01HX"})
    assert (event.ticket_id, event.key) == ("4711", "01HX")


@pytest.mark.parametrize("body", [
    '{"ticket_id":"5","subject":"hi","ticket_id":"999"}', '{"ticket_id":"5","ticketId":"999"}',
    '{"ticket":{"id":5},"subject":"hi","ticket":{"id":999},"ticket_id":"999"}',
    '{"ticket_id":"5","subject":"zen:ticket:999","type":"x","zendesk_event_version":"1","id":"q"}',
    '{"ticket":{"id":"5"},"subject":"zen:ticket:999","type":"x","zendesk_event_version":"1"}',
])  # fmt: skip
def test_a_customer_who_writes_a_second_id_into_a_triggers_body_chooses_nothing(body):
    with pytest.raises(BadPayload):
        Zendesk.parse(body.encode(), {})


def test_without_an_invocation_id_a_trigger_has_no_key():
    assert Zendesk.parse(b'{"ticket_id": "4711"}', {}).key == ""


def test_a_body_about_no_ticket_is_not_for_us():
    assert Zendesk.parse(b'{"hello": "world"}', {}) is None


HOSTILE = {
    "empty": b"",
    "blank": b"   ",
    "not utf-8": b'{"ticket_id": "\xff"}',
    "utf-16": '{"ticket_id": "4711"}'.encode("utf-16"),
    "nul": b'{"ticket_id": "47\x0011"}',
    "escaped nul": b'{"ticket_id": "47\\u000011"}',
    "lone surrogate": b'{"ticket_id": "\\ud800"}',
    "nan": b'{"ticket_id": NaN}',
    "infinity": b'{"ticket_id": 4711, "x": -Infinity}',
    "huge integer": b'{"ticket_id": ' + b"9" * 5000 + b"}",
    "21 digits": b'{"ticket_id": "' + b"9" * 21 + b'"}',
    "deep lists": b"[" * 10_000,
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "list": b'[{"ticket_id": 4711}]',
    "text": b'"4711"',
    "null": b"null",
    "placeholder": b'{"ticket_id": "{{ticket.id}}"}',
    "path": b'{"ticket_id": "4711/../1"}',
    "negative": b'{"ticket_id": -4711}',
    "true": b'{"ticket_id": true}',
    "float": b'{"ticket_id": 4711.0}',
    "arabic digits": '{"ticket_id": "٤٧١١"}'.encode(),
    "object": b'{"ticket_id": {"id": 4711}}',
    "subject without an id": b'{"subject": "zen:ticket:", "type": "x", "zendesk_event_version": "1"}',
    "subject with a path": b'{"subject": "zen:ticket:1/2", "type": "x", "zendesk_event_version": "1"}',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_a_bad_payload_and_nothing_worse(body):
    with pytest.raises(BadPayload):
        Zendesk.parse(body, {})


def test_a_key_that_no_database_could_keep_is_no_key():
    body = json.loads(BODY) | {"id": "a\x00b\ud800", "type": "x" * 300}
    told = Zendesk.parse(json.dumps(body).encode(), {})
    assert told and (told.ticket_id, told.key, told.kind) == ("4711", "", "")
    assert Zendesk.parse(b'{"ticket_id": 1}', {"x-zendesk-webhook-invocation-id": "\x00"}).key == ""


# --- reading


def test_the_stamp_is_the_string_that_came():
    assert ZENDESK.open().fetch("4711").stamp == "2026-10-05T09:03:11Z"


def test_markers_robots_and_third_parties_are_told_apart():
    comments = {comment.id: comment for comment in ZENDESK.open().fetch("4711").comments}
    assert [comments[key].marker for key in ("81001", "81005")] == [None, "delivery-17"]
    assert {key: comment.automatic for key, comment in comments.items() if comment.automatic} == {"81007": True}
    assert {key for key, comment in comments.items() if comment.from_customer} == {"81001", "81009"}


def test_what_a_rule_writes_in_the_customers_name_is_not_the_customer_writing():
    page = payload("zendesk_comments.json")
    page["comments"][1]["via"] = {"channel": "rule", "source": {"rel": "trigger"}}
    first = ZENDESK.open({("GET", COMMENTS): Reply(page)}).fetch("4711").comments[0]
    assert (first.author.role, first.automatic, first.from_customer) == ("customer", True, False)


def test_a_follower_is_not_in_copy_but_an_old_accounts_collaborator_is():
    ticket = payload("zendesk_ticket.json")["ticket"]
    old = ticket | {"email_cc_ids": [], "follower_ids": [], "collaborator_ids": [9001, 9002]}
    read = zendesk_shapes.ticket(old, {}, [], "")
    assert [person.id for person in read.cc] == ["9002"]
    assert [person.id for person in ZENDESK.open().fetch("4711").cc] == ["9002"]


def test_custom_fields_have_their_own_types_and_empty_ones_are_left_out():
    assert ZENDESK.open().fetch("4711").custom_fields == {"7001": "FR-20881", "7002": ("dented", "wet"), "7004": True}


def test_unknown_words_become_none_and_the_raw_ticket_is_kept():
    strange = payload("zendesk_ticket.json")
    strange["ticket"] |= {"status": "Parked", "priority": "Meh", "via": {"channel": "pigeon"}}
    ticket = ZENDESK.open({("GET", TICKET): Reply(strange)}).fetch("4711")
    assert (ticket.status, ticket.priority, ticket.channel, ticket.raw["status"]) == (None, None, None, "Parked")


@pytest.mark.parametrize("absent", ["status", "priority", "via", "tags", "custom_fields", "updated_at", "requester_id"])
def test_an_absent_field_breaks_nothing(absent):
    less = payload("zendesk_ticket.json")
    del less["ticket"][absent]
    assert ZENDESK.open({("GET", TICKET): Reply(less)}).fetch("4711").id == "4711"


@pytest.mark.parametrize(
    ("via", "parent"),
    [
        ({"channel": "web", "source": {"from": {"ticket_id": 4000}, "rel": "follow_up"}}, "4000"),
        ({"channel": "email", "source": {"from": {}, "rel": None}}, None),
        ({"channel": "email"}, None),
    ],
)
def test_a_follow_up_knows_its_parent(via, parent):
    follow = payload("zendesk_ticket.json")
    follow["ticket"]["via"] = via
    assert ZENDESK.open({("GET", TICKET): Reply(follow)}).fetch("4711").parent_id == parent


def test_a_merged_ticket_stays_closed_and_keeps_its_tag():
    merged = payload("zendesk_ticket.json")
    merged["ticket"] |= {"status": "closed", "tags": ["closed_by_merge"]}
    ticket = ZENDESK.open({("GET", TICKET): Reply(merged)}).fetch("4711")
    assert (ticket.status, ticket.tags) == ("closed", ("closed_by_merge",))


def test_a_deleted_ticket_is_gone():
    deleted = payload("zendesk_ticket.json")
    deleted["ticket"]["status"] = "deleted"
    with pytest.raises(Gone, match="deleted"):
        ZENDESK.open({("GET", TICKET): Reply(deleted)}).fetch("4711")


def test_an_agent_who_asks_is_no_customer():
    internal = payload("zendesk_comments.json")
    for user in internal["users"]:
        user["role"] = "admin"
    ticket = ZENDESK.open({("GET", COMMENTS): Reply(internal)}).fetch("4711")
    assert ticket.last_from_customer() is None


def test_where_no_role_is_told_whoever_asked_is_the_customer():
    bare = {key: value for key, value in payload("zendesk_comments.json").items() if key != "users"}
    plain = {"ticket": payload("zendesk_ticket.json")["ticket"]}
    ticket = ZENDESK.open({("GET", COMMENTS): Reply(bare), ("GET", TICKET): Reply(plain)}).fetch("4711")
    assert [comment.id for comment in ticket.comments if comment.from_customer] == ["81001"]
    assert ticket.requester == Person("9001")


def test_all_pages_of_comments_are_read_and_their_users_kept():
    page = payload("zendesk_comments.json")
    first = page | {
        "comments": page["comments"][:2],
        "users": page["users"][:1],
        "meta": {"has_more": True, "after_cursor": "c+/="},
    }
    second = page | {"comments": page["comments"][2:], "users": page["users"][1:]}
    helpdesk = ZENDESK.open({("GET", COMMENTS): [Reply(first), Reply(second)]})
    ticket = helpdesk.fetch("4711")
    assert [comment.id for comment in ticket.comments] == ["81001", "81003", "81005", "81007", "81009"]
    assert stub(helpdesk).queries(COMMENTS) == [
        {"page[size]": "100", "include": "users"},
        {"page[size]": "100", "page[after]": "c+/=", "include": "users"},
    ]


def test_pages_by_number_are_followed_where_there_is_no_cursor():
    page = payload("zendesk_comments.json")
    first = {"comments": page["comments"][:2], "users": page["users"], "next_page": "https://elsewhere.example/2"}
    second = {"comments": page["comments"][2:], "users": page["users"], "next_page": None}
    helpdesk = ZENDESK.open({("GET", COMMENTS): [Reply(first), Reply(second)]})
    assert len(helpdesk.fetch("4711").comments) == 5
    assert stub(helpdesk).queries(COMMENTS)[1] == {"per_page": "100", "page": "2", "include": "users"}


def test_five_thousand_comments_are_read_and_an_endless_list_is_not():
    page = payload("zendesk_comments.json")
    comment = page["comments"][1]
    pages = [
        Reply(
            {
                "comments": [comment | {"id": n * 100 + i} for i in range(100)],
                "meta": {"has_more": n < 49, "after_cursor": "c"},
            }
        )
        for n in range(50)
    ]
    assert len(ZENDESK.open({("GET", COMMENTS): pages}).fetch("4711").comments) == 5000
    endless = Reply({"comments": [comment], "meta": {"has_more": True, "after_cursor": "c"}})
    with pytest.raises(TryLater, match="does not end"):
        ZENDESK.open({("GET", COMMENTS): endless}).fetch("4711")


def test_an_answer_without_the_comments_is_not_a_ticket_without_comments():
    with pytest.raises(TryLater, match="without the comments"):
        ZENDESK.open({("GET", COMMENTS): Reply({"count": 0})}).fetch("4711")


@pytest.mark.parametrize(
    ("dates", "readings"),
    [
        (["Mon, 05 Oct 2026 09:03:12 GMT"], 1),
        (["Mon, 05 Oct 2026 09:03:11 GMT", "Mon, 05 Oct 2026 09:03:12 GMT"], 2),
        (["not a date"], 1),
    ],
)
def test_a_stamp_of_this_very_second_is_read_again_a_second_later(waits, dates, readings):
    """Whoever writes later in the same second leaves the same stamp, and `safe_update` would not see him."""
    ticket = payload("zendesk_ticket.json")
    helpdesk = ZENDESK.open({("GET", TICKET): [Reply(ticket, headers={"Date": date}) for date in dates]})
    helpdesk.fetch("4711")
    order = [request.url.split("?")[0].rpartition("/")[2] for request in stub(helpdesk).sent]
    assert order == ["4711.json"] * readings + ["comments.json"]
    assert waits == [1.1] * (readings - 1)


def test_a_ticket_that_never_rests_is_left_for_later(waits):
    ticket = payload("zendesk_ticket.json")
    helpdesk = ZENDESK.open({("GET", TICKET): Reply(ticket, headers={"Date": "Mon, 05 Oct 2026 09:03:11 GMT"})})
    with pytest.raises(TryLater, match="being changed"):
        helpdesk.fetch("4711")
    assert len(waits) == 4


# --- writing


def test_one_conditional_update_carries_everything():
    helpdesk = ZENDESK.open()
    full = replace(
        REPLY,
        tags=("klark",),
        group_id="6002",
        assignee_id="9004",
        status="pending",
        priority="urgent",
        custom_fields={"7001": "FR-1"},
    )
    helpdesk.write(helpdesk.fetch("4711"), full)
    assert stub(helpdesk).writes() == [
        (
            "PUT",
            TICKET,
            {
                "ticket": {
                    "id": 4711,
                    "comment": {"html_body": "<p>Sorry!</p>", "public": True},
                    "metadata": {"klark": "delivery-18"},
                    "safe_update": True,
                    "updated_stamp": "2026-10-05T09:03:11Z",
                    "tags": ["damaged", "klark", "parcel"],
                    "group_id": 6002,
                    "assignee_id": 9004,
                    "status": "pending",
                    "priority": "urgent",
                    "custom_fields": [{"id": 7001, "value": "FR-1"}],
                }
            },
        )
    ]


def test_each_update_counts_in_its_tickets_pool_and_in_the_accounts_own_for_updates():
    counted = []
    answers = [Reply({"error": "RecordInvalid"}, 422), Reply(payload("zendesk_updated.json"))]
    helpdesk = ZENDESK.open({ZENDESK.write: answers}, permit_in=lambda *pools: counted.extend(pools))
    helpdesk.write(helpdesk.fetch("4711"), replace(REPLY, status="solved"))
    assert [(pool.most, pool.seconds) for pool in pools_of_update(4711)] == [(30, 600.0), (100, 60.0)]
    assert counted == [*pools_of_update(4711)] * 2


def test_a_closed_ticket_is_refused_without_asking():
    helpdesk = ZENDESK.open()
    closed = replace(helpdesk.fetch("4711"), status="closed")
    with pytest.raises(Refused, match="follow-up"):
        helpdesk.write(closed, REPLY)
    assert stub(helpdesk).writes() == []


@pytest.mark.parametrize("shown", [{"ticket": {"id": 4711}}, {"ticket": {"id": 4711}, "audit": {"events": []}}])
def test_an_update_whose_answer_shows_no_comment_has_no_id(shown):
    helpdesk = ZENDESK.open({ZENDESK.write: Reply(shown)})
    assert helpdesk.write(helpdesk.fetch("4711"), REPLY) == ""


@pytest.mark.parametrize(
    "strange", [{}, {"foo": 1}, {"ticket": None}, {"ticket": [1]}, {"tickets": [1]}, {"job_status": 1}]
)
def test_an_answer_to_an_update_that_shows_no_ticket_is_unsure(strange):
    """zenpy hands out a bare answer, breaks, or gives something else, each time as if that were the update."""
    helpdesk = ZENDESK.open({ZENDESK.write: Reply(strange)})
    ticket = helpdesk.fetch("4711")
    with pytest.raises(Unsure):
        helpdesk.write(ticket, REPLY)
    assert len(stub(helpdesk).writes()) == 1


@pytest.mark.parametrize(
    "strange", [{}, {"foo": 1}, {"tickets": [1]}, {"tickets": None}, {"tickets": []}, {"user": [1]}, {"user": {}}]
)
def test_a_strange_answer_to_a_read_is_read_again_later_or_refused(strange):
    helpdesk = ZENDESK.open({ZENDESK.me: Reply(strange), INCREMENTAL: Reply(strange), ZENDESK.read: Reply(strange)})
    for ask in (helpdesk.whoami, lambda: helpdesk.changes(""), lambda: helpdesk.fetch("4711")):
        with pytest.raises((TryLater, Refused)):
            ask()


def test_the_same_write_may_be_sent_again_under_its_stamp():
    assert Zendesk.safe_resend is True


def test_find_goes_by_the_marker_alone_on_the_comments_and_then_in_the_audits():
    ticket = ZENDESK.open().fetch("4711")
    helpdesk = ZENDESK.open()
    assert helpdesk.find(ticket, replace(REPLY, marker="delivery-17"), NOW) == "81005"
    assert helpdesk.find(ticket, replace(REPLY, marker="delivery-1"), NOW) is None
    assert helpdesk.find(ticket, replace(REPLY, marker="delivery-19"), NOW) == "81021"
    audits = "/api/v2/tickets/4711/audits.json"
    assert [urlsplit(request.url).path for request in stub(helpdesk).sent] == [audits, audits]


# --- the rest


@pytest.mark.parametrize(
    ("token", "header"),
    [("oauth:abc", "Bearer abc"), ("klark@example.test/token:k", "Basic a2xhcmtAZXhhbXBsZS50ZXN0L3Rva2VuOms=")],
)
def test_a_token_becomes_a_header(token, header):
    assert authorization(token) == header


def test_credentials_that_zendesk_does_not_know_answer_as_anonymous():
    with pytest.raises(Refused, match="anonymous"):
        ZENDESK.open({ZENDESK.me: Reply({"user": {"name": "Anonymous user"}})}).whoami()


def test_a_catch_up_starts_at_a_time_and_goes_on_by_cursor():
    helpdesk = ZENDESK.open()
    first = helpdesk.changes("2026-10-05T09:00:00Z")
    second = helpdesk.changes(first.cursor)
    assert [event.ticket_id for event in first.events] == ["4711", "4712"]
    assert (first.more, first.cursor == second.cursor) == (True, True)
    assert stub(helpdesk).queries("/api/v2/incremental/tickets/cursor.json") == [
        {"per_page": "100", "start_time": str(int(moment("2026-10-05T09:00:00Z").timestamp()))},
        {"per_page": "100", "cursor": "MTc5+MQ=="},
    ]


IN_AN_HOUR = (datetime.now(UTC) + timedelta(hours=1)).isoformat()


@pytest.mark.parametrize("cursor", ["", IN_AN_HOUR, "nonsense"], ids=["none", "in an hour", "nonsense"])
def test_a_catch_up_never_starts_within_the_last_minute(cursor):
    helpdesk = ZENDESK.open()
    helpdesk.changes(cursor)
    (asked,) = stub(helpdesk).queries("/api/v2/incremental/tickets/cursor.json")
    assert 60 < datetime.now(UTC).timestamp() - int(asked["start_time"]) < 120


def test_the_end_of_the_stream_keeps_the_cursor():
    end = payload("zendesk_incremental.json") | {"tickets": [], "end_of_stream": True, "after_cursor": "abc"}
    changes = ZENDESK.open({("GET", "/api/v2/incremental/tickets/cursor.json"): Reply(end)}).changes("after:xyz")
    assert (changes.events, changes.cursor, changes.more) == ((), "after:abc", False)


def test_articles_come_by_locale_with_their_language():
    other = payload("zendesk_articles.json")
    other["articles"] = [other["articles"][0] | {"locale": "fr", "title": "Retours"}]
    helpdesk = ZENDESK.open(
        {
            ("GET", "/api/v2/help_center/locales.json"): Reply({"locales": ["en-us", "fr", "../x"]}),
            ("GET", "/api/v2/help_center/fr/articles.json"): Reply(other),
        }
    )
    assert [(article.id, article.language) for article in published(helpdesk)] == [
        ("301:en-us", "en-us"),
        ("301:fr", "fr"),
    ]


def test_zenpy_can_be_pointed_nowhere_else(monkeypatch):
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", "elsewhere.example")
    helpdesk = ZENDESK.open()
    with pytest.raises(Refused, match="pointed away"):
        helpdesk.whoami()
    assert stub(helpdesk).sent == []
