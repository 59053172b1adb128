"""Whether a value stands as it is in a source, around it, or in what the customer wrote, in whatever notation."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from guardrails.support.known import Known, Term, terms
from guardrails.text.values import Value, stands_in
from guardrails.text.words import fold

_FIGURES = re.compile(r"[\d\s.,'+-]+")
_UNLIKE = frozenset({"date", "time", "code"})
_STEM = 3
"""How many letters of a unit must stand in a source that has the figure without it: "Months: 24" for "24 months"."""


def stated(value: Value, facts: Known, units: frozenset[str]) -> tuple[Literal["source", "customer"], str] | None:
    """Where a value stands. `units`: those that the sentence speaks in, so that "25 of the 45 days" has 25 days."""
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
    """The first letters of a value's unit, or its sign; what no text has where it has neither."""
    # The sentence itself is in the text that is searched, hence "more than once".
    words = _FIGURES.sub(" ", fold(value.text)).split()
    return words[-1][:_STEM] if words else "\0"


def _figured(value: Value, others: Sequence[Value]) -> bool:
    """Whether a number without its unit stands there with one, or the other way round."""
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
    """An amount as its figure says: "3 days" is 3, not 259,200 seconds."""
    for term in terms(value):
        if term.unit != "s":
            yield term
            continue
        yield from (Term("s", term.number / per, term.words) for per in (60, 3600, 86_400, 604_800))
