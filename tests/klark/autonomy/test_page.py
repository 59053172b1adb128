"""The page on autonomy says why a topic stands where it stands; a lead opens and closes, an agent judges."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from klark.autonomy.judgements import judge
from klark.autonomy.labels import Weighed
from klark.autonomy.ladder import Tally, Why
from klark.autonomy.standing import close
from klark.autonomy.words import STEPS, why
from klark.models import Actor, AuditEntry, Draft, Judgement, Standing, within
from klark.values.policy.rules import Rules
from tests.klark import rows
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db
PAGE, STEP = reverse("admin:klark_autonomy"), reverse("admin:klark_autonomy_step")
DAY = datetime(2026, 11, 12, tzinfo=UTC)


@pytest.fixture
def topic(ours: Company) -> Standing:
    """A topic in the queue that has earned its replies."""
    rows.policy(ours.tenant, autonomy="proposed")
    with within(ours.tenant):
        about = {"tenant_id": ours.tenant, "topic": "alder-topic", "language": "en"}
        one = Standing.objects.create(**about, rung="queue", why="new", proposed=True)
        Judgement.objects.bulk_create(
            Judgement(**about, via="queue", verdict="right", judged_at=Now()) for _ in range(83)
        )
    return one


def shown(browser: Client) -> str:
    return browser.get(PAGE).content.decode()


def test_the_page_says_where_a_topic_stands_on_what_evidence_and_why(lead: Client, topic: Standing) -> None:
    page = shown(lead)
    said = (
        "alder topic",
        "83 of 83",
        "95.0 %",
        "It stands where it began: the next step is earned; a lead may open it.",
    )
    assert [words for words in said if words not in page] == []


def test_a_lead_opens_what_is_earned_and_closes_it_again(lead: Client, topic: Standing, ours: Company) -> None:
    lead.post(STEP, {"standing": topic.pk, "press": "open"})
    assert (rows.get(Standing).rung, "opened by lead on" in shown(lead)) == ("reply", True)
    warning = "Its evidence is counted anew from here: 83 judged drafts no longer count."
    assert (">Close<" in shown(lead), warning in shown(lead)) == (True, True)
    lead.post(STEP, {"standing": topic.pk, "press": "close"})
    page = shown(lead)
    assert (rows.get(Standing).rung, "Closed by lead on" in page) == ("queue", True)
    assert ("0 of 0" in page, "When it was closed, 83 of 83 judged drafts were right." in page) == (True, True)
    assert (">Close<" in page, ">Notes only<" in page, "counted anew" in page) == (False, True, False)
    with within(ours.tenant):
        acts = AuditEntry.objects.filter(act__in=("climbed", "fell")).order_by("number").values_list("act", "who")
        assert list(acts) == [("climbed", "lead"), ("fell", "lead")]


def test_what_closed_the_topics_is_read_at_once(lead: Client, topic: Standing, ours: Company) -> None:
    with within(ours.tenant):
        another = Standing.objects.create(
            tenant_id=ours.tenant, topic="alder-topic", language="fr", rung="queue", why="new"
        )
        for each in (topic, another):
            close(each, Actor(None, "lea"))
    with CaptureQueriesContext(connection) as asked:
        page = shown(lead)
    assert page.count("When it was closed") == 2
    assert sum("klark_auditdetail" in each["sql"] for each in asked) == 1


def test_a_topic_that_errors_closed_leads_to_them(lead: Client, topic: Standing, ours: Company) -> None:
    lead.post(STEP, {"standing": topic.pk, "press": "open"})
    with within(ours.tenant):
        about = Draft.of(ours.tenant).get(pk=ours.draft).connection
        drafts = [rows.draft(about, ticket, topic="alder-topic", language="en") for ticket in ("e1", "e2")]
        for draft in drafts:
            Judgement.objects.create(
                tenant_id=ours.tenant, topic="alder-topic", language="en", via="audit", draft=draft
            )
            assert judge(draft, "wrong", Actor(None, "lea"))
    page = " ".join(shown(lead).split())
    links = ", ".join(
        f'<a class="k-link" href="{reverse("admin:klark_draft_change", args=(draft.pk,))}">#{draft.ticket_id}</a>'
        for draft in drafts
    )
    assert f"When it was closed, 83 of 85 judged drafts were right. These drafts closed it: {links}." in page


def test_a_serious_error_that_begins_the_count_anew_stays_in_sight(
    lead: Client, topic: Standing, ours: Company
) -> None:
    with within(ours.tenant):
        about = Draft.of(ours.tenant).get(pk=ours.draft).connection
        draft = rows.draft(about, "s1", topic="alder-topic", language="en")
        Judgement.objects.filter(pk__in=Judgement.objects.order_by("pk").values("pk")[1:]).delete()
        Judgement.objects.create(tenant_id=ours.tenant, topic="alder-topic", language="en", via="audit", draft=draft)
        assert judge(draft, "serious", Actor(None, "lea"))
    page = " ".join(shown(lead).split())
    link = f'<a class="k-link" href="{reverse("admin:klark_draft_change", args=(draft.pk,))}">#s1</a>'
    assert "Judged before, and no longer counted one by one: 2, of which errors: 1." in page
    assert f"the evidence begins at 0.31 and not at 1. Begun anew by a serious error: {link}." in page
    assert ("0 of 0" in page, "takes 116 more right drafts in a row." in page) == (True, True)


def test_nothing_opens_once_the_evidence_is_not_enough_any_more(lead: Client, topic: Standing) -> None:
    rows.change(Judgement, verdict="wrong")
    page = lead.post(STEP, {"standing": topic.pk, "press": "open"}, follow=True).content.decode()
    assert ("nothing was opened" in page, rows.get(Standing).rung) == (True, "queue")


def test_only_leads_and_operators_see_the_page_and_nobody_anothers_topics(ours: Company, topic: Standing) -> None:
    birch = company("birch")
    agent, stranger, operator = (
        login("agent", (ours, "agent")), login("theirs", (birch, "lead")), login("op", (ours, "operator")))  # fmt: skip
    assert [each.get(PAGE).status_code for each in (agent, stranger, operator)] == [403, 200, 200]
    assert "83 of 83" not in shown(stranger)
    posted = {"standing": topic.pk, "press": "open"}
    assert [each.post(STEP, posted).status_code for each in (agent, stranger)] == [403, 404]
    assert rows.get(Standing).rung == "queue"


def test_what_is_to_be_judged_is_listed_and_an_agent_judges_it_on_its_page(ours: Company, lead: Client) -> None:
    rows.policy(ours.tenant, autonomy="proposed")
    rows.delete(Standing)
    with within(ours.tenant):
        draft = Draft.of(ours.tenant).get(pk=ours.draft)
        draft.deliveries.update(state="sent")
        Judgement.objects.create(tenant_id=ours.tenant, draft=draft, via="audit", topic=draft.topic)
    address = reverse("admin:klark_draft_change", args=(ours.draft,))
    assert address in shown(lead)
    agent = login("agent", (ours, "agent"))
    assert "Was this draft right?" in agent.get(address).content.decode()
    agent.post(address, {"press": "judged_right"})
    found = rows.get(Judgement)
    assert (found.verdict, found.by, address in shown(lead)) == ("right", "agent", False)
    viewer = login("viewer", (ours, "viewer"))
    assert viewer.post(address, {"press": "judged_wrong"}).status_code == 403


@pytest.mark.parametrize("step", list(Why))
def test_every_reason_is_a_sentence_in_both_languages(step: Why) -> None:
    row = Standing(rung="queue", why=step, by="lea", stepped_at=DAY)
    given = (row, Weighed(Tally("queue"), ()), Rules())
    with translation.override("fr"):
        french = why(*given)
    english = why(*given)
    assert (step.value in STEPS, french != english, english.endswith("83 more right drafts in a row.")) == (True,) * 3
    assert "encore 83 brouillons justes de suite" in french
