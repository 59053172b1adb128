"""What is indexed is found, counted once and gone when it is withdrawn."""

from collections.abc import Mapping

import pytest
from django.db import connection

from klark.knowledge.features import gram_number, stem_number
from klark.knowledge.index import EVERY_PASSAGE, configuration, stems, withdraw
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import Article, Feature, Meaning, Passage, Word, within
from klark.retrieval.query import MOST_PARTS, POOL, READ, build_query
from tests.klark import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant() -> int:
    return rows.tenant()


def take(tenant: int, key: str, text: str, language: str = "en") -> None:
    with within(tenant):
        ingest(tenant, "manual", NewArticle(key, key, f"<p>{text}</p>", language))


def counted(tenant: int, language: str = "en") -> Mapping[int, int]:
    with within(tenant):
        return dict(Feature.of(tenant).filter(language=language).exclude(passages=0).values_list("number", "passages"))


@pytest.mark.parametrize(("language", "used"), [("fr", "french"), ("en", "english"), ("pl", "simple"), ("", "simple")])
def test_a_language_without_a_stemmer_is_searched_word_by_word(language: str, used: str) -> None:
    assert configuration(language) == used


@pytest.mark.parametrize(("language", "text", "held"), [
    ("fr", "Des livraisons étaient gratuites", {"livraison": 1, "gratuit": 1}),
    ("en", "the parcels, a parcel", {"parcel": 2}),
    ("pl", "paczki paczka", {"paczki": 1, "paczka": 1}),
    ("en", "\0 \ud800", {}), ("en", "", {}),
])  # fmt: skip
def test_stems_are_without_accents_and_stop_words(language: str, text: str, held: dict[str, int]) -> None:
    (found,) = stems([text], language)
    assert {stem: count for stem, count in found.items() if stem != "?"} == held


def test_texts_are_stemmed_together_and_stay_apart() -> None:
    assert [dict(one) for one in stems(["parcel", "", "parcel parcel"], "en")] == [{"parcel": 1}, {}, {"parcel": 2}]


def test_each_feature_counts_its_passages(tenant: int) -> None:
    take(tenant, "a", "parcel parcel bicycle")
    take(tenant, "b", "parcel")
    take(tenant, "c", "parcel", "fr")
    held = counted(tenant)
    assert (held[EVERY_PASSAGE], held[stem_number("parcel")], held[stem_number("bicycl")]) == (2, 2, 1)
    assert held[gram_number(" par")] == 2
    assert counted(tenant, "fr")[EVERY_PASSAGE] == 1


def test_withdrawing_takes_back_all_that_was_counted(tenant: int) -> None:
    take(tenant, "a", "parcel")
    before = counted(tenant)
    take(tenant, "b", "parcel bicycle")
    with within(tenant):
        passage = Passage.objects.get(article__key="b")
        Meaning.objects.create(tenant_id=tenant, passage=passage, model="m", language="en", vector="[1]", title="[1]")
        withdraw(tenant, [Article.objects.get(key="b").pk])
        assert Meaning.objects.count() == 0
        assert passage.sentences == Passage.objects.get(pk=passage.pk).sentences == ["parcel bicycle"]
    assert counted(tenant) == before


def test_withdrawing_again_takes_nothing_more(tenant: int) -> None:
    take(tenant, "a", "parcel")
    with within(tenant):
        for _ in range(3):
            withdraw(tenant, [Article.objects.get(key="a").pk])
    assert counted(tenant) == {}


def test_withdrawing_nothing_is_nothing(tenant: int) -> None:
    take(tenant, "a", "parcel")
    before = counted(tenant)
    with within(tenant):
        withdraw(tenant, [])
    assert counted(tenant) == before


def test_figures_and_letters_alone_are_no_words_to_mend_with(tenant: int) -> None:
    take(tenant, "a", "x 12345 parcel a1b2 " + "y" * 61)
    with within(tenant):
        assert set(Word.objects.values_list("word", flat=True)) == {"parcel"}


def test_the_database_scores_a_passage_by_its_features(tenant: int) -> None:
    take(tenant, "a", "parcel bicycle")
    with within(tenant), connection.cursor() as cursor:
        cursor.execute(
            "SELECT -(stems <#> %s::sparsevec) FROM klark_passage", [f"{{{stem_number('parcel') + 1}:2}}/536870912"]
        )
        (score,) = cursor.fetchone()
    assert 2.0 < score < 4.4


def test_the_rarest_words_bring_passages_in_and_common_ones_no_more_than_enough(tenant: int) -> None:
    take(tenant, "a", "parcel bicycle")
    with within(tenant):
        Feature.objects.filter(number=stem_number("parcel")).update(passages=POOL + 1)
        Feature.objects.filter(number=EVERY_PASSAGE).update(passages=2 * POOL)
        assert build_query(tenant, "parcel bicycle", "en").wanted == ("bicycl",)
        assert build_query(tenant, "parcel", "en").wanted == ("parcel",)


def test_a_ticket_is_read_up_to_its_limit_and_split_into_so_many_parts(tenant: int) -> None:
    take(tenant, "a", "parcel")
    with within(tenant):
        text = " ".join(f"Parcel number {number} has not come yet." for number in range(2_000))
        asked = build_query(tenant, text, "en")
    assert len(asked.parts) == MOST_PARTS + 1
    assert READ - 50 < len(asked.parts[0]) < READ + 50


def test_one_tenants_counts_are_not_anothers(tenant: int) -> None:
    take(tenant, "a", "parcel")
    other = rows.tenant("globex")
    with within(other):
        assert build_query(other, "parcel", "en").known == 0.0
    assert counted(other) == {}
