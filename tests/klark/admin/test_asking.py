"""The page "Ask klark": a question under any version of the policy, and what klark would do, why, and at what cost."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from integrations.errors import TryLater
from klark.admin.queue.assisting import RECORDED
from klark.assistance import no_assistance
from klark.demo.model_server import NAME
from klark.models import AuditEntry, Decision, Delivery, Draft, PastTicket, Policy, WebhookEvent, within
from klark.stopping import stop
from tests.klark import rows
from tests.klark.admin.test_gaps import PERSON, asked
from tests.klark.companies import login
from tests.klark.modelled import Model, answering, furnished, with_model
from tests.klark.rows import ANSWER, ASKED

pytestmark = pytest.mark.django_db
ASK = reverse("admin:klark_ask")


@pytest.fixture
def tenant_id() -> int:
    """One whose policy lets klark answer by itself, and once only noted."""
    tenant_id = rows.tenant(mode="note")
    rows.article(tenant_id, url="https://help.acme.example/delivery")
    rows.policy(tenant_id, mode="reply", price_in="1", price_out="1")
    return tenant_id


@pytest.fixture
def lead(tenant_id: int) -> Client:
    return login("lead", (type("Of", (), {"tenant": tenant_id}), "lead"))  # type: ignore[arg-type]  # its id is enough


@pytest.fixture
def model(tenant_id: int, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Model:
    made = answering(monkeypatch, settings)
    furnished(tenant_id)
    return made


def version(tenant_id: int, number: int) -> int:
    with within(tenant_id):
        return Policy.of(tenant_id).get(version=number).pk


def ask(lead: Client, language: str = "en", **given: Any) -> str:
    answer = lead.post(ASK, {"text": ASKED, **given}, headers={"accept-language": language})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_an_answer_stands_there_with_its_sources_its_reason_and_its_cost(lead: Client, model: Model) -> None:
    model.cost = Decimal("0.25")
    shown = ask(lead)
    for words in ("klark would send this reply to the customer by itself.", "answered and supported", ANSWER, "v2",
                  '<a class="k-link" href="https://help.acme.example/delivery"', "word for word", "0.2500 EUR"):  # fmt: skip
        assert words in shown, words
    assert "klark enverrait lui-même cette réponse au client." in ask(lead, "fr")


def test_another_version_of_the_policy_decides_otherwise(lead: Client, model: Model, tenant_id: int) -> None:
    shown = ask(lead, version=version(tenant_id, 1))
    assert ["internal note" in shown, "v1" in shown] == [True, True]


def test_beside_the_topic_stands_what_the_version_lets_klark_do_with_it(
    lead: Client, model: Model, tenant_id: int
) -> None:
    for number, mode in ((1, "note"), (2, "reply")):
        shown = lead.post(ASK, {"text": ASKED, "version": version(tenant_id, number)})
        assert shown.context["answer"]["mode"] == Policy.Mode(mode).label


def test_nothing_is_stored_or_written_but_that_it_was_asked(lead: Client, model: Model) -> None:
    ask(lead)
    assert [rows.count(each) for each in (WebhookEvent, Decision, Draft, Delivery, PastTicket)] == [0] * 5
    assert rows.get(AuditEntry, act="asked").who == "lead"


def test_a_spent_budget_is_told_and_no_old_version_opens_it_again(lead: Client, model: Model, tenant_id: int) -> None:
    rows.policy(tenant_id, mode="reply", budget_day=1)
    rows.spend(tenant_id, 2)
    for number in (3, 1):
        assert "The budget for models is spent" in ask(lead, version=version(tenant_id, number))
    assert model.asked == []


def test_a_model_that_is_away_is_told(
    lead: Client, tenant_id: int, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    with_model(monkeypatch, settings, Model(TryLater("The model's server does not answer.")))
    said, folded = ask(lead).split('<details class="k-small"', 1)
    assert "if it stays so, tell the operator" in said
    assert ("The model&#x27;s server does not answer." in said, "server does not answer." in folded) == (False, True)


def test_while_two_are_helped_or_klark_is_stopped_the_question_is_kept_in_its_box(lead: Client, tenant_id: int) -> None:
    with no_assistance.place(), no_assistance.place():
        busy = ask(lead)
    stop(tenant_id, "lea")
    for shown, why in ((busy, "Ask again in some seconds"), (ask(lead), "until somebody releases it")):
        assert (why in shown, f"{ASKED}</textarea>" in shown) == (True, True)
    assert rows.count(AuditEntry, act="asked") == 0


def test_an_empty_question_and_a_version_of_nobodys_are_told_beside_the_box(lead: Client) -> None:
    assert "This field is required." in ask(lead, text=" ")
    assert "Select a valid choice." in ask(lead, version=0)


def test_what_customers_asked_lately_can_be_pressed_one_of_each_topic_and_none_that_names_anybody(
    lead: Client, model: Model, tenant_id: int
) -> None:
    account = rows.connection(tenant_id)
    told = (("Where is my parcel?", "delivery"), (ASKED, "delivery"), ("Is a sale final?", "returns"),
            (f"Does {PERSON['name']} owe anything?", "payment"))  # fmt: skip
    for number, (text, topic) in enumerate(told):
        asked(account, number, text, topic=topic, reason="ready")
    asked(account, 9, "Do you ship to the moon?", topic="other")
    rows.change(Decision, kind="REPLY")
    offered = re.findall(r'name="text" value="([^"]*)"', lead.get(ASK).content.decode())
    assert offered == ["Is a sale final?", ASKED]
    assert ANSWER in ask(lead, text=offered[1])


def test_the_demos_page_says_that_its_model_knows_the_script_alone(lead: Client, settings: Settings) -> None:
    settings.KLARK_MODE, settings.KLARK_MODEL_NAME = "demo", NAME
    assert RECORDED == NAME
    shown = " ".join(lead.get(ASK).content.decode().split())
    assert ("This is the demo" in shown, "the questions below" in shown) == (True, "Or press a question" in shown)
    settings.KLARK_MODEL_NAME = "other"
    assert "This is the demo" not in " ".join(lead.get(ASK).content.decode().split())
