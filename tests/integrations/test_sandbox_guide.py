"""The stand-in Zendesk's help centre, and the set-up calls that `connect` makes."""

import json
import time

import pytest

from integrations.sandbox.client import Sandbox
from integrations.sandbox.webhooks import sign
from integrations.sandbox.zendesk.setup import TEST_SECRET
from tests.integrations.sandboxed import Api, Ear

pytest_plugins = ["tests.integrations.sandbox_fixtures"]

REFUNDS = {"id": 11, "title": "Refunds", "body_html": "<p>Five days</p>", "language": "en-us", "section": "Money"}
REMBOURSEMENTS = {**REFUNDS, "title": "Remboursements", "body_html": "<p>Cinq jours</p>", "language": "fr"}
SOON = {"id": 12, "title": "Soon", "body_html": "<p>…</p>", "draft": True, "category": "Other"}


@pytest.fixture
def guide(sandbox: Sandbox) -> Sandbox:
    sandbox.articles("zendesk", [REFUNDS, REMBOURSEMENTS, SOON])
    return sandbox


def test_articles_are_listed_by_locale(guide: Sandbox, zendesk: Api):
    english = zendesk.get("/help_center/en-us/articles.json").json()
    french = zendesk.get("/help_center/fr/articles").json()
    assert [(a["id"], a["title"], a["draft"]) for a in english["articles"]] == [
        (11, "Refunds", False),
        (12, "Soon", True),
    ]
    assert [(a["id"], a["title"], a["locale"]) for a in french["articles"]] == [(11, "Remboursements", "fr")]
    assert french["count"] == 1


def test_articles_page_by_number_and_by_cursor(guide: Sandbox, zendesk: Api):
    by_number = zendesk.get("/help_center/en-us/articles.json?per_page=1").json()
    assert [a["id"] for a in zendesk.get(by_number["next_page"]).json()["articles"]] == [12]
    by_cursor = zendesk.get("/help_center/en-us/articles.json?page[size]=1").json()
    assert [a["id"] for a in zendesk.get(by_cursor["links"]["next"]).json()["articles"]] == [12]


def test_an_article_shows_its_translations(guide: Sandbox, zendesk: Api):
    translations = zendesk.get("/help_center/articles/11/translations.json").json()["translations"]
    assert [(t["locale"], t["source_id"]) for t in translations] == [("en-us", 11), ("fr", 11)]
    assert (translations[1]["title"], translations[1]["body"]) == ("Remboursements", "<p>Cinq jours</p>")


def test_what_is_not_written_is_not_found(guide: Sandbox, zendesk: Api):
    assert zendesk.get("/help_center/articles/99/translations.json").status_code == 404


def test_locales_come_from_the_articles(guide: Sandbox, zendesk: Api):
    assert zendesk.get("/help_center/locales.json").json() == {"locales": ["en-us", "fr"], "default_locale": "en-us"}


def test_an_empty_help_centre_still_has_a_locale(zendesk: Api):
    assert zendesk.get("/help_center/locales.json").json() == {"locales": ["en-us"], "default_locale": "en-us"}


def test_changed_articles_are_found_and_dropped_ones_are_gone(guide: Sandbox, zendesk: Api):
    guide.articles(
        "zendesk", [{**REFUNDS, "updated": "2020-01-01T00:00:00Z"}, {**SOON, "updated": "2020-01-01T00:00:00Z"}]
    )
    start = int(time.time()) - 5
    path = f"/help_center/incremental/articles.json?start_time={start}"
    assert zendesk.get(path).json()["articles"] == []
    assert guide.change_article("zendesk", 11, language="en-us", body_html="<p>Six days</p>") == 1
    found = zendesk.get(path).json()
    assert [(a["id"], a["body"]) for a in found["articles"]] == [(11, "<p>Six days</p>")]
    assert found["end_time"] >= start
    assert guide.drop_article("zendesk", 11) == 2
    assert zendesk.get(path).json()["articles"] == []
    assert zendesk.get("/help_center/incremental/articles.json").status_code == 400


def test_ids_that_are_no_numbers_get_one_for_all_their_languages(sandbox: Sandbox, zendesk: Api):
    rows = [{**REFUNDS, "id": "refunds"}, {**REMBOURSEMENTS, "id": "refunds"}]
    english, french = sandbox.articles("zendesk", rows)
    assert english == french
    (listed,) = zendesk.get("/help_center/en-us/articles.json").json()["articles"]
    assert (listed["id"], listed["label_names"]) == (english, ["refunds"])


# Set-up


WEBHOOK = {"name": "klark", "endpoint": "https://klark.example/hook", "http_method": "POST", "request_format": "json"}


def _made(zendesk: Api, **more: object) -> dict[str, object]:
    return zendesk.post("/webhooks", {"webhook": {**WEBHOOK, **more}}).json()["webhook"]


def test_a_webhook_lives_from_creation_to_removal(zendesk: Api):
    made = _made(zendesk, subscriptions=["zen:event-type:ticket.created"])
    path = f"/webhooks/{made['id']}"
    assert "secret" not in made
    assert zendesk.get("/webhooks").json()["webhooks"] == [made]
    assert zendesk.ask("PATCH", path, json={"webhook": {"status": "inactive"}}).status_code == 204
    assert [row["status"] for row in zendesk.get("/webhooks").json()["webhooks"]] == ["inactive"]
    assert zendesk.ask("DELETE", path).status_code == 204
    assert [zendesk.ask(method, path, json={}).status_code for method in ("PATCH", "DELETE")] == [404] * 2


def test_each_webhook_has_a_signing_secret_of_its_own(zendesk: Api):
    paths = [f"/webhooks/{_made(zendesk)['id']}/signing_secret" for _ in range(2)]
    first, second = (zendesk.get(path).json()["signing_secret"] for path in paths)
    assert first["algorithm"] == "SHA256"
    assert first["secret"] != second["secret"]


@pytest.mark.parametrize(
    "webhook",
    [
        {**WEBHOOK, "endpoint": ""},
        {**WEBHOOK, "subscriptions": ["conditional_ticket_events", "zen:event-type:ticket.created"]},
    ],
)
def test_a_webhook_that_makes_no_sense_is_refused(zendesk: Api, webhook: dict[str, object]):
    assert zendesk.post("/webhooks", {"webhook": webhook}).status_code == 400


def test_the_kind_of_connection_cannot_be_changed(zendesk: Api):
    path = f"/webhooks/{_made(zendesk, subscriptions=['conditional_ticket_events'])['id']}"
    for_events = {"webhook": {"subscriptions": ["zen:event-type:ticket.created"]}}
    assert zendesk.ask("PATCH", path, json=for_events).status_code == 400


def test_a_test_event_is_sent_at_once_and_its_end_told(zendesk: Api, ear: Ear):
    payload = json.dumps({"hello": True})
    request = {"endpoint": ear.url, "http_method": "POST", "payload": payload}
    ear.answers = [(401, {}, 0.0)]
    answer = zendesk.post("/webhooks/test", {"request": request})
    assert (answer.status_code, answer.json()["response"]["status_code"]) == (200, 401)
    headers, body = ear.heard[0]
    assert headers["x-zendesk-webhook-signature"] == sign(
        TEST_SECRET, headers["x-zendesk-webhook-signature-timestamp"], body
    )
    made = _made(zendesk, endpoint=ear.url)
    assert zendesk.post(f"/webhooks/test?webhook_id={made['id']}", {"request": {"payload": ""}}).status_code == 200
    secret = zendesk.get(f"/webhooks/{made['id']}/signing_secret").json()["signing_secret"]["secret"]
    headers, body = ear.heard[1]
    assert (body, headers["x-zendesk-webhook-signature"]) == (
        b"",
        sign(secret, headers["x-zendesk-webhook-signature-timestamp"], b""),
    )


def test_a_test_event_needs_an_address(zendesk: Api):
    assert zendesk.post("/webhooks/test", {"request": {"payload": "x"}}).status_code == 400


def _trigger(webhook: object, field: str = "update_type", title: str = "klark") -> dict[str, object]:
    conditions = {"all": [{"field": field, "operator": "is", "value": "Create"}], "any": []}
    return {
        "title": title,
        "conditions": conditions,
        "actions": [{"field": "notification_webhook", "value": [webhook, "{}"]}],
    }


def test_a_trigger_must_name_a_webhook_for_triggers_and_conditions_that_are_known(zendesk: Api):
    for_events = _made(zendesk, subscriptions=["zen:event-type:ticket.created"])["id"]
    for_triggers = _made(zendesk, subscriptions=["conditional_ticket_events"])["id"]
    tried = [
        _trigger(for_events),
        _trigger("01NONE"),
        _trigger(for_triggers, field="moon_phase"),
        _trigger(for_triggers, title=""),
    ]
    assert [zendesk.post("/triggers.json", {"trigger": trigger}).status_code for trigger in tried] == [422] * 4
    made = zendesk.post("/triggers.json", {"trigger": _trigger(for_triggers)}).json()["trigger"]
    assert zendesk.get("/triggers.json").json()["triggers"] == [made]
    changed = zendesk.put(f"/triggers/{made['id']}", {"trigger": {"title": ""}})
    assert changed.status_code == 422


def test_oauth_gives_tokens_and_a_refresh_makes_the_old_ones_worthless(zendesk: Api):
    tokens = zendesk.base + "/oauth/tokens"
    first = zendesk.post(tokens, {"grant_type": "client_credentials", "scope": "read"}).json()

    def works(access: str) -> bool:
        bearer = {"Authorization": f"Bearer {access}"}
        return zendesk.get("/tickets", auth=lambda r: r, headers=bearer).status_code == 200

    assert (works(first["access_token"]), first["token_type"], first["scope"]) == (True, "bearer", "read")
    renewal = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    second = zendesk.post(tokens, renewal).json()
    assert [works(pair["access_token"]) for pair in (first, second)] == [False, True]
    assert zendesk.post(tokens, renewal).json()["error"] == "invalid_grant"
    assert zendesk.post(tokens, {"grant_type": "password"}).json()["error"] == "unsupported_grant_type"


@pytest.mark.parametrize("name", ["groups", "brands", "ticket_fields", "macros"])
def test_lists_around_tickets_answer(zendesk: Api, name: str):
    assert len(zendesk.get(f"/{name}.json").json()[name]) >= 1


@pytest.mark.parametrize(("many", "one"), [("groups", "group"), ("ticket_fields", "ticket_field")])
def test_groups_and_fields_can_be_added(zendesk: Api, many: str, one: str):
    made = zendesk.post(f"/{many}.json", {one: {"name": "klark"}}).json()[one]
    assert zendesk.get(f"/{many}.json").json()[many][-1] == made
