"""Decides whether a text addresses a model instead of a reader.

It is used to report an article or mark a ticket: the result draws a person's attention, and never changes anything
silently. The patterns are in instruction_signs.txt, for thirteen languages. They match through look-alike letters,
full-width forms, accents, case, digits for letters, spaced-out spelling, and the common ways to reverse or encode a
text.
"""

import base64
import binascii
import codecs
import html
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from guardrails.text.words import without_marks

READ = 200_000
"""Maximum number of characters that are read."""
UNWRAPPED = 20_000
"""Maximum number of characters that are also read backwards, rotated and decoded."""
EDGE = r"\b"
_TABLE = Path(__file__).with_name("instruction_signs.txt")

# Letters of other scripts that pass for Latin ones: Cyrillic and Greek.
_LOOK_ALIKES = str.maketrans("аеорсухіјѕԁһкмтвнοανκιρτυχε", "aeopcyxijsdhkmtbhoavkiptuxe")
_DIGITS = str.maketrans("0134578@$!|", "oieastbasil")
_MIXED = re.compile(
    r"(?<!\w)(?=[\d@$!|]{0,30}[a-z])(?=[a-z]{0,30}[\d@$!|])(?!(?:base|rot|sha|md|utf)\d{1,3}(?!\w))[a-z\d@$!|]{3,30}(?!\w)"
)
_BY_LETTER = frozenset({"zh", "ja"})
_GLUING = frozenset({"ar", "it"})  # "ل" and "all'" are attached to their word

# How the parts of another language form a pattern. {gap}: up to eight words, or twelve letters where words are not
# separated.
_TONGUE = (
    r"{b}(?:{drop}){s}{gap}(?:{orders}){e}",
    r"{b}(?:{be}){s}{short}(?:{bot}){e}",
    r"{b}(?:{now}){e}",
    r"{b}(?:{show}){s}{gap}(?:(?:{orders}){s}(?:{hidden})|(?:{hidden}){s}(?:{orders})|(?:system)? ?prompt){e}",
    r"{b}(?:{only}){e}",
    r"{b}(?:{to}){s}(?:{for}){s}{short}(?:{bot}){e}",
    r"{b}(?:{if}){s}{short}(?:{bot}){e}",
    r"{b}(?:{new}){s}(?:{orders}) ?:",
)
_SPACED_TONGUE = {"gap": r"(?:\w+ ){0,8}?", "short": r"(?:\w+ ){0,2}?", "b": r"\b", "e": r"\b", "s": " "}
_UNSPACED_TONGUE = {"gap": r".{0,12}?", "short": r".{0,10}?", "b": "", "e": "", "s": " ?"}
# "All the rules above, forget them": in these languages the verb may come last.
_VERB_LAST = r"(?:{orders}).{{0,12}}?(?:{drop})|(?:{orders}).{{0,8}}?(?:{show})"
_LAST = frozenset({"zh", "ja", "tr"})

_CLOSED_SIGN = re.compile(
    r"(?:ignore|disregard|forget|oublie[rz]?)(?:\w{0,25})(?:instructions|prompt|rules|consignes|regles)"
)

# Marks of chat formats and of tool calls, matched before punctuation is normalised. "System: Windows 11" is a
# customer's line.
_FRAME = re.compile(
    r"<\|(?:im_start|im_end|system|user|assistant|endoftext|start_header_id|eot_id)\|>|\[/?INST\]|<</?SYS>>"
    r"|</?(?:system|assistant|instructions?|system_prompt|tool_call|function_calls?|invoke|antml:[a-z_]{1,30})>"
    r"|\[(?:system|assistant|developer|admin)(?: (?:message|prompt|note|override|instructions?))?\]"
    r"|^[ \t>*#_=-]{0,10}(?:system|assistant|syst[eè]me|developer)[ \t*_]{0,4}(?:prompt|message|note|override|instructions?)?"
    r"[ \t*_=-]{0,4}:"
    r"[ \t*_]{0,4}(?:you |your |ignore|disregard|forget|from now|new |reply|respond|answer|do not|never|always"
    r"|the (?:user|customer)|approve|refund|grant|reveal|tell |send |override|set |call |use |tu |vous "
    r"|oublie|r[ée]pond|nouvel|ne |d[ée]sormais"
    r"|rembours|envoie)"
    r"|^[ \t>*#_=-]{0,10}(?:###|===|---)[ \t]{0,3}(?:new |end of |begin )?(?:system|instructions?|prompt|override)\b"
    r"|\"(?:role|tool|function|tool_calls?)\" ?: ?[\"\[{]\"?(?:system|assistant|developer|[a-z_]{2,40})\"?"
    r"|\bBEGIN (?:SYSTEM|PROMPT|INSTRUCTIONS)\b|\{\{ ?(?:system|prompt)|\bsystem\.(?:prompt|override)\b",
    re.IGNORECASE | re.MULTILINE,
)
_DICTATED = re.compile(
    r"\b(?:add|include|insert|append|say|write|output|print|reply|respond|answer|ajoute[rz]?|r[ée]ponde?[sz]?|[ée]cri[st]|[ée]crivez)"
    r"(?: (?:with|the words?|the text|exactly|verbatim|par|avec))?[ :]{1,3}[\"“«'‘][^\"”»\n]{3,300}[\"”»'’]"
    r"[^.\n]{0,60}\b(?:your|the|ta|votre) (?:\w+ )?(?:response|answer|reply|output|message|r[ée]ponse)",
    re.IGNORECASE,
)
_SPACED = re.compile(r"\b(?:\w[ .\-_*]){5,60}\w\b")
_BLOB = re.compile(r"(?<![\w+/=])[A-Za-z0-9+/_-]{16,8000}={0,2}")
_HEX = re.compile(r"(?<!\w)(?:[0-9a-fA-F]{2}[ :]?){12,2000}(?!\w)")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_NOT_LATIN = re.compile(r"[\u0400-\u04ff\u0600-\u06ff\u3040-\u30ff\u3400-\u9fff]")


def looks_like_instruction(text: str) -> bool:
    """Returns whether anything in the first 200,000 characters addresses a model."""
    start = unicodedata.normalize("NFKC", text[:READ])
    return _speaks(start) or any(_speaks(other) for other in _unwrapped(start[:UNWRAPPED]))


def speaks_to_writer(text: str) -> bool:
    """Returns whether a sentence is about the answer that somebody writes. A customer may say that to a person; in an
    article it is out of place unless the article is about it."""
    return _signs()["weak"].search(_level(unicodedata.normalize("NFKC", text[:READ]))) is not None


def sets_a_task(text: str) -> bool:
    """Returns whether a sentence asks for an assistant's work: to explain, to write, to translate. Articles may do so
    too, about their own topic."""
    return _signs()["task"].search(_level(unicodedata.normalize("NFKC", text[:READ]))) is not None


def _speaks(text: str) -> bool:
    if _FRAME.search(text) or _DICTATED.search(text):
        return True
    plain = _level(text)
    signs = _signs()
    if signs["strong"].search(plain) or _CLOSED_SIGN.search(_closed_up(plain)):
        return True
    return bool(_NOT_LATIN.search(text)) and signs["other"].search(_words(text.lower())) is not None


def _unwrapped(text: str) -> Iterator[str]:
    """Yields the text read backwards, rotated by thirteen, and decoded."""
    yield text[::-1]
    yield codecs.encode(text, "rot13")
    if "&#" in text:
        yield html.unescape(text)
    if "%" in text:
        yield unquote(text, errors="replace")
    if "\\u" in text:
        yield _ESCAPED.sub(lambda hit: chr(int(hit[1], 16)), text)
    for run in _BLOB.findall(text)[:20]:
        yield _decoded(run)
    for hit in list(_HEX.finditer(text))[:20]:
        yield bytes.fromhex(re.sub(r"[ :]", "", hit[0])).decode("utf-8", "replace")


def _decoded(run: str) -> str:
    """Returns a run of base64 as text; "" if it is not base64."""
    body = run.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""


def _level(text: str) -> str:
    """Returns the text in lower case, without accents and look-alikes, with digits read as the letters they stand
    for, and with only the punctuation that a pattern needs."""
    letters = unicodedata.normalize("NFD", text.lower().translate(_LOOK_ALIKES))
    return _words(_MIXED.sub(lambda hit: hit[0].translate(_DIGITS), without_marks(letters)))


def _words(text: str) -> str:
    return re.sub(r"[^\w:,.!]+", " ", text)


def _closed_up(text: str) -> str:
    """Returns the spaced-out runs of a text ("i g n o r e a l l") as words without spaces."""
    return " ".join(re.sub(r"[ .\-_*]", "", run) for run in _SPACED.findall(text))


@cache
def _signs() -> Mapping[str, re.Pattern[str]]:
    """Returns the table as patterns: strong, weak and task patterns in Latin letters, and those of other scripts."""
    parts = dict(_sections())
    names = dict(line.split(" = ", 1) for line in parts.pop("names"))
    strong, weak, task = ([_filled(line, names) for line in parts.pop(name)] for name in ("strong", "weak", "task"))
    other: list[str] = []
    for language, lines in parts.items():
        made = _tongue(language, dict(line.split(" = ", 1) for line in lines))
        (other if language in {"ru", "ar", "zh", "ja"} else strong).extend(made)
    patterns = {"strong": strong, "weak": weak, "task": task, "other": other}
    return {name: _any_of(lines) for name, lines in patterns.items()}


def _any_of(signs: Collection[str]) -> re.Pattern[str]:
    """Returns one pattern for all. Those that begin at the edge of a word share its `\\b`: elsewhere in a text, which is at
    most places, they then cost one look and not one each."""
    at_edges = "|".join(sign.removeprefix(EDGE) for sign in signs if sign.startswith(EDGE))
    others = [sign for sign in signs if not sign.startswith(EDGE)]
    return re.compile("|".join(f"(?:{sign})" for sign in (*others, *([f"{EDGE}(?:{at_edges})"] if at_edges else []))))


def _sections() -> Iterator[tuple[str, list[str]]]:
    for section in _TABLE.read_text(encoding="utf-8").split("\n[")[1:]:
        name, _, body = section.partition("]\n")
        yield name, [line for line in body.splitlines() if line and not line.startswith("#")]


def _filled(sign: str, names: Mapping[str, str]) -> str:
    """Returns the pattern with its names replaced; a name may contain another one defined above it."""
    for name in reversed(list(names)):
        sign = sign.replace(f"{{{name}}}", names[name])
    return sign


def _tongue(language: str, parts: Mapping[str, str]) -> list[str]:
    frame = _UNSPACED_TONGUE if language in _BY_LETTER else _SPACED_TONGUE
    if language in _GLUING:
        frame = frame | {"s": " ?"}
    made = [sign.format(**frame, **parts) for sign in _TONGUE]
    return [*made, _VERB_LAST.format(**parts)] if language in _LAST else made
