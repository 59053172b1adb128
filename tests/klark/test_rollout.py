"""A ticket outside the roll-out is only watched: everything is done and kept, and nothing is written."""

import pytest

from integrations.sandbox.client import DeskName, Sandbox
from klark import review, tasks
from klark.delivery.reason_words import kept_words
from klark.intake.earlier_runs import history
from klark.models import Decision, Delivery, Draft, within
from tests.klark import rows
from tests.klark.rows import ANSWER, DESKS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("desk", DESKS)
def test_what_falls_outside_is_drafted_and_not_written(sandbox: Sandbox, desk: DeskName) -> None:
    case = rows.case(sandbox, desk, public_sections=True, rollout_percent=0)
    rows.event(case.row, case.ticket)
    tasks.work()
    decision, written = rows.get(Decision), rows.get(Delivery)
    assert (case.by_klark, sandbox.writes(desk, case.ticket)) == ([], [])
    assert (decision.kind, decision.reason, decision.draft_id) == ("SKIP", "outside_rollout", rows.get(Draft).pk)
    assert ANSWER in written.text
    assert (written.state, written.trouble) == ("retired", "Outside the roll-out: nothing is written.")
    assert kept_words(decision.reason, decision.words, "en") == (
        "the share of tickets; otherwise wait for approval, searched by words alone: the embedding model is away or still at work"
    )
    with within(case.row.tenant_id):
        past = history(case.row.tenant_id, case.row.pk, str(case.ticket), decision.requester_id)
    assert (past.runs_of_ticket, past.runs_of_requester) == (1, 1)  # it costs what a run costs
    rows.event(case.row, case.ticket)
    tasks.work()
    assert rows.count(Draft) == 1


def test_what_a_reviewer_asks_for_is_written_although_the_roll_out_has_shrunk(sandbox: Sandbox) -> None:
    case = rows.case(sandbox, mode="queue", public_sections=True)
    rows.event(case.row, case.ticket)
    tasks.work()
    rows.policy(case.row.tenant_id, mode="queue", public_sections=True, rollout_percent=0)
    review.regenerate(review.Reviewed(rows.get(Delivery, state="waiting").pk, case.row.tenant_id, "lea"), "")
    tasks.work()
    assert rows.count(Delivery, state="waiting") == 1
