"""Freshdesk's ticket fields: the names of statuses, values in the type of their field, and what is set where one is refused.

https://developers.freshdesk.com/api/#ticket_fields
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from integrations.errors import Gone, Refused
from integrations.helpdesks.freshdesk import shapes
from integrations.helpdesks.typed_values import READ, typed
from integrations.helpdesks.untrusted_input import words

Fields = Iterable[Mapping[str, Any]]
KINDS = {
    "custom_checkbox": READ["checkbox"],
    "custom_number": READ["integer"],
    "custom_decimal": READ["decimal"],
    "custom_multi_select_dropdown": READ["multiselect"],
}
REFUSABLE = frozenset({"status", "custom_fields"})
"""What a ticket may not take: a value of another type, a status that wants other fields filled in."""


def statuses(fields: Fields) -> dict[str, str]:
    """Returns the account's statuses: the name that agents see → number."""
    return {name: known for raw in fields for name, known in shapes.choices(raw) if raw.get("name") == "status"}


def in_types(values: Mapping[str, str], read: Callable[[], Fields]) -> dict[str, Any]:
    """Returns a policy's texts in the types of their fields; as they are where klark may not `read` the fields."""
    try:
        kinds = {words(raw.get("name")): KINDS.get(words(raw.get("type"))) for raw in read()}
    except Refused:
        return dict(values)
    return {name: typed(text, kinds.get(name)) for name, text in values.items()}


def set_what_is_taken(changes: Mapping[str, Any], put: Callable[[Mapping[str, Any]], object]) -> None:
    """Sets all changes; if Freshdesk refuses, all but those that it may refuse. Raises Refused for what stays unset."""
    try:
        put(changes)
    except Gone:
        raise
    except Refused:
        rest = {name: value for name, value in changes.items() if name not in REFUSABLE}
        if rest and rest != changes:
            put(rest)
        raise
