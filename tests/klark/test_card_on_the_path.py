"""The helpdesk's own fields, from a sandbox's records to a reply that rests on them, its evidence and its page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from integrations.llms import LLMS
from integrations.sandbox.client import DeskName, Sandbox
from klark import pipeline
from klark.models import Decision, Draft
from klark.steps import retrieve
from tests.klark import rows
from tests.klark.companies import company, login
from tests.klark.rows import DESKS
from tests.klark.said import Drafter, completion

pytestmark = pytest.mark.django_db

EMAIL = "camille.durand@example.org"
ASKER = {"name": "Camille Durand", "email": EMAIL}
CRM = {"helpdesk": {"Contract runs until": "organization.until:date", "Account manager": "user.manager"}}
SAID = "Your contract runs until 2027-01-01."


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Drafter:
    drafter = Drafter(completion((SAID, ["P2.2"])))
    settings.KLARK_MODEL_NAME = "invented-model"
    monkeypatch.setitem(LLMS, "openai", lambda account: drafter)  # type: ignore[misc, arg-type]  # a drafter of our own
    monkeypatch.setattr("klark.bell.ring", lambda: None)
    return drafter


def thought(sandbox: Sandbox, desk: DeskName, **ticket: Any) -> Draft:
    """A ticket of somebody whose fields are filled in, answered; the draft."""
    tenant_id = rows.tenant(crm=CRM)
    rows.article(tenant_id, "Contracts", "<p>How long a contract runs stands on its first page.</p>")
    sandbox.person(desk, EMAIL, {"manager": "paule.roux@example.org", "secret": "never"},
                   {"name": "Acme", "fields": {"until": "2027-01-01"}})  # fmt: skip
    number = sandbox.ticket(desk, subject="Contract", body="How long does my contract run?", requester=ASKER, **ticket)
    rows.event(rows.connection(tenant_id, desk, sandbox), number)
    rows.make_due(rows.WebhookEvent)
    pipeline.answer(rows.claim())
    draft: Draft = rows.get(Draft)
    return draft


@pytest.mark.parametrize("desk", DESKS)
def test_a_reply_to_the_requester_may_rest_on_the_desks_own_fields(
    sandbox: Sandbox, desk: DeskName, model: Drafter
) -> None:
    draft = thought(sandbox, desk)
    host = f"acme.{desk}.com"
    assert [tuple(value for _, value in sorted(fact.items())) for fact in draft.record["card"]] == [
        ("text", "Account manager", "user", host, "paule.roux@example.org"),
        ("date", "Contract runs until", "organization", host, "2027-01-01"),
    ]
    (sentence,) = draft.sentences
    assert (sentence["text"], sentence["state"], sentence["sources"][0]["text"]) == (
        SAID, "SUPPORTED", "Contract runs until: 2027-01-01.",
    )  # fmt: skip
    assert ("paule.roux" in model.asked[0].user, "never" in model.asked[0].user) == (False, False)


def test_the_evidence_says_which_passage_is_the_requesters_own_and_that_the_draft_rests_on_it(
    sandbox: Sandbox, model: Drafter
) -> None:
    record = thought(sandbox, "zendesk").record
    assert [one["personal"] for one in record["passages"]] == [False, True]
    assert record["case"]["personal"]


def test_a_card_does_not_switch_off_that_no_article_answers(
    sandbox: Sandbox, model: Drafter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieve.Ranking, "chance", 0.01)
    model.answer = completion(("How long a contract runs stands on its first page.", ["P1.1"]))
    draft = thought(sandbox, "zendesk")
    assert (len(model.asked), draft.record["case"]["personal"], draft.record["answerable"]) == (1, False, 0.01)
    assert (rows.get(Decision).kind, rows.get(Decision).reason) == ("ESCALATE", "not_answerable")


def test_nobody_in_copy_reads_them(sandbox: Sandbox, model: Drafter) -> None:
    draft = thought(sandbox, "zendesk", cc=["otto.lind@example.com"])
    assert (draft.record["card"], "2027" in draft.reply_text) == ([], False)


@pytest.mark.parametrize(("language", "told"), [
    ("en", ("yes", "acme.zendesk.com, user field")), ("fr", ("oui", "acme.zendesk.com, champ de l&#x27;utilisateur")),
])  # fmt: skip
def test_the_draft_s_page_says_whose_field_it_is_in_the_readers_language(language: str, told: tuple[str, str]) -> None:
    ours = company("alder")
    fact = {"name": "Priority", "value": "yes", "kind": "flag", "source": "acme.zendesk.com", "origin": "user"}
    older = {"name": "Order", "value": "1204", "kind": "text", "source": "crm.example"}
    rows.change(Draft, {"pk": ours.draft}, record={"card": [fact, older]})
    agent: Client = login("camille", (ours, "agent"))
    shown = agent.get(reverse("admin:klark_draft_change", args=(ours.draft,)), headers={"Accept-Language": language})
    page = shown.content.decode()
    value, source = told
    assert f'<dd dir="auto">{value} <span class="k-small">{source}</span></dd>' in page
    assert '<dd dir="auto">1204 <span class="k-small">crm.example</span></dd>' in page
