"""A model whose completions are kept, so that a run that is done again is not billed twice."""

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
    """Keeps completions by model and prompt; `model` names whatever else must not be confused.

    It is made when it is first asked: an account that no model can be made of fails there, and the next one is asked.
    What an unusable answer cost is kept too, under a digest of its own, so that it counts but is never recalled.
    """

    def __init__(self, make: Callable[[], LLM], recall: Recall, keep: Keep, model: str = "") -> None:
        self.make, self.recall, self.keep, self.model = make, recall, keep, model
        self.dialect = ""

    def complete(self, prompt: Prompt) -> Completion:
        """The kept completion, or a new one that is kept."""
        digest = digest_of(prompt, self.model)
        kept = self.recall(digest)
        if kept is not None:
            return kept
        model = self.make()
        try:
            completion = model.complete(prompt)
        except Unusable as error:
            waste = Completion(NOTHING_SAID, "", "unusable", error.tokens_in, error.tokens_out, error.cost)
            self.keep(hashlib.sha256(secrets.token_bytes(16)).hexdigest(), waste)
            raise
        self.dialect = model.dialect
        self.keep(digest, completion)
        return completion


def digest_of(prompt: Prompt, model: str = "") -> str:
    """What makes two requests the same: the model, every word that it reads, and the shape that it must answer in."""
    read = [model, prompt.system, prompt.user, prompt.schema]
    return hashlib.sha256(json.dumps(read, sort_keys=True).encode(errors="replace")).hexdigest()
