"""Zendesk's OAuth authorization code flow with PKCE: a person is sent to Zendesk, allows klark there, and returns with a code.

The state travels through the browser, so it proves nothing by itself: it is valid once, for ten minutes, for the user
and the session that began it, and for that tenant's connection. The verifier never passes through the browser.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from integrations.errors import Refused
from klark.connections.tokens import oauth, secrets_of
from klark.models import Actor, AuditAct, Connection, Handshake, record, within
from klark.runtime.encrypted_secrets import WEBHOOK_SECRETS, CannotOpen, seal, unseal

LIVES = timedelta(minutes=10)
CALLBACK = "/admin/klark/connection/oauth/callback/"


@dataclass(frozen=True, slots=True)
class Browser:
    """The user (an id) and the session (its key) at the browser."""

    user_id: int
    session: str


@dataclass(frozen=True, slots=True)
class Returned:
    """A person who came back from Zendesk: the connection, the code, and the secrets needed to exchange it (`kept`)."""

    connection: Connection
    kept: dict[str, str]
    code: str


def redirect() -> str:
    """Returns the redirect URL that the OAuth client at Zendesk must have."""
    return f"{settings.KLARK_URL}{CALLBACK}"


def begin(connection: Connection, browser: Browser) -> str:
    """Begins an authorization; returns the URL at Zendesk to send the browser to. Raises Refused with what to do first."""
    try:
        found = unseal(connection.sealed)
    except CannotOpen as error:
        raise Refused(str(error)) from error
    if connection.helpdesk != "zendesk" or not found.get("client_id"):
        raise Refused("Put in the identifier of an OAuth client at Zendesk first, and save.")
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    client = {name: found.get(name, "") for name in ("client_id", "client_secret")}
    with within(connection.tenant_id):
        Handshake.objects.create(
            tenant_id=connection.tenant_id, connection=connection, digest=_digest(state), user_id=browser.user_id,
            sealed=seal({"verifier": verifier, **client}), session=_digest(browser.session), ends_at=Now() + LIVES,
        )  # fmt: skip
    return oauth(connection).page(client["client_id"], redirect(), state, verifier)


def come_back(state: str, code: str, browser: Browser) -> Returned:
    """Takes the handshake that this state began; nobody can take it again, whatever becomes of the code. Raises Refused.

    Call inside `within` for the tenants that the user may see.
    """
    rows = Handshake.objects.filter(digest=_digest(state), user_id=browser.user_id, session=_digest(browser.session))
    row = rows.filter(ends_at__gt=Now()).select_related("connection").select_for_update(of=("self",)).first()
    if row is None or not rows.filter(pk=row.pk).delete()[0]:
        raise Refused("This authorization was not begun here, took longer than ten minutes, or was used already.")
    if not code:
        raise Refused("Zendesk gave no code: the authorization was declined there.")
    try:
        return Returned(row.connection, unseal(row.sealed), code)
    except CannotOpen as error:
        raise Refused(str(error)) from error


def exchange(returned: Returned, by: Actor) -> None:
    """Exchanges the code for tokens and stores them; the old credentials stay until then. Raises what adapters raise."""
    row, kept = returned.connection, returned.kept
    client = {name: kept[name] for name in ("client_id", "client_secret")}
    tokens = oauth(row).by_code(
        client["client_id"], client["client_secret"], returned.code, kept["verifier"], redirect()
    )
    with within(row.tenant_id):
        fresh = Connection.of(row.tenant_id).select_for_update(no_key=True).get(pk=row.pk)
        grant = {"grant": "refresh"} if tokens.refresh else {}
        kept_secrets = {name: value for name, value in unseal(fresh.sealed).items() if name in WEBHOOK_SECRETS}
        found = {**kept_secrets, **secrets_of(tokens), **client, **grant}
        row.sealed = fresh.sealed = seal({name: value for name, value in found.items() if value})
        row.own_user_id = fresh.own_user_id = ""  # the token may be another seat's
        row.trouble = fresh.trouble = ""
        fresh.save(update_fields=["sealed", "own_user_id", "trouble"])
        record(row.tenant_id, by, AuditAct.SECRETS, row)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
