"""Which sensitive topics a ticket has, heard with the embedding model that runs here, if there is one.

Only that one is asked: no server sees a ticket before its personal data are masked.
"""

from collections.abc import Sequence

import structlog

from guardrails.base import Sensitive
from guardrails.sensitive import sensitive
from integrations.embeddings.base import Vector
from integrations.embeddings.nano import Nano
from integrations.errors import IntegrationError
from klark.steps.meaning import embedders

log = structlog.get_logger(__name__)


def heed(text: str) -> tuple[Sensitive, ...]:
    """As `guardrails.sensitive`: by words alone where there are no vectors."""
    return sensitive(text, _vectors)


def _vectors(texts: Sequence[str]) -> list[Vector]:
    """None where the model is not installed, not chosen, or fails: words alone must do then."""
    here = next((embedder for embedder in embedders() if embedder.model == Nano.model), None)
    try:
        return here.questions(texts) if here and Nano.installed() else []
    except IntegrationError as error:
        log.warning("heed.without_vectors", why=str(error))
        return []
