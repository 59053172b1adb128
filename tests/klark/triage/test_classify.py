"""The triage model is a service of its own, whatever search uses, and says in a sentence why it cannot be asked."""

from collections.abc import Sequence

import pytest
from pytest_django import Settings

from guardrails.triage.classifier_heads import ENCODER
from integrations.embeddings.base import EmbeddingAccount, Vector
from integrations.embeddings.local_e5 import Nano
from integrations.errors import Refused, TryLater
from klark.checks import check_triage_model
from klark.triage import model as classify


class Broken(Nano):
    """A model that cannot be asked."""

    def __init__(self, trouble: Exception) -> None:
        super().__init__(EmbeddingAccount(), ENCODER)
        self.trouble = trouble

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        raise self.trouble


@pytest.mark.parametrize("names", [(), ("openai",), ("nano",)])
def test_it_is_asked_whatever_search_uses(settings: Settings, names: tuple[str, ...]) -> None:
    settings.KLARK_EMBEDDINGS = names
    assert [len(one) for one in classify.vectors(["Where is my parcel?"])] == [384]


def test_its_weights_are_its_own() -> None:
    plain = Nano(EmbeddingAccount())
    assert Nano(EmbeddingAccount(), ENCODER).model != plain.model
    assert classify.vectors(["Where?"]) != plain.questions(["Where?"])
    plain.close()


@pytest.mark.parametrize("trouble", [TryLater("it ended"), Refused("it does not run on this machine")])
def test_why_it_cannot_be_asked_is_told(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    monkeypatch.setattr(classify, "model", lambda: Broken(trouble))
    assert (classify.trouble(), str(trouble) in classify.trouble()) == (
        f"The triage model does not answer: {trouble}",
        True,
    )


def test_one_that_is_not_installed_is_named_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_triage_model() == []
    monkeypatch.setattr(Nano, "installed", staticmethod(lambda: False))
    (found,) = check_triage_model()
    assert (found.id, "triage unavailable" in (found.hint or "")) == ("klark.W003", True)
