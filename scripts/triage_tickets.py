"""The tickets that `train_triage.py` learns from, and the class of each for every head."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from guardrails.text.sentences import split_sentences
from guardrails.triage.classify import Mood
from guardrails.triage.sensitive_topics import CATEGORIES

ROOT = Path(__file__).parents[1]
ORDINARY, CUSTOMER, NONE = "", "", ""
TOPICS = (*CATEGORIES, ORDINARY)
KINDS = ("thanks", "supplier", "job_application", "advert", "automatic", "receipt", CUSTOMER)
INJECTIONS = ("polite", "rude", NONE)
MOODS = get_args(Mood)
URGENT = (0, 1, 2)
ASKED = (True, False)
HEADS: Mapping[str, Sequence[Any]] = {
    "topic": TOPICS, "kind": KINDS, "injection": INJECTIONS, "mood": MOODS, "urgent": URGENT, "asked": ASKED,
}  # fmt: skip
"""Head -> its classes."""
SHARED = 0.5
"""The share of a sentence, or of what is quoted as an ask, from which the sentence counts as asking."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text by `writer`, and its class for each head that has one. `kind` is the ticket's; "" for a sentence."""

    id: str
    text: str
    writer: str
    kind: str
    classes: Mapping[str, Any]


def read(files: Iterable[Path]) -> Iterator[Example]:
    """Yields the tickets of files with lines `{id,lang,kind,label,mood,urgent,asks,text}`, each followed by its sentences."""
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                yield Example(row["id"], row["text"], path.stem, row["kind"], _classes(row))
                yield from _sentences(row, path.stem)


_OWN: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "topic": lambda row: row["label"] if row["kind"] == "sensitive" else ORDINARY,
    "kind": lambda row: row["label"] if row["kind"] == "not_for_us" else CUSTOMER,
    "injection": lambda row: row["label"] if row["kind"] == "injection" else NONE,
    "mood": lambda row: None if row["kind"] == "not_for_us" else row.get("mood"),
    "urgent": lambda row: None if row["kind"] == "not_for_us" else row.get("urgent"),
}


def _classes(row: Mapping[str, Any]) -> dict[str, Any]:
    return {head: found for head, own in _OWN.items() if (found := own(row)) is not None}


def _sentences(row: Mapping[str, Any], writer: str) -> Iterator[Example]:
    """Yields the sentences of an ordinary ticket: whether each asks for something."""
    if row["kind"] != "ordinary" or "asks" not in row or row["lang"] not in ("en", "fr"):
        return
    asked = [place for quote in row["asks"] if (place := _place(row["text"], quote))]
    for number, (start, end) in enumerate(sentence_spans(row["text"], row["lang"])):
        text = row["text"][start:end]
        yield Example(
            f"{row['id']}.{number}", text, writer, "", {"asked": any(_meet((start, end), one) for one in asked)}
        )


def sentence_spans(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yields where the sentences of a text begin and end, in characters."""
    at = 0
    for line in text.split("\n"):
        for sentence in split_sentences(line, language):
            found = text.find(sentence, at)
            if found >= 0 and any(map(str.isalnum, sentence)):
                yield found, found + len(sentence)
                at = found + len(sentence)


def _place(text: str, quote: str) -> tuple[int, int] | None:
    start = text.find(quote)
    return (start, start + len(quote)) if start >= 0 and quote else None


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Returns whether two spans share at least `SHARED` of the shorter one."""
    common = min(one[1], other[1]) - max(one[0], other[0])
    return common >= SHARED * min(one[1] - one[0], other[1] - other[0])
