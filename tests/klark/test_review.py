"""What a person may do with a draft: once, in time, and without undoing what happened meanwhile."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from klark import review, tasks
from klark.models import Connection, Delivery, Draft, Outcome, WebhookEvent
from klark.review import Reviewed, TooLate, Unfit
from tests.klark import rows
from tests.klark.modelled import Model, with_model
from tests.klark.rows import ANSWER, Case
from tests.klark.said import completion

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting() -> Reviewed:
    """A reply in the queue."""
    account = rows.connection(rows.tenant())
    return Reviewed(rows.delivery(account, state="waiting", text=ANSWER), account.tenant_id, "lea")


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr("klark.wakeup.wake", lambda: rung.append(1))
    return rung


def row(**wanted: object) -> Delivery:
    found: Delivery = rows.get(Delivery, **wanted)
    return found


def outcome() -> tuple[str, str, str]:
    found = rows.get(Outcome)
    return found.kind, found.by, found.reason


def test_an_approved_reply_is_due_as_it_was(waiting: Reviewed) -> None:
    before = row()
    review.approve(waiting)
    assert (row().state, row().text, row().html, outcome()) == (
        "due",
        before.text,
        before.html,
        ("approved", "lea", ""),
    )
    assert rows.get(Outcome).text == before.text


def test_an_edited_reply_is_due_as_edited(waiting: Reviewed) -> None:
    review.approve(waiting, "Hello,\n\n<b>Four</b> days.")
    assert (row().state, row().text, outcome()[0]) == ("due", "Hello,\n\n<b>Four</b> days.", "edited")
    assert "&lt;b&gt;Four" in row().html
    assert rows.get(Outcome).text == "Hello,\n\n<b>Four</b> days."


@pytest.mark.parametrize(
    ("text", "kept"), [(f"{ANSWER} Lea", 1.0), ("Delivery to Belgium: 3 to 5 working days.", 7 / 9)]
)
def test_of_an_edit_it_is_kept_how_many_of_the_drafts_words_stayed(waiting: Reviewed, text: str, kept: float) -> None:
    review.approve(waiting, text)
    assert rows.get(Outcome).kept == kept


def test_blanks_alone_are_no_edit(waiting: Reviewed) -> None:
    before = row().html
    review.approve(waiting, f"  {ANSWER}\n")
    assert (row().html, outcome()[0]) == (before, "approved")


def test_paragraphs_and_lists_are_an_edit(waiting: Reviewed) -> None:
    review.approve(waiting, ANSWER.replace(" ", "\n\n", 1))
    assert (row().html.count("<p"), outcome()[0]) == (2, "edited")


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_an_empty_reply_cannot_be_approved(waiting: Reviewed, text: str) -> None:
    with pytest.raises(Unfit, match="empty"):
        review.approve(waiting, text)
    assert row().state == "waiting"


def test_a_rejected_reply_is_retired_with_the_reason(waiting: Reviewed) -> None:
    review.reject(waiting, " wrong price ")
    reply = row(kind="reply")
    assert (reply.state, reply.ended_at is not None, outcome()) == ("retired", True, ("rejected", "lea", "wrong price"))


def test_a_rejection_says_why(waiting: Reviewed) -> None:
    with pytest.raises(Unfit):
        review.reject(waiting, "  ")
    assert (row().state, rows.count(Outcome)) == ("waiting", 0)


def test_regenerating_retires_the_draft_and_asks_for_another_of_the_same_turn(
    waiting: Reviewed, settings: Settings
) -> None:
    settings.KLARK_MODEL_NAME = "invented"
    review.regenerate(waiting, " shorter, please ")
    event = rows.get(WebhookEvent)
    assert (row().state, rows.get(Draft).live, outcome()) == (
        "retired",
        False,
        ("regenerated", "lea", "shorter, please"),
    )
    assert (event.ticket_id, event.instruction, event.origin, event.state) == ("1", "shorter, please", "klark", "due")


def test_handing_over_retires_the_reply_and_leaves_a_note(waiting: Reviewed) -> None:
    review.hand_over(waiting, "needs <b>finance</b>")
    note = row(kind="handover")
    assert (row(kind="reply").state, note.state, outcome()) == (
        "retired",
        "due",
        ("escalated", "lea", "needs <b>finance</b>"),
    )
    assert ("lea" in note.text, "<b>" in note.html) == (True, False)


ACTS: dict[str, Callable[[Reviewed], None]] = {
    "approve": review.approve,
    "edit": lambda who: review.approve(who, "Other words."),
    "reject": lambda who: review.reject(who, "why"),
    "regenerate": lambda who: review.regenerate(who, ""),
    "hand over": lambda who: review.hand_over(who, ""),
    "retry": review.retry,
    "mark sent": review.mark_sent,
}


@pytest.mark.parametrize("act", ACTS)
def test_a_draft_that_a_worker_holds_is_left_to_it(waiting: Reviewed, act: str) -> None:
    rows.change(Delivery, state="parked" if act in {"retry", "mark sent"} else "waiting",
                lease_until=datetime(2099, 1, 1, tzinfo=UTC))  # fmt: skip
    with pytest.raises(TooLate):
        ACTS[act](waiting)
    assert rows.count(Outcome) == 0


def test_only_one_of_two_decisions_counts(waiting: Reviewed) -> None:
    review.approve(waiting)
    with pytest.raises(TooLate, match="due"):
        review.reject(waiting, "no")
    assert (row().state, outcome()[0]) == ("due", "approved")


@pytest.mark.django_db(transaction=True)
def test_of_people_who_decide_at_once_one_is_heard() -> None:
    account = rows.connection(rows.tenant())
    pk = rows.delivery(account, state="waiting")
    late: list[TooLate] = []
    barrier = threading.Barrier(4)

    def decide(number: int) -> None:
        barrier.wait()
        try:
            review.approve(Reviewed(pk, account.tenant_id, f"person-{number}"))
        except TooLate as error:
            late.append(error)
        connection.close()

    people = [threading.Thread(target=decide, args=(number,)) for number in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert (len(late), rows.count(Outcome), row().state) == (3, 1, "due")


@pytest.mark.django_db(transaction=True)
def test_the_bell_is_rung_once_it_is_committed(bells: list[int]) -> None:
    account = rows.connection(rows.tenant())
    review.approve(Reviewed(rows.delivery(account, state="waiting"), account.tenant_id, "lea"))
    assert bells == [1]


def test_a_parked_write_that_never_left_is_tried_again_from_the_start(waiting: Reviewed) -> None:
    rows.change(Delivery, state="parked", attempts=8, ended_at=datetime.now(UTC))
    review.retry(waiting)
    assert (row().state, row().attempts, row().ended_at) == ("due", 0, None)
    assert rows.claim(Delivery).id == waiting.delivery_id


def test_a_parked_write_that_may_have_left_is_never_tried_again(waiting: Reviewed) -> None:
    rows.change(Delivery, state="parked", sending_at=datetime.now(UTC))
    with pytest.raises(Unfit, match="may have reached"):
        review.retry(waiting)
    assert row().state == "parked"


def test_a_write_that_may_have_left_is_settled_by_whoever_looked(waiting: Reviewed) -> None:
    rows.change(Delivery, state="parked", sending_at=datetime.now(UTC))
    review.mark_sent(waiting)
    assert (row().state, row().trouble) == ("sent", "Seen on the ticket by lea.")


def test_a_write_that_may_have_left_and_is_not_there_is_handed_over(waiting: Reviewed) -> None:
    rows.change(Delivery, state="parked", sending_at=datetime.now(UTC))
    review.hand_over(waiting, "it is not there")
    assert (row(kind="reply").state, row(kind="handover").state) == ("retired", "due")


@pytest.fixture
def queued(sandbox: Sandbox) -> Case:
    """A draft that waits, made by the whole path."""
    case = rows.case(sandbox, "freshdesk", mode="queue", public_sections=True, runs_per_ticket=1)
    rows.event(case.row, case.ticket)
    tasks.work.run()
    return case


def reviewed(case: Case) -> Reviewed:
    return Reviewed(row(state="waiting").pk, case.row.tenant_id, "lea")


def test_an_approved_draft_reaches_the_ticket(queued: Case) -> None:
    review.approve(reviewed(queued), "Three days, I checked.", overrule="the carrier says so")
    tasks.work.run()
    assert [(said["text"], said["public"]) for said in queued.by_klark] == [("Three days, I checked.", True)]


def test_a_draft_approved_too_late_does_not_reach_the_ticket(queued: Case) -> None:
    queued.sandbox.comment("freshdesk", queued.ticket, "<p>Done.</p>", by="agent")
    review.approve(reviewed(queued))
    tasks.work.run()
    assert (queued.by_klark, row().state) == ([], "retired")


def test_a_rejected_draft_is_left_to_a_person_once_in_a_private_note(queued: Case) -> None:
    review.reject(reviewed(queued), "the price is old")
    tasks.work.run()
    tasks.work.run()
    (note,) = queued.by_klark
    assert (note["public"], "rejected because the price is old" in note["text"], ANSWER in note["text"]) == (
        False, True, True)  # fmt: skip
    assert queued.sandbox.stored("freshdesk", queued.ticket)["tags"] == ["klark-handover"]


def test_a_rejection_is_not_told_over_a_persons_answer(queued: Case) -> None:
    queued.sandbox.comment("freshdesk", queued.ticket, "<p>Done.</p>", by="agent")
    review.reject(reviewed(queued), "the price is old")
    tasks.work.run()
    assert (queued.by_klark, row(kind="handover").state) == ([], "retired")


def test_a_regenerated_draft_waits_again_whatever_the_cap_on_runs(
    queued: Case, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """The cap is against loops; here a person asked."""
    with_model(monkeypatch, settings, Model(completion((ANSWER, ["P1.1"]))))
    review.regenerate(reviewed(queued), "shorter")
    tasks.work.run()
    with rows.within(queued.row.tenant_id):
        assert list(Draft.objects.order_by("pk").values_list("live", "instruction")) == [(False, ""), (True, "shorter")]
        replies = Delivery.objects.filter(kind="reply").order_by("pk")
        assert list(replies.values_list("state", flat=True)) == ["retired", "waiting"]


def test_a_connection_is_needed_for_nothing_here(waiting: Reviewed) -> None:
    """Deciding works while the helpdesk is down: the write is the worker's."""
    rows.change(Connection, sealed="gone:abc")
    review.approve(waiting)
    assert row().state == "due"
