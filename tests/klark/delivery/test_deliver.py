"""Nothing twice, and never over a human: one write on its way to a desk, against both stand-ins over real HTTP."""

from typing import Any

import pytest

from integrations.errors import Unsure
from integrations.helpdesks.zendesk.client import Zendesk
from integrations.sandbox.client import DeskName, Sandbox
from integrations.sandbox.world import World
from klark import review, tasks
from klark.delivery.deliver import deliver
from klark.models import Connection, Delivery, Outcome, WebhookEvent
from klark.models.work_queue import ATTEMPTS
from klark.review import Reviewed
from tests.integrations.sandboxed import TOKEN, Api
from tests.klark import rows
from tests.klark.rows import ANSWER, DESKS, Case

pytestmark = pytest.mark.django_db

WRITES = {"zendesk": "PUT", "freshdesk": "POST"}


@pytest.fixture(params=DESKS)
def case(request: pytest.FixtureRequest, sandbox: Sandbox) -> Case:
    """A reply that is due on a customer's ticket."""
    return due_on(sandbox, request.param)


@pytest.fixture
def zendesk(sandbox: Sandbox) -> Case:
    return due_on(sandbox, "zendesk")


@pytest.fixture
def freshdesk(sandbox: Sandbox) -> Case:
    return due_on(sandbox, "freshdesk")


def due_on(sandbox: Sandbox, desk: DeskName, **more: Any) -> Case:
    case = rows.case(sandbox, desk)
    rows.delivery(case.row, case.ticket, seen=case.seen, readers_seen=case.readers, **more)
    return case


def run() -> str:
    """A worker's next step, whenever it is due."""
    rows.make_due(Delivery)
    return deliver(rows.claim(Delivery))


def work() -> Delivery:
    """The same through the task, which takes what goes wrong."""
    rows.make_due(Delivery)
    tasks.deliver.run()
    return row()


def row() -> Delivery:
    found: Delivery = rows.get(Delivery)
    return found


def outcomes() -> list[str]:
    return [rows.get(Outcome).kind] if rows.count(Outcome) else []


def fault(case: Case, kind: str, method: str = "", **more: Any) -> None:
    case.sandbox.fault(kind, desk=case.desk, method=method or WRITES[case.desk], **more)


def test_a_due_reply_is_written_once_and_known_by_its_comment(case: Case) -> None:
    assert run() == "sent"
    (said,) = case.by_klark
    assert (said["text"], said["public"], row().comment_id) == (ANSWER, True, str(said["id"]))
    assert rows.get(Connection).last_write_at is not None
    assert Delivery.claim() == []


def test_a_note_is_private(sandbox: Sandbox, case: Case) -> None:
    rows.change(Delivery, kind=Delivery.Kind.NOTE)
    assert run() == "sent"
    assert [said["public"] for said in case.by_klark] == [False]


def test_a_handover_brings_its_tags_and_its_group(case: Case) -> None:
    rows.change(Delivery, kind=Delivery.Kind.HANDOVER, tags=["klark-handover"], group_id="7001")
    assert run() == "sent"
    stored = case.sandbox.stored(case.desk, case.ticket)
    assert (stored["tags"], stored["group_id"], len(case.by_klark)) == (["klark-handover"], 7001, 1)


# Over a human


def test_an_agents_reply_retires_the_draft(case: Case) -> None:
    case.sandbox.comment(case.desk, case.ticket, "<p>I take this one.</p>", by="agent")
    assert (run(), outcomes(), case.by_klark) == ("retired", ["overtaken"], [])


def test_an_agents_note_retires_the_draft(case: Case) -> None:
    case.sandbox.comment(case.desk, case.ticket, "<p>Wait, I call them.</p>", by="agent", public=False)
    assert (run(), outcomes(), case.by_klark) == ("retired", ["overtaken"], [])


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"assignee": "agent"}, "overtaken"), ({"status": "solved"}, "overtaken"), ({"status": "closed"}, "overtaken"),
        ({"deleted": True}, "gone"),
    ],
)  # fmt: skip
def test_what_an_agent_does_to_the_ticket_retires_the_draft(case: Case, fields: dict[str, Any], outcome: str) -> None:
    case.sandbox.change(case.desk, case.ticket, **fields)
    assert (run(), outcomes(), case.by_klark) == ("retired", [outcome], [])


def test_a_merge_retires_the_draft(case: Case) -> None:
    target = case.sandbox.ticket(case.desk, subject="The first one")
    case.sandbox.change(case.desk, case.ticket, merged_into=target)
    assert (run(), outcomes(), case.by_klark) == ("retired", ["overtaken"], [])


def test_another_agent_who_takes_over_retires_the_draft(case: Case) -> None:
    rows.change(Delivery, assignee_seen="9009")
    case.sandbox.change(case.desk, case.ticket, assignee="agent")
    assert (run(), outcomes()) == ("retired", ["overtaken"])


def test_the_agent_who_had_it_before_the_draft_does_not_retire_it(case: Case) -> None:
    rows.change(Delivery, assignee_seen=rows.AGENT_ID)
    case.sandbox.change(case.desk, case.ticket, assignee="agent")
    assert run() == "sent"


def test_the_customer_who_wrote_again_replaces_the_draft_and_is_looked_at(case: Case) -> None:
    case.sandbox.comment(case.desk, case.ticket, "<p>And to France?</p>")
    assert (run(), outcomes(), case.by_klark) == ("retired", ["replaced"], [])
    again = rows.get(WebhookEvent)
    assert (again.ticket_id, again.state, again.origin) == (str(case.ticket), "due", "klark")


@pytest.mark.parametrize("fields", [{"cc": ["otto.lind@partner.example"]}, {"requester": "toni@partner.example"}])
def test_other_readers_than_it_was_made_for_retire_a_reply_and_are_looked_at(
    case: Case, fields: dict[str, Any]
) -> None:
    case.sandbox.change(case.desk, case.ticket, **fields)
    assert (run(), outcomes(), case.by_klark) == ("retired", ["other_readers"], [])
    again = rows.get(WebhookEvent)
    assert (again.ticket_id, again.state, again.kind) == (str(case.ticket), "due", "other readers")
    assert not rows.get(Delivery).draft.live


def test_a_reply_that_waited_to_be_tried_again_is_not_sent_to_others(case: Case) -> None:
    fault(case, "status", status=429, headers={"Retry-After": "1"})
    assert run() == "due"
    case.sandbox.change(case.desk, case.ticket, cc=["otto.lind@partner.example"])
    assert (run(), case.by_klark) == ("retired", [])


@pytest.mark.parametrize("kind", ["note", "handover"])
def test_a_note_may_go_whoever_is_put_in_copy(case: Case, kind: str) -> None:
    rows.change(Delivery, kind=kind)
    case.sandbox.change(case.desk, case.ticket, cc=["otto.lind@partner.example"])
    assert (run(), len(case.by_klark)) == ("sent", 1)


def test_rules_tags_and_klarks_own_fields_leave_the_draft_alone(case: Case) -> None:
    case.sandbox.change(case.desk, case.ticket, tags=["vip"], priority="high", actor_id=9001)
    if case.desk == "zendesk":  # a rule's comment on Freshdesk is shown as its agent's
        case.sandbox.comment(case.desk, case.ticket, "<p>We have received your request.</p>", by="rule")
    assert (run(), outcomes(), len(case.by_klark)) == ("sent", [], 1)


def test_klarks_own_earlier_note_leaves_the_draft_alone(case: Case) -> None:
    about, seen = rows.get(Delivery).draft, case.seen
    assert run() == "sent"
    rows.delivery(case.row, case.ticket, draft=about, kind="note", text="A note as well.", seen=seen)
    assert run() == "sent"
    assert [said["text"] for said in case.by_klark] == [ANSWER, "A note as well."]


def test_an_agent_who_writes_after_the_last_read_is_not_overwritten_on_zendesk(zendesk: Case) -> None:
    """`safe_update` makes the check and the write one."""
    zendesk.sandbox.race("zendesk", zendesk.ticket, on="write", by="agent", body_html="<p>Mine.</p>")
    assert run() == "due"
    assert (run(), outcomes(), zendesk.by_klark) == ("retired", ["overtaken"], [])


def test_a_tag_set_after_the_last_read_only_delays_the_write_on_zendesk(zendesk: Case) -> None:
    zendesk.sandbox.race("zendesk", zendesk.ticket, on="write", tags=["vip"])
    assert run() == "due"
    assert row().sending_at is None
    assert (run(), len(zendesk.by_klark)) == ("sent", 1)


# Nothing twice


def test_a_dropped_answer_of_zendesk_leaves_one_write(zendesk: Case) -> None:
    fault(zendesk, "drop")
    assert run() == "sending"
    assert run() == "sent"
    assert len(zendesk.sandbox.writes("zendesk", zendesk.ticket)) == 1
    assert (len(zendesk.by_klark), row().comment_id) == (1, str(zendesk.by_klark[0]["id"]))


def test_a_request_that_zendesk_never_saw_is_made_again_under_the_same_stamp(zendesk: Case) -> None:
    fault(zendesk, "reset")
    assert run() == "sending"
    assert run() == "sent"
    assert len(zendesk.by_klark) == 1
    first, second = zendesk.sandbox.writes("zendesk", zendesk.ticket)
    assert first["body"]["ticket"]["updated_stamp"] == second["body"]["ticket"]["updated_stamp"]


def test_a_request_lost_before_zendesk_is_made_again_after_a_tag_changed_the_stamp(zendesk: Case) -> None:
    fault(zendesk, "reset")
    assert run() == "sending"
    zendesk.sandbox.change("zendesk", zendesk.ticket, tags=["vip"])
    assert (run(), len(zendesk.by_klark)) == ("sent", 1)


def test_an_agent_who_writes_while_zendesk_is_unsure_stops_the_second_write(zendesk: Case) -> None:
    fault(zendesk, "reset")
    run()
    zendesk.sandbox.comment("zendesk", zendesk.ticket, "<p>Mine.</p>", by="agent")
    assert (run(), outcomes(), zendesk.by_klark) == ("retired", ["overtaken"], [])


def test_a_write_in_doubt_is_looked_for_even_after_a_later_try_could_not_leave(zendesk: Case) -> None:
    """The first one is applied at last while the second is told to wait: a third would be one too many."""
    fault(zendesk, "reset")
    assert run() == "sending"
    fault(zendesk, "status", status=429, headers={"Retry-After": "1"})
    assert (run(), row().sending_at is not None) == ("due", True)
    (lost, _) = zendesk.sandbox.writes("zendesk", zendesk.ticket)
    Api(zendesk.sandbox.base("zendesk"), TOKEN).put(f"/tickets/{zendesk.ticket}.json", lost["body"])
    assert run() == "sent"
    assert len(zendesk.by_klark) == 1


def test_a_dropped_answer_of_freshdesk_is_found_by_reading_back(freshdesk: Case) -> None:
    fault(freshdesk, "drop")
    assert run() == "sending"
    assert run() == "sent"
    assert (len(freshdesk.by_klark), len(freshdesk.sandbox.writes("freshdesk", freshdesk.ticket))) == (1, 1)


def test_freshdesks_lost_request_is_looked_for_twice_and_never_sent_again(freshdesk: Case) -> None:
    fault(freshdesk, "reset")
    assert [run() for _ in range(3)] == ["sending", "sending", "parked"]
    assert len(freshdesk.sandbox.writes("freshdesk", freshdesk.ticket)) == 1
    assert Delivery.claim() == []
    assert "may have been sent" in row().trouble


GATEWAYS: tuple[dict[str, Any], ...] = (
    {"status": 429}, {"status": 429, "headers": {"Retry-After": "1"}, "body": "Slow down"}, {"status": 403, "body": "Blocked"},
    {"status": 409, "body": "Conflict"}, {"status": 422, "body": ""},
)  # fmt: skip


@pytest.mark.parametrize("answer", GATEWAYS, ids=lambda answer: f"{answer['status']} {answer.get('body')}")
def test_a_refusal_that_may_not_be_freshdesks_own_is_looked_into_twice_and_never_sent_again(
    freshdesk: Case, answer: dict[str, Any]
) -> None:
    fault(freshdesk, "status", **answer)
    assert [run() for _ in range(3)] == ["sending", "sending", "parked"]
    assert len(freshdesk.sandbox.writes("freshdesk", freshdesk.ticket)) == 1
    assert "may have been sent" in row().trouble


def test_a_reply_that_a_gateway_called_too_much_and_that_shows_up_late_on_freshdesk_is_there_once(
    freshdesk: Case, world: World
) -> None:
    fault(freshdesk, "status", status=429, apply=True)
    run()
    kept = world.desks["freshdesk"].tickets[freshdesk.ticket].comments.pop()
    assert run() == "sending"
    world.desks["freshdesk"].tickets[freshdesk.ticket].comments.append(kept)
    assert (run(), len(freshdesk.by_klark)) == ("sent", 1)


def test_a_reply_that_shows_up_late_on_freshdesk_is_found_by_the_second_look(freshdesk: Case, world: World) -> None:
    fault(freshdesk, "drop")
    run()
    kept = world.desks["freshdesk"].tickets[freshdesk.ticket].comments.pop()
    assert run() == "sending"
    world.desks["freshdesk"].tickets[freshdesk.ticket].comments.append(kept)
    assert (run(), len(freshdesk.by_klark)) == ("sent", 1)


@pytest.mark.parametrize("kind", ["malformed", "html200", "redirect"])
def test_a_strange_answer_is_no_reason_to_write_again(case: Case, kind: str) -> None:
    fault(case, kind, apply=True)
    assert run() == "sending"
    assert (run(), len(case.by_klark)) == ("sent", 1)


def test_a_server_error_after_the_write_was_applied_leaves_one_write(case: Case) -> None:
    fault(case, "status", status=502, apply=True)
    assert run() == "sending"
    assert (run(), len(case.by_klark)) == ("sent", 1)


def test_a_refused_connection_is_tried_again_later_and_writes_once(case: Case) -> None:
    rows.change(Connection, address="http://127.0.0.1:1")
    assert work().state == "due"
    assert row().trouble != ""
    rows.change(Connection, address=case.row.address)
    assert work().state == "sent"
    assert len(case.by_klark) == 1


def test_a_wait_that_the_desk_asks_for_is_kept_and_is_no_attempt(case: Case) -> None:
    fault(case, "status", status=429, headers={"Retry-After": "30"})
    before = rows.get(Delivery).due_at
    assert run() == "due"
    assert (row().attempts, row().sending_at) == (0, None)
    assert (row().due_at - before).total_seconds() > 25
    assert (run(), len(case.by_klark)) == ("sent", 1)


def test_a_write_that_fails_before_it_leaves_is_parked_in_the_end_and_may_be_retried(zendesk: Case) -> None:
    rows.change(Delivery, attempts=ATTEMPTS - 1)
    zendesk.sandbox.race("zendesk", zendesk.ticket, on="write", tags=["vip"])
    assert run() == "parked"
    assert (row().sending_at, row().trouble != "") == (None, True)
    review.retry(Reviewed(row().pk, zendesk.row.tenant_id, "lead"))
    assert (run(), len(zendesk.by_klark)) == ("sent", 1)


def test_zendesk_that_never_answers_a_write_is_parked_in_the_end(zendesk: Case) -> None:
    rows.change(Delivery, attempts=ATTEMPTS - 1)
    fault(zendesk, "status", status=500)
    assert run() == "parked"
    assert row().sending_at is not None


def test_a_refused_write_is_parked_with_the_desks_own_words(case: Case) -> None:
    fault(case, "status", status=422, body={"description": "Comment: is too rude", "message": "too rude"})
    assert run() == "parked"
    assert (row().sending_at, "too rude" in row().trouble, case.by_klark) == (None, True, [])


def test_wrong_credentials_park_the_write(case: Case) -> None:
    case.sandbox.credentials(case.desk, ["nobody"])
    assert work().state == "parked"
    assert "credentials" in row().trouble


# A worker that dies


def test_a_worker_that_dies_before_it_wrote_is_followed_by_one_write_on_zendesk(
    zendesk: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(Zendesk, "write", _die)
        with pytest.raises(SystemExit):
            run()
    assert row().state == "sending"
    assert Delivery.claim() == []
    rows.expire_lease(Delivery)
    assert (run(), len(zendesk.by_klark)) == ("sent", 1)


def test_a_worker_that_dies_before_it_wrote_leaves_a_question_for_a_person_on_freshdesk(freshdesk: Case) -> None:
    """Nobody can know whether it had left: the door is one-way."""
    rows.change(Delivery, state="sending", sending_at=rows.datetime.now(rows.UTC), lease_until=None)
    assert [run() for _ in range(2)] == ["sending", "parked"]
    assert freshdesk.sandbox.writes("freshdesk", freshdesk.ticket) == []


def test_a_worker_that_dies_after_it_wrote_is_followed_by_no_second_write(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr("klark.delivery.deliver._sent", _die)
        with pytest.raises(SystemExit):
            run()
    rows.expire_lease(Delivery)
    assert (run(), len(case.by_klark)) == ("sent", 1)
    assert len(case.sandbox.writes(case.desk, case.ticket)) == 1


def _die(*_: object) -> str:
    raise SystemExit


def test_a_worker_whose_lease_went_to_another_does_not_write(case: Case) -> None:
    rows.make_due(Delivery)
    late = rows.claim(Delivery)
    rows.expire_lease(Delivery)
    assert deliver(rows.claim(Delivery)) == "sent"
    assert deliver(late) == ""
    assert len(case.by_klark) == 1


def test_a_worker_whose_lease_ended_does_not_go_through_the_door(case: Case) -> None:
    late = rows.claim(Delivery)
    rows.expire_lease(Delivery)
    assert (deliver(late), case.by_klark) == ("", [])


def test_an_adapter_that_breaks_after_the_door_is_read_back_and_not_sent_again(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("klark.delivery.deliver._sent", lambda job, comment_id, ticket: 1 / 0)
        assert work().state == "sending"
    assert "ZeroDivisionError" in row().trouble
    assert work().state == "sent"
    assert len(case.by_klark) == 1


def test_an_unsure_error_from_anywhere_never_becomes_a_plain_retry(
    freshdesk: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unsure(*_: object) -> str:
        raise Unsure("the answer never came")

    monkeypatch.setattr("integrations.helpdesks.freshdesk.client.Freshdesk.write", unsure)
    assert [run() for _ in range(3)] == ["sending", "sending", "parked"]
