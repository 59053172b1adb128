"""Texts in a form that PostgreSQL can store."""

import math
from collections.abc import Sequence
from typing import Any

MOST = 1_000_000
"""Characters kept of one text."""


def clip(text: str, most: int) -> str:
    """Returns the text cut to a column's length, without NUL, and with "?" for a lone surrogate: no column takes either."""
    return text[:most].replace("\0", "").encode(errors="replace").decode()


def can_be_kept(value: Any) -> bool:
    """Returns whether a column takes a value just as it is."""
    try:
        return bool(storable(value) == value)
    except RecursionError:
        return False


def storable(value: Any) -> Any:
    """Returns a value as jsonb takes it: without NUL and lone surrogates; times and non-finite numbers become text."""
    if isinstance(value, str):
        return clip(str(value), MOST)
    if isinstance(value, dict):
        return {clip(str(key), 1000): storable(inner) for key, inner in value.items()}
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, Sequence):  # last, since it is asked of an abstract class
        return [storable(inner) for inner in value]
    return clip(str(value), MOST)
