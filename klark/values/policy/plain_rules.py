"""A policy's rules as plain values, as its file and the API have them."""

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from decimal import Decimal
from typing import Any

from guardrails.base import Level
from klark.values.policy.rules import Rules


def as_plain(rules: Rules) -> dict[str, Any]:
    """Returns the rules by field, as a file has them."""
    return {each.name: _plain(getattr(rules, each.name)) for each in fields(rules)}


def _plain(value: Any) -> Any:
    if isinstance(value, Level):
        return value.name
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _plain({name: inner for name, inner in asdict(value).items() if inner})
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value
