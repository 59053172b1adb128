"""The signs of the confidence in words: each of them, in both languages, as people count."""

from math import log1p

import pytest

from guardrails.confidence import MOST_FINDINGS, MOST_QUESTIONS, SIGNS
from klark.steps.signs import WORDINGS, sign_words


def test_every_sign_has_its_words() -> None:
    assert list(WORDINGS) == list(SIGNS)


@pytest.mark.parametrize("name", WORDINGS)
def test_every_sign_is_told_in_both_languages_and_numbers_stand_in_both(name: str) -> None:
    wording = WORDINGS[name]
    pairs = [wording.words, *wording.exact.values()]
    assert [pair for pair in pairs if pair[0] == pair[1] or not all(pair)] == []
    assert [english for english, french in pairs if ("{n}" in english) != ("{n}" in french)] == []


@pytest.mark.parametrize(
    ("name", "value", "english", "french"),
    [
        ("asked", 0.6, "60 % of the words of the question that it covers least are",
         "60 % des mots de la question la moins couverte sont"),
        ("agreed", 0.5, "50 % of what the drafter without a model would cite is cited",
         "50 % de ce que le rédacteur sans modèle citerait est cité"),
        ("agreed", 0.0, "the drafter without a model would cite none of", "le rédacteur sans modèle ne citerait aucune"),
        ("first", 1.0, "the first source it cites was number 1 of", "la première source citée était la nº 1 de"),
        ("first", 1 / 3, "the first source it cites was number 3 of", "la première source citée était la nº 3 de"),
        ("open", 0.0, "the drafter leaves nothing open", "le rédacteur ne laisse rien sans réponse"),
        ("open", 1.0, "the drafter leaves something open", "le rédacteur laisse quelque chose sans réponse"),
        ("questions", 1.0, "one thing was asked", "une seule chose était demandée"),
        ("questions", 2.0, "2 things were asked", "2 choses étaient demandées"),
        ("questions", float(MOST_QUESTIONS), "5 things or more were asked", "5 choses ou plus étaient demandées"),
        ("holds", 0.0, "nothing holds it", "rien ne le retient"),
        ("holds", 1.0, "remarks that hold it: 1", "remarques qui le retiennent : 1"),
        ("holds", float(MOST_FINDINGS), "remarks that hold it: 3 or more", "remarques qui le retiennent : 3 ou plus"),
        ("blocks", 2.0, "remarks that block it: 2", "remarques qui le bloquent : 2"),
        ("length", log1p(123), "it is 123 characters long", "il fait 123 caractères"),
    ],
)  # fmt: skip
def test_a_sign_is_told_as_people_count(name: str, value: float, english: str, french: str) -> None:
    assert sign_words(name, value, "en").startswith(english)
    assert sign_words(name, value, "fr").startswith(french)
    assert sign_words(name, value, "fr-ca") == sign_words(name, value, "fr")
    assert sign_words(name, value, "de") == sign_words(name, value, "en")


@pytest.mark.parametrize("place", range(30))
def test_the_place_of_a_source_is_told_exactly(place: int) -> None:
    assert f"number {place + 1} of" in sign_words("first", 1 / (1 + place), "en")


def test_a_sign_of_an_older_klark_is_left_out() -> None:
    assert sign_words("phase of the moon", 0.5, "en") == ""
