"""What is usual for a tenant is measured on its own sentences, anew when its passages change, and not with every model."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from integrations.embeddings.base import EmbeddingAccount, Vector
from integrations.errors import TryLater
from klark import tasks
from klark.models import Usual, within
from klark.steps import meaning
from klark.steps import usual as measuring
from klark.steps.answerable import ELSEWHERE, Signs, signs
from klark.steps.find import Ranked
from klark.steps.learn import forget
from klark.steps.meaning import embed
from klark.steps.usual import FEWEST, SENTENCES, measure, measure_all, typical
from tests.klark import rows
from tests.klark.test_find import Others, Subjects

TEXTS = (
    "We send every parcel by shipping within three working days.", "A delivery to an island takes two days longer than that.",
    "You get your money back within two weeks of the return.", "Please return it in its box to get a refund.",
    "Charge the battery at home when it is very cold in winter.", "In winter the battery lasts for half the distance only.",
)  # fmt: skip


class Fitted(Subjects):
    model = "some/multilingual-e5-small"


class Down(Fitted):
    def questions(self, texts: Sequence[str]) -> list[Vector]:
        raise TryLater("is down")


@pytest.fixture
def model() -> Fitted:
    return Fitted(EmbeddingAccount())


@pytest.fixture
def tenant() -> Iterator[int]:
    meaning._SEEN.clear()
    one = rows.tenant()
    for number, text in enumerate(TEXTS):
        rows.article(one, f"Article {number}", f"<p>{text}</p>")
    yield one
    meaning._SEEN.clear()


def all_embedded(tenant: int, model: Subjects) -> None:
    while embed(tenant, model, 64):
        pass


def kept(tenant: int) -> list[dict[str, Any]]:
    with within(tenant):
        return list(Usual.of(tenant).values("language", "model", "passages", "signs"))


def reading(number: float) -> dict[str, float]:
    return {"near": number, "title": number, "lead": number, "known": 1.0}


def test_the_typical_sentence_is_the_one_in_the_middle() -> None:
    assert typical([reading(number) for number in (0.1, 0.2, 0.3, 0.4, 9.0)]) == {
        "near": 0.3,
        "title": 0.3,
        "lead": 0.3,
    }


def test_too_few_sentences_say_nothing() -> None:
    assert [bool(typical([reading(0.5)] * count)) for count in (0, FEWEST - 1, FEWEST)] == [False, False, True]


@pytest.mark.django_db
def test_sentences_are_measured_while_their_own_article_is_away(
    tenant: int, model: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_embedded(tenant, model)
    there = list[set[int]]()

    def noted(ranked: Sequence[Ranked], known: float) -> Signs | None:
        there.append({one.article_id for one in ranked})
        return signs(ranked, known)

    monkeypatch.setattr(measuring, "signs", noted)
    assert measure(tenant, model) == 1
    everything = set.union(*there)
    assert sorted(map(sorted, (everything - one for one in there))) == [[article] for article in sorted(everything)]
    [row] = kept(tenant)
    assert (row["language"], row["model"], row["passages"], set(row["signs"])) == ("en", model.model, 6, set(ELSEWHERE))


@pytest.mark.django_db
def test_it_is_measured_anew_only_when_passages_come_or_go(tenant: int, model: Fitted) -> None:
    all_embedded(tenant, model)
    assert [measure(tenant, model), measure(tenant, model)] == [1, 0]
    rows.article(tenant, "New", "<p>There is a parcel shop in every larger town.</p>")
    all_embedded(tenant, model)
    assert [measure(tenant, model), measure(tenant, model)] == [1, 0]
    with within(tenant):
        forget(tenant, "manual", {f"Article {number}" for number in range(len(TEXTS))})
    assert [measure(tenant, model), kept(tenant)[0]["passages"], len(kept(tenant))] == [1, 6, 1]


@pytest.mark.django_db
def test_each_language_is_measured_by_itself(tenant: int, model: Fitted) -> None:
    for number in range(2):
        rows.article(
            tenant, f"Livraison {number}", "<p>Nous livrons votre colis en trois jours ouvrés.</p>", language="fr"
        )
    all_embedded(tenant, model)
    assert measure(tenant, model) == 2
    assert {row["language"]: bool(row["signs"]) for row in kept(tenant)} == {"en": True, "fr": False}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Subjects, Others, None])
def test_nothing_is_measured_for_a_model_that_was_not_fitted_on(tenant: int, kind: type[Subjects] | None) -> None:
    one = kind(EmbeddingAccount()) if kind else None
    if one:
        all_embedded(tenant, one)
    assert (measure(tenant, one), kept(tenant)) == (0, [])


@pytest.mark.django_db
def test_one_sentence_of_each_article_is_taken_and_not_too_many(
    tenant: int, model: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows.article(tenant, "Short", "<p>Too short. No.</p>")
    rows.article(
        tenant,
        "Three",
        "<p>The first of these has words enough. The second one is in the middle. The last one is at the end.</p>",
    )
    with within(tenant):
        taken = list(measuring._sentences(tenant, "en").values())
        monkeypatch.setattr(measuring, "SENTENCES", 3)
        fewer = list(measuring._sentences(tenant, "en").values())
    assert taken == [*TEXTS, "The second one is in the middle."]
    assert 2 <= len(fewer) <= 3 <= SENTENCES


@pytest.mark.django_db
def test_housekeeping_measures_every_tenant_and_survives_a_model_that_is_down(
    tenant: int, model: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    down = Down(EmbeddingAccount())
    all_embedded(tenant, model)
    monkeypatch.setattr(measuring, "embedders", lambda: (down,))
    measure_all()
    assert kept(tenant) == []
    monkeypatch.setattr(measuring, "embedders", lambda: (model,))
    tasks.housekeeping.run()
    assert [row["passages"] for row in kept(tenant)] == [6]


@pytest.mark.django_db
def test_nothing_is_measured_until_all_have_their_vectors(
    tenant: int, model: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "embedders", lambda: (model,))
    embed(tenant, model, 2)
    measure_all()
    assert kept(tenant) == []
