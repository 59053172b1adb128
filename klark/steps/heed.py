"""Which sensitive topics a ticket has, heard with the embedding model that runs here, if there is one.

Only that one is asked: no server sees a ticket before its personal data are masked.
"""

from collections.abc import Sequence
from functools import partial

import structlog

from guardrails.base import Sensitive
from guardrails.sensitive import TUNING, Meaning, sensitive
from integrations.embeddings.base import Vector
from integrations.embeddings.nano import Nano
from integrations.errors import IntegrationError
from klark.steps.meaning import embedders
from klark.steps.rest import RestedEmbedder

log = structlog.get_logger(__name__)


def heed(text: str) -> tuple[Sensitive, ...]:
    """As `guardrails.sensitive`: by words alone where nothing tells what is meant."""
    return sensitive(text, _meanings)


def _meanings(texts: Sequence[str]) -> Sequence[Meaning]:
    """None where the model is not installed, not chosen, or fails: words alone must do then."""
    try:
        return next((_asked(one, here, texts) for one in embedders()
                     if isinstance(here := one.embedder, Nano) and here.installed()), [])  # fmt: skip
    except IntegrationError as error:
        log.warning("heed.by_words_alone", why=str(error))
        return ()


def _asked(rested: RestedEmbedder, nano: Nano, texts: Sequence[str]) -> list[Vector]:
    return rested.asked(partial(nano.tuned, tuning=TUNING), texts)
