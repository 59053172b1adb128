"""What klark noticed, in the words of those who read the note or the page: English and French."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language_info, override

from guardrails.confidence import band_of, fitted
from guardrails.grounding.colleague_answers import Answered

STATES: Mapping[str, tuple[str, str]] = {
    "COPIED": ("word for word", "mot pour mot"),
    "UNJUDGED": ("not judged", "non jugée"),
    "SUPPORTED": ("supported", "étayée"),
    "UNSUPPORTED": ("not supported", "non étayée"),
    "CONTRADICTED": ("contradicted", "contredite"),
}
MOODS = {
    "calm": ("calm", "calme"),
    "worried": ("worried", "inquiet"),
    "upset": ("upset", "bouleversé"),
    "angry": ("angry", "en colère"),
}
PRIORITY_WORDS: Mapping[str, tuple[str, str]] = {
    "low": ("low priority", "priorité basse"),
    "normal": ("normal priority", "priorité normale"),
    "high": ("high priority", "priorité haute"),
    "urgent": ("urgent", "urgent"),
}
ORIGINS: Mapping[str, tuple[str, str]] = {
    "crm": ("", ""),
    "user": ("user field", "champ de l'utilisateur"),
    "organization": ("organization field", "champ de l'organisation"),
}
FLAGS: Mapping[str, tuple[str, str]] = {"yes": ("yes", "oui"), "no": ("no", "non")}
UNKNOWN = ("not known", "inconnue")
CANNOT_TELL = "—"
SURE = ((0.9, ("high", "élevée")), (0.5, ("fair", "moyenne")), (0.0, ("low", "faible")))
"""The probability from which the confidence in a draft is called so."""
LIKELY = (
    "{word}, {percent} % (how likely klark finds it that the draft is right and complete)",
    "{word}, {percent}\u202f% (la probabilité, selon klark, que le brouillon soit juste et complet)",
)
MEASURED = (
    "of 100 drafts that klark was about as sure of, {right} were right (a check of {drafts} drafts on {on})",
    "sur 100 brouillons dont klark était à peu près aussi sûr, {right} étaient justes (contrôle de {drafts} brouillons le {on})",
)


def _french(language: str) -> bool:
    return language.startswith("fr")


def state_words(state: str, language: str) -> str:
    """Returns a sentence's state in words; the bare state if a later version of klark wrote it."""
    return STATES.get(state, (state, state))[_french(language)]


def mood_words(mood: str, language: str) -> str:
    """Returns the customer's mood in words."""
    return MOODS.get(mood, (mood, mood))[_french(language)]


def priority_words(priority: str, language: str) -> str:
    """Returns a priority in words; "" for none."""
    return PRIORITY_WORDS.get(priority, ("", ""))[_french(language)]


def value_words(value: str, kind: str, language: str) -> str:
    """Returns a fact's value; a flag in the reader's language."""
    return FLAGS.get(value, (value, value))[_french(language)] if kind == "flag" else value


def source_words(source: str, origin: str, language: str) -> str:
    """Returns where a fact comes from: a host, and which of a helpdesk's fields."""
    return ", ".join(filter(None, (source, ORIGINS.get(origin, ("", ""))[_french(language)])))


def titled(title: str, told: Answered | None, language: str) -> str:
    """Returns a source's title; for a colleague's answer, with its ticket, its day and its age when the draft was made."""
    if told is None:
        return title
    return f"{title} (#{told.ticket}, {told.day}, {days_words(told.days, language)})"


def days_words(days: int, language: str) -> str:
    """Returns a number of days in words; in French, 0 is singular as 1 is."""
    if _french(language):
        return f"{days} {'jour' if days < 2 else 'jours'}"
    return f"{days} {'day' if days == 1 else 'days'}"


def language_words(code: str | None, language: str) -> str:
    """Returns the name of the ticket's language (Django knows a hundred), or the bare code if there is none."""
    if not code:
        return UNKNOWN[_french(language)]
    with override("fr" if _french(language) else "en"):
        try:
            name = str(get_language_info(code)["name_translated"])
        except KeyError:
            return code
    return name.lower() if _french(language) else name


def confidence_words(likely: float | None, language: str) -> str:
    """Returns klark's confidence in a draft: the figure that a policy's minimum is compared with; "" if it is not known."""
    if likely is None:
        return ""
    code = _french(language)
    word = next(words[code] for least, words in SURE if likely >= least)
    return LIKELY[code].format(word=word, percent=percent_of(likely))


def measured_words(likely: float | None, language: str) -> str:
    """Returns how often klark was right about labelled drafts that it was about as sure of; "" if that is not known."""
    if likely is None:
        return ""
    code, measured = _french(language), fitted()
    with override("fr" if code else language if language.startswith("en") else "en"):
        on = date_format(measured.on, "DATE_FORMAT")
    return MEASURED[code].format(right=band_of(likely).of_hundred, on=on, drafts=measured.drafts)


def local_day(at: datetime) -> str:
    """Returns a moment's day, as the reader's clock and country have it."""
    return date_format(localtime(at), "SHORT_DATE_FORMAT")


def local_moment(at: datetime) -> str:
    """Returns a moment's day and time, as the reader's clock and country have them."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def percent_of(likely: float) -> int:
    """Returns the percentage that people read and that a minimum is compared with: rounded down, and never 0 or 100,
    since nobody is that sure."""
    return min(99, max(1, int(round(100 * likely, 6))))  # 100 * .29 is a hair below 29


def percent_words(likely: float | None) -> str:
    """Returns the percentage with its sign, in either language; a dash if it is not known."""
    return CANNOT_TELL if likely is None else f"{percent_of(likely)} %"
