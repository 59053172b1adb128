"""Finds names that nothing announces, by other evidence ("witnesses"): the name lists, foreign letters, endings of
family names, or something next to the word that only a person does."""

import re
from collections.abc import Iterator

from guardrails.pii.lexicon import (
    COMMON,
    COMMON_FAMILY,
    COMMON_GIVEN,
    ELSEWHERE,
    FAMILY,
    GIVEN,
    GIVEN_SMALL,
    GIVEN_TOO,
    NAMES,
)
from guardrails.pii.name_extent import (
    Words,
    goes_on,
    is_before_surname,
    is_unknown,
    might_name,
    reach_back,
    run,
    surname_follows,
)
from guardrails.pii.spans import Span
from guardrails.pii.words import STOP, is_everyday

_SHORTEST_SMALL = 4
_LONGEST_SHORTCUT = 4
"""A word in capitals of up to this many letters is an abbreviation: "SEO"."""
_ENDING = re.compile(
    r"[a-z]{3,20}(?:ov|ova|ovic|evic|evich|ovich|sky|skiy|ski|ska|skaya|owicz|czyk|enko|chuk|shvili|adze|yan"
    r"|dottir|sson|ssen"
    r"|aasen|sen|mann|berg|strom|lund|qvist|kvist|gaard|poulos|poulou|idis|akis|escu|oglu|inen|onen|anen|moto"
    r"|mura|yama|guchi"
    r"|zaki|kawa|hashi|stra|nathan|swamy|singh|zadeh|bekov|baev)"
)
"""Endings of family names from many countries, on a word that is in no list."""
_DID = (
    r"(?:said|says|asked|asks|told|tells|shouted|wrote|writes|replied|answered|called|phoned|lives|lived|was born"
    r"|spent"
    r"|had (?:given|told|said|promised|asked)|has (?:given|told|said|promised|asked)|gave|promised|explained"
    r"|confirmed|assured|helped|signed|agreed"
    r"|m['’]a|m['’]avait|nous a|vous a|lui a|a (?:dit|promis|répondu|confirmé|signé|appelé|accepté|refusé|proposé"
    r"|demandé)"
    r"|was (?:billed|charged|debited|told|asked|invoiced|refunded|promised|unable)|n['’]a (?:pas|jamais"
    r"|toujours pas) (?:reçu|pu|eu|signé|commandé|payé|demandé|compris)"
    r"|ne (?:retrouve|reçoit|peut|veut|comprend|sait)|habite|travaille|souhaite|est (?:né|née|absent|absente)"
    r"|and i\b|et moi\b)"
)
_OWNS = r"['’]s (?:address|account|order|card|name|parcel|number|email|birthday|phone|house|place)\b"
_PERSON_AFTER = re.compile(rf"(?:{_OWNS}|,? {_DID})(?!\w)", re.IGNORECASE)
_CALLED_AND_ASKED = re.compile(
    r",[ \u00a0](?:can|could|would|will|please|i|i['’]\w{1,2}|you|where|when|why|is|are|do|pouvez|pourriez|peux"
    r"|pourrais|tu|vous|je|j['’]|est)\b",
    re.IGNORECASE,
)
_INDENT = 6
_SPEAKS = re.compile(r"[ \u00a0]?:(?=\W)")
_LISTED_DETERMINERS = """
    the a an this that these those my your our his her their its any another each every no one two some all both
    which what le la les l un une des du au aux ce cet cette ces mon ma mes ton ta tes son sa ses notre nos
    votre vos leur leurs chaque quel quelle of at in on from to for via by using like than as called named with
    without de en dans sur chez par pour sous avec sans vers modele entreprise societe company firm association
    club marque type version model brand gamme range d
"""
_POINTING = frozenset(["here", "there", "it", "that", "this", "what", "who", "where", "he", "she", "how", "let"])
_ARTICLES = frozenset(
    ["the", "a", "an", "le", "la", "les", "l", "un", "une", "du", "des", "au", "aux", "ce", "cet", "cette", "ces"]
)
_DETERMINERS = frozenset(_LISTED_DETERMINERS.split())
"""After these words, a capitalised word that is in no list is as likely a product, a firm or a place as a person."""
_LISTED_PLACE_BEFORE = "in at near from to towards between à a au aux de vers depuis entre sur chez pres jusqu"
_PLACE_BEFORE = frozenset(_LISTED_PLACE_BEFORE.split())
"""After these words, a town's name means the town."""
_JOINER = re.compile(
    r"[ \u00a0]?,[ \u00a0]?(?:(?:and|et|or|ou|und|y)[ \u00a0])?|[ \u00a0](?:and|et|or|ou|und|y)[ \u00a0]",
    re.IGNORECASE,
)
_JOINING = frozenset({"and", "et", "or", "ou", "und", "y"})


def find_witnessed(words: Words) -> Iterator[Span]:
    """Yields every name that a list, its letters, an action, or another name beside it reveals."""
    sure = _joined(words, {index for index in range(len(words.places)) if _is_sure(words, index)})
    reached = -1
    for index in sorted(sure):
        if index <= reached:
            continue
        first = max(reach_back(words, index), reached + 1)
        reached = run(words, index)
        yield words.span(first, reached)


def _joined(words: Words, sure: set[int]) -> set[int]:
    """Returns the indices in `sure`, and those of the words listed with them: "Kovalev, Lee and Phillips"."""
    forward, backward = range(len(words.places)), range(len(words.places) - 1, -1, -1)
    found = set(sure)
    for order, step in ((forward, 1), (backward, -1)):
        for index in order:
            beside = _beside(words, index, step) if index in found and index not in words.towns else None
            if beside is not None and _may_join(words, beside):
                found.add(beside)
    return found


def _may_join(words: Words, index: int) -> bool:
    plain = words.plain[index]
    if words.is_capital(index):
        strange = words.strangers or not is_unknown(plain)
        return plain in GIVEN or plain in FAMILY or (strange and might_name(words, index) and plain not in ELSEWHERE)
    return plain in COMMON_FAMILY or plain in FAMILY


def _beside(words: Words, index: int, step: int) -> int | None:
    """Returns the index of the word that a comma, "and" or "et" joins to this one, or `None`."""
    beside = index + step
    if 0 <= beside < len(words.places) and words.plain[beside] in _JOINING:
        beside += step
    if not 0 <= beside < len(words.places):
        return None
    left, right = sorted((index, beside))
    between = words.text[words.places[left][1] : words.places[right][0]]
    return beside if _JOINER.fullmatch(between) else None


def _is_sure(words: Words, index: int) -> bool:
    plain = words.plain[index]
    if plain in words.public or _is_day(words, index) or (not words.strangers and _is_firm(words, index)):
        return False
    if index in words.towns and not _is_somebody_of_a_town(words, index):
        return False
    if plain in STOP and plain in GIVEN_TOO and words.is_capital(index):
        return _goes_on_as_family(words, index) or (len(plain) >= _SHORTEST_SMALL and _acts(words, index))
    if plain in STOP or len(plain) < 2 or (index and words.gap(index) in ("'", "’") and len(plain) < 3):
        return False
    return _is_sure_capital(words, index, plain) if words.is_capital(index) else _is_sure_small(words, index, plain)


def _is_day(words: Words, index: int) -> bool:
    """Returns whether a possessive precedes the word: "the year's Eve"."""
    if index < 2 or words.plain[index - 1] != "s" or words.gap(index - 1) not in ("'", "’"):
        return False
    return words.is_capital(index - 2) and words.plain[index - 2] not in _POINTING


def _is_firm(words: Words, index: int) -> bool:
    """Returns whether the word is an uncommon name followed by a capitalised everyday word: "Orion Terrace"."""
    if words.plain[index] in COMMON or words.written(index).isupper() or not goes_on(words, index):
        return False
    after = words.plain[index + 1]
    return after not in NAMES and is_everyday(after) and not words.written(index + 1).isupper()


def _is_somebody_of_a_town(words: Words, index: int) -> bool:
    """Returns whether a town's name is a person's here: before a family name, or a common given name where no place
    is expected."""
    plain = words.plain[index]
    if is_before_surname(words, index):
        return True
    if {index - 1, index + 1} & words.towns:
        return False
    return plain in COMMON and not (index and words.plain[index - 1] in _PLACE_BEFORE)


def _goes_on_as_family(words: Words, index: int) -> bool:
    return goes_on(words, index) and words.plain[index + 1] in FAMILY


def _is_sure_small(words: Words, index: int, plain: str) -> bool:
    """Accepts a lower-case word that is a listed name; where the ticket's people are known, only a common given name,
    since typos resemble the others ("komen", "payan")."""
    if plain in GIVEN_SMALL or plain in FAMILY:
        listed = words.strangers or plain in COMMON_GIVEN
        return len(plain) >= _SHORTEST_SMALL and listed and not _is_accented_word(words.written(index), plain)
    return (plain in GIVEN_TOO or plain in GIVEN) and _speaks(words, index)


def _is_sure_capital(words: Words, index: int, plain: str) -> bool:
    """Accepts a given name, a common family name, or a name that is also a word if there is evidence; and, where
    nobody is known, whatever else suggests a stranger."""
    if not words.strangers and plain not in COMMON_GIVEN and _is_after_article(words, index):
        return False
    if plain in GIVEN or (words.strangers and words.looks_foreign(index)):
        return True
    if plain in GIVEN_TOO:
        witnessed = any(witness(words, index) for witness in _FOR_BOTH)
        return witnessed or (is_inside(words, index) and (words.strangers or _is_bare(words, index)))
    if words.strangers:
        return _is_stranger(words, index, plain)
    return plain in COMMON_FAMILY and _is_bare(words, index)


def _is_stranger(words: Words, index: int, plain: str) -> bool:
    """Returns whether a listed family name, foreign letters, an ending or other evidence suggests a person who is not known."""
    if plain in FAMILY or _has_ending(plain):
        return len(plain) > _LONGEST_SHORTCUT or not words.written(index).isupper()
    return is_unknown(plain) and any(witness(words, index) for witness in _FOR_UNKNOWN)


def _is_accented_word(written: str, plain: str) -> bool:
    """Returns whether the word is a name only without its accents: "péter"."""
    return written != plain and is_everyday(written)


def _has_ending(plain: str) -> bool:
    return _ENDING.fullmatch(plain) is not None


def _acts(words: Words, index: int) -> bool:
    return _PERSON_AFTER.match(words.text, words.places[index][1]) is not None


def _is_called_and_asked(words: Words, index: int) -> bool:
    """Returns whether a sentence opens with the word, a comma, and a question or request."""
    return not is_inside(words, index) and _CALLED_AND_ASKED.match(words.text, words.places[index][1]) is not None


def _speaks(words: Words, index: int) -> bool:
    """Returns whether a line opens with the word and a colon, as in a copied chat."""
    start, end = words.places[index]
    if _SPEAKS.match(words.text, end) is None or (is_unknown(words.plain[index]) and not words.is_chat):
        return False
    return not index or words.text[max(0, start - _INDENT) : start].rstrip(" \t>*-").endswith("\n")


def _stands_alone(words: Words, index: int) -> bool:
    """Returns whether it is a lone capitalised word inside a sentence, without an article or preposition."""
    return (
        not words.is_abroad
        and index > 0
        and is_inside(words, index)
        and _is_bare(words, index)
        and not goes_on(words, index)
    )


def _is_after_article(words: Words, index: int) -> bool:
    """Returns whether an article, "in", "at" or "en" precedes the word, as before a place or product and hardly ever
    before a person."""
    return index > 0 and words.plain[index - 1] in _ARTICLES | {"in", "at", "en"}


def _is_bare(words: Words, index: int) -> bool:
    """Returns whether no article or preposition precedes the word, as before a product or place, and no number follows it."""
    before = {words.plain[at] for at in range(max(0, index - 2), index)}
    after = words.text[words.places[index][1] : words.places[index][1] + 2]
    return not before & _DETERMINERS and re.match(r"[\s-]?\d|[-_.]\w", after) is None


_FOR_BOTH = (surname_follows, _is_called_and_asked, _speaks, _acts)
_FOR_UNKNOWN = (_is_called_and_asked, _speaks, _acts, _stands_alone)


def is_inside(words: Words, index: int) -> bool:
    """Returns whether the word is inside a sentence, where a capital is meaningful, and not written all in capitals."""
    start = words.places[index][0]
    before = words.text[max(0, start - 6) : start].rstrip(" \"'“«(")
    if not before or before[-1] in ".!?\n:;>-*•|":
        return False
    return not words.written(index).isupper() or len(words.written(index)) < 2
