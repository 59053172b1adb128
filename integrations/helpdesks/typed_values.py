"""A policy's texts in the type of the ticket field that they are for."""

import math
from collections.abc import Callable, Mapping

Value = str | bool | float | list[str]


def typed(text: str, read: Callable[[str], Value] | None) -> Value:
    """Returns a text as `read` reads it. One that is not of this type, or is read by nothing, is sent as it is: the helpdesk
    then says what is wrong with it."""
    try:
        return read(text.strip()) if read else text
    except ValueError:
        return text


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


READ: Mapping[str, Callable[[str], Value]] = {
    "checkbox": _flag,
    "integer": int,
    "decimal": _decimal,
    "multiselect": _choices,
}
"""Type → what reads it."""
