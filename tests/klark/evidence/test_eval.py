"""`manage.py eval`: the drafts that people corrected are tried again, with one model or several, over real HTTP."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from klark import pipeline
from klark.connections import circuit_breaker
from klark.evidence.regression.cases import cases_of
from klark.management.commands.eval import _short
from klark.models import Connection, Delivery, Draft, Judgement, KeptCompletion, Outcome, WebhookEvent, within
from klark.personal_data.erase import erase
from klark.review import Reviewed, approve, reject
from tests.klark import rows
from tests.klark.billing import BillingServer, billing, body_of, content_of
from tests.klark.modelled import embedded, with_meaning
from tests.klark.rows import ANSWER, ASKED

pytestmark = pytest.mark.django_db

RIGHT = "Delivery to Belgium takes 9 working days."
ASKER = {"name": "Camille Durand", "email": "camille.durand@example.org"}
SAYS: Mapping[str, Mapping[str, Any]] = {
    "now": {"text": ANSWER, "cites": ["P1.1"]}, "better": {"text": RIGHT, "cites": ["P1.2"]},
}  # fmt: skip


class Models(BillingServer):
    """A server with two models, "now" and "better"; it knows no other."""

    @property
    def rules(self) -> dict[str, Any]:
        return {**super().rules, "model_name": "now"}

    def serve(self, raw: bytes) -> tuple[str, int, bytes]:
        request = json.loads(raw)
        self.requests += 1
        if self.faults:
            return "", int(self.faults.popleft()), b"{}"
        if request["model"] not in SAYS:
            return "", 404, b"{}"
        said = dict(content_of(request))
        if "sentences" in said:
            said["sentences"] = [SAYS[request["model"]]]
        return "", 200, body_of(json.dumps(said), "", (1000, 100))


@pytest.fixture
def models(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Models]:
    settings.KLARK_PRIVATE_HOSTS = ("127.0.0.1",)
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    monkeypatch.setattr(circuit_breaker, "RESTS", circuit_breaker.OpenCircuits())
    with_meaning(monkeypatch)
    with billing(Models("10", "20")) as one:
        yield one  # type: ignore[misc]


@pytest.fixture
def desk(sandbox: Sandbox, models: Models) -> Connection:
    """A tenant whose drafts wait, and whose model is "now"."""
    tenant = rows.tenant(mode="queue", **models.rules)
    rows.article(tenant, html=f"<p>{ANSWER}</p><p>In December it is slower. {RIGHT}</p>")
    embedded(tenant)
    return rows.connection(tenant, "zendesk", sandbox)


def ask(sandbox: Sandbox, desk: Connection, body: str = ASKED) -> tuple[int, Draft]:
    """A ticket, and klark's draft for it."""
    number = sandbox.ticket("zendesk", subject="Delivery", body=body, requester=ASKER)
    look(desk, number)
    return number, rows.get(Draft, ticket_id=str(number))


def look(desk: Connection, number: int) -> None:
    rows.event(desk, number)
    rows.make_due(WebhookEvent)
    pipeline.answer(rows.claim())


def under_review(draft: Draft) -> Reviewed:
    return Reviewed(rows.get(Delivery, draft=draft, kind="reply").pk, draft.tenant_id, "alex")


def edited(sandbox: Sandbox, desk: Connection, text: str = RIGHT) -> Draft:
    _, draft = ask(sandbox, desk)
    approve(under_review(draft), text, overrule="I asked.")
    rows.change(Delivery, {"draft": draft, "kind": "reply"}, state="sent", sending_at=datetime.now(UTC))
    return draft


def rejected(sandbox: Sandbox, desk: Connection) -> Draft:
    _, draft = ask(sandbox, desk)
    reject(under_review(draft), "It is December.")
    return draft


def handed_over(sandbox: Sandbox, desk: Connection, said: str = RIGHT) -> Draft:
    """A ticket that klark handed over, and that an agent answered."""
    number, draft = ask(sandbox, desk, f"I want to speak to a human being, please. {ASKED}")
    rows.change(Delivery, {"draft": draft, "kind": "handover"}, state="sent", comment_id="1")
    sandbox.comment("zendesk", number, f"<p>{said}</p>", by="agent", webhook=False)
    look(desk, number)
    return draft


def run(*words: Any) -> dict[str, Any]:
    out = StringIO()
    call_command("eval", *map(str, words), "--json", stdout=out, stderr=StringIO())
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


def table(*words: Any) -> str:
    out = StringIO()
    call_command("eval", *map(str, words), stdout=out, stderr=StringIO())
    return " ".join(out.getvalue().split())


def test_what_a_draft_lacks_is_named_as_missing() -> None:
    lacks = {"verdict": "incomplete", "decision": "WAIT", "why": "", "contradicting": (), "missing": ("It is slower.",)}
    assert _short(lacks) == "incomplete WAIT: missing: “It is slower.”"


def refused(*words: Any) -> str:
    with pytest.raises(CommandError) as told:
        call_command("eval", *map(str, words), stdout=StringIO(), stderr=StringIO())
    return str(told.value)


def hits(report: Mapping[str, Any], model: str) -> dict[str, int]:
    found = {
        name: one["hits"] for name, one in report["models"][model].items() if isinstance(one, dict) and "hits" in one
    }
    return {name: count for name, count in found.items() if count}


def test_what_people_corrected_is_tried_with_two_models_and_the_table_says_which_is_right(
    sandbox: Sandbox, desk: Connection, models: Models, tmp_path: Path
) -> None:
    made = [edited(sandbox, desk), rejected(sandbox, desk), handed_over(sandbox, desk)]
    approve(under_review(ask(sandbox, desk)[1]))  # who approves a draft as it is corrects nothing
    before, kept = models.requests, rows.count(KeptCompletion)
    report = run("--llm", "now", "--llm", "better", "--llm", "none", "--out", tmp_path, "--prices", "better", 100, 200)
    assert {each["draft"]: each["corrected"] for each in report["tried"]} == {
        made[0].pk: "edited", made[1].pk: "rejected", made[2].pk: "handed_over"
    }  # fmt: skip
    assert hits(report, "now") == {"wrong": 2, "handed_over": 1, "held": 2}
    assert hits(report, "better") == {"right": 1, "not_compared": 1, "handed_over": 1, "held": 2}
    assert [report["models"][name]["cost"] for name in ("now", "better", "none")] == [
        "0.048000",
        "0.480000",
        "0.000000",
    ]
    assert report["models"]["better"]["seconds"]["of"] == 2
    assert json.loads((tmp_path / "eval.json").read_text()) == report
    assert [rows.count(each) for each in (Draft, Outcome)] == [4, 3] and sandbox.writes() == []
    asked = models.requests
    assert (asked > before, rows.count(KeptCompletion) > kept) == (True, True)
    again = run(
        "--llm", "better", "--prices", "better", 100, 200
    )  # nothing is asked twice, and times are those of then
    assert (again["models"]["better"], models.requests) == (report["models"]["better"], asked)
    shown = table("--llm", "now", "--llm", "better")
    assert "33 % (1 of 3; 6 to 79 %)" in shown and "“9 working days”" in shown


def test_it_says_in_plain_words_what_keeps_it_from_a_comparison(
    sandbox: Sandbox, desk: Connection, models: Models
) -> None:
    assert "Acme has no case yet. A case is a draft that somebody edited" in refused()
    draft = edited(sandbox, desk)
    assert "--llm huge: the model's server knows no such model" in refused("--llm", "huge")
    assert "--llm now: the model's server is busy" in refused_after(models, "429")
    assert "there is no --llm other" in refused("--prices", "other", 1, 2)
    assert "takes two amounts" in refused("--llm", "better", "--prices", "better", "cheap", 2)
    assert "has no version 9" in refused("--policy", 9)
    rows.policy(desk.tenant_id, mode="reply", budget_day=0, **models.rules | {"model_name": "better"})
    assert "The budget is spent." in refused()
    assert hits(run("--llm", "none", "--policy", 1), "none") == {"right": 1, "held": 1}
    erase(desk.tenant_id, ASKER["email"])
    assert "has no case yet" in refused()
    assert rows.get(Draft).pk == draft.pk


def refused_after(models: Models, *faults: str) -> str:
    """What is said where the model's server fails, until it answers again: then what it had answered is not asked again."""
    models.faults.extend(faults * 4)
    rows.delete(KeptCompletion)
    said = refused()
    models.faults.clear()
    circuit_breaker.RESTS.until.clear()
    return said


def test_a_case_needs_a_persons_word_and_an_answer_that_is_surely_meant(sandbox: Sandbox, desk: Connection) -> None:
    def cases() -> dict[int, str]:
        with within(desk.tenant_id):
            return {each.draft_id: each.corrected for each in cases_of(desk.tenant_id)}

    draft = handed_over(sandbox, desk)
    assert cases() == {draft.pk: "handed_over"}
    sandbox.comment("zendesk", int(draft.ticket_id), "<p>You are welcome.</p>", by="agent", webhook=False)
    look(desk, int(draft.ticket_id))
    assert cases() == {}  # the answer that klark knows of is not the first one
    _, sent = ask(sandbox, desk)
    rows.change(Delivery, {"draft": sent, "kind": "reply"}, state="sent", sending_at=datetime.now(UTC))
    with within(desk.tenant_id):
        said = Judgement.objects.create(tenant_id=desk.tenant_id, draft=sent, via="audit", verdict="wrong")
    assert cases() == {}  # that is klark's own reading of a review
    rows.change(Judgement, {"pk": said.pk}, by="camille")
    assert cases() == {sent.pk: "judged_wrong"}
    assert (hits(run("--llm", "now"), "now"), hits(run("--llm", "better"), "better")) == (
        {"wrong": 1, "held": 1}, {"not_compared": 1, "held": 1}
    )  # fmt: skip
