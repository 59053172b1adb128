"""Freshdesk's custom ticket fields: they take values of their own type only, and some must be filled in before a ticket is
resolved. Fields that the account does not list take any.

https://developers.freshdesk.com/api/#ticket_fields
"""

from collections.abc import Callable, Mapping
from typing import Any

from integrations.sandbox.freshdesk.shapes import STATUS_WORDS, invalid
from integrations.sandbox.records import Desk, Ticket
from integrations.sandbox.routing import DeskAnswer

TAKES: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "custom_text": ("String", lambda value: isinstance(value, str)),
    "custom_checkbox": ("Boolean", lambda value: isinstance(value, bool)),
    "custom_number": ("Integer", lambda value: type(value) is int),
    "custom_decimal": ("Number", lambda value: type(value) in (int, float)),
    "custom_multi_select_dropdown": ("Array", lambda value: isinstance(value, list)),
}
"""Type → its word in an error, and whether it takes a value."""


def refused_fields(desk: Desk, ticket: Ticket, sent: Mapping[str, Any]) -> DeskAnswer | None:
    """Returns the 400 for the first field that an update may not leave as it would, or `None`."""
    rows, given = desk.rows.get("ticket_fields", {}).values(), sent.get("custom_fields", {})
    for row in rows:
        word, takes = TAKES.get(row["type"], ("", lambda _: True))
        if given.get(row["name"]) is not None and not takes(given[row["name"]]):
            return invalid(row["name"], f"It should be a/an {word}", "datatype_mismatch")
    ends = STATUS_WORDS.get(sent.get("status", 0)) in ("solved", "closed")
    filled = {**ticket.custom_fields, **given}
    wanted = (row["name"] for row in rows if ends and row.get("required_for_closure"))
    missing = next((name for name in wanted if filled.get(name) in (None, "")), None)
    return invalid(missing, "It should not be blank as this is a mandatory field", "missing_field") if missing else None
