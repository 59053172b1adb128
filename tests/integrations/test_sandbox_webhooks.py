"""Webhooks leave as the vendors send them: signed, tried again, repeated, held and out of order."""

import base64
import hashlib
import hmac
import itertools
import json
import re
from datetime import UTC, datetime

import pytest

from integrations.sandbox.client import Sandbox
from integrations.sandbox.webhooks import Attempt, freshdesk_wait, sign, zendesk_wait
from tests.integrations.sandboxed import Api, Ear, wait_for

pytest_plugins = ["tests.integrations.sandbox_fixtures"]

SECRET = "c2VjcmV0LW9mLXRoZS10ZXN0"


@pytest.fixture
def hooked(sandbox: Sandbox, ear: Ear) -> Sandbox:
    """Both desks tell the ear; a minute of waiting is 6 ms."""
    sandbox.webhook("zendesk", ear.url, SECRET)
    sandbox.webhook("freshdesk", ear.url, SECRET)
    sandbox.settings(retry_scale=0.0001)
    return sandbox


def test_a_signature_is_the_documented_formula():
    stamp, body = "2026-11-25T09:00:00Z", b'{"a": "\xc3\xa9"}'
    digest = hmac.new(SECRET.encode(), stamp.encode() + body, hashlib.sha256).digest()
    assert sign(SECRET, stamp, body) == base64.b64encode(digest).decode()
    assert sign(SECRET, stamp, b"") == sign(SECRET, "", stamp.encode())  # nothing stands between the two
    assert sign(SECRET, "1", b"2") != sign(SECRET, "2", b"1")


def test_a_zendesk_webhook_carries_its_headers_and_verifies(hooked: Sandbox, ear: Ear):
    hooked.ticket("zendesk", subject="É")
    assert hooked.settled()
    [(headers, body)] = ear.heard
    stamp = headers["x-zendesk-webhook-signature-timestamp"]
    digest = hmac.new(SECRET.encode(), stamp.encode() + body, hashlib.sha256).digest()
    assert headers["x-zendesk-webhook-signature"] == base64.b64encode(digest).decode()
    assert abs((datetime.now(UTC) - datetime.fromisoformat(stamp)).total_seconds()) < 5
    assert re.fullmatch(r"01[0-9A-HJKMNP-TV-Z]{24}", headers["x-zendesk-webhook-id"])
    assert headers["x-zendesk-webhook-invocation-id"].isdigit()
    assert headers["x-zendesk-account-id"] == str(json.loads(body)["account_id"])


def test_a_zendesk_event_has_text_ids_upper_case_words_and_nanoseconds(hooked: Sandbox, ear: Ear):
    ticket = hooked.ticket("zendesk", subject="Help", body="Please", priority="high", tags=["b", "a"])
    assert hooked.settled()
    [event] = ear.bodies()
    assert (event["type"], event["subject"]) == ("zen:event-type:ticket.created", f"zen:ticket:{ticket}")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z", event["time"])
    assert (event["zendesk_event_version"], event["event"]) == ("2022-11-06", {})
    detail = event["detail"]
    assert (detail["id"], detail["status"], detail["priority"], detail["tags"]) == (
        str(ticket),
        "NEW",
        "HIGH",
        ["a", "b"],
    )
    assert detail["requester_id"] == detail["actor_id"]
    assert isinstance(detail["requester_id"], str)


def test_a_comment_event_tells_who_said_what(hooked: Sandbox, ear: Ear):
    ticket = hooked.ticket("zendesk", webhook=False)
    comment = hooked.comment("zendesk", ticket, "<p>On it</p>", by="agent", public=False)
    assert hooked.settled()
    [event] = ear.bodies()
    said = event["event"]["comment"]
    assert (said["id"], said["body"], said["is_public"]) == (str(comment), "On it", False)
    assert said["author"] == {"id": "9002", "is_staff": True, "name": "Alex Agent"}
    assert event["event"]["meta"]["sequence"]["position"] == 1


@pytest.mark.parametrize(
    ("fields", "kind", "told"),
    [
        ({"status": "solved"}, "status_changed", {"current": "SOLVED", "previous": "NEW"}),
        ({"priority": "low"}, "priority_changed", {"current": "LOW", "previous": None}),
        ({"assignee": "agent"}, "agent_assignment_changed", {"current": "9002", "previous": None}),
        ({"tags": ["x"]}, "tags_changed", {"tags_added": ["x"], "tags_removed": []}),
        ({"deleted": True}, "soft_deleted", {}),
    ],
)
def test_every_change_of_a_field_is_told(hooked: Sandbox, ear: Ear, fields: dict[str, object], kind: str, told: object):
    ticket = hooked.ticket("zendesk", webhook=False)
    hooked.change("zendesk", ticket, **fields)
    assert hooked.settled()
    assert ear.kinds() == [kind]
    event = ear.bodies()[0]["event"]
    assert {name: value for name, value in event.items() if name != "meta"} == told


def test_a_change_to_the_same_value_is_not_told(hooked: Sandbox, ear: Ear):
    hooked.change("zendesk", hooked.ticket("zendesk", webhook=False), status="new")
    assert hooked.settled()
    assert ear.heard == []


def test_klarks_own_write_is_told_too_one_event_for_each_part(hooked: Sandbox, ear: Ear, zendesk: Api):
    ticket = hooked.ticket("zendesk", webhook=False)
    zendesk.say(ticket, tags=["klark"], status="pending")
    assert hooked.settled()
    assert ear.kinds() == ["comment_added", "status_changed", "tags_changed"]
    assert {body["detail"]["actor_id"] for body in ear.bodies()} == {"9001"}
    sequences = {body["event"]["meta"]["sequence"]["id"] for body in ear.bodies()}
    assert len(sequences) == 1


def test_a_merge_tells_both_tickets(hooked: Sandbox, ear: Ear):
    source, target = hooked.ticket("zendesk", webhook=False), hooked.ticket("zendesk", webhook=False)
    hooked.change("zendesk", source, merged_into=target)
    assert hooked.settled()
    told = [(body["detail"]["id"], kind) for body, kind in zip(ear.bodies(), ear.kinds(), strict=True)]
    assert told[0] == (str(target), "comment_added")
    assert {kind for where, kind in told if where == str(source)} == {
        "comment_added",
        "status_changed",
        "tags_changed",
        "merged",
    }


def test_a_quiet_change_is_not_told(hooked: Sandbox, ear: Ear):
    ticket = hooked.ticket("freshdesk", webhook=False)
    hooked.comment("freshdesk", ticket, "<p>x</p>", webhook=False)
    hooked.change("freshdesk", ticket, status="solved", webhook=False)
    assert hooked.settled()
    assert ear.heard == []


# Freshdesk's bodies


def test_a_freshdesk_webhook_carries_the_secret_and_the_ticket(hooked: Sandbox, ear: Ear):
    ticket = hooked.ticket("freshdesk")
    assert hooked.settled()
    [(headers, body)] = ear.heard
    assert headers["x-klark-secret"] == SECRET
    assert json.loads(body) == {"ticket_id": str(ticket), "triggered_event": "{ticket_action:created}"}


def test_freshdesk_can_use_basic_credentials_another_header_or_another_body(sandbox: Sandbox, ear: Ear):
    sandbox.webhook("freshdesk", ear.url, "pw", username="klark")
    sandbox.webhook(
        "freshdesk", ear.url, "s", header="X-Other", body='{"id": {{ticket.id}}, "s": "{{ticket.subject}}"}'
    )
    ticket = sandbox.ticket("freshdesk", subject='a "quoted" one')
    assert sandbox.settled()
    (basic, _), (other, body) = ear.heard
    assert basic["authorization"] == "Basic " + base64.b64encode(b"klark:pw").decode()
    assert other["x-other"] == "s"
    assert body.decode() == f'{{"id": {ticket}, "s": "a "quoted" one"}}'  # unescaped, as the product does


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ({"status": "solved"}, "{status:{from:2,to:4}}"),
        ({"priority": "urgent"}, "{priority:{from:None,to:4}}"),
        ({"assignee": "agent"}, "{responder_id:{from:None,to:9002}}"),
        ({"tags": ["x"]}, "{ticket_action:updated}"),
        ({"deleted": True}, "{ticket_action:deleted}"),
    ],
)
def test_freshdesk_names_what_happened_in_its_own_way(hooked: Sandbox, ear: Ear, act: dict[str, object], told: str):
    hooked.change("freshdesk", hooked.ticket("freshdesk", webhook=False), **act)
    assert hooked.settled()
    assert [body["triggered_event"] for body in ear.bodies()] == [told]


@pytest.mark.parametrize(
    ("path", "sent", "told"),
    [
        ("reply", {}, "{reply_sent:sent}"),
        ("notes", {}, "{note_type:private}"),
        ("notes", {"private": False}, "{note_type:public}"),
    ],
)
def test_freshdesk_tells_of_klarks_own_words(
    hooked: Sandbox, ear: Ear, freshdesk: Api, path: str, sent: dict[str, bool], told: str
):
    ticket = hooked.ticket("freshdesk", webhook=False)
    freshdesk.post(f"/tickets/{ticket}/{path}", {"body": "<p>x</p>", **sent})
    assert hooked.settled()
    assert [body["triggered_event"] for body in ear.bodies()] == [told]


# Trying again


def _states(sandbox: Sandbox) -> list[tuple[str, int | None, int]]:
    return [(row["state"], row["status"], len(row["attempts"])) for row in sandbox.webhooks()]


@pytest.mark.parametrize(
    ("status", "headers", "attempts"),
    [
        (409, {}, 4),
        (503, {"Retry-After": "30"}, 4),
        (429, {"Retry-After": "59"}, 4),
        (503, {"Retry-After": "60"}, 1),
        (503, {}, 1),
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 1),
        (500, {}, 1),
        (404, {}, 1),
        (302, {"Location": "/else"}, 1),
    ],
)
def test_zendesk_tries_again_only_for_some_answers(
    hooked: Sandbox, ear: Ear, status: int, headers: dict[str, str], attempts: int
):
    ear.answers = [(status, headers, 0.0)] * 9
    hooked.ticket("zendesk")
    assert hooked.settled()
    assert _states(hooked) == [("failed", status, attempts)]
    assert len({(h["x-zendesk-webhook-invocation-id"], body) for h, body in ear.heard}) == 1


def test_zendesk_gives_up_after_five_more_time_outs(hooked: Sandbox, ear: Ear):
    hooked.settings(timeout_s=0.05)
    ear.answers = [(202, {}, 0.2)] * 9
    hooked.ticket("zendesk")
    assert hooked.settled()
    assert _states(hooked) == [("failed", None, 6)]
    assert {attempt["error"] for attempt in hooked.webhooks()[0]["attempts"]} == {"timeout"}


def test_zendesk_does_not_try_again_where_nobody_listens(sandbox: Sandbox):
    sandbox.webhook("zendesk", "http://127.0.0.1:9/", SECRET)
    sandbox.ticket("zendesk")
    assert sandbox.settled()
    assert _states(sandbox) == [("failed", None, 1)]


def test_a_later_attempt_delivers(hooked: Sandbox, ear: Ear):
    ear.answers = [(503, {"Retry-After": "30"}, 0.0)]
    hooked.ticket("zendesk")
    assert hooked.settled()
    assert _states(hooked) == [("delivered", 202, 2)]


def test_freshdesk_tries_three_times_more_whatever_went_wrong(hooked: Sandbox, ear: Ear):
    ear.answers = [(500, {}, 0.0), (404, {}, 0.0), (302, {}, 0.0), (503, {}, 0.0)]
    hooked.ticket("freshdesk")
    assert hooked.settled()
    assert _states(hooked) == [("failed", 503, 4)]


def test_the_waits_are_the_vendors_own():
    failed = Attempt("", 500)
    assert [freshdesk_wait([failed] * n) for n in (1, 2, 3, 4)] == [300.0, 1800.0, 3600.0, None]
    assert zendesk_wait([Attempt("", 503, "", 30.0)]) == 30.0
    assert zendesk_wait([Attempt("", None, "timeout")] * 6) is None


def test_a_slow_listener_does_not_hold_up_the_caller(hooked: Sandbox, ear: Ear, zendesk: Api):
    ear.answers = [(202, {}, 9.0)]
    assert zendesk.say(hooked.ticket("zendesk")).ok
    assert _states(hooked)[0] == ("queued", None, 0)  # the call was answered while the listener was not
    ear.released.set()
    assert hooked.settled()


# Repeats and order


def test_a_repeat_is_the_same_byte_for_byte(hooked: Sandbox, ear: Ear):
    ticket = hooked.ticket("zendesk")
    assert hooked.resend("zendesk", ticket, times=2) == 2
    assert hooked.settled()
    first, *others = [(h["x-zendesk-webhook-invocation-id"], h["x-zendesk-webhook-signature"], b) for h, b in ear.heard]
    assert others == [first, first]


def test_there_is_nothing_to_repeat_for_a_quiet_ticket(hooked: Sandbox):
    assert hooked.resend("zendesk", hooked.ticket("zendesk", webhook=False)) == 0


@pytest.mark.parametrize(("order", "expected"), [("forward", ["a", "b", "c"]), ("reverse", ["c", "b", "a"])])
def test_held_webhooks_go_in_the_order_asked(hooked: Sandbox, ear: Ear, order: str, expected: list[str]):
    hooked.hold("zendesk")
    ids = {str(hooked.ticket("zendesk", subject=name)): name for name in "abc"}
    hooked.ticket("freshdesk")
    assert wait_for(lambda: len(ear.heard) == 1)
    assert [row["state"] for row in hooked.webhooks("zendesk")] == ["held"] * 3
    assert hooked.release("zendesk", order) == 3
    assert hooked.settled()
    assert [ids[body["detail"]["id"]] for body in ear.bodies()[1:]] == expected


def test_some_of_what_is_held_can_be_sent_in_any_order_and_the_rest_stays(hooked: Sandbox, ear: Ear):
    hooked.hold("zendesk")
    tickets = [hooked.ticket("zendesk") for _ in range(4)]
    assert hooked.release("zendesk", [2, 0]) == 2
    assert wait_for(lambda: len(ear.heard) == 2)
    assert [event["detail"]["id"] for event in ear.bodies()] == [str(tickets[2]), str(tickets[0])]
    states = {row["ticket"]: row["state"] for row in hooked.webhooks(tickets=[tickets[0], tickets[1]])}
    assert wait_for(lambda: hooked.webhooks(tickets=[tickets[0]])[0]["state"] == "delivered")
    assert (set(states), states[tickets[1]]) == ({tickets[0], tickets[1]}, "held")


def test_after_a_release_webhooks_flow_again(hooked: Sandbox, ear: Ear):
    hooked.hold("zendesk")
    hooked.release("zendesk")
    hooked.ticket("zendesk")
    assert hooked.settled()
    assert len(ear.heard) == 1


# Those that klark sets up itself


def _api_webhook(zendesk: Api, url: str, *kinds: str) -> dict[str, str]:
    sent = {"name": "klark", "endpoint": url, "http_method": "POST", "request_format": "json", "status": "active"}
    made = zendesk.post("/webhooks", {"webhook": {**sent, "subscriptions": list(kinds)}})
    assert made.status_code == 201
    return made.json()["webhook"]


def test_a_webhook_made_by_api_hears_what_it_subscribed_to(sandbox: Sandbox, ear: Ear, zendesk: Api):
    made = _api_webhook(zendesk, ear.url, "zen:event-type:ticket.comment_added")
    secret = zendesk.get(f"/webhooks/{made['id']}/signing_secret").json()["signing_secret"]["secret"]
    ticket = sandbox.ticket("zendesk")
    sandbox.comment("zendesk", ticket, "<p>More</p>")
    assert sandbox.settled()
    assert ear.kinds() == ["comment_added"]
    headers, body = ear.heard[0]
    assert headers["x-zendesk-webhook-signature"] == sign(
        secret, headers["x-zendesk-webhook-signature-timestamp"], body
    )


def _trigger(
    webhook: str, conditions: list[tuple[str, str, str]], body: str = '{"id": "{{ticket.id}}"}'
) -> dict[str, object]:
    rows = [{"field": field, "operator": operator, "value": value} for field, operator, value in conditions]
    actions = [{"field": "notification_webhook", "value": [webhook, body]}]
    return {"trigger": {"title": "klark", "conditions": {"all": rows, "any": []}, "actions": actions}}


def test_a_trigger_sends_its_own_body_when_its_conditions_hold(sandbox: Sandbox, ear: Ear, zendesk: Api):
    made = _api_webhook(zendesk, ear.url, "conditional_ticket_events")
    wanted = [("role", "is", "end_user"), ("current_via_id", "is_not", "5"), ("comment_is_public", "is", "true")]
    assert zendesk.post("/triggers.json", _trigger(made["id"], wanted)).status_code == 201
    ticket = sandbox.ticket("zendesk")
    sandbox.comment("zendesk", ticket, "<p>On it</p>", by="agent")
    zendesk.say(ticket)
    sandbox.comment("zendesk", ticket, "<p>Thanks</p>")
    assert sandbox.settled()
    assert ear.bodies() == [{"id": str(ticket)}, {"id": str(ticket)}]


def test_a_trigger_fires_once_for_an_update_of_many_parts(sandbox: Sandbox, ear: Ear, zendesk: Api):
    made = _api_webhook(zendesk, ear.url, "conditional_ticket_events")
    zendesk.post("/triggers.json", _trigger(made["id"], [("update_type", "is", "Change")]))
    zendesk.say(sandbox.ticket("zendesk"), tags=["x"], status="open")
    assert sandbox.settled()
    assert len(ear.heard) == 1


def test_an_inactive_or_removed_trigger_is_silent(sandbox: Sandbox, ear: Ear, zendesk: Api):
    made = _api_webhook(zendesk, ear.url, "conditional_ticket_events")
    trigger = zendesk.post("/triggers", _trigger(made["id"], [("update_type", "is", "Create")])).json()["trigger"]
    path = f"/triggers/{trigger['id']}"
    assert zendesk.put(path, {"trigger": {"active": False}}).json()["trigger"]["active"] is False
    sandbox.ticket("zendesk")
    assert zendesk.ask("DELETE", path).status_code == 204
    sandbox.ticket("zendesk")
    assert sandbox.settled()
    assert ear.heard == []


def test_a_freshdesk_rule_fires_for_its_kind_and_performer(sandbox: Sandbox, ear: Ear, freshdesk: Api):
    action = {"url": ear.url, "custom_headers": {"X-Klark-Secret": "s"}, "content": {"ticket": "{{ticket.id}}"}}
    freshdesk.post("/automations/4/rules", {"name": "klark", "performer": {"type": 2}, "actions": [action]})
    ticket = sandbox.ticket("freshdesk")
    sandbox.comment("freshdesk", ticket, "<p>by an agent</p>", by="agent")
    sandbox.comment("freshdesk", ticket, "<p>by the customer</p>")
    assert sandbox.settled()
    assert ear.bodies() == [{"ticket": str(ticket)}]
    assert ear.heard[0][0]["x-klark-secret"] == "s"


def test_invocation_ids_never_repeat(hooked: Sandbox, ear: Ear):
    for _ in itertools.repeat(None, 5):
        hooked.ticket("zendesk")
    assert hooked.settled()
    assert len({headers["x-zendesk-webhook-invocation-id"] for headers, _ in ear.heard}) == 5
    assert len({body["id"] for body in ear.bodies()}) == 5
