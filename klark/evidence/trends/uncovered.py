"""What many ask that no topic covers: the tickets of the last weeks that triage gave no topic, in groups. Tickets whose drafts
rest on the same article belong together, in whatever language; the others by their words, as gaps do
(klark.knowledge.similarity)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from guardrails.pii.mask import mask_all
from guardrails.pii.tokens import TOKEN
from guardrails.text.words import fold, is_content, stem
from klark.evidence.trends.tickets import EXAMPLES, Ticket
from klark.knowledge.similarity import groups, stems_of, weights_of
from klark.models import Article, Draft
from klark.values.people import known_on_record

RECENT = timedelta(days=28)
FEWEST = 4
"""Tickets below which a group is not told of."""
MOST = 1_000
"""The newest tickets without a topic, which are compared."""
NAMED_BY, NAMING = 3, 20
"""Words that name a group, and its newest tickets, of which they come."""
_WORD = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a ticket asks, by its stems, and the article that its draft rests on: its id at its source, without the language, its
    row's id and its title; "" and 0 for none."""

    ticket: Ticket
    language: str
    article: str
    stems: frozenset[str]
    article_id: int = 0
    title: str = ""


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A group of `count` tickets: the words that tell it from the others, masked; the title of the article that they rest on and
    its row's id, or "" and 0; and its newest tickets."""

    words: tuple[str, ...]
    title: str
    article_id: int
    count: int
    examples: tuple[Ticket, ...]

    @property
    def name(self) -> str:
        """Returns what a topic for it may be called."""
        return self.title or ", ".join(self.words)


def uncovered(tenant_id: int, tickets: Sequence[Ticket], until: date) -> list[Uncovered]:
    """Returns the groups among these tickets, which come newest first; the largest group first."""
    late = [one for one in tickets if not one.topic and one.day >= until - RECENT][:MOST]
    asked = list(_asked(tenant_id, late))
    weights = weights_of([one.stems for one in asked])
    return [_group(tenant_id, some, weights) for some in grouped(asked)]


def _asked(tenant_id: int, tickets: Sequence[Ticket]) -> Iterator[Asked]:
    rows = Draft.of(tenant_id).filter(pk__in=[one.draft_id for one in tickets])
    drafts = {pk: row for pk, *row in rows.values_list("pk", "language", "rests_on", "record__triage")}
    first = {pk for _, rests_on, _ in drafts.values() for pk in rests_on[:1]}
    articles = Article.of(tenant_id).order_by().only("source", "key", "title").in_bulk(first)
    for one in tickets:
        language, rests_on, seen = drafts[one.draft_id]
        stems = stems_of(_said(seen or {}), language)
        if found := articles.get(rests_on[0]) if rests_on else None:
            article = f"{found.source} {found.key.split(':')[0]}"
            yield Asked(one, language, article, stems, found.pk, found.title)
        else:
            yield Asked(one, language, "", stems)


def _group(tenant_id: int, group: Sequence[Asked], weights: Mapping[str, float]) -> Uncovered:
    of_one = len({one.article for one in group}) == 1
    title, article_id = (group[0].title, group[0].article_id) if of_one else ("", 0)
    examples = tuple(one.ticket for one in group[:EXAMPLES])
    return Uncovered(_words(tenant_id, group, weights), title, article_id, len(group), examples)


def grouped(asked: Sequence[Asked]) -> list[list[Asked]]:
    """Returns the groups of at least FEWEST tickets, the largest first."""
    by_article: dict[str, list[Asked]] = defaultdict(list)
    for one in asked:
        by_article[one.article].append(one)
    resting = [some for article, some in by_article.items() if article and len(some) >= FEWEST]
    taken = {one.article for some in resting for one in some}
    others = [one for one in asked if one.article not in taken]
    alike = ([others[place] for place in sorted(group)] for group in groups([one.stems for one in others]))
    return sorted((*resting, *(some for some in alike if len(some) >= FEWEST)), key=lambda some: -len(some))


def _said(seen: Mapping[str, Any]) -> str:
    return " ".join(seen.get("asks") or [seen.get("text") or ""])


def _words(tenant_id: int, group: Sequence[Asked], weights: Mapping[str, float]) -> tuple[str, ...]:
    """Returns the words of most of the tickets that few others have, as they are most often written, without personal data."""
    languages = {one.ticket.draft_id: one.language for one in group[:NAMING]}
    written: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Draft.of(tenant_id).filter(pk__in=languages)
    for pk, ticket, seen in rows.values_list("pk", "record__ticket", "record__triage"):
        (masked,), _ = mask_all([_said(seen or {})], known_on_record(ticket or {}))
        for stem_, word in _stemmed(TOKEN.sub(" ", masked), languages[pk]):
            written[stem_][word] += 1
    held = Counter(stem_ for one in group for stem_ in one.stems & {*written})
    best = sorted(held, key=lambda each: (-held[each] * weights[each], -written[each].total()))[:NAMED_BY]
    return tuple(written[each].most_common(1)[0][0] for each in best if held[each] > 1)


def _stemmed(text: str, language: str) -> Iterator[tuple[str, str]]:
    for word in _WORD.findall(text.lower()):
        if is_content(word):
            yield stem(fold(word), language), word
