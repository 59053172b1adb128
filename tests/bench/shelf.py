"""Knowledge in memory for a bench: articles as klark reads them, found by the words they share with what is asked.

It stands in for the one step that needs a database. What is kept, left out and cut is klark's own code.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from guardrails.text.words import content_stems
from klark.knowledge.ingest import NewArticle, reading
from klark.values.passages import FoundArticle, Section

CASES = Path(__file__).resolve().parents[1] / "cases"
MOST = 6
"""Articles that are found at most."""


def found_in(new: NewArticle, number: int) -> FoundArticle:
    """An article as retrieval gives it, with all its sections; one whose every sentence was left out has none."""
    kept = reading(new)
    sections = tuple(
        Section(part.title.removeprefix(kept.title).removeprefix(" › "), part.sentences) for part in kept.parts
    )
    return FoundArticle(number, new.key, 1, kept.title, new.url, new.language, sections)


@dataclass(frozen=True)
class Shelf:
    """Articles of one tenant, all in one language."""

    articles: tuple[NewArticle, ...]

    @cached_property
    def found(self) -> tuple[FoundArticle, ...]:
        every = (found_in(one, number) for number, one in enumerate(self.articles, 1))
        return tuple(one for one in every if one.sections)

    @cached_property
    def stems(self) -> tuple[tuple[frozenset[str], ...], ...]:
        return tuple(
            tuple(_stems((one.title, section.heading, *section.lines), one.language) for section in one.sections)
            for one in self.found
        )

    @cached_property
    def rarity(self) -> dict[str, float]:
        every = [stems for sections in self.stems for stems in sections]
        spread = Counter(stem for stems in every for stem in stems)
        return {stem: math.log(1 + len(every) / count) for stem, count in spread.items()}

    def find(self, asked: Sequence[str], *, every: bool = False) -> tuple[FoundArticle, ...]:
        """The articles that share most of what is asked, best first; with `every`, the others come behind them."""
        wanted = _stems(asked, self.articles[0].language) if self.articles else frozenset()
        scored = [
            self._scored(one, stems, wanted) for one, stems in zip(self.found, self.stems, strict=True)
        ]  # fmt: skip
        return tuple(one for one in sorted(scored, key=lambda one: -one.score) if every or one.score > 0)[:MOST]

    def _scored(self, one: FoundArticle, stems: Sequence[frozenset[str]], wanted: frozenset[str]) -> FoundArticle:
        worth = [sum(self.rarity[stem] for stem in some & wanted) for some in stems]
        pairs = zip(one.sections, worth, strict=True)
        return replace(one, sections=tuple(replace(each, score=score) for each, score in pairs), score=max(worth))


def _stems(texts: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(stem for text in texts for stem in content_stems(text, language))


def article(key: str, title: str, sentences: Sequence[str], language: str) -> NewArticle:
    """An article of plain paragraphs, one a sentence."""
    body = "".join(f"<p>{_escaped(sentence)}</p>" for sentence in sentences)
    return NewArticle(key, title, body, language, f"https://help.shop.example/{key}")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")


@dataclass(frozen=True, slots=True)
class Block:
    """One article of tests/cases/benign: its sentences by their numbers, and the lines of the tickets it answers."""

    article: NewArticle
    rules: dict[str, str]
    asked: tuple[str, ...]


def blocks(file: Path) -> tuple[Block, ...]:
    """Every article of a file of tests/cases/benign (see its README)."""
    language = file.stem.rpartition("-")[2]
    parts = [part.splitlines() for part in file.read_text(encoding="utf-8").split("# ") if part.strip()]
    return tuple(_block(number, lines, language) for number, lines in enumerate(parts))


def _block(number: int, lines: Sequence[str], language: str) -> Block:
    rules = dict(line.split(" ", 1) for line in lines[1:] if line[:1].isdigit())
    asked = tuple(line.removeprefix("? ") for line in lines if line.startswith("? "))
    return Block(article(f"a{number}", lines[0], list(rules.values()), language), rules, asked)
