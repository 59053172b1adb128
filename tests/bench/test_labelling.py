"""How labelled drafts are made: the careless drafter, the label, and what is done to a right draft."""

import random
from dataclasses import replace
from typing import Any

import pytest

from klark.steps.retrieve import Found
from tests.bench.labelling import Asked, Cited, agreed, as_row, drafted, hasty, label, strict

BELGIUM, FRANCE = "Delivery to Belgium costs 5 €.", "Delivery to France costs 4 €."
BIKES = "Bikes are repaired in our workshop on Mondays."


def found(number: int, title: str, *sentences: str) -> Found:
    return Found(number, number, f"a{number}", 1, title, "", "en", sentences, 1.0)


FOUND = (found(1, "Delivery", FRANCE, BELGIUM), found(2, "Workshop", BIKES))
ASKED = Asked("shop-en", "How much is delivery to Belgium?", ("How much is delivery to Belgium?",), FOUND)
BOTH = replace(ASKED, questions=(*ASKED.questions, "Do you repair bikes?"))
RIGHT: list[Cited] = [(BELGIUM, ("P1.2",))]
TICKET = {"id": "01", "body": ASKED.body, "answer": "all", "must": ["Belgium & 5 €"], "must_not": ["France"]}


def kinds(
    asked: Asked = ASKED, without: Asked | None = None, both: Asked | None = None, **ticket: Any
) -> dict[str, str]:
    """How each draft that is made for the ticket was made, and its label."""
    rows = list(drafted({**TICKET, **ticket}, asked, without, both, random.Random(1)))
    return {row["id"].split()[1]: row["label"] for row in rows}


def test_the_strict_drafter_says_what_it_leaves_open() -> None:
    assert strict(ASKED) == (RIGHT, [])
    said, left = strict(replace(BOTH, found=FOUND[:1]))
    assert (said, left) == (RIGHT, ["Do you repair bikes?"])


def test_the_hasty_drafter_takes_the_sentence_with_most_words_in_common_and_never_doubts() -> None:
    assert hasty(ASKED) == RIGHT
    assert hasty(replace(ASKED, questions=("Do you sell boats to France?",))) == [(FRANCE, ("P1.1",))]


def test_the_hasty_drafter_has_a_sentence_for_each_question_once() -> None:
    assert hasty(BOTH) == [*RIGHT, (BIKES, ("P2.1",))]
    assert hasty(replace(ASKED, questions=ASKED.questions * 2)) == RIGHT


def test_where_nothing_was_found_not_even_the_hasty_drafter_speaks() -> None:
    assert hasty(replace(ASKED, found=())) == []


@pytest.mark.parametrize(
    ("ticket", "said", "judged"),
    [
        ({}, [BELGIUM], "right"),
        ({}, [BELGIUM, BIKES], "right"),
        ({}, [FRANCE], "wrong"),
        ({}, [BELGIUM, FRANCE], "wrong"),
        ({}, [BIKES], "wrong"),
        ({"must": ["5 €", "Mondays"]}, [BELGIUM], "partly"),
        ({"must": ["5 €", "Mondays|Tuesdays"]}, [BELGIUM, BIKES], "right"),
        ({"answer": "part"}, [BELGIUM], "partly"),
        ({"answer": "none", "must": []}, [BELGIUM], "wrong"),
        ({"answer": "none"}, [BELGIUM], "right"),
    ],
)
def test_a_label_is_right_only_where_all_is_said_and_nothing_false(ticket: Any, said: list[str], judged: str) -> None:
    assert label({**TICKET, **ticket}, said) == judged


def test_agreement_is_with_the_strict_drafter() -> None:
    assert (agreed(ASKED, RIGHT), agreed(ASKED, [(FRANCE, ("P1.1",))])) == (1.0, 0.0)
    assert agreed(BOTH, RIGHT) == 0.5


def test_a_row_holds_the_cited_passages_only_and_where_the_best_of_them_stood() -> None:
    row = as_row("01 hasty", BOTH, [(BIKES, ("P2.1",))], ["?"], "wrong")
    assert row == {
        "id": "01 hasty", "label": "wrong", "questions": list(BOTH.questions), "open": 1, "first": 1, "agreed": 0.5,
        "sentences": [{"text": BIKES, "cites": ["0.1"]}], "passages": [{"title": "Workshop", "sentences": [BIKES]}],
    }  # fmt: skip


def test_a_hasty_draft_like_the_strict_one_is_not_there_twice() -> None:
    assert kinds()["strict"] == "right"
    assert "hasty" not in kinds()


def test_a_hasty_draft_that_differs_stands_beside_the_strict_one() -> None:
    asked = replace(ASKED, questions=("How much is delivery to Belgium for a sofa?",))
    assert kinds(asked, must=["sofa"])["hasty"] == "wrong"


def test_with_the_answer_taken_away_what_is_said_instead_is_wrong() -> None:
    assert kinds(without=replace(ASKED, found=FOUND[1:]))["gone"] == "wrong"


def test_half_an_answer_is_partly_right_and_the_drafter_may_say_so_or_not() -> None:
    assert kinds(both=BOTH)["half"] == "partly"
    assert kinds(both=BOTH, id="02")["open"] == "partly"


def test_half_an_answer_rests_on_passages_where_they_stand_for_the_whole() -> None:
    turned = replace(BOTH, found=FOUND[::-1])
    (row,) = [row for row in drafted(TICKET, ASKED, None, turned, random.Random(1)) if row["id"].endswith("half")]
    assert (row["first"], row["sentences"]) == (1, [{"text": BELGIUM, "cites": ["0.2"]}])


def test_half_an_answer_whose_passage_is_not_found_for_the_whole_is_left_out() -> None:
    assert "half" not in kinds(both=replace(BOTH, found=FOUND[1:]))


def test_a_draft_in_other_words_keeps_its_label() -> None:
    text = "You can return the item within 30 days if you keep the receipt."
    asked = replace(ASKED, questions=("Can I return the item within 30 days?",), found=(found(1, "Returns", text),))
    assert kinds(asked, must=["30 days"], must_not=[])["reworded"] == "right"
    assert kinds(asked, must=["30 days"], must_not=["receipt"])["reworded"] == "wrong"


def test_a_forged_draft_is_wrong_and_says_something_else() -> None:
    rows = [
        row for number in range(6) for row in drafted({**TICKET, "id": number}, ASKED, None, None, random.Random(1))
    ]
    forged = [row for row in rows if row["id"].endswith("forged")]
    assert [row["label"] for row in forged] == ["wrong", "wrong"]
    assert BELGIUM not in [row["sentences"][0]["text"] for row in forged]


def test_where_no_draft_is_right_nothing_is_made_of_it() -> None:
    assert set(kinds(both=BOTH, must=["7 €"])) <= {"strict", "hasty", "reworded"}
