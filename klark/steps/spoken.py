"""What klark noticed, in the words of whoever reads the note or the page: English and French."""

from collections.abc import Mapping

from guardrails.base import State

STATES: Mapping[State, tuple[str, str]] = {
    "COURTESY": ("courtesy", "formule de politesse"),
    "QUESTION": ("question", "question"),
    "INSTRUCTION": ("instruction", "consigne"),
    "SUPPORTED": ("supported", "appuyée"),
    "UNSUPPORTED": ("not supported", "sans appui"),
    "CONTRADICTED": ("contradicted", "contredite"),
}
MOODS = {"positive": ("content", "content"), "neutral": ("calm", "calme"), "negative": ("upset", "mécontent")}
LANGUAGES = {
    "de": ("German", "allemand"), "en": ("English", "anglais"), "es": ("Spanish", "espagnol"),
    "fr": ("French", "français"), "it": ("Italian", "italien"), "nl": ("Dutch", "néerlandais"),
    "pt": ("Portuguese", "portugais"),
}  # fmt: skip
UNKNOWN = ("not known", "inconnue")


def _french(language: str) -> bool:
    return language.startswith("fr")


def state_words(state: State, language: str) -> str:
    """What became of a sentence."""
    return STATES[state][_french(language)]


def mood_words(mood: str, language: str) -> str:
    """How the customer sounds."""
    return MOODS.get(mood, (mood, mood))[_french(language)]


def language_words(code: str | None, language: str) -> str:
    """The ticket's language by its name; the bare code where klark has no name for it."""
    return LANGUAGES.get(code, (code, code))[_french(language)] if code else UNKNOWN[_french(language)]
