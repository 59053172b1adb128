"""The embedding providers that klark knows: one file and one row each."""

from integrations.embeddings.base import Embedder
from integrations.embeddings.local_e5 import Nano
from integrations.embeddings.openai import OpenAIEmbeddings

EMBEDDERS: dict[str, type[Embedder]] = {
    "nano": Nano,
    "openai": OpenAIEmbeddings,
}
