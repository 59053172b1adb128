"""An article changes, and what was answered from it is found: what was sent is listed, what waits is drafted anew."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.knowledge.changed_sentences import severity, successor
from klark.knowledge.recall import recall_all
from klark.models import Article, Connection, Decision, Delivery, Draft, Outcome, Recall, WebhookEvent, within
from klark.personal_data.erase import erase
from tests.klark import rows
from tests.klark.companies import company, login
from tests.klark.modelled import Model, answering, embedded, furnished
from tests.klark.rows import ANSWER
from tests.klark.said import completion

pytestmark = pytest.mark.django_db

LONGER = "Delivery to Belgium takes 5 to 7 working days."


@pytest.mark.parametrize(("old", "new", "said"), [
    (ANSWER, LONGER, "FIGURES"),
    ("Delivery to Belgium takes 3 working days.", "Delivery to Belgium takes three working days.", "WORDING"),
    ("You can return a lamp.", "You cannot return a lamp.", "FIGURES"),
    ("Vous pouvez rendre une lampe.", "Vous ne pouvez pas rendre une lampe.", "FIGURES"),
    ("The shop closes on 24 December.", "The shop closes on 23 December.", "FIGURES"),
    ("Returns are free.", "Returns cost nothing.", "WORDING"),
    ("Returns are free.", "", "GONE"),
])  # fmt: skip
def test_a_changed_figure_or_negation_weighs_more_than_other_words(old: str, new: str, said: str) -> None:
    assert severity(old, new, "fr" if "Vous" in old else "en").name == said


def test_the_new_wording_is_the_sentence_that_is_most_like_the_old_one() -> None:
    assert successor(ANSWER, ["Returns are free.", LONGER]) == LONGER
    assert successor(ANSWER, ["Returns are free."]) == ""


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Model:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    return answering(monkeypatch, settings)


def work() -> None:
    rows.make_due(WebhookEvent)
    rows.make_due(Delivery)
    tasks.work.run()


def listed(*words: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("recall", "--json", *words, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_an_answer_whose_article_changed_is_listed_once_and_corrected_by_a_person(
    sandbox: Sandbox, model: Model
) -> None:
    case = rows.case(sandbox, "zendesk")
    tenant = case.row.tenant_id
    rows.article(tenant, "Returns", "<p>Returns are free.</p>")
    furnished(tenant)
    rows.event(case.row, case.ticket)
    work()
    assert (case.decision(), listed()) == (("REPLY", "ready"), [])
    draft = rows.get(Draft)

    rows.article(tenant, html=f"<p>Since May all is better.</p><p>{ANSWER}</p>")  # it stands elsewhere in the article
    assert listed() == []
    rows.article(tenant, "Delivery times", f"<p>{LONGER}</p>")
    (one,) = listed()
    assert one == {
        "draft": draft.pk, "ticket": str(case.ticket), "connection": str(case.row.pk), "severity": "figures", "state": "open",
        "sentences": [{"article": "Delivery times", "old": ANSWER, "new": LONGER, "severity": "figures"}],
    }  # fmt: skip
    recall_all()
    assert (rows.count(Recall), len(listed())) == (1, 1)

    acme = company("alder")
    agent, stranger = login("camille", (acme, "agent")), login("viewer", (acme, "viewer"))
    page = reverse("admin:klark_recall_changelist")
    recall = rows.get(Recall, tenant=tenant)
    assert LONGER not in agent.get(page).content.decode()
    assert "alder so" in agent.get(page).content.decode()
    assert stranger.get(page).status_code == 403
    press = reverse("admin:klark_recall_act", args=(recall.pk, "correct"))
    assert agent.post(press).status_code == 404

    owner = login("lead", (type(acme)(**{**acme.__dict__, "tenant": tenant}), "agent"))
    shown = owner.get(page).content.decode()
    assert all(words in shown for words in (ANSWER, LONGER, "No correction needed", "Draft a correction"))
    sandbox.change("zendesk", case.ticket, status="solved")
    rows.change(Connection, active=False)
    assert "Draft a correction" not in owner.get(page).content.decode()
    assert owner.post(press, follow=True).content.decode().count("connection of its ticket is switched off") == 2
    rows.change(Connection, active=True)
    pressed = owner.post(press, follow=True).content.decode()
    assert f'href="?shown=all#recall-{recall.pk}">See the correction</a>' in pressed
    under_way = "Everything is decided; 1 correction is under way."
    assert under_way in pressed
    assert owner.post(press, follow=True).content.decode().count("A correction is there already") == 1
    work()
    correction = rows.get(Draft, turn__startswith="correction:")
    waiting = rows.get(Delivery, draft=correction)
    assert (rows.get(Decision, draft=correction).reason, waiting.state, waiting.kind) == (
        "correction",
        "waiting",
        "reply",
    )
    assert [each["text"] for each in correction.sentences] == [
        f"We need to correct what we wrote to you: “{ANSWER}”",
        LONGER,
    ]
    assert correction.sentences[1]["state"] == "COPIED"
    assert {each["id"] for each in correction.findings} & {"klark.G101", "klark.G153", "klark.G154"} == set()
    assert len(case.by_klark) == 1
    assert "The correction" in owner.get(page, {"shown": "all"}).content.decode()
    assert under_way in owner.get(page).content.decode()

    owner.post(reverse("admin:klark_draft_change", args=(correction.pk,)), {"press": "approve", "text": waiting.text})
    rows.change(Delivery, due_at="2020-01-01T00:00:00Z")
    work()
    assert [LONGER in each["text"] for each in case.by_klark] == [False, True]
    assert "Everything is decided. Nothing to do here." in owner.get(page).content.decode()
    assert [each["draft"] for each in listed("--all", "--tenant", "acme")] == [draft.pk]
    erase(tenant, draft.record["ticket"]["requester"]["email"])
    assert rows.count(Recall, tenant=tenant) == 0


def test_what_a_person_decided_holds_until_the_article_changes_again(sandbox: Sandbox, model: Model) -> None:
    case = rows.case(sandbox, "freshdesk")
    tenant = case.row.tenant_id
    furnished(tenant)
    rows.event(case.row, case.ticket)
    work()
    with within(tenant):
        Article.of(tenant).update(current=False, gone=True)  # as when its source no longer has it
    (gone,) = listed()
    assert (gone["severity"], gone["sentences"][0]["new"]) == ("gone", "")
    rows.change(Recall, state="needless")
    rows.article(tenant)
    assert listed("--all")[0]["state"] == "needless"
    rows.article(tenant, html="<p>Delivery to Belgium takes a month.</p>")
    (again,) = listed()
    assert (again["severity"], again["sentences"][0]["new"]) == ("figures", "Delivery to Belgium takes a month.")
    rows.article(tenant, html=f"<p>{ANSWER}</p>")
    assert listed() == []
    rows.article(tenant, html="<p>Delivery to Belgium takes a month.</p>")
    assert len(listed()) == 1
    rows.change(Draft, sentences=[], reply_text="", record={})
    login("camille", (company("alder"), "agent")).get(reverse("admin:klark_recall_changelist"))


def test_a_draft_that_waits_is_drafted_anew(sandbox: Sandbox, model: Model) -> None:
    case = rows.case(sandbox, "freshdesk", mode="queue")
    furnished(case.row.tenant_id)
    rows.event(case.row, case.ticket)
    work()
    first = rows.get(Draft)
    model.answer = completion((LONGER, ["P1.1"]))
    rows.article(case.row.tenant_id, html=f"<p>{LONGER}</p>")
    embedded(case.row.tenant_id)
    tasks.look_what_rests.run()
    work()
    assert rows.get(Outcome).kind == "source_changed"
    old, new = (rows.get(Delivery, draft=draft) for draft in (first, rows.get(Draft, live=True)))
    assert (old.state, new.state, LONGER in new.text) == ("retired", "waiting", True)
    assert listed() == []
