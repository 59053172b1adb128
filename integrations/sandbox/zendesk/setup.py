"""What setting klark up uses in Zendesk: webhooks and secrets, triggers, and some small lists.

The functions in the table at the end take the world, the desk, the call and the path's groups, and return the
response.
"""

import secrets
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from integrations.sandbox import records
from integrations.sandbox.records import BRAND_ID, GROUP_ID, KLARK_ID, Desk
from integrations.sandbox.routing import Call, DeskAnswer, Route
from integrations.sandbox.store import stamp
from integrations.sandbox.webhooks import deliver
from integrations.sandbox.world import World
from integrations.sandbox.zendesk import shapes
from integrations.sandbox.zendesk.events import CONDITIONS, signed
from integrations.sandbox.zendesk.shapes import NOT_FOUND, invalid
from integrations.sandbox.zendesk.statuses import CUSTOM_STATUSES

# Documented: signs a test that is sent before the webhook exists.
TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105  public, in the documentation
TRIGGER_EVENTS = "conditional_ticket_events"
WEBHOOK_KEYS = ("endpoint", "http_method", "name", "request_format", "status", "subscriptions", "authentication")
ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def rows(desk: Desk, kind: str) -> dict[str, dict[str, Any]]:
    """Returns the stored rows of a kind, by id."""
    return desk.rows.setdefault(kind, {})


def new_webhook(desk: Desk, sent: Mapping[str, Any], secret: str = "") -> dict[str, Any]:
    """Stores a webhook and returns its row: ids look like ULIDs, klark can fetch the secret."""
    number = "01" + "".join(secrets.choice(ULID) for _ in range(24))
    moment = stamp(records.now())
    wanted = {name: sent[name] for name in WEBHOOK_KEYS if name in sent}
    fixed = {"id": number, "secret": secret or secrets.token_urlsafe(32), "created_at": moment, "updated_at": moment}
    filled = {"http_method": "POST", "request_format": "json", "status": "active", "name": "klark", "subscriptions": []}
    row = {**filled, **wanted, **fixed, "created_by": str(KLARK_ID), "updated_by": str(KLARK_ID)}
    rows(desk, "webhooks")[number] = row
    return row


def shown(row: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a webhook without its secret."""
    return {name: value for name, value in row.items() if name != "secret"}


def create_webhook(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Creates a webhook and returns it without its secret; 400 if a field is missing, or it is for triggers and events."""
    sent = call.body().get("webhook", {})
    missing = next((name for name in ("endpoint", "name", "http_method", "request_format") if not sent.get(name)), None)
    if missing:
        return _wrong(f"{missing} is required")
    if _mixed(sent.get("subscriptions", [])):
        return _wrong("a webhook is for events or for triggers, not for both")
    return DeskAnswer(201, {"webhook": shown(new_webhook(desk, sent))})


def _wrong(detail: str) -> DeskAnswer:
    return DeskAnswer(400, {"errors": [{"code": "InvalidWebhook", "title": "Bad Request", "detail": detail}]})


def _mixed(subscriptions: Sequence[str]) -> bool:
    return TRIGGER_EVENTS in subscriptions and len(subscriptions) > 1


def list_webhooks(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Lists the webhooks, by cursor and without secrets."""
    return shapes.by_cursor(call, "webhooks", [shown(row) for row in rows(desk, "webhooks").values()])


def change_webhook(world: World, desk: Desk, call: Call, number: str) -> DeskAnswer:
    """Answers 204; a webhook for triggers cannot become one for events, nor the reverse."""
    row, sent = rows(desk, "webhooks").get(number), call.body().get("webhook", {})
    if row is None:
        return NOT_FOUND
    wanted = {name: sent[name] for name in WEBHOOK_KEYS if name in sent}
    for_triggers = TRIGGER_EVENTS in row["subscriptions"]
    if for_triggers != (TRIGGER_EVENTS in wanted.get("subscriptions", row["subscriptions"])):
        return _wrong("the connection method of a webhook cannot be changed")
    row.update(wanted, updated_at=stamp(records.now()))
    return DeskAnswer(204, raw=b"")


def remove(world: World, desk: Desk, call: Call, number: str, kind: str = "webhooks") -> DeskAnswer:
    """Deletes a webhook, or a row of another kind."""
    return DeskAnswer(204, raw=b"") if rows(desk, kind).pop(number, None) else NOT_FOUND


def secret(world: World, desk: Desk, call: Call, number: str) -> DeskAnswer:
    """Returns the signing secret."""
    row = rows(desk, "webhooks").get(number)
    if row is None:
        return NOT_FOUND
    return DeskAnswer(200, {"signing_secret": {"algorithm": "SHA256", "secret": row["secret"]}})


def test_webhook(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Sends a request at once and returns its status; signed with the webhook's own secret if one is named."""
    row = rows(desk, "webhooks").get(call.query.get("webhook_id", ""), {"id": "test", "secret": TEST_SECRET})
    sent = {"http_method": "POST", **row, **call.body().get("request", {})}
    if not sent.get("endpoint"):
        return _wrong("endpoint is required")
    parcel = signed(sent, str(sent.get("payload", "")), None, str(next(world.invocations)))

    def later() -> DeskAnswer:
        attempt = deliver(parcel, world.sender.timeout_s)
        return DeskAnswer(200, {"response": {"headers": [], "payload": "", "status_code": attempt.status or 0}})

    return DeskAnswer(200, later=later)


def create_trigger(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Creates a trigger."""
    sent = call.body().get("trigger", {})
    refusal = _untrue(desk, sent)
    if refusal:
        return refusal
    number = str(next(desk.ids))
    moment = stamp(records.now())
    row = {"active": True, "description": None, "position": 1, "raw_title": sent["title"], **sent, "id": int(number)}
    url = f"{call.base}/api/v2/triggers/{number}.json"
    rows(desk, "triggers")[number] = {**row, "url": url, "created_at": moment, "updated_at": moment}
    return DeskAnswer(201, {"trigger": rows(desk, "triggers")[number]})


def _untrue(desk: Desk, sent: Mapping[str, Any]) -> DeskAnswer | None:
    """Returns what is wrong with a trigger; a condition that the sandbox does not support is refused rather than ignored."""
    conditions = sent.get("conditions", {})
    fields = [c["field"] for c in (*conditions.get("all", []), *conditions.get("any", []))]
    targets = [a["value"][0] for a in sent.get("actions", []) if a["field"] == "notification_webhook"]
    if not sent.get("title"):
        return invalid("title", "Title: cannot be blank", "BlankValue")
    if not fields or any(field not in CONDITIONS for field in fields):
        return invalid("base", f"Conditions: unknown or none in {fields}")
    known = all(
        TRIGGER_EVENTS in rows(desk, "webhooks").get(t, {"subscriptions": []})["subscriptions"] for t in targets
    )
    return None if targets and known else invalid("base", "Actions: no webhook for triggers is named")


def change_trigger(world: World, desk: Desk, call: Call, number: str) -> DeskAnswer:
    """Changes a trigger by the fields sent, and returns it; refused if a new one like it would be."""
    row = rows(desk, "triggers").get(number)
    if row is None:
        return NOT_FOUND
    changed = {**row, **call.body().get("trigger", {}), "id": row["id"]}
    refusal = _untrue(desk, changed)
    if refusal:
        return refusal
    row.update(changed, updated_at=stamp(records.now()))
    return DeskAnswer(200, {"trigger": row})


def list_triggers(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Lists all triggers, page by page."""
    return shapes.paged(call, "triggers", list(rows(desk, "triggers").values()))


def add_row(key: str, one: str, world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Adds a group or ticket field that klark creates."""
    number = str(next(desk.ids))
    rows(desk, key)[number] = {**call.body().get(one, {}), "id": int(number), "created_at": stamp(records.now())}
    return DeskAnswer(201, {one: rows(desk, key)[number]})


def with_rows(key: str, listed: Sequence[Mapping[str, Any]], world: World, desk: Desk, call: Call) -> DeskAnswer:
    """A fixed list, and the rows that were added."""
    return shapes.paged(call, key, [*listed, *rows(desk, key).values()])


GROUPS = ({"id": GROUP_ID, "name": "Support", "description": "", "default": True, "is_public": True, "deleted": False},)
BRANDS = (
    {"id": BRAND_ID, "name": "Example", "subdomain": "example", "brand_url": "https://example.zendesk.com",
     "active": True, "default": True, "has_help_center": True, "help_center_state": "enabled",
     "signature_template": "{{agent.signature}}"},
)  # fmt: skip
FIELDS = tuple(
    {"id": 7400 + n, "type": kind, "title": kind.capitalize(), "active": True, "required": False, "removable": False}
    for n, kind in enumerate(("subject", "description", "status", "priority", "group", "assignee"))
)
MACROS = (
    {"id": 7501, "title": "Close and redirect to topics", "active": True, "position": 1, "restriction": None,
     "actions": [{"field": "status", "value": "solved"},
                 {"field": "comment_value", "value": "Thanks for your request. Our guides answer this."}]},
)  # fmt: skip


API = r"/api/v2"
WEBHOOK = rf"{API}/webhooks/([0-9A-Z]{{26}})"
SETUP_ROUTES = (
    Route("POST", rf"{API}/webhooks/test", test_webhook),
    Route("GET", rf"{API}/webhooks", list_webhooks),
    Route("POST", rf"{API}/webhooks", create_webhook),
    Route("PATCH", WEBHOOK, change_webhook),
    Route("DELETE", WEBHOOK, remove),
    Route("GET", rf"{WEBHOOK}/signing_secret", secret),
    Route("GET", rf"{API}/triggers", list_triggers),
    Route("POST", rf"{API}/triggers", create_trigger),
    Route("PUT", rf"{API}/triggers/(\d+)", change_trigger),
    Route("DELETE", rf"{API}/triggers/(\d+)", partial(remove, kind="triggers")),
    Route("GET", rf"{API}/groups", partial(with_rows, "groups", GROUPS)),
    Route("POST", rf"{API}/groups", partial(add_row, "groups", "group")),
    Route("GET", rf"{API}/ticket_fields", partial(with_rows, "ticket_fields", FIELDS)),
    Route("POST", rf"{API}/ticket_fields", partial(add_row, "ticket_fields", "ticket_field")),
    Route("GET", rf"{API}/custom_statuses", partial(with_rows, "custom_statuses", CUSTOM_STATUSES)),
    Route("GET", rf"{API}/brands", partial(with_rows, "brands", BRANDS)),
    Route("GET", rf"{API}/macros", partial(with_rows, "macros", MACROS)),
)
