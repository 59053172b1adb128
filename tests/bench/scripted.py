"""The recorded model, asked in this process."""

import json
from dataclasses import dataclass, field
from typing import Any

from integrations.errors import TryLater
from integrations.llms.base import Completion, Prompt
from klark.demo.recorded_model import RecordedModel, blocks_of, labelled
from klark.demo.recordings import Lie


@dataclass
class Scripted:
    """It keeps what it was asked since the last ticket."""

    model: RecordedModel
    dialect: str = ""
    said: list[tuple[Prompt, Any]] = field(default_factory=list)

    def complete(self, prompt: Prompt) -> Completion:
        content = self.model.answer(prompt.user, prompt.schema)
        self.said.append((prompt, content))
        if content is None:
            raise TryLater("the model does not judge")
        return Completion(content, json.dumps(content), "scripted")

    @property
    def drafts(self) -> list[tuple[Prompt, Any]]:
        return [(prompt, content) for prompt, content in self.said if content and "sentences" in content]

    @property
    def judged(self) -> list[Prompt]:
        return [prompt for prompt, _ in self.said if "verdicts" in prompt.schema["properties"]]

    def lie(self) -> Lie | None:
        """The wrong sentence that was served."""
        for prompt, content in self.drafts:
            known = self.model.known(blocks_of(prompt.user))
            lie = self.model.lie_for(known) if known else None
            if lie and lie.text in [each["text"] for each in content["sentences"]]:
                return lie
        return None

    def unknown(self) -> int:
        """Claims that no verdict was recorded for."""
        claims = [text for prompt in self.judged for _, text in labelled(blocks_of(prompt.user)["claims"], "C")]
        return sum(self.model.recordings.verdict_of(text) is None for text in claims)
