"""The small words that bound a statement: conditions, restrictions, modality, scope, and the direction of a limit.

All functions take a `Reading`; they look at folded tokens, so neither case nor accents matter.
"""

import re
from dataclasses import dataclass
from typing import Literal

from guardrails.vocabulary import RESTRICTORS, word_set
from guardrails.words import Reading, Word, fold

Force = Literal["MUST", "MAY", "SHOULD"]
Scope = Literal["ALL", "SOME"]
Side = Literal["MOST", "LEAST"]

# A strong condition changes what is true; a weak one says when to read on, and the ticket may already say so.
_STRONG = re.compile(
    r" (?:unless|except(?: for| if| when)?|excluding|apart from|other than|with the exception of|only (?:if|when|where|after|for|on|with)|"
    r"provided(?: that)?|providing|as long as|on condition that|subject to|but not|not including|until|"
    r"sauf(?: si| pour| en cas)?|hors|hormis|excepte|a l exception|a le exception|a condition|sous reserve|uniquement (?:si|pour|en|dans|sur)|"
    r"seulement (?:si|pour|en|dans|sur)|a moins|pourvu|tant que|dans la limite|exclusivement (?:si|pour|en)|a l exclusion|a le exclusion) "
)
_WEAK = re.compile(r" (?:if|when|whenever|in case|once|si|en cas|lorsque|lorsqu|quand|des que|une fois) ")
_END = word_set(", ; : . ! ? ( ) —")
_SPLIT = word_set("; : — but mais while whereas tandis however cependant toutefois")
_JOIN = word_set("and et puis then")

_FORCES: dict[str, Force] = {
    **dict.fromkeys(
        word_set(
            "must mandatory compulsory required requires require doit doivent devez devrez devra devront obligatoire "
            "obligatoires obligatoirement faut faudra imperatif imperativement exige exiges need needs needed necessary necessaire"
        ),
        "MUST",
    ),
    **dict.fromkeys(
        word_set("can may could might peut peuvent pouvez pourrez pourra pourront possible optional facultatif facultative"),
        "MAY",
    ),
    **dict.fromkeys(
        word_set("should recommend recommended advise advised recommandons recommande recommandee conseillons conseille conseillee devrait devriez"),
        "SHOULD",
    ),
}
_MIGHT = word_set("might could pourrait pourraient probably perhaps maybe probablement eventuellement sometimes parfois")
_ALL = word_set("always every systematically toujours systematiquement all tous toutes any chaque whole entire tout toute")
_ALWAYS = word_set("always every systematically toujours systematiquement")
_SOME = word_set(
    "some most many several few often usually normally typically mostly certains certaines plupart plusieurs souvent habituellement quelques"
)
_LIMITS: tuple[tuple[Side, re.Pattern[str]], ...] = (
    ("MOST", re.compile(r" (?:up to|at most|maximum(?: of| de)?|max|jusque? (?:a|au)|au plus|au maximum|no more than|not more than|pas plus de|below|under|less than|fewer than|moins de|within|sous|not exceed|before|avant|by|until)(?: (?:the|le|la|of|de|d))? $")),
    ("LEAST", re.compile(r" (?:at least|minimum(?: of| de)?|min|au moins|au minimum|a partir de|a compter de|from|starting at|more than|over|above|plus de|at the earliest|exceeding|des|after|apres)(?: (?:the|le|la|of|de|d))? $")),
)
_LIMIT_AFTER: tuple[tuple[Side, re.Pattern[str]], ...] = (
    ("MOST", re.compile(r"^ (?:at most|maximum|max|au plus|au maximum|or less|ou moins|at the latest|au plus tard)\b")),
    ("LEAST", re.compile(r"^ (?:at least|minimum|min|au moins|au minimum|or more|ou plus|and (?:over|above|more)|et plus)\b")),
)


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: its marker, its content words, and those of the clause that it bounds."""

    marker: str
    words: tuple[Word, ...]
    main: tuple[Word, ...]
    strong: bool


def conditions(reading: Reading) -> tuple[Condition, ...]:
    """The conditions in a sentence, strong ones first; a sentence that has both kinds shows both."""
    strong = [_condition(reading, hit, strong=True) for hit in _STRONG.finditer(reading.folded)]
    weak = [_condition(reading, hit, strong=False) for hit in _WEAK.finditer(reading.folded)]
    inside = {word.place for found in strong for word in found.words}
    return (*strong, *(found for found in weak if not inside & {word.place for word in found.words}))


def _condition(reading: Reading, hit: re.Match[str], *, strong: bool) -> Condition:
    first = reading.folded.count(" ", 0, hit.start() + 1) - 1
    begin = first + len(hit.group().split())
    stop = next((place for place in range(begin, len(reading.tokens)) if reading.tokens[place] in _END), len(reading.tokens))
    left, right = _segment(reading.tokens, first, stop)
    inner = tuple(word for word in reading.words if begin <= word.place < stop)
    outer = tuple(word for word in reading.words if left <= word.place < right and not begin <= word.place < stop)
    return Condition(hit.group().strip(), inner, outer, strong)


def _segment(tokens: tuple[str, ...], first: int, stop: int) -> tuple[int, int]:
    """The part of a sentence that the marker at `first` belongs to: up to a semicolon, a colon, "but", or ", and"."""
    cuts = [place for place in range(len(tokens)) if _cuts(tokens, place)]
    left = max((place for place in cuts if place < first), default=-1) + 1
    return left, min((place for place in cuts if place >= stop), default=len(tokens))


def _cuts(tokens: tuple[str, ...], place: int) -> bool:
    return fold(tokens[place]) in _SPLIT or (place > 0 and tokens[place - 1] == "," and tokens[place] in _JOIN)


def restriction(reading: Reading) -> str:
    """The word that restricts ("only", "uniquement", "ne … que"), or ""."""
    found = next((token for token in map(fold, reading.tokens) if token in RESTRICTORS), "")
    return found or ("ne … que" if _NE_QUE.search(reading.folded) else "")


_NE_QUE = re.compile(r" ne (?!(?:\S{1,20} ){0,3}(?:pas|plus|jamais|rien|aucun)\b)(?:\S{1,20} ){1,4}que? ")


def forces(reading: Reading) -> frozenset[Force]:
    """Which of must, may and should a sentence says."""
    return frozenset(_FORCES[token] for token in map(fold, reading.tokens) if token in _FORCES)


def doubtful(reading: Reading) -> str:
    """The word that makes a sentence uncertain ("might", "pourrait"), or ""."""
    return next((token for token in map(fold, reading.tokens) if token in _MIGHT), "")


def scope(reading: Reading) -> tuple[Scope | None, str]:
    """Whether a sentence speaks of all or of some, and the word that says so; some counts first."""
    tokens = tuple(map(fold, reading.tokens))
    if some := next((token for token in tokens if token in _SOME), ""):
        return "SOME", some
    if every := next((token for token in tokens if token in _ALL), ""):
        return "ALL", every
    return None, ""


def says_always(word: str) -> bool:
    """Whether a word of `scope` leaves no exception, where "all" may only be a plural."""
    return word in _ALWAYS


def side(text: str, words: str) -> Side | None:
    """Whether the value written as `words` in `text` is a most ("up to 14 days") or a least ("from 5 €")."""
    plain = f" {' '.join(re.findall(r'[^ ,;]+', fold(text).replace(chr(39), ' ')))} "
    place = plain.find(" ".join(fold(words).replace("'", " ").split()))
    if place < 0:
        return None
    before, after = plain[max(0, place - 40) : place], plain[place + len(words) : place + len(words) + 24]
    before = before if before.endswith(" ") else f"{before} "
    found = next((kind for kind, pattern in _LIMITS if pattern.search(before)), None)
    return found or next((kind for kind, pattern in _LIMIT_AFTER if pattern.search(after)), None)
