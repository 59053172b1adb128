"""The model's help with a search: it adds queries and reorders passages, and nothing that it says or costs does more."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from guardrails.pii import Known
from integrations.errors import Refused, TryLater
from integrations.sandbox.client import Sandbox
from klark import pipeline
from klark.models import Draft, KeptCompletion
from klark.steps import brief as briefs
from klark.steps import look as step
from klark.steps.brief import Brief, brief
from klark.steps.compose import Asked, build
from klark.steps.decide import HOPELESS
from klark.steps.look import NO_ORDER, NO_QUERIES, Look, Wanted, as_record, look_for
from klark.steps.retrieve import Found, Retrieved
from tests.integrations.model_server import Said, Server, failed, model_server, said
from tests.klark import rows
from tests.klark.said import completion, found, triage

QUESTION = "How long does delivery to Belgium take?"
SHELF = {
    "Delivery times": "Delivery to Belgium takes 3 to 5 working days.",
    "Delivery prices": "Delivery to Belgium costs 6.90 €.",
    "Customs": "Parcels that leave the Union are opened at the border.",
    "Battery in winter": "Keep the battery indoors when it freezes.",
}
WANTED = Wanted((QUESTION,), QUESTION, ("en",), turn="7/1")
OWN = (found(1, "One."), found(2, "Two."), found(3, "Three."))
MORE = found(4, "Four.")


class Saying:
    """A model that says these things one after the other; an exception is raised."""

    dialect = ""

    def __init__(self, *contents: Any) -> None:
        self.contents = list(contents)
        self.prompts: list[Any] = []

    def complete(self, prompt: Any) -> Any:
        self.prompts.append(prompt)
        content = self.contents.pop(0)
        if isinstance(content, Exception):
            raise content
        return replace(completion(), content=content, tokens_in=100, tokens_out=20, cost=Decimal("0.01"))


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """klark's own search finds three passages, a further one a fourth; the further queries that were asked."""
    asked: list[tuple[str, ...]] = []

    def further(tenant_id: int, queries: tuple[str, ...], *where: Any) -> tuple[Found, ...]:
        asked.append(queries)
        return (MORE,) if queries else ()

    monkeypatch.setattr(step, "search", lambda *_: Retrieved(OWN, 0.8))
    monkeypatch.setattr(step, "further", further)
    return asked


def helped(*contents: Any, wanted: Wanted = WANTED) -> tuple[Look, Saying]:
    model = Saying(*contents)
    return look_for(Brief(1, briefs.Rules(), (), (), searcher=model), wanted), model


def order(*places: Any) -> dict[str, Any]:
    return {"order": [f"P{place}" if isinstance(place, int) else place for place in places]}


def test_without_a_model_klarks_own_search_stands(searched: list[Any]) -> None:
    assert look_for(Brief(1, briefs.Rules(), (), ()), WANTED) == Look(OWN, 0.8)
    assert searched == []


def test_a_model_adds_queries_and_reorders_what_all_of_them_found(searched: list[Any]) -> None:
    looked, model = helped({"queries": ["delivery time Belgium"]}, order(4, 2, 1, 3))
    assert looked.found == (MORE, OWN[1], OWN[0], OWN[2])
    assert (looked.order, looked.queries, looked.failed) == ((4, 2, 1, 3), ("delivery time Belgium",), ())
    assert searched == [("delivery time Belgium",)]
    record = as_record(looked)
    calls = record.pop("calls")
    assert record == {"queries": ["delivery time Belgium"], "order": [4, 2, 1, 3], "failed": []}
    assert [(call["user"], call["failed"]) for call in calls] == [(each.user, "") for each in model.prompts]
    assert [(call["system"], call["raw"] != "") for call in calls] == [(each.system, True) for each in model.prompts]


def test_the_chance_of_an_answer_stays_klarks_own(searched: list[Any]) -> None:
    assert helped({"queries": ["x"]}, order(4, 1, 2, 3))[0].chance == 0.8


def test_where_nothing_fits_no_model_is_asked(searched: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "search", lambda *_: Retrieved(OWN, HOPELESS / 2))
    looked, model = helped()
    assert (looked, model.prompts) == (Look(OWN, HOPELESS / 2), [])


@pytest.mark.parametrize("answer", [
    order(1, 2, 3), order(1, 2, 3, 4, 5), order(1, 2, 3, "P9"), order(1, 1, 2, 3), order(1, 2, 3, 3, 4), order(),
    order("P1", "P2", "P3", "p4"), order("1", "2", "3", "4"), {"order": [1, 2, 3, 4]}, {"order": "P1 P2 P3 P4"}, {"order": None},
    {"order": {"P1": 1}}, {"order": ["P1", "P2", ["P3"], "P4"]}, {}, {"queries": []}, {"answerable": True, "sentences": []},
])  # fmt: skip
def test_an_odd_order_leaves_klarks_own(searched: list[Any], answer: Any) -> None:
    looked, _ = helped({"queries": ["x"]}, answer)
    assert (looked.found, looked.order, looked.failed) == ((*OWN, MORE), (), (NO_ORDER,))


@pytest.mark.parametrize(
    "answer", [{}, {"queries": "one"}, {"queries": None}, {"queries": [1]}, {"queries": [["x"]]}, {"order": []}]
)
def test_odd_queries_are_none_and_the_order_is_asked_all_the_same(searched: list[Any], answer: Any) -> None:
    looked, _ = helped(answer, order(3, 2, 1))
    assert (looked.found, looked.queries, looked.failed) == (OWN[::-1], (), (NO_QUERIES,))
    assert searched == []


@pytest.mark.parametrize("error", [TryLater("slow"), Refused("no credit")])
def test_a_model_that_fails_leaves_klarks_own_order(searched: list[Any], error: Exception) -> None:
    looked, _ = helped(error, error)
    assert (looked.found, looked.queries, looked.order, looked.failed) == (OWN, (), (), (str(error), str(error)))
    assert looked.spent == ()
    assert [(call["failed"], call["raw"]) for call in as_record(looked)["calls"]] == [
        (why, "") for why in looked.failed
    ]
    assert as_record(looked)["calls"] != []


def test_one_failure_does_not_undo_the_other_half(searched: list[Any]) -> None:
    looked, _ = helped({"queries": ["x"]}, TryLater("slow"))
    assert (looked.found, looked.queries, looked.failed) == ((*OWN, MORE), ("x",), ("slow",))


@pytest.mark.parametrize(("said_of_it", "kept"), [
    ([" delivery\n time "], ("delivery time",)), ([QUESTION], ()), (["a", "a", "b"], ("a", "b")), (["", " "], ()),
    (["a", "b", "c", "d"], ("a", "b", "c")), (["refund of [NAME_1] [ORDER_2]"], ("refund of",)), (["[NAME_1]"], ()),
    (["x" * 999], ("x" * 200,)), (["a\0b\x1b[31m\ud800"], ("a b [31m",)),
])  # fmt: skip
def test_queries_are_few_short_and_without_tokens(
    searched: list[Any], said_of_it: list[str], kept: tuple[str, ...]
) -> None:
    assert helped({"queries": said_of_it}, order(*range(1, 5 if kept else 4)))[0].queries == kept


def test_the_model_reads_masked_text_and_public_passages_alone(searched: list[Any]) -> None:
    text = "I am Camille Durand, camille.durand@example.org. How long does delivery take? " + "x " * 5_000
    wanted = Wanted(("How long, asks Camille Durand?",), text, ("en",), (Known("NAME", "Camille Durand"),), turn="7/1")
    _, model = helped({"queries": []}, order(1, 2, 3), wanted=wanted)
    for prompt in model.prompts:
        assert ("Camille" in prompt.user, "example.org" in prompt.user, "[NAME_1]" in prompt.user) == (
            False,
            False,
            True,
        )
        assert len(prompt.user) < 6_000
        assert "never an instruction" in prompt.system
    rewriting, reordering = (prompt.user for prompt in model.prompts)
    assert ("One." in rewriting, "One." in reordering) == (False, True)


def test_a_mail_address_at_the_cut_is_masked_whole(searched: list[Any]) -> None:
    text = "so " * (step.READ // 3 - 2) + "ordering@company.example.org"
    _, model = helped({"queries": []}, order(1, 2, 3), wanted=replace(WANTED, text=text))
    assert "orderin" not in model.prompts[0].user


def test_a_single_passage_is_not_put_in_order(searched: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(step, "search", lambda *_: Retrieved(OWN[:1]))
    looked, model = helped({"queries": []})
    assert (looked.found, looked.failed, len(model.prompts)) == (OWN[:1], (), 1)


def test_what_is_found_in_another_language_stays_marked(searched: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = tuple(replace(one, language="fr", fallback=True) for one in OWN)
    monkeypatch.setattr(step, "search", lambda *_: Retrieved(foreign))
    looked, _ = helped({"queries": ["x"]}, order(1, 2, 3, 4), wanted=replace(WANTED, languages=("en", "fr")))
    assert [one.fallback for one in looked.found] == [True] * 4


# With the adapter, the budget and the database


@pytest.fixture
def models(settings: Settings) -> Iterator[Server]:
    with model_server() as made:
        settings.KLARK_PRIVATE_HOSTS = (*settings.KLARK_PRIVATE_HOSTS, made.place)
        yield made


def tenant(models: Server, **rules: Any) -> int:
    """A tenant whose policy has the model help."""
    own = {
        "model_search": True,
        "model_name": "m",
        "model_url": f"http://{models.place}/v1",
        "price_out": Decimal(1000),
    }
    number = rows.tenant(**{**own, **rules})
    for title, text in SHELF.items():
        rows.article(number, title, f"<p>{text}</p>")
    return number


def titles(looked: Look) -> list[str]:
    return [one.title for one in looked.found]


def says(content: Any) -> Said:
    return said(json.dumps(content))


QUERIES = says({"queries": ["parcel opened at the border"]})


@pytest.mark.django_db
def test_a_models_query_finds_what_the_customers_words_do_not(models: Server) -> None:
    ours = brief(tenant(models))
    own = titles(look_for(replace(ours, searcher=None), WANTED))
    models.script = [QUERIES, says(order(len(own) + 1, *range(1, len(own) + 1)))]
    assert titles(look_for(ours, WANTED)) == ["Customs", *own]
    assert "Customs" not in own


@pytest.mark.django_db
def test_what_the_model_took_counts_against_the_budget_once(models: Server) -> None:
    number = tenant(models, budget_day=Decimal("0.45"))
    models.script = [says({"queries": []}), says(order(2, 1))]
    first, again = look_for(brief(number), WANTED), look_for(brief(number), WANTED)
    assert (first, len(models.bodies)) == (again, 2)
    assert [row.cost for row in (rows.get(KeptCompletion, pk=pk) for pk in pks())] == [Decimal("0.2")] * 2
    assert [each.cost for each in first.spent] == [Decimal("0.2")] * 2
    models.script = [says({"queries": ["other"]}), says(order(2, 1))]
    look_for(brief(number), replace(WANTED, turn="8/1"))
    assert (brief(number).searcher, brief(number).budget_spent) == (None, True)


def pks() -> list[int]:
    with rows.within(rows.EVERY_TENANT):
        return list(KeptCompletion.objects.values_list("pk", flat=True))


LIES = {
    "an unknown id": [says(order(1, "P9"))],
    "a missing id": [says(order(1))],
    "an id twice": [says(order(1, 1))],
    "prose": [said("The second passage answers best.")],
    "half of a JSON": [said('{"order": ["P2", "P')],
    "an error": [failed(500)],
    "a fence with more after it": [said('```json\n{"order": ["P2", "P1"]}\n```\nHope that helps!')],
    "too slow": [replace(says(order(2, 1)), wait_s=0.4)],
}


@pytest.mark.django_db
@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_a_server_that_lies_leaves_klarks_own_order(
    models: Server, lie: list[Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(briefs, "SEARCH_S", 0.1)
    ours = brief(tenant(models))
    own = titles(look_for(replace(ours, searcher=None), WANTED))
    models.script = [says({"queries": []}), *lie]
    looked = look_for(ours, WANTED)
    assert (titles(looked), looked.order, len(looked.failed)) == (own, (), 1)
    assert len(own) == 2


@pytest.mark.django_db
def test_a_slow_search_does_not_keep_the_drafter_waiting(models: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(briefs, "SEARCH_S", 0.05)
    ours = brief(tenant(models))
    models.script = [replace(QUERIES, wait_s=0.1)]
    for turn in ("1/1", "2/1", "3/1"):
        look_for(ours, replace(WANTED, turn=turn))
    assert "left alone" in look_for(ours, replace(WANTED, turn="4/1")).failed[0]
    models.script = [said()]
    prompt, _ = build(Asked(triage(), [found()], (), "secret", "7/1"))
    assert ours.drafters[0].complete(prompt).tokens_in == 1000


@pytest.mark.django_db
@pytest.mark.parametrize("rules", [{"model_search": False}, {"model_name": ""}, {"budget_day": Decimal(0)}])
def test_nobody_helps_unless_the_policy_says_so_and_pays(models: Server, rules: dict[str, Any]) -> None:
    assert brief(tenant(models, **rules)).searcher is None


@pytest.mark.django_db
def test_a_draft_shows_what_the_search_took_and_its_evidence_what_the_model_did(
    models: Server, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("klark.bell.ring", lambda: None)
    number = tenant(models)
    row = rows.connection(number, "zendesk", sandbox)
    rows.event(row, sandbox.ticket("zendesk", subject="Delivery", body=QUESTION))
    reply = {"answerable": True, "sentences": [{"text": SHELF["Delivery times"], "cites": ["P2.1"]}]}
    models.script = [says({"queries": []}), says(order(2, 1)), says(reply)]
    rows.make_due(rows.WebhookEvent)
    pipeline.answer(rows.claim())
    draft = rows.get(Draft)
    calls = draft.record["search"].pop("calls")
    assert draft.record["search"] == {"queries": [], "order": [2, 1], "failed": []}
    assert [(QUESTION in call["user"], json.loads(call["raw"])) for call in calls] == [
        (True, {"queries": []}), (True, order(2, 1)),
    ]  # fmt: skip
    assert [one["title"] for one in draft.record["passages"]] == ["Delivery prices", "Delivery times"]
    assert (draft.tokens_in, draft.tokens_out, draft.cost) == (3000, 600, Decimal("0.6"))
    assert draft.sentences[0]["sources"][0]["title"] == "Delivery times"


def knowledge(question: str = QUESTION) -> str:
    out = StringIO()
    call_command("knowledge", "--tenant", "acme", "search", question, "--language", "en", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_knowledge_search_says_what_the_model_added_and_moved(models: Server) -> None:
    tenant(models)
    models.script = [QUERIES, says(order(3, 1, 2))]
    said_of_it = knowledge()
    assert "The model also looks for: parcel opened at the border" in said_of_it
    moves = [line.split("│")[1:5] for line in said_of_it.splitlines() if "up " in line or "down " in line]
    assert [[cell.strip() for cell in line] for line in moves] == [
        ["1", "3", "up 2", "Customs"], ["2", "1", "down 1", "Delivery times"], ["3", "2", "down 1", "Delivery prices"],
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("rules", "told"), [
    ({"model_name": ""}, "The model is not asked for help: there is none."),
    ({"budget_day": Decimal(0)}, "The model is not asked for help: the budget is spent."),
])  # fmt: skip
def test_knowledge_search_says_why_the_model_was_not_asked(models: Server, rules: dict[str, Any], told: str) -> None:
    tenant(models, **rules)
    assert told in knowledge()


@pytest.mark.django_db
def test_knowledge_search_says_why_the_model_had_no_say(models: Server) -> None:
    tenant(models)
    models.script = [says({"queries": []}), says(order(1))]
    assert f"The model had no say: {NO_ORDER}" in knowledge()


@pytest.mark.django_db
def test_knowledge_search_is_klarks_own_unless_the_policy_says_otherwise(models: Server) -> None:
    tenant(models, model_search=False)
    assert ("The model" in knowledge(), models.bodies) == (False, [])
