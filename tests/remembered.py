"""The triage model as it is, asked once for each text: tests ask it the same thing thousands of times."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from integrations.embeddings.base import Vector
from integrations.embeddings.local_e5 import Nano


@dataclass
class Remembered:
    """In place of `klark.triage.model.model()`."""

    model: Nano
    known: dict[str, Vector] = field(default_factory=dict)

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        self.known.update(zip(new, self.model.questions(new), strict=True) if new else ())
        return [self.known[text] for text in texts]
