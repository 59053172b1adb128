"""What recordings of others taught: shapes that a desk really sends and that the manuals' examples do not show, retyped
with invented people. Each is read as a person would."""

import json
from typing import Any, get_args

import pytest

from integrations.errors import BadPayload
from integrations.helpdesks.base import Channel, Comment, Person, TicketEvent
from integrations.helpdesks.freshdesk import shapes as freshdesk_shapes
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.helpdesks.zendesk import shapes as zendesk_shapes
from integrations.helpdesks.zendesk.channels import CHANNELS, NUMBERS, TYPES
from integrations.http_failures import explained

from .desks import ZENDESK, Reply, published

CUSTOMER = Person("7", "Camille Durand", "camille@example.org", "customer")
USERS = {"7": CUSTOMER, "8": Person("8", "Otto Lind", "otto@example.com", "agent")}


# --- Zendesk: channels


def zendesk_channel(via: Any, **more: Any) -> Channel | None:
    raw = {"id": 145, "requester_id": 7, "via": via, **more}
    return zendesk_shapes.ticket(raw, USERS, [], "https://acme.zendesk.com").channel


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("email", "email"), ("mail", "email"), (4, "email"), ("4", "email"),
        ("web", "web"), ("web_form", "web"), (0, "web"), ("dropbox", "web"), ("helpcenter", "web"), ("lotus", "web"),
        ("api", "api"), ("web_service", "api"), (5, "api"),
        ("voice", "phone"), ("api_voicemail", "phone"), ("api_phone_call_inbound", "phone"), (33, "phone"),
        ("chat", "chat"), ("native_messaging", "chat"), ("sunshine_conversations_api", "chat"), ("kakaotalk", "chat"),
        ("apple_business_chat", "chat"), ("chat_transcript", "chat"), ("twilio_sms", "chat"), (29, "chat"),
        ("forum", "social"), ("topic", "social"), ("twitter_dm", "social"), (26, "social"),
        ("side_conversation", "side_conversation"), ("rule", "other"), (8, "other"), ("sample_ticket", "other"),
        ("answer_bot_for_web_widget", None), ("recovered_from_suspended_tickets", None), (9, None), (-4, None),
        (4.0, None), (True, None), (None, None), ("", None), ([], None), ({}, None), ("EMAIL", None),
    ],
)  # fmt: skip
def test_a_channel_is_told_by_either_of_its_names_or_by_its_number(channel: Any, expected: Channel | None) -> None:
    assert zendesk_channel({"channel": channel, "source": {"from": {}, "to": {}, "rel": None}}) == expected


def test_no_name_of_a_channel_stands_for_two_and_each_number_has_a_name() -> None:
    assert set(CHANNELS.values()) == set(get_args(Channel))
    assert [number for number, name in NUMBERS.items() if name not in CHANNELS] == []
    assert len(CHANNELS) == sum(len(listed.split()) for listed in TYPES.values())


@pytest.mark.parametrize(
    "via", [None, "web", [], {}, {"source": None}, {"channel": "tiktok"}, {"channel": "web_widget"}]
)
def test_a_ticket_from_messaging_is_a_chat_whatever_its_channel_is_called(via: Any) -> None:
    assert zendesk_channel(via, from_messaging_channel=True) == "chat"


@pytest.mark.parametrize("flag", [False, None, "true", 1])
def test_a_ticket_that_is_not_from_messaging_keeps_its_channel(flag: Any) -> None:
    assert zendesk_channel({"channel": "email"}, from_messaging_channel=flag) == "email"


# --- Zendesk: who wrote


def zendesk_comment(**more: Any) -> Comment:
    raw = {"id": 5, "type": "Comment", "author_id": 7, "html_body": "<div class='zd-comment'>Hi</div>", "public": True}
    return zendesk_shapes.comment({**raw, **more}, USERS, CUSTOMER)


def call(relation: str, author: int) -> dict[str, Any]:
    return {"type": "VoiceComment", "author_id": author, "data": {"call_duration": 22, "transcription_text": None},
            "via": {"channel": "voice", "source": {"rel": relation, "from": {"phone": "+15550100"}, "to": {}}}}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "from_customer", "automatic"),
    [
        ({}, True, False),
        ({"type": None}, True, False),
        (call("voicemail", 7), True, False),
        (call("inbound", 7), False, True),
        (call("outbound", 8), False, True),
        ({"type": "VoiceComment"}, False, True),
        ({"author_id": 8, "via": {"channel": 8, "source": {"rel": "trigger"}}}, False, True),
        ({"author_id": 8, "via": {"channel": "rule", "source": {"from": {"id": 3, "title": "Remind"}}}}, False, True),
        ({"author_id": 8, "via": {"channel": "web", "source": {"rel": "merge"}}}, False, False),
        ({"author_id": -1, "via": {"channel": "chat_transcript"}}, False, True),
        ({"author_id": 99}, False, False),
    ],
)
def test_a_comment_of_a_rule_the_product_or_a_call_is_nobodys_writing(
    more: dict[str, Any], from_customer: bool, automatic: bool
) -> None:
    read = zendesk_comment(**more)
    assert (read.from_customer, read.automatic) == (from_customer, automatic)


@pytest.mark.parametrize("public", [None, "true", 1, {}])
def test_a_comment_that_does_not_say_it_is_public_is_not(public: Any) -> None:
    assert zendesk_comment(public=public).public is False


def test_a_ticket_whose_lists_are_null_and_whose_rating_is_a_word_is_read() -> None:
    raw = {"id": 1, "requester_id": 7, "collaborator_ids": None, "email_cc_ids": None, "follower_ids": None, "tags": None,
           "custom_fields": None, "satisfaction_rating": "offered", "custom_status_id": None, "brand_id": None,
           "via": {"channel": "web", "source": None}}  # fmt: skip
    read = zendesk_shapes.ticket(raw, USERS, [], "https://acme.zendesk.com")
    assert (read.cc, read.tags, read.custom_fields, read.brand_id, read.parent_id) == ((), (), {}, None, None)


# --- Zendesk: brands


@pytest.mark.parametrize(
    ("more", "brands"),
    [
        ({}, ["1", "2"]),
        ({"help_center_state": "enabled"}, ["1", "2"]),
        ({"help_center_state": "restricted"}, ["1", "2"]),
        ({"help_center_state": None, "is_deleted": None}, ["1", "2"]),
        ({"help_center_state": "disabled"}, [""]),
        ({"is_deleted": True}, [""]),
        ({"active": False}, [""]),
    ],
)
def test_a_brand_that_was_deleted_or_is_being_set_up_has_no_help_centre(
    more: dict[str, Any], brands: list[str]
) -> None:
    row = {"active": True, "has_help_center": True}
    listed = [{**row, "id": 1, "subdomain": "acme", "default": True}, {**row, "id": 2, "subdomain": "second", **more}]
    helpdesk = ZENDESK.open({("GET", "/api/v2/brands.json"): Reply({"brands": listed})})
    assert [article.brand_id for article in published(helpdesk)] == brands


# --- Freshdesk

NOTE = {
    "id": 501012837977, "body": "<div>Hi</div>", "body_text": "Hi", "structured_body": None, "incoming": False,
    "private": True, "user_id": 8, "support_email": None, "source": 2, "category": 2, "to_emails": [],
    "from_email": None, "cc_emails": [], "bcc_emails": None, "email_failure_count": None, "outgoing_failures": None,
    "thread_id": None, "created_at": "2026-07-25T07:01:57Z", "updated_at": "2026-07-25T07:01:57Z",
    "last_edited_at": None, "attachments": [], "automation_id": None, "automation_type_id": None,
    "auto_response": False, "ticket_id": 223, "delivery_details": {"failed_emails": [], "pending_emails": []},
    "source_additional_info": None,
}  # fmt: skip
WROTE = {"incoming": True, "private": False, "user_id": 7, "source": 0, "category": 1}


def freshdesk_comment(**more: Any) -> Comment:
    return freshdesk_shapes.comment({**NOTE, **more}, CUSTOMER, frozenset({"3"}))


@pytest.mark.parametrize(
    ("more", "from_customer", "automatic"),
    [
        ({}, False, False),
        ({"to_emails": None, "cc_emails": None, "category": None, "private": None, "incoming": None}, False, False),
        ({"user_id": None}, False, False),
        (WROTE, True, False),
        ({**WROTE, "auto_response": True}, True, False),
        ({**WROTE, "automation_id": 55}, True, False),
        ({**WROTE, "source": 6}, False, True),
        *[({**WROTE, "source": source}, True, False) for source in (3, 4, 13, 15, "16", 17, None)],
        ({"automation_id": 55, "automation_type_id": 4}, False, True),
        ({"private": False, "source": 0, "auto_response": True}, False, True),
        *[({"source": source}, False, True) for source in (3, 4, 6, 13, 15, "16")],
        *[
            ({"source": source}, False, False)
            for source in (0, 1, 5, 7, 8, 9, 10, 11, 12, 14, 17, 18, -1, None, [], True)
        ],
    ],
)
def test_a_conversation_that_a_rule_or_the_product_wrote_is_nobodys_writing(
    more: dict[str, Any], from_customer: bool, automatic: bool
) -> None:
    read = freshdesk_comment(**more)
    assert (read.from_customer, read.automatic) == (from_customer, automatic)


def freshdesk_ticket(**more: Any) -> Any:
    raw = {"id": 223, "subject": "s", "requester_id": 7, "status": 2, "priority": 1, "source": 1, "description": "d",
           "requester": {"id": 7, "name": "Camille Durand", "email": "camille@example.org"}}  # fmt: skip
    return freshdesk_shapes.ticket({**raw, **more}, [], frozenset(), "https://acme.freshdesk.com")


@pytest.mark.parametrize(
    ("source", "channel"),
    [(1, "email"), (2, "web"), (3, "phone"), (4, "social"), (5, "social"), (6, "social"), (7, "chat"), (8, "chat"),
     (9, "web"), (10, "email"), (11, "other"), (12, "chat"), (13, "chat"), (101, None), (0, None), (None, None)],
)  # fmt: skip
def test_a_ticket_by_whatsapp_or_from_a_bot_is_a_chat_and_a_source_of_the_admins_own_unknown(
    source: Any, channel: Channel | None
) -> None:
    assert freshdesk_ticket(source=source).channel == channel


def test_a_ticket_whose_lists_are_null_is_read() -> None:
    read = freshdesk_ticket(cc_emails=None, reply_cc_emails=None, to_emails=None, tags=None, custom_fields=None, status=9,
                            attachments=None, requester=None, product_id=None, structured_description=None)  # fmt: skip
    assert (read.cc, read.tags, read.custom_fields, read.status, read.requester.id) == ((), (), {}, None, "7")


@pytest.mark.parametrize(
    "raw",
    ['{"ticket_id"=>"5"}', "{:ticket_id=>5}", "{'ticket_id': 5}", '{"ticket_id": 5, "subject": "a "quoted" word"}',
     "<xml><ticket_id>5</ticket_id></xml>"],
)  # fmt: skip
def test_a_body_in_another_notation_still_names_its_ticket(raw: str) -> None:
    assert Freshdesk.parse(raw.encode(), {}) == TicketEvent("5")


@pytest.mark.parametrize(
    "raw", ['{"ticket_id"=>"5", "subject"=>"ticket_id => 6"}', '{"ticket_id"==>"5"}', "{ticket_id=}"]
)
def test_a_body_in_another_notation_that_names_two_tickets_or_none_is_not_read(raw: str) -> None:
    with pytest.raises(BadPayload):
        Freshdesk.parse(raw.encode(), {})


# --- errors, as either desk words them


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"error": {"title": "Forbidden", "message": "You lack access"}}, "Forbidden You lack access"),
        ({"error": "RecordNotFound", "description": "Not found"}, "Not found"),
        ({"error": "Couldn't authenticate you"}, "Couldn't authenticate you"),
        ({"errors": [{"code": "InvalidPaginationDepth", "title": "Too deep", "detail": "Use a cursor"}]},
         "Too deep Use a cursor"),
        ({"errors": [{"code": "InvalidValue", "detail": "page is no number"}]}, "page is no number"),
        ({"error": "RecordInvalid", "description": "Record validation errors",
          "details": {"status": [{"description": "closed prevents ticket update"}]}}, "closed prevents ticket update"),
        ({"error": "APIRateLimitExceeded", "description": "Number of allowed API requests per minute exceeded"},
         "Number of allowed API requests per minute exceeded"),
        ({"description": "Validation failed", "errors": [{"field": "responder_id", "message": "is no agent"}]},
         "responder_id is no agent"),
        ({"code": "access_denied", "message": "You are not authorized"}, "You are not authorized"),
        ({"require_login": True}, "no reason given"),
    ],
)  # fmt: skip
def test_each_wording_of_an_error_is_understood(body: Any, told: str) -> None:
    assert explained(json.loads(json.dumps(body))) == told
