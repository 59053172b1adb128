"""Splits French, English and similar text into sentences.

`split_sentences("M. Petit paie 3.50 €. Merci !")` is `("M. Petit paie 3.50 €.", "Merci !")`. One pass over the text,
linear in its length. A line break ends a sentence unless the line merely wraps; bullets are dropped, step numbers
kept.
"""

import re
from collections.abc import Iterator

from guardrails.text.vocabulary import word_set

_SPACES = re.compile(r"[ \t\r\f\v]+")
# The run is matched whole and judged in Python: a lookahead here would be tried again from every dot of "......".
_STOP = re.compile(r"[.!?…]+(?:[ \u00a0\u202f]?»)?[\"'»”’)\]*_]*|[。！？]+")
_BULLET = re.compile(r"^[ \t]{0,40}(?:[-–—*•·▪‣◦●○➤✓✔]|\[[ xX]\])[ \t]{1,20}")
_STEP = re.compile(r"^\(?(?:\d{1,3}|[a-zA-Z])$")
_LIST_LINE = re.compile(r"^[ \t]{0,40}(?:[-–—*•·▪‣◦●○➤✓✔#>|]|\(?\d{1,3}[.)]|[a-zA-Z]\))[ \t]")
_OPENING = "\"'«“‘([*_"
_WRAP = 50
"""A line of at least this many characters may continue on the next; a shorter one was broken on purpose."""

# Never the last word of a sentence: a name, a figure or a noun follows.
_ABBREVIATIONS = word_set(
    """m mm mme mmes mlle mlles me mgr dr drs pr prof mr mrs ms messrs st ste sr jr rev hon gen col capt sgt
    n no nos nº n° num art al chap fig ill vol éd ed p pp pg par sect env approx ca cf vs v max min tél tel fax
    e.g i.e eg ie viz p.ex ex c.-à-d c-à-d càd réf ref av bd boul bld fg rte apt appt bât bat
    dépt dept ext incl excl jan janv fév févr feb avr apr juil jul aug sept sep oct nov déc dec mon tue wed thu fri
    lun mar mer jeu ven sam dim"""
)
# Often the last word of a sentence, but only if a capital follows.
_MAYBE_LAST = word_set("etc inc ltd co corp sa sarl sas a.m p.m am pm h u.s u.k e.u b.v s.a j.-c usd eur ttc ht")
_ALSO_WORDS = word_set("max min no ex par mer art fax tel tél mar sam ed")
_TAIL = 24
"""Number of characters before a dot that are searched for its word; abbreviations are short."""


def split_sentences(text: str, language: str = "") -> tuple[str, ...]:  # `language` unused: one rule set serves all
    """Returns the sentences of `text`, stripped, with single spaces inside; none is empty."""
    return tuple(sentence for block in _blocks(text) for sentence in _sentences(block))


def _blocks(text: str) -> Iterator[str]:
    """Yields runs of lines that belong together: a wrapped line is joined to the one before it."""
    block: list[str] = []
    for raw in text.splitlines():
        line = _SPACES.sub(" ", _BULLET.sub("", raw)).strip()
        if block and not _wraps(block[-1], raw, line):
            yield " ".join(block)
            block = []
        if line:
            block.append(line)
    if block:
        yield " ".join(block)


def _wraps(last: str, raw: str, line: str) -> bool:
    if not line or last[-1] in ".!?…:;。！？" or _LIST_LINE.match(raw):
        return False
    return line[0].islower() or (len(last) >= _WRAP and not line[0].isupper())


def _sentences(block: str) -> Iterator[str]:
    start = 0
    for stop in _STOP.finditer(block):
        if not _ends(block, start, stop):
            continue
        if sentence := block[start : stop.end()].strip():
            yield sentence
        start = stop.end()
    if rest := block[start:].strip():
        yield rest


def _ends(block: str, start: int, stop: re.Match[str]) -> bool:
    mark, after = stop.group(), block[stop.end() : stop.end() + 2]
    if mark[0] in "。！？" or not after:
        return True
    if not after[0].isspace():
        return False
    begins = after[1:].lstrip(_OPENING)
    if mark.rstrip("\"'»”’)]*_") == ".":
        return _dot_ends(block, start, stop.start(), begins)
    return not begins.islower()


def _dot_ends(block: str, start: int, dot: int, begins: str) -> bool:
    before = block[max(start, dot - _TAIL) : dot]
    word = before.rsplit(None, 1)[-1].lstrip(_OPENING) if before.strip() else ""
    if not word:
        return False
    low = word.lower()
    if low in _MAYBE_LAST:
        return begins.isupper()
    if _STEP.match(word) and (word.isalpha() or dot - start <= len(word) + 3):
        return False
    if low in _ABBREVIATIONS or low.split("'")[-1] in _ABBREVIATIONS:
        return low in _ALSO_WORDS and begins.isupper()  # "at the max. Then"
    return True
