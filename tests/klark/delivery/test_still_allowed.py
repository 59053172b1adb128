"""A reply that nobody has read is looked at once more before it is written: its topic may have been closed meanwhile."""

from datetime import UTC, datetime
from typing import Any

import pytest

from integrations.sandbox.client import Sandbox
from klark import review, tasks
from klark.models import Delivery, Draft, Judgement, Outcome, Policy, Standing, within
from klark.review import Reviewed
from tests.klark import rows
from tests.klark.rows import ANSWER, DESKS, Case

pytestmark = pytest.mark.django_db
TOPIC = {"topic": "delivery", "language": "en"}


@pytest.fixture(params=DESKS)
def case(request: pytest.FixtureRequest, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A reply that was decided while its topic was open, and is due."""
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    case = rows.case(sandbox, request.param, autonomy="proposed")
    draft = rows.draft(case.row, case.ticket, **TOPIC)
    rows.delivery(case.row, case.ticket, draft=draft, seen=case.seen, readers_seen=case.readers)
    with within(case.row.tenant_id):
        Judgement.objects.create(tenant_id=case.row.tenant_id, draft=draft, via="audit", drawn=False, **TOPIC)
    return case


def work(case: Case, rung: str = "") -> Delivery:
    """What becomes of the reply, while its topic stands on this rung."""
    if rung:
        with within(case.row.tenant_id):
            Standing.objects.create(tenant_id=case.row.tenant_id, rung=rung, why="closed", **TOPIC)
    rows.make_due(Delivery)
    tasks.deliver.run()
    found: Delivery = rows.get(Delivery)
    return found


def said(case: Case) -> list[tuple[str, bool]]:
    return [(comment["text"], comment["public"]) for comment in case.by_klark]


def judged_via() -> tuple[str, bool]:
    found = rows.get(Judgement)
    return found.via, found.drawn


def test_a_reply_on_a_topic_that_is_still_open_is_sent(case: Case) -> None:
    assert (work(case, "reply").state, said(case), judged_via()) == ("sent", [(ANSWER, True)], ("audit", False))


def test_a_reply_on_a_topic_that_was_closed_waits_for_a_person_who_may_send_it(case: Case) -> None:
    row = work(case, "queue")
    assert (row.state, said(case), judged_via()) == ("waiting", [], ("queue", True))
    assert case.sandbox.stored(case.desk, case.ticket)["tags"] == ["klark-draft-waiting"]
    review.approve(Reviewed(row.pk, row.tenant_id, "lea"))
    assert (work(case).state, said(case)) == ("sent", [(ANSWER, True)])
    assert rows.get(Judgement).verdict == "right"


def test_a_reply_on_a_topic_that_fell_to_notes_becomes_a_note_with_the_draft(case: Case) -> None:
    row = work(case, "note")
    ((text, public),) = said(case)
    assert (row.state, row.kind, public, ANSWER in text, judged_via()) == ("sent", "note", False, True, ("note", True))


def test_a_topic_that_nothing_is_known_of_has_earned_nothing(case: Case) -> None:
    assert (work(case).state, said(case)) == ("waiting", [])


def test_the_rung_of_another_model_is_none_of_this_drafts(case: Case) -> None:
    rows.change(Judgement, made_with="the model before")
    assert (work(case, "reply").state, said(case)) == ("waiting", [])


@pytest.mark.parametrize("kind", ["approved", "edited"])
def test_what_a_person_approved_is_sent_wherever_its_topic_stands(case: Case, kind: str) -> None:
    with within(case.row.tenant_id):
        Outcome.objects.create(tenant_id=case.row.tenant_id, draft=rows.get(Draft), kind=kind)
    assert (work(case, "note").state, said(case)) == ("sent", [(ANSWER, True)])


def test_while_nothing_needs_to_be_earned_the_reply_is_sent(case: Case) -> None:
    rows.change(Policy, autonomy="off")
    assert (work(case, "note").state, said(case)) == ("sent", [(ANSWER, True)])


@pytest.mark.parametrize("case", ["zendesk"], indirect=True)
def test_a_reply_that_may_have_left_already_is_seen_to_its_end(case: Case) -> None:
    stamp = case.sandbox.stored("zendesk", case.ticket)["updated_at"]
    about: dict[str, Any] = {"sending_at": datetime.now(UTC), "state": "sending", "stamp": stamp}
    rows.change(Delivery, **about)
    assert (work(case, "queue").state, said(case)) == ("sent", [(ANSWER, True)])


@pytest.mark.parametrize(("mode", "state", "kind"), [
    ("reply", "sent", "reply"), ("queue", "waiting", "reply"), ("off", "waiting", "reply"), ("note", "sent", "note"),
])  # fmt: skip
def test_a_reply_goes_no_further_than_the_policy_that_is_in_force_now(
    case: Case, mode: str, state: str, kind: str
) -> None:
    with within(case.row.tenant_id):
        Policy.objects.update(autonomy="off", mode=mode)
    row = work(case)
    assert (row.state, row.kind) == (state, kind)
