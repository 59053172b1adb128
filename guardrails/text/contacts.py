"""Links, e-mail addresses and phone numbers in a text, disguised or plain.

Every pattern is bounded, so a text of two million dots costs two million steps. `Link.host` is lower case and without
"www."; `Link.key` adds the path; both are the same for two spellings of one address.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

from guardrails.text.vocabulary import word_set

_SCHEMED = re.compile(r"(?<![\w+.-])([a-z][a-z0-9+.-]{1,12}):(?://|\\\\)([^\s<>\"'`]{1,2000})", re.IGNORECASE)
_BARE_SCHEME = re.compile(
    r"(?<![\w+.-])(?:javascript|data|vbscript|file|blob|about|jar|tel|sms|mailto)\s{0,3}:(?=[^\s])[^\s<>\"'`]{1,2000}",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?<![\w@.-])(?:[\w-]{1,63}\.){1,8}([^\W\d_][\w-]{1,62})(?![\w-])(?::\d{1,5})?((?:/[^\s<>\"'`]{0,2000})?)",
    re.IGNORECASE,
)
_IP = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\d)(?::\d{1,5})?(?:/[^\s<>\"'`]{0,2000})?")
_MAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_PHONE = re.compile(r"(?<![\w/.,-])(?:\+|00)?\(?\d(?:[ .()/-]{0,2}\d){6,16}(?![\w/]|[.,-]\d)")
_WITH_PATH = re.compile(
    r"(?<![\w@.-])(?:www\.[\w.-]{1,200}|(?:[a-z][\w-]{0,62}\.){1,4}[a-z]{2,12}/)[^\s<>\"'`]{0,2000}", re.IGNORECASE
)
IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_UNCLOSED = re.compile(r"[ .-]*\([^)]*$")
"""What follows a number in parentheses, as its hours: "01 99 00 12 34 (8 h to 19 h)"."""
_CALL = re.compile(r"(?:t[ée]l|phone|call|appel|num[ée]ro|joindre|ring|dial|fax|whatsapp|hotline)", re.IGNORECASE)
_DATE = re.compile(r"(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{2}-\d{2})(?!\d)")
_AMERICAN = re.compile(r"\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4}")  # no area code begins with 0 or 1
_NAME = re.compile(r"\[[^\]]*\]?|[^:]*")
"""A host without its port; an IPv6 address contains colons of its own."""
_TRAIL = ".,;:!?)]}»”’*_"

# Endings that make a bare "word.word" an address; anything else needs "www.", a path or a scheme.
_ENDINGS = word_set(
    """com net org info biz eu fr be ch de es it lu uk co io ai app dev me tv us ca nl at pt pl ie se no dk fi cz gr ru cn
    jp kr in br au nz za mx ar xyz top site online store shop club live link click page pro tech cloud support help
    center email company example test invalid localhost ly gg gl to cc ws tk ml ga cf pw su gov edu int mil paris bzh
    re asso name mobi tel zip mov work world today news blog space website fun icu vip bid loan men date review trade"""
)
# A file or a library is no address: "setup.py", "node.js".
_FILES = word_set("py js ts md txt pdf doc docx xls xlsx csv png jpg jpeg gif svg html htm php json xml exe zip")


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written, its scheme ("" if it has none), host, and host with path."""

    text: str
    scheme: str
    host: str
    key: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number as written, and in international form ("+33123456789")."""

    text: str
    key: str


def find_mails(text: str) -> tuple[str, ...]:
    """Returns the e-mail addresses in a text, in lower case and in order."""
    return tuple(hit.group().rstrip(_TRAIL).lower() for hit in _MAIL.finditer(text)) if "@" in text else ()


def find_links(text: str) -> tuple[Link, ...]:
    """Returns the links in a text: with a scheme, with "www.", as a bare domain, or as an IP address."""
    rest = _blank(_MAIL, text) if "@" in text else text
    if ":" not in text:  # as in most sentences, and looking for a scheme at each place of them costs the most
        return tuple(_plain(rest))
    return (*_schemed(text), *_plain(_blank(_SCHEMED, rest)))


def _schemed(text: str) -> Iterator[Link]:
    for hit in _BARE_SCHEME.finditer(text):  # first, since "blob:https://a" is not "https://a"
        scheme, _, rest = hit.group().partition(":")
        yield _link(hit.group().rstrip(_TRAIL), scheme.strip().lower(), rest.rpartition("@")[2].rstrip(_TRAIL))
    for hit in _SCHEMED.finditer(_blank(_BARE_SCHEME, text)):
        yield _link(hit.group().rstrip(_TRAIL), hit.group(1).lower(), hit.group(2).rstrip(_TRAIL))


def _plain(text: str) -> Iterator[Link]:
    if "." not in text:
        return
    for hit in _IP.finditer(text):
        if all(int(part) <= 255 for part in re.split(r"[:/]", hit.group())[0].split(".")):
            yield _link(hit.group().rstrip(_TRAIL), "", hit.group().rstrip(_TRAIL))
    for hit in _HOST.finditer(text):
        if _is_address(hit):
            yield _link(hit.group().rstrip(_TRAIL), "", hit.group().rstrip(_TRAIL))


def _is_address(hit: re.Match[str]) -> bool:
    ending = hit.group(1).lower()
    if hit.group().lower().startswith("www.") or hit.group(2):
        return True
    if ending in _FILES and hit.group().count(".") == 1:
        return False
    # "jours.Merci": a missing space, not a domain
    return ending in _ENDINGS and not (hit.group(1)[0].isupper() and hit.group(1)[1:].islower())


def _link(text: str, scheme: str, rest: str) -> Link:
    authority, slash, path = re.sub(r"[\\]", "/", rest).partition("/")
    host = authority.rpartition("@")[2].partition("?")[0].partition("#")[0].lower()
    name = _NAME.findall(host)[0].removeprefix("www.").rstrip(".")
    return Link(text, scheme, name, f"{host.removeprefix('www.')}{slash}{path}".rstrip("/"))


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda hit: " " * len(hit.group()), text)


def find_phones(text: str, language: str = "") -> tuple[Phone, ...]:
    """Returns the phone numbers in a text, read as numbers of the language's country. `is_possible_number` decides,
    since `is_valid_number` rejects half of the real ones."""
    region = {"fr": "FR", "de": "DE", "es": "ES", "it": "IT"}.get(language, "GB")
    found = (_phone(hit, text, region) for hit in _PHONE.finditer(text))
    return tuple(phone for phone in found if phone is not None)


def _phone(hit: re.Match[str], text: str, region: str) -> Phone | None:
    whole = hit.group().strip()
    return _as_phone(_UNCLOSED.sub("", whole), hit, text, region) or _as_phone(whole, hit, text, region)


def _as_phone(written: str, hit: re.Match[str], text: str, region: str) -> Phone | None:
    called = bool(_CALL.search(text[max(0, hit.start() - 30) : hit.start()]))
    american = bool(_AMERICAN.fullmatch(written))
    if _DATE.search(written) or not (american or called or written.startswith(("+", "0", "("))):
        return None
    try:
        number = phonenumbers.parse(written, "US" if american else region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return Phone(written, f"+{number.country_code}{number.national_number}")


def blank_contacts(text: str) -> str:
    """Returns the text with links, e-mail addresses, phones and IBANs replaced by spaces, so that no value is read
    inside them."""
    for pattern in (_SCHEMED, _MAIL, _WITH_PATH, IBAN):
        text = _blank(pattern, text)
    for phone in find_phones(text):
        text = text.replace(phone.text, " " * len(phone.text))
    return text
