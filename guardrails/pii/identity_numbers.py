"""Forms of official numbers: social security and tax numbers, passports, licences, identity cards and bank codes of
several countries.

A number with a distinctive form counts by itself; others only after a word that names them.
"""

import re

from stdnum import luhn
from stdnum.ca import sin
from stdnum.es import dni, nie
from stdnum.fr import nir

from guardrails.pii.pattern import Form, digits_of

_NAMED = (
    r"(?:[ .]{0,2}(?:numbers?|numéros?|numero|num|nos?|nr|n°|nº|id|code|de|du|d['’]|l['’]|is|est|le|la|my|mon|ma|a"
    r"|:|#|=|-|№|c['’]est|reads|porte)){0,6}[ :\u00a0(]{0,3}"
)


def _has_eight_digits(match: re.Match[str]) -> bool:
    return len(digits_of(match[0])) >= 8


def _has_four_digits(match: re.Match[str]) -> bool:
    return len(digits_of(match["code"])) >= 4


def _is_french(match: re.Match[str]) -> bool:
    """Accepts a number with a valid key, and one that is not a card number: a mistyped one is as personal."""
    digits = re.sub(r"\W", "", match[0])
    return bool(nir.is_valid(digits)) or not luhn.is_valid(digits)


def _is_spanish(match: re.Match[str]) -> bool:
    return bool(dni.is_valid(match[0]) or nie.is_valid(match[0]))


def _is_canadian(match: re.Match[str]) -> bool:
    return bool(sin.is_valid(match[0]))


def _named(kind_words: str, code: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{kind_words})(?!\w){_NAMED}(?P<code>{code})(?!\w)", re.IGNORECASE)


_SOCIAL_WORDS = (
    r"ssn|s\.s\.n\.?|social security(?: number)?|social insurance|sin|nino|national insurance|ni|nhs|nir|sécu|secu"
    r"|sécurité sociale|securite sociale|insee|ahv|avs"
    r"|bsn|burgerservicenummer|sozialversicherungsnummer|itin|medicare|niss|registre national|carte vitale|vitale"
)
_TAX_WORDS = (
    r"siret|siren|rcs|tva|tva intracommunautaire|vat|tin|ein|utr|tax(?:payer)?(?: id| reference| file)?|tfn|spi"
    r"|fiscal|fiscale|steuer-?id|steuernummer|codice fiscale|nif|cif|kvk|abn|ape|eori"
)
_PAPER_WORDS = (
    r"passports?|passeports?|(?:driver['’]?s?|driving) licen[cs]es?|licen[cs]e|permis(?: de conduire)?"
    r"|carte (?:nationale )?d['’]identité|identité|cni|identity card|id card|national id"
    r"|titre de séjour|carte de séjour|residence permit|visa number|green card|carte grise|vin"
    r"|n° de série du véhicule"
)
_BANK_WORDS = r"routing|aba|sort code|rib|account|compte|bank account|compte bancaire|guichet|paypal"

PAPERS: tuple[Form, ...] = (
    Form("SSN", re.compile(r"(?<![\w-])\d{3}[- ]\d{2}[- ]\d{4}(?![\w-])")),
    Form(
        "SSN",
        re.compile(
            r"(?<!\w)[1-478][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}"
            r"|2[ABab])[ .]?\d{3}[ .]?\d{3}(?:[ .]?[/-]?[ .]?\d{2})?(?![\w])"
        ),
        _is_french,
    ),
    Form("SSN", re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)", re.IGNORECASE)),
    Form("SSN", re.compile(r"(?<![\w.])756\.\d{4}\.\d{4}\.\d{2}(?!\w)")),
    Form("SSN", re.compile(r"(?<![\w.])\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}(?!\w)")),
    Form("SSN", re.compile(r"(?<![\w-])\d{3}[- ]\d{3}[- ]\d{3}(?![\w-])"), _is_canadian),
    Form("SSN", _named(_SOCIAL_WORDS, r"[0-9A-Z]?\d(?:[ ./-]{0,2}[0-9A-Z]){5,18}"), _has_four_digits, "code"),
    Form(
        "TAX",
        re.compile(
            r"(?<!\w)(?:FR ?[0-9A-Z]{2} ?|(?:AT ?U|BE|DE|ES|GB|IE|IT|LU|NL|PL|PT"
            r"|CH) ?)\d(?:[ .]?[0-9A-Z]){7,11}(?!\w)"
        ),
        _has_eight_digits,
    ),
    Form("TAX", re.compile(r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)", re.IGNORECASE)),
    Form("TAX", re.compile(r"(?<!\w)[XYZ]?\d{7,8}[ -]?[A-Z](?!\w)", re.IGNORECASE), _is_spanish),
    Form("TAX", _named(_TAX_WORDS, r"[A-Z]{0,3} ?\d(?:[ .-]?[0-9A-Z]){4,16}"), _has_four_digits, "code"),
    Form("ACCOUNT", _named(_PAPER_WORDS, r"[A-Z]{0,3}[ -]?\d(?:[ -]?[0-9A-Z]){4,18}"), _has_four_digits, "code"),
    Form("ACCOUNT", _named(_PAPER_WORDS, r"[A-Z]{1,6}\d{4,14}[A-Z0-9]{0,8}"), _has_four_digits, "code"),
    Form("ACCOUNT", _named(r"bic|swift(?: code)?", r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"), group="code"),
    Form("ACCOUNT", _named(_BANK_WORDS, r"\d{2}-\d{2}-\d{2}|\d(?:[ -]?\d){5,24}"), group="code"),
    Form("ACCOUNT", re.compile(r"(?<!\w)\d{5} ?\d{5} ?[0-9A-Z]{11} ?\d{2}(?!\w)")),
    Form("ACCOUNT", re.compile(r"(?<!\w)(?:0x[0-9a-fA-F]{40}|(?:bc1|tb1)[0-9a-z]{25,60})(?!\w)")),
)
