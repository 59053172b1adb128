"""What klark itself and the command line leave in the audit chain, and what is left of it once a person's data are erased."""

import io
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.test import Client

from integrations.sandbox.client import Sandbox
from klark import review
from klark.connections.install import set_up, take_down
from klark.models import EVERY_TENANT, Actor, AuditDetail, Connection, Delivery, Draft, Outcome, within
from klark.models.audit.entry import chain
from klark.models.audit.verify import verify
from klark.models.tenant import Tenant
from klark.personal_data.erase import erase
from klark.personal_data.retention import tidy
from klark.review import Reviewed
from klark.tasks import tell_audit_heads
from klark.values.policy.fields import KEEP_DAYS
from tests.klark import rows
from tests.klark.admin.test_audit import entries
from tests.klark.admin.test_session_age import pass_by
from tests.klark.companies import Company, waiting_of
from tests.klark.connections import test_install
from tests.klark.delivery.test_deliver import due_on, run
from tests.klark.personal_data.test_retention import days_ago

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["reply", "note", "handover"])
def test_each_write_to_a_ticket_leaves_one_entry(sandbox: Sandbox, kind: str) -> None:
    case = due_on(sandbox, "zendesk", kind=kind)
    assert run() == "sent"
    assert entries(case.row.tenant_id) == [("klark", "wrote", "delivery", str(rows.get(Delivery).pk))]


def test_a_write_that_was_found_on_the_ticket_leaves_one_too(sandbox: Sandbox) -> None:
    case = due_on(sandbox, "zendesk")
    assert run() == "sent"
    rows.change(Delivery, state="sending", comment_id="", ended_at=None)
    assert run() == "sent"
    assert [entry[1] for entry in entries(case.row.tenant_id)] == ["wrote", "wrote"]


def test_a_draft_that_was_not_written_leaves_none(sandbox: Sandbox) -> None:
    case = due_on(sandbox, "zendesk")
    sandbox.comment("zendesk", case.ticket, "<p>I do it.</p>", by="agent")
    assert run() == "retired"
    assert entries(case.row.tenant_id) == []


def test_connecting_and_disconnecting_leave_one_entry_each(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    rows.tenant()
    monkeypatch.setenv("KLARK_HELPDESK_SECRET", "sandbox-token")
    with pytest.raises(SystemExit):  # since no test event comes
        call_command(*test_install.typed("zendesk", sandbox, "--wait", "0"), stdout=io.StringIO())
    row = rows.get(Connection)
    set_up(row, wait_s=0, by=Actor(7, "ada"))
    take_down(row)
    take_down(rows.get(Connection))
    assert entries(row.tenant_id) == [
        ("command line", "secrets", "connection", str(row.pk)),
        ("ada", "connection", "connection", str(row.pk)),
        ("command line", "connection", "connection", str(row.pk)),
    ]


def test_a_tenant_made_with_its_connection_stands_in_the_installations_chain(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLARK_HELPDESK_SECRET", "sandbox-token")
    typed = test_install.typed("zendesk", sandbox, "--wait", "0", "--tenant", "acme", "--new-tenant")
    for _ in range(2):
        with pytest.raises(SystemExit):
            call_command(*typed, stdout=io.StringIO())
    assert [entry[:3] for entry in entries(None)] == [("command line", "tenant", "tenant")]


def test_rotating_the_keys_stands_in_the_installations_chain() -> None:
    call_command("keys", "rotate", stdout=io.StringIO())
    assert entries(None) == [("command line", "keys", "", "")]


def test_exporting_and_erasing_on_the_command_line_leave_one_entry_each(ours: Company) -> None:
    for command in (("export",), ("erase", "--yes")):
        call_command(*command, "--tenant", "alder", "--requester", "customer@alder.example", stdout=io.StringIO())
    assert [entry[:2] for entry in entries(ours.tenant)] == [
        ("command line", "exported"),
        ("command line", "erased"),
    ]


def test_a_source_that_is_added_and_removed_leaves_one_entry_each(tmp_path: Path) -> None:
    tenant = rows.tenant()
    for words in (("add", "shelf", str(tmp_path)), ("sync", "shelf"), ("remove", "shelf")):
        call_command("knowledge", "--tenant", "acme", *words, stdout=io.StringIO())
    assert [entry[:3] for entry in entries(tenant)] == [("command line", "source", "source")] * 2


def test_a_login_that_klark_ends_after_a_day_is_a_log_out(ours: Company, lead: Client) -> None:
    for _ in range(4):
        lead.get("/admin/")
        pass_by(lead, 6 * 3600 + 1)
    lead.get("/admin/")
    assert entries(ours.tenant) == [("lead", "logged out", "", "")]


def decided(ours: Company) -> None:
    """A draft that was approved with other words."""
    with within(ours.tenant):
        delivery = waiting_of(Draft.objects.get())
    review.approve(Reviewed(delivery, ours.tenant, "lea", 7), "Dear customer, it is blue.")


def details(tenant_id: int) -> list[str]:
    with within(EVERY_TENANT):
        return [one.entry.act for one in AuditDetail.of(tenant_id).select_related("entry").order_by("pk")]


def test_erasing_a_person_leaves_the_chain_whole_without_the_details_of_their_drafts(ours: Company) -> None:
    decided(ours)
    erase(ours.tenant, "customer@alder.example")
    found = verify(ours.tenant)
    assert (details(ours.tenant), found.without_details, found.breaks) == (["erased"], 1, ())
    assert entries(ours.tenant)[0] == ("lea", "edited", "draft", str(ours.draft))


def test_what_is_past_its_time_leaves_the_chain_whole_too(ours: Company) -> None:
    decided(ours)
    rows.change(Draft, created_at=days_ago(KEEP_DAYS["drafts"] + 1))
    tidy()
    assert (details(ours.tenant), verify(ours.tenant).breaks) == ([], ())
    rows.change(Draft, created_at=days_ago(KEEP_DAYS["log"] + 1))
    tidy()
    assert (rows.count(Draft), rows.count(Outcome), len(entries(ours.tenant))) == (0, 0, 1)


def test_the_admins_own_history_has_no_subject_of_a_ticket(ours: Company, lead: Client) -> None:
    lead.post(f"/admin/klark/draft/{ours.draft}/change/", {"press": "topic", "topic": "alder-topic"})
    assert LogEntry.objects.get().change_message == f"draft {ours.draft}: alder-topic"


def test_once_a_day_the_end_of_each_chain_goes_to_the_log(ours: Company, caplog: pytest.LogCaptureFixture) -> None:
    decided(ours)
    with caplog.at_level("INFO", logger="klark.models.audit.verify"):
        tell_audit_heads()
    told = [line.msg for line in caplog.records if line.name == "klark.models.audit.verify"]
    with within(EVERY_TENANT):
        last = chain(Tenant.objects.get().pk).get()
    assert [(one["event"], one["tenant"], one["number"], one["link"]) for one in told] == [  # type: ignore[index]  # structlog's
        ("audit head", None, 0, ""),
        ("audit head", "alder", 1, last.link),
    ]
