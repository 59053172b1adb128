"""Forms of card numbers and of international bank account numbers (IBAN), also where a mail program has broken them."""

import re

from stdnum import iban, luhn

from guardrails.pii.pattern import Form, digits_of, text_before


def _is_card(match: re.Match[str]) -> bool:
    digits = digits_of(match[0])
    named = re.search(r"\b(?:card|carte|cb|visa|mastercard|amex|cc)\b", text_before(match))
    return 13 <= len(digits) <= 19 and (luhn.is_valid(digits) or named is not None)


def _is_iban(match: re.Match[str]) -> bool:
    """Accepts a valid or named IBAN, or one with enough digits: a mistyped account number is as personal as a right one."""
    whole = "".join(match[0].split())
    return iban.is_valid(whole) or "iban" in text_before(match) or len(digits_of(whole)) >= 10


def _is_broken_iban(match: re.Match[str]) -> bool:
    """Accepts what would be an IBAN on one line, unless its first line is one already: then the next is something else."""
    return _is_iban(match) and not iban.is_valid(match[0].partition("\n")[0].strip(), check_country=False)


_LINE_END = r"[ -]?\r?\n ?"
"""One line end, where a mail program broke a number between two groups."""
_IBAN_GROUP = r"(?=[A-Za-z]{0,3}\d)[A-Za-z0-9]{4}"
"""A group of the second line, which has a digit: "Paul" below an account number is no part of it."""

PAYMENTS: tuple[Form, ...] = (
    Form(
        "IBAN",
        re.compile(
            r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"
        ),
        _is_iban,
    ),
    Form(
        "IBAN",
        re.compile(
            rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}\d{{2}}(?:[ -]?[A-Za-z0-9]{{4}}){{1,7}}{_LINE_END}"
            rf"{_IBAN_GROUP}(?:[ -]?{_IBAN_GROUP}){{0,6}}"
            r"(?:[ -]?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"
        ),
        _is_broken_iban,
    ),
    Form("CARD", re.compile(r"(?<![\w-])\d(?:[ -]?\d){12,18}(?![\w-]|[.,]\d)"), _is_card),
    Form(
        "CARD",
        re.compile(rf"(?<![\w-])\d(?:[ -]?\d){{3,14}}{_LINE_END}\d(?:[ -]?\d){{3,14}}(?![\w-]|[.,]\d)"),
        _is_card,
    ),
    Form("CARD", re.compile(r"(?<!\w)(?:[*xX•#]{2,4}[ -]?){1,4}\d{4}(?!\w)")),
    Form(
        "CARD",
        re.compile(
            r"\b(?:ending|ends|finissant|finit|termine|terminant|derniers chiffres|last (?:4|four)(?: digits)?)"
            r"(?: (?:in|with|par|are|sont|is|:)){0,2} ?(?P<code>\d{4})\b",
            re.IGNORECASE,
        ),
        group="code",
    ),
)
