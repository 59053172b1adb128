"""What a helpdesk says of who wrote: an address with proof, a suspended user, a comment whose author is in doubt."""

from typing import Any

import pytest

from integrations.helpdesks.base import Person, Ticket
from integrations.helpdesks.freshdesk import shapes as freshdesk_shapes
from integrations.helpdesks.zendesk import shapes as zendesk_shapes
from integrations.sandbox import people_actions, store
from integrations.sandbox.freshdesk import shapes as shown_by_freshdesk
from integrations.sandbox.records import Desk
from integrations.sandbox.store import new_desk
from integrations.sandbox.zendesk import shapes as shown_by_zendesk

CAMILLE = {"name": "Camille Durand", "email": "camille.durand@example.org"}


@pytest.mark.parametrize(("said", "verified", "suspended"), [
    ({"verified": True, "suspended": False}, True, False), ({"verified": False}, False, False), ({}, None, False),
    ({"verified": None, "suspended": None}, None, False), ({"verified": "yes", "suspended": "yes"}, None, False),
    ({"verified": 1, "suspended": 1}, None, False), ({"verified": True, "suspended": True}, True, True),
])  # fmt: skip
def test_zendesk_says_of_a_user_whether_the_address_is_theirs(
    said: dict[str, Any], verified: bool | None, suspended: bool
):
    person = zendesk_shapes.person({"id": 7, "role": "end-user", **said})
    assert (person.verified, person.suspended) == (verified, suspended)


@pytest.mark.parametrize(("metadata", "doubts"), [
    ({}, ()), ({"flags": []}, ()), ({"flags": [3]}, ("not_signed_in",)), ({"flags": [2]}, ("not_in_conversation",)),
    ({"flags": [0], "trusted": False}, ("unsure",)), ({"trusted": False}, ("unsure",)), ({"trusted": True}, ()),
    ({"flags": [11], "flags_options": {"11": {"trusted": False, "message": {"user": "Form"}}}}, ("on_behalf",)),
    ({"flags": [2], "flags_options": {"2": {"trusted": True}}}, ()),
    ({"flags": [2, 3], "flags_options": {"2": {"trusted": True}}}, ("not_signed_in",)),
    ({"flags": [3, 2, 3]}, ("not_signed_in", "not_in_conversation")),
    ({"flags": [4, 5, 99]}, ()), ({"flags": [4], "trusted": False}, ("unsure",)),
    ({"flags": "3", "flags_options": [], "trusted": None}, ()), ({"flags": ["3", None, {}]}, ()),
])  # fmt: skip
def test_zendesk_flags_a_comment_whose_author_is_in_doubt(metadata: dict[str, Any], doubts: tuple[str, ...]):
    raw = {"id": 1, "author_id": 7, "public": True, "html_body": "<p>Hello</p>", "metadata": metadata}
    assert zendesk_shapes.comment(raw, {}, Person("7")).doubts == doubts


def test_freshdesk_says_nothing_of_it_on_a_ticket():
    ticket = freshdesk_shapes.ticket({"id": 1, "requester_id": 7, "requester": CAMILLE}, [], frozenset(), "")
    assert (ticket.requester.verified, ticket.requester.suspended, ticket.comments[0].doubts) == (None, False, ())


def as_zendesk_shows(desk: Desk, sent: dict[str, Any]) -> Ticket:
    opened, _ = people_actions.open_ticket(desk, {"requester": CAMILLE, "body": "Where is it?", **sent})
    raw = shown_by_zendesk.ticket(desk, opened, "")
    users = zendesk_shapes.users_of({"users": shown_by_zendesk.people(desk, list(desk.users), "")})
    return zendesk_shapes.ticket(raw, users, [shown_by_zendesk.comment(desk, said) for said in opened.comments], "")


def test_the_stand_in_shows_a_proven_user_without_doubt_unless_told():
    ticket = as_zendesk_shows(new_desk("zendesk"), {})
    assert (ticket.requester.verified, ticket.requester.suspended, ticket.comments[0].doubts) == (True, False, ())


def test_the_stand_in_can_be_told_of_an_unproven_or_suspended_user():
    desk = new_desk("zendesk")
    ticket = as_zendesk_shows(desk, {"requester": {**CAMILLE, "verified": False, "suspended": True}})
    assert (ticket.requester.verified, ticket.requester.suspended) == (False, True)
    again = as_zendesk_shows(desk, {"requester": CAMILLE})
    assert (again.requester.verified, again.requester.suspended) == (False, True)


def test_the_stand_in_can_flag_a_comment():
    ticket = as_zendesk_shows(new_desk("zendesk"), {"flags": [3], "history": [{"from": "customer", "body": "Hi"}]})
    assert [comment.doubts for comment in ticket.comments] == [(), ("not_signed_in",)]


def test_the_stand_ins_contact_is_active_once_it_was_confirmed():
    desk = new_desk("freshdesk")
    user = store.person(desk, "Camille", "camille.durand@example.org")
    assert shown_by_freshdesk.contact(user)["active"] is True
    user.verified = False
    assert shown_by_freshdesk.contact(user)["active"] is False
