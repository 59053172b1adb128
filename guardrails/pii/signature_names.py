"""Finds names by position: below a closing, alone on the last line, before an e-mail address, above an address, as a handle."""

import re
from collections.abc import Iterator

from guardrails.pii.lexicon import FAMILY, GIVEN, GIVEN_TOO, NAMES
from guardrails.pii.name_extent import Words, goes_on, is_foreign, is_unknown, run
from guardrails.pii.spans import Span
from guardrails.pii.words import STOP, fold_in_place, is_everyday

_CLOSING = re.compile(
    r"(?:(?:^|(?<=[.!?\n]))[ \t>]{0,6})(?:(?:bien |très )?cordialement(?: vôtre)?|bien à (?:vous|toi)|(?:sincères "
    r"|meilleures |mes )?salutations(?: distinguées| les meilleures)?|cdlt|cdt|amicalement"
    r"|merci(?: d['’]avance| beaucoup| bien| par avance| à vous| pour votre (?:aide|retour|réponse))?|(?:belle"
    r"|bonne) (?:journée|soirée|réception|fin de journée|semaine)(?: à vous)?|[aà] (?:bient[oô]t|plus|\+)"
    r"|respectueusement|bises?|bisous"
    r"|dans l['’]attente de (?:votre|vous) [\w' ]{2,20}|en vous remerciant(?: par avance)?|(?:kind |best |warm "
    r"|kindest |many |warmest )?regards|best(?: wishes)?|(?:yours |very )?(?:sincerely|truly"
    r"|faithfully)(?: yours)?|cheers|respectfully|take care|love"
    r"|(?:many |with )?thanks(?: in advance| a lot| so much| again| very much| for your (?:help|time|reply))?"
    r"|thank you(?: very much| so much| in advance| for your (?:help|time|reply))?|thx|--|—"
    r"|mit freundlichen gr(?:ü|ue)(?:ß|ss)en|(?:viele|liebe|beste) gr(?:ü|ue)(?:ß|ss)e|mvg|saludos|groeten|tks|ta)"
    r"[ \t]{0,3}[,.!…:]{0,3}(?P<gap>[ \t]{0,3}(?:\r?\n[ \t*_>–—-]{0,6}){0,3})",
    re.IGNORECASE | re.MULTILINE,
)
_BEFORE_ADDRESS = re.compile(
    r"(?P<name>[^\W\d_][\w'’.-]{0,30}(?: [^\W\d_][\w'’.-]{0,30}){0,3}) ?(?=[<(\[](?:mailto:)?[\w.+-]{1,64}@)"
)
_CAPITAL = re.compile(r"(?<!\S)[^\W\d_a-zß-ÿ]")
"""The start of a capitalised word."""
_HANDLE = re.compile(r"(?<![\w.@/])@[A-Za-z_][\w.]{2,30}(?<!\.)")
_LINE = re.compile(r"^[ \t>?*•·|-]{0,8}(?P<line>[^\W\d_][^\n\d@:;!?]{1,50}?)[ \t,.*_]{0,4}\r?$", re.MULTILINE)
_LAST = 400
_MOST_LINE_WORDS = 5
_NEXT = 3
"""Maximum number of lines between a name and the start of its address."""


def find_placed(words: Words) -> Iterator[Span]:
    """Yields every name that its position reveals."""
    yield from _under_closings(words)
    yield from _on_lines(words)
    text = words.text
    for match in _BEFORE_ADDRESS.finditer(text):
        first = _CAPITAL.search(match["name"])
        start = match.start("name") + (first.start() if first else 0)
        if first and _has_name(text[start : match.end("name")]):
            yield Span(start, match.end("name"), "NAME")
    yield from (Span(match.start(), match.end(), "NAME") for match in _HANDLE.finditer(text))


def _under_closings(words: Words) -> Iterator[Span]:
    for match in _CLOSING.finditer(words.text):
        index = words.starts.get(match.end())
        if index is not None and _signs(words, index, new_line="\n" in match["gap"]):
            yield words.span(index, run(words, index))


def _signs(words: Words, index: int, *, new_line: bool) -> bool:
    start = words.places[index][0]
    plain, capital = words.plain[index], words.is_capital(index)
    if _is_initial(words, index):
        return True
    ends = capital and not words.text[words.places[index][1] :].strip(" .!\n")
    strange = plain in GIVEN or plain in GIVEN_TOO or ends or not is_everyday(plain)
    if plain in STOP or not strange or (plain not in NAMES and (plain in words.public or index in words.towns)):
        return False
    if not words.strangers and is_unknown(plain) and not goes_on(words, index):
        return False
    count = len(words.text[start : start + 80].split("\n", maxsplit=1)[0].split())
    if not new_line:
        return capital and count <= 3
    return count <= _MOST_LINE_WORDS and (capital or plain in GIVEN or not is_everyday(plain))


def _is_initial(words: Words, index: int) -> bool:
    """Returns whether a capital and a full stop open a name: "A. Petrossian"."""
    if len(words.plain[index]) > 1 or not words.is_capital(index) or index + 1 >= len(words.plain):
        return False
    return words.gap(index + 1).strip() == "." and words.is_capital(index + 1)


def _on_lines(words: Words) -> Iterator[Span]:
    """Yields lines that are names: the last one of the text, or one right above an address."""
    text = words.text
    end = len(text.rstrip())
    for match in _LINE.finditer(text):
        line = match["line"]
        if len(line.split()) > _MOST_LINE_WORDS:
            continue
        last = match.end("line") >= end - 4 and match.start() and end - match.start() < _LAST
        if (last and _is_signature(line)) or (_heads_address(text, match.end()) and _is_name_line(line)):
            yield Span(*match.span("line"), "NAME")


def _is_signature(line: str) -> bool:
    """Requires a given name or an initial first, and only capitalised words: a firm's name has neither."""
    found = [fold_in_place(word) for word in re.findall(r"[^\W\d_]+", line)]
    if not found or any(word in STOP for word in found) or not all(part[0].isupper() for part in line.split()):
        return False
    named = found[0] in GIVEN or found[-1] in GIVEN or (len(found) > 1 and found[0] in GIVEN_TOO)
    return named or (len(found) == 1 and (found[0] in NAMES or is_unknown(found[0]))) or len(found[0]) == 1


def _is_name_line(line: str) -> bool:
    found = re.findall(r"[^\W\d_]+", line)
    plain = [fold_in_place(word) for word in found]
    if not found or any(word in STOP for word in plain) or "," in line:
        return False
    likely = [one in GIVEN or one in FAMILY or is_foreign(word) for one, word in zip(plain, found, strict=True)]
    return any(likely)


def _heads_address(text: str, end: int) -> bool:
    """Returns whether one of the next lines begins or ends with a number, as addresses do."""
    below = text[end : end + 160].split("\n")[1 : 1 + _NEXT + 1]
    return any(re.match(r"[ \t>?]{0,6}\d", line) or re.search(r"\d{3,}[ \t\r]{0,3}$", line) for line in below)


def _has_name(words: str) -> bool:
    """Requires a given name, or two words that are not everyday ones: a single one may be a firm."""
    found = [fold_in_place(word) for word in re.findall(r"[^\W\d_]+", words)]
    strange = [word for word in found if not is_everyday(word)]
    return bool(GIVEN.intersection(found)) or (len(found) > 1 and strange == found)
