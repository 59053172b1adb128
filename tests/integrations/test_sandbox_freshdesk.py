"""The stand-in Freshdesk behaves as the facts and the samples say."""

import base64
import time
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.client import Sandbox
from tests.integrations.sandboxed import Api

pytest_plugins = ["tests.integrations.sandbox_fixtures"]


@pytest.mark.parametrize("key", ["", "wrong", "klark@example.com/token"])
def test_a_wrong_key_is_refused_in_the_products_shape(freshdesk: Api, key: str):
    answer = freshdesk.get("/tickets", auth=(key, "X"))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


def test_no_credentials_are_refused(freshdesk: Api):
    assert freshdesk.get("/tickets", auth=lambda r: r).status_code == 401


def test_the_key_is_enough_whatever_the_password(freshdesk: Api):
    assert (
        freshdesk.get("/agents/me", auth=("sandbox-key", "anything")).json()["contact"]["email"] == "klark@example.com"
    )


def test_a_ticket_shows_numbers_and_includes_what_is_asked(sandbox: Sandbox, freshdesk: Api):
    person = {"name": "Rita Requester", "email": "rita@example.org"}
    ticket = sandbox.ticket("freshdesk", subject="Hello", body_html="<p>One</p>", requester=person, priority="urgent")
    plain = freshdesk.get(f"/tickets/{ticket}").json()
    full = freshdesk.get(f"/tickets/{ticket}?include=requester").json()
    assert (plain["status"], plain["priority"], plain["source"]) == (2, 4, 1)
    assert (plain["description"], plain["description_text"]) == ("<p>One</p>", "One")
    assert "requester" not in plain
    assert full["requester"]["email"] == "rita@example.org"


def test_conversations_page_by_link_header_oldest_first(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk")
    for n in range(3):
        sandbox.comment("freshdesk", ticket, f"<p>{n}</p>")
    first = freshdesk.get(f"/tickets/{ticket}/conversations?per_page=2")
    second = freshdesk.get(first.links["next"]["url"])
    assert [c["body_text"] for c in first.json() + second.json()] == ["0", "1", "2"]
    assert "link" not in second.headers
    assert "link" not in freshdesk.get(f"/tickets/{ticket}/conversations?per_page=3").headers


@pytest.mark.parametrize("query", ["per_page=101", "per_page=0", "page=x"])
def test_a_page_out_of_bounds_does_not_validate(sandbox: Sandbox, freshdesk: Api, query: str):
    answer = freshdesk.get(f"/tickets?{query}")
    assert (answer.status_code, answer.json()["description"]) == (400, "Validation failed")
    assert answer.json()["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize(("sent", "private"), [({}, True), ({"private": True}, True), ({"private": False}, False)])
def test_a_note_is_private_unless_it_says_otherwise(
    sandbox: Sandbox, freshdesk: Api, sent: dict[str, bool], private: bool
):
    ticket = sandbox.ticket("freshdesk")
    answer = freshdesk.post(f"/tickets/{ticket}/notes", {"body": "<p>n</p>", **sent})
    shown = answer.json()
    assert (answer.status_code, shown["private"], shown["source"], shown["incoming"]) == (201, private, 2, False)
    assert freshdesk.get(f"/tickets/{ticket}/conversations").json() == [shown]
    assert [(w["public"], w["text"], w["applied"]) for w in sandbox.writes()] == [(not private, "n", True)]


def test_a_reply_is_public_and_goes_to_the_requester(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk")
    shown = freshdesk.post(f"/tickets/{ticket}/reply", {"body": "<p>Good day</p>"}).json()
    assert (shown["private"], shown["source"], shown["to_emails"]) == (False, 0, ["camille@example.org"])
    assert shown["user_id"] == freshdesk.get("/agents/me").json()["id"]
    assert [(w["public"], w["path"]) for w in sandbox.writes()] == [(True, f"/api/v2/tickets/{ticket}/reply")]


def test_a_reply_goes_out_from_the_global_address_unless_it_names_another_of_the_accounts(
    sandbox: Sandbox, freshdesk: Api
):
    ticket = sandbox.ticket("freshdesk", mailbox="returns@example.com", cc=["otto@partner.example"])
    mailboxes = {each["id"]: each["reply_email"] for each in freshdesk.get("/email_configs").json()}
    came_to = freshdesk.get(f"/tickets/{ticket}").json()["email_config_id"]
    copied = {"cc_emails": ["otto@partner.example"]}
    sent = [{}, {"from_email": "returns@example.com", **copied}]
    shown = [freshdesk.post(f"/tickets/{ticket}/reply", {"body": "<p>a</p>", **more}).json() for more in sent]
    assert mailboxes[came_to] == "returns@example.com"
    assert [(each["support_email"], each["from_email"], each["cc_emails"]) for each in shown] == [
        ("support@example.com", "klark <support@example.com>", []),
        ("returns@example.com", "klark <returns@example.com>", ["otto@partner.example"]),
    ]


def test_a_body_comes_back_with_another_markup_and_the_same_words(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk")
    sent = {"body": '<p>See <a href="https://shop.example/">here</a></p>'}
    shown = [freshdesk.post(f"/tickets/{ticket}/{path}", sent).json() for path in ("reply", "notes")]
    link = '<a href="https://shop.example/" rel="noreferrer" target="_blank">here</a>'
    assert [each["body_text"] for each in shown] == ["See here"] * 2
    assert [f'<p dir="auto">See {link}</p>' in each["body"] for each in shown] == [True, True]
    assert [each["body"].startswith('<div style="font-family:') for each in shown] == [True, True]


def test_a_customers_answer_is_incoming_and_an_agents_is_not(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk")
    sandbox.comment("freshdesk", ticket, "<p>in</p>")
    sandbox.comment("freshdesk", ticket, "<p>out</p>", by="agent")
    sandbox.comment("freshdesk", ticket, "<p>note</p>", by="agent", public=False)
    rows = freshdesk.get(f"/tickets/{ticket}/conversations").json()
    assert [(r["incoming"], r["private"], r["source"]) for r in rows] == [
        (True, False, 0),
        (False, False, 0),
        (False, True, 2),
    ]


@pytest.mark.parametrize(
    ("path", "body", "field", "code"),
    [
        ("/notes", {}, "body", "missing_field"),
        ("/reply", {"body": ""}, "body", "datatype_mismatch"),
        ("/reply", {"body": "a", "from_email": "other@example.com"}, "from_email", "invalid_value"),
        ("/reply", {"body": "a", "from_email": "press@example.com"}, "from_email", "invalid_value"),
        ("/reply", {"body": "a", "cc_emails": "otto@partner.example"}, "cc_emails", "invalid_value"),
        ("/reply", {"body": "a", "to_emails": []}, "to_emails", "invalid_field"),
        ("", {"status": 99}, "status", "invalid_value"),
        ("", {"priority": "high"}, "priority", "invalid_value"),
        ("", {"tags": "a,b"}, "tags", "datatype_mismatch"),
        ("", {"colour": "red"}, "colour", "invalid_field"),
    ],
)
def test_what_does_not_validate_names_the_field(
    sandbox: Sandbox, freshdesk: Api, path: str, body: dict[str, object], field: str, code: str
):
    ticket = sandbox.ticket("freshdesk")
    answer = freshdesk.ask("POST" if path else "PUT", f"/tickets/{ticket}{path}", json=body)
    assert (answer.status_code, answer.json()["description"]) == (400, "Validation failed")
    assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [(field, code)]
    assert [w["applied"] for w in sandbox.writes()] == [False]


def test_broken_json_is_told_apart(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk")
    answer = freshdesk.ask("POST", f"/tickets/{ticket}/notes", data=b"{")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_json")


def test_an_update_changes_fields_and_keeps_other_custom_fields(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk", custom_fields={"cf_a": "1"})
    sent = {"status": 4, "priority": 3, "tags": ["b", "a"], "responder_id": 9002, "custom_fields": {"cf_b": "2"}}
    shown = freshdesk.put(f"/tickets/{ticket}", sent).json()
    assert {name: shown[name] for name in sent} == {**sent, "custom_fields": {"cf_a": "1", "cf_b": "2"}}


def test_a_missing_ticket_is_an_empty_404_and_a_wrong_method_405(sandbox: Sandbox, freshdesk: Api):
    missing = freshdesk.get("/tickets/999")
    assert (missing.status_code, missing.content) == (404, b"")
    assert freshdesk.ask("PUT", "/agents/me", json={}).status_code == 405


def test_a_deleted_ticket_shows_that_it_is_and_takes_no_note(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk")
    sandbox.change("freshdesk", ticket, deleted=True)
    assert freshdesk.get(f"/tickets/{ticket}").json()["deleted"] is True
    assert freshdesk.post(f"/tickets/{ticket}/notes", {"body": "<p>n</p>"}).status_code == 404
    assert freshdesk.get("/tickets").json() == []


def test_a_ticket_is_created_from_an_address(sandbox: Sandbox, freshdesk: Api):
    sent = {"email": "ria@example.org", "subject": "New", "description": "<p>Hi</p>", "status": 2, "priority": 1}
    made = freshdesk.post("/tickets", sent)
    assert (made.status_code, made.json()["description_text"]) == (201, "Hi")
    contact = freshdesk.get(f"/contacts/{made.json()['requester_id']}").json()
    assert contact["email"] == "ria@example.org"
    assert freshdesk.post("/tickets", {"subject": "New"}).json()["errors"][0]["field"] == "email"


def test_a_list_gives_what_changed_since_in_the_order_asked(sandbox: Sandbox, freshdesk: Api):
    first, second = sandbox.ticket("freshdesk"), sandbox.ticket("freshdesk")
    time.sleep(1.0 - time.time() % 1.0 + 0.01)
    turn = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    sandbox.comment("freshdesk", first, "<p>More</p>")
    since = (datetime.now(UTC) - timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    path = f"/tickets?updated_since={since}&order_by=updated_at&order_type="
    assert [t["id"] for t in freshdesk.get(path + "asc").json()] == [second, first]
    assert [t["id"] for t in freshdesk.get(path + "desc").json()] == [first, second]
    assert [t["id"] for t in freshdesk.get(f"/tickets?updated_since={turn}").json()] == [first]
    future = (datetime.now(UTC) + timedelta(seconds=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert freshdesk.get(f"/tickets?updated_since={future}").json() == []
    assert "description" not in freshdesk.get("/tickets").json()[0]


def test_a_list_refuses_a_time_that_is_none(freshdesk: Api):
    assert freshdesk.get("/tickets?updated_since=yesterday").status_code == 400


def test_people_are_agents_or_contacts(sandbox: Sandbox, freshdesk: Api):
    requester = freshdesk.get(f"/tickets/{sandbox.ticket('freshdesk')}").json()["requester_id"]
    assert freshdesk.get("/agents/me").json()["contact"]["name"] == "klark"
    assert [freshdesk.get(f"/contacts/{number}").status_code for number in (requester, 9002)] == [200, 404]


def test_headers_count_credits_and_an_include_costs_more(sandbox: Sandbox, freshdesk: Api):
    ticket = sandbox.ticket("freshdesk")
    plain = freshdesk.get(f"/tickets/{ticket}").headers
    dear = freshdesk.get(f"/tickets/{ticket}?include=requester,stats").headers
    assert [plain["X-RateLimit-Used-CurrentRequest"], dear["X-RateLimit-Used-CurrentRequest"]] == ["1", "3"]
    assert int(plain["X-RateLimit-Remaining"]) - int(dear["X-RateLimit-Remaining"]) == 3
    assert plain["X-RateLimit-Total"] == "700"


# Solutions


def _articles(sandbox: Sandbox) -> None:
    english = {"id": 11, "title": "Refunds", "body_html": "<p>Five days</p>", "language": "en", "section": "Money"}
    french = {**english, "title": "Remboursements", "body_html": "<p>Cinq jours</p>", "language": "fr"}
    draft = {"id": 12, "title": "Soon", "body_html": "<p>…</p>", "draft": True, "category": "Other"}
    sandbox.articles("freshdesk", [french, english, draft])


def test_solutions_are_walked_from_category_to_article(sandbox: Sandbox, freshdesk: Api):
    _articles(sandbox)
    categories = freshdesk.get("/solutions/categories").json()
    assert [c["name"] for c in categories] == ["General", "Other"]
    folders = freshdesk.get(f"/solutions/categories/{categories[0]['id']}/folders").json()
    assert [f["name"] for f in folders] == ["Money"]
    articles = freshdesk.get(f"/solutions/folders/{folders[0]['id']}/articles").json()
    assert [(a["id"], a["title"], a["status"], a["folder_id"]) for a in articles] == [
        (11, "Refunds", 2, folders[0]["id"])
    ]
    soon = freshdesk.get(f"/solutions/categories/{categories[1]['id']}/folders").json()[0]["id"]
    assert [a["status"] for a in freshdesk.get(f"/solutions/folders/{soon}/articles").json()] == [1]


def test_solutions_answer_in_a_language_where_there_is_one(sandbox: Sandbox, freshdesk: Api):
    _articles(sandbox)
    category = freshdesk.get("/solutions/categories").json()[0]["id"]
    folder = freshdesk.get(f"/solutions/categories/{category}/folders").json()[0]["id"]
    assert [a["title"] for a in freshdesk.get(f"/solutions/folders/{folder}/articles/fr").json()] == ["Remboursements"]
    assert freshdesk.get(f"/solutions/folders/{folder}/articles/de").json() == []


# Rules and lists


def test_rules_are_made_changed_and_removed(freshdesk: Api):
    rule = {"name": "klark", "actions": [{"url": "http://127.0.0.1:9/x"}], "performer": {"type": 2}}
    made = freshdesk.post("/automations/4/rules", rule)
    path = f"/automations/4/rules/{made.json()['id']}"
    assert (made.status_code, made.json()["active"]) == (201, True)
    assert freshdesk.put(path, {"active": False}).json()["active"] is False
    assert [row["id"] for row in freshdesk.get("/automations/4/rules").json()] == [made.json()["id"]]
    assert freshdesk.get("/automations/1/rules").json() == []
    assert [freshdesk.ask("DELETE", path).status_code for _ in range(2)] == [204, 404]


def test_a_rule_needs_a_name_and_actions(freshdesk: Api):
    assert freshdesk.post("/automations/1/rules", {"name": "klark"}).json()["errors"][0]["field"] == "actions"
    assert freshdesk.post("/automations/2/rules", {"name": "klark"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["ticket_fields", "groups", "canned_response_folders", "canned_response_folders/7601/responses"]
)
def test_small_lists_answer(freshdesk: Api, path: str):
    assert len(freshdesk.get(f"/{path}").json()) >= 1


def test_credentials_are_read_from_the_user_half_only(freshdesk: Api):
    wrong = {"Authorization": "Basic " + base64.b64encode(b"X:sandbox-key").decode()}
    assert freshdesk.get("/tickets", auth=lambda r: r, headers=wrong).status_code == 401


def test_contacts_and_companies_carry_the_admins_own_fields(sandbox: Sandbox, freshdesk: Api):
    number = sandbox.person(
        "freshdesk", "cora@example.net", {"plan": "gold"}, {"name": "Acme", "fields": {"until": "2027"}}
    )
    contact = freshdesk.get(f"/contacts/{number}").json()
    company = freshdesk.get(f"/companies/{contact['company_id']}").json()
    assert (contact["custom_fields"], company["custom_fields"]) == ({"plan": "gold"}, {"until": "2027"})
    ticket = sandbox.ticket("freshdesk", requester={"name": "Cora", "email": "cora@example.net"})
    assert freshdesk.get(f"/tickets/{ticket}").json()["company_id"] == company["id"]
    assert freshdesk.get("/companies/1").status_code == 404
