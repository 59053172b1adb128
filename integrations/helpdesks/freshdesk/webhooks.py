"""Freshdesk's webhooks: an automation rule posts whatever its admin typed, unsigned and without an event id.

So only a shared secret proves the sender, and only the ticket's id is taken from the body.
https://support.freshdesk.com/support/solutions/articles/132589
"""

import base64
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from integrations.errors import BadPayload, BadSignature
from integrations.helpdesks.base import Arrival, TicketEvent
from integrations.helpdesks.untrusted_input import mapping, number, read_json, token, told, words

SECRET = "x-klark-secret"  # noqa: S105  # a header's name
_FORM = "application/x-www-form-urlencoded"
# Where a ticket's id may be: klark's own recipe, the usual recipes of admins, the events of Freshworks apps.
_PLACES = (
    ("ticket_id",),
    ("freshdesk_webhook", "ticket_id"),
    ("ticket", "id"),
    ("data", "ticket", "id"),
    ("data", "conversation", "ticket_id"),
    ("data", "time_entry", "ticket_id"),
    ("ticket_url",),
    ("freshdesk_webhook", "ticket_url"),
    ("id",),
)
_KINDS = (("triggered_event",), ("freshdesk_webhook", "triggered_event"), ("event",))
_URL_ID = re.compile(r"/tickets/([0-9]{1,20})/?")
# Placeholders are not escaped, so a quotation mark in a subject breaks the JSON. Every repetition is bounded.
_BROKEN_CHARACTERS = 64 * 1024
_BROKEN_ID = re.compile(r"""(?:ticket_id["']?|["']id["'])\s{0,9}[:=>]{1,2}\s{0,9}["']?([0-9]{1,20})(?![0-9A-Za-z])""")


def verify(raw: bytes, headers: Mapping[str, str], secrets: Sequence[str], now: datetime) -> Arrival:
    """Accepts a webhook with one of the secrets in its own header, or as either half of Basic credentials (a rule's
    "API key" is the user half). Raises BadSignature."""
    given = [headers.get(SECRET, ""), *_basic(headers.get("authorization", ""))]
    matches = [hmac.compare_digest(_bytes(secret), _bytes(text)) for secret in secrets if secret for text in given]
    if not any(matches):
        raise BadSignature("the webhook carries none of the secrets")
    return Arrival(late=False)


def parse(raw: bytes, headers: Mapping[str, str]) -> TicketEvent | None:
    """Reads the ticket's id from any body that names one: JSON, form fields, or JSON that an unescaped placeholder
    broke. Returns `None` if it names none. Raises BadPayload."""
    body = _body(raw, headers)
    if body is None:
        return TicketEvent(_id_in_pieces(raw))
    named = [value for place in _PLACES if (value := _at(body, place)) not in (None, "")]
    if not named:
        return None
    kinds = [token(_at(body, place)) for place in _KINDS]
    return TicketEvent(_the_one(named), kind=next(filter(None, kinds), ""))


def _the_one(named: Sequence[object]) -> str:
    """Returns the ticket that all of these name. If they differ, a customer's subject may have added one: raises BadPayload."""
    ids = {known for value in named if (known := number(value) or _id_in_url(value))}
    if len(ids) > 1 or any(isinstance(value, list) for value in named):
        raise BadPayload("the webhook names several tickets: ask for {{ticket.id}} alone in its body")
    if not ids:
        raise BadPayload("the webhook's ticket_id is not a number: is {{ticket.id}} in its body?")
    return ids.pop()


def _basic(authorization: str) -> list[str]:
    scheme, _, packed = authorization.partition(" ")
    if scheme.lower() != "basic":
        return []
    try:
        user, _, password = base64.b64decode(packed.strip(), validate=True).decode().partition(":")
    except ValueError:
        return []
    return [user, password]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _body(raw: bytes, headers: Mapping[str, str]) -> Mapping[str, Any] | None:
    """Returns the fields of a body; `None` if it is neither JSON nor a form."""
    if headers.get("content-type", "").startswith(_FORM):
        return _form(raw)
    try:
        body = read_json(raw)
    except BadPayload:
        return None
    if not isinstance(body, dict):
        raise BadPayload("the webhook's body is not a JSON object")
    return body


def _form(raw: bytes) -> Mapping[str, Any]:
    """Returns form fields by their innermost name: freshdesk_webhook[ticket_id] is ticket_id."""
    try:
        pairs = parse_qsl(raw.decode("utf-8", "replace"), max_num_fields=200)
    except ValueError as error:
        raise BadPayload("the webhook's form has too many fields") from error
    return told([(key.rsplit("[", 1)[-1].rstrip("]"), value) for key, value in pairs])


def _at(body: Mapping[str, Any], place: tuple[str, ...]) -> object:
    """Returns the value at a path; a list if a name on the way occurs twice (see `told`)."""
    found: object = body
    for key in place:
        if isinstance(found, list):
            return found or None
        found = mapping(found).get(key)
    return found


def _id_in_url(value: object) -> str | None:
    found = _URL_ID.search(words(value)[:2000])
    return found[1] if found else None


def _id_in_pieces(raw: bytes) -> str:
    """Returns the only id that a broken body names. A customer's text may contain a second one: then none can be trusted."""
    text = raw[:_BROKEN_CHARACTERS].decode("utf-8", "replace")
    found = {*_BROKEN_ID.findall(text), *_URL_ID.findall(text.replace("\\/", "/"))}
    if len(found) != 1:
        raise BadPayload("the webhook's body is not JSON, and names no ticket or several")
    return str(found.pop())
