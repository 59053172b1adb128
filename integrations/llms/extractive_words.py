"""From text to comparable words: folded, stemmed, synonyms joined."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import simplemma

from integrations.llms.extractive_lexicon import COUNTRIES, LEXICON


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_TOKEN = re.compile(r"[^\W\d_]+\d\w*|\d+(?:[.,]\d+)*|[^\W\d_]+")
# What masking leaves in place of personal facts ("[EMAIL_1]", "{{NAME_2}}"): it asks nothing.
_MASKED = re.compile(r"[\[{<(⟦«]{1,2}[A-Z][A-Z_]{1,20}_?\d{1,4}[\]}>)⟧»]{1,2}|\b[A-Z]{3,20}_\d{1,4}\b")
_ENDINGS = {
    "en": _listed("ations ation ability ments ment able ible ings ing ied ies ed ive"),
    "fr": _listed(
        "issement ations ation aisons aison ements ement ables able euses euse eurs eur ition tion er ir ez ons ees ee es"
        " ie e"
    ),
}
_LAST = {"en": ("y", "e", "s"), "fr": ("e", "s", "x", "i")}
_CARD_FOLLOWS = frozenset({"par", "ma", "une", "votre", "avec", "sa", "notre", "en"})
_SENT_BACK = re.compile(r"\b(?:send|sent|sending|give|bring|take) ((?:\w+ ){1,3})back\b", re.IGNORECASE)
# Common words that tariffs and models are called by.
_ALSO_NAMES = frozenset({"plus", "one", "now", "go", "next", "more"})
_ELIDED = re.compile(r"^(?:[ldjmtsnc]|qu)(?=[aeiouyhàâéèêîôû]\w{2})")
_VOWEL = re.compile(r"[aeiouy\d]")


@dataclass(frozen=True, slots=True)
class Word:
    """`folded` as it stands; `stem` joins its inflections, `concept` its synonyms. `named`: a capital or a code."""

    folded: str
    stem: str
    concept: str
    named: bool


def fold(text: str) -> str:
    """Lower case without accents; every kind of apostrophe and hyphen is a space."""
    flat = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe")).casefold()
    return "".join(character for character in flat if not unicodedata.combining(character))


def unmasked(text: str) -> str:
    """`text` without the tokens that stand for personal facts."""
    return _MASKED.sub(" ", text)


def words(text: str, language: str, *, written_by_customer: bool = False) -> tuple[Word, ...]:
    """The content words of `text`, in order."""
    flat = _SENT_BACK.sub(r"return \1", unicodedata.normalize("NFC", text))
    raw = [(match[0], _begins(flat, match.start())) for match in _TOKEN.finditer(flat)]
    loud = 10 * sum(token[0].isupper() for token, _ in raw) > max(29, 7 * len(raw))
    tokens = [(fold(token), token.lower(), not loud and _named(token, first=first)) for token, first in raw]
    if written_by_customer:
        tokens = list(_spelt_out(tokens, language))
    return tuple(_word(*token, language) for token in _joined(tokens, language) if _content(token, language))


def plain(text: str, language: str) -> str:
    """A customer's text folded and spelt out, words parted by single blanks: what cue patterns are matched against."""
    tokens = [(fold(token), token, False) for token in _TOKEN.findall(unicodedata.normalize("NFC", text))]
    return " ".join(folded for folded, _, _ in _spelt_out(tokens, language))


@lru_cache(maxsize=50_000)
def stem(word: str, language: str) -> str:
    """What the inflections of `word` (lower case, accents kept) have in common."""
    short = fold(simplemma.lemmatize(word, lang=language))
    short = _without(_without(short, _ENDINGS[language], 3), _LAST[language], 3)
    return short[:-1] if len(short) > 4 and short[-1] == short[-2] else short


@lru_cache(maxsize=4)
def concepts(language: str) -> dict[str, str]:
    """Stem -> the first stem of its line of synonyms."""
    lines = [[stem(word, language) for word in line] for line in LEXICON[language].concepts]
    return {short: line[0] for line in lines for short in line}


@lru_cache(maxsize=4)
def dealings(language: str) -> frozenset[str]:
    """The concepts that tell what a sentence is about: returning, refunding, cancelling and so on."""
    return frozenset(word.concept for word in words(" ".join(LEXICON[language].dealings), language))


def _begins(text: str, place: int) -> bool:
    """Whether a sentence begins here: a capital says nothing then."""
    before = text[max(0, place - 3) : place].rstrip()
    return (not before and place < 3) or before.endswith((".", "!", "?", "…"))


def _named(token: str, *, first: bool) -> bool:
    """A capital within the sentence, letters with digits, or capitals only ("PDF")."""
    code = token[0].isalpha() and any(character.isdigit() for character in token)
    return code or (len(token) > 1 and token.isupper()) or (token[0].isupper() and not first)


def _content(token: tuple[str, str, bool], language: str) -> bool:
    folded, _, named = token
    if folded in LEXICON[language].stop:
        return named and (len(folded) > 3 or folded in _ALSO_NAMES)
    return folded.isdigit() or len(folded) > 2 or (len(folded) == 2 and (named or bool(_VOWEL.search(folded))))


def _spelt_out(tokens: Sequence[tuple[str, str, bool]], language: str) -> Iterator[tuple[str, str, bool]]:
    short = LEXICON[language].short
    before = ""
    for folded, raw, named in tokens:
        if folded == "cb" and language == "fr":
            # "cb" is a bank card after these words, and "combien" elsewhere.
            word = "carte" if before in _CARD_FOLLOWS else "combien"
            yield word, word, False
        elif folded not in short:
            yield _unelided(folded, raw, language), _unelided(raw, raw, language), named
        before = folded
        if folded not in short:
            continue
        yield from ((word, word, False) for word in short[folded].split())


def _unelided(word: str, raw: str, language: str) -> str:
    """ "largent" for "l'argent": quick writing drops the apostrophe."""
    bare = _ELIDED.sub("", word)
    if (
        language != "fr"
        or bare == word
        or simplemma.is_known(raw, lang="fr")
        or not simplemma.is_known(bare, lang="fr")
    ):
        return word
    return bare


@lru_cache(maxsize=4)
def _phrases(language: str) -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]:
    table: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for left, right in sorted(LEXICON[language].phrases.items(), key=lambda pair: -len(pair[0].split())):
        table.setdefault(left.split()[0], []).append((tuple(left.split()), tuple(right.split())))
    return table


def _joined(tokens: Sequence[tuple[str, str, bool]], language: str) -> Iterator[tuple[str, str, bool]]:
    phrases = _phrases(language)
    place = 0
    while place < len(tokens):
        for left, right in phrases.get(tokens[place][0], ()):
            if tuple(token[0] for token in tokens[place : place + len(left)]) == left:
                named = all(token[2] for token in tokens[place : place + len(left)])
                yield from ((word, word, named) for word in right)
                place += len(left)
                break
        else:
            yield tokens[place]
            place += 1


@lru_cache(maxsize=50_000)
def _word(folded: str, raw: str, named: bool, language: str) -> Word:
    short = stem(raw, language)
    return Word(folded, short, concepts(language).get(short, short), named or folded in COUNTRIES)


def _without(word: str, endings: Iterable[str], least: int) -> str:
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)]
    return word
