"""A thread summed up: by a model whose points are judged, and without one by quoting."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from klark.assistance import no_assistance
from klark.assistance.quoted_summary import quotes_of
from klark.assistance.recorded_turn import recorded_turn
from klark.assistance.thread import messages_of
from klark.models import EVERY_TENANT, AuditEntry, Charge, Draft, within
from klark.stopping import stop
from tests.integrations.model_server import failed
from tests.klark import rows
from tests.klark.api.program import Program
from tests.klark.assistance.scripted_model import Model, model_of, record_ticket, verdicts
from tests.klark.assistance.threads import Thread, threads
from tests.klark.companies import Company, login

pytestmark = pytest.mark.django_db
LAMP = threads()[0]
POINTS = [
    {"kind": "asked", "text": "Jane Carver wants her Orbit lamp replaced.", "cites": ["P1.2"]},
    {"kind": "promised", "text": "The new lamp arrives by 8 December.", "cites": ["P4"]},
    {"kind": "promised", "text": "The new lamp arrives by 9 December.", "cites": ["P4"]},
    {"kind": "done", "text": "Support has refunded the lamp.", "cites": ["P4.2"]},
    {"kind": "open", "text": "Must the old lamp go back?", "cites": ["P9.1"]},
    {"kind": "open", "text": "Who pays for the postage?", "cites": ["P5.3", "P5.2"]},
]
WORDS = ("supported", "supported", "supported", "not_stated", "supported", "supported")


@pytest.fixture
def model(ours: Company, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    record_ticket(ours, LAMP.ticket)
    with model_of(ours, settings, monkeypatch) as one:
        yield one


@pytest.fixture
def program(ours: Company) -> Program:
    return Program(ours.tenant, ["assist"])


def summary(program: Program, ours: Company, **body: Any) -> Any:
    return program.post(f"drafts/{ours.draft}/summary", body)


@pytest.mark.parametrize("thread", threads(), ids=lambda thread: f"{thread.language} {thread.messages[0][1][:20]}")
def test_without_a_model_the_sentences_that_matter_are_quoted(thread: Thread) -> None:
    quoted = [(each.kind, each.text) for each in quotes_of(thread.turn, messages_of(thread.ticket))]
    wanted = [(kind, words) for kind, some in thread.expect.items() for words in some]
    assert [(kind, words) for kind, words in wanted if not any(k == kind and words in t for k, t in quoted)] == []
    assert len(quoted) <= len(wanted) + 1


def test_each_point_rests_on_its_messages_and_what_they_do_not_say_is_left_out(
    program: Program, ours: Company, model: Model
) -> None:
    model.says({"points": POINTS}, verdicts(*WORDS))
    shown = summary(program, ours, language="en").json()
    assert [(each["kind"], each["text"], each["state"], each["messages"]) for each in shown["points"]] == [
        ("asked", "Jane Carver wants her Orbit lamp replaced.", "SUPPORTED", [{"number": 1, "id": "101"}]),
        ("promised", "The new lamp arrives by 8 December.", "SUPPORTED", [{"number": 4, "id": "104"}]),
        ("open", "Who pays for the postage?", "SUPPORTED", [{"number": 5, "id": "105"}]),
    ]
    assert [(each["text"], each["why"]) for each in shown["dropped"]] == [
        ("The new lamp arrives by 9 December.", "other_values"),
        ("Support has refunded the lamp.", "not_supported"),
        ("Must the old lamp go back?", "no_source"),
    ]
    assert (shown["quoted"], shown["trouble"], shown["whole"]) == (False, "", True)


def test_the_model_reads_the_thread_masked_and_the_same_thread_is_paid_for_once(
    program: Program, ours: Company, model: Model
) -> None:
    masked = [{**POINTS[0], "text": "[NAME_1] wants her lamp replaced."}]
    model.says({"points": masked}, verdicts("supported"))
    first = summary(program, ours).json()
    assert (summary(program, ours).json(), len(model.asked)) == (first, 2)
    assert [words for each in model.asked for words in ("Jane", "Carver") if words in each] == []
    with within(ours.tenant):
        charged = Charge.of(ours.tenant)
        assert dict(charged.values_list("purpose").annotate(Sum("cost"))) == dict.fromkeys(
            ("assist", "judge"), Decimal("0.0012")
        )
        seen = AuditEntry.of(ours.tenant).filter(act="saw").values_list("who", flat=True)
        assert list(seen) == ["token night shift"] * 2


def test_what_no_judge_has_confirmed_is_marked(
    program: Program, ours: Company, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_ticket(ours, LAMP.ticket)
    with model_of(ours, settings, monkeypatch, trusted=False) as model:
        model.says({"points": POINTS[1:2]}, verdicts("supported"))
        shown = summary(program, ours).json()
    assert ([each["state"] for each in shown["points"]], shown["whole"]) == (["UNJUDGED"], None)


def test_while_the_model_is_away_the_thread_is_quoted_and_the_answer_says_why(
    program: Program, ours: Company, model: Model
) -> None:
    model.server.script[:] = [failed(503)]
    shown = summary(program, ours).json()
    assert (shown["quoted"], "status 503" in shown["trouble"]) == (True, True)
    assert [each["text"] for each in shown["points"] if each["kind"] == "promised"] == ["It will arrive by 8 December."]


@pytest.mark.parametrize(
    ("kept", "says"), [(LAMP.messages[:4], "has 4 messages"), ((), "does not keep any more")], ids=["short", "erased"]
)
def test_a_thread_that_cannot_be_summed_up_is_refused_in_plain_words(
    program: Program, ours: Company, kept: list[tuple[str, str]], says: str
) -> None:
    record_ticket(ours, Thread("en", kept, {}).ticket)
    refused = summary(program, ours)
    assert (refused.status_code, says in refused.json()["detail"]) == (422, True)


def test_while_klark_is_stopped_nobody_is_helped(program: Program, ours: Company) -> None:
    record_ticket(ours, LAMP.ticket)
    stop(ours.tenant, "lea")
    assert "stopped" in summary(program, ours).json()["detail"]


def test_a_record_of_an_older_klark_is_refused_in_plain_words(program: Program, ours: Company) -> None:
    record_ticket(ours, LAMP.ticket)
    with within(ours.tenant):
        draft = Draft.objects.get(pk=ours.draft)
        draft.record["ticket"]["kept_by_an_older_klark"] = True
        draft.save()
    refused = summary(program, ours)
    assert (refused.status_code, "draft it again first" in refused.json()["detail"]) == (422, True)


def test_another_tenants_stop_stops_no_help_for_whoever_sees_both(ours: Company) -> None:
    record_ticket(ours, LAMP.ticket)
    stop(rows.tenant("other"), "lea")
    with within(EVERY_TENANT):
        assert recorded_turn(Draft.objects.get(pk=ours.draft)).tenant_id == ours.tenant


def test_more_than_so_many_at_a_time_are_told_to_wait(program: Program, ours: Company) -> None:
    record_ticket(ours, LAMP.ticket)
    with no_assistance.place(), no_assistance.place():
        refused = summary(program, ours)
    assert (refused.status_code, refused["retry-after"]) == (429, "10")
    assert summary(program, ours).status_code == 200


@pytest.mark.parametrize("scope", ["read", "act", "ask", "knowledge"])
def test_another_scope_helps_with_nothing(ours: Company, scope: str) -> None:
    assert Program(ours.tenant, [scope]).post(f"drafts/{ours.draft}/summary").status_code == 403


# On the draft's page


def pressed(browser: Client, ours: Company, **typed: str) -> Any:
    return browser.post(reverse("admin:klark_draft_assist", args=(ours.draft,)), typed)


def test_the_page_offers_a_summary_of_a_long_thread_and_shows_it_when_asked(ours: Company, model: Model) -> None:
    agent = login("camille", (ours, "agent"))
    page = agent.get(reverse("admin:klark_draft_change", args=(ours.draft,))).content.decode()
    assert ('value="summary"' in page, len(model.asked)) == (True, 0)
    model.says({"points": POINTS}, verdicts(*WORDS, answered=[False]))
    shown = pressed(agent, ours, help="summary").content.decode()
    told = ["<h3>Asked</h3>", 'href="#k-message-4"', "3 sentences left out", "its message does not say so", "doubts"]
    assert [words for words in told if words not in shown] == []


def test_the_page_of_a_short_thread_offers_none(ours: Company) -> None:
    page = login("camille", (ours, "agent")).get(reverse("admin:klark_draft_change", args=(ours.draft,)))
    assert 'value="summary"' not in page.content.decode()


def test_in_french_the_page_says_why_sentences_are_only_quoted(ours: Company) -> None:
    record_ticket(ours, LAMP.ticket)
    agent = login("camille", (ours, "agent"))
    agent.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    shown = pressed(agent, ours, help="summary").content.decode()
    assert [words for words in ("Demandé", "Phrases du fil", "aucun n") if words not in shown] == []


def test_a_viewer_and_a_stranger_are_not_helped(ours: Company) -> None:
    assert pressed(login("vera", (ours, "viewer")), ours, help="summary").status_code == 403
    agent = login("camille", (ours, "agent"))
    assert pressed(agent, ours, help="poem").status_code == 404
    assert agent.get(reverse("admin:klark_draft_assist", args=(ours.draft,))).status_code == 403
