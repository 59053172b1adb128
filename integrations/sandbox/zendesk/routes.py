"""The stand-in Zendesk: its authentication, its errors, and the table of all its routes.

The functions in the table take the world, the desk, the call and the path's groups, and return the response.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any

from integrations.sandbox.limits import Window, zendesk_headers
from integrations.sandbox.records import KLARK_ID, Desk, Organization
from integrations.sandbox.routing import Call, DeskAnswer, Route
from integrations.sandbox.store import stamp, to_html
from integrations.sandbox.world import WRITING, Product, Words, World
from integrations.sandbox.zendesk import shapes
from integrations.sandbox.zendesk.export import EXPORT_ROUTES
from integrations.sandbox.zendesk.guide import GUIDE_ROUTES
from integrations.sandbox.zendesk.oauth import OAUTH_ROUTES
from integrations.sandbox.zendesk.setup import SETUP_ROUTES
from integrations.sandbox.zendesk.tickets import TICKET_ROUTES

UNKNOWN_CALLER = DeskAnswer(401, {"error": "Couldn't authenticate you"})
OPEN_PATHS = ("/api/v2/users/me", "/oauth/tokens", "/oauth/authorizations/new")


def admitted(world: World, call: Call) -> bool:
    """Returns whether a call has good credentials."""
    kind, _, secret = call.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return f"oauth:{secret}" in world.keys["zendesk"]
    return kind.lower() == "basic" and decoded(secret) in world.keys["zendesk"]


def decoded(secret: str) -> str:
    """Returns the content of a Basic header, "" if there is none."""
    try:
        return base64.b64decode(secret, validate=True).decode()
    except (ValueError, binascii.Error):
        return ""


def admit(world: World, call: Call) -> DeskAnswer | None:
    """Returns the refusal of a call without good credentials, or `None`. As recorded, users/me answers everyone, an
    unknown caller as "Anonymous user"."""
    path = call.path.removesuffix("/").removesuffix(".json")
    return None if path in OPEN_PATHS or path.startswith("/~") or admitted(world, call) else UNKNOWN_CALLER


def me(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """klark's user, or the anonymous one."""
    known = admitted(world, call)
    return DeskAnswer(200, {"user": shapes.user(desk.users[KLARK_ID], call.base) if known else shapes.ANONYMOUS})


def user(world: World, desk: Desk, call: Call, user_id: str) -> DeskAnswer:
    """One user."""
    record = desk.users.get(int(user_id))
    return DeskAnswer(200, {"user": shapes.user(record, call.base)}) if record else shapes.NOT_FOUND


def organization(world: World, desk: Desk, call: Call, number: str) -> DeskAnswer:
    """One organization."""
    record = desk.organizations.get(int(number))
    return DeskAnswer(200, {"organization": _shown(record, call.base)}) if record else shapes.NOT_FOUND


def _shown(record: Organization, base: str) -> dict[str, Any]:
    return {
        "id": record.id,
        "url": f"{base}/api/v2/organizations/{record.id}.json",
        "name": record.name,
        "created_at": stamp(record.created_at),
        "updated_at": stamp(record.created_at),
        "shared_tickets": False,
        "shared_comments": False,
        "external_id": None,
        "domain_names": [],
        "details": None,
        "notes": None,
        "group_id": None,
        "tags": [],
        "organization_fields": dict(record.fields),
    }


def search_count(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Supports one search: `type:ticket commenter:ID`."""
    wanted = re.search(r"commenter:(\d+)", call.query.get("query", ""))
    if wanted is None:
        return shapes.invalid("query", "the sandbox knows commenter: only")
    tickets = [t for t in desk.tickets.values() if any(c.author_id == int(wanted[1]) for c in t.comments)]
    return DeskAnswer(200, {"count": len(tickets)})


def busy(window: Window) -> DeskAnswer:
    """Returns a 429 with `Retry-After`."""
    after = str(window.reset_s())
    text = "Number of allowed API requests per minute exceeded"
    return DeskAnswer(429, {"error": "APIRateLimitExceeded", "description": text}, {"Retry-After": after})


def nowhere(routes: Sequence[Route], call: Call) -> DeskAnswer:
    """Returns a 404."""
    return DeskAnswer(404, {"error": "InvalidEndpoint", "description": "Not found"})


def _object(sent: Any) -> dict[str, Any]:
    return sent if isinstance(sent, dict) else {}


def words(call: Call, body: Mapping[str, Any]) -> Words:
    """Returns what a ticket update says, for the journal. The marker is the first text in its metadata whose name
    mentions klark."""
    ticket = _object(body.get("ticket"))
    said, metadata = _object(ticket.get("comment")), _object(ticket.get("metadata"))
    marker = next((str(text) for name, text in metadata.items() if "klark" in name or "marker" in name), None)
    if not said:
        return Words(marker=marker)
    html = said.get("html_body") or to_html(str(said.get("body", "")))
    return Words(said.get("public", True) is not False, html, marker)


ZENDESK = Product(
    routes=(
        *TICKET_ROUTES,
        *EXPORT_ROUTES,
        Route("GET", r"/api/v2/users/me", me),
        Route("GET", r"/api/v2/users/(\d+)", user),
        Route("GET", r"/api/v2/organizations/(\d+)", organization),
        Route("GET", r"/api/v2/search/count", search_count),
        *GUIDE_ROUTES,
        *SETUP_ROUTES,
        *OAUTH_ROUTES,
    ),
    admit=admit,
    busy=busy,
    nowhere=nowhere,
    unreadable=DeskAnswer(400, {"error": "InvalidJSON", "description": "The body of the request is not valid JSON"}),
    headers=zendesk_headers,
    cost=lambda _: 1,
    updating=WRITING,
    words=words,
)
