"""Read the signs by which klark tells how likely an answer is (klark.steps.answerable).

A long ticket says many things, and no passage is near to all of them: it is judged by the part that comes nearest to any
passage found, looked for alone. So its signs are on one scale with those of a short question.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.db import connection

from klark.models import Usual, within
from klark.steps.answerable import ELSEWHERE, Heard, Signs, answerable, signs
from klark.steps.ask import Asked, ask
from klark.steps.find import FITTED_ON, Looked, Ranked, find

NEAREST_PART = """
WITH part AS MATERIALIZED (
    SELECT vector::halfvec AS vector, place FROM unnest(%s::text[]) WITH ORDINALITY AS given (vector, place))
SELECT part.place FROM part JOIN klark_meaning AS meaning
    ON meaning.tenant_id = %s AND meaning.model = %s AND meaning.passage_id = ANY (%s)
 ORDER BY meaning.vector <#> part.vector, part.place LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Search:
    """One search and what it found. `looked`: as the embedding model saw it, part by part."""

    tenant_id: int
    language: str
    asked: Asked
    looked: Looked
    ranked: Sequence[Ranked]
    brand: str = ""


def chance(search: Search) -> float | None:
    """That an answer is among what was found; None where nobody can tell."""
    if FITTED_ON not in search.looked.model:
        return None
    with within(search.tenant_id):
        heard = hear(search)
    return answerable(heard) if heard else None


def hear(search: Search, away: Collection[int] = ()) -> Heard | None:
    """As if the articles that are `away` were not there. Inside `within`."""
    there = _without(search, away)
    alone = _alone(there) if len(search.asked.parts) > 1 else None
    judged = _without(alone, away) if alone else there
    read = signs(judged.ranked, judged.asked.known)
    return (
        Heard(read, usual(search.tenant_id, search.language, search.looked.model), len(search.asked.parts))
        if read
        else None
    )


def usual(tenant_id: int, language: str, model: str) -> Signs:
    """What is usual for the tenant, or elsewhere until that is measured. Inside `within`."""
    row = Usual.of(tenant_id).filter(language=language, model=model).first()
    return row.signs if row and row.signs else ELSEWHERE


def _without(search: Search, away: Collection[int]) -> Search:
    return replace(search, ranked=[one for one in search.ranked if one.article_id not in away])


def _alone(search: Search) -> Search | None:
    """The part that comes nearest, looked for alone; None where no part has a vector, or no passage."""
    place = _nearest(search)
    if place is None:
        return None
    looked = replace(search.looked, vector=search.looked.parts[place], parts=(search.looked.parts[place],))
    asked = ask(search.tenant_id, search.asked.parts[place], search.language)
    ranked = find(search.tenant_id, search.language, asked, looked, search.brand)
    return replace(search, asked=asked, looked=looked, ranked=ranked)


def _nearest(search: Search) -> int | None:
    """The place of a part among the parts; the first of those is the whole, and is not meant."""
    parts, passages = search.looked.parts[1:], [one.passage_id for one in search.ranked]
    with connection.cursor() as cursor:
        cursor.execute(NEAREST_PART, [list(parts), search.tenant_id, search.looked.model, passages])
        row = cursor.fetchone()
    return int(row[0]) if row else None
