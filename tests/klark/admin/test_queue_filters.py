"""The filters of the queue say how many drafts a click would show; a search that finds none there says what else there is."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import reverse

from klark.admin.queue import queue_filters
from klark.models import Decision, Delivery, Draft, within
from klark.models.delivery import NEVER
from tests.klark.admin.test_drafts import another
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db
QUEUE = reverse("admin:klark_draft_changelist")


@pytest.fixture
def agent(ours: Company) -> Client:
    """Camille reads for two tenants. Of six drafts that wait she has taken one, and one is snoozed; another was sent."""
    for mark, hours in {"elder": 30, "cedar": 10, "fir": 2, "gorse": 0.5, "holly": 5}.items():
        another(ours, mark, str(datetime.now(UTC) - timedelta(hours=hours)))
    with within(ours.tenant):
        for row in Draft.objects.exclude(pk=ours.draft):
            french = row.ticket_id in {"cedar", "fir", "holly"}
            Draft.objects.filter(pk=row.pk).update(
                topic="alder-topic" if french else "", language="fr" if french else "en"
            )
        Delivery.objects.filter(ticket_id="fir").update(taken_by="camille")
        Delivery.objects.filter(ticket_id="cedar").update(snoozed_until=NEVER)
        Delivery.objects.filter(ticket_id="holly").update(state="sent")
        Decision.objects.filter(draft=ours.draft).update(reason="low_confidence")
    return login("camille", (ours, "agent"), (company("birch"), "viewer"))


def choices(browser: Client, query: str = "") -> dict[str, int]:
    """The choices that have a count, by the query that they lead to."""
    shown: Any = browser.get(QUEUE + query).context["cl"]
    told = [(each["query_string"], str(each["display"])) for spec in shown.filter_specs for each in spec.choices(shown)]
    return {leads: int(hit[1]) for leads, words in told if (hit := re.search(r"\((\d+)\)$", words))}


def found(browser: Client, query: str) -> int:
    """How many drafts a list shows, which is known before the page is written."""
    with patch.object(SimpleTemplateResponse, "rendered_content", ""):
        answer: Any = browser.get(QUEUE + query)
    count: int = answer.context_data["cl"].result_count
    return count


@pytest.mark.parametrize("query", ["", "?language=en", "?shown=snoozed", "?topic=-&q=e&o=-7"])
def test_beside_each_choice_stands_how_many_drafts_it_shows(agent: Client, query: str) -> None:
    told = choices(agent, query)
    assert len(told) >= 7
    assert told == {leads: found(agent, leads) for leads in told}


def test_each_way_to_filter_the_queue_has_its_counts_and_what_would_show_nothing_is_left_out(agent: Client) -> None:
    told = choices(agent)
    named = ("shown=waiting", "shown=mine", "shown=snoozed", "age=1", "age=4", "age=24", "age=older", "language=fr", "topic=-",
             "reason=low_confidence")  # fmt: skip
    assert [told.get(f"?{name}") for name in named] == [5, 1, 1, 1, 1, None, 3, 1, 2, 1]
    assert choices(agent, "?age=24")["?age=24"] == 0  # but for what is chosen


def test_of_a_long_queue_the_first_are_counted_and_a_plus_says_so(
    agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_filters, "MOST", 3)
    page = agent.get(QUEUE).content.decode()
    assert ("waiting for a person (3+)" in page, "more than a day (3+)" in page, "snoozed (0+)" in page) == (True,) * 3


def test_what_does_not_wait_is_not_counted(agent: Client) -> None:
    assert [choices(agent, query) for query in ("?shown=all", "?shown=sent", "?ending=open")] == [{}, {}, {}]


def test_a_search_that_finds_nothing_in_the_queue_says_how_many_of_all_drafts_it_finds(agent: Client) -> None:
    page = agent.get(QUEUE + "?q=holly+subject&language=en").content.decode()
    leads = re.search(r'href="(\?shown=all[^"]*)">“All drafts” has 1 hit<', page)
    assert leads and found(agent, leads[1].replace("&amp;", "&")) == 1
    assert ["“All drafts” has" in agent.get(QUEUE + query).content.decode() for query in ("?q=nobody", "?q=fir")] == [
        False
    ] * 2
