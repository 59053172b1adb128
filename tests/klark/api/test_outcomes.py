"""A program reads what became of drafts, the figures on it and what rises, as the pages show them, and nothing of another's."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from klark.api.trends import TrendsSerializer
from klark.evidence.outcomes import DEFINITIONS
from klark.evidence.trends.failing import Failing
from klark.evidence.trends.fisher import Sample
from klark.evidence.trends.tickets import ALL
from klark.evidence.trends.trends import Trends
from klark.evidence.trends.uncovered import Uncovered
from klark.models import Correction, CountedOutcomes, Delivery, Outcome, within
from tests.klark import rows
from tests.klark.api.program import Program
from tests.klark.companies import Company, company

pytestmark = pytest.mark.django_db

ADDRESSES = ("outcomes", "outcomes.csv", "figures", "figures.csv", "figures/weeks", "trends", "trends.csv")


@pytest.fixture
def ours() -> Company:
    """A company with a draft that waits, and one whose edited reply is sent."""
    ours = company("alder")
    with within(ours.tenant):
        about = Delivery.objects.filter(pk=ours.delivery).get().connection
    draft = rows.draft(about, 77, topic="returns", language="fr", cost="0.25")
    rows.delivery(about, 77, draft=draft, state="sent", ended_at=timezone.now())
    with within(ours.tenant):
        own = {"tenant_id": ours.tenant, "draft": draft}
        Outcome.objects.create(**own, kind="edited", kept=0.5, sentences=4, sentences_kept=3)
        Correction.objects.create(**own, what="topic", was="=delivery", now="returns")
    return ours


@pytest.fixture
def program(ours: Company) -> Program:
    company("birch")
    return Program(ours.tenant)


def table(program: Program, address: str) -> list[dict[str, Any]]:
    answer = program.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    body = b"".join(answer) if answer.streaming else answer.content
    return list(csv.DictReader(StringIO(body.decode())))


def test_each_draft_is_listed_with_what_became_of_it_newest_first(program: Program, ours: Company) -> None:
    edited, waits = program.get("outcomes").json()["results"]
    assert {name: edited[name] for name in ("ticket_id", "ending", "sent_alone", "edit_kept", "sentences_held", "sentences",
                                            "agent_at", "is_over", "cost", "definitions")} == {
        "ticket_id": "77", "ending": "edited", "sent_alone": False, "edit_kept": 0.5, "sentences_held": 3, "sentences": 4,
        "agent_at": None, "is_over": None, "cost": "0.250000", "definitions": DEFINITIONS,
    }  # fmt: skip
    assert (waits["draft"], waits["ending"]) == (ours.draft, "open")
    assert program.get(f"outcomes/{edited['draft']}").json() == edited


def test_a_list_is_paged_and_asked_for_by_topic_and_time(program: Program) -> None:
    first = program.get("outcomes?limit=1").json()
    (second,) = program.client.get(first["next"]).json()["results"]
    assert (first["results"][0]["ticket_id"], second["ticket_id"]) == ("77", "41")
    (chosen,) = program.get("outcomes?topic=returns&language=fr").json()["results"]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (chosen["ticket_id"], program.get(f"outcomes?since={tomorrow}").json()["results"]) == ("77", [])


def test_what_became_of_drafts_is_a_table_too_oldest_first(program: Program) -> None:
    assert [(row["ticket_id"], row["ending"], row["agent_at"]) for row in table(program, "outcomes.csv")] == [
        ("41", "open", ""),
        ("77", "edited", ""),
    ]
    assert [row["ticket_id"] for row in table(program, "outcomes.csv?topic=returns")] == ["77"]


def test_the_figures_are_those_of_the_page_each_with_its_interval_and_version(program: Program) -> None:
    found = program.get("figures").json()
    edited = {"hits": 1, "of": 1, "share": 1.0, "low": 0.2065, "high": 1.0}
    assert (found["definitions"], found["weeks"], found["figures"]["all"]["edited"]) == (DEFINITIONS, 13, edited)
    assert found["figures"]["topic"]["returns"]["cost_per_ticket"]["value"] == "0.250000"
    lines = {(row["group"], row["name"], row["figure"]): row for row in table(program, "figures.csv")}
    assert (lines["all", "", "edited"]["value"], lines["all", "", "edited"]["definitions"]) == ("1.0", str(DEFINITIONS))
    assert lines["confusion", "topic", "'=delivery → returns"]["value"] == "1"  # and no formula of a spreadsheet's


def test_weeks_that_are_kept_are_listed_with_the_definitions_of_then(program: Program, ours: Company) -> None:
    with within(ours.tenant):
        for weeks in (1, 13):
            CountedOutcomes.objects.create(
                tenant_id=ours.tenant, since=datetime(2026, 9, 7), weeks=weeks, definitions=0, figures={"turns": 5}
            )
    (kept,) = program.get("figures/weeks").json()["results"]
    assert (kept["since"], kept["weeks"], kept["definitions"], kept["figures"]) == ("2026-09-07", 1, 0, {"turns": 5})


def test_what_rises_is_told_and_before_there_is_enough_how_long_it_takes(program: Program, ours: Company) -> None:
    found = program.get("trends").json()
    assert (found["lacking"] > 0, found["signals"], found["failing"], len(found["counts"])) == (True, [], [], 63)
    assert table(program, "trends.csv") == []


def test_a_topic_that_rises_has_its_numbers_and_its_newest_tickets(program: Program, ours: Company) -> None:
    with within(ours.tenant):
        account = Delivery.objects.filter(pk=ours.delivery).get().connection
    for day in range(1, 70):
        for number in range(1 if day > 3 else 20):
            at = timezone.now() - timedelta(days=day)
            rows.draft(account, f"{day}-{number}", topic="returns", mood="calm" if day > 3 else "angry", created_at=at,
                       customer_wrote_at=at)  # fmt: skip
    found = program.get("trends").json()
    signal, mood = found["signals"][0], found["moods"][0]
    assert mood | {"chance": 0, "tickets": len(mood["tickets"])} == {
        "topic": "returns", "days": 7, "unhappy_before": 0, "tickets_before": 56, "unhappy_now": 60, "tickets_now": 64,
        "chance": 0, "tickets": 5,
    }  # fmt: skip
    assert (signal["topic"], signal["count"], signal["days"], len(signal["tickets"])) == ("returns", 60, 3, 5)
    assert signal["expected"] < signal["threshold"] < signal["count"]
    lines = table(program, "trends.csv")
    (told,) = (line for line in lines if line["what"] == "mood" and line["name"] == "returns")
    assert [told[name] for name in ("days", "count", "of", "expected")] == ["7", "60", "64", "0.0"]
    assert lines[0] | {"expected": "", "threshold": ""} == {
        "what": "topic", "name": "returns", "days": "3", "count": "60", "of": "", "expected": "", "threshold": "", "chance": "",
    }  # fmt: skip


def test_an_article_that_fails_and_what_no_topic_covers_have_their_numbers() -> None:
    failing = Failing("Fees", 7, Sample(1, 40), Sample(6, 12), 0.0002, (5, 4))
    group = Uncovered(("voucher", "valid"), "", 0, 4, ())
    found = TrendsSerializer(
        Trends(ZoneInfo("UTC"), date(2026, 11, 30), 0, {ALL: ()}, (), (), (failing,), (group,))
    ).data
    assert [dict(one) for one in (*found["failing"], *found["uncovered"])] == [
        {"article": 7, "title": "Fees", "failed_before": 1, "judged_before": 40, "failed": 6, "judged": 12, "chance": 0.0002,
         "drafts": [5, 4]},
        {"name": "voucher, valid", "words": ["voucher", "valid"], "article": 0, "count": 4, "tickets": []},
    ]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_each_takes_the_scope_to_read(ours: Company, address: str) -> None:
    refused = Program(ours.tenant, scopes=["act"]).get(address)
    assert (refused.status_code, refused["Content-Type"], refused.json()["status"]) == (
        403,
        "application/problem+json",
        403,
    )
