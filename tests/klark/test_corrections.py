"""An agent corrects a draft's topic, language or priority, and klark learns from it."""

import re
from dataclasses import replace
from functools import partial

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from integrations.helpdesks.base import Ticket
from klark.drafting.tenant_settings import settings_of
from klark.intake.earlier_runs import history
from klark.knowledge.embedding import topic_vectors
from klark.live_reads import Now
from klark.models import AuditDetail, Connection, Correction, Decision, Delivery, Draft, Topic, within
from klark.models.ticket.corrections import LONGEST, MOST, example_of, give_language, note_corrections, note_language
from klark.models.ticket.loaded_event import Loaded
from klark.review import correct_topic
from klark.triage.model import vectors
from klark.triage.triage import triage
from tests.klark import rows
from tests.klark.companies import Company, company, drafted, login
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


def corrected(browser: Client, company: Company, what: str, now: str) -> str:
    answer = browser.post(reverse("admin:klark_draft_change", args=(company.draft,)), {"press": what, what: now})
    return str([*get_messages(answer.wsgi_request)][-1])


def test_a_language_that_is_corrected_is_that_of_the_next_draft_and_of_the_requesters_next_ticket(
    ours: Company, agent: Client
) -> None:
    with within(ours.tenant):
        Draft.objects.filter(pk=ours.draft).update(language="en")
        Decision.objects.filter(draft=ours.draft).update(requester_id="12")
        row, draft = Connection.objects.get(), Draft.objects.get(pk=ours.draft)
    settings = settings_of(ours.tenant)
    again = replace(ticket("OK, Speedlux Pro 20 W"), id=draft.ticket_id)
    later = replace(again, id="another", requester=replace(again.requester, id="12"))
    english = replace(later, comments=ticket("I would like to know whether this lamp can be returned, "
                                             "because it does not fit into my kitchen at all.").comments)  # fmt: skip

    def read(asked: Ticket) -> tuple[str | None, bool]:
        with within(ours.tenant):
            past = history(ours.tenant, row.pk, asked.id, asked.requester.id)
        loaded = Loaded(None, None, row, None, history=past)  # type: ignore[arg-type]  # nothing is read from the desk
        seen = Now(loaded).triage(asked, settings)
        return seen.language, seen.language_corrected

    before = read(again)[1], read(later)[1]
    assert corrected(agent, ours, "language", "xx") == "There is no such language: choose one of the list."
    told = corrected(agent, ours, "language", "fr")
    assert ("this customer writes French" in told, before) == (True, (False, False))
    assert (read(again), read(later), read(english)) == (("fr", True), ("fr", True), ("en", False))
    assert read(replace(later, requester=replace(later.requester, id="13")))[1] is False
    with within(ours.tenant):
        assert list(Correction.objects.values_list("what", "was", "now")) == [("language", "en", "fr")]
    corrected(agent, ours, "language", "ja")  # which the detector does not know
    assert read(english) == ("en", False)
    corrected(agent, ours, "language", "en")
    assert read(later)[1] is False


def test_the_language_of_a_colleagues_answer_counts_and_teaches_nothing(ours: Company, agent: Client) -> None:
    with within(ours.tenant):
        draft = Draft.objects.get(pk=ours.draft)
        note_language(draft, "Votre colis est parti hier et arrivera vendredi matin.")
        assert history(ours.tenant, draft.connection_id, draft.ticket_id, "").corrected_here is None


def test_a_priority_that_is_corrected_is_noted_and_shown(ours: Company, agent: Client) -> None:
    with within(ours.tenant):
        draft = Draft.objects.get(pk=ours.draft)
        draft.record["triage"]["priority"] = "normal"
        draft.save(update_fields=["record"])
    assert corrected(agent, ours, "priority", "soon") == "There is no such priority: choose one of the list."
    told = corrected(agent, ours, "priority", "high")
    assert told.startswith("Noted. It counts for the ticket's place in the queue")
    assert "A priority that you lower is raised again by a sensitive topic, or if the helpdesk raises it later." in told
    with within(ours.tenant):
        assert list(Correction.objects.values_list("what", "was", "now")) == [("priority", "normal", "high")]
        assert AuditDetail.objects.latest("pk").content == {"what": "priority", "before": "normal", "now": "high"}
    shown = agent.get(reverse("admin:klark_draft_change", args=(ours.draft,))).text
    assert ('<option value="high" selected>' in shown, "high priority</summary>" in shown) == (True, True)


def priority_read(ours: Company, asked: Ticket) -> tuple[str, bool]:
    with within(ours.tenant):
        row = Connection.objects.get()
        past = history(ours.tenant, row.pk, asked.id, asked.requester.id)
    seen = Now(Loaded(None, None, row, None, history=past)).triage(asked, settings_of(ours.tenant))  # type: ignore[arg-type]
    return seen.priority, seen.priority_corrected


def test_a_corrected_priority_is_the_place_in_the_queue_and_that_of_the_next_drafts(
    ours: Company, agent: Client
) -> None:
    with within(ours.tenant):
        Decision.objects.filter(draft=ours.draft).update(requester_id="12")
        row, draft = Connection.objects.get(), Draft.objects.get(pk=ours.draft)
        drafted(ours.tenant, row, "birch", ticket_id="102")
    rows.change(Delivery, customer_wrote_at="2026-11-20 08:00:00+00:00")
    rows.change(Delivery, {"pk": ours.delivery}, customer_wrote_at="2026-11-21 08:00:00+00:00")  # the later one
    same, queue = replace(ticket("The lamp is broken"), id=draft.ticket_id), reverse("admin:klark_draft_changelist")
    read = partial(priority_read, ours)

    def first() -> str:
        return re.findall(r"#(\d+) ·", agent.get(queue).content.decode())[0]

    before = first(), read(same)
    corrected(agent, ours, "priority", "urgent")
    assert (before, first(), read(same)) == (("102", ("normal", False)), "41", ("urgent", True))
    assert read(replace(same, id="another", requester=replace(same.requester, id="12"))) == ("normal", False)
    corrected(agent, ours, "priority", "low")
    assert (first(), read(same)) == ("102", ("low", True))


def test_a_lower_priority_that_was_named_silences_no_later_emergency_and_no_later_word_of_the_helpdesk(
    ours: Company, agent: Client
) -> None:
    same = replace(ticket("The lamp is broken"), id="41")
    fire = replace(
        ticket("The lamp caught fire and my child has burns on his hands, we are at the hospital now."), id="41"
    )
    corrected(agent, ours, "priority", "low")
    assert (priority_read(ours, same), priority_read(ours, fire)) == (("low", True), ("urgent", False))
    assert priority_read(ours, replace(same, priority="high")) == ("high", False)
    corrected(agent, ours, "priority", "urgent")
    assert priority_read(ours, replace(same, priority="high")) == ("urgent", True)


def test_a_reviewers_word_against_a_priority_that_the_helpdesk_has_set_stays_until_it_sets_a_higher_one(
    ours: Company, agent: Client
) -> None:
    with within(ours.tenant):
        draft = Draft.objects.get(pk=ours.draft)
        draft.record |= {"triage": {"text": WROTE, "priority": "normal"}}
        draft.save(update_fields=["record"])
        set_there = replace(ticket("The lamp is broken"), id="41", priority="high")
        note_corrections(Connection.objects.get(), set_there)
    corrected(agent, ours, "priority", "normal")
    assert priority_read(ours, set_there) == ("normal", True)
    corrected(agent, ours, "priority", "low")
    assert priority_read(ours, set_there) == ("low", True)
    assert priority_read(ours, replace(set_there, priority="urgent")) == ("urgent", False)


def test_the_language_that_was_named_last_is_the_customers_next(ours: Company) -> None:
    with within(ours.tenant):
        row = Connection.objects.get()
        about = {"tenant_id": ours.tenant, "connection": row, "requester_id": "12"}
        first, second = (rows.draft(row, ticket_id, language="en") for ticket_id in "12")
        for draft in (first, second):
            about |= {"event_id": rows.event(row, draft.ticket_id, key=draft.ticket_id), "ticket_id": draft.ticket_id}
            Decision.objects.create(**about, kind="WAIT", draft=draft)
        for draft, language in ((first, "fr"), (second, "de"), (first, "it")):
            give_language(draft, language)
        assert history(ours.tenant, row.pk, "3", "12").corrected_for_requester == "it"


def test_what_cannot_be_corrected_is_shown_alone(ours: Company, agent: Client) -> None:
    with within(ours.tenant):
        Topic.objects.all().delete()
    shown = agent.get(reverse("admin:klark_draft_change", args=(ours.draft,))).text
    assert ("<span>alder-topic</span>" in shown, 'id="k-topic"' in shown, 'id="k-language"' in shown) == (
        True, False, True)  # fmt: skip
