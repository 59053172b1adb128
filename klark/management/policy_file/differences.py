"""Rules as plain values, and in words what is different between two policies."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, is_dataclass
from decimal import Decimal
from typing import Any

from guardrails.base import Level
from klark.values.policy import Rules
from klark.values.policy_fields import given

ABSENT = object()


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


def differences(before: Rules, after: Rules) -> dict[str, list[str]]:
    """Returns what changes, in words: by field, a sentence for each place in it. The version does not count."""
    old, new = as_plain(before), as_plain(after)
    found = {name: list(_changes(name, old[name], new[name])) for name in old if name != "version"}
    return {name: sentences for name, sentences in found.items() if sentences}


def _changes(place: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            yield from _changes(f"{place}.{name}", old.get(name, ABSENT), new.get(name, ABSENT))
    elif isinstance(old, list) and isinstance(new, list) and set(old) != set(new):
        told = [f"{_words(one)} is added" for one in new if one not in old]
        told += [f"{_words(one)} is taken out" for one in old if one not in new]
        yield f"{place}: {', '.join(told)}"
    elif old is ABSENT:
        yield f"{place}: {_words(new)} is added"
    elif new is ABSENT:
        yield f"{place}: {_words(old)} is taken out"
    else:
        yield f"{place}: {_words(old)} becomes {_words(new)}"


def _words(value: Any) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) and value and value.isprintable() else given(value)
