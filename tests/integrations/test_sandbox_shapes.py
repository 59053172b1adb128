"""What the sandbox says has every field that the recordings have, of the same kind. Skipped where they are not at hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.client import Sandbox
from integrations.sandbox.webhooks import sign
from tests.integrations.sandboxed import Api, Ear

pytest_plugins = ["tests.integrations.sandbox_fixtures"]

RECORDED = Path(__file__).resolve().parents[2] / "../shared/fixtures"
GO = "nukosuke+go-zendesk/fixture"
FRESH = "sjkingo+python-freshdesk/freshdesk/v2/tests/sample_json_data"
pytestmark = pytest.mark.skipif(not RECORDED.is_dir(), reason="no recordings beside the checkout")

# Fields of old plans, of other interfaces or of one account's own set-up, which klark has no use for.
NOT_PLAYED = {
    "satisfaction_probability", "shared_phone_number", "photo", "locale_id", "alias", "shared", "shared_agent",
    "last_login_at", "two_factor_auth_enabled", "details", "notes", "moderator", "ticket_restriction", "chat_only",
    "report_csv", "latitude", "longitude", "priority_name", "customer_id", "external_id", "fb_profile_id",
    "helpdesk_agent", "twitter_id", "custom_field", "available_since", "business_hour_id", "auto_ticket_assign",
    "deleted",  # documented to stand only on what was deleted
}  # fmt: skip


def _recorded(path: str, *keys: str | int) -> Any:
    found = json.loads((RECORDED / path).read_text(encoding="utf-8"))
    for key in keys:
        found = found[key]
    return found


def _missing(recorded: dict[str, Any], played: dict[str, Any]) -> set[str]:
    return set(recorded) - set(played) - NOT_PLAYED


def _unlike(recorded: dict[str, Any], played: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Fields that hold something on both sides, but not the same kind of thing."""
    both = {name for name in recorded if name in played and None not in (recorded[name], played[name])}
    kinds = {name: (type(recorded[name]).__name__, type(played[name]).__name__) for name in both}
    return {name: pair for name, pair in kinds.items() if pair[0] != pair[1]}


def _check(recorded: dict[str, Any], played: dict[str, Any]) -> None:
    assert (_missing(recorded, played), _unlike(recorded, played)) == (set(), {})


def test_zendesk_tickets_comments_users_and_audits_are_as_recorded(sandbox: Sandbox, zendesk: Api):
    ticket = sandbox.ticket("zendesk", priority="high", tags=["a"], type="incident")
    written = zendesk.say(ticket, assignee_id=9002, status="open").json()
    shown = zendesk.get(f"/tickets/{ticket}?include=users").json()
    comment = zendesk.get(f"/tickets/{ticket}/comments").json()["comments"][0]
    _check(_recorded(f"{GO}/GET/ticket.json", "ticket"), shown["ticket"])
    _check(_recorded(f"{GO}/PUT/ticket.json", "ticket"), written["ticket"])
    _check(_recorded(f"{GO}/GET/ticket_comments.json", "comments", 0), comment)
    _check(_recorded(f"{GO}/GET/user.json", "user"), shown["users"][0])
    person = sandbox.person("zendesk", "cora@example.net", {"plan": "gold"}, {"name": "Acme", "fields": {"a": "b"}})
    belongs = zendesk.get(f"/users/{person}.json").json()["user"]["organization_id"]
    organization = zendesk.get(f"/organizations/{belongs}.json").json()["organization"]
    _check(_recorded(f"{GO}/GET/organization.json", "organization"), organization)
    recorded = _recorded(f"{GO}/POST/ticket.json", "audit")
    _check(recorded, written["audit"])
    _check(recorded["metadata"]["system"], written["audit"]["metadata"]["system"])
    _check(recorded["events"][0], written["audit"]["events"][0])
    _check(recorded["via"], written["audit"]["via"])


@pytest.mark.parametrize("name", ["groups", "brands", "ticket_fields"])
def test_zendesk_lists_are_paged_as_recorded(zendesk: Api, name: str):
    recorded, played = _recorded(f"{GO}/GET/{name}.json"), zendesk.get(f"/{name}.json").json()
    assert {"next_page", "previous_page", "count"} <= set(played)
    assert {"id"} <= set(recorded[name][0]) & set(played[name][0])


def test_zendesk_webhooks_and_triggers_are_as_recorded(zendesk: Api):
    sent = {"name": "n", "endpoint": "https://e.example", "http_method": "POST", "request_format": "json"}
    sent |= {"subscriptions": ["conditional_ticket_events"], "authentication": {"type": "bearer_token"}}
    webhook = zendesk.post("/webhooks", {"webhook": sent}).json()["webhook"]
    _check(_recorded(f"{GO}/GET/webhook.json", "webhook"), webhook)
    recorded = _recorded(f"{GO}/GET/trigger.json", "trigger")
    action = {"field": "notification_webhook", "value": [webhook["id"], "{}"]}
    sent_trigger = {**{name: recorded[name] for name in ("title", "conditions")}, "actions": [action]}
    trigger = zendesk.post("/triggers", {"trigger": sent_trigger}).json()["trigger"]
    _check(recorded, trigger)


def test_a_zendesk_404_is_as_recorded(zendesk: Api):
    path = "blakmatrix+node-zendesk/test/fixtures/organizations_test_delete_not_found_organization.json"
    recorded = _recorded(path, 0)
    played = zendesk.get("/tickets/999.json")
    assert (played.status_code, played.json()) == (recorded["status"], recorded["response"])
    names = {name.lower() for name in recorded["rawHeaders"][::2]}
    assert {"x-rate-limit", "x-rate-limit-remaining", "date"} <= names & {name.lower() for name in played.headers}


def test_a_zendesk_429_is_as_recorded(sandbox: Sandbox, zendesk: Api):
    sandbox.settings(limits={"zendesk": {"calls": 1}})
    zendesk.get("/tickets")
    recorded = _recorded("aaronellington+zendesk-go/api_rate_limit_exceeded_429.json")
    assert zendesk.get("/tickets").json()["error"] == recorded["error"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("dust-tt+dust/zendesk-webhooks/ticket_created.json", "created"),
        ("dust-tt+dust/zendesk-webhooks/ticket_comment_added.json", "comment_added"),
        ("misc/zendesk-webhooks/comment_added_real_2026-06-09.redacted.json", "comment_added"),
    ],
)
def test_zendesk_events_are_as_recorded(sandbox: Sandbox, ear: Ear, path: str, kind: str):
    sandbox.webhook("zendesk", ear.url, "s")
    ticket = sandbox.ticket("zendesk", priority="high", type="problem", assignee_id=9002, group_id=7001)
    sandbox.comment("zendesk", ticket, "<p>More</p>")
    assert sandbox.settled()
    recorded, played = _recorded(path), next(body for body in ear.bodies() if body["type"].endswith(kind))
    assert set(recorded) == set(played)
    assert set(recorded["detail"]) == set(played["detail"])
    _check(recorded["detail"], played["detail"])
    if kind == "comment_added":
        _check(recorded["event"]["comment"], played["event"]["comment"])
        _check(recorded["event"]["comment"]["author"], played["event"]["comment"]["author"])


def test_zendesk_headers_are_those_of_the_documentation(sandbox: Sandbox, ear: Ear):
    sandbox.webhook("zendesk", ear.url, "s")
    sandbox.ticket("zendesk")
    assert sandbox.settled()
    documented = {n for n in _recorded("misc/zendesk-webhooks/headers_from_docs.json") if n.startswith("x-")}
    assert documented == {name for name in ear.heard[0][0] if name.startswith("x-")}


def test_the_published_signature_verifies():
    folder = "aaronellington+zendesk-go"
    vector = _recorded(f"{folder}/signature_vector.json")
    body = (RECORDED / folder / vector["body_file"]).read_bytes()
    signatures = {sign(vector["secret"], vector["timestamp"], text) for text in (body, body.rstrip(b"\n"))}
    assert vector["expected_signature"] in signatures


def test_freshdesk_tickets_conversations_and_people_are_as_sampled(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk", tags=["a"], cc=["cora@example.net"])
    note = freshdesk.post(f"/tickets/{ticket}/notes", {"body": "<p>n</p>"}).json()
    reply = freshdesk.post(f"/tickets/{ticket}/reply", {"body": "<p>r</p>"}).json()
    shown = freshdesk.get(f"/tickets/{ticket}?include=requester").json()
    recorded = {name: told for name, told in _recorded(f"{FRESH}/ticket_1.json").items() if name != "stats"}
    _check(recorded, shown)
    _check(recorded["requester"], shown["requester"])
    _check(_recorded(f"{FRESH}/note_1.json"), note)
    _check(_recorded(f"{FRESH}/reply_1.json"), reply)
    _check(_recorded(f"{FRESH}/agent_1.json"), freshdesk.get("/agents/me").json())
    _check(_recorded(f"{FRESH}/contact.json"), freshdesk.get(f"/contacts/{shown['requester_id']}").json())
    person = sandbox.person("freshdesk", "cora@example.net", {"plan": "gold"}, {"name": "Acme", "fields": {"a": "b"}})
    company = freshdesk.get(f"/contacts/{person}").json()["company_id"]
    _check(_recorded(f"{FRESH}/company.json"), freshdesk.get(f"/companies/{company}").json())
    _check(_recorded(f"{FRESH}/groups.json", 0), freshdesk.get("/groups").json()[0])


def test_freshdesk_solutions_are_as_sampled(sandbox: Sandbox, freshdesk: Api):
    sandbox.articles("freshdesk", [{"id": 1, "title": "T", "body_html": "<p>b</p>", "language": "en"}])
    category = freshdesk.get("/solutions/categories").json()[0]
    folder = freshdesk.get(f"/solutions/categories/{category['id']}/folders").json()[0]
    article = freshdesk.get(f"/solutions/folders/{folder['id']}/articles").json()[0]
    _check(_recorded(f"{FRESH}/solution_categories.json", 0), category)
    _check(_recorded(f"{FRESH}/solution_folders.json", 0), folder)
    _check(_recorded(f"{FRESH}/solution_articles.json", 0), article)


def test_freshdesk_says_what_happened_as_recorded(sandbox: Sandbox, ear: Ear, freshdesk: Api):
    """Recorded from rules of zulip's users: the braces, without quotes."""
    sandbox.webhook("freshdesk", ear.url, "s")
    ticket = sandbox.ticket("freshdesk", status="solved", priority="high")
    freshdesk.post(f"/tickets/{ticket}/notes", {"body": "<p>n</p>", "private": False})
    freshdesk.post(f"/tickets/{ticket}/notes", {"body": "<p>n</p>"})
    freshdesk.put(f"/tickets/{ticket}", {"priority": 1})
    freshdesk.put(f"/tickets/{ticket}", {"status": 6})
    assert sandbox.settled()
    names = ("ticket_created", "public_note", "private_note", "priority_changed", "status_changed")
    paths = [f"zulip+zulip/freshdesk/{name}.json" for name in names]
    recorded = [_recorded(path, "freshdesk_webhook", "triggered_event") for path in paths]
    assert [body["triggered_event"] for body in ear.bodies()] == recorded
