"""Which sensitive topics a ticket has, heard with the embedding model that runs here, if there is one.

Only that one is asked: no server sees a ticket before its personal data are masked.
"""

from collections.abc import Sequence

import structlog

from guardrails.base import Sensitive
from guardrails.sensitive import Meaning, sensitive
from integrations.embeddings.nano import Nano
from integrations.errors import IntegrationError
from klark.steps.meaning import embedders

log = structlog.get_logger(__name__)


def heed(text: str) -> tuple[Sensitive, ...]:
    """As `guardrails.sensitive`: by words alone where nothing tells what is meant."""
    return sensitive(text, _meanings)


def _meanings(texts: Sequence[str]) -> list[Meaning]:
    """None where the model is not installed, not chosen, or fails: words alone must do then."""
    try:
        return next((one.asked(here.in_full, texts) for one in embedders()
                     if isinstance(here := one.embedder, Nano) and here.installed()), [])  # fmt: skip
    except IntegrationError as error:
        log.warning("heed.by_words_alone", why=str(error))
        return []
