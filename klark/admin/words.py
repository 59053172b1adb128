"""Closed lists of other packages in the user's language, and the colours that go with them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext, gettext_noop, pgettext
from django.utils.translation import gettext_lazy as _

from guardrails.base import Level
from klark.values.reasons import Reason

LEVELS: Mapping[str, Any] = {"INFO": _("for information"), "HOLD": _("hold"), "BLOCK": _("block")}
LEVEL_COLOURS: Mapping[str, str] = {"INFO": "info", "HOLD": "warning", "BLOCK": "danger"}

SENTENCE_COLOURS: Mapping[str, str] = {
    "COPIED": "success",
    "SUPPORTED": "success",
    "UNSUPPORTED": "warning",
    "UNJUDGED": "warning",
    "CONTRADICTED": "danger",
}

DELIVERY_COLOURS: Mapping[str, str] = {
    "waiting": "primary",
    "due": "info",
    "sending": "info",
    "sent": "success",
    "retired": "",
    "parked": "danger",
}
ENDED: Mapping[str, Any] = {"retired": _("not sent")}
"""What a state means for whoever reads a draft's page."""
DECISION_COLOURS: Mapping[str, str] = {"REPLY": "success", "WAIT": "primary", "NOTE": "info", "ESCALATE": "warning"}
TROUBLES = (
    gettext_noop("Shadow mode: nothing is written."),
    gettext_noop("The helpdesk was disconnected."),
    gettext_noop("There is no model that could judge."),
    gettext_noop("The budget is spent."),
    gettext_noop("Whoever ran it ended before it was done."),
    gettext_noop("Put in the identifier of an OAuth client at Zendesk first, and save."),
)
"""What steps keep or say in English, since nobody reads while they work; named here for klark's catalogue."""


def trouble_words(kept: str) -> str:
    """Trouble in the reader's language, where klark has words for it; what a helpdesk said stays as it is."""
    return gettext(kept) if kept else ""


def labelled(label: Any, value: Any) -> str:
    """A label and what it labels, with the space that French has before a colon."""
    return f"{label}{pgettext('after a label', ':')} {value}"


def reason_title(reason: str) -> str:
    """A reason from klark's closed list; the bare word where a later version of klark wrote it."""
    known = Reason.__members__.values()
    return Reason(reason).title(get_language() or "en") if reason in known else reason


def worst(findings: list[dict[str, Any]]) -> str:
    """The highest level among recorded findings; "" for none."""
    levels = [Level[each["level"]] for each in findings]
    return max(levels).name if levels else ""


def above_info(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The findings that hold a draft back."""
    return [each for each in findings if each["level"] != Level.INFO.name]
