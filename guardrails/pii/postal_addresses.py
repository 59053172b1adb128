"""Finds postal addresses by the words that announce them and by their layout, whatever the country's way of writing a
street."""

import re
from collections.abc import Iterator

from guardrails.pii.spans import Span

_ANNOUNCED = re.compile(
    r"(?<!\w)(?:address(?:es)?(?: is| are|:| to| has changed to| should be"
    r"| of [\w' ]{1,40} is)?(?:[^\d\n]{0,25})?\s{0,2}(?=\d)|(?:sent|send|ship|shipped|deliver|delivered|return"
    r"|returned|arrived|forward|move|moved|taxi|posted) (?:it |them |this |one |a new one |to me )?(?:to|at)"
    r"|(?:live|lives|living|located|office is|meet me|meet|reside|resides|based) (?:at|in|on)|adresse(?: est"
    r"| postale| de livraison| de facturation| exacte| complète)*(?: est| c['’]est|:"
    r"| :)?)(?:[^\d\n]{0,25})?\s{0,2}(?=\d)"
    r"|(?<!\w)(?:habit\w{1,4}(?: désormais| maintenant)?(?: à| au)?"
    r"|(?:livr|envoy|expédi|déménag|domicili|retourn|renvoy|dépos)\w{1,6}(?: (?:à|au|chez moi|chez|désormais"
    r"|le colis|la commande|mon colis|ma commande|moi|nous)){0,4})[ \t]{0,2}[:,]?\s{0,2}(?=\d)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\d{1,5} ?(?:bis|ter|[A-Da-d]\b)?,? {1,2}(?:\d{1,5} )?[^\W\d_][^\n\d?!;:()]{2,50}")
"""A house number followed by words."""
_QUANTITY = re.compile(
    r"\d{1,5} ?(?:€|eur|%|x |euros?|days?|jours?|hours?|heures?|h\b|weeks?|semaines?|months?|mois|years?|ans?\b"
    r"|minutes?|min\b|times?|fois|km|kg|cm|mm|ml|g\b|l\b|pieces?|pi[eè]ces?|items?|articles?|units?|people"
    r"|personnes?|points?|pm\b|am\b"
    r"|of\b|de\b|et\b|and\b|or\b|ou\b|to\b|à\b|in\b|years|colis|parcels?|orders?|commandes?|copies|exemplaires?"
    r"|rolls?|boxes|chairs?|chaises?|lampes?|lamps?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|janv|févr"
    r"|avril|mai|juin|juil|août|sept|déc)\w*)",
    re.IGNORECASE,
)
_MONTHS = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|janvier|février"
    r"|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"[?!;]|\.(?=\s|$)(?<!\b\w\.)(?<!\bst\.)(?<!\bapt\.)(?<!\bav\.)(?<!\bbd\.)(?<!\bul\.)|\n\s*\n"
    r"| (?:for|now|chez|maintenant|désormais|thanks|thx|please"
    r"|in case|last|instead|thanks|but|not|by|before|because|so|as|when|and not|from now|pour|svp|s['’]il|merci"
    r"|mais|depuis|avant|et non|au lieu|car|parce|or|ou|où|et que|et je|and i|et le|et la|and the)(?=[\s,.]|$)",
    re.IGNORECASE,
)
_LONGEST = 160
_HEAD = re.compile(
    r"^[ \t>?*|-]{0,8}(?P<line>\d{1,5}[a-zA-Z]?,? {1,2}[^\n]{3,60}|[^\W\d_][^\n\d]{2,40} \d{1,5})[ \t,]*\r?$",
    re.MULTILINE,
)
_UNIT_WORDS = r"(?:apt|apartment|suite|ste|unit|flat|appt|appartement|bât|bâtiment|room|floor)"
_UNIT = re.compile(rf"(?<!\w){_UNIT_WORDS}\.? ?#?\d{{1,5}}[A-Za-z]?(?!\w)", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:[^\n]{0,40}[ \t])?\d{4,6}(?:-\d{4})?[ \t]*\r?$|[^\n]{0,40}[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}[ \t]*\r?$"
    r"|[A-Z]{0,3}-?\d{4,5}[ \t][^\n\d]{2,40}\r?$"
)
_MOST_LINES = 7
_POST_CODE = re.compile(
    r"(?<!\w)(?:zip|postal|post)[ -]?codes?(?: is|:| :| are)?[ \t]{0,2}(?P<code>\d{4,5}(?:-\d{4})?"
    r"|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)(?!\w)"
    r"|(?<!\w)(?:code postal|cp)(?: est| :|:)?[ \t]{0,2}(?P<cp>\d{4,5})(?!\w)",
    re.IGNORECASE,
)
_SHIP = re.compile(
    r"(?<!\w)(?:USS|USNS|USCGC|USNV) [^\W\d_][\w'’-]{1,30}\s{1,2}[AFD]PO A[AEP] \d{5}(?!\w)", re.IGNORECASE
)
_GRID = re.compile(r"(?<![\w.])-?\d{1,2}\.\d{4,8},? ?-?\d{1,3}\.\d{4,8}(?!\w)")


def find_blocks(text: str) -> Iterator[Span]:
    """Yields every address that is announced or stands in lines of its own, and parts that count by themselves: unit
    numbers, military (ship) addresses, coordinates and post codes."""
    yield from _announced(text)
    yield from _in_lines(text)
    for pattern in (_UNIT, _SHIP, _GRID):
        yield from (Span(match.start(), match.end(), "ADDRESS") for match in pattern.finditer(text))
    for match in _POST_CODE.finditer(text):
        yield Span(*match.span("code" if match["code"] else "cp"), "ADDRESS")


def _announced(text: str) -> Iterator[Span]:
    for match in _ANNOUNCED.finditer(text):
        start = match.end()
        numbered = _NUMBERED.match(text, start)
        if numbered is None or _QUANTITY.match(text, start) or _MONTHS.search(numbered[0]):
            continue
        yield Span(start, start + len(_until_end(text[start : start + _LONGEST]).rstrip(" ,.\n")), "ADDRESS")


def _until_end(rest: str) -> str:
    end = _END.search(rest)
    whole = rest[: end.start()] if end else rest
    first, *others = whole.split("\n")
    kept = [first]
    for line in others[:_MOST_LINES]:
        if not re.match(r"[ \t>?]{0,6}(?:[,\d]|[^\W\d_a-z]|\w{1,4}\.)", line):
            break
        kept.append(line)
    return "\n".join(kept)


def _in_lines(text: str) -> Iterator[Span]:
    """Yields blocks that run from a line with a house number to a line with the post code, a few lines below at most."""
    at = 0
    for match in _HEAD.finditer(text):
        if match.start() < at:
            continue
        end = _block_end(text, match.end())
        if end and not _QUANTITY.match(match["line"]):
            at = end
            yield Span(match.start("line"), end, "ADDRESS")


def _block_end(text: str, start: int) -> int:
    """Returns the offset where the block whose first line ends at `start` ends: after a post code or a unit; 0 if it
    has neither."""
    end, at = 0, start
    for line in text[start : start + 60 * _MOST_LINES].split("\n")[1 : _MOST_LINES + 1]:
        at += 1 + len(line)
        if _TAIL.fullmatch(line.strip(" \t>?*|-")):
            return at
        if _UNIT.search(line):
            end = at
    return end
