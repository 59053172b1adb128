r"""Checks for content that a reader does not see, or sees as something else.

G030 invisible character  hit: "re\\u200bfund". miss: "24\\u00a0h", an emoji joined by U+200D.
G031 bidi control         hit: "\\u202eevil". miss: "שלום".
G032 hidden markup        hit: "<!-- x -->", "display:none". miss: "a < b".
G033 encoded blob         hit: 60 characters of base64. miss: a long French word.
G034 look-alike letters   hit: "pаypal" with a Cyrillic а. miss: "Привет", "5 μm", a word of a cited source.
G035 broken character     hit: a lone surrogate, a control character. miss: a line break.
"""

import re
import unicodedata
from collections.abc import Iterator

from guardrails.base import Finding, Level, Options, Reply, Sentence
from guardrails.grounding.allowed_sources import cited, trusted_sentences

INVISIBLE = "klark.G030"
BIDI = "klark.G031"
MARKUP = "klark.G032"
BLOB = "klark.G033"
LOOK_ALIKE = "klark.G034"
BROKEN = "klark.G035"

_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c\u200e\u200f")
_INVISIBLE = frozenset(
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u2060\u2061\u2062\u2063\u2064\u2065\u3164\ufeff\uffa0\ufff9\ufffa\ufffb"
)
_JOINER, _VARIANTS = "\u200d", range(0xFE00, 0xFE10)
_TAGS = range(0xE0000, 0xE0200)
_KEPT = frozenset("\n\r\t")
_MARKUP = re.compile(
    r"<!--|-->|<!\[CDATA|<\s{0,3}/?\s{0,3}(?:script|style|iframe|object|embed|svg|img|form|input|link|meta|base|template|noscript)\b"
    r"|display\s{0,5}:\s{0,5}none|visibility\s{0,5}:\s{0,5}hidden|font-size\s{0,5}:\s{0,5}0|opacity\s{0,5}:\s{0,5}0(?![.\d])|\bon(?:error|load|click)\s{0,5}=",
    re.IGNORECASE,
)
_BLOB = re.compile(r"(?<![\w+/=.-])[\w+/-]{32,4096}={0,2}")
_LONGEST = 36
"""A run of letters of this length is no word that occurs on a helpdesk."""
_ESCAPES = re.compile(r"(?:\\[ux][0-9a-f]{2,8}|&#x?[0-9a-f]{2,6};|%[0-9a-f]{2}){6}", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,100}")
_UNIT = re.compile(r"(?=.{1,4}$)[A-Za-z]*[μΩ][A-Za-z]*")
"""A unit with the Greek letter for micro or ohm, which imitate nothing: "μm", "kΩ"."""
_PURE_ASCII = re.compile(r"[\t\n\r -~]*")
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "HEBREW", "ARABIC")


def hidden(reply: Reply, options: Options) -> list[Finding]:  # `options` is unused: every check has the same signature
    """Returns findings on characters that hide, reverse, encode or imitate text."""
    return [finding for place, sentence in trusted_sentences(reply) for finding in _in_sentence(place, sentence)]


def _in_sentence(place: int, sentence: Sentence) -> Iterator[Finding]:
    text = sentence.text
    if markup := _MARKUP.search(text):
        yield Finding(MARKUP, Level.BLOCK, f"hidden markup: {markup.group()}", place, markup.group())
    if blob := _blob(text):
        yield Finding(BLOB, Level.BLOCK, f"an encoded text of {len(blob)} characters", place, blob[:40])
    if _PURE_ASCII.fullmatch(text):
        return
    yield from _signs(place, text)
    published = frozenset(_WORD.findall(cited(sentence.sources)))
    if word := next((each for each in _WORD.findall(text) if each not in published and _is_look_alike(each)), ""):
        yield Finding(LOOK_ALIKE, Level.BLOCK, f'the word "{word}" imitates letters of another alphabet', place, word)


def _blob(text: str) -> str:
    found = next((hit.group() for hit in _BLOB.finditer(text) if _is_blob(hit.group())), "")
    escaped = _ESCAPES.search(text)
    return found or (escaped.group() if escaped else "")


def _is_blob(run: str) -> bool:
    """Returns whether a run looks encoded: all letters and longer than any word, or lower case, upper case and digits
    in an unbroken part of 24 characters (a path of words has a slash or hyphen every few letters), or 120 characters
    of anything."""
    sorts = sum(any(test(sign) for sign in run) for test in (str.islower, str.isupper, str.isdigit))
    if len(run) >= _LONGEST and run.isalpha():
        return True  # words without the spaces between them
    return (sorts == 3 and max(map(len, re.split(r"[/_-]", run))) >= 24) or len(run.rstrip("=")) >= 120


def _signs(place: int, text: str) -> Iterator[Finding]:
    """Yields at most one finding per kind."""
    kinds = {kind: sign for at, sign in reversed(tuple(enumerate(text))) if (kind := _kind(text, at, sign))}
    for kind, sign in kinds.items():
        name = unicodedata.name(sign, f"U+{ord(sign):04X}")
        yield Finding(kind, Level.BLOCK, f"a sign that a reader does not see: {name}", place, f"U+{ord(sign):04X}")


def _kind(text: str, at: int, sign: str) -> str:
    if sign.isalnum() or sign in _KEPT:
        return INVISIBLE if sign in _INVISIBLE else ""
    if sign in _BIDI:
        return BIDI
    if sign == _JOINER or ord(sign) in _VARIANTS:
        return "" if _in_emoji(text, at) else INVISIBLE
    if sign in _INVISIBLE or ord(sign) in _TAGS:
        return INVISIBLE
    return BROKEN if unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} else ""


def _in_emoji(text: str, at: int) -> bool:
    """Returns whether a joiner or variation selector follows a pictogram, another such character, or a keycap's digit."""
    before = text[at - 1] if at else ""
    return bool(before) and (
        unicodedata.category(before) in {"So", "Sk", "Sm", "Po", "Mn"} or before in "#*0123456789©®"
    )


def _is_look_alike(word: str) -> bool:
    if word.isascii() or _UNIT.fullmatch(word):
        return False
    if any(
        ord(sign) >= 0x2100 and unicodedata.normalize("NFKC", sign).isascii() for sign in word if sign not in "ﬁﬂﬀﬃﬄ"
    ):
        return True
    names = {unicodedata.name(sign, "").split(" ")[0] for sign in word}
    return sum(script in names for script in _SCRIPTS) > 1
