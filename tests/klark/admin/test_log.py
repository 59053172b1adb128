"""The log: decisions are found, what is parked gets its next step, figures say what they count."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from klark.admin.operations.dashboard import _figures
from klark.models import (
    EVERY_TENANT,
    Decision,
    Delivery,
    Outcome,
    Policy,
    Tenant,
    WebhookEvent,
    within,
)
from tests.klark import rows
from tests.klark.companies import Company, login

pytestmark = pytest.mark.django_db


def press(browser: Client, model: str, pk: int, act: str) -> list[str]:
    answer = browser.post(reverse(f"admin:klark_{model}_act", args=(pk, act)))
    return [str(told) for told in get_messages(answer.wsgi_request)]


def found(browser: Client, decisions: str) -> int:
    return len(browser.get(decisions).context["cl"].result_list)


FOUND = {
    "?q=41": 1, "?q=4": 0, "?reason=queue_by_policy": 1, "?reason=spam": 0, "?kind=WAIT": 1, "?kind=NOTE": 0, "?kind=all": 1,
    "": 1, "?topic=": 1, "?decided_at__gte=2020-01-01": 1, "?q=alder+subject": 1, "?q=customer+alder": 1, "?q=birch": 0,
}  # fmt: skip


def test_decisions_are_found_by_ticket_reason_and_kind(ours: Company, operator: Client) -> None:
    address = reverse("admin:klark_decision_changelist")
    assert {query: found(operator, address + query) for query in FOUND} == FOUND


def test_reasons_are_filtered_in_the_users_language(ours: Company, operator: Client) -> None:
    address = reverse("admin:klark_decision_changelist")
    shown = [operator.get(address, headers={"accept-language": code}).content.decode() for code in ("en", "fr")]
    assert ["waits for approval, as the policy says" in each for each in shown] == [True, False]
    assert ["attend une approbation, selon la politique" in each for each in shown] == [False, True]


def test_a_decision_of_a_later_klark_is_shown_by_its_bare_reason(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Decision.objects.update(reason="full_moon")
    assert "full_moon" in operator.get(reverse("admin:klark_decision_changelist")).content.decode()


def test_a_parked_event_is_tried_again(ours: Company, operator: Client) -> None:
    assert press(operator, "webhookevent", ours.event, "retry") == ["klark tries again now."]
    with within(ours.tenant):
        assert (WebhookEvent.objects.get().state, WebhookEvent.objects.get().attempts) == ("due", 0)
    assert (
        "/do/retry/"
        not in operator.get(reverse("admin:klark_webhookevent_change", args=(ours.event,))).content.decode()
    )


def test_several_parked_events_are_tried_again_at_once(ours: Company, operator: Client) -> None:
    form = {"action": "retry_chosen", "_selected_action": [str(ours.event)]}
    answer = operator.post(reverse("admin:klark_webhookevent_changelist"), form)
    assert [str(told) for told in get_messages(answer.wsgi_request)] == ["Events that are tried again: 1."]


def test_a_write_that_never_left_is_tried_again(ours: Company, operator: Client) -> None:
    assert press(operator, "delivery", ours.parked, "retry") == ["klark tries again now."]
    with within(ours.tenant):
        assert Delivery.objects.get(pk=ours.parked).state == "due"


def test_a_write_that_may_have_arrived_is_never_tried_again(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Delivery.objects.filter(pk=ours.parked).update(sending_at=timezone.now())
    shown = operator.get(reverse("admin:klark_delivery_change", args=(ours.parked,))).content.decode()
    assert ("/do/retry/" in shown, "/do/sent/" in shown) == (False, True)
    told = "This write may have reached the ticket: look there, then mark it as sent or hand it over."
    assert press(operator, "delivery", ours.parked, "retry") == [told]
    assert press(operator, "delivery", ours.parked, "sent")[-1] == "Marked as sent."
    with within(ours.tenant):
        row = Delivery.objects.get(pk=ours.parked)
    assert (row.state, row.trouble) == ("sent", "Seen on the ticket by ops.")


def test_the_bytes_of_an_event_are_shown_as_text(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        WebhookEvent.objects.update(raw=b'{"a": "<script>\xff"}')
    shown = operator.get(reverse("admin:klark_webhookevent_change", args=(ours.event,))).content.decode()
    assert "{&quot;a&quot;: &quot;&lt;script&gt;\ufffd&quot;}" in shown


def test_nobody_edits_the_log(ours: Company, operator: Client) -> None:
    addresses = [reverse(f"admin:klark_{model}_change", args=(pk,)) for model, pk in (
        ("decision", ours.decision), ("webhookevent", ours.event), ("delivery", ours.parked))]  # fmt: skip
    assert [operator.post(address, {"state": "done", "kind": "SKIP"}).status_code for address in addresses] == [403] * 3


def test_the_first_page_counts_decisions_outcomes_and_money(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Policy.objects.update(currency="CHF")
        for kind in ("approved", "approved", "rejected", "overtaken"):
            Outcome.objects.create(tenant_id=ours.tenant, draft_id=ours.draft, kind=kind)
        rows.spend(ours.tenant, "1.25")
    answer = operator.get(reverse("admin:index"))
    page = answer.context
    assert {str(each.label): (each.count, each.percent) for each in page["tickets"]["figures"] if each.count} == {
        "drafted, but no reply was sent": (1, "100")
    }
    assert [(each.count, each.percent, each.of) for each in page["judged"]["figures"]] == [
        (1, "50", 2),
        (0, "0", 2),
        (1, "50", 2),
    ]
    (figures,) = page["tenants"]
    assert (figures.name, figures.waiting, figures.stuck, figures.parked) == ("Alder", 1, 1, 1)
    assert (figures.costs.today, figures.costs.month, figures.costs.currency) == (
        Decimal("1.25"),
        Decimal("1.25"),
        "CHF",
    )
    lists = [unescape(each) for each in re.findall(r'href="([^"]*decided_at__gte[^"]*)"', answer.content.decode())]
    began = figures.costs.day_began
    assert [found(operator, each) for each in lists] == [1, 1]
    rows.change(Decision, decided_at=began - timedelta(minutes=1))
    assert [found(operator, each) for each in lists] == [0, int(began.day > 1)]


def test_the_first_page_warns_of_a_budget_that_is_almost_spent(ours: Company, operator: Client) -> None:
    rows.spend(ours.tenant, 8)
    for day, month, told in (
        ("10", None, ["80 %"]), (None, "8", ["100 %"]), ("10", "100", ["80 %"]), ("10.01", None, []), ("0", None, []),
        (None, None, []),
    ):  # fmt: skip
        rows.change(Policy, budget_day=day, budget_month=month)
        shown = operator.get(reverse("admin:index")).content.decode()
        assert (day, month, re.findall(r"(\d+ %) of the budget for models is spent", shown)) == (day, month, told)


def test_without_outcomes_there_is_no_share(ours: Company, operator: Client) -> None:
    figures = operator.get(reverse("admin:index")).context["judged"]["figures"]
    assert [(each.percent, each.interval, each.of) for each in figures] == [("", "", 0)] * 3


def test_the_sidebar_has_what_the_role_may_open(ours: Company, operator: Client) -> None:
    def links(browser: Client) -> list[str]:
        groups = browser.get(reverse("admin:index")).context["sidebar_navigation"]
        return [entry["link"].rstrip("/").rsplit("/", 1)[-1] for group in groups for entry in group["items"]]

    agent = ["admin", "draft", "decision", "outcomes", "trends", "recall"]
    knows = [
        "first",
        "ask",
        "policy",
        "autonomy",
        "suggestions",
        "topic",
        "article",
        "gaps",
        "source",
        "judgecheck",
        "person",
    ]
    lead = [*agent, "backtestrun", "regressionrun", *knows, "auditentry"]
    assert links(login("camille", (ours, "agent"))) == agent
    assert links(login("lead", (ours, "lead"))) == lead
    assert links(operator) == [
        *lead, "connection", "webhookevent", "delivery", "apitoken", "outgoingwebhook", "notification", "health",
    ]  # fmt: skip


def test_the_language_can_be_switched(ours: Company, operator: Client) -> None:
    operator.post(reverse("set_language"), {"language": "fr", "next": "/admin/"})
    assert "Vue d'ensemble" in operator.get(reverse("admin:index")).content.decode()


def decisions(browser: Client, query: str = "") -> int:
    return len(browser.get(reverse("admin:klark_decision_changelist") + query).context["cl"].result_list)


def test_what_was_not_for_klark_is_shown_only_to_whoever_asks(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Decision.objects.update(kind="SKIP", reason="own_comment")
    found = {query: decisions(operator, query) for query in ("", "?kind=SKIP", "?kind=all", "?kind=REPLY", "?q=41")}
    assert found == {"": 0, "?kind=SKIP": 1, "?kind=all": 1, "?kind=REPLY": 0, "?q=41": 1}


def test_the_list_of_decisions_names_the_helpdesk(ours: Company, operator: Client) -> None:
    assert "alder-desk" in operator.get(reverse("admin:klark_decision_changelist")).content.decode()


def test_a_write_that_klark_gave_up_on_is_handed_over_with_its_trouble(ours: Company, operator: Client) -> None:
    assert press(operator, "delivery", ours.parked, "hand_over") == ["Handed over: a note on the ticket says why."]
    with within(ours.tenant):
        note = Delivery.objects.get(kind="handover")
        assert (Delivery.objects.get(pk=ours.parked).state, note.state) == ("retired", "due")
        assert note.text.startswith(
            "klark · handed over to a person by ops: alder lost\n\nalder reply\n\nOpen in klark ("
        )


def test_a_handover_that_failed_is_not_handed_over_again(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Delivery.objects.filter(pk=ours.parked).update(kind="handover")
    page = operator.get(reverse("admin:klark_delivery_change", args=(ours.parked,))).content.decode()
    assert ("/do/hand_over/" in page, "/do/retry/" in page) == (False, True)


def test_each_tenants_day_begins_at_its_own_midnight(ours: Company, operator: Client) -> None:
    noon = timezone.now().replace(hour=12, minute=30)
    with within(ours.tenant):
        Policy.objects.update(time_zone="Pacific/Kiritimati")  # UTC+14: there it is after two in the morning
        rows.spend(ours.tenant, "1.25", noon.replace(hour=9))  # eleven in the evening there, the day before
        (figures,) = _figures(Tenant.objects.filter(pk=ours.tenant), noon)
    assert figures.costs.today == Decimal(0)


def test_the_overview_asks_as_many_questions_for_ten_tenants_as_for_one(
    ours: Company, django_assert_num_queries: Any
) -> None:
    with within(EVERY_TENANT):
        Tenant.objects.bulk_create(Tenant(slug=f"t{number}", name=f"T{number}") for number in range(10))
        with django_assert_num_queries(7):
            assert len(_figures(Tenant.objects.all(), timezone.now())) == 11
