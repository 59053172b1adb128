"""What klark asks of an embedding model, and what it gets back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from integrations.http.transports import Outbound

READ = 2_000
"""Characters of a text that are embedded: models take time linear in it, and a passage is shorter."""
Vector = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EmbeddingAccount:
    """A server and its model; all empty for a model that runs here."""

    model: str = ""
    base_url: str = ""
    key: str = ""
    outbound: Outbound = field(default_factory=Outbound)
    timeout_s: float = 30.0


class Embedder(Protocol):
    """Vectors of length 1, one a text. Raises TryLater (busy, slow, unreachable) or Refused (bad key, no such model).

    `model` names what made the vectors: those of two models cannot be compared.
    """

    @property
    def model(self) -> str: ...

    def __init__(self, account: EmbeddingAccount) -> None: ...

    def passages(self, texts: Sequence[str]) -> list[Vector]: ...

    def questions(self, texts: Sequence[str]) -> list[Vector]: ...


def readable(text: str) -> str:
    """What a model is given: bounded, never empty, without lone surrogates, which native code refuses."""
    return text[:READ].replace("\0", " ").encode(errors="replace").decode().strip() or "-"


def of_length_one(vector: Sequence[float]) -> Vector:
    """So that an inner product is a cosine."""
    length = sum(value * value for value in vector) ** 0.5 or 1.0
    return tuple(value / length for value in vector)
