"""Leave a model's server alone for a while once it has failed several times in a row.

A server that hangs takes every caller's whole time-out, and would hold all of a worker's threads: tickets wait for it one
after the other, though klark could quote sections at once. Each process finds out for itself.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from integrations.embeddings.base import Embedder, Vector
from integrations.errors import Refused, TryLater
from integrations.llms.base import LLM, Completion, Prompt

Told = TypeVar("Told")
FAILURES = 3  # in a row
REST_S, LONG_REST_S = 60.0, 900.0
"""After a server that did not answer; after one that refuses (a bad key), where nothing but a person helps."""


@dataclass
class OpenCircuits:
    """Failures in a row and the end of the rest, by server. `clock` gives seconds."""

    clock: Callable[[], float] = time.monotonic
    failed: dict[str, int] = field(default_factory=dict)
    until: dict[str, float] = field(default_factory=dict)

    def left(self, server: str) -> float:
        """Seconds until the server may be asked again; 0 or less: now."""
        return self.until.get(server, 0.0) - self.clock()

    def rest(self, server: str, seconds: float) -> None:
        """Leave it alone from now on, for so long."""
        self.until[server] = self.clock() + seconds

    def count(self, server: str) -> None:
        """One more failure; from the third on, a rest. One try after it, and either a rest again or none."""
        self.failed[server] = self.failed.get(server, 0) + 1
        if self.failed[server] >= FAILURES:
            self.rest(server, REST_S)

    def forget(self, server: str) -> None:
        """It answered."""
        self.failed.pop(server, None)
        self.until.pop(server, None)


RESTS = OpenCircuits()


@dataclass(frozen=True, slots=True)
class BreakingLLM:
    """A model that is not asked while its server rests. Raises what the model raises, and TryLater while it rests."""

    llm: LLM
    server: str
    rests: OpenCircuits = field(default_factory=lambda: RESTS)

    @property
    def dialect(self) -> str:
        """The model's own."""
        return self.llm.dialect

    def complete(self, prompt: Prompt) -> Completion:
        """The model's completion. Only a failure to answer counts: a refusal is an answer."""
        if (left := self.rests.left(self.server)) > 0:
            raise TryLater("the model's server did not answer lately and is left alone for a minute", left)
        try:
            completion = self.llm.complete(prompt)
        except TryLater:
            self.rests.count(self.server)
            raise
        self.rests.forget(self.server)
        return completion


@dataclass(frozen=True, slots=True)
class BreakingEmbedder:
    """An embedding model that is not asked while it rests. Raises as it does, and TryLater while it rests."""

    embedder: Embedder
    rests: OpenCircuits = field(default_factory=lambda: RESTS)

    @property
    def model(self) -> str:
        """The embedder's own."""
        return self.embedder.model

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of texts to be found."""
        return self.asked(self.embedder.passages, texts)

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of what is asked."""
        return self.asked(self.embedder.questions, texts)

    def asked(self, ask: Callable[[Sequence[str]], list[Told]], texts: Sequence[str]) -> list[Told]:
        """What the embedder tells of texts when it is asked so."""
        if (left := self.rests.left(self.model)) > 0:
            raise TryLater(f"{self.model} failed lately and is left alone for a while", left)
        try:
            return ask(texts)
        except TryLater:  # at the first failure: words alone do meanwhile, and cost nothing
            self.rests.rest(self.model, REST_S)
            raise
        except Refused:
            self.rests.rest(self.model, LONG_REST_S)
            raise
