"""The helpdesk's own fields, from a sandbox's records to a reply that rests on them, its evidence and its page."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from integrations.sandbox.client import DeskName, Sandbox
from klark import pipeline
from klark.models import Decision, Delivery, Draft
from tests.klark import rows
from tests.klark.companies import company, login
from tests.klark.modelled import Model, furnished, with_meaning, with_model
from tests.klark.rows import DESKS
from tests.klark.said import completion

pytestmark = pytest.mark.django_db

EMAIL = "camille.durand@example.org"
ASKER = {"name": "Camille Durand", "email": EMAIL}
CRM = {"helpdesk": {"Contract runs until": "organization.until:date", "Account manager": "user.manager"}}
SAID = "Your contract runs until 2027-01-01."


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Model:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    with_meaning(monkeypatch)
    return with_model(monkeypatch, settings, Model(completion((SAID, ["P2.2"]))))


def thought(sandbox: Sandbox, desk: DeskName, **ticket: Any) -> Draft:
    """A ticket of somebody whose fields are filled in, answered; the draft."""
    tenant_id = rows.tenant(crm=CRM)
    rows.article(tenant_id, "Contracts", "<p>How long a contract runs stands on its first page.</p>")
    furnished(tenant_id)
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
    sandbox: Sandbox, desk: DeskName, model: Model
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
    for (prompt,) in (model.asked, model.judged):
        assert ("2027-01-01" in prompt.user, "paule.roux" in prompt.user, "never" in prompt.user) == (
            True,
            False,
            False,
        )


def test_the_evidence_says_which_passage_is_the_requesters_own(sandbox: Sandbox, model: Model) -> None:
    record = thought(sandbox, "zendesk").record
    assert [one["personal"] for one in record["passages"]] == [False, True]


@pytest.mark.parametrize(("desk", "kind"), [("zendesk", "REPLY"), ("freshdesk", "WAIT")])
def test_it_goes_out_by_itself_to_a_requester_whom_the_desk_vouches_for(
    sandbox: Sandbox, desk: DeskName, kind: str, model: Model
) -> None:
    thought(sandbox, desk)
    assert rows.get(Decision).kind == kind


def test_without_a_model_no_line_of_the_card_is_quoted(sandbox: Sandbox, model: Model, settings: Settings) -> None:
    settings.KLARK_MODEL_NAME = ""
    draft = thought(sandbox, "zendesk")
    assert (rows.get(Decision).kind, "2027" in draft.reply_text) == ("NOTE", False)
    assert "Contract runs until: 2027-01-01 (acme.zendesk.com, organization field)" in rows.get(Delivery).text


def test_nobody_in_copy_reads_them(sandbox: Sandbox, model: Model) -> None:
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
