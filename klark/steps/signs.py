"""The signs that the confidence in a draft was read from, in the words of whoever reads the page: English and French."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import expm1

from guardrails.confidence import MOST_FINDINGS, MOST_QUESTIONS

Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """`number`: a sign's value as people count it; `exact`: what is said of some of these numbers in other words."""

    number: Callable[[float], int]
    words: Words
    exact: Mapping[int, Words] = field(default_factory=dict)


def _percent(value: float) -> int:
    return round(100 * value)


WORDINGS: Mapping[str, Wording] = {
    "asked": Wording(
        _percent,
        ("{n} % of the words of the question that it covers least are in the draft or in the titles of its sources",
         "{n} % des mots de la question la moins couverte sont dans le brouillon ou dans les titres de ses sources"),
    ),
    "agreed": Wording(
        _percent,
        ("{n} % of what the drafter without a model would cite is cited",
         "{n} % de ce que le rédacteur sans modèle citerait est cité"),
        {0: ("the drafter without a model would cite none of these sentences, or would not answer everything",
             "le rédacteur sans modèle ne citerait aucune de ces phrases, ou ne répondrait pas à tout")},
    ),
    "first": Wording(
        lambda value: round(1 / value),
        ("the first source it cites was number {n} of those found",
         "la première source citée était la nº {n} de celles trouvées"),
    ),
    "open": Wording(
        int,
        ("the drafter leaves something open", "le rédacteur laisse quelque chose sans réponse"),
        {0: ("the drafter leaves nothing open", "le rédacteur ne laisse rien sans réponse")},
    ),
    "questions": Wording(
        int,
        ("{n} things were asked", "{n} choses étaient demandées"),
        {0: ("nothing was asked", "rien n'était demandé"), 1: ("one thing was asked", "une seule chose était demandée"),
         MOST_QUESTIONS: ("{n} things or more were asked", "{n} choses ou plus étaient demandées")},
    ),
    "holds": Wording(
        int,
        ("remarks that hold it: {n}", "remarques qui le retiennent : {n}"),
        {0: ("nothing holds it", "rien ne le retient"),
         MOST_FINDINGS: ("remarks that hold it: {n} or more", "remarques qui le retiennent : {n} ou plus")},
    ),
    "blocks": Wording(
        int,
        ("remarks that block it: {n}", "remarques qui le bloquent : {n}"),
        {0: ("nothing blocks it", "rien ne le bloque"),
         MOST_FINDINGS: ("remarks that block it: {n} or more", "remarques qui le bloquent : {n} ou plus")},
    ),
    "length": Wording(
        lambda value: round(expm1(value)), ("it is {n} characters long", "il fait {n} caractères")
    ),
}  # fmt: skip


def sign_words(name: str, value: float, language: str) -> str:
    """What was seen of a draft; "" for a sign that is none any more."""
    if name not in WORDINGS:
        return ""
    wording = WORDINGS[name]
    number = wording.number(value)
    return wording.exact.get(number, wording.words)[language.startswith("fr")].format(n=number)
