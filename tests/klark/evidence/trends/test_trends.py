"""What rises at a tenant, and articles that begin to fail, as the page "Trends" shows both."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from klark.evidence.outcomes import Ending, ending
from klark.evidence.trends.failing import judged_among
from klark.evidence.trends.fisher import Sample, by_chance
from klark.evidence.trends.rising import DAYS
from klark.evidence.trends.tickets import ALL
from klark.evidence.trends.trends import Trends, trends
from klark.evidence.turns import turns_of
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import Article, Connection, Delivery, Draft, Outcome, within
from klark.personal_data.content import blank_drafts
from tests.bench import trends as bench
from tests.klark import rows
from tests.klark.companies import company, login

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:klark_trends")
NOON = timezone.now().replace(hour=12)


def asked(row: Connection, days_ago: int, count: int, topic: str = "", **more: Any) -> list[Draft]:
    """Drafts for tickets of a day."""
    at = NOON - timedelta(days=days_ago)
    number = Draft.of(row.tenant_id).count()
    return Draft.objects.bulk_create(
        Draft(tenant_id=row.tenant_id, connection=row, ticket_id=f"n{number + each}", turn="1", topic=topic,
              subject=f"{row.account} {topic}", customer_wrote_at=at, created_at=at, **more)
        for each in range(count)
    )  # fmt: skip


def looked_at(row: Connection, now: datetime = NOON) -> Trends:
    with within(row.tenant_id):
        return trends(row.tenant_id, now)


def test_a_topic_that_rises_is_told_with_the_tickets_of_its_peak_and_to_nobody_elses() -> None:
    ours, theirs = company("alder"), company("birch")
    with within(ours.tenant):
        row = Connection.of(ours.tenant).get()
        for day in range(DAYS + 1, 0, -1):
            asked(row, day, {1: 13, 2: 16, 3: 13}.get(day, 6), "late")
            asked(row, day, 4, "alder-topic")
        asked(row, 0, 50, "alder-topic")  # today is not over
        asked(row, 20, 1, "late", live=False)
    found = looked_at(row)
    assert [(one.topic, one.rise.days, one.rise.count, round(one.rise.expected)) for one in found.signals] == [
        ("late", 3, 42, 18), (ALL, 3, 54, 30),
    ]  # fmt: skip
    causes = {
        one.topic for signal in found.signals for one in signal.examples
    }  # of all tickets too: what rises, not what is newest
    assert (found.lacking, sum(found.counts), causes) == (0, ANY, {"late"})
    viewer = login("viewer", (ours, "viewer"))
    assert (
        {one.day for one in found.signals[0].examples} == {found.signals[0].peak} == {NOON.date() - timedelta(days=2)}
    )
    shown = viewer.get(PAGE).text
    as_csv = viewer.get(PAGE, {"as": "csv"})
    assert ("?as=csv" in shown, "trends-alder" in as_csv["Content-Disposition"]) == (True, True)
    last = NOON.date() - timedelta(days=1)
    assert as_csv.text.startswith("What,Name,Last day,Days,Tickets,Of,Expected,Threshold,Probability by chance")
    assert f"A topic that rises,late,{last},3,42,," in as_csv.text
    assert f"Tickets a day,All tickets together,{last},1,17" in as_csv.text
    assert (shown.count("stop the topic"), shown.count("a season or an outage")) == (1, 1)
    assert ("42 in 3 days, 18 expected" in shown, "alder-desk late" in shown) == (True, True)
    elsewhere = login("lead", (theirs, "lead"))
    told = ("alder", "as often as before", "signals begin in", "too little to compare with yet")
    assert [word in elsewhere.get(PAGE, {"tenant": "alder"}).text for word in told] == [False, False, True, True]
    assert Client().get(PAGE).status_code == 302


def test_a_ticket_counts_once_on_the_day_it_came() -> None:
    row = rows.connection(rows.tenant())
    with within(row.tenant_id):
        (first,) = asked(row, 9, 1, "late")
        at = NOON - timedelta(days=2)
        rows.draft(row, first.ticket_id, turn="2", topic="other", customer_wrote_at=at, created_at=at)
    found = looked_at(row)
    assert ([day for day in range(1, DAYS + 1) if found.counts[-day]], found.lacking) == ([9], DAYS - 9)


def test_customers_who_are_unhappier_are_told_of_with_their_newest_tickets() -> None:
    ours = company("alder")
    with within(ours.tenant):
        row = Connection.of(ours.tenant).get()
        for day in range(85, 0, -1):
            unhappy = 3 if day <= 7 else int(day % 3 == 0)
            asked(row, day, unhappy, "late", mood="angry" if day % 2 else "upset")
            asked(row, day, 5 - unhappy, "late", mood="worried" if day % 2 else "calm")
            asked(row, day, 5, "fees", mood="upset" if day % 3 == 0 else "calm")
    found = looked_at(row)
    (late,) = (one for one in found.moods if one.topic == "late")
    assert ("fees" in {one.topic for one in found.moods}, found.signals) == (False, ())
    assert (late.shift.days, late.shift.now, late.shift.before) == (7, (21, 35), (19, 280))
    assert all(one.unhappy and one.topic == "late" for one in late.examples)
    shown = login("viewer", (ours, "viewer")).get(PAGE).text
    told = ("Unhappier customers: late", "60 %, 7 % before", "21 of 35", "19 of 280")
    assert [words for words in told if words not in shown] == []
    with within(ours.tenant):
        blank_drafts(Draft.of(ours.tenant).filter(customer_wrote_at__lt=NOON - timedelta(days=28)))
    (late,) = (one for one in looked_at(row).moods if one.topic == "late")
    assert (late.shift.now, late.shift.before) == ((21, 35), (7, 105))  # of a mood that was deleted nothing is known


def test_what_many_ask_that_no_topic_covers_is_told_by_article_or_by_words_and_nobodys_name() -> None:
    ours, theirs = company("alder"), company("birch")
    with within(theirs.tenant):
        for days in range(2, 7):
            asked(Connection.of(theirs.tenant).get(), days, 1, record=said("Where is my parcel?"))
    with within(ours.tenant):
        row = Connection.of(ours.tenant).get()
        for key, language in (("7:en", "en"), ("7:fr", "fr")):
            ingest(ours.tenant, "manual", NewArticle(key, f"Refunds {language}", "<p>In 5 days.</p>", language))
        english, french = Article.of(ours.tenant).filter(key__startswith="7:").order_by("key")
        asked(row, 3, 2, language="fr", rests_on=[french.pk], record=said("Quand serai-je remboursé ?"))
        asked(row, 2, 2, language="en", rests_on=[english.pk], record=said("When do I get my money back?"))
        for days in range(2, 6):
            asked(row, days, 1, language="en", record=said(f"Smith here, my voucher number {days} has expired."))
        for words in ("Do you sell lamps?", "The door is broken.", "I lost my invoice."):
            asked(row, 5, 1, language="en", record=said(words))
        asked(row, 40, 4, language="en", record=said("Where is my parcel?"))
        asked(row, 4, 4, "late", language="en", record=said("Where is my parcel?"))
    groups = looked_at(row).uncovered
    assert [(one.title, one.count, len(one.examples)) for one in groups] == [("Refunds en", 4, 4), ("", 4, 4)]
    assert {*groups[1].words} == {"expired", "voucher", "number"}
    shown = login("lead", (ours, "lead")).get(PAGE).text
    found = [words for words in ("Refunds en", "Make it a topic", "Smith", "parcel") if words in shown]
    assert found == ["Refunds en", "Make it a topic"]
    address = shown.split('<td><a class="k-button" href="')[1].split('"')[0].replace("&amp;", "&")
    assert 'value="Refunds en"' in login("boss", (ours, "lead")).get(address).text


def said(text: str) -> dict[str, Any]:
    """What a draft keeps of a ticket that says this."""
    return {"ticket": {"requester": {"name": "Smith", "email": ""}}, "triage": {"asks": [], "text": text}}


def test_an_article_whose_drafts_are_edited_more_than_before_is_named() -> None:
    row = rows.connection(rows.tenant())
    with within(row.tenant_id):
        for key in ("hours", "fees"):
            ingest(row.tenant_id, "manual", NewArticle(key, key.capitalize(), "<p>From 7:00.</p>", "en"))
        before = dict(Article.of(row.tenant_id).values_list("key", "pk"))
        ingest(row.tenant_id, "manual", NewArticle("hours", "Hours", "<p>From 8:00.</p>", "en"))
        versions = dict(Article.of(row.tenant_id).filter(current=True).values_list("key", "pk"))
        for days, key, count, edited in (
            (60, "hours", 40, 1),
            (9, "hours", 12, 6),
            (60, "fees", 40, 4),
            (9, "fees", 12, 2),
        ):
            drafts = asked(row, days, count, rests_on=[(before if days == 60 else versions)[key]])
            for number, draft in enumerate(drafts):
                about = {"tenant_id": row.tenant_id, "draft": draft}
                sent = {"kind": Delivery.Kind.REPLY, "state": Delivery.State.SENT, "ended_at": draft.created_at}
                Delivery.objects.create(**about, **sent, connection=row, ticket_id=draft.ticket_id)
                if number < edited:
                    Outcome.objects.create(**about, kind=Outcome.Kind.EDITED)
    (one,) = looked_at(row).failing
    assert (one.title, one.article_id, one.before, one.now, len(one.examples)) == (
        "Hours",
        versions["hours"],
        (1, 40),
        (6, 12),
        5,
    )


def test_a_draft_failed_if_its_ending_says_so() -> None:
    row = rows.connection(rows.tenant())
    with within(row.tenant_id):
        each: tuple[tuple[str, ...], ...] = ((), ("edited",), ("rejected",), ("edited", "rejected"))
        cases = [(sent, acts) for sent in (True, False) for acts in each]
        for draft, (sent, acts) in zip(asked(row, 3, len(cases)), cases, strict=True):
            about = {"tenant_id": row.tenant_id, "draft": draft}
            reply = {"kind": Delivery.Kind.REPLY, "state": "sent" if sent else "retired", "ended_at": draft.created_at}
            Delivery.objects.create(**about, **reply, connection=row, ticket_id=draft.ticket_id)
            Outcome.objects.bulk_create(Outcome(**about, kind=kind) for kind in acts)
        turns = turns_of(row.tenant_id, NOON - timedelta(days=4), NOON)
        failed = {Ending.EDITED: True, Ending.REJECTED: True, Ending.UNCHANGED: False}
        told = {turn.draft_id: failed[ending(turn)] for turn in turns if ending(turn) in failed}
        assert (judged_among(Draft.of(row.tenant_id)), len(told)) == (told, 6)


@pytest.mark.parametrize(("before", "now", "chance"), [
    ((0, 0), (3, 3), 1.0), ((3, 3), (0, 0), 1.0), ((0, 3), (3, 3), 0.05), ((1, 10), (1, 10), 0.763158),
    ((2, 4), (0, 4), 1.0), ((4, 4), (2, 4), 1.0), ((5, 10), (2, 10), 0.971362), ((2, 10), (5, 10), 0.174923),
    ((9_000, 60_000), (10, 100), 0.944803), ((9_000, 60_000), (24, 100), 0.011963),
])  # fmt: skip
def test_the_chance_is_fishers(before: tuple[int, int], now: tuple[int, int], chance: float) -> None:
    assert by_chance(Sample(*before), Sample(*now)) == pytest.approx(chance, abs=1e-6)


def test_the_bench_counts_a_report_once_however_long_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    alarms = bench.np.array([0, 1, 1, 0, 0, 1, *[0] * 8, 1], dtype=bool)[:, None, None]
    assert bench.np.flatnonzero(bench.begun(alarms)).tolist() == [1, 14]
    monkeypatch.setattr(bench, "YEAR", 10)  # days: that it runs, and names its figures, takes no whole year
    assert set(bench.figures(2, 1)) >= {"false_alarms_per_year", "found_in_3_days", "days_to_detection"}


def test_the_bench_of_moods_finds_a_share_that_doubles_and_nothing_where_nothing_changes() -> None:
    tickets = bench.np.full((DAYS + 40, 2, 1), 60)
    steady = bench.moods.drawn(bench.np.random.default_rng(1), tickets, 0.1, ("season", "noise"))
    doubled = steady.copy()
    doubled[-10:] *= 2
    never, at_last = bench.moods.shifted(steady, tickets, 11).any(), bench.moods.shifted(doubled, tickets, 11)[-1].all()
    assert (never, at_last) == (False, True)
