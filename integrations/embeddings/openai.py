"""Any server that speaks the OpenAI embeddings protocol.
https://platform.openai.com/docs/api-reference/embeddings/create

Models of the E5 family need a prefix that tells queries from passages; they are recognised by name.
"""

import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import httpx2
import openai

from integrations.embeddings.base import EmbeddingAccount, Vector, of_length_one, readable
from integrations.errors import Refused, TryLater, Unsure
from integrations.llms.base import ModelAccount
from integrations.llms.openai import client
from integrations.llms.openai_errors import translated

AT_ONCE = 32


class OpenAIEmbeddings:
    """The model `account.model` behind `account.base_url`."""

    remote = True

    def __init__(self, account: EmbeddingAccount) -> None:
        self.account = account
        self.model = account.model
        self._prefixed = "e5" in account.model.lower()

    @cached_property
    def _client(self) -> openai.OpenAI:
        one = self.account
        return client(ModelAccount(one.model, one.base_url, one.key, one.outbound, timeout_s=one.timeout_s))

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        """Returns the embeddings of texts that are to be retrieved."""
        return self._embed("passage: ", texts)

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        """Returns the embeddings of queries."""
        return self._embed("query: ", texts)

    def _embed(self, prefix: str, texts: Sequence[str]) -> list[Vector]:
        said = [(prefix if self._prefixed else "") + readable(text) for text in texts]
        return [vector for start in range(0, len(said), AT_ONCE) for vector in self._ask(said[start : start + AT_ONCE])]

    def _ask(self, texts: list[str]) -> list[Vector]:
        asked = {"model": self.model, "input": texts, "encoding_format": "float"}
        try:
            answer = self._client.post(
                "/embeddings", cast_to=httpx2.Response, body=asked, options={"timeout": self.account.timeout_s}
            )
        except openai.APIError as error:
            raise translated(error) from error
        except Unsure as error:  # a request changes nothing on the server, so repeating it is safe
            raise TryLater("the embeddings never came") from error
        return _read(answer, len(texts))


def _read(answer: httpx2.Response, count: int) -> list[Vector]:
    """Returns one vector per text, in the order of the texts. Raises Refused for anything else: the SDK does not
    validate the response."""
    try:
        told = {_place(row): of_length_one(_numbers(row)) for row in _rows(answer)}
    except (TypeError, KeyError, OverflowError) as error:
        raise Refused("the embedding server answered something other than vectors") from error
    vectors = [told[place] for place in sorted(told)]
    alike = sorted(told) == list(range(count)) and len({len(vector) for vector in vectors}) == 1
    if not alike or not all(math.isclose(math.hypot(*vector), 1.0, abs_tol=1e-6) for vector in vectors):
        raise Refused("the embedding server gave vectors that do not belong to the texts")
    return vectors


def _rows(answer: httpx2.Response) -> list[Mapping[str, Any]]:
    try:
        body = answer.json()
    except (ValueError, RecursionError) as error:
        raise Refused("the embedding server answered something other than JSON") from error
    rows = body["data"]
    if not isinstance(rows, list):
        raise TypeError("not a list")
    return rows


def _place(row: Mapping[str, Any]) -> int:
    if type(row["index"]) is not int:
        raise TypeError("not a place")
    return row["index"]


def _numbers(row: Mapping[str, Any]) -> list[float]:
    if not all(type(value) in (int, float) for value in row["embedding"]):
        raise TypeError("not numbers")
    return [float(value) for value in row["embedding"]]
