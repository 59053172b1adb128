"""Finds whether a source, its surroundings, or the customer states a value as it is, in whatever notation."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from guardrails.grounding.known_facts import Known, Term, terms
from guardrails.text.values import Value, stands_in
from guardrails.text.words import fold

_FIGURES = re.compile(r"[\d\s.,'+-]+")
_UNLIKE = frozenset({"date", "time", "code"})
_STEM = 3
"""Number of letters of a unit that a source must contain if it has the figure without the unit: "Months: 24" for "24
months"."""


def stated(value: Value, facts: Known, units: frozenset[str]) -> tuple[Literal["source", "customer"], str] | None:
    """Returns who states a value and an explanation, or `None`. `units` are the units in the sentence, so that the 25
    in "25 of the 45 days" counts as 25 days."""
    if _stands(value, facts, units) or value.keys & facts.cited_periods:
        return "source", "stands in the cited sentence"
    if stands_in(value, facts.around):
        return "source", "stands around the cited sentence"
    own = stands_in(value, facts.customer) or _figured(value, facts.customer)
    if own or value.keys & facts.customer_periods:
        return "customer", "the customer wrote it"
    return None


def _stands(value: Value, facts: Known, units: frozenset[str]) -> bool:
    if stands_in(value, facts.cited):
        return True
    if value.kind == "number":
        return _figured(value, [other for other in facts.cited if any(term.unit in units for term in terms(other))])
    return facts.text.count(_unit(value)) > 1 and _figured(value, facts.cited)


def _unit(value: Value) -> str:
    """Returns the first letters of a value's unit, or its symbol; a string that no text contains if it has neither."""
    # The sentence itself is part of the text that is searched, hence "more than once" in `_stands`.
    words = _FIGURES.sub(" ", fold(value.text)).split()
    return words[-1][:_STEM] if words else "\0"


def _figured(value: Value, others: Sequence[Value]) -> bool:
    """Returns whether the number occurs in `others` with a unit that `value` lacks, or without the unit that `value` has."""
    own = {term.number for term in _natural(value)}
    if value.kind in _UNLIKE or not own:
        return False
    plain = value.kind == "number"
    return any(
        term.number in own
        for other in others
        if (other.kind == "number") != plain and other.kind not in _UNLIKE
        for term in _natural(other)
    )


def _natural(value: Value) -> Iterable[Term]:
    """Yields an amount as its figure is written: "3 days" is 3, not 259,200 seconds."""
    for term in terms(value):
        if term.unit != "s":
            yield term
            continue
        yield from (Term("s", term.number / per, term.words) for per in (60, 3600, 86_400, 604_800))
