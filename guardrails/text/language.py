"""Detects the language of a ticket.

Two signals are combined: lingua's letter trigrams (low accuracy mode: 27 MB and 0.14 s once, where the full models
cost 280 MB and 1.7 s) and a list of small words per language, which covers what trigrams miss: tickets of four words,
without accents, in SMS style. Neither decides alone. For the languages that a tenant's customers write in, a
dictionary is the third signal; it matters where the others say little.
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from threading import Lock

from lingua import IsoCode639_1, LanguageDetector, LanguageDetectorBuilder
from simplemma import is_known

from guardrails.text.language_words import WORDS
from guardrails.text.words import without_marks

READ = 2000
"""Maximum number of characters that are read: enough to recognise any language."""

LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "ar", "tr", "ru", "sv")

# Scripts that belong to one language (for a helpdesk); kana come before han, since Japanese uses both.
_SCRIPTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ja", re.compile("[぀-ヿ]")),
    ("ko", re.compile("[가-힯]")),
    ("zh", re.compile("[一-鿿]")),
    ("el", re.compile("[Ͱ-Ͽ]")),
    ("he", re.compile("[֐-׿]")),
    ("th", re.compile("[฀-๿]")),
)
CODES = frozenset({*LANGUAGES, *(code for code, _ in _SCRIPTS)})
"""Every code that `detect` may return."""
_NOT_PROSE = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w.-]{1,255}|<[^<>]{0,500}>|\[[A-Z]{1,20}_\d+\]|&#?\w{1,8};"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'", "´": "'"})

_SURE = 0.5
_OWN_WORD = 3.0  # weight of one small word, in nats, against lingua's log-probability
_AT_HOME = 4.0  # lead of a tenant's own language over others if its dictionary knows every word
_AT_LEAST = 0.5
_LOOKED_UP = 40
_DICTIONARIES = frozenset({"en", "fr"})  # loaded anyway, for lemmas
_MIXED_SHARE = 0.4
_MIXED_WORDS = 4
_FLOOR = 0.004
_ENOUGH_LETTERS = 20  # from this many letters on, lingua counts fully

_lock = Lock()


def detect(text: str, likely: Sequence[str] = ()) -> tuple[str | None, float]:
    """Returns the ISO 639-1 code of the text's language and a confidence from 0 to 1; `None` for the code if it
    cannot be told.

    `likely` are the languages that a tenant's customers write in: they win where the text says little, but never
    against clear evidence.
    """
    return _detected(_prose(text), tuple(likely))


@lru_cache(maxsize=256)  # the same text is asked about several times in a run
def _detected(prose: str, likely: tuple[str, ...]) -> tuple[str | None, float]:
    if not any(letter.isalpha() for letter in prose):
        return None, 0.0
    script = _script(prose)
    if script:
        return script, 0.99
    chances = _weigh(prose, likely)
    best = max(chances, key=lambda code: chances[code], default=None)
    return (best, round(chances[best], 3)) if best and chances[best] >= _SURE else (None, 0.0)


def _prose(text: str) -> str:
    """Returns the start of `text` without links, addresses, tags and masking tokens. Lone surrogates are replaced:
    lingua fails on them."""
    start = text[:READ].encode("utf-8", "replace").decode("utf-8").translate(_APOSTROPHES)
    return _NOT_PROSE.sub(" ", start)


def _script(prose: str) -> str | None:
    letters = sum(letter.isalpha() for letter in prose)
    return next((code for code, script in _SCRIPTS if 3 * len(script.findall(prose)) > letters), None)


def _weigh(prose: str, likely: Sequence[str]) -> dict[str, float]:
    """Returns the probability of each language; empty if there is too little evidence, or two languages share the text."""
    words = list(_words(prose))
    votes = _votes(words)
    if _is_mixed(votes):
        return {}
    letters, known = _by_letters(prose), _known(prose, likely)
    if not votes and not _is_telling(words, letters) and max(known.values(), default=0.0) < _AT_LEAST:
        return {}
    trust = min(1.0, sum(map(len, words)) / _ENOUGH_LETTERS)
    return _softmax(
        {
            code: trust * math.log(letters.get(code, 0.0) + _FLOOR)
            + _OWN_WORD * votes.get(code, 0.0)
            + _AT_HOME * known.get(code, 0.0)
            for code in LANGUAGES
        }
    )


def _words(prose: str) -> Iterator[str]:
    """Yields the words, in lower case and unaccented; an elision ("j'ai", "l'ordine") yields the word and its parts."""
    for word in _WORD.findall(_plain(prose)):
        yield word
        if "'" in word:
            yield from (part for part in word.split("'") if len(part) > 1)


def _plain(text: str) -> str:
    return without_marks(unicodedata.normalize("NFD", text.lower()))


def _votes(words: Iterable[str]) -> dict[str, float]:
    """Returns the votes of the small words for each language; a word that several languages share counts less for each."""
    votes: dict[str, float] = defaultdict(float)
    for word in set(words):
        owners = _owners().get(word, ()) or _elided(word)
        for code in owners:
            votes[code] += 1 / len(owners) ** 2
    return votes


def _elided(word: str) -> tuple[str, ...]:
    head, apostrophe, tail = word.partition("'")
    if not apostrophe:
        return ()
    if tail in _ENGLISH_TAILS:
        return ("en",)
    return _ELISIONS.get(head, ())


_ENGLISH_TAILS = frozenset({"s", "t", "m", "re", "ve", "ll", "d"})
_ELISIONS = {
    **dict.fromkeys(("j", "qu", "m", "t", "jusqu", "lorsqu", "puisqu", "quelqu", "aujourd", "s"), ("fr",)),
    **dict.fromkeys(("l", "d", "c", "n"), ("fr", "it")),
    **dict.fromkeys(("un", "dell", "nell", "all", "dall", "sull", "quest", "quell"), ("it",)),
}


def _is_mixed(votes: Mapping[str, float]) -> bool:
    """Returns whether two languages both have a real part in the text."""
    ranks = sorted(votes.values(), reverse=True)
    if len(ranks) < 2:
        return False
    first, second = ranks[:2]
    return second >= _MIXED_WORDS and second >= _MIXED_SHARE * first


def _is_telling(words: Sequence[str], letters: Mapping[str, float]) -> bool:
    """Returns whether lingua's result may stand alone: for a few unknown words it would be a guess."""
    return len(words) >= 4 and max(letters.values(), default=0.0) >= 0.7


def _known(prose: str, likely: Sequence[str]) -> dict[str, float]:
    """Returns, for each likely language with a dictionary, the share of known words (0 to 1) among the first 40; more
    is not needed."""
    words = _WORD.findall(prose.lower())[:_LOOKED_UP]
    codes = [code for code in likely if code in _DICTIONARIES]
    return {code: sum(is_known(word, lang=code) for word in words) / len(words) for code in codes} if words else {}


def _softmax(scores: Mapping[str, float]) -> dict[str, float]:
    top = max(scores.values())
    powers = {code: math.exp(score - top) for code, score in scores.items()}
    total = sum(powers.values())
    return {code: power / total for code, power in powers.items()}


def _by_letters(prose: str) -> dict[str, float]:
    values = _detector().compute_language_confidence_values(prose)
    return {value.language.iso_code_639_1.name.lower(): value.value for value in values}


def _detector() -> LanguageDetector:
    with _lock:  # two first tickets at once must not load the models twice
        return _build()


@cache
def _build() -> LanguageDetector:
    codes = [IsoCode639_1.from_str(code.upper()) for code in LANGUAGES]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).with_low_accuracy_mode().build()


@cache
def _owners() -> Mapping[str, tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {}
    for code, words in WORDS.items():
        for word in words.split():
            owners[word] = (*owners.get(word, ()), code)
    return owners
