"""Short ways to trace a sentence in a test. Today is Wednesday 25 November 2026."""

from datetime import date

from guardrails.base import Sentence, Source
from guardrails.grounding.provenance import Traced, trace

TODAY = date(2026, 11, 25)


def traced(
    text: str,
    *sources: str,
    ticket: str = "",
    language: str = "en",
    around: str = "",
    title: str = "",
    today: date | None = TODAY,
) -> dict[str, Traced]:
    """The values of a sentence that cites the texts given, by their words."""
    cited = tuple(Source("a1", source, title, around=around) for source in sources)
    return {one.text: one for one in trace(Sentence(text, cited), ticket, language, today)}


def origins(text: str, *sources: str, ticket: str = "", language: str = "en", around: str = "") -> dict[str, str]:
    """The origin of each value."""
    found = traced(text, *sources, ticket=ticket, language=language, around=around)
    return {words: one.origin for words, one in found.items()}


def hows(text: str, *sources: str, ticket: str = "", language: str = "en") -> dict[str, str]:
    """How each derived or refuted value is explained."""
    found = traced(text, *sources, ticket=ticket, language=language)
    return {words: one.how for words, one in found.items() if one.origin in ("derived", "refuted")}


def refuted(text: str, *sources: str, ticket: str = "", language: str = "en") -> dict[str, str]:
    """What is refuted, and why."""
    found = traced(text, *sources, ticket=ticket, language=language)
    return {words: one.how for words, one in found.items() if one.origin == "refuted"}
