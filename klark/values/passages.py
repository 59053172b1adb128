"""What retrieval is asked for, and what it hands to whoever drafts: articles, or the sections of them that fit."""

from dataclasses import dataclass
from datetime import date

from guardrails.support.answered import Answered

SOURCE_TOKENS = 2_500


@dataclass(frozen=True, slots=True)
class Section:
    """Consecutive lines of an article (sentences, list items, table rows) under one heading ("" for none). `score` compares
    sections of one search; 0 where the section only stands beside one that was found."""

    heading: str
    lines: tuple[str, ...]
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article, or the sections of it that fit, as a drafter reads it. `fallback`: nothing was found in the language asked
    for. `personal`: of this requester alone; `answered`: what a colleague answered on another ticket."""

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
        """Whether a model reads it masked: written for one customer, and not for everyone, as articles are."""
        return self.personal or self.answered is not None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is looked for: the whole ticket. `brand` is the ticket's; what is written for another brand is not found. `tokens`:
    how much a drafter may read."""

    text: str
    languages: tuple[str, ...] = ("en",)
    brand: str = ""
    tokens: int = SOURCE_TOKENS


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What was found, best first; `by_meaning` is False where only words had a say."""

    found: tuple[FoundArticle, ...] = ()
    by_meaning: bool = False


@dataclass(frozen=True, slots=True)
class QuestionVector:
    """A question's vector by an embedding model, as pgvector reads it, and how many numbers it has."""

    model: str
    vector: str
    length: int
