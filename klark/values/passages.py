"""What retrieval is given, and what it hands to drafters: articles, or the sections of them that fit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from guardrails.grounding.colleague_answers import Answered
from guardrails.pii.known import Known
from klark.values.policy.rules import Rules


@dataclass(frozen=True, slots=True)
class Section:
    """Consecutive lines of an article (sentences, list items, table rows) under one heading ("" for none). `score`
    compares sections of one search; it is 0 if the section was not found, but is next to one that was."""

    heading: str
    lines: tuple[str, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article, or the sections of it that fit, as a drafter reads it. `fallback`: it is in
    another language than requested, of which nothing was found, or which has few passages. `personal`: about this
    requester only; `answered`: what a colleague answered on another ticket."""

    article_id: int
    article: str
    version: int
    title: str
    url: str
    language: str
    sections: tuple[Section, ...]
    score: float = 0.0
    updated: date | None = None
    fallback: bool = False
    personal: bool = False
    answered: Answered | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """All its lines, in order: line n (from 1) of the passage "P2" is cited as "P2.n"."""
        return tuple(line for section in self.sections for line in section.lines)

    @property
    def masked(self) -> bool:
        """Whether a model reads it masked: it was written for one customer, and not for everyone, as articles are."""
        return self.personal or self.answered is not None


def found_again(row: Mapping[str, Any]) -> FoundArticle:
    """Returns an article as a draft's record keeps it (klark.delivery.stored_evidence)."""
    lines = iter(row["sentences"])
    sections = tuple(Section(heading, tuple(islice(lines, count)), score) for heading, count, score in row["sections"])
    return FoundArticle(
        row.get("article_id") or 0, row["article"], row["version"], row["title"], row["url"], row["language"], sections,
        row["score"], date.fromisoformat(row["updated"]) if row.get("updated") else None, row.get("fallback", False),
        row.get("personal", False), Answered(**row["answered"]) if row.get("answered") else None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What to search for: the text of a ticket. `brand` is the ticket's: what is written for another brand is not
    found. `tokens`: how much a drafter may read. `known`: personal data to mask before a server sees the query. `as_of`: the
    moment at which an article must have existed and been valid; `None` is now."""

    text: str
    languages: tuple[str, ...] = ("en",)
    brand: str = ""
    tokens: int = Rules().source_tokens
    known: tuple[Known, ...] = ()
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found, best first; `by_meaning` is False if only words were used."""

    found: tuple[FoundArticle, ...] = ()
    by_meaning: bool = False


@dataclass(frozen=True, slots=True)
class QuestionVector:
    """A query's vector by an embedding model, in pgvector's text form, and how many dimensions it has."""

    model: str
    vector: str
    length: int
