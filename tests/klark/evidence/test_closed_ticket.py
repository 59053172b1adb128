"""What klark is shown of a closed ticket, what it is compared with, and which tickets are no part of it."""

from dataclasses import replace
from typing import Any

import pytest

from integrations.helpdesks.base import Attachment, Comment, Ticket
from klark.evidence.closed_ticket import closed_of, left_out
from klark.values.own_comments import OwnComments, letters_of
from tests.klark.evidence.backtests.past import ANSWERED, ASKED, NOBODY, WHEN, closed
from tests.klark.said import ALEX, CAMILLE, KLARK, RULE, comment, ticket


def test_nothing_that_came_after_the_customers_first_comment_is_shown() -> None:
    asked = closed(
        comment(2, ALEX, "Secret note.", public=False), ANSWERED, comment(4, CAMILLE, "Thanks!"),
        tags=("refunded",), priority="urgent", assignee_id="9002", group_id="5", parent_id="3", stamp="late",
        raw={"comments": ANSWERED}, updated_at=WHEN.replace(year=2027), satisfaction="good",
    ).asked  # fmt: skip
    assert [each.body_text for each in asked.comments] == [ASKED]
    assert "refunded" not in repr(asked)
    assert (asked.status, asked.priority, asked.assignee_id, asked.group_id) == ("open", None, None, None)
    assert (asked.parent_id, asked.stamp, asked.raw, asked.updated_at, asked.created_at) == (None, "", {}, WHEN, WHEN)
    assert asked.satisfaction is None


def test_what_we_wrote_first_in_public_stays_and_a_note_does_not() -> None:
    opened = [comment(1, ALEX, "Your parcel is late."), comment(2, ALEX, "He is cross.", public=False)]
    asked = closed_of(ticket(*opened, comment(3, CAMILLE, "How late?"), status="closed"), NOBODY).asked
    assert [each.body_text for each in asked.comments] == ["Your parcel is late.", "How late?"]


def test_the_answer_is_what_people_wrote_in_public_before_the_customer_wrote_again() -> None:
    one = closed(
        comment(2, RULE, "Received.", automatic=True), comment(3, CAMILLE, "Hello?"), ANSWERED,
        comment(5, ALEX, "Ask the carrier.", public=False), "By post.", comment(7, CAMILLE, "Thanks."), "You are welcome.",
    )  # fmt: skip
    assert (one.answer, one.nothing) == (f"{ANSWERED}\n\nBy post.", "")


# What came back to the customer, and why it can be compared with nothing.
NOTHING: tuple[tuple[tuple[Comment | str, ...], dict[str, Any], str], ...] = (
    ((), {}, "no_reply"),
    ((comment(2, ALEX, "Called her, all fine.", public=False),), {}, "by_phone"),
    ((comment(2, ALEX, "Je l'ai appelée, c'est réglé.", public=False),), {}, "by_phone"),
    (("Called her, all fine.",), {}, "by_phone"),
    (("As we said on the phone, it takes 3 days.",), {}, ""),
    ((ANSWERED,), {"channel": "phone"}, "by_phone"),
    ((replace(comment(2, ALEX, ""), attachments=(Attachment("label.pdf"),)),), {}, "no_words"),
    (("La livraison en Belgique prend trois à cinq jours ouvrés.",), {}, "other_language"),
    (("Oui, bien sûr.",), {}, ""),
    (("We wrap gifts for 3 €.",), {}, ""),
    ((ANSWERED,), {}, ""),
)


@pytest.mark.parametrize(("replies", "more", "nothing"), NOTHING, ids=range(len(NOTHING)))
def test_a_reply_that_can_be_compared_with_nothing_is_told_by_its_reason(
    replies: tuple[Comment | str, ...], more: dict[str, Any], nothing: str
) -> None:
    assert closed(*replies, **more).nothing == nothing


def test_what_klark_wrote_is_no_answer_of_an_agents() -> None:
    own = OwnComments(frozenset({KLARK.id}), texts=frozenset({letters_of(ANSWERED)}))
    assert closed(comment(2, KLARK, ANSWERED), own=own).nothing == "by_klark"
    assert closed(comment(2, KLARK, ANSWERED), "In 9 days.", own=own).answer == "In 9 days."


@pytest.mark.parametrize(("one", "why"), [
    (ticket(status="closed"), None), (ticket(status="solved"), None), (ticket(status="open"), "open"),
    (ticket(status="pending"), "open"), (ticket(status="deleted"), "deleted"), (ticket(status="closed", merged=True), "merged"),
    (ticket(comment(1, ALEX), status="closed"), "nothing_asked"),
    (ticket(comment(1, CAMILLE, public=False), status="closed"), "nothing_asked"),
])  # fmt: skip
def test_only_a_closed_ticket_in_which_a_customer_asked_is_tried(one: Ticket, why: str | None) -> None:
    assert left_out(one) == why
