"""In words what is different between two policies."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from klark.values.policy.fields import given
from klark.values.policy.plain_rules import as_plain
from klark.values.policy.rules import Rules

ABSENT = object()
Path = tuple[str, ...]
"""Where a value stands: the field, and the names inside it."""
Words = Callable[[Path, Any], str]
"""Says a value that stands at a path."""


def as_in_a_file(_path: Path, value: Any) -> str:
    """Returns a value as a policy's file has it; a text without quotation marks."""
    if value is None:
        return _("nothing")
    return value if isinstance(value, str) and value and value.isprintable() else given(value)


def differences(
    before: Rules, after: Rules, place: Callable[[Path], str] = ".".join, words: Words = as_in_a_file
) -> dict[str, list[str]]:
    """Returns what changes, in words: by field, a sentence for each place in it. The version does not count. `place` names a
    path, `words` a value; else both are as in a policy's file."""
    old, new = as_plain(before), as_plain(after)
    found = {name: list(_changes((name,), old[name], new[name], words)) for name in old if name != "version"}
    return {
        name: [_("%(place)s: %(told)s") % {"place": place(path), "told": told} for path, told in changes]
        for name, changes in found.items()
        if changes
    }


def _changes(path: Path, old: Any, new: Any, words: Words) -> Iterator[tuple[Path, str]]:
    if old == new:
        return
    if all(each is ABSENT or isinstance(each, dict) for each in (old, new)) and (inside := _names(old) | _names(new)):
        for name in inside:
            yield from _changes((*path, name), _at(old, name), _at(new, name), words)
    elif isinstance(old, list) and isinstance(new, list) and set(old) != set(new):
        told = [_added(words(path, one)) for one in new if one not in old]
        told += [_taken_out(words(path, one)) for one in old if one not in new]
        yield path, ", ".join(told)
    elif old is ABSENT:
        yield path, _added(words(path, new))
    elif new is ABSENT:
        yield path, _taken_out(words(path, old))
    else:
        yield path, _("%(old)s becomes %(new)s") % {"old": words(path, old), "new": words(path, new)}


def _names(value: Any) -> dict[str, None]:
    return dict.fromkeys(value) if isinstance(value, dict) else {}


def _at(value: Any, name: str) -> Any:
    return value.get(name, ABSENT) if isinstance(value, dict) else ABSENT


def _added(value: str) -> str:
    return _("%(value)s is added") % {"value": value}


def _taken_out(value: str) -> str:
    return _("%(value)s is taken out") % {"value": value}
