"""The triage model: a process of its own on this machine, whatever search uses. No server sees a ticket before its personal
data are masked."""

from collections.abc import Sequence
from functools import cache

from guardrails.triage.heads import ENCODER
from integrations.embeddings.base import EmbeddingAccount, Vector
from integrations.embeddings.nano import Nano
from integrations.errors import IntegrationError

PROBE = "Bonjour, where is my parcel?"


@cache
def model() -> Nano:
    """One a process, started when first asked and again when it ended: a ticket that ends it must not silence it for others."""
    return Nano(EmbeddingAccount(), ENCODER)


def vectors(texts: Sequence[str]) -> list[Vector]:
    """As `guardrails.triage.reading.read` wants them. Raises TryLater, and Refused where it cannot run here at all."""
    return model().questions(texts)


def trouble() -> str:
    """Why no ticket can be read now, in a sentence; "" where all is well."""
    try:
        vectors([PROBE])
    except IntegrationError as error:
        return f"The triage model does not answer: {error}"
    return ""
