"""A text as single words, and how far a name goes on from one of them."""

import re
from dataclasses import dataclass

from guardrails.pii.lexicon import COMMON_FAMILY, FAMILY, GIVEN, GIVEN_TOO, NAMES, SURE
from guardrails.pii.spans import Span
from guardrails.pii.towns import in_towns
from guardrails.pii.words import STOP, fold, is_everyday

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
"""The share of foreign words above which a text is in another language, and letters say nothing."""
_HOME = frozenset("abcdefghijklmnopqrstuvwxyzàâäéèêëîïôöùûüçœæÿñ")
"""Letters that English or French words have."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text, where its words stand, the words folded, and which word begins at a place."""

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
        """A word as it stands in the text."""
        start, end = self.places[index]
        return self.text[start:end]

    def is_capital(self, index: int) -> bool:
        """Whether a word begins with a capital."""
        return self.text[self.places[index][0]].isupper()

    def gap(self, index: int) -> str:
        """What stands between a word and the one before it."""
        return self.text[self.places[index - 1][1] : self.places[index][0]] if index else "\n"

    def looks_foreign(self, index: int) -> bool:
        """Whether a word has foreign letters, in a text that is not foreign as a whole."""
        return not self.is_abroad and is_foreign(self.written(index))

    def span(self, first: int, last: int) -> Span:
        """From one word to another as a name."""
        return Span(self.places[first][0], self.places[last][1], "NAME")


def split(text: str, public: frozenset[str] = frozenset(), *, strangers: bool = True) -> Words:
    """The words of a text; apostrophes and hyphens part them. `public` words stand in the tenant's own knowledge;
    `strangers`: nobody in the text is known, so that a lone strange word may well be a person."""
    places = [match.span() for match in _WORD.finditer(text)]
    folded = fold(text)
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


def is_foreign(word: str) -> bool:
    """Whether it has letters that neither English nor French uses: in a ticket, a name of a person or a place."""
    lower = word.lower()
    return not _HOME.issuperset(lower) and len(word) > 2 and word[0].lower() != word[0].upper()


def is_unknown(plain: str) -> bool:
    """Whether it is neither an everyday word nor a name of the lists."""
    return len(plain) > 1 and plain not in NAMES and not is_everyday(plain)


def might_name(words: Words, index: int) -> bool:
    """Whether a word can be part of a name where something beside it says so."""
    plain = words.plain[index]
    if plain in words.public or index in words.towns:
        return False
    return plain not in STOP and len(plain) > 1 and (plain in NAMES or is_unknown(plain) or words.looks_foreign(index))


def goes_on(words: Words, index: int) -> bool:
    """Whether another capitalised word, or an initial, follows at once: "I am Rose Carter"."""
    after = index + 1
    return (
        after < len(words.places)
        and words.gap(after) in (" ", "-", "\u00a0")
        and words.is_capital(after)
        and words.plain[after] not in STOP
    )


def surname_follows(words: Words, index: int) -> bool:
    """Whether what follows at once is no given name: "Bill Carter" is somebody, "Greet Camille" is an order."""
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
    """Whether a given name stands before a word that is a family name, or that nobody knows: "Virginia Drapov"."""
    after, given = index + 1, words.plain[index] in GIVEN or words.plain[index] in GIVEN_TOO
    if not given or not words.is_capital(index) or not goes_on(words, index) or words.plain[after] in words.public:
        return False
    plain = words.plain[after]
    return plain in COMMON_FAMILY or (after not in words.towns and (plain in FAMILY or is_unknown(plain)))


def run(words: Words, index: int, *, loudly: bool = False) -> int:
    """The last word of the name that begins at a word: capitalised or unknown words, initials, particles between them.
    `loudly` announced, it goes on with names of the lists that are everyday words: "name: lukas berg".
    """
    last = index
    freely = loudly or words.plain[index] in GIVEN or words.plain[index] not in NAMES
    for here in range(index + 1, min(index + _LOOK_AHEAD, len(words.places))):
        gap = words.gap(here)
        if here - index > _MOST_WORDS or _GAP.fullmatch(gap) is None:
            break
        if (
            words.plain[here] in PARTICLES
            and not gap.startswith(".")
            and _may_be_before_particle(words.plain[here - 1])
        ):
            continue
        if not (_carries_on(words, here, gap, freely=freely) or (loudly and _is_listed(words, here, gap))):
            break
        last = here
    return last


def _is_listed(words: Words, index: int, gap: str) -> bool:
    return words.plain[index] in NAMES and words.plain[index] not in STOP and gap in (" ", "-")


def _may_be_before_particle(plain: str) -> bool:
    return plain not in STOP or plain in PARTICLES


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
    """The first word of the name that a word belongs to: what might name before it, "DURAND Camille", "Rose Carter"."""
    first = index
    while first and index - first < _MOST_WORDS and words.gap(first) in (" ", "-", "\u00a0", ". ", ".", "'", "’"):
        before = first - 1
        if not words.is_capital(before) or not (_may_precede(words, before) or _is_initial(words, before)):
            break
        first = before
    return first


def _may_precede(words: Words, index: int) -> bool:
    """What might name; before a family name also an everyday word, where a capital inside a sentence says something."""
    if might_name(words, index) and not (is_unknown(words.plain[index]) and _is_line(words, index)):
        if words.gap(index + 1) == "-":
            return True
        return words.plain[index] in SURE or is_unknown(words.plain[index]) or surname_follows(words, index)
    inside = words.gap(index).strip(" \u00a0") == "" and index > 0 and not words.written(index).isupper()
    return inside and words.plain[index] not in STOP and words.plain[index + 1] in FAMILY


def _is_line(words: Words, index: int) -> bool:
    """Whether the word and the next one are a line or a cell of their own, as a firm's name under a signature is."""
    start, end = words.places[index][0], words.places[index + 1][1]
    before = words.text[max(0, start - 3) : start].rstrip(" \t>*\u00a0")
    after = words.text[end : end + 3].lstrip(" \t*,.\u00a0\r")
    return bool(words.text[:start].strip()) and before[-1:] in ("", "\n", "|") and after[:1] in ("", "\n", "|")


def _is_initial(words: Words, index: int) -> bool:
    plain = words.plain[index]
    return len(plain) == 1 and plain not in ("i", "a", "y") and (plain == "o" or words.gap(index + 1) not in ("'", "’"))
