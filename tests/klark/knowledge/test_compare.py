"""Articles that say the same twice, or that deny each other, are shown to a person."""

from datetime import UTC, datetime

import pytest

from klark.knowledge import kept_comparison
from klark.knowledge.compare import COMMON, Pair, StatedSentence, compare, copied, said_otherwise, stated, told_once
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import Article, Comparison, within
from tests.klark import rows

OLD, NEW = datetime(2024, 5, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)


def of(*texts: str, language: str = "en", updated: tuple[datetime | None, ...] = ()) -> list[StatedSentence]:
    """One article a text."""
    dates = (*updated, *[None] * len(texts))
    return [StatedSentence(number, f"T{number}", language, dates[number], text) for number, text in enumerate(texts)]


def why(*texts: str, language: str = "en") -> list[str]:
    return [pair.why for pair in said_otherwise(of(*texts, language=language))]


@pytest.mark.parametrize(("language", "one", "other"), [
    ("en", "Standard delivery to Belgium takes 3 working days.", "Standard delivery to Belgium takes 5 working days."),
    ("en", "A standard article can be returned within 30 days.", "A standard article can be returned within 14 days."),
    ("en", "The return label costs 4.20 € for every parcel.", "The return label costs 4.90 € for every parcel."),
    ("en", "Standard delivery to Belgium takes 3 working days.", "Standard delivery to Belgium takes 1 working day."),
    ("en", "The return label costs 4.20 € for every parcel.", "The return label costs EUR 4.90 for every single parcel."),
    ("fr", "La livraison standard en Belgique prend 3 jours ouvrés.", "La livraison standard en Belgique prend 5 jours ouvrés."),
    ("fr", "L'étiquette de retour coûte 4,20 € par colis.", "L'étiquette de retour coûte 4,90 euros par colis."),
])  # fmt: skip
def test_sentences_that_deny_each_other_are_found(language: str, one: str, other: str) -> None:
    assert len(why(one, other, language=language)) == 1


@pytest.mark.parametrize(("one", "other"), [
    ("Standard delivery to Belgium takes 3 working days.", "Standard delivery to Norway takes 9 working days."),
    ("Standard delivery to Belgium takes 3 working days.", "STANDARD delivery to Belgium  takes 3 working days."),
    ("Standard delivery to Belgium takes 3 working days.", "Standard delivery to Belgium takes three working days."),
    ("Standard delivery to Belgium takes 3 working days.", "The workshop repairs a light within 12 working days."),
    ("It costs 3 €.", "It costs 4 €."),
    ("Standard delivery to Belgium takes 3 working days.", "Standard delivery to France takes 2 working days."),
    ("Standard delivery of a parcel takes 3 working days.", "Express delivery of a parcel takes 1 working day."),
])  # fmt: skip
def test_what_speaks_of_other_things_or_says_the_same_is_not(one: str, other: str) -> None:
    assert why(one, other) == []


@pytest.mark.parametrize(("one", "other"), [
    ("A refund is paid by card to the buyer.", "A refund is paid by transfer to the buyer."),
    ("Sale articles are accepted as a return in our shop.", "Sale articles are not accepted as a return in our shop."),
])  # fmt: skip
def test_only_figures_deny_each_other_and_words_are_for_people_to_judge(one: str, other: str) -> None:
    assert why(one, other) == []


def test_figures_that_only_one_gives_deny_nothing() -> None:
    assert why("The return label is printed at home for 4.20 €.", "The return label is printed at home.") == []


def test_sentences_of_one_article_are_not_held_against_each_other() -> None:
    text = "Standard delivery to Belgium takes {} working days."
    assert (
        list(
            said_otherwise(
                [StatedSentence(1, "T", "en", None, text.format(3)), StatedSentence(1, "T", "en", None, text.format(5))]
            )
        )
        == []
    )


def test_sentences_of_two_languages_are_not_compared() -> None:
    one, other = of("Support Belgium parcel transport 3 kg", "Support Belgium parcel transport 5 kg")
    assert list(said_otherwise([one, StatedSentence(2, "T", "fr", None, other.text)])) == []


@pytest.mark.parametrize(("dates", "order"), [
    ((OLD, NEW), [0, 1]), ((NEW, OLD), [1, 0]), ((None, OLD), [0, 1]), ((NEW, None), [0, 1]), ((OLD, OLD), [0, 1]),
])  # fmt: skip
def test_the_older_stands_first(dates: tuple[datetime | None, ...], order: list[int]) -> None:
    text = "Standard delivery to Belgium takes {} working days."
    (pair,) = said_otherwise(of(text.format(3), text.format(5), updated=dates))
    assert [pair.older.article_id, pair.newer.article_id] == order
    assert "3" in pair.why
    assert "5" in pair.why


def test_the_same_denial_is_told_once() -> None:
    text = "Standard delivery to Belgium takes {} working days."
    assert len(why(text.format(3), text.format(5), text.format(3), text.format(5))) == 1


def test_what_everything_says_is_not_compared() -> None:
    assert why(*[f"Standard delivery to Belgium takes {number} working days." for number in range(COMMON + 1)]) == []


def table(*rows_: tuple[str, str]) -> list[str]:
    """Why rows, each with its article's title, are held against each other."""
    said = [StatedSentence(number, title, "en", None, text) for number, (title, text) in enumerate(rows_)]
    return [pair.why for pair in said_otherwise(said)]


ROW = "Delivery weight: up to 2 kg; Standard price for Belgium: 6.90 €."


@pytest.mark.parametrize(("one", "other", "denied"), [
    (("Prices", ROW), ("Prices", ROW.replace("6.90", "7.40")), True),
    (("Prices 2026", ROW), ("Prices", ROW.replace("6.90", "7.40")), True),
    (("Prices", ROW), ("Prices", "Delivery weight: 2 to 5 kg; Standard price for Belgium: 7.40 €."), False),
    (("Prices", ROW), ("Prices", "Delivery weight: up to 2 kg; Standard price for France: 7.40 €."), False),
    (("Delivery to Belgium", ROW), ("Delivery to France", ROW.replace("6.90", "7.40")), False),
    (("Prices", ROW), ("Prices", "Delivery weight up to 2 kg: the standard price for Belgium is 7.40 €."), False),
])  # fmt: skip
def test_a_row_denies_only_one_with_the_same_heads(one: tuple[str, str], other: tuple[str, str], denied: bool) -> None:
    assert bool(table(one, other)) is denied


def test_of_many_copies_each_is_told_once() -> None:
    every = list(copied(pages("A b.|C d.", "A b.|C d.", "A b.|C d.", "X y.|Z a.", "X y.|Z a.")))
    told = [(pair.older.article_id, pair.newer.article_id) for pair in told_once(every)]
    assert (len(every), told) == (4, [(0, 1), (0, 2), (3, 4)])


def test_two_groups_of_copies_that_meet_become_one() -> None:
    every = list(copied(pages("A b.|C d.", "A b.|C d.")))
    one, other, third, fourth = (StatedSentence(number, "T", "en", None, "A b.") for number in range(4))
    chain = [Pair("copy", *pair) for pair in ((one, other), (third, fourth), (other, third), (one, fourth))]
    assert (len(every), len(list(told_once(chain)))) == (1, 3)


def pages(*pages: str) -> list[StatedSentence]:
    return [
        StatedSentence(number, "T", "en", None, text) for number, page in enumerate(pages) for text in page.split("|")
    ]


@pytest.mark.parametrize(("one", "other", "copy"), [
    ("A b.|C d.|E f.", "A b.|C d.|E f.", True), ("A b.|C d.|E f.", "a B.|c D.|e F.|G.|H.|I.|J.", True),
    ("A b.|C d.|E f.", "A b.|C d.|X.", False), ("A b.", "X.", False), ("A.|B.|C.|D.|E.", "A.|B.|C.|D.|X.", True),
])  # fmt: skip
def test_an_article_most_of_which_stands_in_another_is_a_copy(one: str, other: str, copy: bool) -> None:
    assert bool(list(copied(pages(one, other)))) is copy


@pytest.mark.django_db
def test_a_tenants_current_articles_are_compared_and_no_others() -> None:
    one, other = rows.tenant(), rows.tenant("globex")
    for tenant, key, days in ((one, "a", 3), (one, "b", 5), (other, "c", 7)):
        text = f"<p>Standard delivery to Belgium takes {days} working days. See {key}.</p>"
        with within(tenant):
            ingest(tenant, "manual", NewArticle(key, key, text, "en", updated_at=NEW if key == "a" else OLD))
    found = look(one)
    assert [(pair.kind, pair.older.title, pair.newer.title) for pair in found] == [("otherwise", "b", "a")]
    with within(one):
        ingest(one, "manual", NewArticle("b", "b", "<p>Standard delivery to Belgium takes 3 working days.</p>", "en"))
    assert [pair.kind for pair in look(one)] == ["copy"]
    assert look(other) == []


@pytest.mark.django_db
def test_pages_show_what_housekeeping_found_without_articles_that_have_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = rows.tenant()
    texts = {
        "a": "Standard delivery to Belgium takes 3 working days.",
        "b": "Standard delivery to Belgium takes 5 working days.",
    }
    with within(tenant):
        for key, text in texts.items():
            ingest(tenant, "manual", NewArticle(key, key, f"<p>{text}</p>", "en", updated_at=OLD))
        assert kept_comparison.compared(tenant) == ()
    kept_comparison.compare_all()
    monkeypatch.setattr(kept_comparison, "compare", lambda said: pytest.fail("nothing changed since"))
    kept_comparison.compare_all()
    with within(tenant):
        (pair,) = kept_comparison.compared(tenant)
        assert (pair.older.text, pair.newer.text, pair.older.updated_at) == (*texts.values(), OLD)
        Article.of(tenant).filter(key="b").update(current=False)
        assert kept_comparison.compared(tenant) == ()


@pytest.mark.django_db
def test_articles_that_cannot_be_compared_keep_no_other_tenants_from_being_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = rows.tenant(), rows.tenant("globex")
    for tenant in (first, second):
        rows.article(tenant)
    real = kept_comparison.stated
    monkeypatch.setattr(kept_comparison, "stated", lambda tenant: 1 / 0 if tenant == first else real(tenant))
    kept_comparison.compare_all()
    assert [rows.count(Comparison, tenant_id=tenant) for tenant in (first, second)] == [0, 1]


def look(tenant: int) -> list[Pair]:
    with within(tenant):
        said = stated(tenant)
    return compare(said)
