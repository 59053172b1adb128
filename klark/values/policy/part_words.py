"""What the parts inside a policy's fields are called: on the form, in its errors, and where a change is told."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guardrails.text.language import CODES
from guardrails.triage.sensitive_topics import CATEGORIES
from klark.values.policy.fields import BadRules
from klark.values.policy.office_hours import DAYS
from klark.values.wording import language_words

PARTS: Mapping[str, Mapping[str, Any]] = {
    "office_hours": dict(zip(DAYS, WEEKDAYS.values(), strict=True)),
    "act_tags": {"send": _("send the draft"), "redo": _("draft again"), "reject": _("reject the draft")},
    "keep_days": {
        "webhooks": _("what the helpdesk told, as it came"), "drafts": _("drafts, with their tickets and reviews"),
        "completions": _("answers of models"), "memory": _("what customers asked and people answered"),
        "log": _("events and decisions, without what they say"),
    },
    "updates": {
        "reply": _("after a reply"), "note": _("after a note"), "handover": _("after handing over"), "status": _("status"),
        "status_name": _("status of your own"), "priority": _("priority"), "assignee": _("assignee"), "tags": _("tags"),
        "fields": _("fields"),
    },
    "brands": {"languages": _("languages"), "sign_off": _("sign-off")},
    "offers": {"topics": _("topics"), "text": _("text")},
    "crm": {"url": _("address of your CRM"), "facts": _("facts from there"), "helpdesk": _("facts from the helpdesk")},
    "sensitive": {
        "group": _("group"), "tags": _("tags"), "note": _("note"), "todo": _("what to do"), "call": _("whom to call"),
    },
}  # fmt: skip
"""By field: the names that klark gives to the parts inside it."""
PRIORITY_NAMES: Mapping[str, Any] = {
    "low": _("low"), "normal": _("normal"), "high": _("high"), "urgent": _("urgent"),
}  # fmt: skip
"""What a priority is called where it is plain that it is one; else `klark.values.wording.priority_words`."""
CHOICES: Mapping[str, Any] = {
    "open": pgettext_lazy("a ticket's status", "open"), "pending": _("pending"), "hold": _("on hold"), "solved": _("solved"),
    **PRIORITY_NAMES,
}  # fmt: skip
"""The statuses and priorities that a write may set."""
NAMED_BY_TENANTS = ("brands", "offers")


def labelled(wrong: BadRules, label: str) -> str:
    """Returns what is wrong for a page where the field is called `label`."""
    field, _dot, inside = wrong.place.partition(".")
    name = gettext("“%(label)s”") % {"label": label}
    return wrong.under(f"{name} ({', '.join(inside_words(field, inside.split('.')))})" if inside else name)


def inside_words(field: str, inside: Sequence[str]) -> list[str]:
    """Returns what the names inside a field are called; a name that a tenant gave stays as it is."""
    own = 1 if field in NAMED_BY_TENANTS else 0
    return [*inside[:own], *(_part(field, name) for name in inside[own:])]


def _part(field: str, name: str) -> str:
    if field == "sensitive" and name in CATEGORIES:
        return topic_title(name)
    if name in CODES and name not in PARTS.get(field, {}):
        return language_words(name, get_language() or "en")
    return str(PARTS.get(field, {}).get(name, name))


def topic_title(name: str) -> str:
    """Returns the title of a sensitive topic."""
    return CATEGORIES[name].title["fr" if (get_language() or "").startswith("fr") else "en"]
