"""A backtest of a connected helpdesk: the very pipeline, on tickets as they were, with no way to write."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from integrations.errors import Refused, TryLater
from integrations.helpdesks.base import Write
from integrations.sandbox.client import DeskName, Sandbox
from integrations.sandbox.records import BRAND_ID
from klark.context.ticket_history import keep_history
from klark.evidence.backtests.closed_on_desk import reader
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import (
    Article,
    Connection,
    Decision,
    Delivery,
    Draft,
    KeptCompletion,
    PastTicket,
    Topic,
    WebhookEvent,
    within,
)
from klark.values.own_comments import OwnComments
from tests.klark import rows
from tests.klark.modelled import Model, answering, furnished
from tests.klark.rows import ASKED, DESKS
from tests.klark.said import ALEX, CAMILLE, comment, ticket

pytestmark = pytest.mark.django_db

ASKER = {"name": "Camille Durand", "email": "camille.durand@example.org"}
REPLIED = "<p>Delivery to Belgium takes 9 working days.</p>"
BRANDS = {"zendesk": str(BRAND_ID), "freshdesk": None}


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Model:
    return answering(monkeypatch, settings)


def account(sandbox: Sandbox, desk: DeskName, **rules: Any) -> Connection:
    sandbox.settings(incremental_lag_s=1)
    row = rows.connection(rows.tenant(**rules), desk, sandbox)
    rows.article(row.tenant_id)
    return row


def closed(sandbox: Sandbox, desk: DeskName, reply: str = REPLIED, **more: Any) -> int:
    """A closed ticket that an agent answered."""
    number = sandbox.ticket(desk, subject="Delivery", body=ASKED, requester=ASKER, webhook=False)
    if reply:
        sandbox.comment(desk, number, reply, by="agent", webhook=False)
    sandbox.change(desk, number, webhook=False, **{"status": "closed", **more})
    return number


def backtest(row: Connection, folder: Path, *more: str) -> dict[str, Any]:
    """The report."""
    since = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    call_command("backtest", "--connection", str(row.pk), "--since", since, "--out", str(folder), *more)
    read: dict[str, Any] = json.loads((folder / "report.json").read_text())
    return read


@pytest.mark.parametrize("desk", DESKS)
def test_a_closed_ticket_is_answered_anew_and_compared_and_nothing_is_written(
    sandbox: Sandbox, desk: DeskName, model: Model, tmp_path: Path
) -> None:
    row = account(sandbox, desk)
    furnished(row.tenant_id)
    number = closed(sandbox, desk)
    (one,) = backtest(row, tmp_path)["tickets"]
    assert (one["id"], one["decision"], one["verdict"]) == (str(number), "REPLY", "wrong")
    assert (one["asked"], one["agent_answer"]) == (ASKED, "Delivery to Belgium takes 9 working days.")
    assert one["contradicting"] == [["3 working days", "9 working days"]]
    assert sandbox.writes() == []
    assert [rows.count(kind) for kind in (WebhookEvent, Decision, Draft, Delivery, PastTicket)] == [0] * 5


@pytest.mark.parametrize("desk", DESKS)
def test_the_desk_that_a_backtest_reads_refuses_every_write(sandbox: Sandbox, desk: DeskName) -> None:
    row = account(sandbox, desk)
    opened = reader(row)
    fetched = opened.fetch(str(sandbox.ticket(desk, body=ASKED, webhook=False)))  # one that can be written to
    before = len(sandbox.writes())
    with pytest.raises(Refused):
        opened.write(fetched, Write("marker", public=True, html="<p>Hello</p>", text="Hello"))
    assert len(sandbox.writes()) == before


def remembered(row: Connection, number: str, said: str, days: float) -> None:
    """A ticket of Camille's like this one, which Alex answered so many days from now."""
    when = datetime.now(UTC) + timedelta(days=days)
    talk = (
        comment(1, CAMILLE, ASKED, created_at=when - timedelta(hours=1)),
        comment(2, ALEX, f"Delivery to Belgium takes {said} as a rule.", created_at=when),
    )
    one = ticket(*talk, subject="Delivery", status="closed", brand_id=BRANDS[row.helpdesk], requester=CAMILLE)
    keep_history(row, replace(one, id=number), NOBODY)


NOBODY = OwnComments(frozenset())
PLANTED = ("zebra", "quagga", "walrus", "otter", "heron", "badger", "lynx")
"""What only somebody who knows the end can know: in a later article, also of klark's own, a later answer, this ticket's own
memory, the CRM, a note and a tag."""


@pytest.mark.parametrize("desk", DESKS)
def test_an_answer_that_only_the_future_knows_is_not_found(
    sandbox: Sandbox, desk: DeskName, model: Model, tmp_path: Path
) -> None:
    row = account(sandbox, desk, colleague_days=30, crm={"helpdesk": {"Delivery to Belgium": "user.speed"}})
    sandbox.person(desk, ASKER["email"], {"speed": "heron"})
    number = closed(sandbox, desk, tags=["lynx"])
    sandbox.comment(desk, number, "<p>A badger brings it.</p>", by="agent", public=False, webhook=False)
    remembered(row, str(number), "one otter", 0.1)
    remembered(row, "901", "one walrus", 0.1)
    remembered(row, "902", "one gannet", -20)
    later = NewArticle("new", "Delivery to Belgium", "<p>A zebra brings it.</p>", "en", created_at=datetime.now(UTC))
    with within(row.tenant_id):
        ingest(row.tenant_id, "a source", later)
        ingest(row.tenant_id, "manual", replace(later, body_html="<p>A quagga brings it.</p>", created_at=None))
        Topic.objects.create(
            tenant_id=row.tenant_id, key="ferry", name="Ferry", examples=[ASKED]
        )  # by this very ticket
        Topic.objects.create(tenant_id=row.tenant_id, key="delivery", name="Delivery")
    furnished(row.tenant_id)
    report = backtest(row, tmp_path)
    read = "\n".join(prompt.system + prompt.user for prompt in (*model.asked, *model.judged))
    assert [word for word in PLANTED if word in read or word in json.dumps(report["tickets"])] == []
    assert "gannet" in read  # what a colleague had answered by then is there
    assert (report["tickets"][0]["topic"], report["articles"]) == ("delivery", {"all": 3, "undated": 0, "later": 2})


def test_an_article_that_was_edited_later_stays_and_is_marked_and_the_figures_are_given_both_ways(
    sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    row = account(sandbox, "zendesk")
    with within(row.tenant_id):
        Article.of(row.tenant_id).update(updated_at=datetime.now(UTC) + timedelta(days=2))
    furnished(row.tenant_id)
    closed(sandbox, "zendesk")
    report = backtest(row, tmp_path)
    (one,) = report["tickets"]
    assert (len(one["edited_later"]), one["verdict"]) == (1, "wrong")
    assert [report["figures"][name]["tickets"] for name in ("all", "without_edited_later")] == [1, 0]


def test_a_ticket_is_answered_on_its_own_day(sandbox: Sandbox, model: Model, tmp_path: Path) -> None:
    row = account(sandbox, "zendesk")
    closed(sandbox, "zendesk")
    (one,) = backtest(row, tmp_path)["tickets"]
    day = datetime.fromisoformat(one["created_at"])
    assert f"Today is {day:%A %Y-%m-%d}" in model.asked[0].system


def test_what_is_not_to_be_compared_is_counted_and_what_is_not_closed_left_out(
    sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    row = account(sandbox, "zendesk")
    closed(sandbox, "zendesk", reply="<p>Called her, all fine.</p>")
    closed(sandbox, "zendesk", reply="")
    closed(sandbox, "zendesk", reply="<p>La livraison en Belgique prend trois à cinq jours ouvrés.</p>")
    closed(sandbox, "zendesk", status="open")
    target = closed(sandbox, "zendesk")
    merged = closed(sandbox, "zendesk", status="open")
    sandbox.change("zendesk", merged, merged_into=target, webhook=False)
    sandbox.change("zendesk", closed(sandbox, "zendesk"), deleted=True, webhook=False)
    report = backtest(row, tmp_path)
    assert report["left_out"] == {"deleted": 1, "merged": 1, "open": 1}
    every = report["figures"]["all"]
    assert (every["tickets"], every["not_compared"]) == (4, {"by_phone": 1, "no_reply": 1, "other_language": 1})


def test_nothing_of_a_ticket_that_the_policy_excludes_is_in_the_report(
    sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    row = account(sandbox, "zendesk", excluded_tags=["staff"])
    closed(sandbox, "zendesk", reply="<p>Ask the otter.</p>", tags=["staff"])
    closed(sandbox, "zendesk")
    report = backtest(row, tmp_path)
    assert (report["left_out"], len(report["tickets"]), "otter" in json.dumps(report)) == ({"excluded": 1}, 1, False)


def test_a_model_that_was_away_is_told_and_asked_again(sandbox: Sandbox, model: Model, tmp_path: Path) -> None:
    row = account(sandbox, "zendesk")
    closed(sandbox, "zendesk")
    answer, model.answer = model.answer, TryLater("The model is away.")
    assert backtest(row, tmp_path)["figures"]["model_silent"] == 1
    assert "On 1 ticket the model gave nothing usable." in (tmp_path / "report.html").read_text()
    model.answer = answer
    again = backtest(row, tmp_path)
    assert (again["figures"]["model_silent"], again["tickets"][0]["draft"] != "") == (0, True)


def test_another_policy_or_another_model_is_tried_where_the_command_names_it(
    sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    row = account(sandbox, "zendesk", minutes_saved=4)
    rows.policy(row.tenant_id, mode="note")
    furnished(row.tenant_id)
    closed(sandbox, "zendesk", reply="<p>3 working days.</p>")
    usual, sent = backtest(row, tmp_path / "usual"), backtest(row, tmp_path / "sent", "--policy", "1")
    assert [(one["policy"], one["tickets"][0]["decision"]) for one in (usual, sent)] == [(2, "NOTE"), (1, "REPLY")]
    quoted = backtest(row, tmp_path / "none", "--llm", "none")
    assert (quoted["model"], quoted["judge"], len(model.asked)) == ("none", "none", 1)
    other = backtest(row, tmp_path / "other", "--llm", "another-model")
    assert (other["model"], len(model.asked)) == ("api.openai.com another-model", 2)
    with pytest.raises(CommandError, match="has no version 7"):
        backtest(row, tmp_path / "no", "--policy", "7")


def test_it_ends_at_the_limit(sandbox: Sandbox, model: Model, tmp_path: Path) -> None:
    row = account(sandbox, "zendesk")
    for _ in range(3):
        closed(sandbox, "zendesk")
    assert len(backtest(row, tmp_path, "--limit", "2")["tickets"]) == 2


def test_run_again_no_model_is_asked_and_every_byte_is_the_same(sandbox: Sandbox, model: Model, tmp_path: Path) -> None:
    row = account(sandbox, "zendesk")
    closed(sandbox, "zendesk")
    backtest(row, tmp_path)
    first, asked = kept(tmp_path), len(model.asked)
    rows.delete(KeptCompletion)
    backtest(row, tmp_path)
    assert (kept(tmp_path), len(model.asked), asked) == (first, 1, 1)


def test_nobody_else_reads_its_files_even_in_a_folder_that_is_open_to_all(
    sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)
    row = account(sandbox, "zendesk")
    closed(sandbox, "zendesk")
    backtest(row, tmp_path)
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_spent_budget_ends_it_in_plain_words_and_leaves_no_report(
    sandbox: Sandbox, model: Model, tmp_path: Path
) -> None:
    row = account(sandbox, "zendesk", budget_day=0)
    closed(sandbox, "zendesk")
    with pytest.raises(CommandError, match="The budget is spent"):
        backtest(row, tmp_path)
    assert not (tmp_path / "report.json").exists()


@pytest.mark.parametrize("desk", DESKS)
def test_a_desk_that_cannot_be_read_ends_it_in_plain_words(
    sandbox: Sandbox, desk: DeskName, model: Model, tmp_path: Path
) -> None:
    row = account(sandbox, desk)
    closed(sandbox, desk)
    sandbox.credentials(desk, ["another"])
    with pytest.raises(CommandError, match="The helpdesk cannot be read now"):
        backtest(row, tmp_path)
    assert not (tmp_path / "report.json").exists()


def test_without_a_closed_ticket_there_is_no_report(sandbox: Sandbox, model: Model, tmp_path: Path) -> None:
    row = account(sandbox, "zendesk")
    closed(sandbox, "zendesk", status="open")
    with pytest.raises(CommandError, match=r"There is no closed ticket to try: 1 open\."):
        backtest(row, tmp_path)
    assert not (tmp_path / "report.json").exists()
