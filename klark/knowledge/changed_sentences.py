"""What became of a sentence of an article in the article's version of now: the same, another one, or nothing.

Sentences are compared as text, wherever they stand; only blanks are not.
"""

import re
from collections import Counter
from collections.abc import Collection
from difflib import SequenceMatcher

from guardrails.text.values import find_values, stands_in
from klark.models.knowledge.recall import Recall

LIKE = 0.5
"""Share of the words of two sentences, in their order, from which one is taken for the other's new wording."""
NEGATIONS = re.compile(
    r"\b(?:not|no|never|none|nobody|cannot|without|except|unless|only|nor|ne|pas|jamais|aucune?|sans|sauf|uniquement|"
    r"seulement|ni)\b|n['’]t\b|\bn['’]",
    re.IGNORECASE,
)
Severity = Recall.Severity


def as_text(sentence: str) -> str:
    """Returns a sentence as it is compared."""
    return " ".join(sentence.split())


def successor(old: str, new: Collection[str]) -> str:
    """Returns the sentence that is most like `old`; "" if none is."""
    words, best = old.casefold().split(), ("", 0.0)
    for each in new:
        like = SequenceMatcher(None, words, each.casefold().split(), autojunk=False).ratio()
        best = max(best, (each, like), key=lambda pair: pair[1])
    return best[0] if best[1] >= LIKE else ""


def severity(old: str, new: str, language: str) -> Recall.Severity:
    """Returns how much the change from `old` to `new` ("": nothing) matters."""
    if not new:
        return Severity.GONE
    before, after = find_values(old, language), find_values(new, language)
    values = all(stands_in(one, after) for one in before) and all(stands_in(one, before) for one in after)
    return Severity.WORDING if values and negations(old) == negations(new) else Severity.FIGURES


def claims_stand(sentence: str, text: str, language: str) -> bool:
    """Returns whether every figure and every negation of a sentence stands in a text."""
    there = find_values(text, language)
    figures = all(stands_in(one, there) for one in find_values(sentence, language))
    return figures and negations(sentence) <= negations(text)


def negations(text: str) -> Counter[str]:
    """Returns how often each word that denies or limits stands in a text."""
    return Counter(hit.group().casefold().replace("’", "'") for hit in NEGATIONS.finditer(text))
