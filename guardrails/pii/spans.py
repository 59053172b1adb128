"""Where personal data stands in a text, and what happens where two findings overlap."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal[
    "NAME", "MR", "MRS", "DR", "EMAIL", "PHONE", "ADDRESS", "CARD", "IBAN", "TAX", "SSN", "ORDER", "ACCOUNT", "SECRET",
    "PLATE", "IP", "BIRTH", "URL", "FIELD", "TEXT",
]  # fmt: skip
"""FIELD is a custom field's value; TEXT is the customer's own text that looks like a token; MR, MRS and DR are titles before
a name: the word tells a model how to speak of the person."""


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is personal data of this kind."""

    start: int
    end: int
    kind: Kind

    @property
    def width(self) -> int:
        return self.end - self.start


def settle(found: Iterable[Span]) -> tuple[Span, ...]:
    """`found` in order and without overlaps: spans that touch the same letters become one, under the widest's kind."""
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
