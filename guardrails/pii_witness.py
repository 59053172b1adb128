"""Names that nothing announces: told by the lists, by their letters and endings, and by what people do."""

import re
from collections.abc import Iterator

from guardrails.pii_lexicon import COMMON_FAMILY, ELSEWHERE, FAMILY, FAMILY_TOO, GIVEN, GIVEN_SMALL, GIVEN_TOO
from guardrails.pii_run import Words, goes_on, is_unknown, might_name, reach_back, run, surname_follows
from guardrails.pii_spans import Span
from guardrails.pii_words import STOP, is_everyday

_SHORTEST_SMALL_GIVEN = 4
_SHORTEST_SMALL_FAMILY = 5
_ENDING = re.compile(
    r"[a-z]{3,20}(?:ov|ova|ovic|evic|evich|ovich|sky|skiy|ski|ska|skaya|owicz|czyk|enko|chuk|shvili|adze|yan"
    r"|dottir|sson|ssen"
    r"|aasen|sen|mann|berg|strom|lund|qvist|kvist|gaard|poulos|poulou|idis|akis|escu|oglu|inen|onen|anen|moto"
    r"|mura|yama|guchi"
    r"|zaki|kawa|hashi|stra|nathan|swamy|singh|zadeh|bekov|baev)"
)
"""Endings of family names of many countries, on a word that no list knows."""
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
_IS = (
    r"(?:works|worked|has been|had been|wants|thinks|needs|is|was|will (?:be|call|come|collect|sign|pay|receive)"
    r"|wanted|bought|ordered|paid|received|sent"
    r"|lost|forgot|uses|used|left|came|went|broke|booked|moved|reports|reported|arrives|arrived|has|had|a (?:reçu"
    r"|commandé|payé|envoyé|été|pris|fait|perdu|oublié)|avait|doit|veut|attend|utilise|vient de|n['’]a|n['’]est"
    r"|est|sera|était)"
)
_OWNS = r"['’]s (?:address|account|order|card|name|parcel|number|email|birthday|phone|house|place)\b"
_PERSON_AFTER = re.compile(rf"(?:{_OWNS}|,? {_DID})(?!\w)", re.IGNORECASE)
_NAME_AFTER = re.compile(rf",? {_IS}(?!\w)", re.IGNORECASE)
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
_DETERMINERS = frozenset(_LISTED_DETERMINERS.split())
"""Words after which a capitalised word that no list knows is a product, a firm or a place as likely as a person."""
_JOINER = re.compile(
    r"[ \u00a0]?(?:,|&|/)[ \u00a0]?(?:(?:and|et|or|ou|und|y)[ \u00a0])?|[ \u00a0](?:and|et|or|ou|und|y)[ \u00a0]",
    re.IGNORECASE,
)
_JOINING = frozenset({"and", "et", "or", "ou", "und", "y"})


def find_witnessed(words: Words) -> Iterator[Span]:
    """Every name that a list, its letters, an act, or another name beside it gives away."""
    sure = _joined(words, {index for index in range(len(words.places)) if _is_sure(words, index)})
    reached = -1
    for index in sorted(sure):
        if index <= reached:
            continue
        first = max(reach_back(words, index), reached + 1)
        reached = run(words, index)
        yield words.span(first, reached)


def _is_sure(words: Words, index: int) -> bool:
    plain = words.plain[index]
    if plain in words.public:
        return False
    if plain in STOP and plain in GIVEN_TOO and words.is_capital(index):
        return _goes_on_as_family(words, index) or (len(plain) >= _SHORTEST_SMALL_GIVEN and _acts(words, index))
    if plain in STOP or len(plain) < 2 or (index and words.gap(index) in ("'", "’") and len(plain) < 3):
        return False
    return _is_sure_capital(words, index, plain) if words.is_capital(index) else _is_sure_small(words, index, plain)


def _goes_on_as_family(words: Words, index: int) -> bool:
    return goes_on(words, index) and words.plain[index + 1] in FAMILY


def _is_sure_small(words: Words, index: int, plain: str) -> bool:
    if plain in GIVEN_SMALL:
        return len(plain) >= _SHORTEST_SMALL_GIVEN and not _is_accented_word(words.written(index), plain)
    if plain in GIVEN_TOO or plain in GIVEN:
        return _speaks(words, index)
    if words.looks_foreign(index):
        return True
    if plain in FAMILY:
        return len(plain) >= _SHORTEST_SMALL_FAMILY
    return len(plain) > _SHORTEST_SMALL_FAMILY and is_unknown(plain) and (_acts(words, index) or _has_ending(plain))


def _is_sure_capital(words: Words, index: int, plain: str) -> bool:
    if plain in GIVEN or (plain in FAMILY and len(plain) > 2) or words.looks_foreign(index):
        return True
    if plain in GIVEN_TOO:
        return any(
            witness(words, index)
            for witness in (is_inside, surname_follows, _is_called_and_asked, _speaks, _acts, _is_someone)
        )
    if is_unknown(plain):
        return _has_ending(plain) or any(witness(words, index) for witness in _FOR_UNKNOWN)
    return (plain in FAMILY_TOO or plain in ELSEWHERE) and _acts(words, index)


def _is_accented_word(written: str, plain: str) -> bool:
    """Whether it is a name only without its accents: "péter"."""
    return written != plain and is_everyday(written)


def _has_ending(plain: str) -> bool:
    return _ENDING.fullmatch(plain) is not None


def _acts(words: Words, index: int) -> bool:
    return _PERSON_AFTER.match(words.text, words.places[index][1]) is not None


def _is_someone(words: Words, index: int) -> bool:
    return _NAME_AFTER.match(words.text, words.places[index][1]) is not None


def _is_called_and_asked(words: Words, index: int) -> bool:
    """Whether a sentence opens with the word, a comma, and a question or wish."""
    return not is_inside(words, index) and _CALLED_AND_ASKED.match(words.text, words.places[index][1]) is not None


def _speaks(words: Words, index: int) -> bool:
    """Whether a line opens with the word and a colon, as in a copied chat."""
    start, end = words.places[index]
    if _SPEAKS.match(words.text, end) is None or (is_unknown(words.plain[index]) and not words.is_chat):
        return False
    return not index or words.text[max(0, start - _INDENT) : start].rstrip(" \t>*-").endswith("\n")


def _stands_alone(words: Words, index: int) -> bool:
    """Whether a capitalised word inside a sentence has neither an article nor a preposition before it, nor a number behind."""
    if words.is_abroad or index < 1 or not is_inside(words, index):
        return False
    before = {words.plain[at] for at in range(max(0, index - 2), index)}
    after = words.text[words.places[index][1] : words.places[index][1] + 2]
    return not before & _DETERMINERS and re.match(r"[\s-]?\d|[-_.]\w", after) is None and not goes_on(words, index)


_FOR_UNKNOWN = (_acts, _speaks, _is_called_and_asked, _stands_alone)


def is_inside(words: Words, index: int) -> bool:
    """Whether the word stands inside a sentence, where a capital says something, and not among other capitals."""
    start = words.places[index][0]
    before = words.text[max(0, start - 6) : start].rstrip(" \"'“«(")
    if not before or before[-1] in ".!?\n:;>-*•|":
        return False
    return not words.written(index).isupper() or len(words.written(index)) < 2


def _joined(words: Words, sure: set[int]) -> set[int]:
    """`sure` and the capitalised words that stand in one row with them: "Kovalev, Lee and Phillips"."""
    forward, backward = range(len(words.places)), range(len(words.places) - 1, -1, -1)
    found = set(sure)
    for order, step in ((forward, 1), (backward, -1)):
        for index in order:
            beside = _beside(words, index, step) if index in found else None
            if beside is not None and _may_join(words, beside):
                found.add(beside)
    return found


def _may_join(words: Words, index: int) -> bool:
    if words.is_capital(index):
        return might_name(words, index) and words.plain[index] not in ELSEWHERE
    return words.plain[index] in COMMON_FAMILY or words.plain[index] in FAMILY


def _beside(words: Words, index: int, step: int) -> int | None:
    """The word that a comma, "and", "et" or an ampersand joins to this one."""
    beside = index + step
    if 0 <= beside < len(words.places) and words.plain[beside] in _JOINING:
        beside += step
    if not 0 <= beside < len(words.places):
        return None
    left, right = sorted((index, beside))
    between = words.text[words.places[left][1] : words.places[right][0]]
    return beside if _JOINER.fullmatch(between) else None
