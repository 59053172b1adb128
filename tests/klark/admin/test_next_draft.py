"""What opens after an act on a draft: the next that waits, in the list's own order and under its filters."""

import re
from urllib.parse import quote

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from klark.models import Delivery, Draft, within
from klark.values.triage import urgency
from tests.klark import rows
from tests.klark.admin.test_drafts import another
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(ours: Company) -> Client:
    return login("camille", (ours, "agent"))


@pytest.fixture
def four(ours: Company) -> dict[str, int]:
    """The ids of four drafts that wait, by name; the company's own is the second oldest."""
    days = {"elder": "20", "cedar": "25", "fir": "26"}
    made = {mark: another(ours, mark, f"2026-11-{day} 08:00:00+00:00").pk for mark, day in days.items()}
    return {"alder": ours.draft, **made}


def address(draft: int, query: str = "") -> str:
    carried = f"?_changelist_filters={quote(query, safe='')}" if query else ""
    return reverse("admin:klark_draft_change", args=(draft,)) + carried


def beside(browser: Client, draft: int, query: str = "") -> tuple[str, str]:
    """The drafts before and after one, by address."""
    found = browser.get(address(draft, query)).context["beside"]
    return found.before, found.after


def test_the_longest_wait_is_next_and_after_the_last_comes_the_first(agent: Client, four: dict[str, int]) -> None:
    assert beside(agent, four["elder"]) == ("", address(four["alder"]))
    assert beside(agent, four["alder"]) == (address(four["elder"]), address(four["cedar"]))
    assert beside(agent, four["fir"]) == (address(four["cedar"]), address(four["elder"]))


def test_a_list_sorted_the_other_way_is_gone_through_the_other_way(agent: Client, four: dict[str, int]) -> None:
    query = f"o={agent.get(reverse('admin:klark_draft_changelist')).context['order']['newest']}"
    assert beside(agent, four["alder"], query) == (address(four["cedar"], query), address(four["elder"], query))
    assert beside(agent, four["elder"], query) == (address(four["alder"], query), address(four["fir"], query))


def test_those_who_wrote_at_the_same_moment_each_have_their_turn(agent: Client, four: dict[str, int]) -> None:
    for kept in (Draft, Delivery):
        rows.change(kept, customer_wrote_at="2026-11-20 08:00:00+00:00")
    turn, at = [], four["alder"]
    for _ in four:
        at = int(beside(agent, at)[1].split("/")[-3])
        turn.append(at)
    assert sorted(turn) == sorted(four.values())


def test_the_urgent_ones_come_first_then_the_longest_wait_in_the_list_and_on_the_pages(
    agent: Client, four: dict[str, int]
) -> None:
    for mark, priority, mood in (("cedar", "urgent", "calm"), ("fir", "normal", "angry"), ("alder", "high", "calm")):
        rows.change(Draft, {"pk": four[mark]}, record={"triage": {"priority": priority}}, mood=mood)
        rows.change(Delivery, {"draft": four[mark]}, urgency=urgency(priority, mood))
    listed = agent.get(reverse("admin:klark_draft_changelist"))
    turn = [row.pk for row in listed.context["cl"].result_list]
    assert turn == [four[mark] for mark in ("cedar", "alder", "fir", "elder")]
    assert re.findall(r"<b class=\"k-tag k-warning\">([^<]+)<", listed.content.decode()) == [
        "urgent",
        "high priority",
        "angry",
    ]
    assert [beside(agent, each)[1] for each in turn] == [address(each) for each in (*turn[1:], turn[0])]
    assert [beside(agent, each)[0] for each in turn[1:]] == [address(each) for each in turn[:-1]]


def test_a_filter_of_the_list_holds_on_the_pages_opened_from_it(agent: Client, four: dict[str, int]) -> None:
    query = "topic=cedar-topic"
    assert beside(agent, four["elder"], query) == ("", address(four["cedar"], query))
    answer = agent.post(address(four["elder"], query), {"press": "reject", "why": "no"})
    assert answer["Location"] == address(four["cedar"], query)


def test_a_search_and_a_choice_of_state_hold_as_far_as_they_fit_what_waits(agent: Client, four: dict[str, int]) -> None:
    assert beside(agent, four["elder"], "q=fir&shown=all") == ("", address(four["fir"], "q=fir&shown=all"))


def test_a_filter_that_is_none_is_left_out(agent: Client, four: dict[str, int]) -> None:
    assert beside(agent, four["elder"], "moon=full")[1] == address(four["alder"], "moon=full")


def test_after_an_act_the_next_opens_and_says_what_was_done_with_a_link_back(
    agent: Client, four: dict[str, int]
) -> None:
    answer = agent.post(address(four["elder"]), {"press": "approve", "text": "elder reply"})
    (told,) = [str(each) for each in get_messages(answer.wsgi_request)]
    assert answer["Location"] == address(four["alder"])
    assert told.startswith("Approved") and f'href="{address(four["elder"])}">#elder<' in told


def test_after_the_last_draft_the_list_opens_which_says_that_none_waits_and_offers_undo(
    ours: Company, agent: Client
) -> None:
    shown = agent.post(address(ours.draft), {"press": "approve", "text": "alder reply"}, follow=True)
    assert shown.redirect_chain == [(reverse("admin:klark_draft_changelist"), 302)]
    assert shown.context["undo"].deliveries == (ours.delivery,)
    page = shown.content.decode()
    assert ("No draft waits for you" in page, f'href="{address(ours.draft)}">#41<' in page) == (True, True)


def test_what_is_done_with_and_what_is_another_tenants_is_never_next(
    ours: Company, agent: Client, four: dict[str, int]
) -> None:
    another(company("zinc"), "zinc", "2026-11-21 08:00:00+00:00")
    with within(ours.tenant):
        Delivery.objects.filter(draft__in=(four["alder"], four["cedar"])).update(state="sent")
    assert beside(agent, four["elder"]) == ("", address(four["fir"]))
