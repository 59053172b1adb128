"""Closed tickets for the tests of the backtest: everybody in them is invented."""

from datetime import UTC, datetime
from typing import Any

from integrations.helpdesks.base import Comment
from klark.evidence.closed_ticket import Closed, closed_of
from klark.values.own_comments import OwnComments
from tests.klark.said import ALEX, CAMILLE, comment, ticket

WHEN = datetime(2026, 11, 2, 9, tzinfo=UTC)
ASKED = "How long does delivery to Belgium take?"
ANSWERED = "Delivery to Belgium takes 3 to 5 working days."
NOBODY = OwnComments(frozenset())


def closed(*replies: Comment | str, asked: str = ASKED, own: OwnComments = NOBODY, **more: Any) -> Closed:
    """A ticket of Camille's with these replies of Alex's."""
    said = (
        each if isinstance(each, Comment) else comment(number, ALEX, each) for number, each in enumerate(replies, 2)
    )
    values = {"status": "closed", "created_at": WHEN, **more}
    return closed_of(ticket(comment(1, CAMILLE, asked), *said, **values), own)
