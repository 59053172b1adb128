"""In words what is different between two policies."""

from collections.abc import Iterator
from typing import Any

from klark.values.plain_rules import as_plain
from klark.values.policy import Rules
from klark.values.policy_fields import given

ABSENT = object()


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
