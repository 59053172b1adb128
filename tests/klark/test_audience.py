"""Who hears a reply: never more people than before, and never on a channel where people talk at once or in public."""

from typing import Any

import pytest
from pytest_django import Settings

from integrations.sandbox.client import DeskName, Sandbox
from klark import tasks
from klark.models import Decision, Delivery, Draft, WebhookEvent, within
from tests.klark import rows
from tests.klark.modelled import answering, furnished
from tests.klark.rows import ASKED, DESKS, Case

pytestmark = pytest.mark.django_db

NOTHING_EXCLUDED = {"excluded_channels": ["none"]}
COPIES = ("cc_emails", "bcc_emails", "email_ccs", "collaborators", "collaborator_ids", "additional_collaborators",
          "followers", "to_emails", "notify_emails", "requester", "requester_id", "user_id")  # fmt: skip


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    answering(monkeypatch, settings)


@pytest.fixture(params=DESKS)
def desk(request: pytest.FixtureRequest) -> DeskName:
    name: DeskName = request.param
    return name


def answered(sandbox: Sandbox, desk: DeskName, ticket: dict[str, Any], **rules: Any) -> Case:
    tenant = rows.tenant(**rules)
    rows.article(tenant)
    furnished(tenant)
    row = rows.connection(tenant, desk, sandbox)
    case = Case(desk, row, sandbox, sandbox.ticket(desk, **{"subject": "Delivery", "body": ASKED, **ticket}))
    rows.event(row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    if rows.count(Delivery):
        rows.make_due(Delivery)
        tasks.deliver.run()
    return case


def names_in(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for inner in value.values() for name in names_in(inner)}
    return {name for inner in value for name in names_in(inner)} if isinstance(value, list) else set()


def test_a_write_names_no_recipient(sandbox: Sandbox, desk: DeskName) -> None:
    full = {"status": "pending", "tags": ["a"], "fields": {"7401": "x"}}
    case = answered(sandbox, desk, {}, updates={"reply": full})
    sent = [name for write in sandbox.writes(desk, case.ticket) for name in names_in(write["body"])]
    assert (case.decision(), set(sent) & set(COPIES)) == (("REPLY", "ready"), set())


def test_a_reply_comes_from_the_tickets_own_address_and_goes_to_those_in_copy_alone(sandbox: Sandbox) -> None:
    ticket = {"cc": ["otto.lind@partner.example"], "mailbox": "returns@example.com"}
    case = answered(sandbox, "freshdesk", ticket, reply_with_third_party=True)
    (said,) = case.by_klark
    assert (said["mailbox"], said["copied"]) == ("returns@example.com", ["otto.lind@partner.example"])


@pytest.mark.parametrize(("rules", "kind"), [({}, "WAIT"), ({"reply_with_third_party": True}, "REPLY")])
def test_with_somebody_in_copy_a_reply_waits_unless_the_policy_says_otherwise(
    sandbox: Sandbox, desk: DeskName, rules: dict[str, Any], kind: str
) -> None:
    case = answered(sandbox, desk, {"cc": ["otto.lind@partner.example"]}, **rules)
    assert (case.decision()[0], len(case.by_klark)) == (kind, 1 if kind == "REPLY" else 0)


@pytest.mark.parametrize("named", ["Otto.Lind@partner.example", "partner.example", "@partner.example"])
def test_with_an_excluded_person_in_copy_there_is_a_note_and_never_a_reply(
    sandbox: Sandbox, desk: DeskName, named: str
) -> None:
    rules = {"reply_with_third_party": True, "excluded_senders": [named]}
    case = answered(sandbox, desk, {"cc": ["otto.lind@partner.example"]}, **rules)
    assert (case.decision(), [said["public"] for said in case.by_klark]) == (("NOTE", "excluded_in_copy"), [False])


def test_an_excluded_person_who_comes_into_copy_takes_back_a_reply_that_is_due(
    sandbox: Sandbox, desk: DeskName
) -> None:
    rules = {"reply_with_third_party": True, "excluded_senders": ["partner.example"]}
    case = answered(sandbox, desk, {}, mode="queue", **rules)
    rows.change(Delivery, state="due")
    sandbox.change(desk, case.ticket, cc=["otto.lind@partner.example"])
    tasks.deliver.run()
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    tasks.deliver.run()
    assert [said["public"] for said in case.by_klark] == [False]


def test_a_draft_that_waits_is_drafted_anew_for_whoever_reads_it_now(sandbox: Sandbox, desk: DeskName) -> None:
    case = answered(sandbox, desk, {}, mode="queue")
    sandbox.change(desk, case.ticket, cc=["otto.lind@partner.example"])
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    with within(case.row.tenant_id):
        drafts = Draft.objects.order_by("pk")
        levels = [draft.record["triage"]["trust"]["level"] for draft in drafts]
        states = list(Delivery.objects.exclude(kind="tag").order_by("pk").values_list("state", flat=True))
        last = Decision.objects.latest("pk")
    assert [(draft.live, level) for draft, level in zip(drafts, levels, strict=True)] == [
        (False, "verified" if desk == "zendesk" else "known"), (True, "third_party")]  # fmt: skip
    assert (states, last.kind, last.reason) == (["retired", "waiting"], "WAIT", "third_party_in_copy")


def test_a_draft_whose_readers_are_the_same_is_not_drafted_anew(sandbox: Sandbox, desk: DeskName) -> None:
    case = answered(sandbox, desk, {"cc": ["otto.lind@partner.example"]}, mode="queue")
    sandbox.change(desk, case.ticket, tags=["vip"])
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    assert (rows.count(Draft), rows.get(Delivery).state) == (1, "waiting")


def test_a_copy_that_klark_replies_to_stays_as_it_was(sandbox: Sandbox, desk: DeskName) -> None:
    case = answered(sandbox, desk, {"cc": ["otto.lind@partner.example"]}, reply_with_third_party=True)
    before = sandbox.stored(desk, case.ticket)["cc_ids"]
    assert (len(before), len(case.by_klark)) == (1, 1)


def test_who_answers_in_the_requesters_place_makes_it_wait(sandbox: Sandbox, desk: DeskName) -> None:
    history = [{"as": "customer", "body": "My parcel?"}]
    case = answered(sandbox, desk, {"history": history, "body": ASKED, "as": "third_party"})
    assert case.decision()[0] == "WAIT"


@pytest.mark.parametrize("channel", ["chat", "phone", "social"])
def test_where_people_talk_at_once_a_ticket_is_left_alone(sandbox: Sandbox, desk: DeskName, channel: str) -> None:
    case = answered(sandbox, desk, {"channel": channel})
    assert (case.decision(), case.by_klark) == (("SKIP", "excluded_channel"), [])


@pytest.mark.parametrize("channel", ["chat", "phone", "social"])
def test_a_policy_that_lets_such_a_channel_in_gets_a_note_and_never_a_reply(
    sandbox: Sandbox, desk: DeskName, channel: str
) -> None:
    case = answered(sandbox, desk, {"channel": channel}, **NOTHING_EXCLUDED)
    assert (case.decision(), [said["public"] for said in case.by_klark]) == (("NOTE", "channel"), [False])


@pytest.mark.parametrize("channel", ["pigeon", "whatsapp_business_new"])
def test_a_channel_that_nobody_knows_waits_for_a_person(sandbox: Sandbox, channel: str) -> None:
    case = answered(sandbox, "zendesk", {"channel": channel}, **NOTHING_EXCLUDED)
    assert (case.decision(), case.by_klark) == (("WAIT", "channel"), [])


def test_a_side_conversation_is_left_alone_or_noted(sandbox: Sandbox) -> None:
    case = answered(sandbox, "zendesk", {"channel": "side_conversation"})
    assert case.decision() == ("SKIP", "excluded_channel")
    noted = rows.Case("zendesk", case.row, sandbox, sandbox.ticket("zendesk", subject="Delivery", body=ASKED,
                                                                  channel="side_conversation"))  # fmt: skip
    rows.policy(case.row.tenant_id, **NOTHING_EXCLUDED)
    rows.event(case.row, noted.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    with rows.within(rows.EVERY_TENANT):
        assert Decision.objects.order_by("-pk")[0].kind == "NOTE"


@pytest.mark.parametrize("channel", ["email", "web"])
def test_mails_and_forms_are_replied_to(sandbox: Sandbox, desk: DeskName, channel: str) -> None:
    case = answered(sandbox, desk, {"channel": channel})
    assert (case.decision(), len(case.by_klark)) == (("REPLY", "ready"), 1)


def test_a_ticket_that_an_agent_opened_waits_for_the_customer(sandbox: Sandbox, desk: DeskName) -> None:
    channel = {"channel": "outbound"} if desk == "freshdesk" else {}
    case = answered(sandbox, desk, {"as": "agent", "body": "We sent you a parcel. How is it?", **channel})
    assert case.decision()[0] == "SKIP"
    sandbox.comment(desk, case.ticket, f"<p>{ASKED}</p>")
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    with rows.within(rows.EVERY_TENANT):
        assert Decision.objects.order_by("-pk")[0].kind in {"NOTE", "REPLY"}


def test_a_ticket_that_a_person_leads_gets_a_note_at_most(sandbox: Sandbox, desk: DeskName) -> None:
    case = answered(sandbox, desk, {"assignee_id": 9002})
    assert (case.decision(), [said["public"] for said in case.by_klark]) == (("NOTE", "led_by_person"), [False])
