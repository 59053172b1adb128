"""What is recalled is not lost: not by a second change, not by what becomes of its correction, not by what runs meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from integrations.helpdesks.base import TicketEvent
from integrations.llms.base import Completion, Prompt
from integrations.sandbox.client import Sandbox
from klark import review
from klark.delivery.correction import ask_for_correction
from klark.knowledge.recall import recall, recall_all
from klark.models import Article, Decision, Delivery, Draft, Outcome, Recall, WebhookEvent, within
from klark.models.event import keep
from tests.klark import rows
from tests.klark.companies import company, login
from tests.klark.knowledge.test_recall import LONGER, listed, model, work  # noqa: F401  # a fixture
from tests.klark.modelled import Model, furnished
from tests.klark.rows import ANSWER

pytestmark = pytest.mark.django_db

MONTH = "Delivery to Belgium takes a month."


def answered(sandbox: Sandbox, **rules: str) -> rows.Case:
    """A customer got the answer that stands in the article, or it waits."""
    case = rows.case(sandbox, "zendesk", **rules)
    furnished(case.row.tenant_id)
    rows.event(case.row, case.ticket)
    work()
    return case


def says(case: rows.Case, sentence: str) -> None:
    """The article says something else now, and it was looked what rests on it."""
    rows.article(case.row.tenant_id, html=f"<p>{sentence}</p>")
    recall_all()


def asked(row: Recall) -> bool:
    """Whether a correction was asked for."""
    with within(row.tenant_id):
        return ask_for_correction(row, "lea")


def corrections() -> list[str]:
    """What the corrections that wait say."""
    work()
    with within(rows.get(Recall).tenant_id):
        return [row.text for row in Delivery.objects.filter(corrects=True, state="waiting").order_by("pk")]


def test_an_answer_is_corrected_after_a_second_change_as_after_the_first(sandbox: Sandbox, model: Model) -> None:  # noqa: F811
    case = answered(sandbox)
    says(case, LONGER)
    before = rows.get(Recall)
    assert (asked(before), asked(before)) == (True, False)
    (first,) = corrections()
    says(case, MONTH)
    assert rows.get(Recall).state == "open"
    assert rows.get(Delivery, corrects=True).state == "retired"
    assert rows.count(WebhookEvent, kind="regenerate") == 0
    assert asked(rows.get(Recall))
    (second,) = corrections()
    assert (LONGER in first, MONTH in second) == (True, True)
    assert rows.get(Recall).state == "corrected"


def test_an_answer_is_to_be_decided_again_when_its_correction_comes_to_nothing(sandbox: Sandbox, model: Model) -> None:  # noqa: F811
    case = answered(sandbox)
    says(case, LONGER)
    asked(rows.get(Recall))
    assert len(corrections()) == 1
    waiting = review.Reviewed(rows.get(Delivery, corrects=True).pk, case.row.tenant_id, "lea")
    with pytest.raises(review.Unfit, match="corrects an answer"):
        review.regenerate(waiting, "")
    assert rows.get(Recall).state == "corrected"
    sandbox.comment("zendesk", case.ticket, "And to France?")
    rows.event(case.row, case.ticket)
    assert (corrections(), rows.get(Recall).state) == ([], "open")

    sandbox.change("zendesk", case.ticket, status="closed")
    assert asked(rows.get(Recall))
    assert (corrections(), rows.get(Recall).state) == ([], "open")
    assert rows.get(Decision, event=rows.get(Recall).event_id).reason == "closed"

    sandbox.change("zendesk", case.ticket, status="open")
    assert asked(rows.get(Recall))
    assert len(corrections()) == 1
    review.reject(
        review.Reviewed(rows.get(Delivery, corrects=True, state="waiting").pk, case.row.tenant_id, "lea"), "No"
    )
    assert (corrections(), rows.get(Recall).state) == ([], "corrected")


def test_a_draft_that_was_begun_before_its_article_changed_is_found(
    sandbox: Sandbox,
    model: Model,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case = rows.case(sandbox, mode="queue")
    furnished(case.row.tenant_id)
    complete = model.complete

    def meanwhile(prompt: Prompt) -> Completion:
        if not rows.count(Article, current=False):
            says(case, LONGER)
        return complete(prompt)

    monkeypatch.setattr(model, "complete", meanwhile)
    rows.event(case.row, case.ticket)
    work()
    assert (rows.get(Draft).rests_on, rows.count(Outcome)) == ([rows.get(Article, current=False).pk], 0)
    recall_all()
    assert rows.get(Outcome).kind == "source_changed"


def test_a_reply_that_a_worker_holds_is_looked_at_again(sandbox: Sandbox, model: Model) -> None:  # noqa: F811
    case = answered(sandbox, mode="queue")
    rows.change(Delivery, state="due", lease_until=datetime.now(UTC) + timedelta(minutes=1))
    says(case, LONGER)
    assert rows.count(Outcome) == 0
    rows.expire_lease(Delivery)
    recall_all()
    assert rows.get(Outcome).kind == "source_changed"
    assert rows.count(Article, current=False, recalled=False) == 0


def rested_on(case: rows.Case, answers: int) -> None:
    """So many answers were sent that rest on the article."""
    version = rows.get(Article, current=True, tenant=case.row.tenant_id)
    source = {"article": version.key, "version": version.version, "text": ANSWER}
    for place in range(answers):
        about = rows.draft(case.row, 100 + place, rests_on=[version.pk],
                           sentences=[{"text": ANSWER, "state": "COPIED", "sources": [source]}])  # fmt: skip
        rows.delivery(case.row, 100 + place, draft=about, state="sent")


def test_five_answers_take_as_many_queries_as_one(sandbox: Sandbox) -> None:
    case = rows.case(sandbox)
    agent = login("lea", (type(acme := company("alder"))(**{**acme.__dict__, "tenant": case.row.tenant_id}), "agent"))
    page, taken, shown = reverse("admin:klark_recall_changelist"), [], []
    agent.get(page)
    for answers, sentence in ((1, LONGER), (5, LONGER)):
        rows.delete(Draft)
        rows.article(case.row.tenant_id)
        recall_all()
        rested_on(case, answers)
        rows.article(case.row.tenant_id, html=f"<p>{sentence}</p>")
        with CaptureQueriesContext(connection) as looked:
            recall(case.row.tenant_id)
        assert rows.count(Recall, tenant=case.row.tenant_id) == answers
        with CaptureQueriesContext(connection) as read:
            assert agent.get(page).content.decode().count("Draft a correction") == answers
        taken.append(len(looked))
        shown.append(len(read))
    assert taken[0] == taken[1] <= 25
    assert shown[0] == shown[1]


def test_only_what_the_customer_got_is_listed_and_quoted(sandbox: Sandbox, model: Model) -> None:  # noqa: F811
    case = answered(sandbox)
    rows.change(Delivery, {"kind": "reply"}, text="Delivery to Belgium takes 4 to 6 working days.")
    says(case, LONGER)
    assert listed() == []
    rows.change(Delivery, {"kind": "reply"}, text="Delivery to lovely Belgium takes 3 to 5 working days.")
    says(case, MONTH)
    assert asked(rows.get(Recall))
    (text,) = corrections()
    assert "We need to correct what we wrote to you." in text
    assert (ANSWER in text, MONTH in text) == (False, True)


def test_what_klark_drafts_anew_by_itself_stays_within_the_roll_out(sandbox: Sandbox, model: Model) -> None:  # noqa: F811
    case = answered(sandbox, mode="queue")
    rows.policy(case.row.tenant_id, mode="queue", rollout_percent=0)
    says(case, LONGER)
    work()
    assert rows.get(Outcome).kind == "source_changed"
    assert rows.get(Decision, event__kind="regenerate").reason == "outside_rollout"
    assert rows.count(Delivery, state="waiting") == 0


def test_what_a_customer_writes_is_not_taken_for_the_correction_that_is_due(sandbox: Sandbox, model: Model) -> None:  # noqa: F811
    case = answered(sandbox)
    says(case, LONGER)
    asked(rows.get(Recall))
    with within(case.row.tenant_id):
        assert keep(case.row, TicketEvent(str(case.ticket)), WebhookEvent.Origin.WEBHOOK)
    work()
    assert rows.get(WebhookEvent, kind="correction").seen_at is None
