"""Finds actions that a reply claims: "we have cancelled your order", « votre commande a été annulée ». klark itself has
done nothing, so only a source can report such an action."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guardrails.text.values import plain

READ = 2_000
"""Maximum number of characters of a text that are searched."""


@dataclass(frozen=True, slots=True)
class Deed:
    """An action that a text claims: its words, in lower case, and the participle without its French ending."""

    words: str
    done: str


# A rule says what follows when something has been done, and not that it has: "once we have received your parcel".
_WHEN_EN = r"if|once|when|whenever|unless|until|till|after|before|whether|as soon as"
_WHEN_FR = r"si|quand|lorsque|tant que|dès que|une fois|une fois que|après que"
_RULE_EN, _RULE_FR = rf"(?:\b(?P<rule>{_WHEN_EN}) )?", rf"(?:\b(?P<rule>{_WHEN_FR}) )?"
_SUBJECT_EN = rf"(?:(?!(?:{_WHEN_EN}|that|which|who)\b)[\w'’°#€$£-]+(?:[.,]\d+)? ){{1,12}}?"
_SUBJECT_FR = rf"(?:(?!(?:{_WHEN_FR}|qui|que|dont)\b)[\w'’°#€$£-]+(?:[.,]\d+)? ){{1,12}}?"
_ADVERBS_EN = r"(?: now| just| also| already| since| duly| then| \w{1,20}ly){0,3}"
_ADVERBS_FR = r"(?: bien| déjà| donc| également| aussi| \w{1,20}ment){0,3}"
_WE_EN = r"\b(?:(?P<i>i)|we|our \w+(?: team)?|my colleagues?)"
# English: "we have extended hours" claims no action, "we have extended your stay" does: an action has a named object.
_OBJECT = (
    r"(?=\s*[.,;:!?)…]|\s*$|\s[\d€$£]|\s\w+'s\b|\s(?:y?our|her|my|the|a|an|this|that|these|those|it|its|them|you|him|his|their"
    r"|one|all|both|each|every|any|for|to|of|on|in|at|into|from|with|without|by|back|off|down|up|out|over|through|as|and"
    r"|again|today|now|already)\b)"
)
_DONE_EN = r"(?:\w+ed|withdrawn|drawn|sent|lent|paid|put|set|made|found)\b"
# "We changed our prices" is the company's past; "we refunded you" is about this customer. "Need" and "feed" are no past.
_PAST_EN = r"(?:\w*[^\We]ed|sent|lent|paid|made|found|withdrew|drew)\b"
_YOURS = r"(?=\s(?:(?:you|yours?)\b|[€$£]\d))"
_YOURS_OR_IT = r"(?=\s(?:you|yours?|it|them|this|that|these|those|the|his|her|their|\w+'s|[€$£]?\d)\b)"
# French: a participle has its accent; "trois", "aussi" and the like end like some participles.
_TO_WHOM_FR = r"(?:vous |lui |leur )?(?:les |l')?(?:y |en )?"
_PARTICIPLE = (
    r"(?!(?:besoin|trois|aussi|ici|peu|lui|jeudi|lundi|mardi|samedi|produits?|droits?|petite?s?)\b|passé le \d)"
    r"\w+(?:é|i|u|is|it|ert)(?:e?s?)\b"
)
_DONE: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "en": (
        re.compile(
            rf"{_RULE_EN}{_WE_EN}(?: have|'ve| has){_ADVERBS_EN}(?: gone (?:ahead )?and{_ADVERBS_EN})? "
            rf"(?!had\b|been able\b)(?P<done>{_DONE_EN}){_OBJECT}"
        ),
        re.compile(rf"{_RULE_EN}{_WE_EN}{_ADVERBS_EN} (?P<done>{_PAST_EN})(?(i){_YOURS_OR_IT}|{_YOURS})"),
        re.compile(
            rf"{_RULE_EN}\byou(?:r {_SUBJECT_EN}ha(?:s|ve)| have|'ve){_ADVERBS_EN} been{_ADVERBS_EN} (?P<done>{_DONE_EN})"
        ),
    ),
    "fr": (
        re.compile(
            rf"{_RULE_FR}\b(?:j'ai|je {_TO_WHOM_FR}ai|nous {_TO_WHOM_FR}avons|notre (?:\w+ ){{1,2}}{_TO_WHOM_FR}a"
            rf"|nos \w+ {_TO_WHOM_FR}ont){_ADVERBS_FR} "
            rf"(?P<done>{_PARTICIPLE})"
        ),
        re.compile(
            rf"{_RULE_FR}\b(?:(?:votre|vos) {_SUBJECT_FR}(?:a|ont)|vous avez){_ADVERBS_FR} été{_ADVERBS_FR} "
            rf"(?P<done>{_PARTICIPLE})"
        ),
    ),
}
_ENDING = re.compile(r"s?e?s?$")
_WILL: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:we|i)(?: will|'ll| shall| are going to|'re going to| am going to)\b"),
    "fr": re.compile(
        r"\b(?:nous (?:vous |le |la |les |l')?\w+rons|je (?:vous |le |la |les |l')?\w+rai|(?:nous allons|je vais) \w+r)\b"
    ),
}


def deeds(text: str, language: str) -> Iterator[Deed]:
    """Yields the actions of ours that a sentence claims. `language`: "en" or "fr"; no other language is read."""
    said = _said(text)
    for pattern in _DONE.get(language, ()):
        for hit in pattern.finditer(said):
            if not hit["rule"]:
                yield Deed(hit.group(), _ENDING.sub("", hit["done"]) if language == "fr" else hit["done"])


def claimed(text: str, language: str) -> str:
    """Returns the words by which a sentence claims an action of ours, in lower case; "" if there are none."""
    return next((deed.words for deed in deeds(text, language)), "")


def committing(text: str, language: str) -> bool:
    """Returns whether an agent's sentence says what we have done or will do."""
    will = _WILL.get(language)
    return bool(claimed(text, language) or (will and will.search(_said(text))))


def _said(text: str) -> str:
    return unicodedata.normalize("NFC", plain(text[:READ])).lower()
