"""A model writes a drafted article from masked answers; a judge and the checks read it as they read a draft for a ticket."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from klark.gap_articles.drafted import accept, want
from klark.gap_articles.jobs import run_wanted
from klark.models import ArticleRun, Charge, Connection, DraftedArticle, Policy, within
from tests.klark import rows
from tests.klark.assistance.scripted_model import Model, model_of, verdicts
from tests.klark.companies import Company, company
from tests.klark.gap_articles.answered import answered, drafted, kept, run_of, texts, why

pytestmark = pytest.mark.django_db
PRICE, YEAR = "Gift cards of 20 euros are sold in the shop.", "You can use your card for one year in the shop."


@pytest.fixture
def ours() -> Company:
    return company("alder")


@pytest.fixture
def account(ours: Company) -> Connection:
    with within(ours.tenant):
        found = Connection.of(ours.tenant).get()
    answered(found, 51, f"Hello Camille Durand,\n{PRICE}\nYour order 4711 is on its way.")
    answered(found, 52, f"{PRICE}\n{YEAR}", "Can I buy gift cards?")
    return found


@pytest.fixture
def model(ours: Company, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    with model_of(ours, settings, monkeypatch) as one:
        yield one


def said(*sentences: tuple[str, list[str]]) -> dict[str, Any]:
    return {"answerable": True, "sentences": [{"text": text, "cites": cites} for text, cites in sentences]}


def written(account: Connection) -> DraftedArticle:
    row = drafted(account)
    with within(account.tenant_id):
        assert want(row, ArticleRun.Does.WRITE, "camille")
    run_wanted()
    return kept(row)


def test_what_the_answers_bear_out_stands_with_its_tickets_and_the_rest_is_left_out_and_said(
    account: Connection, model: Model
) -> None:
    model.says(
        said(
            ("Gift cards cost 20 euros and are sold in the shop.", ["P1.1", "P2.1"]),
            ("They are sold online as well.", ["P1.1"]),
            ("A card is worth 50 euros.", ["P1.1"]),
            ("Maria Gonzalez keeps them for you at the shop.", ["P1.1"]),
            ("Maria Gonzalez sells them to you at the shop.", ["P1.1"]),
        ),
        verdicts("supported", "not_stated", "supported", "supported", "supported", answered=[True, True]),
    )
    row = written(account)
    assert (run_of(row).trouble, texts(row), row.by_model) == (
        "",
        ["Gift cards cost 20 euros and are sold in the shop."],
        True,
    )
    assert {ticket for _, ticket in row.sentences[0]["tickets"]} == {"51", "52"}
    refused = [each["text"] for each in row.left_out if each["why"] == "refused"]
    assert refused == ["They are sold online as well.", "A card is worth 50 euros."]
    assert ("Gonzalez" in str(row.left_out), why(row)["personal"]) == (False, 4)  # two of them stand in the answers


def test_the_model_reads_nothing_personal_and_is_paid_from_the_budget(account: Connection, model: Model) -> None:
    model.says(said((PRICE, ["P1.1"])), verdicts("supported", answered=[True, True]))
    written(account)
    read = "\n".join(model.asked)
    assert [each in read for each in ("Durand", "4711", "one year in the shop")] == [False, False, True]
    assert rows.count(Charge) == 2


def test_a_model_that_fails_or_may_not_be_asked_leaves_the_quotes_and_says_why(
    account: Connection, model: Model
) -> None:
    model.says({"answerable": True, "sentences": [{"text": "Yes.", "cites": ["P7.1"]}]})
    row = written(account)
    run = run_of(row)
    assert (PRICE in texts(row), row.by_model, "'P7.1'" in run.trouble, run.state) == (True, False, True, "failed")
    rows.change(Policy, budget_day=0)
    assert "budget" in run_of(written(account)).trouble


def test_tickets_are_not_tried_again_while_the_budget_is_spent(account: Connection, model: Model) -> None:
    row = drafted(account)
    row.title = "Gift cards"
    with within(account.tenant_id):
        assert accept(row, "camille")
    rows.change(Policy, budget_day=0)
    run_wanted()
    run = run_of(row)
    assert ("budget is spent" in run.trouble, kept(row).answered, run.state, model.asked) == (True, {}, "failed", [])


def test_without_a_judge_that_counts_only_copies_stand(
    account: Connection, ours: Company, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with model_of(ours, settings, monkeypatch, trusted=False) as model:
        model.says(
            said((PRICE, ["P1.1"]), ("They are on sale at 20 euros.", ["P1.1"])), verdicts("supported", "supported")
        )
        assert texts(written(account)) == [PRICE]
