"""The first page counts each ticket once, links each figure to what it counts, and takes no more queries for more drafts."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from klark.models import Decision, Delivery, Draft, Outcome, Policy, WebhookEvent, within
from tests.klark.companies import Company, company, login, superuser

pytestmark = pytest.mark.django_db
PAGE = "/admin/"


def ticket(
    ours: Company, number: int, kind: str, reason: str = "ready", sent: bool = False, days: int = 0, **more: Any
) -> Draft:
    """A decision on a new event of a ticket, so many days ago, with a draft."""
    at: datetime = timezone.now() - timedelta(days=days)
    with within(ours.tenant):
        row = {"tenant_id": ours.tenant, "connection_id": ours.connection, "ticket_id": str(number)}
        event = WebhookEvent.objects.create(**row, key=f"{number}-{kind}-{reason}-{days}", state="done")
        draft = Draft.objects.create(**row, turn=f"{kind}{days}", topic=more.get("topic", ""), created_at=at)
        Decision.objects.create(**row, event=event, kind=kind, reason=reason, draft=draft, decided_at=at)
        for adds in range(sent + more.get("added", 0)):
            Delivery.objects.create(**row, draft=draft, kind="reply", state="sent", ended_at=at, adds=bool(adds),
                                    corrects=reason == "correction")  # fmt: skip
        for note in more.get("notes", ()):
            Delivery.objects.create(**row, draft=draft, kind=note, state="sent", ended_at=at)
        for each in more.get("judged", ()):
            Outcome.objects.create(tenant_id=ours.tenant, draft=draft, kind=each)
    return draft


def listed(browser: Client, link: str) -> int:
    return len(browser.get(link).context["cl"].result_list)


@pytest.fixture
def busy(ours: Company) -> Company:
    """Besides #41, which waits: two answered alone, one after approval, a note, a handover, spam, and what is no ticket,
    as an addition and a correction. Of three that waited one was rejected without a word, one with a note on the ticket, and
    one was handed over."""
    ticket(ours, 1, "REPLY", sent=True)
    ticket(ours, 1, "SKIP", "own_comment")
    ticket(ours, 1, "WAIT", "correction", sent=True)
    ticket(ours, 2, "REPLY", sent=True, days=13)
    ticket(ours, 2, "SKIP", "thanks_only")
    ticket(ours, 3, "WAIT", sent=True, added=1, judged=("approved",), topic="alder-topic")
    ticket(ours, 4, "NOTE", "note_by_policy")
    ticket(ours, 5, "ESCALATE", "sensitive")
    ticket(ours, 5, "NOTE", "note_by_policy", days=1)
    ticket(ours, 6, "SKIP", "spam")
    ticket(ours, 7, "SKIP", "own_comment")
    ticket(ours, 8, "SKIP", "agent_wrote_last")
    ticket(ours, 9, "REPLY", sent=True, days=14)
    ticket(ours, 10, "WAIT", judged=("rejected",), topic="alder-topic")
    ticket(ours, 11, "WAIT", judged=("rejected",), topic="alder-topic", notes=("handover",))
    ticket(ours, 12, "WAIT", judged=("escalated",), notes=("note", "handover"))
    return ours


def test_each_ticket_is_counted_once_and_each_figure_leads_to_its_tickets(busy: Company, lead: Client) -> None:
    with within(busy.tenant):
        Policy.objects.update(minutes_saved=4)
    answer = lead.get(PAGE)
    page = answer.context
    found = {str(each.label): each.count for each in page["tickets"]["figures"]}
    assert found == {
        "answered without a person": 2, "answered after approval": 1, "drafted, but no reply was sent": 2, "internal note": 1,
        "handed over to a person": 3, "left alone": 1,
    }  # fmt: skip
    answered = page["tickets"]["answered"]
    assert (page["tickets"]["all"].count, answered.count, answered.of, answered.percent) == (10, 3, 9, "33")
    shown = ("3 of 9, 12 to 65 %;", "10&nbsp;% <span", ">2 to 40 %<", "33&nbsp;% <span", ">of 3, 6 to 79 %<")
    assert [each for each in shown if each not in answer.text] == []
    ((_tenant, topic, figures),) = page["judged"]["topics"]
    assert (topic, [(each.count, each.percent, each.of) for each in figures]) == (
        "alder topic", [(1, "33", 3), (0, "0", 3), (2, "67", 3)])  # fmt: skip
    (saved,) = page["saved"]
    assert (saved.count, saved.minutes, saved.hours) == (3, 4, "0 h 12")
    linked = [*page["tickets"]["figures"], page["tickets"]["all"], *figures, *page["judged"]["figures"], saved]
    assert [listed(lead, each.link) for each in linked] == [each.count for each in linked]
    stranger = login("theirs", (company("birch"), "lead"))
    assert stranger.get(PAGE).context["tickets"]["all"].count == 1


def test_an_operator_reaches_what_is_parked_from_its_count_and_a_lead_sees_the_count(
    ours: Company, lead: Client
) -> None:
    def parked(browser: Client) -> list[str]:
        return re.findall(r'href="([^"]+state__exact=parked[^"]+)"', browser.get(PAGE).content.decode())

    root = superuser()
    links = [html.unescape(each) for each in parked(root)]
    assert ([listed(root, each) for each in links], parked(lead)) == ([1, 1], [])


def test_what_is_held_up_and_spent_is_told_to_who_can_act_on_it(ours: Company, lead: Client) -> None:
    pages = [each.get(PAGE).content.decode() for each in (lead, login("ann", (ours, "agent")))]
    told = (
        "Waiting for a person",
        "Events that failed",
        "Writes that failed",
        "Budget used",
        "Cost today",
        "Failed: what",
    )
    assert [[words in page for words in told] for page in pages] == [[True] * 6, [True, *[False] * 5]]


def test_whoever_sees_several_tenants_sees_whose_each_figure_is_and_they_add_up(busy: Company) -> None:
    theirs, root = company("birch"), superuser()
    ticket(theirs, 5, "WAIT", judged=("edited",), topic="alder-topic")  # a topic of the same key as Alder's
    page = root.get(PAGE)
    (alder, ours), (birch, others) = page.context["tickets"]["tenants"]
    whole = [figure.count for figure in page.context["tickets"]["figures"]]
    assert (alder.name, birch.name) == ("Alder", "Birch")
    assert [one.count + other.count for one, other in zip(ours, others, strict=True)] == whole
    named = [(tenant, topic, figures[0].of) for tenant, topic, figures in page.context["judged"]["topics"]]
    assert named == [("Alder", "alder topic", 3), ("Birch", "alder-topic", 1)]
    of_topics = [each for _tenant, _topic, figures in page.context["judged"]["topics"] for each in figures]
    linked = [*ours, *others, *of_topics]
    assert [listed(root, each.link) for each in linked] == [each.count for each in linked]
    assert "by company" in page.content.decode()


def test_the_overview_takes_as_many_queries_for_many_drafts_as_for_few(ours: Company, lead: Client) -> None:
    def queries() -> int:
        lead.get(PAGE)
        with CaptureQueriesContext(connection) as asked:
            assert lead.get(PAGE).status_code == 200
        return len(asked)

    ticket(ours, 30, "WAIT", judged=("rejected",), topic="alder-topic")
    few = queries()
    for number in range(20):
        ticket(ours, number, "WAIT", sent=True, judged=("approved",), topic=f"topic-{number}", days=number % 5)
    assert queries() == few


def test_an_installation_without_tenants_says_what_to_do_first() -> None:
    root = superuser()
    page = root.get(PAGE).content.decode()
    assert ("There is no company yet" in page, reverse("admin:klark_tenant_add") in page) == (True, True)
    company("alder")
    assert "There is no company yet" not in root.get(PAGE).content.decode()
