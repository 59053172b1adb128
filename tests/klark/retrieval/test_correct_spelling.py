"""Quick writing is read as it was meant, and what was written well is left alone."""

import pytest

from klark.models import Word, within
from klark.retrieval.correct_spelling import MOST, _is_word, mended
from klark.retrieval.query import build_query
from klark.retrieval.short_forms import at_length, short_forms
from tests.klark import rows

SHELF = {
    "en": "A subscription is cancelled from the account page. The invoice is sent by post. Resume the download later.",
    "fr": "Les données sont supprimées après la résiliation. Le prélèvement s'arrête. Un résumé est envoyé. Le rib reste.",
}


@pytest.mark.parametrize(("language", "text", "meant"), [
    ("fr", "pk la livraison ?", "pourquoi la livraison ?"),
    ("fr", "PK la livraison ?", "pourquoi la livraison ?"),
    ("fr", "bjr, ya un pb", "bonjour, il y a un problème"),
    ("en", "plz help", "please help"),
    ("en", "wht abt a refund w/o receipt", "what about a refund without receipt"),
    ("de", "pk plz", "pk plz"),
    ("../en", "plz", "plz"),
    ("", "plz", "plz"),
])  # fmt: skip
def test_short_forms_are_written_at_length(language: str, text: str, meant: str) -> None:
    assert at_length(text, language, ()) == meant


@pytest.mark.parametrize(("language", "text"), [
    ("en", "Why are 2 of 4 items missing? Plan B, part C."),
    ("fr", "J'ai commandé 2 lampes, taille M, vis n° 4."),
    ("fr", "Un colis de 1 kg pour l'option C"),
])  # fmt: skip
def test_figures_and_letters_stay_in_a_text_that_is_not_written_in_short(language: str, text: str) -> None:
    assert at_length(text, language, ()) == text


def test_doubtful_forms_are_read_where_a_text_is_written_in_short() -> None:
    assert at_length("plz tell me wht 2 do 4 this", "en", ()) == "please tell me what to do for this"


def test_a_short_form_that_the_passages_use_is_left_alone() -> None:
    assert at_length("my acct no", "en", {"acct"}) == "my acct no"


def test_a_typographic_apostrophe_is_one_too() -> None:
    assert at_length("c’koi ça", "fr", ()) == at_length("c'koi ça", "fr", ())


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_short_form_is_one_token_and_says_something_else(language: str) -> None:
    forms = short_forms(language)
    every = {**forms.sure, **forms.doubtful}
    assert not set(forms.sure) & set(forms.doubtful)
    assert [short for short, long in every.items() if not long.strip() or short == long or " " in short] == []
    assert len(forms.sure) > 150
    read = {short for short in forms.sure if at_length(short, language, ()) == forms.sure[short]}
    assert set(forms.sure) - read == set()


@pytest.fixture
def tenant(db: None) -> int:
    one = rows.tenant()
    for language, text in SHELF.items():
        rows.article(one, f"Shelf {language}", f"<p>{text}</p>", language=language)
    return one


def meant(tenant: int, text: str, language: str = "en") -> str:
    with within(tenant):
        return mended(tenant, [text], language)[0]


@pytest.mark.parametrize(("language", "text", "expected"), [
    ("en", "cancel my subscirption", "cancel my subscription"),
    ("en", "the invocie, please", "the invoice, please"),
    ("en", "Invioce", "invoice"),
    ("fr", "supression des donnees", "supression des données"),
    ("fr", "mes donnes supprimes", "mes donnes supprimes"),
    ("fr", "le prelevement s'arrete", "le prélèvement s'arrête"),
    ("fr", "le prélevement s'arrete", "le prélevement s'arrete"),
    ("fr", "prelevment", "prélèvement"),
    ("fr", "pk le prelevemnt", "pourquoi le prélèvement"),
])  # fmt: skip
def test_typos_become_the_passages_words_and_accents_come_back(
    tenant: int, language: str, text: str, expected: str
) -> None:
    assert meant(tenant, text, language) == expected


@pytest.mark.parametrize("text", [
    "a description of the invitation", "the adventure involves coasts", "cancelled", "", "12345", "??", "🦊", "abonnement x",
])  # fmt: skip
def test_real_words_and_what_is_no_word_stay(tenant: int, text: str) -> None:
    assert meant(tenant, text) == text


@pytest.mark.parametrize("word", ["déménage", "Créance", "prélèvement"])
def test_a_correct_word_with_accents_is_no_typo(word: str) -> None:
    assert _is_word(word, "fr")


def test_words_of_one_language_do_not_mend_those_of_another(tenant: int) -> None:
    assert (meant(tenant, "resume"), meant(tenant, "resume", "fr")) == ("resume", "résumé")
    assert meant(tenant, "subscirption", "fr") == "subscirption"


def test_no_tenant_is_mended_with_anothers_words(tenant: int) -> None:
    assert meant(rows.tenant("globex"), "subscirption") == "subscirption"


def test_several_texts_are_mended_together_and_in_order(tenant: int) -> None:
    with within(tenant):
        assert mended(tenant, ["invocie", "", "subscirption"], "en") == ["invoice", "", "subscription"]


def test_a_text_of_nonsense_is_bounded(tenant: int) -> None:
    words = [
        f"invoic{'qxzj'[number % 4]}{'abcdefghij'[number // 10]}{'klmnopqrst'[number % 10]}" for number in range(100)
    ]
    assert len(meant(tenant, " ".join(words)).split()) == 100
    assert MOST < 100


def test_words_are_kept_with_the_accents_they_have_first(tenant: int) -> None:
    rows.article(tenant, "Later", "<p>Les donnees.</p>", language="fr")
    with within(tenant):
        assert Word.objects.get(language="fr", word="donnees").form == "données"


def test_what_is_searched_and_embedded_is_what_was_meant(tenant: int) -> None:
    with within(tenant):
        asked = build_query(tenant, "wher is my invocie", "en")
    assert asked.parts == ("where is my invoice",)
    assert "invoic" in asked.wanted
