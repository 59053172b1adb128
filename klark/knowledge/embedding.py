"""Which embedding model is asked, and the vectors of passages: made in the background, resumable, a few at a time.

`KLARK_EMBEDDINGS` lists providers, best first. Search uses the first whose vectors are complete, and words alone until
one is: so a new model, put before the old one, is embedded beside it and takes over at the end.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import structlog
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from integrations.embeddings import EMBEDDERS
from integrations.embeddings.base import Embedder, EmbeddingAccount, Vector
from integrations.errors import IntegrationError
from integrations.http.transports import Outbound
from klark.connections.circuit_breaker import BreakingEmbedder
from klark.models import EVERY_TENANT, Meaning, Passage, Tenant, within
from klark.values.passages import QuestionVector

log = structlog.get_logger(__name__)

AT_ONCE = 8
DROPPED_AT_ONCE = 2_000
COMPLETE = 0.98
"""Share of passages with vectors from which on they are used: an article that just came does not switch meaning off."""

COUNTED_EVERY_S = 20.0
_SEEN: dict[tuple[int, str], tuple[bool, float]] = {}


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of a tenant's passages have a vector of a model."""

    model: str
    done: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether search may rest on them."""
        return self.done > 0 and self.done >= COMPLETE * self.total


@cache
def embedders() -> tuple[BreakingEmbedder, ...]:
    """The models of this installation, best first. One of each a process."""
    account = EmbeddingAccount(
        settings.KLARK_EMBEDDINGS_MODEL, settings.KLARK_EMBEDDINGS_URL, settings.KLARK_EMBEDDINGS_KEY,
        Outbound(private=settings.KLARK_PRIVATE_HOSTS),
    )  # fmt: skip
    return tuple(BreakingEmbedder(EMBEDDERS[name](account)) for name in settings.KLARK_EMBEDDINGS)


def embed(tenant_id: int, embedder: Embedder, most: int = AT_ONCE) -> int:
    """Give up to `most` passages their vectors; how many. Raises as embedders do. The network is waited for outside
    any transaction; two that embed the same passage agree on the first."""
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
    """Titles in the form questions have: many of them are questions, and all are as short."""
    titles = list(dict.fromkeys(passage.title for passage in passages))
    return dict(zip(titles, embedder.questions(titles), strict=True))


def embed_all() -> None:
    """Every tenant's passages, by every model; a model that cannot be asked is tried again at the next call."""
    with within(EVERY_TENANT):
        tenants = list(Tenant.objects.values_list("pk", flat=True))
    for embedder in embedders():
        try:
            for tenant_id in tenants:
                while embed(tenant_id, embedder):
                    pass
        except IntegrationError as error:
            log.warning("passages wait for their vectors", model=embedder.model, why=str(error))


def drop_retired() -> None:
    """Vectors of models that are no longer named, where those of a named one are complete: nothing can use them again."""
    named = [embedder.model for embedder in embedders()]
    with within(EVERY_TENANT):
        tenants = list(Tenant.objects.values_list("pk", flat=True)) if named else []
    for tenant_id in tenants:
        with within(tenant_id):
            switched = any(progress(tenant_id, model).complete for model in named)
        while switched and _dropped(tenant_id, named):
            pass


def _dropped(tenant_id: int, named: Sequence[str]) -> int:
    """A few at a time, so that no search waits for long."""
    with within(tenant_id):
        retired = Meaning.of(tenant_id).exclude(model__in=named).values_list("pk", flat=True)[:DROPPED_AT_ONCE]
        return Meaning.of(tenant_id).filter(pk__in=list(retired)).delete()[0]


def progress(tenant_id: int, model: str) -> Progress:
    """Inside `within`."""
    passages = _current(tenant_id)
    return Progress(model, passages.filter(_has(model)).count(), passages.count())


def in_use(tenant_id: int, among: Sequence[Embedder]) -> Embedder | None:
    """The first model whose vectors are complete; None while search goes by words alone. Inside `within`."""
    return next((one for one in among if _complete(tenant_id, one.model)), None)


def _complete(tenant_id: int, model: str) -> bool:
    """Counted once a while only: over many passages, counting takes longer than searching."""
    known = _SEEN.get((tenant_id, model))
    if known and known[1] > time.monotonic():
        return known[0]
    complete = progress(tenant_id, model).complete
    _SEEN[tenant_id, model] = complete, time.monotonic() + COUNTED_EVERY_S
    return complete


def question_vector(model: str, vector: Vector) -> QuestionVector:
    """A question as a model sees it."""
    return QuestionVector(model, written(vector), len(vector))


def text_of(passage: Passage) -> str:
    """What is embedded of a passage."""
    return f"{passage.title}\n{passage.text}"


def written(vector: Vector) -> str:
    """As pgvector reads it."""
    return "[" + ",".join(f"{value:.6g}" for value in vector) + "]"


def _current(tenant_id: int) -> QuerySet[Passage]:
    return Passage.of(tenant_id).filter(article__current=True)


def _has(model: str) -> Exists:
    return Exists(Meaning.objects.filter(passage=OuterRef("pk"), model=model))
