"""In words what is different between two policies."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from klark.values.policy.fields import given
from klark.values.policy.plain_rules import as_plain
from klark.values.policy.rules import Rules

ABSENT = object()


def differences(before: Rules, after: Rules, label: Callable[[str], str] = str) -> dict[str, list[str]]:
    """Returns what changes, in words: by field, a sentence for each place in it. The version does not count. `label` names a
    field."""
    old, new = as_plain(before), as_plain(after)
    found = {name: list(_changes(label(name), old[name], new[name])) for name in old if name != "version"}
    return {name: sentences for name, sentences in found.items() if sentences}


def _changes(place: str, old: Any, new: Any) -> Iterator[str]:
    if old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            yield from _changes(f"{place}.{name}", old.get(name, ABSENT), new.get(name, ABSENT))
    elif isinstance(old, list) and isinstance(new, list) and set(old) != set(new):
        told = [_added(one) for one in new if one not in old]
        told += [_taken_out(one) for one in old if one not in new]
        yield _at(place, ", ".join(told))
    elif old is ABSENT:
        yield _at(place, _added(new))
    elif new is ABSENT:
        yield _at(place, _taken_out(old))
    else:
        yield _at(place, _("%(old)s becomes %(new)s") % {"old": _words(old), "new": _words(new)})


def _at(place: str, told: str) -> str:
    return _("%(place)s: %(told)s") % {"place": place, "told": told}


def _added(value: Any) -> str:
    return _("%(value)s is added") % {"value": _words(value)}


def _taken_out(value: Any) -> str:
    return _("%(value)s is taken out") % {"value": _words(value)}


def _words(value: Any) -> str:
    if value is None:
        return _("nothing")
    return value if isinstance(value, str) and value and value.isprintable() else given(value)
