"""Closed lists of other packages in the user's language, and the colours that go with them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guardrails.base import Level
from klark.steps.reasons import Reason

LEVELS: Mapping[str, Any] = {"INFO": _("for information"), "HOLD": _("hold"), "BLOCK": _("block")}
LEVEL_COLOURS: Mapping[str, str] = {"INFO": "info", "HOLD": "warning", "BLOCK": "danger"}

SENTENCE_COLOURS: Mapping[str, str] = {"SUPPORTED": "success", "UNSUPPORTED": "warning", "CONTRADICTED": "danger"}

DELIVERY_COLOURS: Mapping[str, str] = {
    "waiting": "primary",
    "due": "info",
    "sending": "info",
    "sent": "success",
    "retired": "",
    "parked": "danger",
}
DECISION_COLOURS: Mapping[str, str] = {"REPLY": "success", "WAIT": "primary", "NOTE": "info", "ESCALATE": "warning"}


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
