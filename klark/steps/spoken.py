"""What klark noticed, in the words of whoever reads the note or the page: English and French."""

from collections.abc import Mapping

from django.utils.translation import get_language_info, override

from guardrails.answered import answered
from guardrails.base import State

STATES: Mapping[State, tuple[str, str]] = {
    "COURTESY": ("courtesy", "politesse"),
    "QUESTION": ("question", "question"),
    "INSTRUCTION": ("instruction", "consigne"),
    "SUPPORTED": ("supported", "étayée"),
    "UNSUPPORTED": ("not supported", "non étayée"),
    "CONTRADICTED": ("contradicted", "contredite"),
}
MOODS = {"positive": ("content", "content"), "neutral": ("calm", "calme"), "negative": ("upset", "mécontent")}
ORIGINS: Mapping[str, tuple[str, str]] = {
    "crm": ("", ""),
    "user": ("user field", "champ de l'utilisateur"),
    "organization": ("organization field", "champ de l'organisation"),
}
FLAGS: Mapping[str, tuple[str, str]] = {"yes": ("yes", "oui"), "no": ("no", "non")}
UNKNOWN = ("not known", "inconnue")


def _french(language: str) -> bool:
    return language.startswith("fr")


def state_words(state: State, language: str) -> str:
    """What became of a sentence."""
    return STATES[state][_french(language)]


def mood_words(mood: str, language: str) -> str:
    """How the customer sounds."""
    return MOODS.get(mood, (mood, mood))[_french(language)]


def value_words(value: str, kind: str, language: str) -> str:
    """A fact's value; a flag in the reader's words."""
    return FLAGS.get(value, (value, value))[_french(language)] if kind == "flag" else value


def source_words(source: str, origin: str, language: str) -> str:
    """Where a fact comes from: a host, and which of a helpdesk's fields."""
    return ", ".join(filter(None, (source, ORIGINS.get(origin, ("", ""))[_french(language)])))


def titled(title: str, article: str, language: str) -> str:
    """A source's title; that of a colleague's answer with its ticket, its day and how old it was when the draft was made."""
    told = answered(article)
    if told is None:
        return title
    return f"{title} (#{told.ticket}, {told.day}, {told.days} {'jours' if _french(language) else 'days'})"


def language_words(code: str | None, language: str) -> str:
    """The ticket's language by its name (Django knows a hundred); the bare code where there is none."""
    if not code:
        return UNKNOWN[_french(language)]
    with override("fr" if _french(language) else "en"):
        try:
            name = str(get_language_info(code)["name_translated"])
        except KeyError:
            return code
    return name.lower() if _french(language) else name
