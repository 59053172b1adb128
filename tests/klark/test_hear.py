"""What speaks of a question: read from the search, of a long ticket from its nearest part, against what is usual here."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from integrations.embeddings.base import EmbeddingAccount
from klark.models import Article, Usual, within
from klark.steps import hear as hearing
from klark.steps import meaning, retrieve
from klark.steps.answerable import ELSEWHERE, Heard
from klark.steps.hear import Search, chance, hear, usual
from klark.steps.meaning import embed, seen
from tests.klark import rows
from tests.klark.test_find import SHELF, Subjects

LONG = (
    "I have been a customer of your shop for many years and was always happy with all that you did for my family and me. "
    "Yesterday my neighbour asked me about the weather and about his garden, and we talked for an hour or so. "
    "How long does shipping take? "
    "My sister lives by the sea and likes to swim in the morning before she goes to her work in the town."
)

pytestmark = pytest.mark.django_db


class Fitted(Subjects):
    model = "some/multilingual-e5-small"


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Fitted:
    one = Fitted(EmbeddingAccount())
    monkeypatch.setattr(retrieve, "embedders", lambda: (one,))
    return one


@pytest.fixture
def tenant(model: Fitted) -> Iterator[int]:
    one = rows.tenant()
    for title, text in SHELF.items():
        rows.article(one, title, f"<p>{text}</p>")
    while embed(one, model):
        pass
    meaning._SEEN.clear()
    yield one
    meaning._SEEN.clear()


def searched(tenant: int, text: str) -> Search:
    found = retrieve.rank(tenant, text, "en").by_meaning
    assert found
    return found


def heard(tenant: int, search: Search, away: Sequence[int] = ()) -> Heard:
    with within(tenant):
        got = hear(search, away)
    assert got
    return got


def articles(tenant: int, *titles: str) -> list[int]:
    with within(tenant):
        return list(Article.of(tenant).filter(title__in=titles).values_list("pk", flat=True))


def test_a_short_question_is_heard_as_it_was_searched_for(tenant: int) -> None:
    got = heard(tenant, searched(tenant, "How long does shipping take?"))
    assert (got.parts, got.usual, got.signs["near"] > 0.9) == (1, ELSEWHERE, True)


def test_a_long_ticket_is_heard_by_the_part_that_comes_nearest(tenant: int) -> None:
    short, long = (heard(tenant, searched(tenant, text)) for text in ("How long does shipping take?", LONG))
    assert long.parts > 3
    assert long.signs == pytest.approx(short.signs, abs=0.01)


def test_a_long_ticket_as_a_whole_would_have_said_less(tenant: int) -> None:
    search = searched(tenant, LONG)
    alone = heard(tenant, replace(search, asked=replace(search.asked, parts=search.asked.parts[:1])))
    assert alone.signs["known"] < heard(tenant, search).signs["known"]


def test_articles_that_are_away_speak_neither_for_the_whole_nor_for_a_part(tenant: int) -> None:
    away = articles(tenant, "Parcels")
    for text in ("How long does shipping take?", LONG):
        search = searched(tenant, text)
        assert heard(tenant, search, away).signs["near"] < heard(tenant, search).signs["near"]


def test_where_all_is_away_nothing_is_near(tenant: int) -> None:
    got = heard(tenant, searched(tenant, LONG), articles(tenant, *SHELF))
    assert (got.signs["near"], got.signs["title"], got.signs["lead"]) == (0.0, 0.0, 0.0)


def test_what_was_measured_for_this_tenant_language_and_model_is_what_is_usual(tenant: int) -> None:
    mine = {"near": 0.7, "title": 0.8, "lead": 5.0}
    other = rows.tenant("globex")
    for owner, language, name, signs in (
        (tenant, "en", "m", mine), (tenant, "fr", "m", {"near": 0.1}), (tenant, "en", "n", {}), (other, "en", "m", {"near": 0.2}),
    ):  # fmt: skip
        with within(owner):
            Usual.objects.create(tenant_id=owner, language=language, model=name, signs=signs)
    with within(tenant):
        assert usual(tenant, "en", "m") == mine
        assert usual(tenant, "en", "n") == ELSEWHERE
        assert usual(tenant, "de", "m") == ELSEWHERE


def test_a_chance_is_held_against_what_is_usual_for_the_tenant(tenant: int) -> None:
    before = retrieve.search(tenant, ["shipping"], ["en"]).chance
    with within(tenant):
        Usual.objects.create(
            tenant_id=tenant, language="en", model=Fitted.model, signs={"near": 1.2, "title": 1.2, "lead": 9.0}
        )
    after = retrieve.search(tenant, ["shipping"], ["en"]).chance
    assert before is not None
    assert after is not None
    assert after < before / 2


def test_a_model_that_was_not_fitted_on_tells_nothing(tenant: int) -> None:
    search = searched(tenant, "shipping")
    assert chance(search) is not None
    assert chance(replace(search, looked=replace(search.looked, model="another"))) is None


def test_passages_without_vectors_leave_the_whole_to_speak(tenant: int) -> None:
    search = searched(tenant, LONG)
    with within(tenant):
        assert hearing._nearest(search) is not None
        assert hearing._nearest(replace(search, ranked=[])) is None
        assert hearing._nearest(replace(search, looked=replace(search.looked, model="another"))) is None


def test_a_model_sees_a_question_as_its_parts_and_their_mixture() -> None:
    looked = seen("m", [[1.0, 0.0], [0.0, 1.0]])
    assert (looked.model, looked.length, looked.parts) == ("m", 2, ("[1,0]", "[0,1]"))
    assert looked.vector == "[0.894427,0.447214]"
