"""Personal data out of a text before a model reads it, and back into what the model wrote.

A mask is a deterministic function of the text, of what is known about the people in it, and of `MASK_VERSION`; its table
lives in memory only. Known values are masked wherever they stand; the rest is found by plain rules. Each different
spelling has a token of its own, so that what comes back is what was written.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import get_args

from guardrails.base import Masked
from guardrails.pii.known import Known, find_known, of_strangers
from guardrails.pii.names import find_names
from guardrails.pii.patterns import find_structured
from guardrails.pii.run import split
from guardrails.pii.spans import Kind, Span, settle
from guardrails.pii.tokens import put_back, tokenish

__all__ = ["KINDS", "MASK_VERSION", "Kind", "Known", "find", "find_all", "mask", "mask_all", "of_strangers", "restore"]

MASK_VERSION = "4"
"""Goes up with any change after which the same text is masked differently."""

_PAIRS = ("[]", "{}", "()", "<>", "«»")

_CODES = frozenset({"ORDER", "ACCOUNT", "TAX", "SSN", "PLATE", "PHONE", "CARD"})
_SHORTEST_CODE = 5
_CODE = re.compile(r"(?<![\w-])\w[\w-]*(?![\w-])")

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(slots=True)
class _Tokens:
    """The tokens given out so far: one for each kind and spelling, counted by kind."""

    by_value: dict[tuple[Kind, str], str]
    counts: dict[Kind, int]

    def token(self, kind: Kind, value: str) -> str:
        """The token of a value, the same each time it is asked for."""
        if (kind, value) not in self.by_value:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.by_value[kind, value] = f"[{kind}_{self.counts[kind]}]"
        return self.by_value[kind, value]

    @property
    def table(self) -> dict[str, str]:
        return {token: value for (_, value), token in self.by_value.items()}


def mask(text: str, known: Sequence[Known] = (), public: str = "") -> Masked:
    """`text` with tokens such as `[NAME_1]` for personal data, and the table from token to what stood there."""
    (masked,), table = mask_all((text,), known, public)
    return Masked(text=masked, table=table)


def mask_all(
    texts: Sequence[str], known: Sequence[Known] = (), public: str = ""
) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Several texts of one ticket under one table: the same value has the same token in all of them.

    `public` is text that anyone may read, such as the passages found: a product's name that stands in it is no person's,
    unless somebody is announced by it or it is known to be one's.

    Text of the customer's own that would pass for a token is masked too, where it could be mistaken for one; a text that
    defeats even that is masked whole, since what cannot be undone must not be sent.
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
    """`text` with its tokens put back; `None` when one is damaged, unknown, or not surely one."""
    table = masked.table if isinstance(masked, Masked) else masked
    return put_back(text, table)


def find(text: str, known: Sequence[Known] = (), public: str = "") -> tuple[Span, ...]:
    """What a mask of `text` covers, in order and without overlaps."""
    return find_all((text,), known, public)[0]


def find_all(texts: Sequence[str], known: Sequence[Known] = (), public: str = "") -> list[tuple[Span, ...]]:
    """What a mask of each text covers, and everywhere the codes that were found in any of them."""
    spans = [settle(_found(text, known, public)) for text in texts]
    codes = {
        text[span.start : span.end]: span.kind
        for text, found in zip(texts, spans, strict=True)
        for span in found
        if span.kind in _CODES and span.width >= _SHORTEST_CODE
    }
    whole = (settle((*found, *_repeated(text, codes))) for text, found in zip(texts, spans, strict=True))
    return [tuple(_bracketed(text, span) for span in found) for text, found in zip(texts, whole, strict=True)]


def _repeated(text: str, codes: Mapping[str, Kind]) -> Iterable[Span]:
    """Codes that another place gave away: "order 558812 is late. Where is 558812?"."""
    return (Span(*hit.span(), codes[hit[0]]) for hit in _CODE.finditer(text) if hit[0] in codes)


def _found(text: str, known: Sequence[Known], public: str) -> Iterable[Span]:
    """All that may be personal. Known values come first: where two readings overlap as wide, the first one stands."""
    return (
        *find_known(text, known),
        *find_structured(text),
        *find_names(text, public_words(public), strangers=not known),
    )


@lru_cache(maxsize=8)
def public_words(public: str) -> frozenset[str]:
    """The capitalised words of public text, folded."""
    words = split(public)
    return frozenset(plain for index, plain in enumerate(words.plain) if words.is_capital(index))


def _bracketed(text: str, span: Span) -> Span:
    """A value in brackets is masked with them: "[[EMAIL_1]]" would lose the writer's own pair."""
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
