"""Spans of personal data in a text, and how overlapping spans are merged."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal[
    "NAME", "MR", "MRS", "DR", "EMAIL", "PHONE", "ADDRESS", "CARD", "IBAN", "TAX", "SSN", "ORDER", "ACCOUNT", "SECRET",
    "PLATE", "IP", "BIRTH", "URL", "FIELD", "TEXT",
]  # fmt: skip
"""FIELD is a custom field's value; TEXT is the customer's own text that looks like a token; MR, MRS and DR are titles
before a name, kept apart because they tell a model how to refer to the person."""


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is personal data of this kind."""

    start: int
    end: int
    kind: Kind

    @property
    def width(self) -> int:
        """The length in characters."""
        return self.end - self.start


def settle(found: Iterable[Span]) -> tuple[Span, ...]:
    """Returns the spans in order and without overlaps: overlapping spans are merged, and the widest one's kind wins."""
    settled: list[Span] = []
    for span in sorted(found, key=lambda span: span.start):
        if span.width <= 0:
            continue
        if settled and span.start < settled[-1].end:
            settled[-1] = _merge(settled[-1], span)
        else:
            settled.append(span)
    return tuple(settled)


def _merge(one: Span, other: Span) -> Span:
    kind = other.kind if other.width > one.width else one.kind
    return replace(one, end=max(one.end, other.end), kind=kind)
