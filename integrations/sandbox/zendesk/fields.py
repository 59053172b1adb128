"""Zendesk's custom ticket fields, which take only values of their own type. Fields that the account does not list take any.

https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from integrations.sandbox.records import Desk
from integrations.sandbox.routing import DeskAnswer
from integrations.sandbox.zendesk.shapes import invalid


def refused_fields(desk: Desk, sent: Mapping[str, Any]) -> DeskAnswer | None:
    """Returns the 422 for the first value that is not of its field's type, or `None`."""
    known = desk.rows.get("ticket_fields", {})
    for told in sent.get("custom_fields", ()):
        row, value = known.get(str(told["id"])), told["value"]
        takes = TAKES.get(row["type"]) if row else None
        if row and takes and value is not None and not takes(value, row):
            kind = f"Field{row['type'].capitalize()}"
            return invalid(
                "base", f"{row['title']}: is invalid", None, ticket_field_id=row["id"], ticket_field_type=kind
            )
    return None


def _is_date(value: Any, _: Mapping[str, Any]) -> bool:
    try:
        return bool(date.fromisoformat(value).isoformat() == value)
    except (TypeError, ValueError):
        return False


def _options(row: Mapping[str, Any]) -> set[str]:
    return {option["value"] for option in row.get("custom_field_options", ())}


TAKES: Mapping[str, Callable[[Any, Mapping[str, Any]], bool]] = {
    "checkbox": lambda value, _: isinstance(value, bool),
    "integer": lambda value, _: type(value) is int,
    "decimal": lambda value, _: type(value) in (int, float),
    "date": _is_date,
    "tagger": lambda value, row: isinstance(value, str) and value in _options(row),
    "multiselect": lambda value, row: isinstance(value, list) and set(value) <= _options(row),
    "text": lambda value, _: isinstance(value, str),
}
