"""Finds actions that a reply claims: "we have cancelled your order", « j'ai réservé deux places ». klark itself has
done nothing, so only a source can report such an action."""

import re
import unicodedata
from collections.abc import Mapping

from guardrails.text.values import plain

READ = 2_000
"""Maximum number of characters of a text that are searched."""
# English: "we have extended hours" claims no action, "we have extended your stay" does: an action has a named object.
_OBJECT = (
    r"(?=\s*[.,;:!?)…]|\s*$|\s[\d€$£]|\s\w+'s\b|\s(?:y?our|her|my|the|a|an|this|that|these|those|it|its|them|you|him|his|their"
    r"|one|all|both|each|every|any|for|to|of|on|in|at|into|from|with|without|by|back|off|down|up|out|over|through|as|and"
    r"|again|today|now|already)\b)"
)
# French: a participle has its accent; "trois", "aussi" and the like end like some participles.
_PARTICIPLE = (
    r"(?!(?:besoin|trois|aussi|ici|peu|lui|jeudi|lundi|mardi|samedi|produits?|droits?|petite?s?)\b|passé le \d)"
    r"\w+(?:é|i|u|is|it|ert)(?:e?s?)\b"
)
_DONE: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:we|i|our \w+(?: team)?|my colleagues?)(?: have|'ve| has)(?: (?:now|just|also|already|since|duly))? "
        rf"(?!had\b|been able\b)(?:\w+ed|withdrawn|drawn|sent|lent|paid|put|set|made|found)\b{_OBJECT}"
    ),
    "fr": re.compile(
        r"\b(?:j'ai|nous (?:vous |l')?avons|notre (?:\w+ ){1,2}a|nos \w+ ont)(?: (?:bien|déjà|donc|également|aussi))* "
        rf"{_PARTICIPLE}"
    ),
}
_WILL: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:we|i)(?: will|'ll| shall| are going to|'re going to| am going to)\b"),
    "fr": re.compile(
        r"\b(?:nous (?:vous |le |la |les |l')?\w+rons|je (?:vous |le |la |les |l')?\w+rai|(?:nous allons|je vais) \w+r)\b"
    ),
}


def claimed(text: str, language: str) -> str:
    """Returns the words by which a sentence claims an action of ours, in lower case; "" if there are none.
    `language`: "en" or "fr"; no other language is read."""
    return _hit(_DONE, text, language)


def committing(text: str, language: str) -> bool:
    """Returns whether an agent's sentence says what we have done or will do."""
    return bool(_hit(_DONE, text, language) or _hit(_WILL, text, language))


def _hit(patterns: Mapping[str, re.Pattern[str]], text: str, language: str) -> str:
    pattern = patterns.get(language)
    said = unicodedata.normalize("NFC", plain(text[:READ])).lower()
    hit = pattern.search(said) if pattern else None
    return hit.group() if hit else ""
