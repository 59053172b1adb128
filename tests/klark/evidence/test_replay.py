"""A draft is run again from what was kept of it: as it was it ends as it did, and with something changed it says where."""

import json
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from integrations.errors import NoAnswer
from integrations.llms.base import Completion
from integrations.sandbox.client import Sandbox
from klark import pipeline
from klark.models import Article, Decision, Draft, KeptCompletion, Topic, within
from klark.models.evidence.measurement import Measurement
from klark.personal_data.erase import erase
from tests.klark import rows
from tests.klark.modelled import Model, embedded, furnished, with_meaning, with_model
from tests.klark.rows import ANSWER, ASKED
from tests.klark.said import completion

pytestmark = pytest.mark.django_db

EMAIL = "camille.durand@example.org"
ASKER = {"name": "Camille Durand", "email": EMAIL}
GOOD = completion((ANSWER, ["P1.1"]), cost=Decimal("0.25"))
TWO = completion((ANSWER, ["P1.1"]), ("Delivery is free.", ["P1.1"]))
CRM = {"helpdesk": {"Since": "user.since"}}
WORDS = {"C2": "contradicted"}
TICKETS: tuple[tuple[str, Completion | Exception, dict[str, Any]], ...] = (
    (ASKED, GOOD, {}),
    ("How long does delivery to Belgium take? I am Camille Durand, order 558812, +32 470 12 34 56.", GOOD, {}),
    ("Combien de temps prend la livraison en Belgique ?", GOOD, {}),
    (ASKED, TWO, {}),
    (ASKED, completion(("Hello [NAME_9], it takes 9 days.", ["P1.1"])), {}),
    (ASKED, completion(answerable=False), {}),
    (ASKED, NoAnswer("The model took too long."), {}),
    (ASKED, GOOD, {"cc": ["otto.lind@example.com"]}),
    ("My father has died. How long does delivery to Belgium take?", GOOD, {}),
    ("I want to speak to a human being, please.", GOOD, {}),
    ("Please repair my bicycle today.", GOOD, {}),
)  # fmt: skip


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Model:
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    with_meaning(monkeypatch)
    return with_model(monkeypatch, settings, Model(GOOD, words=WORDS))


@pytest.fixture
def play(sandbox: Sandbox, model: Model, settings: Settings) -> Callable[..., int]:
    """A tenant whose tickets have been played, some with a model and some without; its id."""

    def one(*tickets: tuple[str, Any, dict[str, Any]], **rules: Any) -> int:
        tenant = rows.tenant(topics={"delivery": "reply"}, crm=CRM, **rules)
        rows.article(tenant)
        rows.article(tenant, "Returns", "<p>A parcel may come back within 30 days. Delivery costs are yours.</p>")
        furnished(tenant)
        sandbox.person("zendesk", EMAIL, {"since": "2019"})
        desk = rows.connection(tenant, "zendesk", sandbox)
        for body, said, more in tickets:
            model.answer = said
            settings.KLARK_MODEL_NAME = "" if more.pop("without", False) else "invented-model"
            rows.event(desk, sandbox.ticket("zendesk", subject="Delivery", body=body, requester=ASKER, **more))
            rows.make_due(rows.WebhookEvent)
            rows.change(rows.WebhookEvent, {"state": "due"}, trouble="away", received_at="2020-01-01T00:00:00Z")
            pipeline.answer(rows.claim())
        return tenant

    return one


KEPT = (Draft, Decision, KeptCompletion, Measurement)


def drafts() -> list[int]:
    with within("*"):
        return list(Draft.objects.order_by("pk").values_list("pk", flat=True))


def replay(*words: Any, status: int = 0) -> Any:
    """What the command writes as JSON; `status`: how it must end, by itself."""
    out, ended = StringIO(), 0
    try:
        call_command("replay", *map(str, words), "--json", stdout=out, stderr=StringIO())
    except SystemExit as end:
        ended = int(end.code or 0)
    assert ended == status
    return json.loads(out.getvalue())


def table(*words: Any) -> str:
    out = StringIO()
    call_command("replay", *map(str, words), stdout=out, stderr=StringIO())
    return out.getvalue()


def refused(*words: Any) -> str:
    with pytest.raises(CommandError) as told:
        call_command("replay", *map(str, words), stdout=StringIO(), stderr=StringIO())
    assert told.value.returncode in (1, 2)
    return str(told.value)


def test_every_draft_ends_again_as_it_did_and_nothing_is_asked_or_written(
    play: Callable[..., int], model: Model
) -> None:
    tickets = [*TICKETS, *((body, said, {**more, "without": True}) for body, said, more in TICKETS[:2])]
    tenant = play(*[(body, said, dict(more)) for body, said, more in tickets])
    with within(tenant):
        assert len(set(Decision.of(tenant).values_list("kind", "reason"))) >= 6
        Topic.of(tenant).update(words=["delivery", "parcel"])
    rows.article(tenant, html="<p>Delivery to Belgium takes a month.</p>")
    asked, kept = len(model.asked), [rows.count(each) for each in KEPT]
    got = replay(*drafts())
    assert [each for each in got["drafts"] if not each["identical"]] == []
    assert got["identical"] == len(drafts()) >= 12
    assert ([rows.count(each) for each in KEPT], len(model.asked)) == (kept, asked)
    assert "12 of 13 drafts are identical, 0 differ; 1 cannot be told." in table(*drafts()[:12], 999_999)


def test_with_something_changed_it_says_what_differs_and_from_which_stage_on(
    play: Callable[..., int], model: Model, tmp_path: Path
) -> None:
    tenant = play((ASKED, GOOD, {}), ("I want to speak to a human being, please.", GOOD, {}))
    rows.policy(tenant, mode="queue", sign_off={"en": "The Acme team"}, crm=CRM)
    answered = drafts()[0]
    (same, other) = (replay(*drafts(), "--policy", version)["drafts"][0] for version in (1, 2))
    assert (same["identical"], other["identical"], other["stage"], other["changed"]["decision"]) == (
        True, False, "decision", ["REPLY", "WAIT"],
    )  # fmt: skip
    assert set(other["changed"]) == {"decision", "reason", "text"}
    assert "The Acme team" in other["changed"]["text"][1]
    drawn = table(answered, "--policy", 2)
    shown = " ".join(drawn.split())
    assert f"Draft {answered}, ticket" in shown and "differs from the stage “decision” on" in shown
    assert max(map(len, drawn.splitlines())) <= 80 and "The Acme team" in shown
    assert "decision" in shown and "REPLY" in shown and "0 of 1 drafts are identical, 1 differ" in shown
    replay("--diff", 1, 2, "--fail-on-change", status=1)
    assert replay("--diff", 2, 2, "--fail-on-change")["identical"] == 2
    file = tmp_path / "policy.yaml"
    file.write_text("mode: reply\nforbidden_phrases: [Belgium]\ncrm: {helpdesk: {Since: user.since}}\n")
    (first, second) = replay("--diff", 1, file)["drafts"]
    assert (first["stage"], second["identical"]) == ("checks", True)
    assert "klark" in str(first["changed"]["findings"][1])


def test_a_ticket_that_was_only_watched_is_watched_again_unless_the_policy_says_otherwise(
    play: Callable[..., int],
) -> None:
    tenant = play((ASKED, GOOD, {}), rollout_percent=0)
    rows.policy(tenant, crm=CRM)
    assert replay(*drafts())["drafts"][0]["identical"]
    (told,) = replay(*drafts(), "--policy", 2)["drafts"]
    assert (told["stage"], told["changed"]["decision"]) == ("decision", ["SKIP", "REPLY"])
    assert replay(*drafts(), "--policy", 1)["identical"] == 1


def test_it_can_ask_models_and_articles_of_today(play: Callable[..., int], model: Model, tmp_path: Path) -> None:
    tenant = play((ASKED, GOOD, {}))
    (answered,) = drafts()
    asked = len(model.asked)
    (quoted,) = replay(answered, "--llm", "none")["drafts"]
    assert (quoted["stage"], quoted["changed"]["decision"]) == ("draft", ["REPLY", "NOTE"])
    rows.article(tenant, html="<p>Delivery to Belgium takes a month.</p>")
    embedded(tenant)
    (unknown,) = replay(answered, "--knowledge", "now")["drafts"]
    assert (unknown["stage"], unknown["changed"]) == ("prompt", {})
    assert unknown["cannot"].endswith("--llm now asks it.")
    model.answer = completion(("Delivery to Belgium takes a month.", ["P1.1"]))
    (newer,) = replay(answered, "--knowledge", "now", "--llm", "now")["drafts"]
    assert (newer["stage"], "a month" in newer["changed"]["text"][1]) == ("passages", True)
    prompt = tmp_path / "prompt.txt"
    prompt.write_text("Answer in one line. {mark}")
    (told,) = replay(answered, "--prompt", prompt, "--llm", "now")["drafts"]
    assert (told["stage"], len(model.asked), model.asked[-1].system[:20]) == (
        "prompt",
        asked + 2,
        "Answer in one line. ",
    )
    assert rows.get(Draft).pk == answered


def test_articles_can_be_read_as_they_stood_on_a_day(play: Callable[..., int], model: Model) -> None:
    tenant = play((ASKED, GOOD, {}))
    (answered,) = drafts()
    rows.change(Article, added_at="2026-11-02T09:00:00Z")
    rows.article(tenant, html="<p>Delivery to Belgium takes a month.</p>")
    rows.change(Article, {"version": 2}, added_at="2026-11-20T09:00:00Z")
    assert replay(answered, "--knowledge", "2026-11-20")["identical"] == 1
    (unknown,) = replay(answered, "--knowledge", "2026-11-21")["drafts"]
    assert (unknown["stage"], unknown["cannot"][-19:]) == ("prompt", "--llm now asks it.".rjust(19))
    model.answer = completion(("Delivery to Belgium takes a month.", ["P1.1"]))
    (later,) = replay(answered, "--knowledge", "2026-11-21", "--llm", "now")["drafts"]
    assert (later["stage"], "a month" in later["changed"]["text"][1]) == ("passages", True)
    (unwritten,) = replay(answered, "--knowledge", "2026-11-01", "--llm", "none")["drafts"]
    assert (unwritten["stage"], unwritten["changed"]["text"][1]) == ("passages", "")
    rows.change(Article, {"version": 1, "title": "Delivery times"}, version=3, added_at="2026-11-25T09:00:00Z")
    assert "The first versions of the article “Delivery times” are not kept" in table_of_nothing(
        answered, "--knowledge", "2026-11-10"
    )
    rows.delete(Article)
    assert "was deleted with all its versions" in table_of_nothing(answered, "--knowledge", "2026-11-10")


def test_models_are_asked_on_the_budget_in_force_whatever_policy_is_tried(play: Callable[..., int]) -> None:
    tenant = play((ASKED, GOOD, {}))
    rows.policy(tenant, crm=CRM, budget_day=1)
    rows.spend(tenant, 2)
    for policy in ((), ("--policy", 1)):
        assert "The budget is spent" in refused(*drafts(), "--llm", "now", *policy)


def test_what_cannot_be_replayed_is_told_in_plain_words(play: Callable[..., int], tmp_path: Path) -> None:
    tenant = play((ASKED, GOOD, {}))
    (answered,) = drafts()
    other = rows.tenant("other")
    for owner, number in (("acme", 999_999), ("other", answered)):
        out = table_of_nothing("--tenant", owner, number)
        assert f"There is no draft {number} here: it was never made, or its time is over." in out
    rows.change(Draft, record={"ticket": {"id": "1"}})
    assert "did not keep what it takes to run it again" in table_of_nothing("--tenant", "acme", answered)
    erase(tenant, EMAIL)
    assert "was deleted, because its time was over or because somebody asked" in table_of_nothing(
        "--tenant", "acme", answered
    )
    assert other
    for words, why in (
        (("--since", "2999-01-01"), "There is no draft to replay"),
        (("1", "--policy", "7"), "has no version 7 of its policy"),
        (("1", "--policy", tmp_path / "none.yaml"), "cannot be read"),
        (("1", "--diff", "1", "1"), "leave --policy and numbers out"),
        (("1", "--prompt", tmp_path), "--prompt needs --llm now"),
        (("1", "--llm", "now", "--prompt", tmp_path / "none"), "cannot be read"),
    ):
        assert why in refused("--tenant", "acme", *words), words


def test_without_arguments_it_says_in_a_few_lines_what_it_does_whose_drafts_it_takes_and_what_to_add() -> None:
    rows.tenant("acme")
    rows.tenant("other")
    for words in ((), ("--tenant", "acme"), ("--llm", "none")):
        told = refused(*words)
        parts = ("no helpdesk is opened", "Which drafts?", "--since a day", "(--tenant acme)", "--policy, --llm")
        assert ([each for each in parts if each not in told], told.count("\n")) == ([], 3), words


def table_of_nothing(*words: Any) -> str:
    """What is told where nothing could be replayed."""
    out = StringIO()
    with pytest.raises(CommandError, match="None of these drafts can be replayed"):
        call_command("replay", *map(str, words), stdout=out, stderr=StringIO())
    return " ".join(out.getvalue().replace("│", " ").split())
