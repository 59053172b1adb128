"""A circuit breaker: leaves a model's server alone for a while once it has failed several times in a row.

A server that hangs costs every caller the whole time-out, and would hold all of a worker's threads: tickets would wait
for it one after the other, and no thread would be left for the others. Each process counts for itself.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from integrations.embeddings.base import Embedder, Vector
from integrations.errors import Refused, TryLater
from integrations.llms.base import LLM, Completion, Prompt

Told = TypeVar("Told")
FAILURES = 3  # in a row
REST_S, LONG_REST_S = 60.0, 900.0
"""Seconds of rest: after a server did not answer, and after one refused (a bad key), where only a person can help."""


@dataclass
class OpenCircuits:
    """Failures in a row and the end of the rest, by server. `clock` returns seconds."""

    clock: Callable[[], float] = time.monotonic
    failed: dict[str, int] = field(default_factory=dict)
    until: dict[str, float] = field(default_factory=dict)

    def left(self, server: str) -> float:
        """Returns the seconds until the server may be called again; 0 or less means now."""
        return self.until.get(server, 0.0) - self.clock()

    def rest(self, server: str, seconds: float) -> None:
        """Leaves the server alone for `seconds` from now on."""
        self.until[server] = self.clock() + seconds

    def count(self, server: str) -> None:
        """Counts one more failure; from the third in a row on the server rests. After a rest it is tried once: if that
        fails too, it rests again."""
        self.failed[server] = self.failed.get(server, 0) + 1
        if self.failed[server] >= FAILURES:
            self.rest(server, REST_S)

    def forget(self, server: str) -> None:
        """Clears the server's failures, because it answered."""
        self.failed.pop(server, None)
        self.until.pop(server, None)


RESTS = OpenCircuits()


@dataclass(frozen=True, slots=True)
class BreakingLLM:
    """A model that is not called while its server rests. Raises what the model raises, and TryLater during a rest."""

    llm: LLM
    server: str
    rests: OpenCircuits = field(default_factory=lambda: RESTS)

    @property
    def dialect(self) -> str:
        """The wrapped model's dialect."""
        return self.llm.dialect

    def complete(self, prompt: Prompt) -> Completion:
        """Returns the model's completion. Only TryLater counts as a failure: a refusal is an answer."""
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
    """An embedding model that is not called while it rests. Raises what the model raises, and TryLater during a rest.

    `owner`: whose texts they are, if they are one tenant's. Its refusals start a rest for its own texts alone.
    """

    embedder: Embedder
    rests: OpenCircuits = field(default_factory=lambda: RESTS)
    owner: str = ""

    def with_texts_of(self, owner: str) -> "BreakingEmbedder":
        """Returns the same model for one tenant's texts: a refusal may be about what one of them says, and must not keep
        the other tenants from being embedded, or from being searched by meaning."""
        return replace(self, owner=owner)

    @property
    def model(self) -> str:
        """The wrapped model's name."""
        return self.embedder.model

    @property
    def remote(self) -> bool:
        """Whether the wrapped model's texts leave this machine."""
        return self.embedder.remote

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """Returns the embeddings of texts to be found."""
        return self.asked(self.embedder.passages, texts)

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """Returns the embeddings of search queries."""
        return self.asked(self.embedder.questions, texts)

    def asked(self, ask: Callable[[Sequence[str]], list[Told]], texts: Sequence[str]) -> list[Told]:
        """Returns `ask(texts)`, unless the model rests; a failure starts a rest."""
        own = f"{self.model} {self.owner}".rstrip()
        if (left := max(self.rests.left(self.model), self.rests.left(own))) > 0:
            raise TryLater(f"{self.model} failed lately and is left alone for a while", left)
        try:
            return ask(texts)
        except TryLater:  # rest after one failure: meanwhile search goes by words, at no cost
            self.rests.rest(self.model, REST_S)
            raise
        except Refused:
            self.rests.rest(own, LONG_REST_S)
            raise
