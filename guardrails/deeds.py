"""Deeds that a reply claims: "we have cancelled your order", « j'ai transmis votre demande ». klark has done nothing, so only a
source can have done them."""

import re

from guardrails.words import fold

_PATTERNS = {
    "en": re.compile(
        r"\b(?:we|i|our \w+(?: team)?|my colleagues?)(?: have|'ve| has)(?: (?:now|just|also|already|since|duly))? "
        r"(?!had\b|been able\b)(?:\w+(?:ed|wn|nt|id)|put|set|made|found)\b"
    ),
    "fr": re.compile(
        r"\b(?:j'ai|nous (?:vous |l')?avons|notre (?:\w+ ){1,2}a|nos \w+ ont)(?: (?:bien|deja|donc|egalement))* (?!besoin\b)"
        r"\w+(?:e|i|u|is|it|ert)(?:e?s?)\b"
    ),
}
READ = 2_000


def claimed(text: str, language: str) -> str:
    """The words by which a sentence claims a deed of ours, folded; "" for none."""
    pattern = _PATTERNS.get(language)
    hit = pattern.search(fold(text[:READ])) if pattern else None
    return hit.group() if hit else ""


_WILL = {
    "en": re.compile(r"\b(?:we|i)(?: will|'ll| shall| are going to|'re going to| am going to)\b"),
    "fr": re.compile(
        r"\b(?:nous (?:vous |le |la |les |l')?\w+rons|je (?:vous |le |la |les |l')?\w+rai|(?:nous allons|je vais) \w+r)\b"
    ),
}


def committing(text: str, language: str) -> bool:
    """Whether a sentence of an agent's says what we have done or will do."""
    will = _WILL.get(language)
    return bool(claimed(text, language)) or bool(will and will.search(fold(text[:READ])))
