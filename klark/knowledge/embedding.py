"""Which embedding model is used, and the vectors of passages: computed in the background, resumable, a few at a time.

`KLARK_EMBEDDINGS` lists providers, best first. Search uses the first whose vectors are complete, and words alone until
there is one. So a new model that is listed before the old one is embedded beside it, and takes over at the end.
"""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from integrations.embeddings import EMBEDDERS
from integrations.embeddings.base import Embedder, EmbeddingAccount, Vector
from integrations.embeddings.local_e5 import Nano
from integrations.errors import IntegrationError
from integrations.http.transports import Outbound
from klark.connections.circuit_breaker import BreakingEmbedder
from klark.models import Meaning, Passage, within
from klark.models.tenant import all_tenant_ids
from klark.runtime.per_tenant import tried
from klark.values.passages import QuestionVector

log = structlog.get_logger(__name__)
AnyEmbedder = TypeVar("AnyEmbedder", bound=Embedder)

AT_ONCE = 8
DROPPED_AT_ONCE = 2_000
COMPLETE = 0.98
"""Share of passages with vectors from which the vectors are used: a new article does not switch search by meaning off."""

COUNTED_EVERY_S = 20.0
_SEEN: dict[tuple[int, str], tuple[bool, float]] = {}


@cache
def untrained() -> BreakingEmbedder:
    """Returns multilingual-e5-small as it comes, whatever search uses; in the process of search if that uses it too."""
    own = BreakingEmbedder(Nano(EmbeddingAccount()))
    return next((one for one in embedders() if one.model == own.model), own)


def topic_vectors(texts: Sequence[str]) -> list[Vector]:
    """Returns a vector for each text, by which the tenant's topics are told apart: the triage model is trained on sensitive
    ones, and everyday questions lie close together there. Raises IntegrationError."""
    return untrained().questions(texts)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a tenant's passages have a vector of a model."""

    model: str
    done: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether search may use them."""
        return self.done > 0 and self.done >= COMPLETE * self.total


@cache
def embedders() -> tuple[BreakingEmbedder, ...]:
    """Returns the models of this installation, best first; one instance per process."""
    account = EmbeddingAccount(
        settings.KLARK_EMBEDDINGS_MODEL, settings.KLARK_EMBEDDINGS_URL, settings.KLARK_EMBEDDINGS_KEY,
        Outbound(private=settings.KLARK_PRIVATE_HOSTS),
    )  # fmt: skip
    return tuple(BreakingEmbedder(EMBEDDERS[name](account)) for name in settings.KLARK_EMBEDDINGS)


def embed(tenant_id: int, embedder: Embedder, most: int = AT_ONCE) -> int:
    """Gives up to `most` passages their vectors; returns how many were taken. Raises what embedders raise.

    The network is waited for outside any transaction; if two workers embed the same passage, the first vector is kept.
    """
    with within(tenant_id):
        waiting = list(_current(tenant_id).exclude(_has(embedder.model)).order_by("pk")[:most])
    if not waiting:
        return 0
    vectors = embedder.passages([text_of(passage) for passage in waiting])
    titles = _as_questions(embedder, waiting)
    with within(tenant_id):
        still = set(_current(tenant_id).filter(pk__in=[one.pk for one in waiting]).values_list("pk", flat=True))
        rows = [
            Meaning(
                tenant_id=tenant_id,
                passage=one,
                model=embedder.model,
                language=one.language,
                vector=written(vector),
                title=written(titles[one.title]),
            )
            for one, vector in zip(waiting, vectors, strict=True)
            if one.pk in still
        ]
        Meaning.objects.bulk_create(rows, ignore_conflicts=True)
    return len(waiting)


def _as_questions(embedder: Embedder, passages: Sequence[Passage]) -> dict[str, Vector]:
    """Embeds titles as questions are embedded: many of them are questions, and all are as short."""
    titles = list(dict.fromkeys(passage.title for passage in passages))
    return dict(zip(titles, embedder.questions(titles), strict=True))


def embed_all() -> None:
    """Embeds every tenant's passages with every model; what fails for one tenant is tried again at the next call.

    The tenants come in another order each time, because a model that fails rests for all of them: if one tenant's
    passages always make it fail, the others have their turn before it sooner or later.
    """
    tenants = all_tenant_ids()
    random.shuffle(tenants)
    for embedder in embedders():
        for tenant_id in tenants:
            tried("passages could not be embedded", embed_tenant, tenant_id, embedder)


def embed_tenant(tenant_id: int, embedder: BreakingEmbedder) -> None:
    """Embeds a tenant's passages with a model; what fails is logged."""
    ours = embedder.with_texts_of(str(tenant_id))
    try:
        while embed(tenant_id, ours):
            pass
    except IntegrationError as error:
        log.warning("passages wait for their vectors", tenant=tenant_id, model=embedder.model, why=str(error))


def drop_retired() -> None:
    """Deletes vectors of models that are no longer configured, where those of a configured one are complete: nothing
    can use them again."""
    named = [embedder.model for embedder in embedders()]
    for tenant_id in all_tenant_ids() if named else ():
        with within(tenant_id):
            switched = any(progress(tenant_id, model).complete for model in named)
        while switched and _dropped(tenant_id, named):
            pass


def _dropped(tenant_id: int, named: Sequence[str]) -> int:
    """Deletes a few at a time, so that no search waits for long; returns how many."""
    with within(tenant_id):
        retired = Meaning.of(tenant_id).exclude(model__in=named).values_list("pk", flat=True)[:DROPPED_AT_ONCE]
        return Meaning.of(tenant_id).filter(pk__in=list(retired)).delete()[0]


def progress(tenant_id: int, model: str) -> Progress:
    """Returns how many of the tenant's passages have a vector of the model. Call inside `within(tenant_id)`."""
    passages = _current(tenant_id)
    return Progress(model, passages.filter(_has(model)).count(), passages.count())


def in_use(tenant_id: int, among: Sequence[AnyEmbedder]) -> AnyEmbedder | None:
    """Returns the first model whose vectors are complete; None while search goes by words alone. Call inside
    `within(tenant_id)`."""
    return next((one for one in among if _complete(tenant_id, one.model)), None)


def _complete(tenant_id: int, model: str) -> bool:
    """Counts only every COUNTED_EVERY_S seconds: with many passages, counting takes longer than searching."""
    known = _SEEN.get((tenant_id, model))
    if known and known[1] > time.monotonic():
        return known[0]
    complete = progress(tenant_id, model).complete
    _SEEN[tenant_id, model] = complete, time.monotonic() + COUNTED_EVERY_S
    return complete


def question_vector(model: str, vector: Vector) -> QuestionVector:
    """Returns a query's vector as the database takes it."""
    return QuestionVector(model, written(vector), len(vector))


def text_of(passage: Passage) -> str:
    """Returns the text of a passage that is embedded."""
    return f"{passage.title}\n{passage.text}"


def written(vector: Vector) -> str:
    """Returns a vector in pgvector's text form."""
    return "[" + ",".join(f"{value:.6g}" for value in vector) + "]"


def _current(tenant_id: int) -> QuerySet[Passage]:
    return Passage.of(tenant_id).filter(article__current=True)


def _has(model: str) -> Exists:
    return Exists(Meaning.objects.filter(passage=OuterRef("pk"), model=model))
