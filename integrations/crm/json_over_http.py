"""A CRM behind any server that answers JSON: `POST {"email": …}`, signed, within three seconds.

`X-Klark-Timestamp` is in seconds since 1970, `X-Klark-Signature` the hex HMAC-SHA256 of "TIMESTAMP.BODY"; a server
should reject requests older than five minutes. 404 means that nobody is known by that address.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import replace

import requests
from urllib3.exceptions import HTTPError

from integrations.crm.base import CrmAccount, Fact
from integrations.crm.typed_fields import facts_in
from integrations.errors import Gone, IntegrationError, Refused, TryLater
from integrations.http.outbound import web_address
from integrations.http.transports import requests_transport
from integrations.http_failures import judged

CONNECT_S, READ_S, MOST_BYTES = 2.0, 3.0, 256 * 1024


class JsonOverHttp:
    """The CRM client. Raises Refused for a URL that is no web address. klark.context.customer_facts decides who may
    be looked up."""

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
        """Returns the facts about the person in the order of the mapping, without the missing ones; () if nobody is known by
        this address. A lookup changes nothing on the server and may be repeated: every failure but Refused becomes TryLater."""
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
        return facts_in(told, self.account.facts, self.host)

    def _headers(self, body: bytes) -> dict[str, str]:
        stamp = str(int(time.time()))
        signature = hmac.new(self.account.key, f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        return {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "klark",
                "X-Klark-Timestamp": stamp, "X-Klark-Signature": signature}  # fmt: skip
