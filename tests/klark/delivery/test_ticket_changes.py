"""What a write changes on its ticket beside its words: as the policy says, in the same update where the desk takes it so."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from klark import review, tasks
from klark.delivery.ticket_changes import assignee_of, changes_with
from klark.models import Delivery, Policy, WebhookEvent
from klark.review import Reviewed
from klark.values.policy.fields import BadRules
from klark.values.policy.rules import Rules, read_rules
from tests.klark import rows
from tests.klark.modelled import answering, furnished
from tests.klark.rows import DESKS, Case

FULL = {
    "status": "pending",
    "priority": "high",
    "assignee": "9002",
    "tags": ["answered"],
    "fields": {"7401": "by klark"},
}
RULES = read_rules({"updates": {"reply": FULL, "handover": {"tags": ["urgent"]}}, "escalate_group": "Level 2"})


def test_a_replys_changes_are_the_policys() -> None:
    assert changes_with("reply", RULES) == {
        "tags": ["answered"], "group_id": "",
        "changes": {"status": "pending", "priority": "high", "assignee": "9002", "fields": {"7401": "by klark"}},
    }  # fmt: skip


def test_a_handover_has_its_own_tags_and_group_beside_them() -> None:
    assert changes_with("handover", RULES) == {
        "tags": ["klark-handover", "urgent"],
        "group_id": "Level 2",
        "changes": {},
    }


def test_a_note_on_a_ticket_that_may_be_sensitive_goes_where_a_handover_goes() -> None:
    rules = read_rules(
        {"escalate_group": "Level 2", "sensitive": {"press_media": {"group": "Press", "tags": ["press"]}}}
    )
    changed = changes_with("note", rules, ("press_media",))
    assert (changed["tags"], changed["group_id"]) == (["klark-handover", "press"], "Press")


@pytest.mark.parametrize("kind", ["note", "reply", "handover"])
def test_without_a_policy_nothing_but_the_handovers_tag_is_set(kind: str) -> None:
    tags = ["klark-handover"] if kind == "handover" else []
    assert changes_with(kind, Rules()) == {"tags": tags, "group_id": "", "changes": {}}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([], "updates takes an object"),
        ({"answer": {}}, "updates takes an object"),
        ({"reply": []}, "updates.reply takes an object"),
        ({"reply": {"state": "open"}}, "updates.reply takes an object"),
        ({"reply": {"status": "closed"}}, "updates.reply.status takes one of"),
        ({"reply": {"status": "new"}}, "updates.reply.status takes one of"),
        ({"reply": {"status_name": 7}}, "updates.reply.status_name takes a text"),
        ({"reply": {"priority": 1}}, "updates.reply.priority takes one of"),
        ({"reply": {"assignee": "Alex"}}, "updates.reply.assignee takes the id"),
        ({"reply": {"assignee": 9002}}, "updates.reply.assignee takes the id"),
        ({"reply": {"tags": "one"}}, "updates.reply.tags takes a list"),
        ({"reply": {"fields": {"a": 1}}}, "updates.reply.fields takes an object"),
    ],
)
def test_an_update_that_cannot_be_made_is_refused_with_its_place(wrong: Any, why: str) -> None:
    with pytest.raises(BadRules, match=why):
        read_rules({"updates": wrong})
    with pytest.raises(ValidationError):
        Policy(tenant_id=1, version=1, updates=wrong or ["x"]).clean()


@pytest.mark.parametrize(("wanted", "given"), [("klark", "9001"), ("9002", "9002"), (None, None)])
def test_klarks_own_seat_is_an_assignee_by_its_name(wanted: str | None, given: str | None) -> None:
    row = Delivery(changes={"assignee": wanted} if wanted else {})
    assert assignee_of(row, rows.Connection(own_user_id="9001")) == given


def test_a_seat_that_is_not_known_yet_is_no_assignee() -> None:
    assert assignee_of(Delivery(changes={"assignee": "klark"}), rows.Connection()) is None


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    answering(monkeypatch, settings)


def answered(sandbox: Sandbox, desk: Any, **rules: Any) -> Case:
    case = rows.case(sandbox, desk, **rules)
    furnished(case.row.tenant_id)
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    rows.make_due(Delivery)
    tasks.deliver.run()
    return case


@pytest.mark.django_db
@pytest.mark.parametrize("desk", DESKS)
def test_a_reply_sets_status_priority_assignee_fields_and_tags(sandbox: Sandbox, desk: Any) -> None:
    case = answered(sandbox, desk, updates={"reply": FULL})
    stored = sandbox.stored(desk, case.ticket)
    assert (rows.get(Delivery).state, rows.get(Delivery).trouble) == ("sent", "")
    assert [stored[name] for name in ("status", "priority", "assignee_id", "tags", "custom_fields")] == [
        "pending", "high", 9002, ["answered"], {"7401": "by klark"},
    ]  # fmt: skip
    assert len(sandbox.writes(desk, case.ticket)) == (1 if desk == "zendesk" else 2)


OWN_STATUS = {"zendesk": "Waiting on parts", "freshdesk": "Waiting on third party"}


@pytest.mark.django_db
@pytest.mark.parametrize("desk", DESKS)
def test_a_reply_sets_a_status_of_the_accounts_own_by_its_name(sandbox: Sandbox, desk: Any) -> None:
    case = answered(sandbox, desk, updates={"reply": {"status": "open", "status_name": OWN_STATUS[desk]}})
    stored = sandbox.stored(desk, case.ticket)
    shown = {"zendesk": ("pending", 7303), "freshdesk": ("third_party", 7301)}[desk]
    assert (rows.get(Delivery).trouble, (stored["status"], stored["custom_status_id"])) == ("", shown)


@pytest.mark.django_db
@pytest.mark.parametrize("desk", DESKS)
def test_a_status_name_that_nobody_gave_loses_no_reply_and_the_lead_reads_which_there_are(
    sandbox: Sandbox, desk: Any
) -> None:
    case = answered(sandbox, desk, updates={"reply": {"status_name": "Shelved", "tags": ["answered"]}})
    row, stored = rows.get(Delivery), sandbox.stored(desk, case.ticket)
    assert (row.state, len(case.by_klark), stored["tags"]) == ("sent", 1, ["answered"])
    listed = {"zendesk": "Waiting on parts", "freshdesk": "Resolved"}[desk]
    assert [part in row.trouble for part in ("has no status “Shelved”", f"“{listed}”")] == [True, True]


@pytest.mark.django_db
@pytest.mark.parametrize("desk", DESKS)
def test_a_note_leaves_the_ticket_as_it_is_unless_told_otherwise(sandbox: Sandbox, desk: Any) -> None:
    case = answered(sandbox, desk, mode="note", updates={"reply": FULL})
    stored = sandbox.stored(desk, case.ticket)
    assert [stored[name] for name in ("priority", "assignee_id", "tags")] == [None, None, []]
    assert stored["status"] != "pending"
    assert len(sandbox.writes(desk, case.ticket)) == 1


@pytest.mark.django_db
def test_klark_may_take_the_ticket_itself_and_still_leads_nobody(sandbox: Sandbox) -> None:
    case = answered(sandbox, "zendesk", updates={"reply": {"assignee": "klark"}})
    assert sandbox.stored("zendesk", case.ticket)["assignee_id"] == int(rows.OWN_ID)
    sandbox.comment("zendesk", case.ticket, f"<p>And again: {rows.ASKED}</p>")
    rows.event(case.row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    with rows.within(rows.EVERY_TENANT):
        newest = rows.Decision.objects.order_by("-pk")[0]
    assert (newest.kind, newest.reason) == ("REPLY", "ready")


@pytest.mark.django_db
@pytest.mark.parametrize("desk", DESKS)
def test_a_change_that_the_desk_refuses_loses_no_reply(sandbox: Sandbox, desk: Any) -> None:
    """Zendesk takes the comment alone then; Freshdesk has it already, and takes what no ticket refuses. A person is told."""
    sandbox.fault(
        "status", desk=desk, method="PUT", status=422, body={"error": "RecordInvalid", "description": "Field is due"}
    )
    case = answered(sandbox, desk, updates={"reply": FULL})
    row, stored = rows.get(Delivery), sandbox.stored(desk, case.ticket)
    assert (row.state, len(case.by_klark), row.comment_id) == ("sent", 1, str(case.by_klark[0]["id"]))
    assert row.trouble == (
        "It is sent, but the ticket's tags, group, status or fields are not set: "
        f"{row.connection.account.partition('.')[0]}.{desk}.com refused the request (422): Field is due"
    )
    rest = {"zendesk": (None, []), "freshdesk": ("high", ["answered"])}
    assert (stored["priority"], stored["tags"]) == rest[desk]


@pytest.mark.django_db
def test_a_reply_that_solves_a_ticket_of_nobody_is_sent_and_the_lead_told_why_it_is_not_solved(
    sandbox: Sandbox,
) -> None:
    case = answered(sandbox, "zendesk", updates={"reply": {"status": "solved"}})
    row = rows.get(Delivery)
    assert (row.state, len(case.by_klark), sandbox.stored("zendesk", case.ticket)["status"]) == ("sent", 1, "new")
    assert row.trouble.endswith("Assignee: is required when solving a ticket")


@pytest.mark.django_db
def test_what_zendesk_refused_is_told_though_the_answer_to_the_reply_without_it_was_lost(sandbox: Sandbox) -> None:
    sandbox.fault("drop", desk="zendesk", method="PUT", skip=1)
    case = answered(sandbox, "zendesk", updates={"reply": {"status": "solved"}})
    assert rows.get(Delivery).state == "sending"
    rows.make_due(Delivery)
    tasks.deliver.run()
    row = rows.get(Delivery)
    assert (row.state, len(case.by_klark)) == ("sent", 1)
    assert row.trouble == (
        "It is sent, but the ticket's tags, group, status or fields are not set: "
        "Zendesk took the comment alone, and not the status"
    )


@pytest.mark.django_db
def test_a_reply_that_solves_klarks_own_ticket_is_one_update(sandbox: Sandbox) -> None:
    case = answered(sandbox, "zendesk", updates={"reply": {"status": "solved", "assignee": "klark"}})
    assert (rows.get(Delivery).trouble, sandbox.stored("zendesk", case.ticket)["status"]) == ("", "solved")
    assert len(sandbox.writes("zendesk", case.ticket)) == 1


@pytest.mark.django_db
def test_a_reply_that_was_made_with_its_changes_and_called_invalid_is_there_once_and_troubles_nobody(
    sandbox: Sandbox,
) -> None:
    sandbox.fault("status", desk="zendesk", method="PUT", status=422, apply=True)
    case = answered(sandbox, "zendesk", updates={"reply": FULL})
    row = rows.get(Delivery)
    assert (row.state, row.trouble, len(case.by_klark)) == ("sent", "", 1)
    assert sandbox.stored("zendesk", case.ticket)["tags"] == ["answered"]


@pytest.mark.django_db
def test_a_handover_by_hand_has_the_policys_changes_too() -> None:
    tenant = rows.tenant(updates={"handover": {"priority": "urgent", "tags": ["now"]}})
    row = rows.connection(tenant)
    waiting = rows.delivery(row, state="waiting")
    review.hand_over(Reviewed(waiting, tenant, "lead"), "Please call them.")
    made = rows.get(Delivery, kind="handover")
    assert (made.tags, made.changes) == (["klark-handover", "now"], {"priority": "urgent"})


@pytest.mark.django_db
def test_an_edited_reply_has_lists_and_links_to_trusted_domains_only() -> None:
    tenant = rows.tenant(trusted_domains=["shop.example"])
    waiting = rows.delivery(rows.connection(tenant), state="waiting")
    review.approve(
        Reviewed(waiting, tenant, "lead"), "See:\n- https://shop.example/a\n- https://other.example/b", overrule="ours"
    )
    assert rows.get(Delivery).html == (
        '<p dir="auto">See:</p><ul dir="auto"><li><a href="https://shop.example/a">https://shop.example/a</a></li>'
        "<li>https://other.example/b</li></ul>"
    )
