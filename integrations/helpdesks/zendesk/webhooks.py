"""Zendesk's webhooks: event subscriptions, and triggers with a body that the admin wrote.

https://developer.zendesk.com/documentation/webhooks/verifying/
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from integrations.errors import BadPayload, BadSignature
from integrations.helpdesks.base import Arrival, TicketEvent
from integrations.helpdesks.untrusted_input import mapping, moment, number, read_json, token, words

SIGNATURE = "x-zendesk-webhook-signature"
TIMESTAMP = "x-zendesk-webhook-signature-timestamp"
INVOCATION = "x-zendesk-webhook-invocation-id"
# The vendor documents no window: this one only marks an arrival as late, since a replay is harmless (the ticket is
# fetched afresh).
TOLERANCE = timedelta(minutes=5)
_SUBJECT = "zen:ticket:"
# klark's own trigger sends ticket_id; the other spellings are from bodies that admins have written.
_ID_KEYS = ("ticket_id", "ticketId", "ticketID", "ticket.id")


def verify(raw: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Arrival:
    """Verifies the signature with each of the secrets. Raises BadSignature if none matches or the time is unreadable."""
    timestamp = headers.get(TIMESTAMP, "")
    given = headers.get(SIGNATURE, "").encode("utf-8", "replace")
    matches = [hmac.compare_digest(_signature(secret, timestamp, raw), given) for secret in secrets if secret]
    if not any(matches):
        raise BadSignature("the webhook's signature does not fit any of the signing secrets")
    return Arrival(late=abs(now - _signed_at(timestamp)) > TOLERANCE)


def parse(raw: bytes, headers: Mapping[str, str]) -> TicketEvent | None:
    """Reads an event of Zendesk's own, or a trigger's body. Returns `None` if it is not about a ticket. Raises BadPayload."""
    body = read_json(raw)
    if not isinstance(body, dict):
        raise BadPayload("the webhook's body is not a JSON object")
    if "subject" in body and "type" in body and "zendesk_event_version" in body:
        # Zendesk's own events name their ticket in `subject` only: a second id comes from a trigger's body, with a
        # customer's text.
        if _named(body):
            raise BadPayload("the webhook names a ticket twice: is {{ticket.id}} alone in its body?")
        return _from_envelope(body)
    return _from_trigger(body, headers)


def _signature(secret: str, timestamp: str, raw: bytes) -> bytes:
    """The secret is used as it is, although it looks like base64."""
    signed = timestamp.encode("utf-8", "replace") + raw
    return base64.b64encode(hmac.digest(secret.encode(), signed, hashlib.sha256))


def _signed_at(timestamp: str) -> datetime:
    """Accepts an ISO time, as Zendesk sends it, or seconds since 1970, as in the vendor's test vectors."""
    if re.fullmatch(r"[0-9]{1,11}", timestamp):
        return datetime.fromtimestamp(int(timestamp), UTC)
    signed = moment(timestamp)
    if signed is None:
        raise BadSignature("the webhook's signature carries no readable time")
    return signed


def _from_envelope(body: Mapping[str, Any]) -> TicketEvent | None:
    subject = words(body.get("subject"))
    if not subject.startswith(_SUBJECT):
        return None
    ticket_id = number(subject.removeprefix(_SUBJECT))
    if ticket_id is None:
        raise BadPayload("the event's subject names no ticket")
    actor = number(mapping(body.get("detail")).get("actor_id")) or ""
    comment = number(mapping(mapping(body.get("event")).get("comment")).get("id")) or ""
    return TicketEvent(ticket_id, token(body.get("id")), token(body.get("type")), actor_id=actor, comment_id=comment)


def _from_trigger(body: Mapping[str, Any], headers: Mapping[str, str]) -> TicketEvent | None:
    named = _named(body)
    if not named:
        return None
    ids = {number(value) for value in named}
    ticket_id = ids.pop()
    if ticket_id is None or ids:  # if they differ, a customer's subject may have added one of them
        raise BadPayload("the trigger's ticket_id is not a number, or not the only one: is {{ticket.id}} in its body?")
    return TicketEvent(ticket_id, token(headers.get(INVOCATION)), token(body.get("type")) or "trigger")


def _named(body: Mapping[str, Any]) -> list[object]:
    """Returns every value that may be the ticket's id. A name that occurs twice has a list of values, which is no id."""
    ticket = body.get("ticket")
    nested = [ticket] if isinstance(ticket, list) else [part["id"] for part in (mapping(ticket),) if "id" in part]
    return [*(body[key] for key in _ID_KEYS if key in body), *nested]
