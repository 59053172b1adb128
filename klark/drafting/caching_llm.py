"""A model whose completions are cached, so that a repeated run is not billed twice."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from integrations.llms.base import LLM, Completion, Prompt, Unusable

Recall = Callable[[str], Completion | None]
Keep = Callable[[str, Completion], None]
NOTHING_SAID: Mapping[str, Any] = {"answerable": False, "sentences": []}


class CachingLLM:
    """Caches completions by model and prompt; `model` tells apart what must not be confused otherwise.

    The model is made at the first request that the cache cannot answer: an account that no model can be made of fails
    there, and the next drafter is tried. What an unusable answer cost is stored too, under a random digest, so that it
    counts but is never recalled.
    """

    def __init__(self, make: Callable[[], LLM], recall: Recall, keep: Keep, model: str = "") -> None:
        self.make, self.recall, self.keep, self.model = make, recall, keep, model
        self.dialect = ""

    def complete(self, prompt: Prompt) -> Completion:
        """Returns the cached completion, or a new one, which is cached. Raises what the model raises."""
        digest = digest_of(prompt, self.model)
        kept = self.recall(digest)
        if kept is not None:
            return kept
        model = self.make()
        try:
            completion = model.complete(prompt)
        except Unusable as error:
            waste = Completion(NOTHING_SAID, "", "unusable", error.tokens_in, error.tokens_out, error.cost)
            self.keep(random_digest(), waste)
            raise
        self.dialect = model.dialect
        self.keep(digest, completion)
        return completion


def random_digest() -> str:
    """Returns a digest that belongs to no request: what is stored under it counts, but is never recalled."""
    return hashlib.sha256(secrets.token_bytes(16)).hexdigest()


def digest_of(prompt: Prompt, model: str = "") -> str:
    """Returns what makes two requests the same: a hash of the model, every word that it reads, and its answer's schema."""
    read = [model, prompt.system, prompt.user, prompt.schema]
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode(errors="replace")).hexdigest()
