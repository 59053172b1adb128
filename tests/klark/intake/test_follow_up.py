"""Seven days after klark wrote on a ticket it reads it once more, as far as the helpdesk's rate limit allows."""

from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox.client import Sandbox
from klark import pipeline
from klark.intake import follow_up
from klark.models import Aftermath, Connection, Delivery, within
from klark.models.delivery import SAYS_IT_WAITS
from tests.klark import rows
from tests.klark.rows import DESKS, Case

pytestmark = pytest.mark.django_db


def ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


def replied(sandbox: Sandbox, days: float = 7.1, state: str = "sent", **more: object) -> Case:
    """A ticket that klark wrote on so many days ago."""
    case = rows.case(sandbox, more.pop("desk", "zendesk"))  # type: ignore[arg-type]  # a desk
    rows.delivery(case.row, case.ticket, seen=case.seen, state=state, ended_at=ago(days=days), **more)
    return case


@pytest.mark.parametrize("desk", DESKS)
def test_what_became_of_a_ticket_is_read_after_seven_days_and_once(sandbox: Sandbox, desk: str) -> None:
    case = replied(sandbox, desk=desk)
    case.sandbox.change(case.desk, case.ticket, status="solved", webhook=False)
    assert (follow_up.follow_up(case.row), rows.get(Aftermath).is_over) == (1, True)
    assert follow_up.follow_up(case.row) == 0


@pytest.mark.parametrize(("days", "read"), [(6.9, 0), (7.1, 1), (36.9, 1), (37.1, 0)])
def test_it_is_read_no_sooner_and_not_for_ever(sandbox: Sandbox, days: float, read: int) -> None:
    assert follow_up.follow_up(replied(sandbox, days).row) == read


@pytest.mark.parametrize(
    ("more", "read"),
    [({}, 1), ({"kind": "note"}, 1), ({"kind": "handover"}, 1), ({"kind": "note", "changes": SAYS_IT_WAITS}, 0),
     ({"state": "retired"}, 0), ({"state": "parked"}, 0)],
)  # fmt: skip
def test_it_is_read_where_something_was_written(sandbox: Sandbox, more: dict[str, object], read: int) -> None:
    assert follow_up.follow_up(replied(sandbox, **more).row) == read  # type: ignore[arg-type]  # as `rows.delivery` takes


@pytest.mark.parametrize(("given", "kept"), [(103, "good"), (100, "neutral"), (-102, "bad"), (None, "")])
def test_how_a_customer_of_freshdesk_rated_the_help_is_read_then_and_kept(
    sandbox: Sandbox, given: int | None, kept: str
) -> None:
    case = replied(sandbox, desk="freshdesk")
    if given:
        case.sandbox.change("freshdesk", case.ticket, satisfaction={"default_question": given}, webhook=False)
    assert (follow_up.follow_up(case.row), rows.get(Aftermath).satisfaction) == (1, kept)
    rows.event(case.row, case.ticket)
    pipeline.answer(rows.claim())  # the ticket itself says nothing of it
    assert rows.get(Aftermath).satisfaction == kept


def test_where_freshdesk_has_no_surveys_the_rating_is_unknown_and_the_rest_is_read(sandbox: Sandbox) -> None:
    case = replied(sandbox, desk="freshdesk")
    case.sandbox.change("freshdesk", case.ticket, status="solved", webhook=False)
    case.sandbox.fault("status", desk="freshdesk", method="GET", path=".*/satisfaction_ratings", status=403)
    assert follow_up.follow_up(case.row) == 1
    assert (rows.get(Aftermath).satisfaction, rows.get(Aftermath).is_over) == ("", True)


def test_what_an_event_brought_to_light_after_seven_days_is_not_read_again(sandbox: Sandbox) -> None:
    case = replied(sandbox, days=10)
    about = rows.get(Delivery)
    with within(about.tenant_id):
        Aftermath.objects.create(tenant_id=about.tenant_id, draft=about.draft, read_at=ago(days=2.9))
    assert follow_up.follow_up(case.row) == 0
    rows.change(Aftermath, read_at=ago(days=3.1))
    assert follow_up.follow_up(case.row) == 1


def test_of_a_ticket_that_is_gone_nobody_knows_how_it_ended(sandbox: Sandbox) -> None:
    case = replied(sandbox)
    case.sandbox.change(case.desk, case.ticket, deleted=True, webhook=False)
    assert (follow_up.follow_up(case.row), rows.get(Aftermath).is_over) == (1, None)
    assert follow_up.follow_up(case.row) == 0


def test_a_helpdesk_that_is_away_is_asked_again_by_the_next_housekeeping(sandbox: Sandbox) -> None:
    case = replied(sandbox)
    case.sandbox.fault("status", desk="zendesk", method="GET", status=503)
    assert (follow_up.follow_up(case.row), rows.count(Aftermath)) == (0, 0)
    follow_up.follow_up_all()
    assert rows.count(Aftermath) == 1


def test_an_account_that_is_not_active_is_left_alone(sandbox: Sandbox) -> None:
    replied(sandbox)
    rows.change(Connection, active=False)
    follow_up.follow_up_all()
    assert rows.count(Aftermath) == 0
