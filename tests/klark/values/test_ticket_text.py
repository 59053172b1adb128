"""What a customer wrote, as everything after it reads it."""

import pytest

from integrations.helpdesks.base import Person, Ticket
from klark.drafting.prompt import material
from klark.drafting.request import requested
from klark.retrieval.query import READ
from klark.retrieval.ticket_query import wanted_of
from klark.values.policy.rules import Rules
from klark.values.recalled_tickets import NOTHING
from klark.values.tenant_settings import TenantSettings
from klark.values.ticket_text import customers_words, unanswered, whole_of, written_by_customer
from tests.klark.said import ALEX, CAMILLE, KLARK, RULE, comment, ticket, triage
from tests.klark.said import TODAY as TODAY_IS


@pytest.mark.parametrize("unseen", ["\u2061", "\u180e", "<!--x-->"], ids=ascii)
def test_lines_that_hold_only_what_nobody_sees_leave_one_empty_line(unseen: str) -> None:
    text = "Hello\n" + f"{unseen}\n" * 300 + "Where is my parcel?"
    assert written_by_customer("", text) == "Hello\n\nWhere is my parcel?"


def test_paragraphs_stay_apart() -> None:
    assert written_by_customer("", "Hello,\n\nwhere is it?\nI wait.") == "Hello,\n\nwhere is it?\nI wait."


SENT_BACK, ORDERED, TODAY = (
    "May I send them back after 20 days?",
    "The order was placed in May.",
    "Please answer today.",
)
TITLE = "Returning opened headphones"


def thread(*said: tuple[Person, str], subject: str = TITLE) -> Ticket:
    return ticket(*(comment(number, who, text) for number, (who, text) in enumerate(said)), subject=subject)


def searched(given: Ticket) -> str:
    return wanted_of(given, triage(), Rules(), ()).text


THREE = tuple((CAMILLE, text) for text in (SENT_BACK, ORDERED, TODAY))


def test_whoever_writes_three_times_before_an_answer_is_read_and_searched_for_whole() -> None:
    assert whole_of(thread(*THREE)) == "\n".join([TITLE, SENT_BACK, ORDERED, TODAY])
    assert searched(thread(*THREE)) == "\n".join([TITLE, TODAY, ORDERED, SENT_BACK])


def test_a_long_comment_does_not_push_a_later_question_out_of_what_the_search_reads() -> None:
    asked = "How do I cancel my order?"
    log = "2026-11-29 worker started\n" * 370
    assert (len(log) > READ, asked in searched(thread((CAMILLE, log), (CAMILLE, asked)))[:READ]) == (True, True)


def test_what_was_answered_stands_before_what_was_not() -> None:
    given = thread((CAMILLE, "Do you sell headphones?"), (ALEX, "We do."), *THREE)
    waiting = "\n".join([SENT_BACK, ORDERED, TODAY])
    assert searched(given) == "\n".join([TODAY, ORDERED, SENT_BACK, "Do you sell headphones?"])
    assert whole_of(given) == (f"{TITLE}\nCustomer: Do you sell headphones?\nSupport: We do.\nCustomer, now: {waiting}")


def test_neither_a_note_nor_an_automatic_comment_is_an_answer() -> None:
    noted = ticket(
        comment(1, text=SENT_BACK), comment(2, ALEX, "Who knows?", public=False),
        comment(3, RULE, "We got your mail.", automatic=True), comment(4, text=TODAY), subject=TITLE,
    )  # fmt: skip
    assert unanswered(noted).whole == "\n".join([TITLE, SENT_BACK, TODAY])


@pytest.mark.parametrize(("subject", "text", "read"), [
    (TITLE, SENT_BACK, f"{TITLE}\n{SENT_BACK}"), (TITLE, TITLE, TITLE), (TITLE, "???", TITLE),
    ("Delivery", "???", "Delivery\n???"), ("", SENT_BACK, SENT_BACK),
])  # fmt: skip
def test_a_single_comment_is_searched_for_with_its_subject(subject: str, text: str, read: str) -> None:
    given = thread((CAMILLE, text), subject=subject)
    assert (searched(given), whole_of(given)) == (read, read)


def test_the_subject_stands_for_the_turn_only_where_the_customer_began_and_nobody_has_answered() -> None:
    opened = thread((ALEX, "Your order is late."), (CAMILLE, ""))
    noted = ticket(comment(1, ALEX, "Call them.", public=False), comment(2, text=""), subject=TITLE)
    answered = thread((CAMILLE, SENT_BACK), (ALEX, "Yes."), (CAMILLE, ""))
    assert [unanswered(each).text for each in (opened, noted, answered)] == ["", "", ""]
    assert (customers_words(opened), unanswered(thread((CAMILLE, ""))).text) == ("", TITLE)


def test_what_nobody_has_answered_is_read_whole_however_much_it_is_and_only_the_rest_is_cut() -> None:
    long = "word " * 700 + "the end"
    many = thread(*((CAMILLE, f"{number} {long}") for number in range(8)))
    assert [f"{number} {long}" in whole_of(many) for number in range(8)] == [True] * 8
    answered = whole_of(thread((CAMILLE, long), (KLARK, "Yes."), (CAMILLE, f"Now {long}"), (CAMILLE, TODAY)))
    assert (answered.count("the end"), f"Now {long}\n{TODAY}" in answered) == (1, True)


def test_what_support_has_said_is_not_among_the_customers_words() -> None:
    given = thread((CAMILLE, "How long may I wait?"), (KLARK, "You have 45 days."), (CAMILLE, SENT_BACK))
    assert customers_words(given) == f"{TITLE}\nHow long may I wait?\n{SENT_BACK}"
    assert customers_words(thread((ALEX, "You have 45 days."), (CAMILLE, SENT_BACK))) == SENT_BACK
    asked, _ = requested(given, triage(), TenantSettings(1, Rules(), (), (), TODAY_IS), (), (), ("", NOTHING))
    assert ("45 days" in asked.text, "Support: You have 45 days." in material(asked).ticket["ticket"]) == (False, True)
