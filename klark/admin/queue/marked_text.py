"""A draft's letter as its page shows it: cut at its sentences, with the words marked that findings name."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import get_language

from guardrails.checks.finding_meanings import explain

Recorded = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words. `why` says what checks found in them, "" if nothing; `whole`: it is said of the whole sentence."""

    text: str
    why: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A sentence of the draft, with its number from 1 on, or what stands between two, with 0."""

    number: int
    pieces: tuple[Piece, ...]


def marked(text: str, sentences: Sequence[Recorded], findings: Sequence[Recorded]) -> tuple[Part, ...]:
    """Returns the parts of a letter in its order; joined, their texts are `text`. A sentence that is not in it word for word
    gets no part."""
    cut = [(number, part) for number, part in _cut(text, [each["text"] for each in sentences]) if part]
    return tuple(
        Part(number, tuple(_pieces(part, [each for each in findings if each.get("sentence") in (None, number - 1)])))
        for number, part in cut
    )


def _cut(text: str, sentences: Sequence[str]) -> Iterator[tuple[int, str]]:
    done = 0
    for number, sentence in enumerate(sentences, 1):
        at = text.find(sentence, done)
        if at >= 0:
            yield 0, text[done:at]
            yield number, sentence
            done = at + len(sentence)
    yield 0, text[done:]


def _pieces(text: str, findings: Sequence[Recorded]) -> Iterator[Piece]:
    """Yields the runs of a part, cut where a finding's words begin or end."""
    spans = [(*match.span(), each["id"]) for each in findings for match in _named(each.get("words", ""), text)]
    cuts = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    for start, end in pairwise(cuts):
        over = [span for span in spans if span[0] <= start and end <= span[1]]
        why = " · ".join(dict.fromkeys(explain(id_, (get_language() or "en")[:2]) for *_, id_ in over))
        yield Piece(text[start:end], why, bool(over) and all(span[:2] == (0, len(text)) for span in over))


def _named(words: str, text: str) -> list[re.Match[str]]:
    """Returns where a finding's words stand: as whole words, else anywhere."""
    if not words:
        return []
    exact = re.escape(words)
    return list(re.finditer(rf"(?<!\w){exact}(?!\w)", text, re.I)) or list(re.finditer(exact, text, re.I))
