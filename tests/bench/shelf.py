"""Knowledge in memory for a bench: articles as klark reads them, found by the words they share with what is asked.

It stands in for the one step that needs a database. What is kept, left out and cut is klark's own code.
"""

import json
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from guardrails.words import read
from klark.steps.learn import NewArticle, reading
from klark.steps.retrieve import MOST, Found

CASES = Path(__file__).resolve().parents[1] / "cases"


def found_in(article: NewArticle, number: int) -> tuple[Found, ...]:
    """An article's passages as retrieval gives them."""
    return tuple(
        Found(
            number * 100 + place, number, article.key, 1, part.title, article.url, article.language, part.sentences, 1.0
        )
        for place, part in enumerate(reading(article).parts, 1)
    )


@dataclass(frozen=True)
class Shelf:
    """Articles of one tenant, all in one language."""

    articles: tuple[NewArticle, ...]

    @cached_property
    def found(self) -> tuple[Found, ...]:
        return tuple(found for number, one in enumerate(self.articles, 1) for found in found_in(one, number))

    @cached_property
    def stems(self) -> tuple[frozenset[str], ...]:
        return tuple(_stems((one.title, *one.sentences), one.language) for one in self.found)

    @cached_property
    def rarity(self) -> dict[str, float]:
        spread = Counter(stem for stems in self.stems for stem in stems)
        return {stem: math.log(1 + len(self.stems) / count) for stem, count in spread.items()}

    def find(self, asked: Sequence[str], *, every: bool = False) -> tuple[Found, ...]:
        """The passages that share most of what is asked, best first; with `every`, the others come behind them."""
        wanted = _stems(asked, self.articles[0].language) if self.articles else frozenset()
        scores = [sum(self.rarity[stem] for stem in stems & wanted) for stems in self.stems]
        order = sorted(range(len(scores)), key=lambda place: -scores[place])
        return tuple(self.found[place] for place in order if every or scores[place] > 0)[:MOST]


def _stems(texts: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(stem for text in texts for stem in read(text, language).stems)


def article(key: str, title: str, sentences: Sequence[str], language: str) -> NewArticle:
    """An article of plain paragraphs, one a sentence."""
    body = "".join(f"<p>{_escaped(sentence)}</p>" for sentence in sentences)
    return NewArticle(key, title, body, language, f"https://help.shop.example/{key}")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")


def shelf(path: Path) -> Shelf:
    """The articles of a file of lines `{id,title,sentences,language}`."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return Shelf(tuple(article(row["id"], row["title"], row["sentences"], row["language"]) for row in rows))
