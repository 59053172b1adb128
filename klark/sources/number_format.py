"""Formats a spreadsheet's numbers as they are displayed, by their format code: "#,##0.00 €" turns 1234.5 into "1,234.50 €".

https://support.microsoft.com/office/number-format-codes-5026bbd6-04bc-48cd-bf33-80f18b4eae68. Decimal and thousands
separators are those of the code (a point, a comma), whatever a reader's own locale would use. Dates are written
2026-11-25, which is unambiguous everywhere. The result is None for an unknown code, since what is displayed is not known.
"""

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[[^\]]*\]|_.|\*.')
_DIGITS = re.compile(r"[0#?][0#?,. \u00a0\u202f]*[0#?,.]|[0#?]")
_MARK = "\0"


def displayed(value: object, code: str) -> str | None:
    """Returns a cell's value as displayed, or None if `code` is not known. Booleans are TRUE and FALSE, None is ""."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value)
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), code)
    return str(value)


def _moment(value: datetime | date | time | timedelta) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def _number(value: Decimal, code: str) -> str | None:
    section, value = _section(value, code)
    if section.strip().lower() in ("general", "@", ""):
        return _general(value)
    plain, literals = _without_literals(section)
    if plain.strip().lower() == "general":
        return _filled(section, _general(value), _LITERAL.sub("", section))
    found = _DIGITS.search(plain)
    rest = plain[: found.start()] + plain[found.end() :] if found else plain
    if re.search(r"[0#?/EeA-Za-z]", rest.replace(_MARK, "")):
        return None
    percent = plain.count("%")
    text = _digits(value.scaleb(2 * percent), found[0]) if found else ""
    return _put_back(plain[: found.start()] + text + plain[found.end() :] if found else plain, literals)


def _section(value: Decimal, code: str) -> tuple[str, Decimal]:
    """Picks the section of a code for a value, and returns it with the value to format.

    A code has up to four sections: positive, negative, zero, text. The one for negative numbers has its own sign.
    """
    parts = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    if value < 0 and len(parts) > 1 and parts[1]:
        return parts[1], -value
    if value == 0 and len(parts) > 2 and parts[2]:
        return parts[2], value
    return parts[0], value


def _general(value: Decimal) -> str:
    """Formats with eleven digits, as Excel does, so that 0.1 + 0.2 is shown as 0.3."""
    shortest = f"{float(value):.11g}"
    return format(Decimal(shortest), "f")


def _without_literals(section: str) -> tuple[str, list[str]]:
    """Returns the code with a placeholder for each literal text in it, and these texts."""
    literals: list[str] = []

    def keep(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return _MARK

    return _LITERAL.sub(keep, section), literals


def _put_back(text: str, literals: list[str]) -> str:
    for literal in literals:
        text = text.replace(_MARK, literal, 1)
    return " ".join(text.split())


def _filled(section: str, text: str, general: str) -> str:
    plain, literals = _without_literals(section)
    return _put_back(plain.replace(general.strip(), text, 1), literals)


def _digits(value: Decimal, digits: str) -> str:
    scaled = digits.rstrip(",")
    value = value.scaleb(-3 * (len(digits) - len(scaled)))
    whole, _, behind = scaled.partition(".")
    most, least = sum(behind.count(sign) for sign in "0#?"), behind.count("0")
    rounded = value.quantize(Decimal(1).scaleb(-most), ROUND_HALF_UP)
    front, _, back = format(abs(rounded), "f").partition(".")
    back = back[:least] + back[least:].rstrip("0")
    point = "." if back or ("." in scaled and not most) else ""
    between = next((sign for sign in (",", " ", "\u00a0", "\u202f") if sign in whole), "")
    sign = "-" if rounded < 0 else ""
    return sign + _grouped(front.lstrip("0").zfill(whole.count("0")), between) + point + back


def _grouped(front: str, between: str) -> str:
    start = len(front) % 3
    pieces = [front[:start], *(front[at : at + 3] for at in range(start, len(front), 3))]
    return between.join(filter(None, pieces)) if between else front
