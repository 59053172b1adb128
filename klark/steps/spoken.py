"""What klark noticed, in the words of whoever reads the note or the page: English and French."""

from collections.abc import Mapping

from django.utils.translation import get_language_info, override

STATES: Mapping[str, tuple[str, str]] = {
    "COURTESY": ("courtesy", "politesse"),
    "QUESTION": ("question", "question"),
    "INSTRUCTION": ("instruction", "consigne"),
    "SUPPORTED": ("supported", "étayée"),
    "UNSUPPORTED": ("not supported", "non étayée"),
    "CONTRADICTED": ("contradicted", "contredite"),
}
MOODS = {"positive": ("content", "content"), "neutral": ("calm", "calme"), "negative": ("upset", "mécontent")}
UNKNOWN = ("not known", "inconnue")


def _french(language: str) -> bool:
    return language.startswith("fr")


def state_words(state: str, language: str) -> str:
    """What became of a sentence; the bare word where a later version of klark wrote it."""
    return STATES.get(state, (state, state))[_french(language)]


def mood_words(mood: str, language: str) -> str:
    """How the customer sounds."""
    return MOODS.get(mood, (mood, mood))[_french(language)]


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
