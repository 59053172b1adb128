"""Reads values back from JSON: the reverse of `asdict` and `storable`, by the types of a dataclass's fields."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
READERS: Mapping[Any, Any] = {datetime: datetime.fromisoformat, date: date.fromisoformat, Decimal: Decimal}


@cache
def hints_of(kind: Any) -> dict[str, Any]:
    """Returns the types of a dataclass's fields."""
    return get_type_hints(kind)


def revived(kind: type[T], value: Mapping[str, Any]) -> T:
    """Returns a dataclass as it was. Raises KeyError, TypeError or ValueError for what never was one."""
    hints = hints_of(cast("Any", kind))
    return kind(**{name: _read(hints[name], inner) for name, inner in value.items()})


def _read(kind: Any, value: Any) -> Any:
    origin, inner = get_origin(kind), [each for each in get_args(kind) if each is not NoneType]
    if value is None:
        return None
    if is_dataclass(kind):
        return revived(cast("type[Any]", kind), value)
    if origin in (Union, UnionType) and len(inner) == 1:
        return _read(inner[0], value)
    if origin is Mapping:
        return {name: _read(inner[1], each) for name, each in value.items()}
    if isinstance(value, list):
        return _all(inner, value)
    return READERS[kind](value) if kind in READERS else value


def _all(kinds: list[Any], values: list[Any]) -> tuple[Any, ...]:
    """Returns a tuple: each of its own kind ("tuple[str, float]") or all of one; texts where nothing is said."""
    if len(kinds) == len(values) and Ellipsis not in kinds:
        return tuple(map(_read, kinds, values))
    kind = kinds[0] if Ellipsis in kinds else str
    return tuple(_read(kind, each) for each in values)
