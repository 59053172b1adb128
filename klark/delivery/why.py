"""Why klark decided so, in the reader's words, where a decision keeps keys: topics and languages."""

from collections.abc import Callable, Mapping

from guardrails.triage.topics import CATEGORIES
from klark.values.labels import language_words
from klark.values.reasons import Reason


def kept_words(reason: str, kept: str, language: str) -> str:
    """What is kept beside a reason; as it is where it is words already."""
    say = SAID.get(reason)
    return say(kept, language) if say and kept else kept


def _topics(kept: str, language: str) -> str:
    return ", ".join(_topic(key, "fr" if language.startswith("fr") else "en") for key in kept.split(", "))


def _topic(key: str, language: str) -> str:
    """The bare key where another version of klark wrote it."""
    return CATEGORIES[key].title[language] if key in CATEGORIES else key


SAID: Mapping[str, Callable[[str, str], str]] = {
    Reason.SENSITIVE: _topics,
    Reason.UNSUPPORTED_LANGUAGE: language_words,
}
