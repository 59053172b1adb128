"""Sentences end where a reader would say so; no text costs more than its length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guardrails.text.sentences import split_sentences
from tests.letters import ANY


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("M. Petit paie 3.50 €. Merci !", ("M. Petit paie 3.50 €.", "Merci !")),
        ("Dr. Smith agrees. So do I.", ("Dr. Smith agrees.", "So do I.")),
        ("Mme Roy et M. Blanc sont là. Bien.", ("Mme Roy et M. Blanc sont là.", "Bien.")),
        ("Voir l'art. 12 et le n° 45. Fin.", ("Voir l'art. 12 et le n° 45.", "Fin.")),
        ("Use e.g. a box. Or i.e. a bag.", ("Use e.g. a box.", "Or i.e. a bag.")),
        ("Un sac, p. ex. en toile. Oui.", ("Un sac, p. ex. en toile.", "Oui.")),
        ("Des vis, des clous, etc. Tout y est.", ("Des vis, des clous, etc.", "Tout y est.")),
        ("Des vis, des clous, etc. sont fournis.", ("Des vis, des clous, etc. sont fournis.",)),
        ("Coût : 1 000,00 €. Port : 4.90 €.", ("Coût : 1 000,00 €.", "Port : 4.90 €.")),
        (
            "Go to https://shop.example/a.b?c=d.e now. Then stop.",
            ("Go to https://shop.example/a.b?c=d.e now.", "Then stop."),
        ),
        ("Write to a.b@shop.example. Thanks.", ("Write to a.b@shop.example.", "Thanks.")),
        ("Version 2.3.1 is out. Update.", ("Version 2.3.1 is out.", "Update.")),
        ("Wait... what? No!", ("Wait... what?", "No!")),
        ("Attendez… je cherche. Voilà.", ("Attendez… je cherche.", "Voilà.")),
        ("« Quoi ? » dit-il. « Rien. »", ("« Quoi ? » dit-il.", "« Rien. »")),
        ('He said "No." Then he left.', ('He said "No."', "Then he left.")),
        ("1. Open the app.\n2. Click Save.", ("1. Open the app.", "2. Click Save.")),
        ("- un\n• deux\n* trois", ("un", "deux", "trois")),
        ("Bonjour,\n\nMerci", ("Bonjour,", "Merci")),
        ("You pay 5 at the max. Then you go.", ("You pay 5 at the max.", "Then you go.")),
        ("hello. i have a problem. help", ("hello.", "i have a problem.", "help")),
        ("これは本です。はい。", ("これは本です。", "はい。")),
        ("", ()),
        (" \n\t ", ()),
        ("...", ("...",)),
    ],
)
def test_a_text_is_split_where_its_sentences_end(text: str, sentences: tuple[str, ...]):
    assert split_sentences(text) == sentences


def test_a_wrapped_line_goes_on_and_a_short_one_does_not():
    wrapped = "This line of an e-mail is as long as mail programs make them\nand goes on in the next."
    assert split_sentences(wrapped) == (wrapped.replace("\n", " "),)
    assert split_sentences("Short title\nThe text begins.") == ("Short title", "The text begins.")


def test_a_no_break_space_is_kept():
    assert split_sentences("Sous 24\u00a0h. Oui.") == ("Sous 24\u00a0h.", "Oui.")


@given(st.text(ANY, max_size=300))
def test_no_letter_is_lost_and_no_sentence_is_empty(text: str):
    sentences = split_sentences(text)
    assert all(sentence.strip() == sentence != "" for sentence in sentences)
    letters = [sign for sign in text if sign.isalpha()]
    assert [sign for sentence in sentences for sign in sentence if sign.isalpha()] == letters


@given(st.text(alphabet="ab .!?\n…1\"'", max_size=200))
def test_splitting_a_sentence_again_changes_nothing(text: str):
    for sentence in split_sentences(text):
        assert "".join(split_sentences(sentence)).replace(" ", "") == sentence.replace(" ", "")


@pytest.mark.parametrize("piece", [".", "a. ", "!?", "\n", "- ", "«\"'", "é", "a\n", "1. ", "M. ", "\ud800", "😀 "])
def test_a_long_hostile_text_is_split_to_its_end(piece: str):
    text = piece * (100_000 // len(piece))
    assert sum(map(len, split_sentences(f"{text} End"))) >= len("End")
