"""Splits a text into words, and determines how far a name extends from one of them."""

import re
from dataclasses import dataclass
from functools import lru_cache

from guardrails.pii.lexicon import COMMON_FAMILY, FAMILY, GIVEN, GIVEN_TOO, NAMES, SURE
from guardrails.pii.spans import Span
from guardrails.pii.towns import in_towns
from guardrails.pii.words import STOP, fold_in_place, is_everyday

_LISTED_PARTICLES = """
    de du des da di do dos das della del van von der den la le les el al bin ben st ter ten zu af av y e d o mc
    ibn abu
"""
PARTICLES = frozenset(_LISTED_PARTICLES.split())
_AFTER_NAMES = frozenset({"jr", "sr", "md", "phd", "dds", "dvm", "esq", "ii", "iii", "iv"})
_MOST_WORDS = 5
_LOOK_AHEAD = 8
_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[ \u00a0\ufeff]{1,2}|\. ?|[ \u00a0]?[-‐‑][ \u00a0]?|['’]")
_SPEAKER = re.compile(
    r"^[ \t>*-]{0,4}(?:agent|bot|support|conseill[eè]re?|client|cliente|customer|me|moi|user|advisor|operator"
    r"|chat)[ \u00a0]?:",
    re.IGNORECASE | re.MULTILINE,
)
_FEW = 4
_MOST_FOREIGN = 0.15
"""Above this share of foreign words (0 to 1) the whole text is in another language, and foreign letters prove nothing."""
_HOME = frozenset("abcdefghijklmnopqrstuvwxyzàâäéèêëîïôöùûüçœæÿñ")
"""The letters that occur in English or French words."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text, the offsets of its words, the words folded, the index of the word that starts at each offset, and facts
    about the text that decide which words may be names (`public` and `strangers`: see `split`)."""

    text: str
    places: list[tuple[int, int]]
    plain: list[str]
    starts: dict[int, int]
    is_abroad: bool
    public: frozenset[str]
    is_chat: bool
    towns: frozenset[int]
    strangers: bool

    def written(self, index: int) -> str:
        """Returns a word as it is written in the text."""
        start, end = self.places[index]
        return self.text[start:end]

    def is_capital(self, index: int) -> bool:
        """Returns whether a word begins with a capital."""
        return self.text[self.places[index][0]].isupper()

    def gap(self, index: int) -> str:
        """Returns the text between a word and the previous one; a line break for the first word."""
        return self.text[self.places[index - 1][1] : self.places[index][0]] if index else "\n"

    def looks_foreign(self, index: int) -> bool:
        """Returns whether a word has foreign letters in a text that is not foreign as a whole."""
        return not self.is_abroad and is_foreign(self.written(index))

    def span(self, first: int, last: int) -> Span:
        """Returns the span from the first to the last word, as a name."""
        return Span(self.places[first][0], self.places[last][1], "NAME")


def split(text: str, public: frozenset[str] = frozenset(), *, strangers: bool = True) -> Words:
    """Splits a text into words; apostrophes and hyphens separate words. `public` words occur in the tenant's own
    knowledge; `strangers`: nobody in the text is known, so a lone unknown word may well be a person."""
    places = [match.span() for match in _WORD.finditer(text)]
    folded = fold_in_place(text)
    plain = [folded[start:end] for start, end in places]
    starts = {start: index for index, (start, _) in enumerate(places)}
    foreign = sum(is_foreign(text[start:end]) for start, end in places)
    is_abroad = foreign > max(_FEW, _MOST_FOREIGN * len(places))
    return Words(
        text,
        places,
        plain,
        starts,
        is_abroad,
        public,
        _SPEAKER.search(text) is not None,
        in_towns(plain),
        strangers,
    )


@lru_cache(maxsize=8)
def capitalised(text: str) -> frozenset[str]:
    """Returns the words of a text that begin with a capital, folded."""
    folded = fold_in_place(text)
    spans = (match.span() for match in _WORD.finditer(text))
    return frozenset(folded[start:end] for start, end in spans if text[start].isupper())


def is_foreign(word: str) -> bool:
    """Returns whether a word has letters that neither English nor French uses: in a ticket, that marks a person or a place."""
    lower = word.lower()
    return not _HOME.issuperset(lower) and len(word) > 2 and word[0].lower() != word[0].upper()


def is_unknown(plain: str) -> bool:
    """Returns whether a folded word is neither an everyday word nor a listed name."""
    return len(plain) > 1 and plain not in NAMES and not is_everyday(plain)


def might_name(words: Words, index: int) -> bool:
    """Returns whether a word can be part of a name, given other evidence beside it."""
    plain = words.plain[index]
    if plain in words.public or index in words.towns:
        return False
    return plain not in STOP and len(plain) > 1 and (plain in NAMES or is_unknown(plain) or words.looks_foreign(index))


def goes_on(words: Words, index: int) -> bool:
    """Returns whether another capitalised word, or an initial, follows directly: "I am Rose Carter"."""
    after = index + 1
    return (
        after < len(words.places)
        and words.gap(after) in (" ", "-", "\u00a0")
        and words.is_capital(after)
        and words.plain[after] not in STOP
    )


def surname_follows(words: Words, index: int) -> bool:
    """Returns whether the next word, after any particles, is capitalised and no given name: "Bill Carter" is a
    person, "Greet Camille" is a request."""
    after = index + 1
    while (
        after < len(words.plain)
        and words.plain[after] in PARTICLES
        and not words.is_capital(after)
        and words.gap(after) == " "
    ):
        after += 1
    return after < len(words.plain) and goes_on(words, after - 1) and words.plain[after] not in GIVEN


def is_before_surname(words: Words, index: int) -> bool:
    """Returns whether a word is a given name right before a family name or an unknown word: "Virginia Drapov"."""
    after, given = index + 1, words.plain[index] in GIVEN or words.plain[index] in GIVEN_TOO
    if not given or not words.is_capital(index) or not goes_on(words, index) or words.plain[after] in words.public:
        return False
    plain = words.plain[after]
    return plain in COMMON_FAMILY or (after not in words.towns and (plain in FAMILY or is_unknown(plain)))


def run(words: Words, index: int, *, loudly: bool = False) -> int:
    """Returns the index of the last word of the name that begins at `index`: it continues over capitalised or unknown
    words, initials, and particles between them. `loudly`: the name was clearly announced, so listed names that are
    also everyday words continue it too: "name: lukas berg"."""
    last = index
    freely = loudly or words.plain[index] in GIVEN or words.plain[index] not in NAMES
    for here in range(index + 1, min(index + _LOOK_AHEAD, len(words.places))):
        gap = words.gap(here)
        if here - index > _MOST_WORDS or _GAP.fullmatch(gap) is None:
            break
        if (
            words.plain[here] in PARTICLES
            and not gap.startswith(".")
            and (words.plain[here - 1] not in STOP or words.plain[here - 1] in PARTICLES)
        ):
            continue
        if not (_carries_on(words, here, gap, freely=freely) or (loudly and _is_listed(words, here, gap))):
            break
        last = here
    return last


def _is_listed(words: Words, index: int, gap: str) -> bool:
    return words.plain[index] in NAMES and words.plain[index] not in STOP and gap in (" ", "-")


def _carries_on(words: Words, index: int, gap: str, *, freely: bool) -> bool:
    plain, capital = words.plain[index], words.is_capital(index)
    if gap.startswith(".") and len(words.written(index - 1)) > 2:
        return False  # a full stop after a whole word ends the sentence; after an initial it does not
    if len(plain) == 1:
        return capital
    if plain in _AFTER_NAMES:
        return True
    if plain in STOP:
        return False
    listed = plain in FAMILY or plain in GIVEN or plain in COMMON_FAMILY
    if capital:
        return freely or plain in NAMES or is_unknown(plain)
    return listed or words.looks_foreign(index) or (freely and len(plain) > 2 and is_unknown(plain))


def reach_back(words: Words, index: int) -> int:
    """Returns the index of the first word of the name that a word belongs to, over words before it that might be
    names: "DURAND Camille", "Rose Carter"."""
    first = index
    while first and index - first < _MOST_WORDS and words.gap(first) in (" ", "-", "\u00a0", ". ", ".", "'", "’"):
        before = first - 1
        if not words.is_capital(before) or not (_may_precede(words, before) or _is_initial(words, before)):
            break
        first = before
    return first


def _may_precede(words: Words, index: int) -> bool:
    """Accepts a word that might be a name; before a family name also an everyday word, if its capital stands inside a
    sentence."""
    if might_name(words, index) and not (is_unknown(words.plain[index]) and _is_line(words, index)):
        if words.gap(index + 1) == "-":
            return True
        return words.plain[index] in SURE or is_unknown(words.plain[index]) or surname_follows(words, index)
    inside = words.gap(index).strip(" \u00a0") == "" and index > 0 and not words.written(index).isupper()
    return inside and words.plain[index] not in STOP and words.plain[index + 1] in FAMILY


def _is_line(words: Words, index: int) -> bool:
    """Returns whether the word and the next one form a line or a table cell of their own, like a firm's name under a
    signature."""
    start, end = words.places[index][0], words.places[index + 1][1]
    before = words.text[max(0, start - 3) : start].rstrip(" \t>*\u00a0")
    after = words.text[end : end + 3].lstrip(" \t*,.\u00a0\r")
    return bool(words.text[:start].strip()) and before[-1:] in ("", "\n", "|") and after[:1] in ("", "\n", "|")


def _is_initial(words: Words, index: int) -> bool:
    plain = words.plain[index]
    return len(plain) == 1 and plain not in ("i", "a", "y") and (plain == "o" or words.gap(index + 1) not in ("'", "’"))
