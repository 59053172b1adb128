"""Zendesk's OAuth: the page where a person consents (here they always do), codes with PKCE, and tokens.

A code works once, within 120 seconds, for its redirect URL and its challenge. A refresh replaces both tokens and
invalidates the old ones. A token's lifetime is the requested one, within the product's bounds.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from integrations.sandbox.records import Desk
from integrations.sandbox.routing import Call, DeskAnswer, Route
from integrations.sandbox.world import World

CODE_S = 120
DAY_S = 86_400
LIVES: Mapping[str, range] = {
    "expires_in": range(300, 2 * DAY_S + 1),
    "refresh_token_expires_in": range(7 * DAY_S, 90 * DAY_S + 1),
}


def invalid(text: str) -> DeskAnswer:
    """Returns the 400 for an invalid grant."""
    return DeskAnswer(400, {"error": "invalid_grant", "error_description": text})


def allow(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """The consent page: it redirects straight back with a code."""
    asked = call.query
    if asked.get("response_type") != "code" or not asked.get("client_id") or not asked.get("redirect_uri"):
        return DeskAnswer(
            400, {"error": "invalid_request", "error_description": "response_type, client_id, redirect_uri"}
        )
    code = secrets.token_hex(32)
    about = {name: asked.get(name, "") for name in ("client_id", "redirect_uri", "code_challenge")}
    desk.rows.setdefault("codes", {})[code] = {**about, "made": time.time()}
    back = urlencode({"code": code, "state": asked.get("state", "")})
    return DeskAnswer(302, None, {"Location": f"{asked['redirect_uri']}?{back}"}, raw=b"")


def tokens(world: World, desk: Desk, call: Call) -> DeskAnswer:
    """Issues tokens for a client, a code or a refresh token."""
    sent = call.body()
    grant = GRANTS.get(sent.get("grant_type", ""))
    if grant is None:
        return DeskAnswer(
            400, {"error": "unsupported_grant_type", "error_description": "Not a grant this account takes"}
        )
    lives = {name: sent.get(name, bounds[-1]) for name, bounds in LIVES.items()}
    outside = next((name for name, bounds in LIVES.items() if lives[name] not in bounds), "")
    if outside:
        return DeskAnswer(400, {"error": "invalid_request", "error_description": f"{outside} is out of its bounds"})
    if wrong := grant(world, desk, sent):
        return invalid(wrong)
    access, refresh = secrets.token_hex(32), secrets.token_hex(32)
    world.keys["zendesk"].add(f"oauth:{access}")
    world.refresh[refresh] = access
    scope = sent.get("scope", "read write")
    return DeskAnswer(
        200, {"access_token": access, "refresh_token": refresh, "token_type": "bearer", "scope": scope, **lives}
    )


def _by_refresh(world: World, desk: Desk, sent: Mapping[str, Any]) -> str:
    old = world.refresh.pop(sent.get("refresh_token", ""), None)
    world.keys["zendesk"].discard(f"oauth:{old}")
    return "" if old is not None else "The refresh token is invalid"


def _by_code(world: World, desk: Desk, sent: Mapping[str, Any]) -> str:
    about = desk.rows.setdefault("codes", {}).pop(sent.get("code", ""), None)
    if about is None or time.time() - about["made"] > CODE_S:
        return "The code is invalid"
    shown = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest()).decode()
    same = all(sent.get(name) == about[name] for name in ("client_id", "redirect_uri"))
    return "" if same and shown.rstrip("=") == about["code_challenge"] else "The code is for another request"


GRANTS = {
    "client_credentials": lambda world, desk, sent: "",
    "refresh_token": _by_refresh,
    "authorization_code": _by_code,
}
OAUTH_ROUTES = (
    Route("GET", r"/oauth/authorizations/new", allow),
    Route("POST", r"/oauth/tokens", tokens),
)
