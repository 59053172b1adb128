"""Zendesk's OAuth tokens: client credentials; authorization code with PKCE, where a person consents in their browser;
and refresh, which replaces both tokens and invalidates the old ones.

https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
https://developer.zendesk.com/documentation/api-basics/authentication/using-oauth-to-authenticate-zendesk-api-requests-in-a-web-app/
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError

from integrations.errors import Refused, Unsure
from integrations.helpdesks.untrusted_input import mapping, token, whole, words
from integrations.helpdesks.zendesk.client import home_of
from integrations.http_failures import blamed, explained, judged

SCOPE = "read write"
# Requested lifetimes: two hours; 89 days, since the manual has said both "less than 90 days" and "less than or
# equal".
ACCESS_S, REFRESH_S = 7_200, 7_689_600
SHORTEST_S, LONGEST_S = 300, 172_800


@dataclass(frozen=True, slots=True)
class Tokens:
    """The result of a grant. `refresh` is "" if there is none; `lives_s` is the lifetime of `access` in seconds."""

    access: str
    refresh: str
    lives_s: int


@dataclass(frozen=True, slots=True)
class OAuth:
    """Requests tokens. `address` is a stand-in's, "" in production."""

    account: str
    transport: BaseAdapter
    address: str = ""

    def by_client(self, client_id: str, client_secret: str) -> Tokens:
        """Returns the client's own token, which acts as the user that the client belongs to. May be requested repeatedly."""
        return self._ask({"grant_type": "client_credentials", "client_id": client_id, "client_secret": client_secret,
                          "scope": SCOPE, "expires_in": ACCESS_S})  # fmt: skip

    def page(self, client_id: str, redirect: str, state: str, verifier: str) -> str:
        """Returns the URL where the person consents: Zendesk then redirects to `redirect` with `state` and a code
        valid for 120 s."""
        asked = {"response_type": "code", "client_id": client_id, "redirect_uri": redirect, "scope": SCOPE, "state": state,
                 "code_challenge": challenge(verifier), "code_challenge_method": "S256"}  # fmt: skip
        return f"{self._home()}/oauth/authorizations/new?{urlencode(asked)}"

    def by_code(self, client_id: str, client_secret: str, code: str, verifier: str, redirect: str) -> Tokens:
        """Returns tokens that act as the person who consented. A code works once. A public client has no secret."""
        secret = {"client_secret": client_secret} if client_secret else {}
        return self._ask({"grant_type": "authorization_code", "client_id": client_id, **secret, "code": code,
                          "code_verifier": verifier, "redirect_uri": redirect, "scope": SCOPE, "expires_in": ACCESS_S,
                          "refresh_token_expires_in": REFRESH_S})  # fmt: skip

    def by_refresh(self, client_id: str, client_secret: str, refresh: str) -> Tokens:
        """Returns new tokens; the old refresh token is kept if the response has no new one (RFC 6749, 6). Raises Refused if
        it is used up, expired or revoked; Unsure if the response never came, so that it may be used up by now."""
        secret = {"client_secret": client_secret} if client_secret else {}
        new = self._ask({"grant_type": "refresh_token", "client_id": client_id, **secret,
                         "refresh_token": refresh, "scope": SCOPE, "expires_in": ACCESS_S,
                         "refresh_token_expires_in": REFRESH_S})  # fmt: skip
        return replace(new, refresh=new.refresh or refresh)

    def _ask(self, body: Mapping[str, Any]) -> Tokens:
        request = requests.Request("POST", f"{self._home()}/oauth/tokens", json=body).prepare()
        try:
            answer = self.transport.send(request)
        except (requests.RequestException, HTTPError) as error:
            raise blamed(error, "POST", "Zendesk") from error
        if answer.status_code in {400, 401, 403}:
            raise Refused(f"Zendesk gives klark no token: {_why(answer)}")
        return _read(judged(answer, "POST", "Zendesk").json())

    def _home(self) -> str:
        home = home_of(self.account)  # raises Refused for an address instead of a name
        return self.address.rstrip("/") or home


def challenge(verifier: str) -> str:
    """Returns the code challenge: proves possession of the verifier without revealing it (RFC 7636, S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _read(body: Mapping[str, Any]) -> Tokens:
    access = token(body.get("access_token"))
    if not access:
        raise Unsure("Zendesk answered without the token asked for")
    granted = words(body.get("scope")).replace(",", " ").split()
    if granted and not set(SCOPE.split()) <= set(granted):
        # Zendesk gives a token all the same, and then refuses what it is used for.
        raise Refused(
            f"Zendesk's token is for {' '.join(granted)[:100]} only: give the OAuth client the scopes {SCOPE}"
        )
    lives_s = whole(body.get("expires_in")) or 0
    within = SHORTEST_S <= lives_s <= LONGEST_S
    return Tokens(access, token(body.get("refresh_token")), lives_s if within else SHORTEST_S)


def _why(answer: requests.Response) -> str:
    try:
        body = mapping(answer.json())
    except (ValueError, RecursionError):
        return f"status {answer.status_code}"
    return (words(body.get("error_description")) or explained(body))[:200]
