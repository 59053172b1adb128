"""What is different between two versions of a policy, in plain words, the model and its keys included."""

from collections.abc import Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from klark.admin.choice_labels import LEVELS
from klark.models import Connection, Policy, Topic
from klark.values.policy.differences import Path, differences
from klark.values.policy.fields import given
from klark.values.policy.part_words import CHOICES, inside_words
from klark.values.policy.rules import Rules
from klark.values.wording import language_words

MODEL = ("model_provider", "model_url", "model_name", "fallback_url", "fallback_name")
TOLERATED = ("tolerate_note", "tolerate_queue", "tolerate_reply")
BESIDE = (*MODEL, "minutes_saved")
"""The columns of a policy that are no part of its rules, keys left out."""


def changes_between(before: Policy | None, after: Policy, now: Rules, then: Rules) -> dict[str, list[str]]:
    """Returns what changes by field, in sentences. `now` and `then` are the rules of the two; keys are never shown."""
    old = before or Policy()
    names = {**Topic.titles(after.tenant_id), **Connection.brand_names(after.tenant_id)}
    found = differences(now, then, partial(place_words, names), partial(value_words, names=names))
    for name in BESIDE:
        if (was := getattr(old, name)) != (new := getattr(after, name)):
            told = {"old": value_words((name,), was), "new": value_words((name,), new)}
            found[name] = [
                _("%(place)s: %(told)s") % {"place": label(name), "told": _("%(old)s becomes %(new)s") % told}
            ]
    if (old.sealed_key, old.sealed_fallback_key) != (after.sealed_key, after.sealed_fallback_key):
        found["key"] = [_("Another key for a model")]
    return found


def place_words(names: Mapping[str, str], path: Path) -> str:
    """Returns where a value stands, as in "Sign-off, French". `names`: what the tenant's topics and brands are called."""
    field, *inside = path
    known = [names.get(each, each) for each in inside[:1]] if field in ("topics", "brands") else []
    return ", ".join((label(field), *known, *inside_words(field, inside)[len(known) :]))


def value_words(path: Path, value: Any, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """Returns a value as the form shows it: a choice by its label, a text between quotation marks.
    `names`: those of brands and topics."""
    if value is None or value in ("", [], {}):
        return _("nothing")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return number_format(value)
    if isinstance(value, list):
        return ", ".join(value_words(path, each, names) for each in value)
    if path[-1] in ("rollout_brands", "topics"):
        value = names.get(value, value)
    return _("“%(label)s”") % {"label": _choice(path, value) if isinstance(value, str) else given(value)}


def _choice(path: Path, value: str) -> str:
    if path[0] == "languages":
        return language_words(value, get_language() or "en")
    if path[0] in TOLERATED:
        return str(LEVELS[value])
    if path[-1] in ("status", "priority"):
        return str(CHOICES.get(value, value))
    if path[0] != "topics" and len(path) > 1:
        return value
    field: Any = Policy._meta.get_field("mode" if path[0] == "topics" else path[0])
    return str(dict(field.flatchoices or ()).get(value, value))


def label(name: str) -> str:
    """Returns a field's label as the form shows it."""
    return _("Mode by topic") if name == "topics" else Policy.label(name)


def topics_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Returns the modes by topic of the rows of a form."""
    return {row["topic"].key: row["mode"] for row in rows if row and not row.get("DELETE")}
