"""The articles that a draft was given, as they stood at another moment: from the versions that klark keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from klark.models import Article, Passage
from klark.retrieval.retrieve import found_article, heading_of
from klark.retrieval.small_to_big import expanded, tokens_of
from klark.values.passages import FoundArticle, found_again

Row = Mapping[str, Any]


class NotKept(Exception):
    """Raised where nobody knows any more what an article said; the message says which."""


def as_of(tenant_id: int, rows: Sequence[Row], at: datetime, tokens: int) -> tuple[FoundArticle, ...]:
    """Returns the articles of a record's passages in their versions of that moment, in the same order. What had not been written
    is left out; of a version that is too long, those sections are taken that were found, as far as `tokens` reach. Raises
    NotKept. Call inside `within(tenant_id)`."""
    then = {place: _version(tenant_id, row, at) for place, row in enumerate(rows)}
    found = {
        place: found_again(rows[place]) for place, one in then.items() if one and one.pk == rows[place]["article_id"]
    }
    others = {one.pk: (place, one) for place, one in then.items() if one and place not in found}
    parts = {pk: _passages(one) for pk, (_, one) in others.items()}
    worth = {each: score for pk, (place, _) in others.items() for each, score in _worth(rows[place], parts[pk]).items()}
    left = tokens - sum(map(tokens_of, found.values()))
    for pk, passages in expanded(parts, worth, left):
        place, one = others[pk]
        found[place] = replace(found_article(one, passages, worth), fallback=rows[place]["fallback"])
    return tuple(found[place] for place in sorted(found))


def _version(tenant_id: int, row: Row, at: datetime) -> Article | None:
    """Returns the version that had been added last; None if the article had not been written."""
    known = Article.of(tenant_id).filter(pk=row["article_id"]).first()
    if known is None:
        raise NotKept(f"The article “{row['title']}” was deleted with all its versions: what it said is not kept.")
    versions = Article.of(tenant_id).filter(source=known.source, key=known.key)
    one = versions.filter(added_at__lte=at).order_by("-version").first()
    if one is None and not versions.filter(version=1).exists():
        raise NotKept(f"The first versions of the article “{row['title']}” are not kept: nobody knows what it said.")
    return one


def _passages(article: Article) -> list[Passage]:
    return list(Passage.of(article.tenant_id).filter(article=article).order_by("number"))


def _worth(row: Row, passages: Sequence[Passage]) -> dict[int, float]:
    """Returns the scores of the passages: those of the sections under the same headings, or the article's if there are none."""
    scores = {heading: score for heading, _count, score in row["sections"] if score}
    same = {
        each.pk: scores[heading_of(each, row["title"])] for each in passages if heading_of(each, row["title"]) in scores
    }
    return same or {each.pk: row["score"] for each in passages}
