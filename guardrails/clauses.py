"""The small words that bound a statement: conditions, restrictions, modality, scope, and the direction of a limit.

All functions take a `Reading`; they look at folded tokens, so neither case nor accents matter.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Literal

from guardrails.vocabulary import RESTRICTORS, STOPS, word_set
from guardrails.words import Reading, Word, fold

Force = Literal["MUST", "MAY", "SHOULD"]
Scope = Literal["ALL", "SOME"]
Side = Literal["MOST", "LEAST"]

# A strong condition changes what is true; a weak one says when to read on, and the ticket may already say so.
_STRONG = re.compile(
    r" (?:unless|except(?: for| if| when)?|excluding|apart from|other than|with the exception of|only (?:if|when|where|after)|"
    r"provided(?: that)?|as long as|on condition that|subject to|but not|mais (?:pas|non)|"
    r"sauf(?: si| pour| en cas)?|hors|hormis|excepte|a l exception|a le exception|a condition|sous reserve|uniquement"
    r" (?:si|apres)|"
    r"seulement (?:si|apres)|a moins que|a moins d|a moins de|pourvu|(?<!\ben )tant que|dans la limite|a l exclusion|"
    r"a le exclusion) "
)
_WEAK = re.compile(r" (?:if|when|whenever|in case|once|si|en cas|lorsque|lorsqu|quand|des que|une fois) ")
_SPLIT = word_set("; : — but mais while whereas tandis however cependant toutefois")
_JOIN = word_set("and et puis then")

_FORCES: dict[str, Force] = {
    **dict.fromkeys(
        word_set(
            "must mandatory compulsory required requires require doit doivent devez devrez devra devront obligatoire "
            "obligatoires obligatoirement faut faudra imperatif imperativement exige exiges need needs needed"
            " necessary necessaire"
        ),
        "MUST",
    ),
    **dict.fromkeys(
        word_set(
            "can may could might peut peuvent pouvez pourrez pourra pourront possible optional facultatif facultative"
        ),
        "MAY",
    ),
    **dict.fromkeys(
        word_set(
            "should recommend recommended advise advised recommandons recommande recommandee conseillons conseille"
            " conseillee devrait devriez deconseille deconseillee deconseillons"
        ),
        "SHOULD",
    ),
}
_MIGHT = word_set(
    "might could pourrait pourraient probably perhaps maybe probablement eventuellement sometimes parfois"
)
_ALL = word_set(
    "always every each systematically toujours systematiquement all tous toutes any chaque whole entire tout toute"
)
_ALWAYS = word_set("always every each chaque systematically toujours systematiquement")
_SOME = word_set(
    "some most many several multiple numerous various few often usually normally typically generally mostly frequently"
    " certains certaines plupart plusieurs souvent"
    " habituellement quelques divers diverses"
)
_OF = r"(?: (?:the|le|la|of|de|d))? $"
# (side, firm, what stands before the value): a firm limit may not be dropped, while "within 14 days" is said as "14 days".
_LIMITS: tuple[tuple[Side, bool, re.Pattern[str]], ...] = (
    (
        "MOST",
        True,
        re.compile(
            r" (?:up to|at most|maximum(?: of| de)?|max|jusque? (?:a|au)|au plus|au maximum|no more than|not more"
            r" than|pas plus de|not exceed)" + _OF
        ),
    ),
    (
        "LEAST",
        True,
        re.compile(
            r" (?:at least|no less than|not less than|no fewer than|pas moins de|"
            r"minimum(?: of| de)?|min|au moins|au minimum|a partir de|starting at|more than|over|above|"
            r"plus de|exceeding)" + _OF
        ),
    ),
    (
        "MOST",
        False,
        re.compile(r" (?:below|under|less than|fewer than|moins de|within|sous|before|avant|by|until)" + _OF),
    ),
    ("LEAST", False, re.compile(r" (?:from|des|after|apres|a compter de)" + _OF)),
)
_LIMIT_AFTER: tuple[tuple[Side, bool, re.Pattern[str]], ...] = (
    (
        "MOST",
        True,
        re.compile(r"^ (?:at most|maximum|max|au plus|au maximum|or less|ou moins|at the latest|au plus tard)\b"),
    ),
    (
        "LEAST",
        True,
        re.compile(r"^ (?:at least|minimum|min|au moins|au minimum|or more|ou plus|and (?:over|above|more)|et plus)\b"),
    ),
)


COMPARING = (
    " more than ",
    " above ",
    " over ",
    " exceed",
    " plus de ",
    " au dela ",
    " less than ",
    " moins de ",
    " below ",
)
"""Words that set a limit which a negation turns round."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The direction of a limit, and whether its word must be kept."""

    kind: Side
    firm: bool


_NO_MORE = (
    " no more than ",
    " not more than ",
    " no less than ",
    " not less than ",
    " no fewer than ",
    " pas plus de ",
    " pas moins de ",
)
MOST = 6
"""How many conditions of a kind are looked at in one sentence: each costs its length."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition: its marker, its content words, and those of the clause that it bounds."""

    marker: str
    words: tuple[Word, ...]
    main: tuple[Word, ...]
    strong: bool


@lru_cache(maxsize=512)
def conditions(reading: Reading) -> tuple[Condition, ...]:
    """The conditions in a sentence, strong ones first; a sentence that has both kinds shows both."""
    strong = [_condition(reading, hit, strong=True) for hit in islice(_STRONG.finditer(reading.folded), MOST)]
    weak = [_condition(reading, hit, strong=False) for hit in islice(_WEAK.finditer(reading.folded), MOST)]
    inside = {word.place for found in strong for word in found.words}
    return (*strong, *(found for found in weak if not inside & {word.place for word in found.words}))


def _condition(reading: Reading, hit: re.Match[str], *, strong: bool) -> Condition:
    first = reading.folded.count(" ", 0, hit.start() + 1) - 1
    begin = first + len(hit.group().split())
    stop = next(
        (place for place in range(begin, len(reading.tokens)) if reading.tokens[place] in STOPS), len(reading.tokens)
    )
    left, right = _segment(reading.plain, first, stop)
    inner = tuple(word for word in reading.words if begin <= word.place < stop)
    outer = tuple(word for word in reading.words if left <= word.place < right and not begin <= word.place < stop)
    return Condition(hit.group().strip(), inner, outer, strong)


def _segment(tokens: tuple[str, ...], first: int, stop: int) -> tuple[int, int]:
    """The part of a sentence that the marker at `first` belongs to: up to a semicolon, a colon, "but", or ", and"."""
    cuts = [place for place in range(len(tokens)) if _cuts(tokens, place)]
    left = max((place for place in cuts if place < first), default=-1) + 1
    return left, min((place for place in cuts if place >= stop), default=len(tokens))


def _cuts(tokens: tuple[str, ...], place: int) -> bool:
    return tokens[place] in _SPLIT or (place > 0 and tokens[place - 1] == "," and tokens[place] in _JOIN)


def restriction(reading: Reading) -> str:
    """The word that restricts ("only", "uniquement", "ne … que"), or ""."""
    found = next((token for token in reading.plain if token in RESTRICTORS), "")
    kept = _RESERVED.search(reading.folded) if not found else None
    return found or (kept[1].split()[0] if kept else "") or ("ne … que" if _NE_QUE.search(reading.folded) else "")


# "Reserved for members" restricts; "reserved by phone" is booked. "Réservé" loses its accent: "reserve a seat" is English.
_RESERVED = re.compile(
    r" (reserved (?:\S{1,20} )?(?:for|to)|reserve(?:e|s|es)? (?:\S{1,20} )?aux?|reserve a (?:la|un|une|des)|"
    r"reserve(?:e|s|es) a(?! le avance)) "
)

_NE_QUE = re.compile(r" ne (?!(?:\S{1,20} ){0,3}(?:pas|plus|jamais|rien|aucun)\b)(?:\S{1,20} ){1,8}que? ")


def restricted_stems(reading: Reading) -> frozenset[str]:
    """The stems of the part of a sentence that its restriction stands in; all of them where it has no place of its own."""
    place = next((at for at, token in enumerate(reading.plain) if token in RESTRICTORS), None)
    if place is None:
        return reading.stems
    left, right = _segment(reading.plain, place, place)
    return frozenset(word.stem for word in reading.words if left <= word.place < right)


def forces(reading: Reading) -> frozenset[Force]:
    """Which of must, may and should a sentence says."""
    must: frozenset[Force] = frozenset({"MUST"} if _HAVE_TO.search(reading.folded) else ())
    return must | frozenset(_FORCES[token] for token in reading.plain if token in _FORCES)


_HAVE_TO = re.compile(
    r" (?:ha(?:ve|s|d|ving) to|calls? for|(?:est|sont|etes|sommes) tenue?s? de|il vous faut|en avoir l obligation) "
)


def doubtful(reading: Reading) -> str:
    """The word that makes a sentence uncertain ("might", "pourrait"), or ""."""
    found = next((token for token in reading.plain if token in _MIGHT), "")
    return found or ("peut-être" if _PERHAPS.search(fold(reading.text)) else "")


# Its hyphen, which tokens lose, tells it from "peut être remboursé".
_PERHAPS = re.compile(r"(?<!\w)peut[-‐]etre(?!\w)")


def scope(reading: Reading, about: frozenset[str]) -> tuple[Scope | None, str]:
    """Whether a sentence speaks of all or of some of what the stems `about` name, and the word that says so."""
    tokens = reading.plain
    kinds: tuple[tuple[Scope, frozenset[str]], ...] = (("SOME", _SOME), ("ALL", _ALL))
    for kind, words in kinds:
        for place, token in enumerate(tokens):
            if token in words and not _is_superlative(tokens, place) and _next_stem(reading, place) in about:
                return kind, token
    return None, ""


def _is_superlative(tokens: tuple[str, ...], place: int) -> bool:
    """ "The most", "so many" and "at all" count nothing."""
    return (
        place > 0
        and tokens[place - 1] in {"the", "so", "at", "as", "how", "of"}
        and tokens[place] in {"most", "many", "all", "several"}
    )


def _next_stem(reading: Reading, place: int) -> str:
    """What a word of scope speaks of: the next content word, or the last one where it ends the sentence."""
    last = reading.words[-1].stem if reading.words else ""
    return next((word.stem for word in reading.words if word.place > place), last)


def says_always(word: str) -> bool:
    """Whether a word of `scope` leaves no exception, where "all" may only be a plural."""
    return word in _ALWAYS


def side(text: str, words: str) -> Limit | None:
    """Whether the value written as `words` in `text` is a most ("up to 14 days") or a least ("from 5 €")."""
    plain, value = _flat(text), _flat(words).strip()
    place = plain.find(f" {value} ")
    if place < 0:
        return None
    before, after = plain[max(0, place - 40) : place + 1], plain[place + 1 + len(value) :][:24]
    found = next((Limit(kind, firm) for kind, firm, pattern in _LIMITS if pattern.search(before)), None)
    return found or next((Limit(kind, firm) for kind, firm, pattern in _LIMIT_AFTER if pattern.search(after)), None)


def limit_of(reading: Reading, words: str) -> Limit | None:
    """The limit that a sentence sets; "not more than 30 °C" is a most."""
    found = side(reading.text, words)
    turned = any(phrase in reading.folded for phrase in _NO_MORE)
    if found is None or turned or not reading.negators or not any(marker in reading.folded for marker in COMPARING):
        return found
    return Limit("LEAST" if found.kind == "MOST" else "MOST", found.firm)


@lru_cache(maxsize=512)
def _flat(text: str) -> str:
    plain = re.sub(r"(?<!\d)[.,;:!?]|[.,;:!?](?!\d)", " ", fold(text).replace("'", " "))
    return f" {' '.join(plain.split())} "
