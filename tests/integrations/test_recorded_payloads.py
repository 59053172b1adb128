"""Every webhook and ticket that others recorded or published passes the adapters; skipped where there are none."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.errors import BadPayload, BadSignature
from integrations.helpdesks.base import Arrival, Person
from integrations.helpdesks.freshdesk import shapes as freshdesk_shapes
from integrations.helpdesks.freshdesk import solutions as freshdesk_solutions
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.helpdesks.zendesk import channels as zendesk_channels
from integrations.helpdesks.zendesk import shapes as zendesk_shapes
from integrations.helpdesks.zendesk.client import Zendesk

FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "fixtures"
pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the recordings are not beside this checkout")
CHANNELS = {*zendesk_channels.CHANNELS.values(), None}


def _files(pattern):
    """Paths of recordings, for parametrize: none where there are none."""
    return sorted(path.relative_to(FIXTURES).as_posix() for path in FIXTURES.glob(pattern))


def _raw(name):
    return (FIXTURES / name).read_bytes()


def _json(name):
    return json.loads(_raw(name))


def _tickets(name):
    body = _json(name)
    if isinstance(body, list):
        return body
    return body.get("tickets") or body.get("results") or [body.get("ticket", body)]


# --- Zendesk

ZENDESK_EVENTS = {
    "dust-tt+dust/zendesk-webhooks/ticket_comment_added.json": ("5158", "d4f5c389-8f4a-4c2e-a1b9-8e4f39c71d52"),
    "dust-tt+dust/zendesk-webhooks/ticket_created.json": ("5158", "cbe4028c-7239-495d-b020-f22348516046"),
    "misc/zendesk-webhooks/comment_added_real_2026-06-09.redacted.json": (
        "71447",
        "d8551ba3-4243-433c-8629-aa79dc3e7182",
    ),
    "misc/zendesk-webhooks/messaging_message_added_docs_sample.json": ("141", "01JQMQH83YNAKWSWJ8B1QH2NSC"),
    "aaronellington+zendesk-go/trigger_ticket_update.json": ("12345", "8350205582"),
    "aaronellington+zendesk-go/group_membership_created.json": None,
}


def test_every_recorded_zendesk_webhook_is_in_the_list():
    recorded = [*_files("dust-tt+dust/zendesk-webhooks/*.json"), *_files("misc/zendesk-webhooks/*.json")]
    assert {name for name in recorded if "headers" not in name} <= ZENDESK_EVENTS.keys()


@pytest.mark.parametrize("name", ZENDESK_EVENTS)
def test_a_recorded_zendesk_webhook_is_read(name):
    headers = _json("misc/zendesk-webhooks/headers_from_docs.json")
    event = Zendesk.parse(_raw(name), headers)
    assert (event and (event.ticket_id, event.key)) == ZENDESK_EVENTS[name]


def test_the_recorded_signature_verifies_in_its_own_order_only():
    vector = _json("aaronellington+zendesk-go/signature_vector.json")
    body = _raw(f"aaronellington+zendesk-go/{vector['body_file']}")
    headers = {
        "x-zendesk-webhook-signature": vector["expected_signature"],
        "x-zendesk-webhook-signature-timestamp": vector["timestamp"],
    }
    now = datetime(2026, 10, 5, tzinfo=UTC)
    assert Zendesk.verify(body, headers, [vector["secret"]], now) == Arrival(late=True)
    moved = {**headers, "x-zendesk-webhook-signature-timestamp": ""}
    with pytest.raises(BadSignature):
        Zendesk.verify(body + vector["timestamp"].encode(), moved, [vector["secret"]], now)


ZENDESK_TICKETS = [
    *_files("nukosuke+go-zendesk/fixture/ticket_result.json"),
    *_files("nukosuke+go-zendesk/fixture/*/ticket.json"),
    *_files("nukosuke+go-zendesk/fixture/GET/tickets.json"),
    *_files("nukosuke+go-zendesk/fixture/GET/ticket_show_many.json"),
    *_files("nukosuke+go-zendesk/fixture/GET/ticket_custom_field.json"),
    *_files("nukosuke+go-zendesk/fixture/GET/search_ticket.json"),
    *_files("justeat+ZendeskApiClient/test/*/Converters/testTicket*.json"),
]


@pytest.mark.parametrize("name", ZENDESK_TICKETS)
def test_a_recorded_zendesk_ticket_is_translated(name):
    for raw in _tickets(name):
        ticket = zendesk_shapes.ticket(raw, {}, [], "https://acme.zendesk.com")
        assert (ticket.id, ticket.status, ticket.stamp) == (str(raw["id"]), raw["status"], raw["updated_at"])
        assert (ticket.priority, ticket.requester.id) == (raw["priority"], str(raw["requester_id"]))
        assert ticket.channel == raw["via"]["channel"]
        assert ticket.updated_at == datetime.fromisoformat(raw["updated_at"])


def test_the_recorded_custom_fields_have_their_own_types():
    (raw,) = _tickets("nukosuke+go-zendesk/fixture/GET/ticket_custom_field.json")
    assert zendesk_shapes.ticket(raw, {}, [], "").custom_fields == {
        "360005657120": "Custom field value for testing",
        "360005657121": ("list", "of", "values"),
        "360005657123": True,
    }


def test_recorded_zendesk_comments_are_translated():
    page = _json("nukosuke+go-zendesk/fixture/GET/ticket_comments.json")
    requester = Person("377922500012")
    comments = [zendesk_shapes.comment(raw, {}, requester) for raw in page["comments"]]
    assert [(comment.id, comment.public, comment.from_customer) for comment in comments] == [
        ("2", True, True),
        ("3", True, True),
    ]
    assert {comment.body_text for comment in comments} == {"Mail to create fixture ticket for testing"}


@pytest.mark.parametrize(
    ("name", "comment_id"),
    [
        ("nukosuke+go-zendesk/fixture/POST/ticket.json", "653915434312"),
        ("nukosuke+go-zendesk/fixture/GET/ticket_audit.json", "2127301148"),
        ("justeat+ZendeskApiClient/test/ZendeskApi.Client.Tests/Converters/ticketAuditSingleResult.json", "123"),
    ],
)
def test_a_recorded_audit_shows_the_comment_that_was_written(name, comment_id):
    assert zendesk_shapes.written_id(_json(name)["audit"]) == comment_id


@pytest.mark.parametrize("name", _files("nukosuke+go-zendesk/fixture/GET/user*.json"))
def test_a_recorded_zendesk_user_is_a_person(name):
    body = _json(name)
    for raw in body.get("users") or [body.get("user")]:
        if raw:
            person = zendesk_shapes.person(raw)
            assert (person.id, person.email) == (str(raw["id"]), raw["email"] or "")
            assert person.role == {"end-user": "customer", "agent": "agent", "admin": "agent"}[raw["role"]]


# --- Freshdesk

FRESHWORKS = "freshworks-developers+freshworks-platform3/serverless-skeleton/server/test_data/support_ticket"
FRESHDESK_IDS = {"onConversation": "conversation", "onTicketCreate": "ticket", "onTicketUpdate": "ticket",
                 "onTicketDelete": "ticket", "onTimeEntry": "time_entry"}  # fmt: skip


@pytest.mark.parametrize("name", _files("zulip+zulip/freshdesk/*.json"))
def test_a_recorded_freshdesk_webhook_is_read(name):
    sent = _json(name)["freshdesk_webhook"]
    event = Freshdesk.parse(_raw(name), {"content-type": "application/json"})
    assert (event.ticket_id, event.key, event.kind) == (sent["ticket_id"], "", sent["triggered_event"])


@pytest.mark.parametrize("name", _files(f"{FRESHWORKS}/*.json"))
def test_a_published_freshworks_event_is_read_or_is_not_about_a_ticket(name):
    part = next((part for start, part in FRESHDESK_IDS.items() if Path(name).stem.startswith(start)), None)
    about = _json(name)["data"].get(part) or {}
    expected = about.get("id" if part == "ticket" else "ticket_id")
    event = Freshdesk.parse(_raw(name), {})
    assert (event and event.ticket_id) == (str(expected) if expected else None)


@pytest.mark.parametrize(
    "name",
    [
        *_files("sjkingo+python-freshdesk/freshdesk/v2/tests/sample_json_data/ticket_1*.json"),
        *_files("sjkingo+python-freshdesk/freshdesk/v2/tests/sample_json_data/outbound_email_1.json"),
        *_files("sjkingo+python-freshdesk/freshdesk/v2/tests/sample_json_data/all_tickets.json"),
        *_files(f"{FRESHWORKS}/onTicketCreate.json"),
    ],
)
def test_a_recorded_freshdesk_ticket_is_translated(name):
    body = _json(name)
    for raw in body if isinstance(body, list) else [body.get("data", {}).get("ticket", body)]:
        ticket = freshdesk_shapes.ticket(raw, [], frozenset(), "https://acme.freshdesk.com")
        assert (ticket.id, ticket.subject) == (str(raw["id"]), raw["subject"])
        assert ticket.status == freshdesk_shapes.STATUSES[raw["status"]]
        assert ticket.priority == freshdesk_shapes.PRIORITIES[raw["priority"]]
        assert ticket.tags == tuple(raw["tags"])
        assert ticket.comments[0].id == "description"
        assert ticket.created_at == datetime.fromisoformat(raw["created_at"])


def test_recorded_freshdesk_conversations_are_translated():
    folder = "sjkingo+python-freshdesk/freshdesk/v2/tests/sample_json_data"
    recorded = [*_json(f"{folder}/conversations.json"), _json(f"{folder}/note_1.json"), _json(f"{folder}/reply_1.json")]
    published = _json(f"{FRESHWORKS}/onConversationCreate.json")["data"]["conversation"]
    comments = [freshdesk_shapes.comment(raw, Person("9"), frozenset()) for raw in (*recorded, published)]
    assert [(comment.public, comment.from_customer, comment.author.role) for comment in comments] == [
        (False, False, "agent"),
        (True, False, "agent"),
        (False, False, "agent"),
        (True, False, "agent"),
        (False, False, "agent"),
    ]
    assert [file.name for file in comments[-1].attachments] == ["sample.jpg"]


def test_recorded_freshdesk_articles_are_translated():
    folder = "sjkingo+python-freshdesk/freshdesk/v2/tests/sample_json_data"
    articles = [freshdesk_solutions.article(raw, "en", "") for raw in _json(f"{folder}/solution_articles.json")]
    assert [article and (article.id, article.title) for article in articles] == [
        ("4:en", "Changing account details"),
        None,
    ]


def test_a_recorded_freshdesk_agent_is_a_person():
    raw = _json("sjkingo+python-freshdesk/freshdesk/v2/tests/sample_json_data/agent_1.json")
    assert freshdesk_shapes.agent(raw) == Person("1", "Rachel", "rachel@freshdesk.com", "agent")


# --- what neither expects


@pytest.mark.parametrize("desk", [Zendesk, Freshdesk])
def test_any_recording_at_all_is_an_event_or_none_or_a_bad_payload(desk):
    for name in _files("**/*.json"):
        try:
            event = desk.parse(_raw(name), {})
        except BadPayload:
            continue
        assert event is None or event.ticket_id.isdigit(), name
