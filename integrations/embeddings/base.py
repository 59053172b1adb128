"""The interface of an embedding model."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from integrations.http.transports import Outbound

READ = 2_000
"""Maximum number of characters of a text that are embedded: models take time linear in it, and a passage is shorter."""
Vector = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EmbeddingAccount:
    """A server and its model; all fields are empty for a model that runs on this machine. `timeout_s` is in seconds."""

    model: str = ""
    base_url: str = ""
    key: str = ""
    outbound: Outbound = field(default_factory=Outbound)
    timeout_s: float = 30.0


class Embedder(Protocol):
    """An embedding model. Its methods return one vector of length 1 per text, and raise TryLater (busy, slow,
    unreachable) or Refused (bad key, no such model).

    `model` names what made the vectors: vectors of two models cannot be compared. `remote`: whether texts leave this
    machine, so that personal data in queries must be masked first.
    """

    @property
    def model(self) -> str:
        """The name of the model."""
        ...

    @property
    def remote(self) -> bool:
        """Whether texts leave this machine."""
        ...

    def __init__(self, account: EmbeddingAccount) -> None: ...

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """Returns the embeddings of texts that are to be retrieved."""
        ...

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """Returns the embeddings of queries."""
        ...


def readable(text: str) -> str:
    """Returns a text that a model accepts: bounded, never empty, without lone surrogates, which native code rejects."""
    return text[:READ].replace("\0", " ").encode(errors="replace").decode().strip() or "-"


def of_length_one(vector: Sequence[float]) -> Vector:
    """Returns the vector scaled to length 1, so that an inner product is a cosine."""
    length = sum(value * value for value in vector) ** 0.5 or 1.0
    return tuple(value / length for value in vector)
