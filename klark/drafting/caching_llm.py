"""A model whose completions are cached, so that a repeated run is not billed twice."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import replace

from integrations.llms.base import LLM, Completion, Prompt

Recall = Callable[[str], Completion | None]
Keep = Callable[[str, Completion], None]


class CachingLLM:
    """Caches completions by model and prompt; `model` tells apart what must not be confused otherwise. `server`: the name
    that completions are given, where they have none.

    The model is made at the first request that the cache cannot answer: an account that no model can be made of fails
    there, and the next drafter is tried.
    """

    def __init__(self, make: Callable[[], LLM], recall: Recall, keep: Keep, model: str = "", server: str = "") -> None:
        self.make, self.recall, self.keep, self.model, self.server = make, recall, keep, model, server
        self.dialect = ""

    def complete(self, prompt: Prompt) -> Completion:
        """Returns the cached completion, or a new one, which is cached. Raises what the model raises."""
        digest = digest_of(prompt, self.model)
        completion = self.recall(digest)
        if completion is None:
            model, started = self.make(), time.monotonic()
            completion = replace(model.complete(prompt), seconds=round(time.monotonic() - started, 3))
            self.dialect = model.dialect
            self.keep(digest, completion)
        return replace(completion, server=completion.server or self.server)


def digest_of(prompt: Prompt, model: str = "") -> str:
    """Returns what makes two requests the same: a hash of the model, every word that it reads, and its answer's schema."""
    read = [model, prompt.system, prompt.user, prompt.schema]
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode(errors="replace")).hexdigest()
