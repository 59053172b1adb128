"""Any server that speaks the OpenAI embeddings protocol. https://platform.openai.com/docs/api-reference/embeddings/create

Models of the E5 family want to be told which side a text is on: their names decide.
"""

from collections.abc import Sequence
from functools import cached_property

import openai

from integrations.embeddings.base import EmbeddingAccount, Vector, of_length_one, readable
from integrations.errors import Refused, TryLater, Unsure
from integrations.llms.base import ModelAccount
from integrations.llms.openai import client
from integrations.llms.openai_errors import translated

AT_ONCE = 32


class OpenAIEmbeddings:
    """The model `account.model` behind `account.base_url`."""

    def __init__(self, account: EmbeddingAccount) -> None:
        self.account = account
        self.model = account.model
        self._prefixed = "e5" in account.model.lower()

    @cached_property
    def _client(self) -> openai.OpenAI:
        one = self.account
        return client(ModelAccount(one.model, one.base_url, one.key, one.outbound, timeout_s=one.timeout_s))

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of texts to be found."""
        return self._embed("passage: ", texts)

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """Vectors of what is asked."""
        return self._embed("query: ", texts)

    def _embed(self, prefix: str, texts: Sequence[str]) -> list[Vector]:
        said = [(prefix if self._prefixed else "") + readable(text) for text in texts]
        return [vector for start in range(0, len(said), AT_ONCE) for vector in self._ask(said[start : start + AT_ONCE])]

    def _ask(self, texts: list[str]) -> list[Vector]:
        try:
            given = self._client.embeddings.create(
                model=self.model, input=texts, encoding_format="float", timeout=self.account.timeout_s
            )
        except openai.APIError as error:
            raise translated(error) from error
        except Unsure as error:  # nothing changed anywhere, so asking again is safe
            raise TryLater("the embeddings never came") from error
        vectors = [of_length_one(one.embedding) for one in sorted(given.data, key=lambda one: one.index)]
        if len(vectors) != len(texts) or len({len(vector) for vector in vectors}) != 1:
            raise Refused("the embedding server gave vectors that do not belong to the texts")
        return vectors
