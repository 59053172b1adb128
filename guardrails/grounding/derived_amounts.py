"""Derives amounts from known ones by at most two operations that suit their units: euros with euros, counts with anything."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import ceil, floor

from guardrails.grounding.known_facts import Term
from guardrails.text.numbers import readings

_OWN, _COUNTS, _SHARES = 8, 12, 4
"""Maximum numbers of amounts in the wanted unit, of counts, and of percentages that are combined."""
_DAY = 86_400
_SMALL = 12
_NO_SHARE = frozenset({"s", "month", "workday", "time", "%"})
_MEASURED = frozenset({"g", "mm", "ml", "kb", "w", "wh"})
_FIGURE = re.compile(r"\d[\d .,]*")
Made = tuple[float, str]


def derived_amount(wanted: Term, known: Sequence[Term], lengths: Sequence[Term] = (), *, twice: bool = False) -> str:
    """Returns how an amount follows from known ones, as in "60 € = 2 × 30 €", or "" if it does not. The simplest way
    wins. One operation is tried, or two if `twice`. `lengths` are the spans between known days."""
    ways = _twice if twice else _once
    for made, how in ways(wanted, known, lengths):
        if abs(made - wanted.number) < _slack(wanted):
            return f"{wanted.words} = {how}"
    return ""


def _slack(wanted: Term) -> float:
    """The tolerance: half a cent for money, which is rounded to the cent."""
    return 0.0051 if len(wanted.unit) == 3 and wanted.unit.isupper() else 1e-6


def _once(wanted: Term, known: Sequence[Term], lengths: Sequence[Term]) -> Iterator[Made]:
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
    """Derives a bare number: a length without its unit, a difference or sum of such, or how often one amount fits
    into another."""
    yield from ((count.number, count.words) for term in lengths for count in _counted(term))
    for unit in dict.fromkeys(term.unit for term in known[:_COUNTS]):
        own = [each for term in known if term.unit == unit for each in (_counted(term) if unit != "count" else [term])]
        yield from _sums(own[:_OWN])
    yield from _ratios(known)
    own = [term for term in known if term.unit == "count"][:_OWN]
    yield from ((one.number * other.number, _times(one, other)) for one, other in combinations(own, 2))


def _surplus(known: Sequence[Term], unit: str) -> Iterator[Made]:
    """Yields the excess over a limit as a count: "34 kg - 30 kg" is four times the price of a kilo."""
    for other in dict.fromkeys(term.unit for term in known if term.unit not in (unit, "%")):
        same = [term for term in known if term.unit == other][:_OWN]
        for one, less in combinations(same, 2):
            big, small = (one, less) if one.number > less.number else (less, one)
            for high, low in zip(_as_counts(big), _as_counts(small), strict=False):
                yield high.number - low.number, f"{big.words} - {small.words}"


def _as_counts(term: Term) -> list[Term]:
    return [term] if term.unit == "count" else list(_counted(term))[:1]


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


def _ratios(known: Sequence[Term]) -> Iterator[Made]:
    """Yields how often one amount fits into another: "11 hours" contain two whole periods of "5 hours"."""
    for one, other in product(known[:_COUNTS], repeat=2):
        if one.unit == other.unit and one.number > other.number > 0 and one.number / other.number < _SMALL:
            ratio = one.number / other.number
            yield from ((float(whole), f"{one.words} / {other.words}") for whole in sorted({floor(ratio), ceil(ratio)}))


def _clock(spans: Sequence[Term], times: Sequence[Term]) -> Iterator[Made]:
    for one, span in product(times, spans):
        yield (one.number + span.number / 60) % 1440, f"{one.words} + {span.words}"
        yield (one.number - span.number / 60) % 1440, f"{one.words} - {span.words}"


def _twice(wanted: Term, known: Sequence[Term], _: Sequence[Term]) -> Iterator[Made]:
    own = [term for term in known if term.unit == wanted.unit][:_OWN]
    counts = _multipliers(wanted, known)
    if wanted.unit == "count":  # almost any numbers have a small number as a sum or product
        return
    for one, (count, other) in product(own, combinations(counts, 2)):
        yield one.number * count.number * other.number, f"{count.words} × {other.words} × {one.words}"
    for one, count, other in product(own, counts, own):
        if one is not other:
            yield other.number + one.number * count.number, f"{other.words} + {_times(one, count)}"
            yield abs(other.number - one.number * count.number), f"{other.words} - {_times(one, count)}"
            yield (one.number - other.number) * count.number, f"{count.words} × ({one.words} - {other.words})"
    for one, (more, how) in product(own, list(_surplus(known, wanted.unit))):
        yield one.number * more, f"({how}) × {one.words}"
    for three in combinations(own, 3):
        yield sum(term.number for term in three), " + ".join(term.words for term in three)
        whole = max(three, key=lambda term: term.number)
        rest = [term for term in three if term is not whole]
        yield whole.number - sum(term.number for term in rest), " - ".join(term.words for term in (whole, *rest))
