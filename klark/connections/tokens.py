"""The credential that a connection uses now. Zendesk's OAuth tokens live for hours: a new one is requested before the
old one expires, or when it is no longer accepted, by one worker at a time.

Sealed with the connection: {"token", "grant", "client_id", "client_secret", "refresh", "ends_at"}; a plain API key or
token has "token" only. `grant` is "client" (a new token is requested each time) or "refresh" (which replaces both
tokens and makes the old ones worthless, so that two workers must not do it at the same time).
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now

from integrations.errors import IntegrationError, Refused, TryLater
from integrations.helpdesks.untrusted_input import moment
from integrations.helpdesks.zendesk.oauth import OAuth, Tokens
from integrations.http.transports import Outbound, requests_transport
from klark.models import Connection, within
from klark.runtime.encrypted_secrets import CannotOpen, seal, unseal
from klark.values.storable_text import clip

EARLY = timedelta(seconds=120)  # longer than a request may take
LEASE = timedelta(seconds=60)
"""How long a worker may take to request a token before another one requests it."""
AGAIN_S, LOOK_S = 5.0, 0.1


def outbound(connection: Connection) -> Outbound:
    """Returns what this connection may reach: public addresses, and a stand-in helpdesk's own. No list of private hosts
    counts, since whoever adds a connection names its domain."""
    return Outbound(
        private=(urlsplit(connection.address).netloc,) if connection.address else (),
        read_s=float(settings.KLARK_READ_SECONDS),
        read_only=connection.shadow,
    )


def oauth(connection: Connection) -> OAuth:
    """Returns the client that requests this account's tokens. It sends a POST in shadow mode too, which changes nothing
    there."""
    transport = requests_transport(replace(outbound(connection), read_only=False))
    return OAuth(connection.account, transport, connection.address)


def secrets_of(tokens: Tokens) -> dict[str, str]:
    """Returns what is sealed of tokens that were just issued."""
    ends = datetime.now(UTC) + timedelta(seconds=tokens.lives_s)
    return {"token": f"oauth:{tokens.access}", "refresh": tokens.refresh, "ends_at": ends.isoformat()}


def fresher(mine: str, stored: str) -> str:
    """Returns one of two sealed credentials: `stored` if it is a later token of the same client, else `mine`."""
    try:
        own, other = unseal(mine), unseal(stored)
    except CannotOpen:
        return mine
    ends = [moment(each.get("ends_at")) for each in (own, other)]
    renewed = ends[0] is not None and ends[1] is not None and ends[1] > ends[0]
    return stored if renewed and own.get("client_id") == other.get("client_id") else mine


class Credential:
    """What an adapter gets its token from (`token`, `renew`). Unseals the secrets at once: raises Refused where it cannot."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.secrets = _opened(connection)

    def token(self) -> str:
        """Returns the token to use now. Raises TryLater and Refused, always before the request that the token was for is
        sent."""
        if _ends_soon(self.secrets):
            self._replace()
        return self.secrets.get("token", "")

    def renew(self) -> bool:
        """Returns whether there is a new token, after the one in use was not accepted. If not, the connection's trouble
        says so."""
        if not self.secrets.get("grant"):
            self._tell(REVOKED)
            return False
        try:
            self._replace()
        except Refused:
            return False
        return True

    def _replace(self) -> None:
        """The worker that takes the lease requests a new token, outside every transaction; a second worker waits for it."""
        end = time.monotonic() + LEASE.total_seconds()
        while not self._taken():
            if time.monotonic() > end:
                raise TryLater("Zendesk's token is being renewed by another worker.", AGAIN_S)
            time.sleep(LOOK_S)

    def _taken(self) -> bool:
        """Returns whether the credential is new now: stored by another worker, or requested here. False while another
        requests it."""
        try:
            with within(self.connection.tenant_id):
                row = self._locked()
                found = _opened(row)
                if found.get("token") != self.secrets.get("token"):
                    self._take(found, row.sealed)
                    return True
                if self._rows().filter(renewing_until__gt=Now()).exists():
                    return False
                self._rows().update(renewing_until=Now() + LEASE)
            self._store(found, secrets_of(self._ask(found)))
        except Refused as error:
            self._tell(f"{error} {REVOKED}")
            raise
        except TryLater:
            self._let_go()
            raise
        return True

    def _store(self, asked_with: Mapping[str, str], new: Mapping[str, str]) -> None:
        """Stores the new pair in the statement that drops the old one; a webhook secret that was changed meanwhile stays."""
        with within(self.connection.tenant_id):
            now = _opened(self._locked())
            kept = {**now, **new} if now.get("token") == asked_with.get("token") else now
            sealed = seal(kept)
            self._rows().update(sealed=sealed, trouble="", renewing_until=None)
        self._take(kept, sealed)

    def _take(self, secrets: dict[str, str], sealed: str) -> None:
        self.secrets = secrets
        self.connection.sealed = sealed  # a later save of this row must not bring the old pair back

    def _rows(self) -> QuerySet[Connection]:
        return Connection.of(self.connection.tenant_id).filter(pk=self.connection.pk)

    def _locked(self) -> Connection:
        # no_key: events and drafts that refer to the connection need not wait.
        row = self._rows().select_for_update(no_key=True).first()
        if row is None:  # not saved yet: its token was issued just now, and is not accepted
            raise Refused("Zendesk gave klark a token that it does not accept.")
        return row

    def _let_go(self) -> None:
        with within(self.connection.tenant_id):
            self._rows().update(renewing_until=None)

    def _ask(self, found: Mapping[str, str]) -> Tokens:
        try:
            return _granted(oauth(self.connection), found)
        except Refused:
            raise
        except IntegrationError as error:
            # No response here casts no doubt on the request that the token was for: it was never sent.
            raise TryLater(f"Zendesk gave no new token: {error}", AGAIN_S) from error

    def _tell(self, trouble: str) -> None:
        with within(self.connection.tenant_id):
            self._rows().update(trouble=clip(trouble, 300), renewing_until=None)


REVOKED = (
    "klark's credentials are not accepted (any more). Connect this helpdesk again: nothing is answered until then."
)


def _opened(connection: Connection) -> dict[str, str]:
    try:
        return unseal(connection.sealed)
    except CannotOpen as error:
        raise Refused(str(error)) from error


def _ends_soon(secrets: Mapping[str, str]) -> bool:
    ends = moment(secrets.get("ends_at"))
    return bool(secrets.get("grant")) and ends is not None and ends - EARLY <= datetime.now(UTC)


def _granted(where: OAuth, found: Mapping[str, str]) -> Tokens:
    client = found.get("client_id", ""), found.get("client_secret", "")
    if found.get("grant") == "client":
        return where.by_client(*client)
    return where.by_refresh(*client, found.get("refresh", ""))
