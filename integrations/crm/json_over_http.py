"""Any server that answers JSON: `POST {"email": …}`, signed, within three seconds.

`X-Klark-Timestamp` is seconds since 1970, `X-Klark-Signature` the hex HMAC-SHA256 of "TIMESTAMP.BODY"; a server
should refuse what is older than five minutes. 404 means that nobody is known by that address.
"""

import hashlib
import hmac
import json
import math
import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast

import requests
from urllib3.exceptions import HTTPError

from integrations.answers import judged
from integrations.crm.base import KINDS, CrmAccount, Fact, Kind
from integrations.errors import Gone, IntegrationError, Refused, TryLater
from integrations.http import requests_transport
from integrations.outbound import web_address

CONNECT_S, READ_S, MOST_BYTES = 2.0, 3.0, 256 * 1024
LONGEST = 200
_BLANKS = re.compile(r"\s+")


class JsonOverHttp:
    """See klark.steps.card for who may be looked up."""

    def __init__(self, account: CrmAccount) -> None:
        parts = web_address(account.url)
        if parts is None:
            raise Refused(f"{account.url!r} is not the address of a CRM: give https://…")
        self.account, self.host = account, parts.netloc
        self.session = requests.Session()
        self.session.trust_env = False
        limits = replace(account.outbound, connect_s=CONNECT_S, read_s=READ_S, max_bytes=MOST_BYTES)
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, requests_transport(limits))

    def lookup(self, email: str) -> Sequence[Fact]:
        """Asking changes nothing there, so that whatever went wrong may be asked again: TryLater."""
        body = json.dumps({"email": email}).encode()
        try:
            answer = self.session.post(self.account.url, data=body, headers=self._headers(body), allow_redirects=False)
            told = judged(answer, "POST", self.host).json()
        except Gone:
            return ()
        except Refused:
            raise
        except (IntegrationError, requests.RequestException, HTTPError) as error:
            raise TryLater(f"{self.host} gave no facts: {error}") from error
        found = ((name, *_path(path)) for name, path in self.account.facts.items())
        facts = ((name, _written(_at(told, steps), kind), kind) for name, steps, kind in found)
        return tuple(Fact(name, value, kind, self.host) for name, value, kind in facts if value is not None)

    def _headers(self, body: bytes) -> dict[str, str]:
        stamp = str(int(time.time()))
        signature = hmac.new(self.account.key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "klark",
                "X-Klark-Timestamp": stamp, "X-Klark-Signature": signature}  # fmt: skip


def _path(path: str) -> tuple[list[str], Kind]:
    steps, _, kind = path.rpartition(":")
    return (steps.split("."), cast("Kind", kind)) if kind in KINDS and steps else (path.split("."), "text")


def _at(told: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if isinstance(told, list) and step.isdecimal() and int(step) < len(told):
            told = told[int(step)]
        elif isinstance(told, dict):
            told = told.get(step)
        else:
            return None
    return told


def _written(value: Any, kind: Kind) -> str | None:
    """The value as a text of its kind; None where it is not of it."""
    if isinstance(value, bool) or kind == "flag":
        return ("yes" if value else "no") if kind == "flag" and isinstance(value, bool) else None
    if not isinstance(value, str | int | float) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    # No database column takes a NUL or a lone surrogate, and no screen should turn its line around.
    text = "".join(filter(str.isprintable, _BLANKS.sub(" ", str(value)))).strip()[:LONGEST]
    return _as(kind, text) if text else None


def _as(kind: Kind, text: str) -> str | None:
    if kind == "number":
        return text if re.fullmatch(r"-?\d+(?:[.,]\d+)?", text) else None
    return _date(text) if kind == "date" else text


def _date(text: str) -> str | None:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None
