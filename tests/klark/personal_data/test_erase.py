"""A person's data is found, given out and erased, whatever table it stands in."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.utils import timezone

from integrations.helpdesks.base import Comment, Person, Ticket
from klark.delivery.record import storable
from klark.models import (
    Aftermath,
    ArticleRun,
    BacktestedTicket,
    BacktestRun,
    Connection,
    Correction,
    Decision,
    Delivery,
    Draft,
    DraftedArticle,
    Judgement,
    KeptCompletion,
    Outcome,
    PastTicket,
    Presence,
    Recall,
    RegressionResult,
    RegressionRun,
    Tenant,
    Topic,
    WebhookEvent,
    within,
)
from klark.models.database.security import owned_models
from klark.models.ticket.corrections import learned_from
from klark.personal_data.content import CONTENT, DELETED
from klark.personal_data.erase import erase
from klark.personal_data.export import export
from tests.klark import rows
from tests.klark.personal_data.dump import dump

pytestmark = pytest.mark.django_db

ADDRESS, NAME, SAID = "zephyrine@quillfeather.example", "Zephyrine Quillfeather", "my tandem unicycle squeaks"
MASKED = f"[NAME_1] wrote that {SAID}"
PLANTED = (ADDRESS, "quillfeather", SAID, "unicycle")
BOTH, ADDED, COUNTED = "Oil every chain.", "Come by.", {"why": "personal", "count": 2}
THEM = Person("77", NAME, ADDRESS, "customer")
OTHER = Person("78", "Camille Durand", "camille@example.org", "customer")


def left() -> list[str]:
    whole = dump()
    return [word for word in PLANTED if word.casefold() in whole]


def ticket_of(requester: Person, number: str, text: str = f"Hello, {SAID}. {NAME}", **more: Any) -> Ticket:
    comment = Comment("1", requester, "", text, public=True, from_customer=True)
    return Ticket(number, f"Help: {text[:40]}", requester, (comment,), **more)


@dataclass(frozen=True)
class Planted:
    row: Connection
    draft: Draft
    delivery: int

    @property
    def tenant(self) -> int:
        return self.row.tenant_id


def draft_of(row: Connection, ticket: Ticket, **record: Any) -> Draft:
    made = {"ticket": asdict(ticket), "triage": {"text": ticket.comments[0].body_text}, **record}
    return rows.draft(row, ticket.id, requester=ticket.requester.name, record=storable(made))


@pytest.fixture
def planted() -> Planted:
    """Everything that a run, a reviewer and a lead leave of a person's ticket 41."""
    row = rows.connection(rows.tenant())
    ticket = ticket_of(THEM, "41")
    draft = draft_of(row, ticket, answer={"user": SAID, "raw": SAID})
    delivery = rows.delivery(row, 41, draft=draft, text=f"Dear {NAME}", state="waiting", trouble=SAID)
    event = rows.event(row, 41, state="done", raw=json.dumps({"from": ADDRESS, "text": SAID}).encode(), trouble=SAID)
    own = {"tenant_id": row.tenant_id}
    work = {**own, "connection": row, "ticket_id": "41"}
    with within(row.tenant_id):
        Draft.objects.update(
            subject=SAID, reply_text=SAID, sentences=[{"text": SAID}], findings=[{"words": NAME}], instruction=SAID
        )
        Delivery.objects.update(changes={"fields": {"1": ADDRESS}}, tags=["unicycle"])
        Outcome.objects.create(**own, draft=draft, kind="edited", reason=SAID, text=f"Dear {NAME}")
        Aftermath.objects.create(**own, draft=draft, satisfaction="bad", is_over=True)
        Decision.objects.create(
            **work, draft=draft, event_id=event, kind="WAIT", reason="x", words=SAID, requester_id="77"
        )
        KeptCompletion.objects.create(**work, digest="a", content={"text": SAID}, raw=SAID, model="m", cost=3)
        KeptCompletion.objects.create(**own, digest="b", content={"text": SAID}, raw=SAID, model="m", cost=4)
        PastTicket.objects.create(
            **work, requester_id="77", requester_email=ADDRESS, subject=SAID, asked=f"{NAME} wrote that {SAID}",
            answered=SAID, masked_asked=SAID, masked_answered=SAID, stems=["unicycle"],
        )  # fmt: skip
        backtest = BacktestRun.objects.create(**own, connection=row, since=timezone.now(), limit=1)
        BacktestedTicket.objects.create(**work, run=backtest, found={"requester": ADDRESS, "asked": SAID})
        tried = RegressionRun.objects.create(**own)
        RegressionResult.objects.create(**own, run=tried, draft=draft, verdict="wrong", found={"text": SAID})
        of_41, of_50 = ([str(row.pk), number] for number in ("41", "50"))
        DraftedArticle.objects.create(
            **own, title="Bikes", state="accepted", asked=[f"Why does {SAID}?"], tickets=[[*of_41, draft.pk], [*of_50, 9]],
            sentences=[
                {"text": f"Oil it where {SAID}.", "tickets": [of_41]}, {"text": BOTH, "tickets": [of_41, of_50]},
                {"text": ADDED, "tickets": []},
            ],
            left_out=[{"why": "disagree", "text": SAID, "values": [[SAID, 1]], "tickets": [of_41]}, COUNTED],
        )  # fmt: skip
        Topic.objects.create(**own, key="bikes", name="Bikes", examples=[MASKED, "The chain is loose"])
    return Planted(row, draft, delivery)


def test_every_column_that_can_hold_words_is_content_or_is_known_not_to_be() -> None:
    """A new column of a table about tickets needs a line in CONTENT, or here."""
    plain = {
        WebhookEvent: {"ticket_id", "state", "origin", "key"},
        Decision: {"ticket_id", "kind", "reason", "language", "topic"},
        Draft: {"ticket_id", "turn", "language", "topic", "model"},
        Delivery: {
            "ticket_id", "kind", "state", "seen", "assignee_seen", "stamp", "comment_id", "asked", "taken_by", "snoozed_by",
        },
        Outcome: {"kind", "by", "verdict"},
        Aftermath: {"agent_verdict"},
        KeptCompletion: {"ticket_id", "digest", "model"},
        BacktestedTicket: {"ticket_id", "left_out"},
        RegressionResult: {"verdict", "decision"},
        PastTicket: {"ticket_id", "brand", "language"},
    }  # fmt: skip
    wordy = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
    found = {
        model: {field.name for field in model._meta.concrete_fields if isinstance(field, wordy)} - set(columns)
        for model, columns in CONTENT.items()
    }
    assert found == plain


def test_every_table_with_tickets_is_among_those_that_are_erased() -> None:
    about = {model for model in owned_models() if any(field.name == "ticket_id" for field in model._meta.fields)}
    hanging = {model for model in owned_models() if any(field.name == "draft" for field in model._meta.fields)}
    # Right or wrong, of which topic or priority, and who said so; who had a draft's page open; what articles say: nothing of the
    # customer's.
    wordless = {Correction, Judgement, Presence, Recall}
    assert (about | hanging) - wordless == set(CONTENT)


def test_what_was_planted_is_there_before(planted: Planted) -> None:
    assert left() == list(PLANTED)


def test_nothing_of_a_person_is_left_in_the_whole_database(planted: Planted) -> None:
    erase(planted.tenant, ADDRESS.upper())
    assert left() == []


def test_how_they_rated_the_help_is_given_out_and_erased_with_the_rest(planted: Planted) -> None:
    with within(planted.tenant):
        given = json.loads(export(Tenant.objects.get(pk=planted.tenant), ADDRESS))
    rated = [row["satisfaction"] for ticket in given["tickets"] for row in ticket["rows"]["Aftermath"]]
    erase(planted.tenant, ADDRESS)
    assert (rated, rows.get(Aftermath).satisfaction, rows.get(Aftermath).is_over) == (["bad"], "", True)


def test_what_was_decided_stays_as_numbers(planted: Planted) -> None:
    erase(planted.tenant, ADDRESS)
    with within(planted.tenant):
        costs = sorted(KeptCompletion.objects.values_list("cost", flat=True))
    decision = rows.get(Decision)
    assert (decision.kind, decision.ticket_id, costs, rows.get(Outcome).kind) == ("WAIT", "41", [3, 4], "edited")
    assert rows.get(Topic).examples == ["The chain is loose"]


def test_an_article_drafted_from_their_ticket_keeps_what_others_and_the_lead_said(planted: Planted) -> None:
    with within(planted.tenant):
        ArticleRun.objects.create(
            tenant_id=planted.tenant, article=DraftedArticle.objects.get(), does="write", state="running"
        )
    erase(planted.tenant, ADDRESS)
    assert rows.count(ArticleRun) == 0  # what a model writes just now would bring it back
    row, of_50 = rows.get(DraftedArticle), [str(planted.row.pk), "50"]
    assert row.sentences == [{"text": BOTH, "tickets": [of_50]}, {"text": ADDED, "tickets": []}]
    assert (row.title, row.asked, row.tickets, row.left_out) == ("Bikes", [], [[*of_50, 9]], [COUNTED])


@pytest.mark.parametrize("held", ["tickets", "sentences", "left_out"])
def test_an_article_is_known_by_each_place_that_names_their_ticket(planted: Planted, held: str) -> None:
    for place in {"tickets", "sentences", "left_out"} - {held}:
        rows.change(DraftedArticle, **{place: []})
    erase(planted.tenant, ADDRESS)
    assert left() == []


def test_how_many_rows_of_each_table_were_erased_is_told(planted: Planted) -> None:
    counts = erase(planted.tenant, ADDRESS)
    assert counts == {
        WebhookEvent: 1, Decision: 1, Draft: 1, Delivery: 1, Outcome: 1, Aftermath: 1, KeptCompletion: 2, PastTicket: 1, Topic: 1,
        BacktestedTicket: 1, RegressionResult: 1, DraftedArticle: 1,
    }  # fmt: skip
    assert erase(planted.tenant, ADDRESS).total() == 0


def test_a_draft_that_waited_is_not_sent_and_a_person_learns_of_its_ticket(planted: Planted) -> None:
    erase(planted.tenant, ADDRESS)
    event = rows.get(WebhookEvent, kind="regenerate")
    assert rows.get(Delivery).state == "retired"
    assert (event.ticket_id, event.state, event.trouble) == ("41", "parked", DELETED)
    assert rows.get(Draft).live is False


def test_a_write_that_may_have_landed_is_left_for_a_person_to_look_for(planted: Planted) -> None:
    rows.change(Delivery, state="sending", sending_at=planted.draft.created_at)
    erase(planted.tenant, ADDRESS)
    assert (rows.get(Delivery).state, rows.get(Draft).live) == ("parked", True)
    assert rows.count(WebhookEvent, kind="regenerate") == 0


def test_an_event_that_was_to_be_answered_is_left_to_a_person(planted: Planted) -> None:
    pk = rows.event(planted.row, 41)
    erase(planted.tenant, ADDRESS)
    assert (rows.get(WebhookEvent, pk=pk).state, rows.get(WebhookEvent, pk=pk).trouble) == ("parked", DELETED)


def test_a_backtest_that_has_read_their_ticket_loses_its_hold_and_begins_it_again(planted: Planted) -> None:
    rows.change(BacktestRun, state="running", runner=uuid4(), running_until=timezone.now() + timedelta(minutes=5))
    erase(planted.tenant, ADDRESS)
    run = rows.get(BacktestRun)
    assert (run.state, run.runner, run.running_until) == ("running", None, None)


def test_what_is_parked_still_says_why_after_a_second_erasure(planted: Planted) -> None:
    parked = rows.event(planted.row, 41, state="parked", trouble=SAID)
    for expected in (True, False):
        assert bool(erase(planted.tenant, ADDRESS).total()) is expected
    troubles = {rows.get(WebhookEvent, pk=pk).trouble for pk in (parked, rows.get(WebhookEvent, kind="regenerate").pk)}
    assert (troubles, rows.get(Delivery).trouble) == ({DELETED}, DELETED)


def test_a_ticket_without_a_draft_is_known_by_the_address_in_memory(planted: Planted) -> None:
    event = rows.event(planted.row, 42, state="done", raw=SAID.encode())
    with within(planted.tenant):
        Decision.objects.create(
            tenant_id=planted.tenant, connection=planted.row, ticket_id="42", event_id=event, kind="SKIP",
            reason="not_for_us", words=SAID, requester_id="77", record={"triage": {"text": SAID}},
        )  # fmt: skip
    rows.delete(Draft)
    erase(planted.tenant, ADDRESS)
    assert left() == []


def test_tickets_that_got_neither_a_draft_nor_a_memory_are_known_by_the_decisions_record(planted: Planted) -> None:
    for ticket, record in (("42", {"ticket": {"requester": {"id": "77", "email": ADDRESS.title()}}}), ("43", {})):
        event = rows.event(planted.row, ticket, state="done", raw=SAID.encode())
        with within(planted.tenant):
            Decision.objects.create(
                tenant_id=planted.tenant, connection=planted.row, ticket_id=ticket, event_id=event, kind="SKIP",
                reason="thanks", requester_id="77", record={**record, "triage": {"text": SAID}},
            )  # fmt: skip
    rows.delete(Draft)
    rows.delete(PastTicket)
    erase(planted.tenant, ADDRESS)
    assert rows.count(Decision, record={}, requester_id="") == 3


def test_a_draft_that_was_told_of_their_ticket_is_made_anew_without_it(planted: Planted) -> None:
    recalled = {"alike": [{"ticket_id": "41", "asked": SAID, "answered": SAID, "answered_at": None}]}
    draft = draft_of(planted.row, ticket_of(OTHER, "50", "Where is it?"), memory=recalled)
    rows.delivery(planted.row, 50, draft=draft, text=SAID, state="waiting")
    erase(planted.tenant, ADDRESS)
    event = rows.get(WebhookEvent, ticket_id="50")
    assert (left(), event.kind, event.state, event.trouble) == ([], "regenerate", "due", "")


def test_a_reply_that_was_sent_is_not_made_anew_because_its_tag_is_still_to_be_taken_away(planted: Planted) -> None:
    recalled = {"alike": [{"ticket_id": "41", "asked": SAID, "answered": SAID, "answered_at": None}]}
    draft = draft_of(planted.row, ticket_of(OTHER, "50", "Where is it?"), memory=recalled)
    rows.delivery(planted.row, 50, draft=draft, text=SAID, state="sent")
    rows.delivery(planted.row, 50, draft=draft, kind="tag", text="")
    erase(planted.tenant, ADDRESS)
    assert rows.count(WebhookEvent, ticket_id="50") == 0
    assert rows.get(Delivery, ticket_id="50", kind="tag").state == "due"


def test_another_persons_ticket_stays_as_it_was(planted: Planted) -> None:
    longer = replace(OTHER, email=f"jo.{ADDRESS}")
    before = draft_of(planted.row, ticket_of(longer, "50", "Where is it?")).record
    delivery = rows.delivery(planted.row, 50, draft=rows.get(Draft, ticket_id="50"), state="waiting")
    erase(planted.tenant, ADDRESS)
    assert (rows.get(Draft, ticket_id="50").record, rows.get(Delivery, pk=delivery).state) == (before, "waiting")


def test_the_same_ticket_number_at_another_account_is_another_ticket(planted: Planted) -> None:
    there = rows.connection(planted.tenant, "freshdesk")
    draft_of(there, ticket_of(OTHER, "41", "Where is it?"))
    erase(planted.tenant, ADDRESS)
    assert rows.get(Draft, connection=there).requester == "Camille Durand"


def test_a_ticket_on_which_they_are_in_copy_is_erased_too(planted: Planted) -> None:
    draft_of(planted.row, ticket_of(OTHER, "51", f"We two ask: {SAID}", cc=(THEM,)))
    erase(planted.tenant, ADDRESS)
    assert left() == []


def test_another_tenants_rows_are_not_touched(planted: Planted) -> None:
    theirs = rows.connection(rows.tenant("globex"))
    draft_of(theirs, ticket_of(THEM, "41"))
    erase(planted.tenant, ADDRESS)
    assert rows.get(Draft, tenant_id=theirs.tenant_id).requester == NAME


@pytest.mark.parametrize(
    ("example", "learned"),
    [
        (f"Hello, {SAID}. [NAME_1]", True), (f"Hello, {SAID}. [NA", True), (f"Hello, {SAID}. [NAME_", True),
        ("[NAME_1] tandem", True), ("squeaks tandem", False), ("The chain is loose", False),
    ],
)  # fmt: skip
def test_an_example_is_known_by_what_stands_between_its_tokens(example: str, learned: bool) -> None:
    assert learned_from(example, f"Hello, {SAID}. {NAME}") is learned


def test_the_command_asks_once_and_prints_a_count_for_each_table(
    planted: Planted, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builtins.input", lambda _: "no")
    with pytest.raises(CommandError):
        call_command("erase", requester=ADDRESS)
    assert left() == list(PLANTED)
    call_command("erase", requester=ADDRESS, yes=True)
    told = capsys.readouterr().out
    assert (left(), "drafts" in told, "completions" in told) == ([], True, True)


def test_without_a_terminal_nothing_is_erased_and_it_is_said_what_confirms(
    planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(""))
    with pytest.raises(CommandError, match="--yes"):
        call_command("erase", requester=ADDRESS)
    assert left() == list(PLANTED)


def test_the_command_export_writes_everything_into_one_file(planted: Planted, tmp_path: Any) -> None:
    draft_of(planted.row, ticket_of(OTHER, "51", "Both of us", cc=(THEM,)))
    file = tmp_path / "theirs.json"
    call_command("export", requester=ADDRESS, output=str(file))
    told = json.loads(file.read_text("utf-8"))
    assert [(one["ticket"], one["asked_by_them"]) for one in told["tickets"]] == [("41", True), ("51", False)]
    first = told["tickets"][0]["rows"]
    assert {name for name, some in first.items() if some} == {model.__name__ for model in (*CONTENT, DraftedArticle)}
    assert first["DraftedArticle"][0]["said"] == [f"Oil it where {SAID}.", BOTH, SAID]
    assert json.loads(first["WebhookEvent"][0]["raw"]) == {"from": ADDRESS, "text": SAID}
    assert (first["Draft"][0]["requester"], first["PastTicket"][0]["answered"]) == (NAME, SAID)


def test_of_somebody_unknown_nothing_is_told_and_nothing_erased(
    planted: Planted, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("export", requester="nobody@example.org")
    out, complaint = capsys.readouterr()
    assert (json.loads(out)["tickets"], "is spelt" in complaint) == ([], True)
    call_command("erase", requester="nobody@example.org", yes=True)
    assert (left(), "is spelt" in capsys.readouterr().out) == (list(PLANTED), True)


@pytest.mark.parametrize("command", ["export", "erase"])
def test_what_is_no_address_is_refused(planted: Planted, command: str) -> None:
    """An empty one, or a word, would stand on every ticket."""
    for wrong in ("", " ", "a", "@", "example.org"):
        with pytest.raises(CommandError):
            call_command(command, requester=wrong, yes=True) if command == "erase" else call_command(
                command, requester=wrong
            )
    assert left() == list(PLANTED)
