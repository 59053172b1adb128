"""Measure what is usual for a tenant: how near its own sentences come to anything else it has.

Sentences of its articles are looked for as questions are, each while its article is away: of the subject, and without their
answer. What a question's signs are worth is read against that (klark.steps.answerable). The median, so that odd sentences hardly
matter.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from statistics import median

import structlog
from django.db.models import Count, Max

from integrations.embeddings.base import Embedder
from integrations.errors import IntegrationError
from klark.models import EVERY_TENANT, Meaning, Passage, Tenant, Usual, within
from klark.steps.answerable import ELSEWHERE, Signs, signs
from klark.steps.ask import ask
from klark.steps.find import FITTED_ON, Ranked, find
from klark.steps.meaning import embedders, in_use, seen

log = structlog.get_logger(__name__)

SENTENCES = 100
"""How many are looked for, of as many articles, spread over all."""
FEWEST = 5
"""Below this, what is usual elsewhere says more."""
SHORTEST, LONGEST = 5, 40
"""Words of a sentence that may stand for a question."""
MOST: Signs = {"near": 0.88, "title": 0.9, "lead": 15.0}
"""Above what any set of the fit has. A tenant's sentences that come nearer than that are written alike (a page for each shop,
for each product), which says nothing of questions."""
_ROW = re.compile(r"[^:;]+: [^;]+; [^:;]+: ")
"""A row of a table with its header, as klark.steps.cut writes it."""


@dataclass(frozen=True, slots=True)
class Own:
    """A sentence of the tenant's, and the brand that its article is for."""

    sentence: str
    brand: str


def measure_all() -> None:
    """Of every tenant and language whose passages have changed, for the model in use; one that cannot be asked is tried again
    at the next call."""
    with within(EVERY_TENANT):
        tenants = list(Tenant.objects.values_list("pk", flat=True))
    for tenant_id in tenants:
        with within(tenant_id):
            embedder = in_use(tenant_id, embedders())
        try:
            measure(tenant_id, embedder)
        except IntegrationError as error:
            log.warning("what is usual is measured later", tenant=tenant_id, why=str(error))


def measure(tenant_id: int, embedder: Embedder | None) -> int:
    """One tenant's, in each language that has changed; how many those were. Raises as embedders do."""
    if embedder is None or FITTED_ON not in embedder.model:
        return 0
    with within(tenant_id):
        changed = _changed(tenant_id, embedder.model)
    for language, mark in changed.items():
        found = _signs(tenant_id, language, embedder)
        with within(tenant_id):
            Usual.objects.update_or_create(
                tenant_id=tenant_id, language=language, model=embedder.model, defaults={"signs": typical(found), **mark}
            )
    return len(changed)


def typical(found: Sequence[Signs]) -> Signs:
    """The median of each; nothing where there are too few to say."""
    if len(found) < FEWEST:
        return {}
    return {name: round(min(median(each[name] for each in found), MOST[name]), 4) for name in ELSEWHERE}


def _changed(tenant_id: int, model: str) -> dict[str, dict[str, int]]:
    """Languages by what their passages are now, where that is not what was measured."""
    now = (
        Meaning.of(tenant_id).filter(model=model).values("language").order_by("language")
        .annotate(passages=Count("pk"), newest=Max("passage_id"))
    )  # fmt: skip
    then = {row.language: (row.passages, row.newest) for row in Usual.of(tenant_id).filter(model=model)}
    marks = {row["language"]: {"passages": row["passages"], "newest": row["newest"]} for row in now}
    return {name: mark for name, mark in marks.items() if then.get(name) != (mark["passages"], mark["newest"])}


def _signs(tenant_id: int, language: str, embedder: Embedder) -> list[Signs]:
    with within(tenant_id):
        sentences = _sentences(tenant_id, language)
    heard = (_alone(tenant_id, language, embedder, own) for own in sentences)
    return [one for one in heard if one]


def _alone(tenant_id: int, language: str, embedder: Embedder, own: Own) -> Signs | None:
    """None where nothing else was found: what a brand with one article has says nothing of how near others would be. The
    model is asked for one at a time, so that no ticket waits for a hundred."""
    with within(tenant_id):
        asked = ask(tenant_id, own.sentence, language)
    looked = seen(embedder.model, embedder.questions(asked.parts[:1]))
    with within(tenant_id):
        ranked = find(tenant_id, language, asked, looked, own.brand)
        away = _holders(tenant_id, own.sentence, ranked)
    there = [one for one in ranked if one.article_id not in away]
    return signs(there, asked.known) if there else None


def _holders(tenant_id: int, sentence: str, ranked: Sequence[Ranked]) -> set[int]:
    """The sentence's own article, and copies of it."""
    passages = Passage.of(tenant_id).filter(pk__in=[one.passage_id for one in ranked])
    return set(passages.filter(sentences__contains=[sentence]).values_list("article_id", flat=True))


def _sentences(tenant_id: int, language: str) -> list[Own]:
    """One of each article for customers, from its middle: beginnings greet, and ends refer elsewhere."""
    passages = Passage.of(tenant_id).filter(language=language, article__current=True, article__audience="")
    held = passages.exclude(stems=None).order_by("article_id", "pk")
    rows = held.values_list("article_id", "article__brand", "sentences").iterator()
    chosen = list[Own]()
    for (_, brand), some in groupby(rows, key=itemgetter(0, 1)):
        spoken = [one for _, _, sentences in some for one in sentences if _spoken(one)]
        chosen += [Own(spoken[len(spoken) // 2], brand)] if spoken else []
    return chosen[:: max(1, -(-len(chosen) // SENTENCES))]


def _spoken(sentence: str) -> bool:
    """Whether it may stand for a question: rows of a table resemble each other more than any question resembles them."""
    return SHORTEST <= len(sentence.split()) <= LONGEST and not _ROW.match(sentence)
