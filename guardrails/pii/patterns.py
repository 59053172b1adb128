"""Finds personal data with a recognisable form: addresses of all kinds, cards, accounts, numbers, dates of birth.

Each row is a kind, a pattern and, where needed, a test of the match. Plain amounts, durations, versions, and dates
other than of birth are left alone, since they carry the question. All patterns run in linear time: every repetition
is bounded or unambiguous, and no match starts inside the word that it would match.
"""

import re
from collections.abc import Iterator

from guardrails.pii.address_forms import ADDRESSES
from guardrails.pii.identity_numbers import PAPERS
from guardrails.pii.pattern import Form, digits_of, text_before, with_plain_separators
from guardrails.pii.payment_numbers import PAYMENTS
from guardrails.pii.postal_addresses import find_blocks
from guardrails.pii.secrets import SECRETS
from guardrails.pii.spans import Span


def find_structured(text: str) -> Iterator[Span]:
    """Yields every match of every form, and every address block."""
    plain = with_plain_separators(text)
    for form in (*PAPERS, *SECRETS, *PAYMENTS, *_FORMS, *ADDRESSES):
        for match in form.pattern.finditer(plain):
            if form.is_one is None or form.is_one(match):
                yield Span(*match.span(form.group), form.kind)
    yield from find_blocks(plain)


def _is_ip(match: re.Match[str]) -> bool:
    parts = match[0].split(".")
    version = re.search(r"(?:version|firmware|release|build|v|ver)[ .:]{0,2}$", text_before(match))
    return version is None and all(int(part) <= 255 for part in parts)


_DATE_LIKE = re.compile(
    r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d(?:[ -–]{1,3}\d{1,2}(?:[:h]\d\d)?)?|(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}"
    r"|(?:19|20)\d\d ?[-/–] ?(?:19|20)\d\d"
)
_AMOUNT_AFTER = re.compile(
    r"\s?(?:€|\$|£|%|eur\b|euros?\b|usd\b|gbp\b|dollars?\b|pounds?\b|centimes?\b|,\d\d\s?€)", re.IGNORECASE
)
_PHONE_WORDS = re.compile(
    r"(?:phone|tel|tél|téléphone|telephone|mobile|portable|cell|call|ring|text|sms|whats ?app|fax|appel\w*|rappel\w*|joindre"
    r"|joignable|fixe|bureau|domicile|ligne|line|hotline|viber|signal|telegram|gsm|natel|handy|numéro|numero|number|num|contact\w*|reach)\b[^\d\n]{0,30}$",
    re.IGNORECASE,
)
_PHONE_AFTER = re.compile(
    r"[ \t]{0,2}[-(]?[ \t]?(?:office|fax|mobile|cell|home|work|bureau|portable|domicile|fixe)\b", re.IGNORECASE
)
_NOT_PHONE_WORDS = re.compile(
    r"(?:order|commande|cmd|ref|réf|référence|reference|tracking|suivi|invoice|facture|ticket|account|compte|client|serial|série"
    r"|imei|sku|version|build|firmware|windows|model|modèle|ean|n°|#)[^\d\n]{0,15}$",
    re.IGNORECASE,
)


def _is_phone(match: re.Match[str]) -> bool:
    """Returns whether a number is grouped or prefixed like a phone number, or named as one, and is no date, amount or
    order number."""
    digits, written = digits_of(match[0]), match[0]
    before = text_before(match, 45)
    if not 6 <= len(digits) <= 16 or _DATE_LIKE.fullmatch(written) or _AMOUNT_AFTER.match(match.string, match.end()):
        return False
    if _PHONE_WORDS.search(before) or _PHONE_AFTER.match(match.string, match.end()):
        return True
    return len(digits) > 6 and _NOT_PHONE_WORDS.search(before) is None and _has_phone_shape(written, digits)


def _has_phone_shape(written: str, digits: str) -> bool:
    grouped = len(re.findall(r"\d+", written)) >= 3 and len(digits) >= 8
    return written[0] in "+(" or digits.startswith("00") or (digits[0] == "0" and len(digits) >= 9) or grouped


def _is_reference(match: re.Match[str]) -> bool:
    """Returns whether a code is one that a helpdesk would look up: enough digits, and not a model name, an amount or a date."""
    code = match["code"]
    if _DATE_LIKE.fullmatch(code) or _AMOUNT_AFTER.match(match.string, match.end("code")):
        return False
    digits = len(digits_of(code))
    if digits >= 2 and re.fullmatch(r"[A-Z0-9]{5,8}", code):
        return True  # a booking reference
    return digits >= 3 and (len(code) >= 4 or "#" in match[0]) and re.fullmatch(r"(?:19|20)\d\d", code) is None


def _is_long_number(match: re.Match[str]) -> bool:
    return _AMOUNT_AFTER.match(match.string, match.end()) is None and not _DATE_LIKE.fullmatch(match[0])


def _is_personal_link(match: re.Match[str]) -> bool:
    return not match[0].endswith(("://", "www."))


_MONTHS = (
    r"(?:jan(?:uary|vier)?|f[eé]v(?:rier)?|feb(?:ruary)?|mar(?:ch|s)?|apr(?:il)?|avr(?:il)?|may|mai|june?|juin|july?|juil(?:let)?"
    r"|aug(?:ust)?|ao[uû]t|sept?(?:ember|embre)?|oct(?:ober|obre)?|nov(?:ember|embre)?|d[eé]c(?:ember|embre)?)\.?"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|er)?(?: of)? {_MONTHS},? (?:19|20)?\d\d|{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? (?:19|20)\d\d"
    r"|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)?\d\d|(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2})"
)
_BORN = (
    r"(?:(?<!\w)(?:n[ée]e?s? (?:le|en|the|un|à [^\d\n]{1,20})|born(?: on)?|geboren(?: am)?)[^\d\n]{0,12}?"
    r"|(?<!\w)(?:ddn|d\.?o\.?b\.?|date of birth|birth ?date|(?:date|jour|lieu) de naissance|naissance|geburtsdatum"
    r"|(?:my|his|her|their|mon|son) (?:birthday|anniversaire)|birthday(?: is|:))(?!\w)[^\d\n]{0,30}?)"
)
_ORDER_WORDS = (
    r"(?:orders?|commandes?|cde|cmd|cmde|invoices?|factures?|tracking|suivi|colis|parcel|package|shipment|expédition|expedition"
    r"|booking|réservation|reservation|tickets?|cases?|dossiers?|références?|references?|réf|ref|refs|rma|receipt|serial|série|serie|imei"
    r"|pedido|bestellung|bestelnummer|ordine)"
)
_ACCOUNT_WORDS = (
    r"(?:accounts?|comptes?|customers?|clients?|contracts?|contrats?|members?|membership|membre|adhérent|abonné|subscriber|policy"
    r"|user ?id|customer ?id|client ?id|login|identifiant|loyalty|fidélité|fidelite)"
)
_LINK_WORDS = (
    r"(?:[ .]{0,2}(?:numbers?|numéros?|numero|num|nos?|nr|n°|nº|id|ids|code|de|du|is|est|le|la|:|#|=|-|№)){0,5}"
)
_CODE = r"(?P<code>[A-Za-z]{0,6}[-_/]?\d[\w/-]{1,30}|[A-Z]{2,6}[-_][A-Z0-9]{2,12}(?:[-_][A-Z0-9]{2,12}){0,3})(?!\w)"

_FORMS: tuple[Form, ...] = (
    Form(
        "URL",
        re.compile(r"(?<!\w)(?:https?://|ftp://|www\.)[^\s<>\"'«»\])}]{1,2000}(?<![.,;:!?])", re.IGNORECASE),
        _is_personal_link,
    ),
    Form("URL", re.compile(r"(?<![\w@.-])(?:[\w-]{1,63}\.){1,5}[a-zA-Z]{2,10}/[^\s<>\"'«»\])}]{0,1000}(?<![.,;:!?])")),
    Form(
        "EMAIL",
        re.compile(r"(?<![\w.+-])[\w.!#$%&'*+/=?^`{|}~-]{1,128} ?[@＠] ?[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}(?<![-_])"),
    ),
    Form(
        "EMAIL",
        re.compile(
            r"(?<![\w.+-])(?:[\w+-]{1,30} (?:point|dot|tiret|underscore) ){0,2}[\w.+-]{1,64} ?(?:[\[({] ?(?:at|arobase|chez) ?[\])}]| arobase ) ?[\w-]{1,63}"
            r"(?: ?(?:\.|[\[({] ?(?:dot|point) ?[\])}]| point | dot ) ?[\w-]{2,63}){1,4}",
            re.IGNORECASE,
        ),
    ),
    Form(
        "EMAIL", re.compile(r"(?<![\w.+-])[\w.+-]{2,64} at [\w-]{1,63}(?: dot [\w-]{2,63}){1,3}(?!\w)", re.IGNORECASE)
    ),
    Form("IP", re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)"), _is_ip),
    Form(
        "IP",
        re.compile(
            r"(?<![\w:])(?:[0-9a-fA-F]{1,4}:){3,7}(?::?[0-9a-fA-F]{1,4}){1,5}(?![\w:])|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){1,6}:(?:[0-9a-fA-F]{1,4}:?){1,6}(?![\w:])"
        ),
    ),
    Form("BIRTH", re.compile(rf"{_BORN}(?P<code>{_DATE})", re.IGNORECASE), group="code"),
    Form(
        "ORDER",
        re.compile(rf"(?<!\w){_ORDER_WORDS}{_LINK_WORDS}[ :\u00a0(]{{0,3}}#?{_CODE}", re.IGNORECASE),
        _is_reference,
        "code",
    ),
    Form(
        "ORDER", re.compile(r"(?<![\w&])(?:#|n°|nº|N°|№) ?(?P<code>[A-Za-z]{0,6}-?\d[\w-]{2,24})(?!\w)"), group="code"
    ),
    Form(
        "ORDER",
        re.compile(
            r"(?<!\w)(?:n°|nº|numéro|number|no\.) ?(?P<code>\d{1,5}(?: \d{1,5}){2,6})(?![\w%€$£])", re.IGNORECASE
        ),
        group="code",
    ),
    Form(
        "ACCOUNT",
        re.compile(rf"(?<!\w){_ACCOUNT_WORDS}{_LINK_WORDS}[ :\u00a0(]{{0,3}}#?{_CODE}", re.IGNORECASE),
        _is_reference,
        "code",
    ),
    Form(
        "ACCOUNT",
        re.compile(
            r"\b(?:identifiant|login|user ?name|user ?id|pseudo|nom d['’]utilisateur)(?:[ :\u00a0]{1,3}(?:is|est|:))?[ :\u00a0]{1,3}"
            r"(?P<code>(?=[\w.-]{0,30}[\d_.])[\w.-]{4,30}(?<!\.))",
            re.IGNORECASE,
        ),
        group="code",
    ),
    Form(
        "PHONE",
        re.compile(
            r"(?<![\w.])(?:\+|\(\+?)?\d(?:[ .()/\u00a0–-]{0,2}\d){5,15}(?:\s?(?:x|ext\.?|poste) ?\d{1,6})?(?![\w]|[.,]\d)"
        ),
        _is_phone,
    ),
    Form("ORDER", re.compile(r"(?<![\w.,€$£-])\d{7,30}(?![\w]|[.,]\d)"), _is_long_number),
    Form(
        "ORDER",
        re.compile(
            r"(?<![\w.-])(?!0x)(?=[A-Za-z0-9-]{8,40}(?![\w-]))(?:[A-Za-z-]{0,12}\d){6,30}[A-Za-z-]{0,12}(?![\w])"
        ),
        _is_long_number,
    ),
)
