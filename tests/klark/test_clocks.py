"""A machine whose clock is wrong, and a database whose clock was put back: nothing is lost, taken twice or held up by it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from integrations.errors import TryLater
from integrations.sandbox.client import Sandbox
from klark import stopping, tasks
from klark.connections import tokens
from klark.connections.rate_limit import RateLimit
from klark.connections.tokens import Credential
from klark.drafting.judge_qualification import begin
from klark.intake.earlier_runs import history
from klark.models import Budget, Connection, Decision, Draft, Stop, WebhookEvent, within
from klark.models.ticket.loaded_event import UNREAD
from klark.personal_data.retention import tidy
from tests.klark import rows
from tests.klark.connections.test_rate_limit import limited, purse
from tests.klark.connections.test_tokens import asked, connected
from tests.klark.modelled import Model, furnished, with_meaning, with_model

pytestmark = pytest.mark.django_db
Wrong = Callable[[timedelta], None]


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> Wrong:
    """Puts this machine's clock ahead, while the database's is right."""
    right = timezone.now
    return lambda ahead: monkeypatch.setattr(timezone, "now", lambda: right() + ahead)


def test_a_machine_whose_clock_is_years_ahead_deletes_nothing(account: Connection, wrong: Wrong) -> None:
    rows.draft(account, record={"ticket": {"subject": "Bike"}})
    wrong(timedelta(days=2000))
    tidy()
    assert rows.get(Draft).record == {"ticket": {"subject": "Bike"}}


def test_a_token_that_another_worker_renews_is_left_to_it_whatever_the_clock_here_says(
    sandbox: Sandbox, wrong: Wrong, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = connected(sandbox, ends_in=timedelta(0))
    rows.change(Connection, renewing_until=datetime.now(UTC) + timedelta(seconds=30))
    monkeypatch.setattr(tokens, "LEASE", timedelta(seconds=0.2))
    wrong(timedelta(hours=1))
    with pytest.raises(TryLater):
        Credential(row).token()
    assert asked(sandbox) == []


def test_a_judges_check_that_runs_is_not_begun_again_by_a_machine_ahead_of_it(wrong: Wrong) -> None:
    tenant = rows.tenant()
    assert begin(tenant, "judge") is not None
    wrong(timedelta(hours=5))
    assert begin(tenant, "judge") is None


def test_a_flood_is_counted_by_the_databases_clock(account: Connection, wrong: Wrong) -> None:
    event = rows.event(account, 7, state="done")
    with within(account.tenant_id):
        Decision.objects.create(
            tenant_id=account.tenant_id, event_id=event, connection=account, ticket_id="7", kind="NOTE",
            reason="note_by_policy", requester_id="9", decided_at=timezone.now() - timedelta(hours=23),
        )  # fmt: skip
        wrong(timedelta(hours=2))
        past = history(account.tenant_id, account.pk, "7", "9")
    assert (past.runs_of_ticket, past.runs_of_requester) == (1, 1)


def test_requests_from_before_the_databases_clock_was_put_back_hold_nobody_up(account: Connection) -> None:
    assert (purse({1000 + 7200: 10}).used, purse({1000 + 7200: 10}).with_spent(1)) == (0, {"1000": 1})
    limited(account, 1)
    ahead = datetime.now(UTC) + timedelta(hours=2)
    rows.change(Budget, spent={str(int(ahead.timestamp() * 2)): 1}, held_until=ahead)
    RateLimit(account).permit(1)
    assert sum(rows.get(Budget).spent.values()) == 1


@pytest.mark.parametrize(("released", "state"), [(True, "due"), (False, "done")])
def test_a_ticket_waits_for_its_model_from_the_release_of_a_stop_on(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, settings: Settings, released: bool, state: str
) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    with_meaning(monkeypatch)
    with_model(monkeypatch, settings, Model(TryLater("the model is busy", 60)))
    case = rows.case(sandbox)
    furnished(case.row.tenant_id)
    rows.event(case.row, case.ticket, received_at=timezone.now() - UNREAD, trouble="the model is busy")
    if released:
        stopping.stop(case.row.tenant_id, "lead")
        stopping.release(rows.get(Stop).pk, case.row.tenant_id, "lead")
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    assert rows.get(WebhookEvent).state == state
