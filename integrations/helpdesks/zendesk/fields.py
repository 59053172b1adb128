"""Zendesk's custom ticket fields: read in the types that its JSON has, written in the type of each field.

https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/
"""

import math
from collections.abc import Callable, Iterable, Mapping
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


def typed(text: str, kind: str) -> str | bool | float | list[str]:
    """Returns a policy's text in the type of its field: `kind` is Zendesk's word for it, "" if unknown. A text that is not
    of this type is sent as it is: Zendesk then says what is wrong with it."""
    try:
        return _TYPED[kind](text.strip()) if kind in _TYPED else text
    except ValueError:
        return text


def _value(told: object) -> FieldValue | None:
    if isinstance(told, list):
        return tuple(str(each) for each in told)
    return told if isinstance(told, str | bool | int | float) else None


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _decimal(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):  # JSON has no word for it
        raise ValueError(text)
    return value


def _choices(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


_TYPED: Mapping[str, Callable[[str], bool | float | list[str]]] = {
    "checkbox": _flag,
    "integer": int,
    "decimal": _decimal,
    "multiselect": _choices,
}
