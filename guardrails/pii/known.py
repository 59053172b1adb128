"""Finds every occurrence of values known to be personal: the requester, agents, people in copy, custom fields.

Names are matched by their parts, in any case, without accents, in the possessive, and misspelt: one wrong letter in
names of five letters or more, two in seven or more, unless the word is an everyday one ("matin" is not a misspelt
Martin).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from guardrails.pii.spans import Kind, Span
from guardrails.pii.words import WORD, fold_in_place, is_everyday, is_misspelt_everyday
from guardrails.text.typing_errors import slips

_LISTED_PARTICLES = """
    de du des da di do van von der den la le les el al bin ben st mc mr mrs ms dr mme mlle
"""
_PARTICLES = frozenset(_LISTED_PARTICLES.split())
_JOIN = re.compile(r"[ \u00a0.-]{1,2}")
_ONE_SLIP = 5
_TWO_SLIPS = 7
_MIN_VALUE = 3
_LONGEST = 80
_PIECE = re.compile(r"[^'-]+")


@dataclass(frozen=True, slots=True)
class Known:
    """A value that is personal wherever it occurs. `returns` is False for values that are masked but must never be
    disclosed to the requester."""

    kind: Kind
    value: str
    returns: bool = True


def find_known(text: str, known: Sequence[Known]) -> Iterator[Span]:
    """Yields every occurrence of every known value."""
    if not known:
        return
    plain = fold_in_place(text)
    for one in known:
        if one.kind != "NAME":
            yield from _places(plain, one)
    yield from _names(text, plain, [one.value for one in known if one.kind == "NAME"])


def of_strangers(value: str, known: Sequence[Known]) -> bool:
    """Returns whether part of a masked value belongs to known people whose data must not be disclosed, and to nobody else."""
    theirs = find_known(value, [one for one in known if not one.returns])
    ours = list(find_known(value, [one for one in known if one.returns]))
    return any(not any(own.start <= span.start and span.end <= own.end for own in ours) for span in theirs)


def _places(plain: str, one: Known) -> Iterator[Span]:
    """Yields occurrences of a value, allowing other blanks and punctuation between its parts: "AB 123" for "AB-123"."""
    signs = re.findall(r"\w+", fold_in_place(one.value))
    if len("".join(signs)) < _MIN_VALUE:
        return
    pattern = r"(?<!\w)" + r"[\W_]{0,3}".join(map(re.escape, _pieces(one.kind, signs))) + r"(?!\w)"
    yield from (Span(match.start(), match.end(), one.kind) for match in re.finditer(pattern, plain))


def _pieces(kind: Kind, signs: Sequence[str]) -> Sequence[str]:
    """The digits of phones, cards and accounts may be grouped in any way; other values keep their words."""
    return list("".join(signs)) if kind in ("PHONE", "CARD", "IBAN", "SSN", "TAX") else signs


def _names(text: str, plain: str, names: Sequence[str]) -> Iterator[Span]:
    parts = {part for name in names for part in _parts(name)}
    if not parts:
        return
    run: Span | None = None
    for span in (span for word in WORD.finditer(plain) for span in _names_in(text, word, parts)):
        if run and _JOIN.fullmatch(text, run.end, span.start):
            run = Span(run.start, span.end, "NAME")
            continue
        if run:
            yield run
        run = span
    if run:
        yield run


def _parts(name: str) -> set[str]:
    """Returns the words of a name; a lower-case word among capitalised ones ("Ann and Ken Hall") is only a joiner and
    left out."""
    whole = [word for word in WORD.findall(name) if name.islower() or not word.islower()]
    words = {part for word in map(fold_in_place, whole) for part in (word, *re.split(r"[-']", word))}
    return {word for word in words if len(word) >= 2 and word not in _PARTICLES}


def _names_in(text: str, word: re.Match[str], parts: set[str]) -> Iterator[Span]:
    """Yields the parts of a word that are names: the whole word without a possessive, or pieces between apostrophes
    and hyphens."""
    start, end = word.span()
    if word[0] in parts and _is_line(text, start, end):
        yield Span(start, end, "NAME")
        return
    whole = Span(start, end - 2 if word[0].endswith("'s") else end, "NAME")
    if whole.width <= _LONGEST and _is_name(text[start : whole.end], word.string[start : whole.end], parts):
        yield whole
        return
    for piece in _PIECE.finditer(word.string, start, end):
        if piece.span() != (start, end) and _is_name(text[piece.start() : piece.end()], piece[0], parts):
            yield Span(*piece.span(), "NAME")


def _is_line(text: str, start: int, end: int) -> bool:
    """Returns whether nothing else stands on the line, as in a hurried signature."""
    before, after = (
        text[max(0, start - _LONGEST) : start].rpartition("\n")[2],
        text[end : end + _LONGEST].partition("\n")[0],
    )
    return not before.strip(" \t>-") and not after.strip(" \t\r.,!-")


def _is_name(written: str, plain: str, parts: set[str]) -> bool:
    if plain in parts:
        return written[0].isupper() or (len(plain) >= _MIN_VALUE and not is_everyday(plain))
    if plain.endswith("s") and plain[:-1] in parts:
        return not is_everyday(plain)
    if len(plain) < _ONE_SLIP or is_everyday(written):
        return False
    if not any(_is_misspelt(plain, part) for part in parts if abs(len(part) - len(plain)) <= 2):
        return False
    return written[0].isupper() or not is_misspelt_everyday(plain)


def _is_misspelt(word: str, name: str) -> bool:
    if len(name) < _ONE_SLIP:
        return False
    allowed = 2 if len(name) >= _TWO_SLIPS else 1
    return slips(word, name, allowed) <= allowed
