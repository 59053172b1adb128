"""The page on what became of drafts: figures that lead to their drafts, a chart, a CSV, and of one's own tenants only."""

import csv
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from klark.admin.evidence.outcome_words import FIGURES
from klark.admin.evidence.outcomes import _duration
from klark.admin.evidence.outcomes_chart import COLOURS
from klark.evidence.outcomes import DEFINITIONS, Ending
from klark.evidence.turns import last_weeks
from klark.models import Aftermath, Connection, Correction, CountedOutcomes, Delivery, Draft, Outcome, within
from tests.klark.companies import Company, company, drafted, login

pytestmark = pytest.mark.django_db
PAGE, LIST = reverse("admin:klark_outcomes"), reverse("admin:klark_draft_changelist")


@pytest.fixture
def three(ours: Company) -> Company:
    """Two replies that were sent, one of them edited, and one that waits."""
    with within(ours.tenant):
        account = Connection.of(ours.tenant).get()
        sent = [drafted(ours.tenant, account, "alder", number) for number in ("42", "43")]
        Delivery.of(ours.tenant).filter(draft__in=sent).update(state="sent", ended_at=timezone.now())
        Outcome.objects.create(tenant_id=ours.tenant, draft=sent[0], kind="edited", kept=0.75, verdict="partly")
        Correction.objects.create(tenant_id=ours.tenant, draft=sent[1], what="topic", was="delivery", now="invoice")
        Draft.of(ours.tenant).filter(pk=sent[1].pk).update(cost="0.5")
        drafted(ours.tenant, account, "alder", "44")
        Draft.of(ours.tenant).filter(ticket_id="44").update(live=False)  # it was drafted anew
    return ours


def shown(browser: Client, **asked: Any) -> str:
    return unescape(browser.get(PAGE, asked).content.decode())


def test_each_ending_has_its_count_its_share_with_n_and_interval(lead: Client, three: Company) -> None:
    page = re.sub(r"(\s*<[^>]+>\s*)+", " ", shown(lead))
    said = ("Sent unchanged 1 50 % 1 of 2 9 to 91 %", "Edited and sent 1 50 %", "Still open 1", "Rejected 0 0 %",
            "Words kept of edited drafts 75 % of 1", "Customers who rated the help as good —",
            "Cost per ticket 0.1667 EUR of 3", "Edited: a fact changed or added 1 100 % 1 of 1",
            "0 of 0 answers in other words, and 1 of 1 edits")  # fmt: skip
    assert [words for words in said if words not in page] == []


@pytest.mark.parametrize(
    ("end", "tickets"),
    [("edited", {"42"}), ("unchanged", {"43"}), ("open", {"41"}), ("ignored", set()), ("facts_changed", {"42"}),
     ("answer_contradicts", set())],
)  # fmt: skip
def test_a_count_leads_to_its_drafts(lead: Client, three: Company, end: str, tickets: set[str]) -> None:
    (link,) = re.findall(rf'href="({LIST}\?[^"]*ending={end})"', shown(lead))
    assert {draft.ticket_id for draft in lead.get(link).context["cl"].result_list} == tickets


def test_each_figure_leads_to_the_tickets_that_it_counts(lead: Client, three: Company) -> None:
    now = timezone.now()
    long_ago, read = now - timedelta(days=9), {"read_at": now, "satisfaction": "good"}
    with within(three.tenant):
        Draft.of(three.tenant).update(created_at=long_ago)
        Delivery.of(three.tenant).filter(state="sent").update(ended_at=long_ago)
        Outcome.of(three.tenant).filter(kind="edited").update(sentences=2, sentences_kept=1)
        rows = {row.ticket_id: row for row in Draft.of(three.tenant)}
        Delivery.of(three.tenant).filter(draft=rows["41"]).update(kind="handover", state="sent", ended_at=long_ago)
        about = {"42": {"reopened_at": now - timedelta(days=8)}, "43": {"is_over": True},
                 "41": {"agent_at": long_ago, "agent_kept": 0.1}}  # fmt: skip
        for ticket, seen in about.items():
            Aftermath.objects.create(tenant_id=three.tenant, draft=rows[ticket], **read, **seen)
    links = dict(re.findall(rf'href="({LIST}\?[^"]*ending=(\w+))"', shown(lead)))
    found = {
        name: {draft.ticket_id for draft in lead.get(link).context["cl"].result_list} for link, name in links.items()
    }
    assert {name: found[name] for name in FIGURES} == {
        "resolved_alone": {"43"}, "deflected": {"43"}, "precision": {"42"}, "handover_precision": {"41"},
        "handover_recall": {"41"}, "reopened": {"42"}, "satisfied": {"42", "43"}, "satisfied_without": {"41"},
    }  # fmt: skip
    (link,) = re.findall(rf'href="({LIST}\?[^"]*ending=topic%3Adelivery%3Ainvoice)"', shown(lead))
    assert [draft.ticket_id for draft in lead.get(link).context["cl"].result_list] == ["43"]


def test_a_group_leads_to_its_drafts_too(lead: Client, three: Company) -> None:
    links = re.findall(rf'href="({LIST}\?[^"]*(?:topic|language|created_at__lt)=[^"]*)"', shown(lead))
    found = [{draft.ticket_id for draft in lead.get(link).context["cl"].result_list} for link in links]
    assert found == [{"41", "42", "43"}] * 3


def test_the_chart_has_a_bar_for_each_of_thirteen_weeks_and_a_colour_for_each_ending(
    lead: Client, three: Company
) -> None:
    found = json.loads(lead.get(PAGE).context["chart"]["data"])
    assert (len(found["labels"]), [(one["label"], one["data"][-1]) for one in found["datasets"]]) == (
        13, [("sent unchanged", 1), ("edited and sent", 1), ("still open", 1)])  # fmt: skip
    assert set(COLOURS) == set(Ending)
    assert 'class="chart"' in shown(lead)


def test_the_csv_has_every_figure_on_a_line_and_no_formula(lead: Client, three: Company) -> None:
    with within(three.tenant):
        Correction.of(three.tenant).update(was="=cmd()")
    answer = lead.get(PAGE, {"as": "csv"})
    lines = list(csv.DictReader(answer.content.decode().splitlines()))
    assert (answer["Content-Type"], "outcomes-alder" in answer["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        True,
    )
    (edited,) = [line for line in lines if (line["group"], line["figure"]) == ("all", "edited")]
    assert list(edited.values()) == ["all", "", "edited", "0.5", "1", "2", "0.0945", "0.9055", str(DEFINITIONS)]
    assert {line["group"] for line in lines} == {"all", "topic", "language", "desk", "week", "confusion"}
    assert [line["figure"] for line in lines if line["group"] == "confusion"] == ["'=cmd() → invoice"]


def test_what_people_corrected_is_listed_with_how_often(lead: Client, three: Company) -> None:
    page = re.sub(r"(\s*<[^>]+>\s*)+", " ", shown(lead))
    assert [words for words in ("Topic 50 % 1 of 2", "delivery → invoice 1", "Priority —") if words not in page] == []
    assert "Satisfied without klark Topic right First response" in page  # and by topic, language, helpdesk and week


def test_a_week_that_was_counted_by_other_definitions_says_so(lead: Client, three: Company) -> None:
    now = timezone.now()
    with within(three.tenant):
        since = last_weeks(three.tenant, now)[0].date()
        CountedOutcomes.objects.create(
            tenant_id=three.tenant, since=since, weeks=1, definitions=0,
            figures={"definitions": 0, "tickets": 3, "turns": 777, "endings": {"unchanged": 777}},
        )  # fmt: skip
    assert [words for words in ("by definitions 0", "777") if words not in shown(lead)] == []


def test_it_is_in_french_too(three: Company) -> None:
    browser = login("lea", (three, "lead"))
    page = unescape(browser.get(PAGE, headers={"accept-language": "fr"}).content.decode())
    assert [words for words in ("Ce que sont devenus", "Envoyé tel quel", "Par semaine") if words not in page] == []


def test_of_two_tenants_the_current_one_is_marked_and_money_is_written_as_in_the_page_s_language(
    three: Company,
) -> None:
    lead = login("two", (three, "lead"), (company("birch"), "lead"))
    page = shown(lead, tenant="birch")
    assert '<a href="?tenant=alder">Alder</a><a href="?tenant=birch" aria-current="page">Birch</a>' in page
    lead.cookies["django_language"] = "fr"
    costs = " ".join(lead.get(reverse("admin:klark_backtestrun_changelist"), {"tenant": "alder"}).text.split())
    assert "Cent tickets coûtent environ 12,50 EUR" in costs
    assert '<a href="?tenant=alder" aria-current="page">Alder</a><a href="?tenant=birch">Birch</a>' in costs


def test_whoever_sees_drafts_sees_it_of_their_own_tenants_only(three: Company) -> None:
    birch = company("birch")
    viewer, stranger, nobody = login("viewer", (three, "viewer")), login("theirs", (birch, "lead")), login("nobody")
    assert [each.get(PAGE).status_code for each in (viewer, stranger, nobody)] == [200, 200, 403]
    assert "alder" not in shown(stranger, tenant="alder")
    link = f"{LIST}?shown=all&ending=edited"
    assert [len(each.get(link).context["cl"].result_list) for each in (viewer, stranger)] == [1, 0]


def test_before_anything_was_drafted_it_says_so(ours: Company, lead: Client) -> None:
    with within(ours.tenant):
        Draft.of(ours.tenant).delete()
    assert "klark has not drafted anything in this time." in shown(lead)


@pytest.mark.parametrize(
    ("seconds", "words"), [(None, "—"), (12.4, "12 s"), (90, "2 min"), (3599, "1 h 00 min"), (7_260, "2 h 01 min")]
)
def test_a_time_is_given_in_the_units_that_people_use(seconds: float | None, words: str) -> None:
    assert _duration(seconds) == words
