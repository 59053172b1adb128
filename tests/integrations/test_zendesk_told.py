"""Who may ask, and what is told: credentials, webhooks and the help centre of Zendesk, held on both sides."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integrations.errors import BadPayload, BadSignature, Refused, TryLater, Unsure
from integrations.helpdesks.base import Person, TicketEvent
from integrations.helpdesks.zendesk.client import Zendesk
from integrations.helpdesks.zendesk.oauth import OAuth
from integrations.http.transports import Outbound, requests_transport
from integrations.sandbox.client import Sandbox
from integrations.sandbox.records import AGENT_ID
from integrations.sandbox.webhooks import sign
from integrations.sandbox.zendesk.setup import TEST_SECRET
from tests.integrations.sandboxed import Api, Ear
from tests.integrations.stand_in import (
    KEYS,
    REPLY,
    SEAT,
    Clock,
    Given,
    asked,
    end,
    opened,
)

pytest_plugins = ["tests.integrations.sandbox_fixtures"]
pytestmark = pytest.mark.usefixtures("clock")
SECRET = "s3cret"

# Credentials


def test_a_key_and_an_oauth_token_open_the_same_seat(sandbox: Sandbox):
    seat = Person(SEAT, "klark", "klark@example.com", "agent", verified=True)
    for token in (KEYS["zendesk"], "oauth:sandbox-oauth"):
        assert opened(sandbox, "zendesk", Given(token)).whoami() == seat


def test_a_stranger_is_told_apart_although_the_product_answers_200(sandbox: Sandbox):
    for token in ("oauth:other", "klark@example.com/token:other", "", "nonsense"):
        with pytest.raises(Refused, match="does not know klark's credentials"):
            opened(sandbox, "zendesk", Given(token)).whoami()
        with pytest.raises(Refused, match="wrong, expired or revoked"):
            opened(sandbox, "zendesk", Given(token)).groups()


def test_a_token_that_was_rotated_meanwhile_is_asked_for_anew_and_the_write_made_once(sandbox: Sandbox):
    oauth = OAuth("acme", _transport(sandbox), sandbox.base("zendesk"))
    first = oauth.by_client("klark", "s")
    given = Given(f"oauth:{first.access}")
    adapter = opened(sandbox, "zendesk", given)
    ticket = adapter.fetch(str(sandbox.ticket("zendesk")))
    second = oauth.by_refresh("klark", "s", first.refresh)
    given.renewed.append(f"oauth:{second.access}")
    with pytest.raises(TryLater, match="wanted a new token"):
        adapter.write(ticket, REPLY)
    adapter.write(ticket, REPLY)
    assert [(write["applied"], write["status"]) for write in sandbox.writes("zendesk", int(ticket.id))] == [
        (False, 401),
        (True, 200),
    ]


def test_a_refresh_makes_both_old_tokens_worthless(sandbox: Sandbox):
    oauth = OAuth("acme", _transport(sandbox), sandbox.base("zendesk"))
    first = oauth.by_client("klark", "s")
    second = oauth.by_refresh("klark", "s", first.refresh)
    assert len({first.access, first.refresh, second.access, second.refresh}) == 4
    with pytest.raises(Refused, match="The refresh token is invalid"):
        oauth.by_refresh("klark", "s", first.refresh)
    answers = [end(opened(sandbox, "zendesk", Given(f"oauth:{one.access}")).groups) for one in (first, second)]
    assert answers == ["Refused", "done"]


def test_a_refresh_whose_answer_was_dropped_is_unsure_and_has_spent_the_old_token(sandbox: Sandbox):
    oauth = OAuth("acme", _transport(sandbox), sandbox.base("zendesk"))
    first = oauth.by_client("klark", "s")
    sandbox.fault("drop", path="/oauth/tokens")
    with pytest.raises(Unsure, match="never came"):
        oauth.by_refresh("klark", "s", first.refresh)
    with pytest.raises(Refused, match="gives klark no token"):
        oauth.by_refresh("klark", "s", first.refresh)


def test_a_token_lives_from_five_minutes_to_two_days(sandbox: Sandbox, zendesk: Api):
    url = f"{zendesk.base}/oauth/tokens"
    asking = {"grant_type": "client_credentials", "client_id": "klark", "client_secret": "s"}
    lives = [("expires_in", 299), ("expires_in", 300), ("expires_in", 172_800), ("expires_in", 172_801), ("expires_in", "x"),
             ("refresh_token_expires_in", 604_799), ("refresh_token_expires_in", 604_800),
             ("refresh_token_expires_in", 7_776_000), ("refresh_token_expires_in", 7_776_001)]  # fmt: skip
    given = [zendesk.post(url, {**asking, name: life}).status_code for name, life in lives]
    assert given == [400, 200, 200, 400, 400, 400, 200, 200, 400]
    assert zendesk.post(url, asking).json()["expires_in"] == 172_800
    assert OAuth("acme", _transport(sandbox), sandbox.base("zendesk")).by_client("klark", "s").lives_s == 7_200


# Webhooks, from the stand-in's mouth to the adapter's ear


def test_every_event_is_proven_and_names_its_ticket_and_its_own_key(sandbox: Sandbox, ear: Ear):
    sandbox.webhook("zendesk", ear.url, SECRET)
    number = sandbox.ticket("zendesk", subject='A "quoted" subject, émoji 📦')
    sandbox.comment("zendesk", number, "<p>Hello?</p>")
    sandbox.change("zendesk", number, status="solved", tags=["vip"], priority="high", assignee="agent")
    sandbox.change("zendesk", number, deleted=True)
    assert sandbox.settled()
    now = datetime.now(UTC)
    read = [(Zendesk.verify(body, headers, ["old", SECRET], now).late, Zendesk.parse(body, headers))
            for headers, body in ear.heard]  # fmt: skip
    kinds = ("created", "comment_added", "status_changed", "priority_changed", "agent_assignment_changed",
             "tags_changed", "soft_deleted")  # fmt: skip
    assert {event.kind.removeprefix("zen:event-type:ticket.") for _, event in read if event} == set(kinds)
    assert {event.ticket_id for _, event in read if event} == {str(number)}
    assert [event.key for _, event in read if event] == [body["id"] for body in ear.bodies()]
    assert {late for late, _ in read} == {False}


def test_only_the_documented_order_of_signing_proves_anything(sandbox: Sandbox, ear: Ear):
    sandbox.webhook("zendesk", ear.url, SECRET)
    sandbox.ticket("zendesk")
    assert sandbox.settled()
    ((headers, body),) = ear.heard
    name, stamp = "x-zendesk-webhook-signature", headers["x-zendesk-webhook-signature-timestamp"]
    old_order = sign(SECRET, body.decode(), stamp.encode())
    now = datetime.now(UTC)
    wrong: dict[str, tuple[bytes, dict[str, str], str]] = {
        "another body": (body + b" ", headers, SECRET),
        "another time": (body, {**headers, "x-zendesk-webhook-signature-timestamp": "2026-01-01T00:00:00Z"}, SECRET),
        "another secret": (body, headers, "other"),
        "no signature": (body, {k: v for k, v in headers.items() if k != name}, SECRET),
        "the old documentation's order": (body, {**headers, name: old_order}, SECRET),
    }
    for raw, sent, secret in wrong.values():
        with pytest.raises(BadSignature):
            Zendesk.verify(raw, sent, [secret], now)
    assert Zendesk.verify(body, headers, [SECRET], now + timedelta(minutes=6)).late is True


def test_a_test_of_an_address_before_there_is_a_webhook_is_signed_with_the_published_secret(
    sandbox: Sandbox, ear: Ear, zendesk: Api
):
    zendesk.post("/webhooks/test", {"request": {"endpoint": ear.url, "payload": ""}})
    ((headers, body),) = ear.heard
    assert body == b""
    assert Zendesk.verify(body, headers, [TEST_SECRET], datetime.now(UTC)).late is False
    with pytest.raises(BadPayload):
        Zendesk.parse(body, headers)


def test_a_trigger_names_the_ticket_in_its_body_and_the_invocation_in_its_header(
    sandbox: Sandbox, ear: Ear, zendesk: Api
):
    _, trigger = _triggered(zendesk, ear, '{"ticket_id": "{{ticket.id}}"}')
    number = sandbox.ticket("zendesk", subject='"}')
    assert sandbox.settled()
    ((headers, body),) = ear.heard
    invocation = headers["x-zendesk-webhook-invocation-id"]
    assert Zendesk.parse(body, headers) == TicketEvent(str(number), invocation, "trigger")
    assert trigger["active"] is True


def test_an_invocation_is_not_signed_so_that_its_key_alone_drops_nothing_that_matters(
    sandbox: Sandbox, ear: Ear, zendesk: Api
):
    hook, _ = _triggered(zendesk, ear, '{"ticket_id": "{{ticket.id}}"}')
    secret = zendesk.get(f"/webhooks/{hook['id']}/signing_secret").json()["signing_secret"]["secret"]
    sandbox.ticket("zendesk")
    assert sandbox.settled()
    ((headers, body),) = ear.heard
    replayed = {**headers, "x-zendesk-webhook-invocation-id": "1"}
    assert Zendesk.verify(body, replayed, [secret], datetime.now(UTC)).late is False
    events = [Zendesk.parse(body, sent) for sent in (headers, replayed)]
    assert [event.ticket_id for event in events if event] == ["1", "1"]
    assert len({event.key for event in events if event}) == 2


def test_a_placeholder_is_not_escaped_so_a_subject_can_break_the_body_and_is_named(
    sandbox: Sandbox, ear: Ear, zendesk: Api
):
    _triggered(zendesk, ear, '{"ticket_id": "{{ticket.id}}", "about": "{{ticket.title}}"}')
    sandbox.ticket("zendesk", subject='It is "urgent"')
    sandbox.ticket("zendesk", subject="It is not")
    assert sandbox.settled()
    ends = [end(lambda heard=heard: Zendesk.parse(heard[1], heard[0])) for heard in ear.heard]
    assert ends == ["BadPayload", "done"]


def test_a_trigger_guarded_by_who_acts_is_silent_on_klarks_own_write_and_not_on_anyone_elses(
    sandbox: Sandbox, ear: Ear, zendesk: Api
):
    guard = {"field": "role", "operator": "is_not", "value": SEAT}
    _triggered(zendesk, ear, '{"ticket_id": "{{ticket.id}}", "by": "{{current_user.id}}"}', guard)
    adapter, ticket = asked(sandbox, "zendesk", channel="api")
    adapter.write(ticket, REPLY)
    sandbox.comment("zendesk", int(ticket.id), "<p>mine</p>", by="agent")
    assert sandbox.settled()
    assert [body["by"] != SEAT for body in ear.bodies()] == [True, True]
    assert ear.bodies()[1]["by"] == str(AGENT_ID)


# The help centre


def test_a_walk_shows_what_everyone_may_read_in_every_locale_and_then_only_changes(sandbox: Sandbox, clock: Clock):
    rows: list[dict[str, Any]] = [
        {"id": 1, "title": "Delivery", "body_html": "<p>3 days</p>", "language": "en-us"},
        {"id": 1, "title": "Livraison", "body_html": "<p>3 jours</p>", "language": "fr"},
        {"id": 2, "title": "Draft", "body_html": "<p>x</p>", "language": "en-us", "draft": True},
        {"id": 3, "title": "Staff", "body_html": "<p>x</p>", "language": "en-us", "user_segment_id": 5},
    ]
    sandbox.articles("zendesk", rows)
    adapter = opened(sandbox, "zendesk")
    found, cursor, more = [], "", True
    while more:
        page = adapter.shelf(cursor)
        found += [(article.title, article.language) for article in page.articles]
        cursor, more = page.cursor, page.more
    clock.at = datetime.now(UTC).replace(microsecond=0)
    sandbox.change_article("zendesk", 1, language="fr", title="La livraison")
    sandbox.change_article("zendesk", 2, draft=False)
    changed = adapter.shelf(cursor)
    assert found == [("Delivery", "en-us"), ("Livraison", "fr"), ("Close and redirect to topics", "")]
    assert changed.walk is False
    assert set(changed.touched) >= {"2"}
    assert "Draft" in [article.title for article in changed.articles]


def _transport(sandbox: Sandbox) -> Any:
    return requests_transport(Outbound(private=(sandbox.address.removeprefix("http://"),)))


def _triggered(zendesk: Api, ear: Ear, body: str, *more: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A webhook for triggers, and a trigger on every change that calls it with `body`."""
    webhook = {"name": "klark", "endpoint": ear.url, "http_method": "POST", "request_format": "json",
               "subscriptions": ["conditional_ticket_events"]}  # fmt: skip
    made = zendesk.post("/webhooks", {"webhook": webhook}).json()["webhook"]
    conditions = {"all": [*more], "any": [{"field": "update_type", "operator": "is", "value": kind} for kind in
                                          ("Create", "Change")]}  # fmt: skip
    action = {"field": "notification_webhook", "value": [made["id"], body]}
    trigger = {"title": "klark", "conditions": conditions, "actions": [action]}
    answer = zendesk.post("/triggers", {"trigger": trigger})
    assert answer.status_code == 201, answer.text
    return made, answer.json()["trigger"]
