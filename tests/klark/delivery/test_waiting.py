"""A draft that waits is seen on its ticket as long as it waits, and no longer than the policy lets it."""

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from integrations.errors import Refused, TryLater
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.sandbox.client import Sandbox
from klark import review, stopping, tasks
from klark.delivery import handing_over
from klark.delivery.deliver import deliver
from klark.models import Delivery, Outcome, Stop, within
from klark.review import Reviewed
from klark.values.office_hours import DAYS
from tests.klark import rows
from tests.klark.rows import ANSWER, DESKS, Case

pytestmark = pytest.mark.django_db
WAITS = "klark-draft-waiting"


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)


def queued(sandbox: Sandbox, desk: object = "zendesk", **rules: object) -> Case:
    """A draft that waits, made by the whole path from a ticket with a tag of its own."""
    case = rows.case(sandbox, desk, mode="queue", public_sections=True, **rules)  # type: ignore[arg-type]  # a desk's name
    sandbox.change(case.desk, case.ticket, tags=["vip"])
    rows.event(case.row, case.ticket)
    tasks.work()
    return case


def tags(case: Case) -> list[str]:
    return sorted(case.sandbox.stored(case.desk, case.ticket)["tags"])


def who(case: Case) -> Reviewed:
    return Reviewed(rows.get(Delivery, state="waiting").pk, case.row.tenant_id, "lea")


def late(case: Case, hours: float) -> None:
    rows.change(Delivery, {"state": "waiting"}, created_at=datetime.now(UTC) - timedelta(hours=hours))
    handing_over.hand_over_late()
    tasks.work()


@pytest.mark.parametrize("desk", DESKS)
def test_the_ticket_has_a_tag_while_its_draft_waits_and_loses_it_with_the_approval(sandbox: Sandbox, desk: str) -> None:
    case = queued(sandbox, desk)
    assert (tags(case), case.by_klark) == ([WAITS, "vip"], [])
    review.approve(who(case))
    tasks.work()
    assert (tags(case), len(case.by_klark)) == (["vip"], 1)


@pytest.mark.parametrize("end", ["rejected", "handed over", "overtaken"])
def test_the_tag_goes_however_the_waiting_ends(sandbox: Sandbox, end: str) -> None:
    case = queued(sandbox, "freshdesk")
    if end == "rejected":
        review.reject(who(case), "spam", silently=True)
    elif end == "handed over":
        review.hand_over(who(case), "VIP")
    else:
        case.sandbox.comment(case.desk, case.ticket, "<p>Done.</p>", by="agent", webhook=False)
        rows.event(case.row, case.ticket)
    tasks.work()
    assert WAITS not in tags(case)


def test_a_new_draft_of_the_same_ticket_keeps_the_tag(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    case.sandbox.comment(
        case.desk, case.ticket, "<p>And how long does delivery to Belgium take by sea?</p>", webhook=False
    )
    rows.event(case.row, case.ticket)
    tasks.work()
    assert (rows.count(Delivery, state="waiting"), WAITS in tags(case)) == (1, True)


def test_the_tag_comes_before_the_decision_is_wanted_and_once(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    assert [(row.kind, row.state) for row in _all()] == [("tag", "sent"), ("reply", "waiting")]
    review.reject(who(case), "spam", silently=True)
    with within(case.row.tenant_id):
        review.no_longer_waits(rows.get(Delivery, kind="reply"))
    assert [row.state for row in _all() if row.kind == "tag"] == ["sent", "due"]  # one is enough for both


def test_the_note_that_a_draft_waits_goes_with_the_draft_if_it_is_not_written_yet(sandbox: Sandbox) -> None:
    case = queued(sandbox, waiting_note=True)
    rows.change(Delivery, {"kind": "note"}, state="due", due_at=datetime.now(UTC) + timedelta(hours=1), sending_at=None)
    review.reject(who(case), "spam", silently=True)
    assert rows.get(Delivery, kind="note").state == "retired"


def test_a_draft_is_kept_where_a_new_one_could_not_be_made(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    stopping.stop(case.row.tenant_id, "lea")
    with pytest.raises(review.Unfit, match="stopped"):
        review.regenerate(who(case), "")
    assert rows.count(Delivery, state="waiting") == 1


def test_nobodys_draft_is_handed_over_while_klark_is_stopped_nor_right_after(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    stopping.stop(case.row.tenant_id, "lea")
    late(case, 30)
    with within(case.row.tenant_id):
        stopping.release(Stop.objects.get().pk, case.row.tenant_id, "lea")
    late(case, 30)
    assert (rows.count(Delivery, state="waiting"), rows.count(Delivery, kind="handover")) == (1, 0)


def _all() -> list[Delivery]:
    with within(rows.EVERY_TENANT):
        return list(Delivery.objects.order_by("pk"))


def test_a_note_leads_to_the_draft_if_the_policy_says_so(sandbox: Sandbox, settings: Settings) -> None:
    settings.KLARK_URL = "https://klark.example"
    case = queued(sandbox, waiting_note=True)
    (note,) = case.by_klark
    page = f"https://klark.example/admin/klark/draft/{rows.get(Delivery, state='waiting').draft_id}/change/"
    assert (note["public"], WAITS in tags(case)) == (False, True)
    assert rows.get(Delivery, kind="note").text == f"klark · a draft of a reply waits · Open in klark ({page})"
    assert f'<a href="{page}">' in rows.get(Delivery, kind="note").html
    review.approve(who(case))
    tasks.work()
    assert (tags(case), [said["public"] for said in case.by_klark]) == (["vip"], [False, True])


@pytest.mark.parametrize(("desk", "acts", "shown"), [
    ("zendesk", "known", True), ("freshdesk", "known", False), ("freshdesk", "all", True),
])  # fmt: skip
def test_where_an_agent_may_act_from_the_ticket_the_note_has_the_draft_and_the_tags(
    sandbox: Sandbox, desk: str, acts: str, shown: bool
) -> None:
    (note,) = queued(sandbox, desk, waiting_note=True, ticket_acts=acts).by_klark
    assert (ANSWER in note["text"], "klark_send sends it" in note["text"], note["public"]) == (shown, shown, False)


def test_a_draft_that_waits_too_long_hands_its_ticket_over_with_it(sandbox: Sandbox) -> None:
    case = queued(sandbox, languages=["en"])
    late(case, 23.9)
    assert (case.by_klark, WAITS in tags(case)) == ([], True)
    late(case, 24.1)
    (note,) = case.by_klark
    assert (note["public"], ANSWER in note["text"], tags(case)) == (False, True, ["klark-handover", "vip"])
    assert note["text"].startswith("klark: nobody decided on this draft within 24 hours")
    assert (rows.get(Delivery, kind="reply").state, rows.get(Outcome).kind) == ("retired", "escalated")
    late(case, 48)
    assert len(case.by_klark) == 1


def test_a_late_draft_is_not_handed_over_where_a_person_answered(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    case.sandbox.comment(case.desk, case.ticket, "<p>Done.</p>", by="agent", webhook=False)
    late(case, 25)
    assert (case.by_klark, rows.get(Delivery, kind="handover").state) == ([], "retired")


@pytest.mark.parametrize(("hours", "waits"), [(0, 1), (48, 1), (2, 0)])
def test_the_policy_says_how_long_a_draft_waits(sandbox: Sandbox, hours: int, waits: int) -> None:
    case = queued(sandbox, waiting_hours=hours)
    late(case, 30)
    assert rows.count(Delivery, state="waiting") == waits


@pytest.mark.parametrize(("hours", "waits"), [("0:00-0:30", 1), ("0:00-24:00", 0)])
def test_where_the_policy_knows_the_office_hours_only_those_count(sandbox: Sandbox, hours: str, waits: int) -> None:
    case = queued(sandbox, office_hours=dict.fromkeys(DAYS, hours))
    late(case, 30)
    assert rows.count(Delivery, state="waiting") == waits


@pytest.mark.parametrize("desk", DESKS)
def test_the_policy_names_the_tag_and_one_that_it_named_before_goes_too(sandbox: Sandbox, desk: str) -> None:
    case = queued(sandbox, desk, waiting_tag="look-here")
    assert tags(case) == ["look-here", "vip"]
    rows.policy(case.row.tenant_id, mode="queue", waiting_tag="over-there")
    review.approve(who(case))
    tasks.work()
    assert (tags(case), len(case.by_klark)) == (["vip"], 1)


@pytest.mark.parametrize(("error", "state"), [(TryLater("busy", after=60), "due"), (Refused("no"), "retired")])
def test_a_tag_that_cannot_be_set_bothers_nobody(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(Freshdesk, "tag", fails)
    queued(sandbox, "freshdesk")
    assert (rows.get(Delivery, kind="tag").state, rows.count(Delivery, state="waiting")) == (state, 1)


def test_a_tag_that_was_claimed_before_a_stop_waits_for_its_release(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    review.reject(who(case), "no", silently=True)
    rows.make_due(Delivery)
    claim = rows.claim(Delivery)
    stopping.stop(case.row.tenant_id, "lead")
    assert deliver(claim) == "due"
    row = rows.get(Delivery, pk=claim.id, kind="tag")
    assert (tags(case), row.state, row.attempts, row.lease_until) == ([WAITS, "vip"], "due", 0, None)
    stopping.release(rows.get(Stop).pk, case.row.tenant_id, "lead")
    tasks.work()
    assert tags(case) == ["vip"]
