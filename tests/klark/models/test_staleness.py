"""Who and what overtakes a draft: by the comments seen, never by clocks."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.helpdesks.base import Comment, Person, Ticket
from klark.models import Delivery
from klark.models.ticket.staleness import SeenTicket, Staleness, readers, seen_by, staleness_of
from klark.values.own_comments import OwnComments, letters_of
from tests.klark.said import ALEX, CAMILLE, KLARK, RULE, TONI, comment, ticket

MINE = OwnComments(frozenset({"9001"}), frozenset({"88"}), frozenset({letters_of("Delivery takes 3 days.")}))
OLD, NEW = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


def what(*fresh: Comment, seen: tuple[str, ...] = ("1",), assignee_seen: str = "", **fields: Any) -> Staleness:
    now: Ticket = ticket(comment(1), *fresh, **fields)
    return staleness_of(now, SeenTicket(seen, assignee_seen, readers(now)), MINE)


FRESH: dict[str, tuple[Comment, Staleness]] = {
    "an agent's reply": (comment(2, ALEX), "overtaken"),
    "an agent's note": (comment(2, ALEX, public=False), "overtaken"),
    "the customer": (comment(2), "replaced"),
    "another customer on the ticket": (comment(2, TONI), "replaced"),
    "the customer's auto-reply": (comment(2, CAMILLE, automatic=True), "fits"),
    "a rule": (comment(2, RULE, automatic=True), "fits"),
    "klark by its marker": (comment(2, KLARK, marker="m"), "fits"),
    "klark by the stored id": (comment(88, KLARK, "anything"), "fits"),
    "klark by its seat and its words": (comment(2, KLARK, "Delivery takes 3 days."), "fits"),
    "klark's words as the desk formats them": (comment(2, KLARK, "DELIVERY  takes\n3 days!"), "fits"),
    "a person on klark's seat": (comment(2, KLARK, "I am human."), "overtaken"),
    "somebody else with klark's words": (comment(2, ALEX, "Delivery takes 3 days."), "overtaken"),
    "the customer, long ago by the clock": (comment(2, created_at=OLD), "replaced"),
    "an agent, far ahead by the clock": (comment(2, ALEX, created_at=NEW), "overtaken"),
}


@pytest.mark.parametrize("who", FRESH)
def test_a_comment_that_came_since(who: str) -> None:
    fresh, expected = FRESH[who]
    assert what(fresh) == expected


def test_a_ticket_as_it_was_still_fits() -> None:
    assert what() == "fits"


def test_comments_that_were_seen_change_nothing() -> None:
    assert what(comment(2, ALEX), comment(3), seen=("1", "2", "3")) == "fits"


def test_a_person_comes_before_the_customer() -> None:
    assert what(comment(2), comment(3, ALEX)) == "overtaken"
    assert what(comment(2, ALEX), comment(3)) == "overtaken"


@pytest.mark.parametrize("status", ["solved", "closed", "deleted"])
def test_an_ended_ticket_overtakes(status: str) -> None:
    assert what(status=status) == "overtaken"


@pytest.mark.parametrize("status", ["new", "open", "pending", "hold", None])
def test_a_ticket_that_goes_on_does_not(status: str | None) -> None:
    assert what(status=status) == "fits"


@pytest.mark.parametrize(("now", "seen", "expected"), [
    ("9002", "", "overtaken"), ("9002", "9002", "fits"), ("9003", "9002", "overtaken"),
    ("9001", "", "fits"), (None, "9002", "fits"), ("", "", "fits"),
])  # fmt: skip
def test_a_person_newly_assigned_overtakes(now: str | None, seen: str, expected: Staleness) -> None:
    assert what(assignee_id=now, assignee_seen=seen) == expected


def test_tags_priority_and_group_change_nothing() -> None:
    assert what(tags=("vip",), priority="urgent", group_id="7", updated_at=NEW, stamp="other") == "fits"


# Who would read it

OTTO, OTTO_BY_ADDRESS = Person("31", "Otto", "otto@partner.example"), Person("", "", "otto@partner.example")
BEFORE = ticket(comment(1), cc=(TONI, OTTO))


@pytest.mark.parametrize(("now", "expected"), [
    (ticket(comment(1), cc=(TONI, OTTO)), "fits"),
    (ticket(comment(1), cc=(OTTO, TONI)), "fits"),
    (ticket(comment(1), cc=(Person("31", "Otto Lind", "new@partner.example"), TONI)), "fits"),
    (ticket(comment(1), cc=(TONI, OTTO, ALEX)), "other_readers"),
    (ticket(comment(1), cc=(TONI,)), "other_readers"),
    (ticket(comment(1)), "other_readers"),
    (ticket(comment(1), cc=(TONI, Person("32"))), "other_readers"),
    (ticket(comment(1), requester=TONI, cc=(TONI, OTTO)), "other_readers"),
    (ticket(comment(1), comment(2), requester=TONI), "replaced"),
    (ticket(comment(1), comment(2, ALEX), requester=TONI), "overtaken"),
])  # fmt: skip
def test_a_reply_is_for_those_it_was_made_for(now: Ticket, expected: Staleness) -> None:
    assert staleness_of(now, SeenTicket(("1",), "", readers(BEFORE)), MINE) == expected


def test_whoever_is_in_copy_by_address_alone_is_known_by_it_in_any_case() -> None:
    loud = Person("", "", "OTTO@partner.example")
    assert readers(ticket(cc=(OTTO_BY_ADDRESS,))) == readers(ticket(cc=(loud,)))
    assert readers(ticket(cc=(OTTO_BY_ADDRESS,))) != readers(ticket(cc=(TONI,)))


def test_no_id_is_taken_apart() -> None:
    """Two in copy are not one of both their names, and a copy is not a requester."""
    pairs = [(Person("1"), Person("2")), (Person("1', '2"),), (Person("12"),), ()]
    assert len({readers(ticket(cc=pair)) for pair in pairs}) == len(pairs)
    assert readers(ticket(requester=Person("1"), cc=(Person("2"),))) != readers(
        ticket(requester=Person("2"), cc=(Person("1"),))
    )


@pytest.mark.parametrize(("kind", "kept", "expected"), [
    ("reply", readers(BEFORE), "other_readers"), ("reply", "", "other_readers"), ("reply", readers(ticket()), "fits"),
    ("note", readers(BEFORE), "fits"), ("note", "", "fits"), ("handover", readers(BEFORE), "fits"),
])  # fmt: skip
def test_only_what_is_public_has_readers(kind: str, kept: str, expected: Staleness) -> None:
    row = Delivery(kind=kind, seen=["1"], readers_seen=kept)
    assert staleness_of(ticket(comment(1)), seen_by(row), MINE) == expected
