"""Of two long texts the sentences that differ are shown, and that something was left out."""

import pytest

from klark.values.words_kept import differing, kept_of, without

DRAFT = "Hello,\n\nyou have 30 days. Send it back as it is.\n\nKind regards"


def test_sentences_of_both_texts_are_left_out_and_an_ellipsis_says_so() -> None:
    sent = "Hello,\n\nYou have 14 days. Send it back as it is. Keep the receipt.\n\nKind regards"
    assert differing(sent, DRAFT) == "… You have 14 days. … Keep the receipt. …"
    assert differing(DRAFT, sent) == "… you have 30 days. …"


def test_case_and_line_breaks_are_no_difference_and_without_another_text_all_is_shown() -> None:
    assert differing("SEND IT\nBACK as it is.", DRAFT) == "…"
    assert differing("You have 30 days.", "") == "You have 30 days."


def test_what_was_said_is_taken_out_and_its_opposite_stays() -> None:
    said = "Please do not send the box back. It is yours."
    assert without("Good news. Send the box back. It is yours.", said) == "Good news. Send the box back."


def test_a_sentence_is_kept_with_another_mark_at_its_end_and_not_with_another_figure() -> None:
    drafted = ("You have 30 days.", "Send it back as it is.")
    sent = "You have 14 days. “Send it back as it is”!"
    assert kept_of(drafted, " ".join(drafted), sent, same=False)["sentences_kept"] == 1


@pytest.mark.parametrize(("one", "other"), [
    ("-20 % today.", "20 % today."), ("Area 10² m.", "Area 102 m."), ("Is done?", "Is done."), ("Il a payé.", "Il a paye."),
    ("3.5 days.", "3-5 days."), ("It is 5 ¥.", "It is 5 ₹."), ("C++", "C"),
])  # fmt: skip
def test_a_sentence_that_differs_in_a_sign_is_another_one(one: str, other: str) -> None:
    assert (without(one, other), without(other, one)) == (one, other)
    assert kept_of((one,), one, other, same=False)["sentences_kept"] == 0
