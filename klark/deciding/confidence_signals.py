"""The signs that the confidence in a draft was computed from, in words for people: English and French."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Words = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wording:
    """`number` turns a sign's value into one that people count in; `exact` has other words for some of these numbers."""

    number: Callable[[float], int]
    words: Words
    exact: Mapping[int, Words] = field(default_factory=dict)


def _percent(value: float) -> int:
    return round(100 * value)


WORDINGS: Mapping[str, Wording] = {
    "supported": Wording(
        _percent, ("{n} % of its sentences are word for word or supported", "{n} % de ses phrases sont mot pour mot ou étayées")
    ),
    "denied": Wording(
        _percent, ("{n} % of its sentences are not supported", "{n} % de ses phrases ne sont pas étayées"),
        {0: ("no sentence was denied", "aucune phrase n'a été contredite")},
    ),
    "repaired": Wording(
        int, ("a sentence that the judge denied was left out", "une phrase que le juge a contestée a été retirée"),
        {0: ("no denied sentence had to be left out", "aucune phrase contestée n'a dû être retirée")},
    ),
    "answered": Wording(
        int, ("the judge says that everything asked is answered", "le juge dit que tout ce qui est demandé reçoit une réponse"),
        {0: ("no judge whose word counts says that everything is answered",
             "aucun juge dont l'avis compte ne dit que tout reçoit une réponse")},
    ),
    "open": Wording(
        int,
        ("the drafter leaves something open", "le rédacteur laisse quelque chose sans réponse"),
        {0: ("the drafter leaves nothing open", "le rédacteur ne laisse rien sans réponse")},
    ),
    "first": Wording(
        lambda value: round(1 / value),
        ("the first source it cites was number {n} of those found",
         "la première source citée était la nº {n} de celles trouvées"),
    ),
    "hard": Wording(
        int, ("remarks of klark's own checks: {n}", "remarques des contrôles de klark\u00a0: {n}"),
        {0: ("klark's own checks found nothing", "les contrôles de klark n'ont rien trouvé")},
    ),
}  # fmt: skip


def sign_words(name: str, value: float, language: str) -> str:
    """Returns what was seen of a draft, in words; "" for a sign that no longer exists."""
    if name not in WORDINGS:
        return ""
    wording = WORDINGS[name]
    number = wording.number(value)
    return wording.exact.get(number, wording.words)[language.startswith("fr")].format(n=number)
