"""Sensitive topics are heard with vectors of the model that runs here, and without them where there is none."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from guardrails.base import Sensitive
from guardrails.sensitive import TUNING
from integrations.embeddings.base import EmbeddingAccount, Vector
from integrations.embeddings.nano import Nano
from integrations.embeddings.openai import OpenAIEmbeddings
from integrations.errors import Refused, TryLater
from klark.steps import heed as module
from klark.steps.heed import heed
from klark.steps.rest import RestedEmbedder, Rests


class Here(Nano):
    """Stands in for the embedding model in this process."""

    def __init__(self, trouble: Exception | None = None) -> None:
        super().__init__(EmbeddingAccount())
        self.trouble, self.asked, self.tuning = trouble, 0, Path()

    def tuned(self, texts: Sequence[str], tuning: Path) -> list[Vector]:
        self.asked += len(texts)
        self.tuning = tuning
        if self.trouble:
            raise self.trouble
        return [(0.0,) * 384 for _ in texts]


class Elsewhere(OpenAIEmbeddings):
    """A server, which no ticket may reach."""

    def __init__(self) -> None:
        super().__init__(EmbeddingAccount("text-embedding-invented", "http://models.example/v1", "key"))
        self.asked = 0

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        self.asked += len(texts)
        return []


@pytest.fixture
def embedders(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    listed: list[Any] = []
    monkeypatch.setattr(module, "embedders", lambda: [RestedEmbedder(each, Rests()) for each in listed])
    monkeypatch.setattr(Nano, "installed", staticmethod(lambda: True))
    return listed


def test_the_model_that_runs_here_is_asked(embedders: list[Any]) -> None:
    embedders += [Elsewhere(), Here()]
    heed("Where is my parcel?")
    assert ([each.asked for each in embedders], embedders[1].tuning) == ([0, 1], TUNING)


def test_a_server_never_sees_a_ticket(embedders: list[Any]) -> None:
    embedders.append(Elsewhere())
    assert [found.category for found in heed("I want to kill myself")] == ["self_harm"]
    assert embedders[0].asked == 0


@pytest.mark.parametrize("trouble", [TryLater("busy"), Refused("does not run on this machine")])
def test_words_must_do_where_the_model_fails(embedders: list[Any], trouble: Exception) -> None:
    embedders.append(Here(trouble))
    assert [found.category for found in heed("I want to kill myself")] == ["self_harm"]


def test_words_must_do_where_the_model_is_not_installed(embedders: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nano, "installed", staticmethod(lambda: False))
    embedders.append(Here())
    assert (heed("Where is my parcel?"), embedders[0].asked) == ((), 0)


def test_what_is_found_is_what_the_guardrail_finds(embedders: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    found = (Sensitive("minors", "x"),)
    monkeypatch.setattr(module, "sensitive", lambda text, meanings: found if meanings(["a"]) == [] else ())
    assert heed("anything") == found
