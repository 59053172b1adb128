"""Labels in the user's language for fixed values of other packages, and the colours that go with them."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.forms.utils import flatatt
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_noop, pgettext
from django.utils.translation import gettext_lazy as _

from guardrails.base import Level
from klark.models import Connection
from klark.sources.refusals import Refusal
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
STATES: Mapping[str, tuple[Any, Any]] = {
    "waiting": (_("waiting for a person"), _("Somebody approves, edits or rejects it, or hands the ticket over.")),
    "due": (_("about to be written"), _("klark writes it on the ticket in a moment, or once a stop is released.")),
    "sending": (_("being written"), _("It may stand on the ticket already: klark reads the ticket again to be sure.")),
    "sent": (_("sent"), _("It stands on the ticket.")),
    "retired": (
        _("not sent"),
        _("A person was faster or decided so, or the customer wrote again: klark left the ticket alone."),
    ),
    "parked": (
        _("could not be written"),
        _("The draft's page says why. The operator finds it parked under Deliveries."),
    ),
}
"""The states of a delivery in a support lead's words, with what each means."""
DECISION_COLOURS: Mapping[str, str] = {"REPLY": "success", "WAIT": "primary", "NOTE": "info", "ESCALATE": "warning"}
SOURCE_KINDS: Mapping[str, Any] = {
    "manual": _("Written by hand"), "api": _("Put in by programs"), "folder": _("Folder"), "site": _("Site"),
    "website": _("Website"), "upload": _("Documents"), **dict(Connection._meta.get_field("helpdesk").flatchoices),
}  # fmt: skip
"""Where articles come from: what stands before the colon in `Article.source`."""
TROUBLES = (
    gettext_noop("Shadow mode: nothing is written."),
    gettext_noop("The helpdesk was disconnected."),
    gettext_noop("What it said was deleted, because its time was over or because somebody asked for it."),
    gettext_noop("There is no model that could judge."),
    gettext_noop("The budget is spent."),
    gettext_noop("Whoever ran it ended before it was done."),
    gettext_noop("It was taken back."),
    gettext_noop("The reply that it adds to is not sent."),
    gettext_noop("Put in the identifier of an OAuth client at Zendesk first, and save."),
    gettext_noop("This authorization was not begun here, took longer than ten minutes, or was used already."),
    gettext_noop("Zendesk gave no code: the authorization was declined there."),
    gettext_noop("It is being read just now."),
    gettext_noop("there is nothing in it any more; if that is so, remove the source"),
    gettext_noop("it disappeared while it was read"),
    gettext_noop("the sitemap names no page that klark may read"),
)
"""Messages that the background steps store in English; listed here so that they are in klark's translation catalogue."""
WITH_VALUES: tuple[str, ...] = (
    *Refusal,
    gettext_noop("Nothing was withdrawn: %(why)s."),
    gettext_noop("%(host)s is not on the public internet, and the operator's list of private hosts lacks it"),
    gettext_noop("%(host)s could not be reached: %(error)s"),
)
REFUSALS: Mapping[str, re.Pattern[str]] = {
    each: re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*?)", re.escape(each)), re.DOTALL) for each in WITH_VALUES
}
"""How each sentence on a document or a source is recognized, with its values."""


class Coloured(NamedTuple):
    """A label, which a list shows in the colour of its key; a row's own page shows the label alone."""

    key: str
    label: Any

    def __str__(self) -> str:
        """Returns the label."""
        return str(self.label)


def trouble_words(kept: str) -> str:
    """Translates a stored trouble into the user's language if it is klark's own, also where it has values; a helpdesk's message
    stays as it is."""
    for refusal, written in REFUSALS.items():
        if found := written.fullmatch(kept):
            return gettext(refusal) % {name: trouble_words(value) for name, value in found.groupdict().items()}
    return gettext(kept) if kept else ""


def tagged(colour: str, label: Any, meaning: Any = "") -> SafeString:
    """Returns a label in its colour, and what it means for whoever points at it."""
    return format_html(
        '<span class="k-tag k-{}"{}>{}</span>', colour or "plain", flatatt({"title": meaning or None}), label
    )


def labelled(label: Any, value: Any) -> str:
    """Returns a label and its value, separated by a colon, with the space that French has before it."""
    return f"{label}{pgettext('after a label', ':')} {value}"


def money(amount: Decimal, currency: str, places: int = 2) -> str:
    """Returns an amount as the user's language writes it."""
    return f"{number_format(round(amount, places), places)} {currency}"


def source_title(source: str) -> str:
    """Returns where an article comes from, as in "Zendesk · acme"."""
    kind, _colon, name = source.partition(":")
    return " · ".join(filter(None, (str(SOURCE_KINDS.get(kind, kind)), name)))


def reason_title(reason: str) -> str:
    """Returns the title of a decision's reason in the user's language; an unknown one, of a later klark, stays as it is."""
    known = Reason.__members__.values()
    return Reason(reason).title(get_language() or "en") if reason in known else reason


def worst(findings: list[dict[str, Any]]) -> str:
    """Returns the name of the highest level among recorded findings; "" if there are none."""
    levels = [Level[each["level"]] for each in findings]
    return max(levels).name if levels else ""


def above_info(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Returns the findings that hold a draft back: those above the level INFO."""
    return [each for each in findings if each["level"] != Level.INFO.name]
