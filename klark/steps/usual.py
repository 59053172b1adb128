"""Measure what is usual for a tenant: how near its own sentences come to anything else it has.

Sentences of its articles are looked for as questions are, each while its article is away: of the subject, and without their
answer. What a question's signs are worth is read against that (klark.steps.answerable). The median, so that copies of an
article and odd sentences hardly matter.
"""

from collections.abc import Mapping, Sequence
from statistics import median

import structlog
from django.db.models import Count, Max

from integrations.embeddings.base import Embedder
from integrations.errors import IntegrationError
from klark.models import EVERY_TENANT, Meaning, Passage, Tenant, Usual, within
from klark.steps.answerable import ELSEWHERE, Signs, signs
from klark.steps.ask import ask
from klark.steps.find import FITTED_ON, find
from klark.steps.meaning import embedders, in_use, seen

log = structlog.get_logger(__name__)

SENTENCES = 100
"""How many are looked for, of as many articles, spread over all."""
FEWEST = 5
"""Below this, what is usual elsewhere says more."""
SHORTEST, LONGEST = 5, 40
"""Words of a sentence that may stand for a question."""


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
    return {name: round(median(each[name] for each in found), 4) for name in ELSEWHERE}


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
        asked = {article: ask(tenant_id, sentence, language) for article, sentence in sentences.items()}
    asked = {article: one for article, one in asked.items() if one.parts}
    vectors = embedder.questions([one.parts[0] for one in asked.values()]) if asked else []
    found = list[Signs]()
    for (article, one), vector in zip(asked.items(), vectors, strict=True):
        with within(tenant_id):
            ranked = find(tenant_id, language, one, seen(embedder.model, [vector]))
        read = signs([each for each in ranked if each.article_id != article], one.known)
        found += [read] if read else []
    return found


def _sentences(tenant_id: int, language: str) -> Mapping[int, str]:
    """One of each article, from its middle: beginnings greet, and ends refer elsewhere."""
    passages = Passage.of(tenant_id).filter(language=language, article__current=True).exclude(stems=None)
    articles = list(passages.order_by("article_id").values_list("article_id", flat=True).distinct())
    chosen = articles[:: max(1, -(-len(articles) // SENTENCES))]
    by_article: dict[int, list[str]] = {article: [] for article in chosen}
    for article, sentences in (
        passages.filter(article_id__in=chosen).order_by("pk").values_list("article_id", "sentences")
    ):
        by_article[article] += [one for one in sentences if SHORTEST <= len(one.split()) <= LONGEST]
    return {article: some[len(some) // 2] for article, some in by_article.items() if some}
