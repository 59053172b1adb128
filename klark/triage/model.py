"""The triage model: a process of its own on this machine, whatever model search uses. No server sees a ticket before
its personal data is masked."""

from collections.abc import Sequence
from functools import cache

from guardrails.triage.classifier_heads import ENCODER
from integrations.embeddings.base import EmbeddingAccount, Vector
from integrations.embeddings.local_e5 import Nano
from integrations.errors import IntegrationError

PROBE = "Bonjour, where is my parcel?"


@cache
def model() -> Nano:
    """Returns the model, one per process. It is started at first use, and again if it has ended: a ticket that crashes
    it must not silence it for others."""
    return Nano(EmbeddingAccount(), ENCODER)


def vectors(texts: Sequence[str]) -> list[Vector]:
    """Returns a vector for each text, for `guardrails.triage.classify.read`. Raises TryLater, and Refused if it cannot
    run here."""
    return model().questions(texts)


def trouble() -> str:
    """Returns why no ticket can be read now, in a sentence; "" if all is well."""
    try:
        vectors([PROBE])
    except IntegrationError as error:
        return f"The triage model does not answer: {error}"
    return ""
