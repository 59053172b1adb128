"""Reads once what several parts of one page show."""

from collections.abc import Callable
from typing import TypeVar, cast

Read = TypeVar("Read")


def once(holder: object, name: str, read: Callable[[], Read]) -> Read:
    """Returns what `read` returns. It is called once; the value then stays with the `holder`, a request or a row, as `name`."""
    kept = vars(holder)
    if name not in kept:
        kept[name] = read()
    return cast("Read", kept[name])
