"""The passage that answers is found: through stems, accents, typos and look-alikes, and only the tenant's own."""

import pytest

from klark.delivery.stored_evidence import passages_record as as_record
from klark.models import Article
from klark.retrieval.retrieve import search
from klark.values.passages import FoundArticle, SearchRequest
from tests.klark import rows

pytestmark = pytest.mark.django_db

SHELF = {
    "en": {
        "Delivery times": "Delivery to Belgium takes 3 to 5 working days.",
        "Delivery prices": "Delivery to Belgium costs 6.90 €.",
        "Returning an item": "You can return an item within 30 days.",
        "Battery in winter": "Keep the battery indoors when it freezes.",
    },
    "fr": {
        "Délais de livraison": "La livraison en Belgique prend 3 à 5 jours ouvrés.",
        "Frais de livraison": "La livraison en Belgique coûte 6,90 €.",
        "Garder la batterie en hiver": "Gardez la batterie à l'intérieur quand il gèle.",
    },
}


@pytest.fixture
def tenant() -> int:
    one = rows.tenant()
    for language, articles in SHELF.items():
        for title, text in articles.items():
            rows.article(one, title, f"<p>{text}</p>", language=language)
    return one


def retrieve(tenant: int, question: str, *languages: str, tokens: int = 2_500) -> tuple[FoundArticle, ...]:
    return search(tenant, SearchRequest(question, languages or ("en",), tokens=tokens)).found


def first(tenant: int, question: str, *languages: str) -> str:
    found = retrieve(tenant, question, *languages)
    return found[0].article if found else ""


@pytest.mark.parametrize(("question", "language", "article"), [
    ("How long does delivery to Belgium take?", "en", "Delivery times"),
    ("What does delivery to Belgium cost?", "en", "Delivery prices"),
    ("I want to return my items", "en", "Returning an item"),
    ("batteries in freezing winters", "en", "Battery in winter"),
    ("how long do delivreies to Belguim take", "en", "Delivery times"),
    ("Quel est le délai de livraison en Belgique ?", "fr", "Délais de livraison"),
    ("quel est le delai de livraison en belgique", "fr", "Délais de livraison"),
    ("combien coute la livraison", "fr", "Frais de livraison"),
    ("battrie hiver", "fr", "Garder la batterie en hiver"),
    ("RETURN!!! ITEM???", "en", "Returning an item"),
])  # fmt: skip
def test_the_passage_that_answers_comes_first(tenant: int, question: str, language: str, article: str) -> None:
    assert first(tenant, question, language) == article


@pytest.mark.parametrize("question", ["", "   ", "the of and", "\0", "\ud800", "🦊", "' OR 1=1 --", "%s %(x)s", "a & | ! ( )",
                                      "x" * 300_000, "word " * 50_000, "\\", "'"])  # fmt: skip
def test_any_question_is_answered_with_passages_or_none(tenant: int, question: str) -> None:
    assert isinstance(retrieve(tenant, question, "en", "fr"), tuple)


def test_nothing_is_found_for_what_nobody_wrote_about(tenant: int) -> None:
    assert first(tenant, "quantum chromodynamics lattice") == ""


def test_the_tenants_other_language_is_a_fallback_only(tenant: int) -> None:
    assert first(tenant, "quand il gèle", "en", "fr") == "Garder la batterie en hiver"
    assert first(tenant, "battery in winter", "en", "fr") == "Battery in winter"


def test_a_lone_page_in_the_tickets_language_does_not_hide_a_shelf_in_another() -> None:
    tenant = rows.tenant()
    rows.article(tenant, "Mentions légales", "<p>La boutique répond de la batterie en Belgique.</p>", language="fr")
    for title, text in SHELF["en"].items():
        rows.article(tenant, title, f"<p>{text}</p>", language="en")
    found = retrieve(tenant, "battery batterie winter", "fr", "en")
    assert [(one.article, one.fallback) for one in found[:2]] == [
        ("Mentions légales", False),
        ("Battery in winter", True),
    ]
    few = retrieve(tenant, "battery batterie winter", "fr", "en", tokens=40)
    assert [one.article for one in few] == ["Mentions légales"]


def test_a_language_with_enough_passages_is_searched_alone() -> None:
    tenant = rows.tenant()
    for number in range(60):
        language = "fr" if number < 20 else "en"
        rows.article(tenant, f"Batterie {number}", f"<p>Batterie {number}.</p>", language=language)
    assert {one.language for one in retrieve(tenant, "batterie", "fr", "en")} == {"fr"}


SECTIONS = """<p>Delivery is by bike.</p><h2>Norway</h2><p>Delivery to Norway takes 9 days.</p><p>Ferry included.</p>
<h2>Iceland:</h2><p>Delivery to Iceland takes 12 days.</p>"""


def test_another_brands_passages_do_not_make_a_language_one_with_enough() -> None:
    tenant = rows.tenant()
    for number in range(20):
        rows.article(tenant, f"Batterie {number}", f"<p>Batterie {number}.</p>", language="fr")
    with rows.within(tenant):
        Article.of(tenant).exclude(title="Batterie 0").update(brand="other")
    for number in range(3):
        rows.article(tenant, f"Battery {number}", f"<p>Batterie or battery {number}.</p>", language="en")
    asked = SearchRequest("batterie", ("fr", "en"), brand="ours", tokens=2_500)
    assert {one.language for one in search(tenant, asked).found} == {"fr", "en"}


def test_an_article_is_handed_out_whole_in_its_order(tenant: int) -> None:
    rows.article(tenant, "Far north", SECTIONS)
    (found,) = [one for one in retrieve(tenant, "days to Iceland") if one.article == "Far north"]
    assert [(each.heading, each.lines) for each in found.sections] == [
        ("", ("Delivery is by bike.",)),
        ("Norway", ("Delivery to Norway takes 9 days.", "Ferry included.")),
        ("Iceland:", ("Delivery to Iceland takes 12 days.",)),
    ]
    assert max(found.sections, key=lambda each: each.score).heading == "Iceland:"


def test_a_passage_is_found_by_its_sections_headings(tenant: int) -> None:
    rows.article(tenant, "Far north", SECTIONS.replace("Iceland takes", "there takes"))
    assert first(tenant, "Iceland") == "Far north"


def test_twins_count_once(tenant: int) -> None:
    rows.article(tenant, "Returns again", "<p>You can return an item within 30 days.</p>")
    found = retrieve(tenant, "return an item within 30 days")
    assert [one.lines for one in found].count(("You can return an item within 30 days.",)) == 1


def test_no_more_is_handed_out_than_a_drafter_may_read(tenant: int) -> None:
    for number in range(40):
        rows.article(tenant, f"Parcel {number}", f"<p>A parcel of kind {number} weighs a lot{' and more' * 20}.</p>")
    few, many = (retrieve(tenant, "parcel weighs", tokens=tokens) for tokens in (300, 900))
    assert 0 < len(few) < len(many) < 40
    assert sum(len(line) for one in few for line in one.lines) <= 300 * 4


def test_of_an_article_that_does_not_fit_the_nearest_sections_are_read(tenant: int) -> None:
    sections = (f"<h2>Country {number}</h2><p>{'Parcels take long there. ' * 20}</p>" for number in range(30))
    rows.article(tenant, "Everywhere", f"{''.join(sections)}<h2>Iceland</h2><p>A parcel to Iceland takes 12 days.</p>")
    found = next(one for one in retrieve(tenant, "Iceland") if one.article == "Everywhere")
    assert ("Iceland" in [each.heading for each in found.sections], len(found.sections) < 31) == (True, True)


def test_no_tenant_finds_anothers_passage(tenant: int) -> None:
    other = rows.tenant("globex")
    rows.article(other, "Secret", "<p>The battery secret of Globex.</p>")
    assert {one.article for one in retrieve(tenant, "battery secret Globex")} == {"Battery in winter"}
    assert {one.article for one in retrieve(other, "battery winter secret")} == {"Secret"}


def test_an_old_version_is_not_found(tenant: int) -> None:
    rows.article(tenant, "Delivery times", "<p>Delivery to Belgium takes 9 working days.</p>")
    found = retrieve(tenant, "delivery to Belgium working days")
    assert [(one.version, one.lines[0]) for one in found if one.article == "Delivery times"] == [
        (2, "Delivery to Belgium takes 9 working days.")]  # fmt: skip


def test_a_withdrawn_article_is_not_found(tenant: int) -> None:
    rows.change(Article, current=False)
    assert first(tenant, "delivery to Belgium") == ""


def test_without_any_knowledge_nothing_is_found() -> None:
    assert retrieve(rows.tenant("empty"), "delivery", "en", "fr") == ()
    assert retrieve(rows.tenant("none-asked"), "") == ()


def test_the_record_names_article_and_version(tenant: int) -> None:
    record = as_record(retrieve(tenant, "return an item"))
    assert (record[0]["article"], record[0]["version"], record[0]["sentences"]) == (
        "Returning an item", 1, ["You can return an item within 30 days."])  # fmt: skip
