"""Finds sums and products that a sentence writes out and gets wrong: "12 × 32 €, soit 394 €", "30 € + 15 € = 55 €"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from guardrails.grounding.known_facts import Term, terms
from guardrails.grounding.refuted_end_dates import Origins
from guardrails.text.value_positions import Placed

Wrong = Iterator[tuple[int, str]]

_MOST = 6
"""Maximum number of amounts in one sum."""
_RESULT = re.compile(
    r"(?: (?:a|an|each|per|par|chaque) ?\w*| (?:each|chacune?s?))?[, ]{0,3}(?:=|soit|so|i\.e\.|donc|ce qui fait|which makes|"
    r"makes?|font|fait|(?:which )?comes? to|(?:ce qui )?revient à|that is|c'est-à-dire)(?: donc| a total of| un total de)? ?",
    re.IGNORECASE,
)
_TIMES = re.compile(r" ?(?:×|x|\*|fois|times|multiplied by|multiplié par) ?", re.IGNORECASE)
_PLUS = re.compile(r" ?(?:\+|plus) ?", re.IGNORECASE)
_MINUS = re.compile(r" (?:-|moins|minus) ", re.IGNORECASE)
_SHARE = re.compile(r" ?(?:of|des?|du|sur) (?:the |your |vos |les |montant de ){0,2}", re.IGNORECASE)
_PRICED = re.compile(r" (?:[^\W\d]+ ){1,4}(?:à|at) ", re.IGNORECASE)
_SIGNS = ((_TIMES, "×"), (_PLUS, "+"), (_MINUS, "-"), (_SHARE, "of"), (_PRICED, "at"))
_TOTAL_AFTER = re.compile(r" (?:[^\W\d]+ )?(?:en tout|au total|in total|altogether|in all)\b", re.IGNORECASE)
_TOTAL_BEFORE = re.compile(r"\b(?:a total of|un total de|in total|au total|en tout)[ :,]{0,3}$", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|chac|per|par|every|chaque|times|fois)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """The values of a sentence, its text, and the origin of each value."""

    values: Sequence[Placed]
    text: str
    origins: Origins

    def between(self, at: int) -> str:
        """Returns the text between a value and the next one."""
        return self.text[self.values[at].end : self.values[at + 1].start]

    def origin(self, at: int) -> str:
        """Returns the origin of a value, or "" if nothing explains it."""
        found = self.origins.get(at)
        return found[0] if found else ""


def wrong_sums(said: Said) -> Wrong:
    """Yields the index of each result that does not match its own sum or product, with the right result."""
    for at in range(2, len(said.values)):
        if _RESULT.fullmatch(said.between(at - 1)) and (right := _wrong_result(said, at)):
            yield at, right
    yield from _wrong_total(said)


def _wrong_result(said: Said, at: int) -> str:
    """Returns the right result if the stated one is wrong, else "". A price ("at 12 €") is weak evidence of a
    product: it only counts if nothing else explains the result."""
    signs = _signs_before(said, at)
    if not signs or ("at" in signs and said.origin(at)):
        return ""
    parts = said.values[at - len(signs) - 1 : at]
    wanted = next(iter(terms(said.values[at].value)), None)
    made = set(_results(parts, signs, wanted.unit)) if wanted else set[float]()
    if not wanted or not made or any(abs(value - wanted.number) < 0.0051 for value in made):
        return ""
    shown = " ".join(word for part, sign in zip(parts, (*signs, ""), strict=True) for word in (part.value.text, sign))
    return f"{shown.strip()} = {min(made):g}, not {wanted.words}"


def _signs_before(said: Said, at: int) -> list[str]:
    """Returns the operators between the values before a result, as far back as there are any."""
    signs: list[str] = []
    for before in range(at - 2, max(-1, at - 2 - _MOST), -1):
        sign = next((mark for pattern, mark in _SIGNS if pattern.fullmatch(said.between(before))), None)
        if sign is None:
            break
        signs.insert(0, sign)
    return signs


def _results(parts: Sequence[Placed], signs: Sequence[str], unit: str) -> Iterator[float]:
    """Yields the value of the expression for each sensible reading: counts times amounts, same unit plus same unit."""
    total, group, plus = 0.0, [parts[0]], 1
    for sign, part in zip(signs, parts[1:], strict=True):
        if sign not in "+-":
            group.append(part)
            continue
        made = _product(group, signs, unit)
        if made is None:
            return
        total, group, plus = total + plus * made, [part], 1 if sign == "+" else -1
    made = _product(group, signs, unit)
    if made is not None:
        yield total + plus * made


def _product(group: Sequence[Placed], signs: Sequence[str], unit: str) -> float | None:
    read = [_fitting(part, unit) for part in group]
    own = [term for term in read if term is not None and term.unit == unit]
    rest = [term for term in read if term is not None and term.unit != unit]
    if None in read or (unit != "count" and len(own) != 1):
        return None
    shares = [term for term in rest if term.unit == "%"]
    if bool(shares) != ("of" in signs):
        return None
    return prod(term.number for term in (*own, *rest)) * (0.01 if shares else 1.0)


def _fitting(part: Placed, unit: str) -> Term | None:
    """Returns the reading of a value that a sum in this unit can use."""
    found = {term.unit: term for term in terms(part.value)}
    return found.get(unit) or found.get("count") or found.get("%")


def _wrong_total(said: Said) -> Wrong:
    """Checks a total of exactly two other amounts of money, without any word of quantity: "45 € in total: 30 € for A
    and 20 € for B"."""
    if len(said.values) != 3 or any(one.value.kind != "money" for one in said.values) or _EACH.search(said.text):
        return
    totals = [at for at, one in enumerate(said.values) if not said.origin(at) and _is_total(one, said.text)]
    amounts = [next(iter(terms(one.value))) for one in said.values]
    if len(totals) != 1 or len({term.unit for term in amounts}) != 1:
        return
    parts = [term for at, term in enumerate(amounts) if at != totals[0]]
    made = sum(term.number for term in parts)
    if abs(made - amounts[totals[0]].number) > 0.0051:
        yield totals[0], f"{' + '.join(term.words for term in parts)} = {made:g}, not {amounts[totals[0]].words}"


def _is_total(one: Placed, text: str) -> bool:
    before = text[max(0, one.start - 30) : max(0, one.start)]
    return bool(_TOTAL_AFTER.match(text, one.end) or _TOTAL_BEFORE.search(before))
