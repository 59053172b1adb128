"""An agent acts on a draft from the ticket, by a tag, and is told there in a note; a customer cannot."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from integrations.errors import Refused
from integrations.helpdesks.freshdesk.client import Freshdesk
from integrations.sandbox.client import DeskName, Sandbox
from integrations.sandbox.records import SYSTEM_ID
from klark import review, tasks, ticket_acts
from klark.connections.install import take_down
from klark.models import Delivery, Draft, Outcome, WebhookEvent, within
from klark.models.ticket.retire import retire
from klark.personal_data.content import blank_drafts
from tests.klark import rows
from tests.klark.rows import ANSWER, Case

pytestmark = pytest.mark.django_db
KNOWN = {"zendesk": "known", "freshdesk": "all"}


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    settings.KLARK_URL = "https://klark.example"


def queued(sandbox: Sandbox, desk: DeskName = "zendesk", tags: tuple[str, ...] = ("vip",), **rules: object) -> Case:
    """A draft that waits, of a ticket that has these tags; the policy lets agents act from it."""
    rules = {"ticket_acts": KNOWN[desk], "mode": "queue", "public_sections": True, "languages": ["en"], **rules}
    case = rows.case(sandbox, desk, **rules)
    sandbox.change(case.desk, case.ticket, tags=list(tags))
    told(case)
    return case


def told(case: Case, times: int = 1) -> None:
    """klark is told of a change of the ticket, and does what there is to do."""
    for _ in range(times):
        rows.event(case.row, case.ticket)
    tasks.work()
    rows.make_due(Delivery)
    tasks.work()


def tag(case: Case, *names: str, **more: object) -> None:
    """Somebody adds tags a minute after the draft was made, an agent unless told otherwise."""
    rows.change(Delivery, {"state": "waiting"}, created_at=datetime.now(UTC) - timedelta(seconds=60))
    case.sandbox.change(case.desk, case.ticket, tags=[*tags(case), *names], webhook=False, **more)


def tags(case: Case) -> list[str]:
    return sorted(case.sandbox.stored(case.desk, case.ticket)["tags"])


def notes(case: Case) -> list[str]:
    """The first lines of what klark said among colleagues, without the link to klark."""
    texts = (said["text"].splitlines()[0] for said in case.by_klark if not said["public"])
    return [text.removesuffix(" · Open in klark") for text in texts]


def replies(case: Case) -> list[str]:
    return [said["text"] for said in case.by_klark if said["public"]]


@pytest.mark.parametrize(
    ("desk", "by"),
    [("zendesk", "Alex Agent set klark_send"), ("freshdesk", "someone (this helpdesk does not tell who) set")],
)
def test_an_agents_tag_sends_the_draft_once_and_a_note_says_who_wanted_it(
    sandbox: Sandbox, desk: DeskName, by: str
) -> None:
    case = queued(sandbox, desk)
    tag(case, "klark_send")
    told(case, times=3)
    told(case)
    (reply,), (note,) = replies(case), notes(case)
    assert (ANSWER in reply, note.startswith("klark · sent at "), by in note, tags(case)) == (True, True, True, ["vip"])
    outcome = rows.get(Outcome)
    assert (outcome.kind, rows.get(Delivery, kind="act").state, rows.get(Delivery, kind="act").asked) == (
        "approved",
        "sent",
        "",
    )
    assert outcome.by.endswith(f" · {desk.capitalize()}")


def test_a_tag_sends_no_draft_of_which_the_sources_contradict_a_sentence(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    contradicted = {"text": ANSWER, "state": "CONTRADICTED", "sources": []}
    with within(case.row.tenant_id):
        Draft.objects.update(sentences=[contradicted])
    tag(case, "klark_send")
    told(case)
    assert (replies(case), rows.get(Delivery, kind="reply").state, rows.count(Outcome)) == ([], "waiting", 0)
    assert "the checks object" in notes(case)[0]


@pytest.mark.parametrize("desk", rows.DESKS)
def test_a_tag_rejects_and_another_has_it_drafted_anew(sandbox: Sandbox, desk: DeskName) -> None:
    case = queued(sandbox, desk)
    tag(case, "klark_redo")
    told(case)
    assert (rows.count(Delivery, state="waiting"), rows.count(Delivery, kind="reply"), len(notes(case))) == (1, 2, 1)
    assert (notes(case)[0].startswith("klark · a new draft is being made"), "klark_redo" in tags(case)) == (True, False)
    tag(case, "klark_reject")
    told(case)
    assert (rows.count(Delivery, state="waiting"), replies(case), len(notes(case))) == (0, [], 2)
    assert (": rejected because klark_reject" in notes(case)[1], tags(case)) == (True, ["klark-handover", "vip"])


def test_a_draft_that_somebody_overtook_is_not_sent_and_the_note_says_so(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    tag(case, "klark_send")
    case.sandbox.comment(case.desk, case.ticket, "<p>I have answered this.</p>", by="agent", webhook=False)
    told(case)
    why = "klark · klark_send: nothing was done, no draft of this ticket waits (a person was faster)"
    assert (replies(case), notes(case), tags(case)) == ([], [why], ["vip"])
    rows.change(Delivery, {"kind": "act"}, ended_at=datetime.now(UTC) - timedelta(seconds=9))
    tag(case, "klark_send", status="solved")
    told(case)
    assert (replies(case), notes(case), tags(case)) == ([], [why, why], ["vip"])


def test_an_agent_who_is_faster_than_the_reply_is_told_that_it_was_not_sent(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    tag(case, "klark_send")
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    tasks.step(Delivery, tasks.deliver_step)  # the draft is approved
    case.sandbox.comment(case.desk, case.ticket, "<p>I have answered this.</p>", by="agent", webhook=False)
    rows.make_due(Delivery)
    tasks.work()
    rows.make_due(Delivery)
    tasks.work()
    assert (replies(case), notes(case)) == ([], ["klark · klark_send: not sent, a person was faster"])


@pytest.mark.parametrize(
    ("more", "who"),
    [
        ({"actor_id": "requester"}, "Camille Customer is no agent who may write to customers"),
        ({"actor_id": SYSTEM_ID}, "who set it (a rule or a mail) is no agent who may write to customers"),
        ({"actor_id": rows.records.KLARK_ID}, "is no agent who may write to customers"),
    ],
)
def test_only_an_agent_may_act(sandbox: Sandbox, more: dict[str, object], who: str) -> None:
    case = queued(sandbox)
    if more["actor_id"] == "requester":
        more = {"actor_id": case.sandbox.stored(case.desk, case.ticket)["requester_id"]}
    tag(case, "klark_send", **more)
    told(case)
    (note,) = notes(case)
    assert (replies(case), who in note, "klark_send" in tags(case)) == ([], True, False)
    assert rows.count(Delivery, state="waiting") == 1


def test_a_tag_that_came_with_the_customers_form_sends_nothing(sandbox: Sandbox) -> None:
    case = rows.case(sandbox, mode="queue", public_sections=True, languages=["en"], ticket_acts="known")
    form = sandbox.ticket("zendesk", subject="Delivery", body=rows.ASKED, tags=["klark_send"], channel="web")
    case = Case(case.desk, case.row, sandbox, form)
    told(case, 2)
    told(case)
    assert (replies(case), len(notes(case)), rows.count(Delivery, state="waiting")) == ([], 1, 1)
    assert "Camille Customer is no agent" in notes(case)[0]


@pytest.mark.parametrize(
    ("acts", "before", "why"),
    [("known", (), "does not tell who set it, and the policy"), ("all", ("klark_send",), "was on the ticket before")],
)
def test_where_the_helpdesk_tells_nobody_the_policy_decides_and_what_was_there_before_never_counts(
    sandbox: Sandbox, acts: str, before: tuple[str, ...], why: str
) -> None:
    case = queued(sandbox, "freshdesk", before, ticket_acts=acts)
    if not before:
        tag(case, "klark_send")
    told(case)
    (note,) = notes(case)
    assert (replies(case), why in note, "klark_send" in tags(case)) == ([], True, False)


@pytest.mark.parametrize("desk", rows.DESKS)
def test_a_tag_from_before_the_draft_sends_nothing_until_it_is_set_again(sandbox: Sandbox, desk: DeskName) -> None:
    case = queued(sandbox, desk, ("vip", "klark_send"))
    told(case)
    told(case)
    (note,) = notes(case)
    assert (replies(case), "on the ticket before this draft" in note, "klark_send" in tags(case)) == ([], True, False)
    rows.change(Delivery, {"kind": "act"}, ended_at=datetime.now(UTC) - timedelta(seconds=9))
    tag(case, "klark_send")
    told(case)
    assert (len(replies(case)), tags(case)) == (1, ["vip"])


def test_a_tag_meant_for_the_draft_before_does_not_send_the_one_that_waits_now(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    tag(case, "klark_send")
    rows.change(Delivery, {"state": "waiting"}, created_at=datetime.now(UTC))  # made since then
    told(case)
    (note,) = notes(case)
    assert (replies(case), "is newer than the tag" in note, tags(case)) == ([], True, ["klark-draft-waiting", "vip"])


@pytest.mark.parametrize("rules", [{"ticket_acts": "off"}, {"escalate_tags": ["klark_send"]}])
def test_nothing_is_done_where_the_policy_does_not_let_agents_act_or_sets_that_tag_itself(
    sandbox: Sandbox, rules: dict[str, object]
) -> None:
    case = queued(sandbox, **rules)
    tag(case, "klark_send")
    told(case)
    assert (case.by_klark, rows.count(Delivery, kind="act"), "klark_send" in tags(case)) == ([], 0, True)


def test_a_tag_that_cannot_be_taken_off_asks_once_and_makes_no_loop(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise Refused("no")

    case = queued(sandbox, "freshdesk")
    monkeypatch.setattr(Freshdesk, "tag", refuses)
    tag(case, "klark_send")
    for _ in range(4):
        told(case)
    assert (len(replies(case)), len(notes(case)), "klark_send" in tags(case)) == (1, 1, True)


def test_an_act_whose_lease_was_lost_is_undone_whole(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    tag(case, "klark_reject")
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    claim = next(one for one in Delivery.claim() if rows.count(Delivery, pk=one.id, kind="act"))
    rows.change(Delivery, {"pk": claim.id}, lease_token=None)
    assert (ticket_acts.step(claim), rows.count(Outcome), rows.count(Delivery, state="waiting")) == ("", 0, 1)
    rows.expire_lease(Delivery)
    told(case)
    assert (rows.count(Outcome), rows.count(Delivery, state="waiting"), tags(case)) == (1, 0, ["klark-handover", "vip"])


def test_a_tag_that_was_taken_off_again_asks_for_nothing(sandbox: Sandbox) -> None:
    case = queued(sandbox)
    tag(case, "klark_send")
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    case.sandbox.change(case.desk, case.ticket, tags=["vip"], webhook=False)
    told(case)
    with within(case.row.tenant_id):
        (row,) = Delivery.objects.filter(kind="act")
    assert (case.by_klark, row.state, row.asked, row.trouble) == ([], "retired", "", "The tag was taken off again.")


def a_person_hands_it_over(row: Delivery) -> None:
    review.hand_over(review.Reviewed(row.pk, row.tenant_id, "lea"), "I do it.")


def a_person_has_seen_it(row: Delivery) -> None:
    review.mark_sent(review.Reviewed(row.pk, row.tenant_id, "lea"))


def its_content_is_erased(row: Delivery) -> None:
    with within(row.tenant_id):
        blank_drafts(Draft.objects.filter(pk=row.draft_id))


def its_ticket_is_gone(row: Delivery) -> None:
    rows.change(Delivery, {"pk": row.pk}, state="due", text="Told.", ticket_id="404")
    tasks.work()


def its_helpdesk_is_disconnected(row: Delivery) -> None:
    rows.change(Delivery, {"pk": row.pk}, state="due")
    take_down(row.connection)


def a_colleague_is_faster(row: Delivery) -> None:
    rows.change(Delivery, {"pk": row.pk}, state="due")
    with within(row.tenant_id):
        retire(row, Outcome.Kind.OVERTAKEN)


@pytest.mark.parametrize("ends", [
    a_person_hands_it_over, a_person_has_seen_it, its_content_is_erased, its_ticket_is_gone, its_helpdesk_is_disconnected,
    a_colleague_is_faster,
])  # fmt: skip
def test_however_an_act_ends_its_tag_can_ask_again(sandbox: Sandbox, ends: Callable[[Delivery], None]) -> None:
    case = rows.case(sandbox)
    asked = {"act": "send", "tag": "klark_send", "told": "none", "by": "", "why": ""}
    act = rows.delivery(case.row, case.ticket, kind="act", asked="send", state="parked", text="", changes=asked)
    ends(rows.get(Delivery, pk=act))
    ended = rows.get(Delivery, pk=act)
    assert (ended.state in ("sent", "retired"), ended.asked) == (True, "")
