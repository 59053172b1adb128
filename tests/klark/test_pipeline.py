"""The whole path of a ticket, from an event to a decision with its evidence and its write."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from guardrails.checks import CHECKS
from guardrails.confidence import fitted, probability
from guardrails.guard import guard
from integrations.errors import Refused, TryLater
from integrations.llms import LLMS
from integrations.llms.base import Unusable
from integrations.sandbox.client import Sandbox
from klark import pipeline, tasks
from klark.models import Article, Decision, Delivery, Draft, KeptCompletion, Outcome, Policy, WebhookEvent
from klark.steps import retrieve
from klark.steps.record import storable
from tests.klark import rows
from tests.klark.rows import ANSWER, ASKED, DESKS, Case
from tests.klark.said import Drafter, completion

pytestmark = pytest.mark.django_db

Asked = Callable[..., Case]
GOOD = completion((ANSWER, ["P1.1"]), cost=Decimal("0.25"))


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.bell.ring", lambda: None)


@pytest.fixture
def ask(sandbox: Sandbox) -> Asked:
    """A ticket with its event; more are rules of the policy."""

    def one(body: str = ASKED, desk: Any = "freshdesk", **rules: Any) -> Case:
        case = rows.case(sandbox, desk, body, **rules)
        rows.event(case.row, case.ticket)
        return case

    return one


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Drafter:
    """The operator's model, which answers well unless told otherwise."""
    drafter = Drafter(GOOD)
    settings.KLARK_MODEL_NAME = "invented-model"
    monkeypatch.setitem(LLMS, "openai", lambda account: drafter)  # type: ignore[misc, arg-type]  # a drafter of our own
    return drafter


def answer() -> str:
    rows.make_due(WebhookEvent)
    decided = pipeline.answer(rows.claim())
    return decided.kind if decided else "lost"


@pytest.mark.parametrize("desk", DESKS)
def test_a_question_that_is_known_is_answered_from_event_to_ticket(ask: Asked, desk: str) -> None:
    case = ask(desk=desk)
    tasks.work.run()
    assert case.decision() == ("REPLY", "ready")
    (said,) = case.by_klark
    assert (ANSWER in said["text"], said["public"]) == (True, True)
    assert (rows.get(WebhookEvent).state, rows.get(Delivery).state) == ("done", "sent")


def test_the_draft_holds_all_that_was_read(ask: Asked, model: Drafter) -> None:
    case = ask()
    answer()
    draft, decision = rows.get(Draft), rows.get(Decision)
    record = draft.record
    assert record["ticket"]["comments"][0]["body_text"] == ASKED
    assert [(one["article"], one["version"]) for one in record["passages"]] == [("Delivery times", 1)]
    assert (record["answer"]["completion"], record["answer"]["user"]) == (GOOD.content, model.asked[0].user)
    assert (record["klark"] != "", record["mask"] != "", record["triage"]["language"]) == (True, True, "en")
    assert (draft.turn, draft.model, draft.tokens_in, draft.cost) == (
        "description",
        "invented-model",
        100,
        Decimal("0.25"),
    )
    assert rows.get(Policy, pk=decision.policy_id).used_at is not None
    assert draft.sentences[0]["sources"][0]["text"] == ANSWER
    assert rows.get(Delivery).seen == case.seen


def test_the_model_reads_no_name_and_no_address(sandbox: Sandbox, model: Drafter) -> None:
    case = rows.case(sandbox, "freshdesk", "I am Noor Peeters, noor@example.org, 0470 12 34 56. " + ASKED)
    rows.event(case.row, case.ticket)
    answer()
    (prompt,) = model.asked
    read = prompt.system + prompt.user
    assert [part for part in ("Noor", "Peeters", "noor@", "0470 12", "Camille", "camille@") if part in read] == []


def test_a_run_that_died_before_its_end_is_run_again_and_not_billed_twice(
    ask: Asked, model: Drafter, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    with monkeypatch.context() as dying:
        dying.setattr(pipeline, "guard", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            answer()
    assert (rows.count(Draft), rows.get(WebhookEvent).state) == (0, "due")
    rows.expire_lease(WebhookEvent)
    assert (answer(), len(model.asked), rows.count(KeptCompletion)) == ("REPLY", 1, 1)


def test_a_worker_whose_lease_went_to_another_keeps_nothing(ask: Asked) -> None:
    ask()
    late = rows.claim()
    rows.expire_lease(WebhookEvent)
    assert answer() == "REPLY"
    assert pipeline.answer(late) is None
    assert (rows.count(Draft), rows.count(Decision), rows.count(Delivery)) == (1, 1, 1)


def test_two_events_of_one_turn_make_one_draft(ask: Asked) -> None:
    case = ask()
    rows.event(case.row, case.ticket)
    tasks.work.run()
    assert (rows.count(Draft), len(case.by_klark), rows.count(Decision)) == (1, 1, 2)


def test_two_workers_on_one_turn_make_one_draft(ask: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second had looked before the first was done: the turn's uniqueness decides."""
    case = ask()
    assert answer() == "REPLY"
    rows.event(case.row, case.ticket)
    monkeypatch.setattr(pipeline, "skip", lambda *_: None)
    monkeypatch.setattr("klark.steps.load._retire", lambda *_: None)
    answer()
    assert (rows.count(Draft), rows.count(Delivery), rows.count(Decision, reason="already_answered")) == (1, 1, 1)


def test_klarks_own_reply_starts_no_run(ask: Asked) -> None:
    case = ask()
    tasks.work.run()
    rows.event(case.row, case.ticket)
    tasks.work.run()
    assert (rows.count(Decision, reason="own_comment"), len(case.by_klark)) == (1, 1)


def test_a_customer_who_writes_again_while_the_draft_waits_gets_one_draft_for_what_is_new(ask: Asked) -> None:
    case = ask(mode="queue")
    tasks.work.run()
    case.sandbox.comment("freshdesk", case.ticket, f"<p>{ASKED.replace('Belgium', 'Belgium by bike')}</p>")
    rows.event(case.row, case.ticket)
    tasks.work.run()
    with rows.within(case.row.tenant_id):
        states = list(Delivery.objects.order_by("pk").values_list("state", flat=True))
    assert (states[0], rows.get(Outcome).kind, rows.count(Draft)) == ("retired", "replaced", 2)


def test_an_agent_who_answers_while_the_draft_waits_takes_it_out_of_the_queue(ask: Asked) -> None:
    case = ask(mode="queue")
    tasks.work.run()
    case.sandbox.comment("freshdesk", case.ticket, "<p>Three days.</p>", by="agent")
    rows.event(case.row, case.ticket)
    tasks.work.run()
    row = rows.get(Delivery)
    assert (row.state, row.ended_at is not None, rows.get(Outcome).kind) == ("retired", True, "overtaken")


@pytest.mark.parametrize(("rules", "kind", "state", "written"), [
    ({"mode": "reply"}, "reply", "sent", [True]),
    ({"mode": "queue"}, "reply", "waiting", []),
    ({"mode": "note"}, "note", "sent", [False]),
    ({"mode": "off"}, "handover", "sent", [False]),
])  # fmt: skip
def test_each_mode_and_what_stands_on_the_ticket(
    ask: Asked, rules: dict[str, Any], kind: str, state: str, written: list[bool]
) -> None:
    case = ask(**rules)
    tasks.work.run()
    row = rows.get(Delivery)
    assert (row.kind, row.state, [said["public"] for said in case.by_klark]) == (kind, state, written)


def test_shadow_mode_decides_and_writes_nothing(ask: Asked) -> None:
    case = ask()
    rows.change(type(case.row), shadow=True)
    tasks.work.run()
    assert (case.decision()[0], rows.get(Delivery).state, case.sandbox.writes()) == ("REPLY", "retired", [])


def test_a_blocked_draft_never_becomes_a_reply(ask: Asked, model: Drafter) -> None:
    model.answer = completion(("Delivery to Belgium takes 2 hours and we refund you 500 €.", ["P1.1"]))
    case = ask()
    tasks.work.run()
    assert rows.count(Delivery, kind="reply") == 0
    assert case.decision()[0] in {"ESCALATE", "NOTE"}
    assert [said["public"] for said in case.by_klark] == [False]


FAILURES: dict[str, Any] = {
    "busy": TryLater("the model is busy"),
    "prose": Unusable("the model answered something other than one JSON object", 10, 10, Decimal(1)),
    "no credit": Refused("no credit is left"),
    "an unknown passage": completion((ANSWER, ["P77.1"])),
    "a damaged token": completion((f"[NAME_77] {ANSWER}", ["P1.1"])),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_model_that_fails_is_replaced_by_the_extractive_drafter(ask: Asked, model: Drafter, name: str) -> None:
    model.answer = FAILURES[name]
    case = ask()
    answer()
    draft = rows.get(Draft)
    assert (case.decision()[0], draft.model, draft.record["answer"]["failed"] != "") == ("REPLY", "extractive", True)


@pytest.mark.parametrize("name", FAILURES)
def test_a_model_that_fails_where_nothing_is_found_hands_over_and_says_so(
    sandbox: Sandbox, model: Drafter, name: str
) -> None:
    model.answer = FAILURES[name]
    row = rows.connection(rows.tenant(), "freshdesk", sandbox)
    rows.event(row, sandbox.ticket("freshdesk", subject="Moon", body=ASKED))
    answer()
    assert (rows.get(Decision).kind, rows.get(Decision).reason) == ("ESCALATE", "model_failed")


@pytest.mark.parametrize(
    ("chance", "decision", "asked"), [(0.01, "ESCALATE", 0), (0.9, "REPLY", 1), (None, "REPLY", 1)]
)
def test_no_model_is_asked_where_hardly_anything_fits(
    ask: Asked, model: Drafter, monkeypatch: pytest.MonkeyPatch, chance: float | None, decision: str, asked: int
) -> None:
    ask()
    monkeypatch.setattr(retrieve.Ranking, "chance", chance)
    assert (answer(), len(model.asked)) == (decision, asked)
    assert rows.get(Draft).record["answerable"] == chance


def test_what_is_written_for_another_brand_is_not_drafted_from(ask: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    ask()
    rows.change(Article, brand="78")
    assert answer() == "ESCALATE"


def test_what_a_useless_answer_cost_counts_against_the_budget(ask: Asked, model: Drafter) -> None:
    model.answer = FAILURES["prose"]
    case = ask(budget_day=Decimal(1))
    answer()
    case.sandbox.comment("freshdesk", case.ticket, f"<p>{ASKED} Please tell me.</p>")
    rows.event(case.row, case.ticket)
    answer()
    assert len(model.asked) == 1


def test_at_the_budgets_ceiling_only_the_extractive_drafter_is_asked(ask: Asked, model: Drafter) -> None:
    case = ask(budget_day=Decimal("0.25"))
    with rows.within(case.row.tenant_id):
        KeptCompletion.objects.create(
            tenant_id=case.row.tenant_id, digest="x", content={}, model="m", cost=Decimal("0.25")
        )
    assert answer() == "REPLY"
    draft = rows.get(Draft)
    assert (model.asked, draft.model, draft.record["budget_spent"]) == ([], "extractive", True)


def test_runs_of_one_ticket_are_capped(ask: Asked) -> None:
    case = ask(runs_per_ticket=2, mode="queue")
    for number in range(3):
        answer()
        case.sandbox.comment("freshdesk", case.ticket, f"<p>{ASKED} Please hurry, I asked {number} times.</p>")
        rows.event(case.row, case.ticket)
    assert (rows.count(Draft), rows.count(Decision, reason="flood_ticket")) == (2, 1)


def test_runs_for_one_requester_are_capped_over_all_tickets(ask: Asked) -> None:
    case = ask(runs_per_requester=2, mode="queue")
    for _ in range(3):
        answer()
        rows.event(case.row, case.sandbox.ticket("freshdesk", subject="Delivery", body=ASKED))
    assert (rows.count(Draft), rows.count(Decision, reason="flood_requester")) == (2, 1)


def test_a_ticket_that_is_gone_ends_its_event(ask: Asked) -> None:
    case = ask()
    case.sandbox.change("freshdesk", case.ticket, deleted=True)
    tasks.work.run()
    assert (case.decision(), rows.get(WebhookEvent).state) == (("SKIP", "gone"), "done")


def test_a_desk_that_is_down_leaves_the_event_for_later(ask: Asked) -> None:
    case = ask()
    case.sandbox.fault("status", desk="freshdesk", status=503, times=1)
    tasks.step(WebhookEvent, pipeline.answer)
    row = rows.get(WebhookEvent)
    assert (row.state, row.attempts, rows.count(Decision)) == ("due", 0, 0)
    assert answer() == "REPLY"


def test_a_guard_that_breaks_holds_the_draft(ask: Asked, model: Drafter, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = {**CHECKS, "broken": lambda reply, options: 1 / 0}
    monkeypatch.setattr(pipeline, "guard", lambda reply, options: guard(reply, options, broken))  # type: ignore[arg-type]  # it is broken
    case = ask()
    assert (answer(), case.decision()[1]) == ("WAIT", "held_by_guard")
    assert rows.count(Delivery, state="due") == 0


STRANGE = {
    "two megabytes": "x" * 2_000_000,
    "unclosed tags": "<" * 5_000,
    "only blanks": "&nbsp;" * 500,
    "right to left": "\u202e\u0627\u0644\u0633\u0644\u0627\u0645",
    "emoji": "🦊" * 500,
    "no known language": "qwrtz plkj mnbv",
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_strange_ticket_is_skipped_or_handed_over_with_a_reason(sandbox: Sandbox, name: str) -> None:
    case = rows.case(sandbox, "freshdesk")
    rows.event(case.row, sandbox.ticket("freshdesk", subject="", body=STRANGE[name]))
    tasks.work.run()
    kind, reason = case.decision()
    assert (kind in {"SKIP", "ESCALATE"}, reason != "", rows.get(WebhookEvent).state) == (True, True, "done")


def test_nul_and_lone_surrogates_in_a_ticket_are_kept_without_them() -> None:
    kept = storable({"a\0": ["\ud800b", ("\0",), {"n": 1, "t": True, "f": 1.5, "z": None}]})
    assert kept == {"a": ["?b", [""], {"n": 1, "t": True, "f": 1.5, "z": None}]}


def test_a_draft_is_kept_with_how_sure_klark_is_of_it(ask: Asked) -> None:
    ask(mode="reply")
    assert answer() == "REPLY"
    assert rows.get(Draft).confidence > 0.9


def test_a_draft_is_kept_with_what_its_decision_depended_on(ask: Asked) -> None:
    ask(mode="reply")
    answer()
    draft = rows.get(Draft)
    case = draft.record["case"]
    assert [one["name"] for one in case["signs"]] == [one["name"] for one in sorted(
        case["signs"], key=lambda one: -one["otherwise"])]  # fmt: skip
    values = {one["name"]: one["value"] for one in case.pop("signs")}
    assert probability(values, fitted()) == pytest.approx(draft.confidence)
    assert case == {"channel": "email", "third_party": False, "led_by_person": False, "coverage": "all",
                    "personal": False, "confidence": draft.confidence, "fitted": fitted().on.isoformat()}  # fmt: skip
    assert [one["personal"] for one in draft.record["passages"]] == [False]


def test_a_handover_is_kept_with_it_too(ask: Asked) -> None:
    ask(mode="off")
    assert answer() == "ESCALATE"
    case = rows.get(Draft).record["case"]
    assert (case["channel"], case["coverage"], case["confidence"], case["signs"]) == ("email", "none", None, [])


def test_a_model_that_answers_something_else_waits_though_every_word_has_its_source(ask: Asked, model: Drafter) -> None:
    other = "Delivery of a returned parcel to our warehouse takes ten days."
    case = ask(mode="reply")
    rows.article(case.row.tenant_id, "Returned parcels", f"<p>{other}</p>")
    model.answer = completion((other, ["P2.1"]))
    assert answer() == "WAIT"
    assert (rows.get(Decision).reason, rows.get(Delivery).state) == ("low_confidence", "waiting")
    draft = rows.get(Draft)
    assert (draft.findings, draft.confidence < 0.5) == ([], True)


def test_the_policy_may_let_that_pass(ask: Asked, model: Drafter) -> None:
    other = "Delivery of a returned parcel to our warehouse takes ten days."
    case = ask(mode="reply", minimum_confidence=0)
    rows.article(case.row.tenant_id, "Returned parcels", f"<p>{other}</p>")
    model.answer = completion((other, ["P2.1"]))
    assert answer() == "REPLY"
