"""What a customer wrote, as everything after it reads it."""

import pytest

from klark.values.ticket_text import written_by_customer


@pytest.mark.parametrize("unseen", ["\u2061", "\u180e", "<!--x-->"], ids=ascii)
def test_lines_that_hold_only_what_nobody_sees_leave_one_empty_line(unseen: str) -> None:
    text = "Hello\n" + f"{unseen}\n" * 300 + "Where is my parcel?"
    assert written_by_customer("", text) == "Hello\n\nWhere is my parcel?"


def test_paragraphs_stay_apart() -> None:
    assert written_by_customer("", "Hello,\n\nwhere is it?\nI wait.") == "Hello,\n\nwhere is it?\nI wait."
