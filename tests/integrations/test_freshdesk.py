"""What is Freshdesk's own: a shared secret, bodies that admins typed, two writes, no marker, and paging by time."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
import requests

from integrations.errors import BadPayload, BadSignature, Gone, Refused, TryLater, Unsure
from integrations.helpdesks.base import Arrival, Attachment, Person, TicketEvent
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.helpdesks.freshdesk.own_words import letters
from integrations.helpdesks.text import html_to_text

from .desks import FRESHDESK, NOTE, NOW, PAYLOADS, REPLY, Reply, payload, published, stub

SECRET = "klark-shared-secret"
TICKET = "/api/v2/tickets/4711"
CONVERSATIONS = f"{TICKET}/conversations"
FIELDS = ("PUT", TICKET)


def _basic(user, password):
    return {"authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


def _event(body, content_type="application/json"):
    return Freshdesk.parse(body, {"content-type": content_type})


# --- the secret


@pytest.mark.parametrize(
    "headers",
    [
        {"x-klark-secret": SECRET},
        _basic("klark", SECRET),
        _basic(SECRET, "X"),
        {**_basic("a", "b"), "x-klark-secret": SECRET},
    ],
    ids=["own header", "password", "user", "beside other credentials"],
)
def test_the_secret_proves_the_sender(headers):
    assert Freshdesk.verify(b"{}", headers, ["new", SECRET], NOW) == Arrival(late=False)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-klark-secret": ""},
        {"x-klark-secret": SECRET + " "},
        {"x-klark-secret": "é\ud800"},
        _basic("klark", "wrong"),
        {"authorization": f"Bearer {SECRET}"},
        {"authorization": "Basic ///"},
        {"authorization": "Basic " + base64.b64encode(b"\xff:\xff").decode()},
        {"authorization": "Basic"},
    ],
)
def test_anything_else_proves_nothing(headers):
    with pytest.raises(BadSignature):
        Freshdesk.verify(b"{}", headers, [SECRET], NOW)


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nobody_is_believed(secrets):
    with pytest.raises(BadSignature):
        Freshdesk.verify(b"{}", {"x-klark-secret": "", **_basic("", "")}, secrets, NOW)


# --- the body


@pytest.mark.parametrize(
    "body",
    [
        {"ticket_id": 4711},
        {"ticket_id": "4711", "id": "4711"},
        {"ticket_id": "4711", "id": "a-uuid"},
        {"freshdesk_webhook": {"ticket_id": 4711}},
        {"ticket": {"id": "4711"}},
        {"data": {"ticket": {"id": 4711}}},
        {"data": {"conversation": {"id": 9, "ticket_id": 4711}}},
        {"data": {"time_entry": {"id": 9, "ticket_id": 4711}}},
        {"ticket_url": "https://acme.freshdesk.com/a/tickets/4711"},
        {"ticket_id": "", "ticket_url": "https://acme.freshdesk.com/helpdesk/tickets/4711?x=1"},
        {"id": 4711},
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def test_a_ticket_is_found_where_admins_put_it(body):
    assert _event(json.dumps(body).encode()) == TicketEvent("4711")


def test_no_key_is_made_up_and_the_kind_is_kept():
    event = _event((PAYLOADS / "freshdesk_webhook.json").read_bytes())
    assert event == TicketEvent("4711", "", "{ticket_action:created}")


@pytest.mark.parametrize(
    "fields", [{"ticket_id": "4711", "subject": "Ünder & over"}, {"freshdesk_webhook[ticket_id]": "4711"}]
)
def test_a_form_is_read_too(fields):
    assert _event(urlencode(fields).encode(), "application/x-www-form-urlencoded; charset=utf-8").ticket_id == "4711"


@pytest.mark.parametrize(
    "body",
    [
        (PAYLOADS / "freshdesk_webhook_broken.txt").read_bytes(),
        b'{"ticket_id": 4711, "subject": "\xff\xfe"}',
        b'{"ticket_id": "4711", "subject": "\x00"}',
        b'{"ticket_id": 4711, "subject": NaN}',
        b'{"ticket_id":4711,"a":' * 10_000,
        b"ticket_id=4711&subject=x",
        b"<freshdesk-webhook><ticket_id>4711</ticket_id></freshdesk-webhook>",
    ],
    ids=["quotation marks", "bad utf-8", "nul", "nan", "deep", "form without its type", "xml"],
)
def test_what_a_placeholder_broke_still_names_its_ticket(body):
    assert _event(body) == TicketEvent("4711")


def test_a_customer_who_writes_a_second_id_into_a_broken_body_chooses_nothing():
    with pytest.raises(BadPayload, match="several"):
        _event(b'{"ticket_id": 4711, "subject": "My "ticket_id": 1 here"}')


# A customer's subject may add any of these to a rule's body: the first id is the rule's own.
TWINS = (
    '{"ticket_id":"5","subject":"hi","ticket_id":"999","x":""}',
    '{"ticket_id":"5","subject":"hi","ticket_id":"999","ticket_url":"https://a.freshdesk.com/a/tickets/999"}',
    '{"ticket":{"id":"5"},"subject":"hi","ticket":{"id":"999"},"ticket_id":"999"}',
    '{"id":5,"subject":"hi","freshdesk_webhook":{"ticket_id":"999"}}',
    '{"id":5,"subject":"hi","ticket_id":"999"}',
    '{"ticket_url":"https://a.freshdesk.com/a/tickets/5","subject":"a "quote" ticket_id=999"}',
    '{"ticket_url":"https:\\/\\/a.freshdesk.com\\/a\\/tickets\\/5","subject":"a "quote" ticket_id=999"}',
    '{"id":"5","subject":"a "quote" ticket_id=999"}',
    'ticket_id=5&subject=hi "quote"&ticket_id=999',
)
FORMS = ("ticket_id=5&subject=hi&ticket_id=999", "ticket_id=5&x[ticket_id]=999", "ticket_id=5&id=999")


@pytest.mark.parametrize("body", TWINS)
def test_where_a_body_names_two_tickets_none_is_taken(body):
    with pytest.raises(BadPayload, match="several"):
        _event(body.encode())


@pytest.mark.parametrize("body", FORMS)
def test_where_a_form_names_two_tickets_none_is_taken(body):
    with pytest.raises(BadPayload, match="several"):
        _event(body.encode(), "application/x-www-form-urlencoded")


@pytest.mark.parametrize("body", [
    '{"ticket_id":"5","subject":"hi","ticket_id":"5"}', '{"subject":"one","ticket_id":"5","subject":"two"}',
    '{"ticket_url":"https://a.freshdesk.com/a/tickets/5","subject":"a "quote" here"}',
    '{"id":"5","ticket_url":"https://a.freshdesk.com/a/tickets/5","subject":"a "quote" here"}',
])  # fmt: skip
def test_the_same_ticket_named_twice_is_one(body):
    assert _event(body.encode()).ticket_id == "5"


def test_the_same_field_of_a_form_twice_is_one():
    body = b"ticket_id=5&subject=a&subject=b&freshdesk_webhook[ticket_id]=5"
    assert _event(body, "application/x-www-form-urlencoded").ticket_id == "5"


HOSTILE = {
    "empty": b"",
    "not utf-8": b"\xff\xfe\xfd",
    "nul": b"\x00",
    "lone surrogate": b'{"ticket_id": "\\ud800"}',
    "huge integer": b'{"ticket_id": ' + b"9" * 5000 + b"}",
    "21 digits": b'{"ticket_id": "' + b"9" * 21 + b'"}',
    "broken 21 digits": b'{"ticket_id": ' + b"9" * 21,
    "broken hex": b'{"ticket_id": 4711abc',
    "deep": b"[" * 10_000,
    "list": b'[{"ticket_id": 4711}]',
    "text": b'"4711"',
    "placeholder": b'{"ticket_id": "{{ticket.id}}"}',
    "negative": b'{"ticket_id": -4711}',
    "path": b'{"ticket_id": "4711/.."}',
    "list of ids": b'{"ticket_id": [4711]}',
    "far away": b"x" * 70_000 + b'"ticket_id": 4711',
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_a_bad_payload_and_nothing_worse(body):
    with pytest.raises(BadPayload):
        _event(body)


def test_a_form_of_endless_fields_is_a_bad_payload():
    with pytest.raises(BadPayload):
        _event(b"&".join(b"a=1" for _ in range(1000)), "application/x-www-form-urlencoded")


@pytest.mark.parametrize(
    "body", [{}, {"hello": "world"}, {"ticket_id": None}, {"freshdesk_webhook": "x"}, {"data": []}]
)
def test_a_body_about_no_ticket_is_not_for_us(body):
    assert _event(json.dumps(body).encode()) is None


# --- reading


def test_the_description_is_the_first_comment_with_an_id_that_stays():
    first = FRESHDESK.open().fetch("4711").comments[0]
    assert (first.id, first.public, first.from_customer, first.attachments) == (
        "description",
        True,
        True,
        (Attachment("colis.jpg", "image/jpeg"),),
    )
    assert first.author == Person("9001", "Nadia Perrin", "nadia.perrin@example.com", "customer")


def test_an_outbound_mails_description_is_an_agents():
    ticket = FRESHDESK.open({("GET", TICKET): Reply(payload("freshdesk_ticket.json") | {"source": 10})}).fetch("4711")
    assert (ticket.comments[0].from_customer, ticket.comments[0].author.role, ticket.channel) == (
        False,
        "agent",
        "email",
    )


def test_a_third_partys_answer_and_a_survey_are_not_the_customer_writing():
    comments = {comment.id: comment for comment in FRESHDESK.open().fetch("4711").comments}
    assert (comments["81011"].from_customer, comments["81011"].author.role) == (False, None)
    assert (comments["81013"].from_customer, comments["81013"].automatic) == (False, True)
    assert comments["81009"].author == Person("9002", "Otto Lind", "otto.lind@example.com", "customer")


def test_klarks_own_words_are_never_the_customers():
    own = [{"id": 5, "body": "x", "incoming": True, "private": False, "user_id": 9009, "source": 0}]
    ticket = FRESHDESK.open({("GET", CONVERSATIONS): Reply(own)}).fetch("4711")
    assert ticket.comments[-1].from_customer is False


def test_freshdesk_has_no_stamp():
    assert FRESHDESK.open().fetch("4711").stamp == ""


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (2, "open"),
        (3, "pending"),
        (4, "solved"),
        (5, "closed"),
        (6, None),
        (7, None),
        ("2", "open"),
        ("x", None),
        (True, None),
    ],
)
def test_a_status_of_the_admins_own_is_unknown(status, word):
    changed = payload("freshdesk_ticket.json") | {"status": status}
    assert FRESHDESK.open({("GET", TICKET): Reply(changed)}).fetch("4711").status == word


def test_other_strange_values_break_nothing():
    strange = {
        "id": 4711,
        "tags": None,
        "cc_emails": "x",
        "custom_fields": [],
        "source": [1],
        "priority": {},
        "created_at": "?",
    }
    ticket = FRESHDESK.open({("GET", TICKET): Reply(strange)}).fetch("4711")
    assert (ticket.tags, ticket.cc, ticket.channel, ticket.priority, ticket.created_at) == ((), (), None, None, None)


@pytest.mark.parametrize("flag", ["deleted", "spam"])
def test_a_deleted_ticket_or_spam_is_gone(flag):
    with pytest.raises(Gone):
        FRESHDESK.open({("GET", TICKET): Reply(payload("freshdesk_ticket.json") | {flag: True})}).fetch("4711")


def test_all_pages_of_conversations_are_read():
    note = payload("freshdesk_conversations.json")[0]
    pages = [Reply([note | {"id": page * 100 + n} for n in range(100)]) for page in range(49)] + [Reply([])]
    helpdesk = FRESHDESK.open({("GET", CONVERSATIONS): pages})
    assert len(helpdesk.fetch("4711").comments) == 4901
    assert stub(helpdesk).queries(CONVERSATIONS)[-1] == {"per_page": "100", "page": "50"}


def test_an_object_where_the_list_is_due_is_not_an_empty_thread():
    with pytest.raises(TryLater, match="list"):
        FRESHDESK.open({("GET", CONVERSATIONS): Reply({"conversations": []})}).fetch("4711")


def test_including_the_requester_is_paid_for():
    asked = []
    FRESHDESK.open(permit=asked.append).fetch("4711")
    assert sum(asked) == 3


# --- writing


def test_a_reply_comes_first_and_its_fields_second():
    helpdesk = FRESHDESK.open()
    full = replace(
        REPLY,
        tags=("klark",),
        group_id="6002",
        assignee_id="9004",
        status="solved",
        priority="urgent",
        custom_fields={"cf_order": "FR-1"},
    )
    ticket = helpdesk.fetch("4711")
    assert helpdesk.write(ticket, full) == "82001"
    helpdesk.settle(ticket, full)
    assert stub(helpdesk).writes() == [
        ("POST", f"{TICKET}/reply", {"body": "<p>Sorry!</p>", "cc_emails": ["otto.lind@example.com"]}),
        (
            "PUT",
            TICKET,
            {
                "tags": ["damaged", "klark", "parcel"],
                "group_id": 6002,
                "responder_id": 9004,
                "status": 4,
                "priority": 4,
                "custom_fields": {"cf_order": "FR-1"},
            },
        ),
    ]


MAILBOXES = "/api/v2/email_configs"
LISTED = [
    {"id": 1, "reply_email": "support@example.test", "product_id": None, "primary_role": True, "active": True},
    {"id": 2, "reply_email": "returns@example.test", "product_id": None, "primary_role": False, "active": True},
    {"id": 3, "reply_email": "old@example.test", "product_id": None, "primary_role": False, "active": False},
    {"id": 4, "reply_email": "second@example.test", "product_id": 5002, "primary_role": False, "active": True},
    {"id": 5, "reply_email": "brand@example.test", "product_id": 5002, "primary_role": True, "active": True},
]
MAIL = {"id": 6, "body": "x", "incoming": True, "private": False, "user_id": 9001, "source": 0}


def _sent(ticket, conversations, mailboxes):
    """The address and the copies that a reply names, and how often the mailboxes were asked for."""
    told = {("GET", TICKET): Reply(payload("freshdesk_ticket.json") | ticket),
            ("GET", CONVERSATIONS): Reply(conversations), ("GET", MAILBOXES): mailboxes}  # fmt: skip
    helpdesk = FRESHDESK.open(told)
    helpdesk.write(helpdesk.fetch("4711"), REPLY)
    ((_, _, body),) = stub(helpdesk).writes()
    return body.get("from_email"), body.get("cc_emails"), len(stub(helpdesk).queries(MAILBOXES))


@pytest.mark.parametrize(
    ("ticket", "mailed", "mailboxes", "sender", "asked"),
    [
        ({"email_config_id": 2}, ["support@example.test"], Reply(LISTED), "returns@example.test", 1),
        ({"email_config_id": 2, "product_id": None}, [], Reply(LISTED), "returns@example.test", 1),
        ({"email_config_id": 3}, ["support@example.test"], Reply(LISTED), "support@example.test", 1),
        ({"email_config_id": 9}, [], Reply(LISTED), "brand@example.test", 1),
        ({"email_config_id": 9, "product_id": None}, [], Reply(LISTED), None, 1),
        ({}, ["returns@example.test", None], Reply(LISTED), "returns@example.test", 0),
        ({}, [], Reply(LISTED), "brand@example.test", 1),
        ({"product_id": None}, [], Reply(LISTED), None, 0),
        ({"email_config_id": 2}, ["support@example.test"], Reply({}, 403), "support@example.test", 1),
        ({"email_config_id": 2}, [], Reply({}, 404), None, 1),
    ],
    ids=["its mailbox", "no product", "a mailbox that is off", "a mailbox that is gone", "nothing else",
         "the last mail", "its product", "from nowhere", "not shown", "not there"],
)  # fmt: skip
def test_a_reply_goes_out_from_the_tickets_own_address(ticket, mailed, mailboxes, sender, asked):
    conversations = [MAIL | {"id": n, "support_email": address} for n, address in enumerate(mailed)]
    assert _sent(ticket, conversations, mailboxes)[::2] == (sender, asked)


@pytest.mark.parametrize(
    ("ticket", "copied"),
    [
        ({"reply_cc_emails": ["Otto Lind <otto.lind@example.com>", "NADIA.perrin@example.com"]},
         ["otto.lind@example.com"]),
        ({"reply_cc_emails": []}, None),
        ({"reply_cc_emails": None}, ["otto.lind@example.com"]),
        ({"reply_cc_emails": None, "cc_emails": None}, None),
    ],
    ids=["without the requester", "removed by an agent", "only those of the mail", "none"],
)  # fmt: skip
def test_a_reply_keeps_the_tickets_copies(ticket, copied):
    assert _sent({"product_id": None, **ticket}, [], Reply([]))[1] == copied


def test_while_the_mailboxes_cannot_be_asked_for_no_reply_goes_out_from_another_address():
    with pytest.raises(TryLater):
        _sent({"email_config_id": 2}, [], Reply({}, 503))


def test_a_note_is_private_whatever_the_default_is():
    helpdesk = FRESHDESK.open()
    helpdesk.write(helpdesk.fetch("4711"), NOTE)
    assert stub(helpdesk).writes() == [("POST", f"{TICKET}/notes", {"body": "<p>Sorry!</p>", "private": True})]


def test_a_write_alone_sets_no_field():
    helpdesk = FRESHDESK.open()
    helpdesk.write(helpdesk.fetch("4711"), replace(REPLY, tags=("klark",)))
    assert [method for method, _, _ in stub(helpdesk).writes()] == ["POST"]


def test_nothing_to_settle_sends_nothing():
    helpdesk = FRESHDESK.open()
    helpdesk.settle(helpdesk.fetch("4711"), REPLY)
    assert stub(helpdesk).writes() == []


def test_after_a_reply_that_is_unsure_no_field_is_touched():
    helpdesk = FRESHDESK.open({FRESHDESK.write: requests.ReadTimeout("dropped")})
    ticket = helpdesk.fetch("4711")
    with pytest.raises(Unsure):
        helpdesk.write(ticket, replace(REPLY, tags=("klark",)))
    assert [method for method, _, _ in stub(helpdesk).writes()] == ["POST"]


@pytest.mark.parametrize(
    "body",
    [{"success": False, "error": "locked"}, {}, {"id": None}, {"id": "?"}, {"id": True}, {"ticket": {"id": 4711}},
     {"success": False, "message": "x", "status": 422}],
    ids=lambda body: "-".join(body) or "empty",
)  # fmt: skip
def test_an_answer_that_shows_no_conversation_is_not_believed_to_be_a_write(body):
    helpdesk = FRESHDESK.open({FRESHDESK.write: Reply(body, 201)})
    ticket = helpdesk.fetch("4711")
    with pytest.raises(Unsure, match="shows no conversation"):
        helpdesk.write(ticket, REPLY)


def test_an_id_in_quotation_marks_is_the_conversations():
    helpdesk = FRESHDESK.open({FRESHDESK.write: Reply({"id": "82001"}, 201)})
    assert helpdesk.write(helpdesk.fetch("4711"), REPLY) == "82001"


def test_a_write_is_never_sent_again():
    assert Freshdesk.safe_resend is False


# --- finding what was written

BEGUN = datetime(2026, 10, 5, 9, 2, tzinfo=UTC)
TEXT = "We are looking into it."
WRITTEN = replace(REPLY, html=f"<p>{TEXT}</p>", text=TEXT)


@pytest.mark.parametrize(
    ("write", "since", "found"),
    [
        (WRITTEN, BEGUN, "81005"),
        (WRITTEN, BEGUN + timedelta(seconds=60), "81005"),
        (WRITTEN, BEGUN + timedelta(seconds=61), None),
        (replace(WRITTEN, text="  we ARE looking\n into it. "), BEGUN, "81005"),
        (replace(WRITTEN, text="another twin"), BEGUN, "81005"),
        (replace(WRITTEN, html="<p>another</p>", text="another"), BEGUN, None),
        (replace(WRITTEN, public=False), BEGUN, None),
        (replace(WRITTEN, html="<p>Same here.</p>", text="Same here."), BEGUN, None),
    ],
    ids=["there", "just within", "too old", "other blanks", "by its html", "other words", "a note", "another's words"],
)
def test_a_write_is_known_by_author_time_and_words(write, since, found):
    helpdesk = FRESHDESK.open()
    assert helpdesk.find(helpdesk.fetch("4711"), write, since) == found


def test_without_a_known_seat_klark_asks_who_it_is():
    helpdesk = FRESHDESK.open(own_ids=frozenset())
    assert helpdesk.find(helpdesk.fetch("4711"), WRITTEN, BEGUN) == "81005"
    assert stub(helpdesk).sent[-1].url.endswith("/api/v2/agents/me")


def test_words_are_compared_by_letters_and_digits_alone():
    assert letters("- Réf. 12,\n\n- Ａ") == letters("Réf 12 a")
    assert letters("12") != letters("13")
    assert letters("\ud800x") == letters("x\ud800")


LONG = "We have sent your lamp again today, and it will reach you within three working days."
FONT = '<div style="font-family:-apple-system, Segoe UI, sans-serif; font-size:14px">'


@pytest.mark.parametrize(
    ("sent", "shown", "found"),
    [
        (f"<p>{LONG}</p>", f'{FONT}<p dir="auto">{LONG}</p></div>', True),
        ("<ul><li>One</li><li>Two</li></ul>", f'{FONT}<ul dir="auto"><li><font>One</font></li><li>Two</li></ul></div>', True),
        ('<p>See <a href="https://shop.example/é">here</a>.</p>',
         '<p>See <a href="https://shop.example/%C3%A9?utm=1" rel="noreferrer" target="_blank">here</a>.</p>', True),
        (f"<p>{LONG}</p>", f"{FONT}<p>{LONG}</p></div><div>Kind regards,<br>the lamp shop</div>", True),
        ("<p>Yes.</p>", "<p>Yes. It is on its way.</p>", False),
        (f"<p>{LONG}</p>", f"<p>Good day! {LONG}</p>", False),
        (f"<p>{LONG}</p>", f"<p>{LONG[:60]}</p>", False),
    ],
    ids=["fonts", "a list", "a link", "a signature", "a few words", "words before", "half of it"],
)  # fmt: skip
def test_own_words_are_found_in_a_body_that_was_rewritten(sent, shown, found):
    own = [payload("freshdesk_conversations.json")[1] | {"body": shown}]
    helpdesk = FRESHDESK.open({("GET", CONVERSATIONS): Reply(own)})
    write = replace(REPLY, html=sent, text=html_to_text(sent))
    assert helpdesk.find(helpdesk.fetch("4711"), write, BEGUN) == ("81005" if found else None)


# --- catching up


def _changed(count, start, step_s=1):
    row = payload("freshdesk_ticket.json")
    moments = [start + timedelta(seconds=step_s * n) for n in range(count)]
    return [
        row | {"id": n + 1, "updated_at": moment.strftime("%Y-%m-%dT%H:%M:%SZ")} for n, moment in enumerate(moments)
    ]


START = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def test_a_short_page_ends_at_the_desks_own_clock_less_a_minute():
    """So a quiet desk brings nothing twice, and a change that is listed late is not missed."""
    changes = FRESHDESK.open({("GET", "/api/v2/tickets"): Reply(_changed(3, START))}).changes(START.isoformat())
    assert (len(changes.events), changes.more, changes.cursor) == (3, False, "2026-10-05T09:29:00+00:00")


def test_a_full_page_goes_on_from_the_last_change_it_showed():
    helpdesk = FRESHDESK.open({("GET", "/api/v2/tickets"): [Reply(_changed(100, START)), Reply([])]})
    changes = helpdesk.changes(START.isoformat())
    assert (len(changes.events), changes.more, changes.cursor) == (100, True, "2026-10-05T08:01:39+00:00")
    helpdesk.changes(changes.cursor)
    assert stub(helpdesk).queries("/api/v2/tickets")[1] == {
        "updated_since": "2026-10-05T08:01:39Z",
        "order_by": "updated_at",
        "order_type": "asc",
        "per_page": "100",
        "page": "1",
    }


def test_more_changes_in_one_second_than_a_page_holds_are_read_by_page():
    helpdesk = FRESHDESK.open({("GET", "/api/v2/tickets"): Reply(_changed(100, START, step_s=0))})
    second = helpdesk.changes(helpdesk.changes(START.isoformat()).cursor)
    assert second.more is True
    assert [asked["page"] for asked in stub(helpdesk).queries("/api/v2/tickets")] == ["1", "2"]


def test_a_cursor_never_goes_back():
    ahead = datetime(2026, 10, 5, 9, 29, 30, tzinfo=UTC)
    changes = FRESHDESK.open({("GET", "/api/v2/tickets"): Reply([])}).changes(ahead.isoformat())
    assert changes.cursor == ahead.isoformat()


@pytest.mark.parametrize("cursor", ["", "nonsense", "nonsense page x"])
def test_without_a_time_a_catch_up_begins_now(cursor):
    helpdesk = FRESHDESK.open()
    helpdesk.changes(cursor)
    (asked,) = stub(helpdesk).queries("/api/v2/tickets")
    assert abs(datetime.now(UTC) - timedelta(seconds=60) - datetime.fromisoformat(asked["updated_since"])) < timedelta(
        seconds=5
    )


# --- articles and the seat


def test_articles_come_in_every_language_from_folders_that_say_they_are_public():
    french = [payload("freshdesk_articles.json")[0] | {"title": "Retours", "language": "fr"}]
    helpdesk = FRESHDESK.open({("GET", "/api/v2/solutions/folders/21/articles/fr"): Reply(french)})
    assert [(article.id, article.language, article.title) for article in published(helpdesk)] == [
        ("301:en", "en", "Returns"),
        ("301:fr", "fr", "Retours"),
    ]
    asked = {
        request.url.split("/folders/")[1].split("/")[0] for request in stub(helpdesk).sent if "/folders/" in request.url
    }
    assert asked == {"21"}


def test_where_the_settings_are_not_shown_the_main_language_is_read():
    helpdesk = FRESHDESK.open({("GET", "/api/v2/settings/helpdesk"): Reply({"code": "access_denied"}, 403)})
    assert [(article.id, article.language) for article in published(helpdesk)] == [("301:", "")]


def test_a_key_that_belongs_to_nobody_is_refused():
    with pytest.raises(Refused, match="which agent"):
        FRESHDESK.open({FRESHDESK.me: Reply({"contact": {"name": "x"}})}).whoami()


def test_a_ticket_that_cannot_be_looked_at_again_is_not_written_to():
    helpdesk = FRESHDESK.open()
    ticket = helpdesk.fetch("4711")
    for reply, failure in (
        (Reply({}, 503), TryLater),
        (Reply({}, 404), Gone),
        (requests.ReadTimeout("late"), TryLater),
    ):
        stub(helpdesk).table[FRESHDESK.read] = [reply]
        with pytest.raises(failure):
            helpdesk.write(ticket, REPLY)
    assert stub(helpdesk).writes() == []


# --- how the customer rated the help

RATINGS = ("GET", f"{TICKET}/satisfaction_ratings")


def _rated(given, at="2026-10-06T10:00:00Z"):
    return {"id": 1, "survey_id": 1, "ticket_id": 4711, "feedback": "", "created_at": at, "ratings": given}


@pytest.mark.parametrize(
    ("listed", "known"),
    [
        ([_rated({"default_question": 103})], "good"),
        ([_rated({"default_question": 101, "question_7": -103})], "good"),
        ([_rated({"default_question": 100})], "neutral"),
        ([_rated({"default_question": -101})], "bad"),
        ([_rated({"default_question": 103}), _rated({"default_question": -103}, "2026-10-07T10:00:00Z")], "bad"),
        ([], None), ([_rated({})], None), ([_rated(None)], None), ([_rated({"default_question": "103"})], None),
    ],
)  # fmt: skip
def test_the_newest_answer_to_the_surveys_first_question_counts(listed, known):
    desk = FRESHDESK.open({RATINGS: Reply(listed)})
    assert desk.satisfaction(desk.fetch("4711")) == known


@pytest.mark.parametrize("status", [403, 404])
def test_an_account_without_surveys_has_no_rating(status):
    desk = FRESHDESK.open(
        {RATINGS: Reply({"code": "require_feature", "message": "Surveys are not supported."}, status)}
    )
    assert desk.satisfaction(desk.fetch("4711")) is None
