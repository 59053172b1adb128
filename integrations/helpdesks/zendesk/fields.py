"""Zendesk's custom ticket fields: read in the types that its JSON has, and the type of each, in which it is written.

https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/
"""

from collections.abc import Iterable, Mapping
from typing import Any

from integrations.helpdesks.base import FieldValue
from integrations.helpdesks.untrusted_input import mappings, name_of, words


def values_of(raw: Mapping[str, Any]) -> dict[str, FieldValue]:
    """Returns the fields of a ticket that have a value, by id: a tick box as a bool, several choices as a tuple; dates and
    drop-downs are text in Zendesk too."""
    read = {name_of(field.get("id")): _value(field.get("value")) for field in mappings(raw.get("custom_fields"))}
    return {key: value for key, value in read.items() if value not in (None, "", ())}


def kinds_in(pages: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Returns the type of each field on these pages of ticket fields: id → Zendesk's word."""
    listed = (raw for page in pages for raw in mappings(page["ticket_fields"]))
    return {name_of(raw.get("id")): words(raw.get("type")) for raw in listed}


def _value(told: object) -> FieldValue | None:
    if isinstance(told, list):
        return tuple(str(each) for each in told)
    return told if isinstance(told, str | bool | int | float) else None
