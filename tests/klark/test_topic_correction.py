"""An agent corrects a draft's topic, and the next ticket like it gets the right one."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from integrations.helpdesks.base import Ticket
from klark.drafting.tenant_settings import settings_of
from klark.knowledge.embedding import topic_vectors
from klark.models import Decision, Draft, Topic, within
from klark.models.ticket.corrections import LONGEST, MOST, example_of
from klark.review import correct_topic
from klark.triage.model import vectors
from klark.triage.triage import triage
from tests.klark.companies import Company, company, login
from tests.klark.triage.test_triage import ticket

pytestmark = pytest.mark.django_db

WROTE = "Bonjour, c'est Camille Roux. Le vélo couine depuis hier, camille.roux@example.com"


@pytest.fixture
def agent(ours: Company) -> Client:
    with within(ours.tenant):
        Topic.objects.all().delete()
        for key, name in (("workshop", "Workshop"), ("delivery", "Delivery"), ("bills", "Bills")):
            Topic.objects.create(tenant_id=ours.tenant, key=key, name=name)
        draft = Draft.objects.get(pk=ours.draft)
        draft.record["triage"] = {"text": WROTE}
        draft.save(update_fields=["record"])
    return login("camille", (ours, "agent"))


def press(browser: Client, company: Company, topic: str) -> list[str]:
    answer = browser.post(
        reverse("admin:klark_draft_change", args=(company.draft,)), {"press": "topic", "topic": topic}
    )
    return [str(told) for told in get_messages(answer.wsgi_request)]


def examples(company: Company, topic: str) -> list[str]:
    with within(company.tenant):
        return list(Topic.objects.get(key=topic).examples)


def test_the_page_offers_the_tenants_topics(ours: Company, agent: Client) -> None:
    shown = agent.get(reverse("admin:klark_draft_change", args=(ours.draft,))).content.decode()
    assert [key for key in ("workshop", "delivery", "bills") if f'<option value="{key}"' not in shown] == []


def test_a_correction_moves_draft_and_decision_and_is_kept_masked(ours: Company, agent: Client) -> None:
    assert press(agent, ours, "workshop") == ["Noted: this is about “Workshop”, and tickets like it from now on."]
    (kept,) = examples(ours, "workshop")
    assert ("couine" in kept, "Roux" in kept, "example.com" in kept) == (True, False, False)
    with within(ours.tenant):
        assert Draft.objects.get(pk=ours.draft).topic == "workshop"
        assert {*Decision.objects.filter(draft=ours.draft).values_list("topic", flat=True)} == {"workshop"}


def test_a_contract_number_from_a_field_of_the_ticket_is_masked_in_the_example(ours: Company) -> None:
    with within(ours.tenant):
        draft = Draft.objects.get(pk=ours.draft)
    draft.record |= {
        "triage": {"text": "Le vélo du FA-2291 couine"},
        "ticket": {"custom_fields": {"contract": "FA-2291"}},
    }
    assert example_of(draft) == "Le vélo du [FIELD_1] couine"


def test_it_counts_from_the_next_ticket_on(ours: Company, agent: Client) -> None:
    asked = ticket("Depuis hier mon vélo couine affreusement, que faire ?")
    before = topic(asked, ours)
    press(agent, ours, "workshop")
    assert (before, topic(asked, ours)) == ("", "workshop")


def topic(asked: Ticket, ours: Company) -> str:
    return triage(asked, settings_of(ours.tenant).topics, vectors, topic_vectors=topic_vectors).topic


def test_a_second_correction_takes_the_first_back(ours: Company, agent: Client) -> None:
    press(agent, ours, "delivery")
    press(agent, ours, "workshop")
    press(agent, ours, "workshop")
    assert (len(examples(ours, "workshop")), examples(ours, "delivery")) == (1, [])


def test_a_topic_that_is_not_there_changes_nothing_and_says_so(ours: Company, agent: Client) -> None:
    assert press(agent, ours, "nonsense") == ["There is no such topic: choose one of the list."]
    assert examples(ours, "workshop") == []


def test_who_may_not_review_may_not_correct(ours: Company, agent: Client) -> None:
    stranger = login("mallory", (company("birch"), "operator"))
    press(stranger, ours, "workshop")
    assert examples(ours, "workshop") == []


def test_a_topic_keeps_its_newest_examples_cut_to_a_length(ours: Company, agent: Client) -> None:
    with within(ours.tenant):
        Topic.objects.filter(key="workshop").update(examples=[str(number) for number in range(MOST)])
        draft = Draft.objects.get(pk=ours.draft)
        draft.record["triage"] = {"text": "long " * LONGEST}
    correct_topic(draft, "workshop")
    kept = examples(ours, "workshop")
    assert (len(kept), kept[0], len(kept[-1])) == (MOST, "1", LONGEST)
