"""From text to comparable words: what counts, what is a name, what is spelt short, what joins."""

import pytest

from integrations.llms.extractive_lexicon import COUNTRIES, LANGUAGES, LEXICON
from integrations.llms.extractive_spelling import by_sound, distance, nearest
from integrations.llms.extractive_words import concepts, dealings, fold, plain, stem, unmasked, words


def folded(text: str, language: str = "en", *, customer: bool = False) -> list[str]:
    return [word.folded for word in words(text, language, written_by_customer=customer)]


def named(text: str, language: str = "en") -> list[str]:
    return [word.folded for word in words(text, language) if word.named]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Éléphant", "elephant"),
        ("ŒUVRE", "oeuvre"),
        ("Straße", "strasse"),
        ("ﬁn", "fin"),
        ("", ""),
    ],
)
def test_folding_drops_accents_and_capitals(text, expected):
    assert fold(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("How much is the delivery to Belgium?", "en", ["delivery", "belgium"]),
        ("Can you please help me?", "en", []),
        ("What is the weight of the lamp?", "en", ["weight", "lamp"]),
        ("Combien coûte la livraison en Belgique ?", "fr", ["coute", "livraison", "belgique"]),
        ("Pouvez-vous m'aider ?", "fr", []),
        ("Où est l'entrée ?", "fr", ["entree"]),
        ("The X200 lasts 20 hours", "en", ["x200", "lasts", "20"]),
        ("Can I import PDF files?", "en", ["import", "pdf", "files"]),
        ("can i import pdf files", "en", ["import", "pdf", "files"]),
        ("Do you take VISA", "en", ["visa"]),
        ("car park", "en", ["parking"]),
        ("check in at the hotel", "en", ["checkin", "hotel"]),
        ("checking out", "en", ["checkout"]),
        ("au bout de trois jours", "fr", ["trois"]),
        ("par avance", "fr", ["avance"]),
        ("à l'avance", "fr", []),
        ("", "en", []),
    ],
)
def test_content_words_are_kept(text, language, expected):
    assert folded(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("hw much 4 dlvry", "en", ["4", "delivery"]),
        ("pls send thx", "en", ["send"]),
        ("g oublié mon mdp", "fr", ["oublie", "motdepasse"]),
        ("c koi le tps de livr", "fr", ["livraison"]),
        ("retirer largent", "fr", ["retirer", "argent"]),
        ("jai dargent", "fr", ["argent"]),
        ("la lampe", "fr", ["lampe"]),
        ("le loyer", "fr", ["loyer"]),
    ],
)
def test_a_customers_spelling_is_written_out(text, language, expected):
    assert folded(text, language, customer=True) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The Nova lamp is dimmable", "en", ["nova"]),
        ("Lamps are dimmable", "en", []),
        ("It is dry. Lamps are dimmable", "en", []),
        ("WHERE IS MY LAMP", "en", []),
        ("la formule Équipe", "fr", ["equipe"]),
        ("bonjour l'équipe", "fr", []),
        ("PDF files", "en", ["pdf"]),
        ("a lamp for belgium", "en", ["belgium"]),
        ("How To Return An Item Bought In A Sale", "en", []),
        ("the X200", "en", ["x200"]),
        ("Do you take American Express", "en", ["amex"]),
    ],
)
def test_a_name_has_a_capital_within_a_sentence(text, language, expected):
    assert named(text, language) == expected


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("en", "delivery", "shipping"),
        ("en", "cost", "price"),
        ("en", "begin", "starts"),
        ("en", "luggage", "bags"),
        ("en", "hire", "rent"),
        ("fr", "livraison", "expédier"),
        ("fr", "résilier", "désabonner"),
        ("fr", "couvert", "couvre"),
        ("fr", "souscription", "souscrire"),
        ("fr", "prélevée", "prélèvement"),
    ],
)
def test_synonyms_share_a_concept(language, left, right):
    one, two = words(f"{left} {right}", language)
    assert one.concept == two.concept


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("en", "loan", "mortgage"),
        ("en", "cat", "dog"),
        ("en", "card", "cash"),
        ("en", "arrival", "departure"),
        ("fr", "immobilier", "personnel"),
        ("fr", "chien", "chat"),
        ("fr", "carte", "passeport"),
        ("fr", "retrait", "paiement"),
    ],
)
def test_look_alikes_do_not(language, left, right):
    one, two = words(f"{left} {right}", language)
    assert one.concept != two.concept


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[NAME_1] asks", "  asks"),
        ("{{EMAIL_3}}", " "),
        ("ORDER_12 is late", "  is late"),
        ("no token", "no token"),
    ],
)
def test_tokens_for_personal_facts_are_taken_out(text, expected):
    assert unmasked(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("How much IS it?", "en", "how much is it"),
        ("hw much", "en", "how much"),
        ("C'est combien ?", "fr", "c est est combien"),
        ("a-t-il", "fr", "a t il"),
    ],
)
def test_cues_are_matched_against_plain_text(text, language, expected):
    assert plain(text, language) == expected


@pytest.mark.parametrize(
    ("misspelt", "language", "expected"),
    [
        ("delvery", "en", "delivery"),
        ("belguim", "en", "belgium"),
        ("livrezon", "fr", "livraison"),
        ("resiliasion", "fr", "resiliation"),
        ("lamp", "en", None),
        ("zzzzzzz", "en", None),
        ("x2000", "en", None),
        ("irlande", "fr", None),
    ],
)
def test_a_misspelling_means_the_nearest_word(misspelt, language, expected):
    known = by_sound(words("delivery belgium shipping livraison résiliation islande boutique", language))
    (word,) = words(misspelt, language)
    found = nearest(word, known, language)
    assert (found.folded if found else None) == expected


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1), ("abc", "", 3), ("", "", 0), ("lampe", "lampes", 1)],
)
def test_edits_are_counted(left, right, edits):
    assert distance(left, right) == edits
    assert distance(right, left) == edits


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_lexicon_is_written_folded(language):
    lexicon = LEXICON[language]
    listed = {
        *lexicon.stop, *lexicon.light, *lexicon.permits, *lexicon.dealings, *lexicon.short, *lexicon.kinds,
        *(word for line in (*lexicon.concepts, *lexicon.opposites, *lexicon.kinds.values()) for word in line),
    }  # fmt: skip
    assert [word for word in sorted(listed) if fold(word) != word] == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_word_is_in_two_lines_of_synonyms(language):
    stems = [{stem(word, language) for word in line} for line in LEXICON[language].concepts]
    twice = [sorted(one & two) for n, one in enumerate(stems) for two in stems[n + 1 :] if one & two]
    assert twice == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_concept_is_a_stem_that_stands_for_itself(language):
    table = concepts(language)
    assert {table.get(concept, concept) for concept in table.values()} == set(table.values())
    assert dealings(language) >= {table.get(stem("return" if language == "en" else "retour", language), "")}


def test_countries_are_known_in_both_languages():
    assert {"belgium", "belgique", "spain", "espagne"} <= COUNTRIES
    assert "paris" not in COUNTRIES
