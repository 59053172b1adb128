"""What is different between two versions of a policy, in plain words, the model and its keys included."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from klark.models import Policy
from klark.values.policy.differences import differences
from klark.values.policy.rules import Rules

MODEL = ("model_provider", "model_url", "model_name", "fallback_url", "fallback_name")
BESIDE = (*MODEL, "minutes_saved")
"""The columns of a policy that are no part of its rules, keys left out."""


def changes_between(before: Policy | None, after: Policy, now: Rules, then: Rules) -> dict[str, list[str]]:
    """Returns what changes by field, in sentences. `now` and `then` are the rules of the two; keys are never shown."""
    old = before or Policy()
    found = differences(now, then, label)
    for name in BESIDE:
        if (was := getattr(old, name)) != (new := getattr(after, name)):
            told = {"place": label(name), "told": _("%(old)s becomes %(new)s") % {"old": _word(was), "new": _word(new)}}
            found[name] = [_("%(place)s: %(told)s") % told]
    if (old.sealed_key, old.sealed_fallback_key) != (after.sealed_key, after.sealed_fallback_key):
        found["key"] = [_("Another key for a model")]
    return found


def _word(value: str | int) -> str | int:
    return "—" if value == "" else value


def label(name: str) -> str:
    """Returns a field's label as the form shows it."""
    return _("Mode by topic") if name == "topics" else Policy.label(name)


def topics_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Returns the modes by topic of the rows of a form."""
    return {row["topic"].key: row["mode"] for row in rows if row and not row.get("DELETE")}
