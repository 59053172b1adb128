"""What a tenant's articles say twice, and what they say differently: pairs of sentences for a person to review.

Two sentences are compared if most of their words are the same, and they contradict each other if both give a figure of
one kind and not the same one. If each has a word that the other lacks (another country, another product), they are
about different things, and their figures do not contradict each other.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Literal

from guardrails.text.values import find_values, rival, stands_in
from guardrails.text.words import content_stems, fold, is_content
from klark.knowledge.features import words
from klark.models import Passage

ALIKE = 0.6
"""Share of the words of two sentences that both have, from which they are compared."""
SHORTEST = 4
"""Words that a compared sentence has at least: shorter ones say the same of many things."""
COMMON = 60
"""If more sentences than this share a word, it brings none of them together."""
TWIN = 0.8
"""Share of an article's sentences that another has too, from which it counts as a copy."""

Kind = Literal["otherwise", "copy"]
Heads = tuple[frozenset[str], str, tuple[str, ...]]
_HEAD = re.compile(r"^([^:;]{1,60}): .")


@dataclass(frozen=True, slots=True)
class StatedSentence:
    """A sentence of a current article; `updated_at` is the article's."""

    article_id: int
    title: str
    language: str
    updated_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """`older` was updated before `newer`, if both dates are known; of a copy, the sentences are the first that both
    articles have."""

    kind: Kind
    older: StatedSentence
    newer: StatedSentence
    why: str = ""


def compare(said: Sequence[StatedSentence]) -> list[Pair]:
    """Returns the contradictions first, each pair of sentences once, then the copies."""
    copies = list(copied(said))
    same = {frozenset((pair.older.article_id, pair.newer.article_id)) for pair in copies}
    return [*said_otherwise(said, same), *told_once(copies)]


def copied(said: Sequence[StatedSentence]) -> Iterator[Pair]:
    """Yields pairs of articles of which one has most sentences of the other."""
    by_article: dict[int, dict[str, StatedSentence]] = defaultdict(dict)
    for one in said:
        by_article[one.article_id].setdefault(_bare(one), one)
    holders: dict[str, list[int]] = defaultdict(list)
    for article, sentences in by_article.items():
        for bare in sentences:
            holders[bare].append(article)
    shared = Counter(pair for them in holders.values() if len(them) <= COMMON for pair in combinations(sorted(them), 2))
    for (left, right), many in shared.items():
        mine, theirs = by_article[left], by_article[right]
        if many >= TWIN * min(len(mine), len(theirs)):
            first = next(bare for bare in mine if bare in theirs)
            yield _pair("copy", mine[first], theirs[first])


def told_once(copies: Iterable[Pair]) -> Iterator[Pair]:
    """Yields each copy with one other, not with every other, where an article is in several sources or languages."""
    home: dict[int, int] = {}
    for pair in copies:
        one, other = (home.setdefault(said.article_id, said.article_id) for said in (pair.older, pair.newer))
        if one != other:
            home = {article: one if group == other else group for article, group in home.items()}
            yield pair


def said_otherwise(said: Sequence[StatedSentence], but: Iterable[frozenset[int]] = ()) -> Iterator[Pair]:
    """Yields sentences that contradict each other, except between articles that are copies (`but`)."""
    seen, left_out = set[frozenset[str]](), set(but)
    for one, other in _alike(said):
        texts = frozenset((_bare(one), _bare(other)))
        if len(texts) < 2 or texts in seen or frozenset((one.article_id, other.article_id)) in left_out:
            continue
        seen.add(texts)
        pair = _pair("otherwise", one, other)
        if _row_of(one) != _row_of(other) or _of_different_things(one, other):
            continue
        if why := _figures(pair):
            yield Pair("otherwise", pair.older, pair.newer, why)


def _row_of(said: StatedSentence) -> Heads | None:
    """Returns what a table row is about: the article's title, the names of its columns and its first cell.
    klark.knowledge.chunk writes a row as "Up to: 2 kg; Price: 6.90 €.". None for a sentence that is no row."""
    first, *others = said.text.removesuffix(".").split("; ")
    heads = [_HEAD.match(cell) for cell in others]
    if not heads or not all(heads):
        return None
    return _content(said.title), fold(first), tuple(fold(head[1]) for head in heads if head)


def _of_different_things(one: StatedSentence, other: StatedSentence) -> bool:
    """Returns whether each has a word of its own besides its figures. A word that only one has does not make the other
    another thing."""
    mine, theirs = (_without_figures(each) for each in (one, other))
    return bool(mine - theirs) and bool(theirs - mine)


def _without_figures(said: StatedSentence) -> frozenset[str]:
    text = said.text
    for value in find_values(text, said.language):
        text = text.replace(value.text, " ")
    return content_stems(text, said.language)


def stated(tenant_id: int) -> list[StatedSentence]:
    """Returns every sentence of the current articles. Call inside `within(tenant_id)`."""
    passages = Passage.of(tenant_id).filter(article__current=True).select_related("article").order_by("pk")
    return [
        StatedSentence(passage.article_id, passage.article.title, passage.language, passage.article.updated_at, text)
        for passage in passages for text in passage.sentences
    ]  # fmt: skip


def _alike(said: Sequence[StatedSentence]) -> Iterator[tuple[StatedSentence, StatedSentence]]:
    """Yields pairs from different articles in one language that share most of their words, found by the rarer words
    they share."""
    content = {place: _content(one.text) for place, one in enumerate(said)}
    long = {place: held for place, held in content.items() if len(held) >= SHORTEST}
    holders: Mapping[tuple[str, str], list[int]] = defaultdict(list)
    for place, held in long.items():
        for word in held:
            holders[said[place].language, word].append(place)
    near = Counter(pair for them in holders.values() if len(them) <= COMMON for pair in combinations(them, 2))
    for one, other in sorted(near):
        union = long[one] | long[other]
        if said[one].article_id != said[other].article_id and len(long[one] & long[other]) >= ALIKE * len(union):
            yield said[one], said[other]


def _content(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if word.isalpha() and is_content(word))


def _bare(one: StatedSentence) -> str:
    return " ".join(fold(one.text).split())


def _pair(kind: Kind, one: StatedSentence, other: StatedSentence) -> Pair:
    swapped = one.updated_at is not None and other.updated_at is not None and one.updated_at > other.updated_at
    return Pair(kind, other, one) if swapped else Pair(kind, one, other)


def _figures(pair: Pair) -> str:
    """Returns the first two figures of one kind that differ, in words; "" if there are none."""
    said, before = (find_values(one.text, one.language) for one in (pair.newer, pair.older))
    rivals = ((value, rival(value, before)) for value in said if not stands_in(value, before))
    return next((f'"{value.text}" and "{other.text}"' for value, other in rivals if other), "")
