"""The embedding providers that klark knows: one file and one row each."""

from collections.abc import Callable

from integrations.embeddings.base import Embedder, EmbeddingAccount
from integrations.embeddings.local_e5 import Nano


def _openai(account: EmbeddingAccount) -> Embedder:
    """Imports the SDK when it is needed first, as `integrations.llms` does."""
    from integrations.embeddings.openai import OpenAIEmbeddings  # noqa: PLC0415

    return OpenAIEmbeddings(account)


EMBEDDERS: dict[str, Callable[[EmbeddingAccount], Embedder]] = {
    "nano": Nano,
    "openai": _openai,
}
