"""Why klark decided so, in the reader's words, for reasons that are stored with keys: topics, languages and findings."""

from collections.abc import Callable, Mapping

from django.utils.translation import override

from guardrails.checks.finding_meanings import CATALOGUE, told_of
from guardrails.triage.sensitive_topics import CATEGORIES
from klark.models import DecisionKind
from klark.values.reasons import Reason
from klark.values.wording import language_words


def kept_words(reason: str, kept: str, language: str) -> str:
    """Returns the words stored with a reason in the reader's language; unchanged if they are no keys."""
    say = SAID.get(reason)
    return say(kept, language) if say and kept else kept


def _topics(kept: str, language: str) -> str:
    return ", ".join(_topic(key, "fr" if language.startswith("fr") else "en") for key in kept.split(", "))


def _topic(key: str, language: str) -> str:
    """Returns the topic's title, or the bare key if another version of klark wrote it."""
    return CATEGORIES[key].title[language] if key in CATEGORIES else key


def _findings(kept: str, language: str) -> str:
    french = language.startswith("fr")
    return ("\u00a0; " if french else "; ").join(_finding(line, "fr" if french else "en") for line in kept.split("\n"))


def _finding(line: str, language: str) -> str:
    """Returns a finding's meaning with its words, or the bare line if another version of klark wrote it."""
    known, _, words = line.partition(" ")
    return told_of(known, words, language) if known in CATALOGUE else line


LEAVES_OUT: Mapping[str, tuple[str, str]] = {
    "rollout_channels": ("its channel", "son canal"),
    "rollout_brands": ("its brand", "sa marque"),
    "rollout_hours": ("the hour", "l'heure"),
    "rollout_percent": ("the share of tickets", "la part des tickets"),
}
"""A policy's field → what leaves a ticket out of the roll-out."""


def _watched(kept: str, language: str) -> str:
    """Returns what left the ticket out and what klark had decided, or the bare words if another version of klark wrote them."""
    french = language.startswith("fr")
    try:
        field, kind, reason = kept.split()
        cause, decided, title = LEAVES_OUT[field][french], DecisionKind(kind), Reason(reason).title(language)
    except (KeyError, ValueError):
        return kept
    would = "\u00a0; sinon" if french else "; otherwise"
    with override("fr" if french else "en"):
        return f"{cause}{would} {decided.label}, {title}"


MAILS: Mapping[str, tuple[str, str]] = {
    "advert": ("an advertisement", "une publicité"),
    "automatic": ("an automatic mail", "un mail automatique"),
    "job_application": ("a job application", "une candidature"),
    "receipt": ("a receipt", "un reçu"),
    "supplier": ("a supplier's mail", "un mail de fournisseur"),
    "thanks": ("thanks", "un remerciement"),
}
"""What a mail is that is not for the support team, as triage calls it."""


def _mail(kept: str, language: str) -> str:
    return MAILS.get(kept, (kept, kept))[language.startswith("fr")]


def _nothing(_kept: str, _language: str) -> str:
    """Of a comment's id, a ticket's status or a moment: the reason's title says all that a reader wants."""
    return ""


IDS = (
    Reason.OWN_COMMENT, Reason.AGENT_WROTE_LAST, Reason.AGENT_OPENED, Reason.ALREADY_ANSWERED, Reason.AUTO_REPLY,
    Reason.OLDER_THAN_CONNECTION, Reason.GONE, Reason.CLOSED, Reason.SOLVED,
)  # fmt: skip
SAID: Mapping[str, Callable[[str, str], str]] = {
    Reason.SENSITIVE: _topics,
    Reason.PERHAPS_SENSITIVE: _topics,
    Reason.BLOCKED_BY_GUARD: _findings,
    Reason.HELD_BY_GUARD: _findings,
    Reason.UNSUPPORTED_LANGUAGE: language_words,
    Reason.OUTSIDE_ROLLOUT: _watched,
    Reason.NOT_FOR_US: _mail,
    **dict.fromkeys(IDS, _nothing),
}
