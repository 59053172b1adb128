"""Tells a company's own program that something happened: a POST of JSON, signed as Standard Webhooks lays down.
https://www.standardwebhooks.com/

`webhook-id` is the same each time a notification is sent, so that a receiver can drop a second one; `webhook-signature` is "v1,"
and the base64 HMAC-SHA256 of "ID.TIMESTAMP.BODY" under the key behind "whsec_".
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import replace
from urllib.parse import SplitResult

import requests
from urllib3.exceptions import HTTPError

from integrations.errors import IntegrationError, Refused, TryLater
from integrations.http.outbound import Outbound, web_address
from integrations.http.transports import requests_transport

PREFIX = "whsec_"
CONNECT_S, READ_S, MOST_BYTES = 3.0, 7.0, 64 * 1024
"""How long a receiver may take, in seconds, and how much of its answer is read."""


def new_secret() -> str:
    """Returns a key for signatures, as its receiver is given it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Returns the header that proves a message. Raises Refused for a key that is none."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise Refused("the key for signatures is none: make the webhook anew") from error
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def receiver(url: str, outbound: Outbound) -> SplitResult:
    """Returns the parts of an address that may be told. Raises Refused: only the operator's private hosts go without TLS."""
    parts = web_address(url)
    if parts is None or parts.username or (parts.scheme != "https" and parts.netloc not in outbound.private):
        raise Refused(f"{url!r} is no address for a webhook: give https://…")
    return parts


def send(url: str, secret: str, message_id: str, timestamp: int, body: bytes, outbound: Outbound) -> int:
    """Sends one message and returns the status, which is 2xx. Raises TryLater for any other end, and Refused."""
    host = receiver(url, outbound).netloc
    headers = {
        "Content-Type": "application/json", "User-Agent": "klark", "webhook-id": message_id,
        "webhook-timestamp": str(timestamp), "webhook-signature": signature(secret, message_id, timestamp, body),
    }  # fmt: skip
    limits = replace(outbound, connect_s=CONNECT_S, read_s=READ_S, max_bytes=MOST_BYTES)
    with requests.Session() as session:
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, requests_transport(limits))
        try:
            answer = session.post(url, data=body, headers=headers, allow_redirects=False)
        except Refused:
            raise
        except (IntegrationError, requests.RequestException, HTTPError) as error:
            raise TryLater(f"{host} did not take it: {error}") from error
    if not 200 <= answer.status_code < 300:
        raise TryLater(f"{host} answered {answer.status_code}.")
    return answer.status_code
