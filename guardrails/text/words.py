"""Prepares words for comparison: folded, as dictionary forms, and as stems that nouns and verbs share
("remboursement", "rembourser")."""

import re
import unicodedata
from functools import lru_cache

from simplemma import is_known, lemmatize

from guardrails.text.vocabulary import EMPTY, LIGHT, word_set

READ = 20_000
"""Maximum number of characters of one text that are read; a sentence is far shorter, a passage rarely longer."""

_TOKEN = re.compile(r"[^\W_]+")
_APOSTROPHES = "’‘ʼ´`"
_AS_MATCHED = str.maketrans("ıİſ", "iis")
# Empty in the other language only: a car is not French "car", nor "thé" (tea) the English "the".
_THINGS = {"en": word_set("car son pour"), "fr": word_set("thé or")}
_PARTICIPLE = re.compile(r"(\w{3,20})ée?s?")
# Longest first; four letters must remain.
_SUFFIXES = tuple(
    sorted(
        word_set(
            """issement ements ement ments ment aisons aison ications ication ations ation itions ition tions tion ions ion ances
            ance ences ence
            ateur atrice eurs eur euses euse ages age eables eable ables able ibles ible iques ique ives ive ifs if
            ement aires aire eries erie ery ers er ees ee es ed e ing ings ir is it ant ants ent y ies al als ally ly
            s u us ue ues ate""",
        ),
        key=lambda suffix: (-len(suffix), suffix),
    )
)


def fold(text: str) -> str:
    """Returns the text in lower case, without accents, with compatibility forms and apostrophes made plain. Its
    length may change."""
    if text.isascii():  # most words, and ten times as fast
        return text.lower().replace("`", "'")
    letters = unicodedata.normalize("NFKD", with_plain_apostrophes(text)).casefold()
    return without_marks(with_plain_apostrophes(letters))


def as_matched(word: str) -> str:
    """Returns a word in lower case, as a pattern with `re.IGNORECASE` read it: that takes "ı" and "İ" for an i and "ſ" for an
    s, which `lower` does not."""
    return word.translate(_AS_MATCHED).lower()


def with_plain_apostrophes(text: str) -> str:
    """Returns the text with "'" for every apostrophe."""
    for sign in _APOSTROPHES:  # a tenth of what `translate` takes for letters beyond ASCII
        text = text.replace(sign, "'")
    return text


def without_marks(text: str) -> str:
    """Returns a decomposed text without its combining marks. A text has few different ones, so that looking at each of its
    letters would take much longer."""
    for mark in filter(unicodedata.combining, set(text)):
        text = text.replace(mark, "")
    return text


def bare(text: str) -> str:
    """Returns a sentence for comparison: folded, with single spaces, without punctuation or quotes at either end."""
    return " ".join(fold(text).split()).strip(" .!?…:;,\"'«»“”-*•")


@lru_cache(maxsize=65_536)
def lemma(word: str, language: str) -> str:
    """Returns the dictionary form of a lower-case word, folded. The French dictionary comes first if `language` is
    "fr", else the English one."""
    order = ("fr", "en") if language == "fr" else ("en", "fr")
    if len(word) <= 2 or not word.isalpha():
        return fold(word)
    return _verb_of(word) or fold(lemmatize(word, lang=order))


def _verb_of(participle: str) -> str:
    """Returns the verb of a French participle, which the dictionary often takes for a noun: "garder" for "gardée"; else ""."""
    found = _PARTICIPLE.fullmatch(participle)
    verb = f"{found[1]}er" if found else ""
    return fold(verb) if verb and is_known(verb, lang="fr") else ""


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """Returns the lemma of a lower-case word without its ending ("cancellation" -> "cancel")."""
    base = lemma(word, language)
    return _cut(base) if len(base) >= 6 and base.isalpha() else base


def _cut(base: str) -> str:
    # The longest ending that leaves four letters; one regular expression could not tell how much it leaves.
    for suffix in _SUFFIXES:
        if base.endswith(suffix) and len(base) - len(suffix) >= 4:
            base = base[: -len(suffix)]
            break
    return base[:-1] if base[-1] == base[-2] else base


@lru_cache(maxsize=512)
def content_stems(text: str, language: str = "") -> frozenset[str]:
    """Returns the stems of the words that tell what a text is about. Runs in linear time; at most `READ` characters
    are read."""
    tokens = (token.lower() for token in _TOKEN.findall(text[:READ]))
    return frozenset(
        stem(token, language) for token in tokens if is_content(token, language) and not is_light(token, language)
    )


def is_content(token: str, language: str = "") -> bool:
    """Returns whether a lower-case token can be evidence: a word or figure that is not in the table of empty words."""
    empty = fold(token) in EMPTY and token not in _THINGS.get(language, ())
    return token[0].isalnum() and not empty and (len(token) > 1 or token.isdigit())


def is_light(token: str, language: str) -> bool:
    """Returns whether a content word tells little about the topic: a light verb, a figure, a unit."""
    return token[0].isdigit() or lemma(token, language) in LIGHT or fold(token) in LIGHT
