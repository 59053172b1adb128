"""Masks personal data in a text before a model reads it, and restores it in what the model wrote.

A mask is a deterministic function of the text, of what is known about the people in it, and of `MASK_VERSION`; its
table is kept in memory only. Known values are masked wherever they occur; the rest is found by plain rules. Each
spelling of a value has its own token, so that exactly what was written is restored.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import get_args

from guardrails.base import Masked
from guardrails.pii.known import Known, find_known, of_strangers
from guardrails.pii.name_extent import WORD
from guardrails.pii.names import find_names
from guardrails.pii.patterns import find_structured
from guardrails.pii.spans import Kind, Span, settle
from guardrails.pii.tokens import put_back, tokenish
from guardrails.pii.words import fold_in_place

__all__ = ["KINDS", "MASK_VERSION", "Kind", "Known", "find", "find_all", "mask", "mask_all", "of_strangers", "restore"]

MASK_VERSION = "4"
"""Increase this with every change after which the same text is masked differently."""

_PAIRS = ("[]", "{}", "()", "<>", "«»")

_CODES = frozenset({"ORDER", "ACCOUNT", "TAX", "SSN", "PLATE", "PHONE", "CARD"})
_SHORTEST_CODE = 5
_CODE = re.compile(r"(?<![\w-])\w[\w-]*(?![\w-])")

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(slots=True)
class _Tokens:
    """The tokens issued so far: one for each kind and spelling, numbered by kind."""

    by_value: dict[tuple[Kind, str], str]
    counts: dict[Kind, int]

    def token(self, kind: Kind, value: str) -> str:
        """Returns the token of a value; always the same one for the same kind and value."""
        if (kind, value) not in self.by_value:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.by_value[kind, value] = f"[{kind}_{self.counts[kind]}]"
        return self.by_value[kind, value]

    @property
    def table(self) -> dict[str, str]:
        return {token: value for (_, value), token in self.by_value.items()}


def mask(text: str, known: Sequence[Known] = (), public: str = "") -> Masked:
    """Returns `text` with tokens such as `[NAME_1]` in place of personal data, and the table from token to the
    original value."""
    (masked,), table = mask_all((text,), known, public)
    return Masked(text=masked, table=table)


def mask_all(
    texts: Sequence[str], known: Sequence[Known] = (), public: str = ""
) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Masks several texts of one ticket with one table, so that a value has the same token in all of them.

    `public` is text that anyone may read, such as the retrieved passages: a product name in it is not taken for a
    person's name, unless the text announces it as one or it is a known person's.

    If the customer's own text contains something that could be mistaken for a token, that is masked too. A text that
    still cannot be restored exactly is masked as a whole, since what cannot be undone must not be sent.

    Returns the masked texts, in order, and the table from token to value.
    """
    spans = find_all(texts, known, public)
    masked, table = _replaced(texts, spans)
    if all(restore(one, table) == text for one, text in zip(masked, texts, strict=True)):
        return masked, table
    guarded = [settle((*found, *tokenish(text))) for found, text in zip(spans, texts, strict=True)]
    masked, table = _replaced(texts, guarded)
    if all(restore(one, table) == text for one, text in zip(masked, texts, strict=True)):
        return masked, table
    return _replaced(texts, [(Span(0, len(text), "TEXT"),) if text else () for text in texts])


def restore(text: str, masked: Masked | Mapping[str, str]) -> str | None:
    """Returns `text` with its tokens replaced by their values; `None` if a token is damaged, unknown or ambiguous."""
    table = masked.table if isinstance(masked, Masked) else masked
    return put_back(text, table)


def find(text: str, known: Sequence[Known] = (), public: str = "") -> tuple[Span, ...]:
    """Returns the spans that a mask of `text` covers, in order and without overlaps."""
    return find_all((text,), known, public)[0]


def find_all(texts: Sequence[str], known: Sequence[Known] = (), public: str = "") -> list[tuple[Span, ...]]:
    """Returns the spans that a mask of each text covers. A code found in one place is covered in all texts."""
    spans = [settle(_found(text, tuple(known), public)) for text in texts]
    codes = {
        text[span.start : span.end]: span.kind
        for text, found in zip(texts, spans, strict=True)
        for span in found
        if span.kind in _CODES and span.width >= _SHORTEST_CODE
    }
    whole = (settle((*found, *_repeated(text, codes))) for text, found in zip(texts, spans, strict=True))
    return [tuple(_bracketed(text, span) for span in found) for text, found in zip(texts, whole, strict=True)]


def _repeated(text: str, codes: Mapping[str, Kind]) -> Iterable[Span]:
    """Finds codes that another occurrence identified: "order 558812 is late. Where is 558812?"."""
    return (Span(*hit.span(), codes[hit[0]]) for hit in _CODE.finditer(text) if hit[0] in codes)


@lru_cache(maxsize=64)  # a text of a ticket comes again within its run, and at its next event
def _found(text: str, known: tuple[Known, ...], public: str) -> tuple[Span, ...]:
    """Returns all candidates. Known values come first: where two overlapping spans are equally wide, the first one's
    kind wins."""
    return (
        *find_known(text, known),
        *find_structured(text),
        *find_names(text, public_words(public), strangers=not known),
    )


@lru_cache(maxsize=8)
def public_words(public: str) -> frozenset[str]:
    """Returns the capitalised words of public text, folded."""
    return frozenset(fold_in_place(word) for word in WORD.findall(public) if word[0].isupper())


def _bracketed(text: str, span: Span) -> Span:
    """Extends a span to brackets around it: "[[EMAIL_1]]" would lose the writer's own pair when the token is restored."""
    before = text[max(0, span.start - 2) : span.start].rstrip(" \u00a0")[-1:]
    after = text[span.end : span.end + 2].lstrip(" \u00a0")[:1]
    if not before or not after or f"{before}{after}" not in _PAIRS:
        return span
    return replace(span, start=text.rindex(before, 0, span.start), end=text.index(after, span.end) + 1)


def _replaced(texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> tuple[tuple[str, ...], dict[str, str]]:
    tokens = _Tokens({}, {})
    masked = tuple(_replace(text, found, tokens) for text, found in zip(texts, spans, strict=True))
    return masked, tokens.table


def _replace(text: str, spans: Sequence[Span], tokens: _Tokens) -> str:
    parts: list[str] = []
    at = 0
    for span in spans:
        parts += (text[at : span.start], tokens.token(span.kind, text[span.start : span.end]))
        at = span.end
    return "".join((*parts, text[at:]))
