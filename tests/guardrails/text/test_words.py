"""Words meet across inflection, and say something or nothing."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guardrails.text.words import bare, content_stems, fold, stem
from tests.letters import ANY


@pytest.mark.parametrize(
    ("left", "right", "language"),
    [
        ("remboursement", "rembourser", "fr"), ("livraison", "livrés", "fr"), ("annulation", "annulée", "fr"),
        ("cancellation", "cancelled", "en"), ("delivery", "delivered", "en"),
    ],
)  # fmt: skip
def test_noun_and_verb_have_one_stem(left: str, right: str, language: str):
    assert stem(left, language) == stem(right, language)


@pytest.mark.parametrize(("left", "right"), [("contact", "contract"), ("card", "cash"), ("refund", "return")])
def test_words_that_say_something_else_do_not(left: str, right: str):
    assert stem(left, "en") != stem(right, "en")


def test_pronouns_small_words_and_figures_say_nothing_of_what_a_text_is_about():
    assert content_stems("I would like that you give us 3 parcels", "en") == {stem("parcels", "en")}


def test_case_accents_spaces_and_end_marks_make_no_other_text():
    assert bare("« Déjà  vu ! »") == bare("deja vu")
    assert bare("vu") != bare("déjà vu")


@example("𝕬")
@example("ŉ")
@given(st.text(ANY, max_size=200))
def test_any_text_can_be_folded_and_read(text: str):
    assert fold(fold(text)) == fold(text)
    assert all(content_stems(text, "fr"))
