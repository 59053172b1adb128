"""Classes of words: what an entry stands for, and that the lists keep to what a folded word can be."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import guardrails.promise_words
from guardrails.promise_rules import LANGUAGES
from guardrails.promise_words import FIRST_SIGN, WordClass, classes, signs

FOLDER = Path(guardrails.promise_words.__file__).parent


def names(word: str, language: str) -> set[str]:
    """The classes of a word by name."""
    return {name for name, found in classes(language).items() if found.sign in signs(word, language)}


def entries(language: str) -> Iterator[str]:
    for line in (FOLDER / f"promise_words_{language}.txt").read_text("utf-8").splitlines():
        if line[:1] not in {"#", "="}:
            yield from line.split()


@pytest.mark.parametrize(("word", "language", "name"), [
    ("sent", "en", "PAST"), ("unlocked", "en", "PAST"), ("taken", "en", "PAST"), ("sending", "en", "ING"),
    ("refunds", "en", "MONEY"), ("reimbursed", "en", "BACK"), ("engineers", "en", "STAFF"), ("tomorrow", "en", "DAY"),
    ("12", "en", "FIGURE"), ("12th", "en", "FIGURE"), ("three", "en", "NUMBER"), ("never", "en", "NOT"),
    ("quickly", "en", "ASIDE"), ("already", "en", "NOW"), ("while", "en", "LINK"), ("forgot", "en", "FAIL"),
    ("remplacerons", "fr", "FUT"), ("veillera", "fr", "FUT"), ("prendrai", "fr", "FUT"), ("recevrez", "fr", "REZ"),
    ("transmis", "fr", "PART"), ("annulee", "fr", "PART"), ("retirer", "fr", "INF"), ("menons", "fr", "ONS"),
    ("remboursement", "fr", "ARGENT"), ("restitue", "fr", "RENDRE"), ("desormais", "fr", "NOW"), ("jamais", "fr", "NOT"),
    ("techniciens", "fr", "EQUIPE"), ("42", "fr", "NOMBRE"), ("pommade", "fr", "MEDICAL"), ("lorsque", "fr", "LINK"),
])  # fmt: skip
def test_a_word_is_known_by_itself_its_lemma_or_its_form(word: str, language: str, name: str):
    assert name in names(word, language)


@pytest.mark.parametrize(("word", "language", "name"), [
    ("need", "en", "PAST"), ("unused", "en", "PAST"), ("morning", "en", "ING"), ("nothing", "en", "ING"),
    ("reply", "en", "ASIDE"), ("family", "en", "ASIDE"), ("definitely", "en", "ASIDE"), ("this", "en", "SFORM"),
    ("livrons", "fr", "FUT"), ("operons", "fr", "FUT"), ("camera", "fr", "FUT"), ("retirez", "fr", "REZ"),
    ("votre", "fr", "INF"), ("octobre", "fr", "INF"), ("votre", "fr", "PART"), ("questions", "fr", "ONS"),
    ("sur", "fr", "SUR"), ("plus", "fr", "NOT"),
])  # fmt: skip
def test_a_word_that_only_looks_so_is_left_out(word: str, language: str, name: str):
    assert name not in names(word, language)


@pytest.mark.parametrize(("word", "base", "has"), [
    ("went", "go", True), ("go", "go", True), ("goes", "go", True), ("rerouted", "reroute", True),
    ("walking", "walk", True), ("king", "king", False), ("kings", "king", True), ("thing", "thing", False),
    ("7", "7", True), ("7th", "7th", True), ("seven", "seven", False), ("ing", "ing", False),
])  # fmt: skip
def test_an_entry_stands_for_a_word_a_stem_or_an_ending(word: str, base: str, has: bool):
    made = WordClass("x", frozenset({"go", "king"}), re.compile(r"rerout\w+|\w+ing|\d\w*"), re.compile("king|thing"))
    assert made.has(word, base) is has


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_class_has_a_sign_of_its_own_that_no_text_can_have(language: str):
    found = [of.sign for of in classes(language).values()]
    assert len(set(found)) == len(found)
    assert [ord(sign) for sign in found] == list(range(FIRST_SIGN, FIRST_SIGN + len(found)))
    assert FIRST_SIGN + len(found) < 0xF8FF


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_the_classes_that_the_reader_of_frames_knows(language: str):
    assert {"TONGUE", "NOT", "LINK", "ASIDE", "NOW"} <= set(classes(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_has_what_a_folded_word_cannot_have(language: str):
    # The reader takes an accented entry for a word that never comes; "-" and "*" have a meaning at the ends only.
    odd = [entry for entry in entries(language) if not re.fullmatch(r"-?\*?[a-z]+\*?|0", entry)]
    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_entry_stands_twice_in_its_class(language: str):
    text = (FOLDER / f"promise_words_{language}.txt").read_text("utf-8")
    for section in re.split(r"^= ", text, flags=re.MULTILINE)[1:]:
        name, *listed = section.split()
        assert (name, sorted({entry for entry in listed if listed.count(entry) > 1})) == (name, [])


def test_a_name_is_capitals_only_so_that_no_word_is_taken_for_it():
    assert [
        name for language in LANGUAGES for name in classes(language) if not name.isalpha() or not name.isupper()
    ] == []


def test_a_word_of_no_class_has_no_sign():
    assert signs("zebra", "en") == ""
    assert signs("", "en") == ""


def test_the_same_word_may_be_of_one_class_here_and_of_another_there():
    assert "NOW" in names("deja", "fr")
    assert names("deja", "en") == set()
    assert "COST" in names("train", "en")
    assert "FRAIS" in names("train", "fr")
