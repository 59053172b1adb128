"""Derives amounts from known ones by one operation that suits their units: euros with euros, counts with anything."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from guardrails.grounding.known_facts import Term
from guardrails.text.numbers import readings

_OWN, _COUNTS, _SHARES = 8, 12, 4
"""Maximum numbers of amounts in the wanted unit, of counts, and of percentages that are combined."""
_DAY = 86_400
_NO_SHARE = frozenset({"s", "month", "workday", "time", "%"})
_MEASURED = frozenset({"g", "mm", "ml", "kb", "w", "wh"})
_FIGURE = re.compile(r"\d[\d .,]*")
Made = tuple[float, str]


def derived_amount(wanted: Term, known: Sequence[Term], lengths: Sequence[Term] = ()) -> str:
    """Returns how an amount follows from known ones, as in "60 € = 2 × 30 €", or "" if it does not. The simplest way
    wins. `lengths` are the spans between known days."""
    for made, how in _ways(wanted, known, lengths):
        if abs(made - wanted.number) < _slack(wanted):
            return f"{wanted.words} = {how}"
    return ""


def _slack(wanted: Term) -> float:
    """The tolerance: half a cent for money, which is rounded to the cent."""
    return 0.0051 if len(wanted.unit) == 3 and wanted.unit.isupper() else 1e-6


def _ways(wanted: Term, known: Sequence[Term], lengths: Sequence[Term]) -> Iterator[Made]:
    yield from ((term.number, term.words) for term in lengths if term.unit == wanted.unit)
    if wanted.unit == "count":
        yield from _counts(known, lengths)
        return
    own = [term for term in known if term.unit == wanted.unit][:_OWN]
    yield from _sums(own)
    yield from _products(own, _multipliers(wanted, known))
    if wanted.unit not in _NO_SHARE:
        yield from _shares(own, [term for term in known if term.unit == "%"][:_SHARES])
    if wanted.unit == "time":
        yield from _clock([term for term in known if term.unit == "s"], own)
    if wanted.unit == "s":
        times = [term for term in known if term.unit == "time"][:_OWN]
        yield from ((60 * made, how) for made, how in _sums(times))


def _multipliers(wanted: Term, known: Sequence[Term]) -> list[Term]:
    """Returns what an amount may be multiplied by: bare counts first, then "9 months"; never a length by a length."""
    spans = () if wanted.unit in ("s", "month", "workday") else known
    counts = (
        *(term for term in known if term.unit in ("count", "times")),
        *(each for term in spans for each in _counted(term)),
    )
    return [term for term in counts if term.number][:_COUNTS]


def _counts(known: Sequence[Term], lengths: Sequence[Term]) -> Iterator[Made]:
    """Derives a bare number: a length without its unit, or a difference, sum or product of such."""
    yield from ((count.number, count.words) for term in lengths for count in _counted(term))
    for unit in dict.fromkeys(term.unit for term in known[:_COUNTS]):
        own = [each for term in known if term.unit == unit for each in (_counted(term) if unit != "count" else [term])]
        yield from _sums(own[:_OWN])
    own = [term for term in known if term.unit == "count"][:_OWN]
    yield from ((one.number * other.number, _times(one, other)) for one, other in combinations(own, 2))


def _counted(term: Term) -> Iterator[Term]:
    """Yields a length or a weight as a bare count: "9 months" is 9 times the price of a month."""
    if term.unit in ("month", "workday", "day but Sunday"):
        yield Term("count", term.number, term.words)
        if term.unit == "month" and term.number % 12 == 0:
            yield Term("count", term.number / 12, term.words)
    elif term.unit in _MEASURED and (figure := _FIGURE.search(term.words)):
        yield Term("count", readings(figure.group().strip(" .,"))[0], term.words)
    elif term.unit == "s":
        yield from (Term("count", term.number / per, term.words) for per in (_DAY, 3600) if term.number % per == 0)


def _times(one: Term, other: Term) -> str:
    return f"{other.words} × {one.words}"


def _sums(own: Sequence[Term]) -> Iterator[Made]:
    for one, other in combinations(own, 2):
        big, small = (one, other) if one.number > other.number else (other, one)
        yield big.number - small.number, f"{big.words} - {small.words}"
        yield one.number + other.number, f"{one.words} + {other.words}"


def _products(own: Sequence[Term], counts: Sequence[Term]) -> Iterator[Made]:
    for one, count in product(own, counts):
        yield one.number * count.number, _times(one, count)
    for one, count in product(own, counts):
        yield one.number / count.number, f"{one.words} / {count.words}"


def _shares(own: Sequence[Term], shares: Sequence[Term]) -> Iterator[Made]:
    for one, share in product(own, shares):
        part = one.number * share.number / 100
        yield part, f"{share.words} of {one.words}"
        yield one.number - part, f"{one.words} - {share.words}"
        yield one.number + part, f"{one.words} + {share.words}"


def _clock(spans: Sequence[Term], times: Sequence[Term]) -> Iterator[Made]:
    for one, span in product(times, spans):
        yield (one.number + span.number / 60) % 1440, f"{one.words} + {span.words}"
        yield (one.number - span.number / 60) % 1440, f"{one.words} - {span.words}"
