"""One page tells everything that klark did on a ticket and why; who sees names in it is recorded."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.admin.choice_labels import reason_title
from klark.models import AuditAct, AuditDetail, AuditEntry, Decision, Draft, WebhookEvent, within
from klark.stopping import stop
from tests.klark import rows
from tests.klark.admin.test_policy_preview import member
from tests.klark.companies import Company, company, login
from tests.klark.modelled import answering, furnished
from tests.klark.rows import Case

pytestmark = pytest.mark.django_db
BODY = "Hello, I am Camille Durand, my mail is camille.durand@example.org. How long does delivery to Belgium take?"


@pytest.fixture
def case(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Case:
    """A ticket that klark answered, and an echo of its own reply."""
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    answering(monkeypatch, settings)
    case = rows.case(sandbox, "freshdesk", BODY, minimum_confidence=0)
    furnished(case.row.tenant_id)
    for _ in range(2):
        rows.event(case.row, case.ticket)
        tasks.work.run()
    return case


def address(case: Case) -> str:
    return reverse("admin:klark_why", args=(case.row.pk, case.ticket))


def said(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


def seen(case: Case) -> list[dict[str, Any]]:
    with within(case.row.tenant_id):
        entries = AuditEntry.objects.filter(tenant=case.row.tenant_id, act=AuditAct.SAW).order_by("number")
        return [AuditDetail.objects.get(entry=each).content for each in entries]


def test_a_ticket_is_explained_from_what_came_in_to_what_was_sent(case: Case) -> None:
    viewer = member(case, "viewer")
    page = said(viewer.get(address(case)))
    echo = f"{reason_title(rows.get(Decision, kind='SKIP').reason)}."
    for words in ("An event came in: webhook.", "Answered and supported.", echo, "Public reply.",
                  "Mode for other topics: “reply: answer by itself” (v1)", "Delivery times", "v1 · EN",
                  "has passed its check"):  # fmt: skip
        assert words in page
    assert page.count("An event came in: webhook.") == 2  # each beside what was decided on it
    assert ("[EMAIL_1]" in page, "camille.durand@example.org" in page, "Show names and numbers" in page) == (
        True,
        False,
        False,
    )
    assert seen(case) == [{}]
    draft = rows.get(Draft)
    assert viewer.post(address(case), {"clear": draft.pk}).status_code == 403
    assert address(case) in viewer.get(reverse("admin:klark_draft_change", args=(draft.pk,))).content.decode()
    decided = rows.get(Decision, draft=draft)
    assert address(case) in viewer.get(reverse("admin:klark_decision_change", args=(decided.pk,))).content.decode()


def test_a_lead_sees_names_and_that_is_recorded(case: Case) -> None:
    lead, draft = member(case, "lead"), rows.get(Draft)
    page = said(lead.post(address(case), {"clear": draft.pk}))
    assert ("camille.durand@example.org" in page, "[EMAIL_1]" in page) == (True, False)
    assert seen(case) == [{"clear": True}]
    rows.change(Draft, record={**draft.record, "mask": "0"})
    page = said(lead.post(address(case), {"clear": draft.pk}))
    assert ("camille.durand@example.org" in page, "It cannot be shown in clear" in page) == (False, True)
    assert seen(case)[1:] == [{}]


def test_what_holds_a_draft_back_is_said_once_on_each_of_its_pages(ours: Company) -> None:
    finding = {"id": "klark.G100", "level": "HOLD", "why": "", "sentence": 0, "words": "zebra"}
    rows.change(Draft, {"pk": ours.draft}, findings=[finding])
    rows.change(Decision, {"pk": ours.decision}, reason="held_by_guard", words="klark.G100 zebra")
    viewer = login("vera", (ours, "viewer"))
    draft = reverse("admin:klark_draft_change", args=(ours.draft,))
    why = said(viewer.get(reverse("admin:klark_why", args=(ours.connection, "41"))))
    assert (why.count("zebra"), why.casefold().count("held by a check"), said(viewer.get(draft)).count("zebra")) == (
        1,
        1,
        2,
    )
    rows.change(Decision, {"pk": ours.decision}, reason="queue_by_policy", words="")
    assert "Wait for approval" not in said(viewer.get(draft))


def test_a_draft_links_the_page_only_if_there_is_a_step_to_show(ours: Company) -> None:
    viewer, draft = login("vera", (ours, "viewer")), reverse("admin:klark_draft_change", args=(ours.draft,))
    assert "Why, step by step" in said(viewer.get(draft))
    rows.delete(Decision)
    rows.delete(WebhookEvent)
    assert "Why, step by step" not in said(viewer.get(draft))


def test_another_tenants_ticket_is_not_found_and_a_stop_stands_on_every_page(ours: Company) -> None:
    theirs, lead = company("birch"), login("lead", (ours, "lead"))
    stop(ours.tenant, "lea")
    own, other = (reverse("admin:klark_why", args=(each.connection, "41")) for each in (ours, theirs))
    assert [lead.get(other).status_code, lead.post(other, {"clear": theirs.draft}).status_code] == [404, 404]
    pages = (
        own, reverse("admin:klark_policy_versions"), reverse("admin:klark_policy_restore", args=(ours.policy,)), "/admin/",
        reverse("admin:klark_policy_change", args=(ours.policy,)), reverse("admin:klark_outcomes"),
    )  # fmt: skip
    assert [each for each in pages if "Stopped: Alder" not in said(lead.get(each))] == []
