"""The signs of the confidence in words: each of them, in both languages, as people count."""

import pytest

from guardrails.confidence import SIGNS
from klark.deciding.confidence_signals import WORDINGS, sign_words


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
        ("supported", 0.5, "50 % of its sentences are word for word or supported",
         "50 % de ses phrases sont mot pour mot ou étayées"),
        ("denied", 0.25, "25 % of its sentences are not supported", "25 % de ses phrases ne sont pas étayées"),
        ("denied", 0.0, "no sentence was denied", "aucune phrase n'a été contredite"),
        ("repaired", 1.0, "a sentence that the judge denied was left out", "une phrase que le juge a contestée a été retirée"),
        ("answered", 1.0, "the judge says that everything asked", "le juge dit que tout ce qui est demandé"),
        ("answered", 0.0, "no judge whose word counts", "aucun juge dont l'avis compte"),
        ("first", 1.0, "the first source it cites was number 1 of", "la première source citée était la nº 1 de"),
        ("first", 1 / 3, "the first source it cites was number 3 of", "la première source citée était la nº 3 de"),
        ("open", 0.0, "the drafter leaves nothing open", "le rédacteur ne laisse rien sans réponse"),
        ("open", 1.0, "the drafter leaves something open", "le rédacteur laisse quelque chose sans réponse"),
        ("hard", 0.0, "klark's own checks found nothing", "les contrôles de klark n'ont rien trouvé"),
        ("hard", 2.0, "remarks of klark's own checks: 2", "remarques des contrôles de klark\u00a0: 2"),
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
