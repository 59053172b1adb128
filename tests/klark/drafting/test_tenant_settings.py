"""What a run knows of its tenant: rules, drafters and judges, and what was done on the ticket before."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from integrations.llms import LLMS
from integrations.llms.base import Completion, ModelAccount, Prompt
from klark.drafting.judge_qualification import WHICH
from klark.drafting.tenant_settings import settings_of
from klark.intake.earlier_runs import history
from klark.models import (
    Charge,
    Connection,
    Decision,
    Draft,
    JudgeCheck,
    KeptCompletion,
    Policy,
    Stop,
    Tenant,
    Topic,
    TopicRule,
    within,
)
from klark.runtime.encrypted_secrets import seal
from tests.klark import rows
from tests.klark.said import Charged, Drafter, asked, completion, prompt_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts(monkeypatch: pytest.MonkeyPatch) -> list[ModelAccount]:
    """The accounts that drafters were made of."""
    made: list[ModelAccount] = []

    def make(account: ModelAccount) -> Drafter:
        made.append(account)
        return Drafter(completion(("It takes 3 days.", ["P1.1"])), dialect="json_object")

    monkeypatch.setitem(LLMS, "openai", make)  # type: ignore[arg-type]  # a drafter of our own
    return made


def ask(tenant: int) -> None:
    settings_of(tenant).drafters[0].complete(prompt_of(asked()))


def test_without_a_model_sections_are_quoted_and_nobody_judges() -> None:
    ours = settings_of(rows.tenant())
    assert ([type(each) for each in ours.drafters], ours.judge, ours.budget_spent) == ([LLMS["sections"]], None, False)


def test_the_newest_policy_is_in_force() -> None:
    tenant = rows.tenant(mode="reply")
    newest = rows.policy(tenant, {"delivery": "queue"}, mode="note", sign_off={"en": "Bye"})
    ours = settings_of(tenant)
    assert (ours.policy_id, ours.rules.mode, ours.rules.version) == (newest.pk, "note", 2)
    assert (ours.rules.mode_of("delivery"), ours.rules.sign_off, ours.topics[0].key) == (
        "queue",
        {"en": "Bye"},
        "delivery",
    )


CHANGES: dict[str, Callable[[], object]] = {
    "the policy": lambda: Policy.objects.update(sign_off={"en": "Cheers"}),
    "a topic": lambda: Topic.objects.filter(key="delivery").update(words=["parcel"]),
    "a topic's mode": lambda: TopicRule.objects.update(mode="off"),
    "a topic is gone": lambda: Topic.objects.filter(key="returns").delete(),
    "a topic's mode is gone": lambda: TopicRule.objects.all().delete(),
    "a stop": lambda: Stop.objects.create(tenant=Tenant.objects.get(), topic="delivery", by="Lea"),
    "a new version": lambda: Policy.objects.create(tenant=Tenant.objects.get(), version=2, mode="note"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_policy_is_read_once_and_again_after_each_change(change: str) -> None:
    tenant = rows.tenant(topics={"delivery": "reply"})
    with within(tenant):
        Topic.objects.create(tenant_id=tenant, key="returns", name="Returns")
    settings_of(tenant)
    with CaptureQueriesContext(connection) as asked:
        before = settings_of(tenant)
    assert [each["sql"] for each in asked if 'FROM "klark_' in each["sql"]] == []
    with within(tenant):
        CHANGES[change]()
    now = settings_of(tenant)
    assert (now.rules, now.topics, now.stopped_topics) != (before.rules, before.topics, before.stopped_topics)


def test_a_tenant_without_a_policy_gets_the_careful_one() -> None:
    tenant = rows.tenant()
    with rows.within(tenant):
        Policy.objects.all().delete()
    assert (settings_of(tenant).rules.mode, settings_of(tenant).policy_id) == ("note", None)


def test_the_operators_model_is_asked_before_sections_are_quoted(
    accounts: list[ModelAccount], settings: Settings
) -> None:
    settings.KLARK_MODEL_NAME, settings.KLARK_MODEL_URL, settings.KLARK_MODEL_KEY = (
        "small",
        "https://llm.example.com",
        "k",
    )
    tenant = rows.tenant()
    ask(tenant)
    (account,) = accounts
    assert (account.model, account.base_url, account.key) == ("small", "https://llm.example.com", "k")
    assert len(settings_of(tenant).drafters) == 2


def test_a_model_on_this_machine_is_named_by_its_file(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[ModelAccount] = []
    drafter = Drafter(completion(("It takes 3 days.", ["P1.1"])))
    monkeypatch.setitem(LLMS, "local", lambda account: made.append(account) or drafter)  # type: ignore[misc, arg-type, func-returns-value]
    settings.KLARK_MODEL_PROVIDER, settings.KLARK_MODEL_FILE = "local", "/srv/models/small-q4.gguf"
    settings.KLARK_MODEL_SECONDS = 300
    ask(rows.tenant())
    assert [(each.model, each.file, each.timeout_s) for each in made] == [
        ("small-q4", "/srv/models/small-q4.gguf", 300)
    ]


def test_the_tenants_own_model_comes_before_the_operators(accounts: list[ModelAccount], settings: Settings) -> None:
    settings.KLARK_MODEL_NAME, settings.KLARK_MODEL_KEY = "small", "operators-key"
    tenant = rows.tenant(model_name="own", model_url="https://own.example.com", sealed_key=seal({"key": "tenants-key"}),
                         price_in=Decimal(2))  # fmt: skip
    ask(tenant)
    (account,) = accounts
    assert (account.model, account.base_url, account.key, account.price_in) == (
        "own", "https://own.example.com", "tenants-key", Decimal(2))  # fmt: skip


def test_the_operators_key_never_goes_to_a_tenants_server(accounts: list[ModelAccount], settings: Settings) -> None:
    settings.KLARK_MODEL_NAME, settings.KLARK_MODEL_KEY = "small", "operators-key"
    ask(rows.tenant(model_name="own", model_url="https://own.example.com"))
    assert accounts[0].key == ""


def test_what_form_the_server_takes_is_asked_once_and_remembered(accounts: list[ModelAccount]) -> None:
    tenant = rows.tenant(model_name="own", model_url="https://own.example.com")
    ask(tenant)
    assert rows.get(Policy).model_dialect == "json_object"
    rows.change(KeptCompletion, digest="another")
    ask(tenant)
    assert [account.dialect for account in accounts] == ["", "json_object"]


def test_a_kept_completion_is_given_back_as_it_was(accounts: list[ModelAccount]) -> None:
    tenant = rows.tenant(model_name="own", model_url="https://own.example.com")
    prompt = prompt_of(asked())
    first, second = (settings_of(tenant).drafters[0].complete(prompt) for _ in range(2))
    assert (len(accounts), second) == (1, first)


@dataclass
class Overtaken(Drafter):
    """While it answers for the first time, another worker asks it the same."""

    other: Callable[[], None] = lambda: None

    def complete(self, prompt: Prompt) -> Completion:
        first = not self.asked
        said = super().complete(prompt)
        if first:
            self.other()
        return said


def test_two_workers_that_ask_the_same_at_once_are_both_paid_for_and_nobody_asks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tenant = rows.tenant(model_name="own", model_url="https://own.example.com", budget_day=Decimal("0.5"))
    said = completion(("It takes 3 days.", ["P1.1"]), cost=Decimal("0.25"))
    model = Overtaken(said, other=lambda: ask(tenant))
    monkeypatch.setitem(LLMS, "openai", lambda account: Charged(account, model))  # type: ignore[arg-type]  # a drafter of our own
    drafter = settings_of(tenant).drafters[0]
    answers = [drafter.complete(prompt_of(asked())) for _ in range(2)]
    assert (len(model.asked), [answer.cost for answer in answers]) == (2, [Decimal("0.25")] * 2)
    assert (rows.count(KeptCompletion), rows.count(Charge), settings_of(tenant).budget_spent) == (1, 2, True)


def test_a_draft_that_a_reviewer_asks_for_anew_is_asked_of_the_model_and_kept_too(accounts: list[ModelAccount]) -> None:
    tenant = rows.tenant(model_name="own", model_url="https://own.example.com")
    for attempt in ("", "regenerate:1", "regenerate:1", "regenerate:2"):
        settings_of(tenant, attempt=attempt).drafters[0].complete(prompt_of(asked()))
    assert (len(accounts), rows.count(KeptCompletion)) == (3, 3)


def test_no_tenant_is_given_anothers_completion(accounts: list[ModelAccount]) -> None:
    for slug in ("acme", "globex"):
        ask(rows.tenant(slug, model_name="own", model_url="https://own.example.com"))
    assert (len(accounts), rows.count(KeptCompletion)) == (2, 2)


# Who judges


def judge_of(tenant: int) -> str:
    judge = settings_of(tenant).judge
    return judge.name if judge else "nobody"


def test_the_model_itself_judges_where_nobody_else_is_named(accounts: list[ModelAccount], settings: Settings) -> None:
    settings.KLARK_MODEL_NAME, settings.KLARK_MODEL_URL = "small", "https://llm.example.com"
    assert judge_of(rows.tenant()) == "https://llm.example.com small"


def test_the_operators_judge_comes_before_the_model(accounts: list[ModelAccount], settings: Settings) -> None:
    settings.KLARK_MODEL_NAME, settings.KLARK_MODEL_KEY = "small", "k"
    settings.KLARK_JUDGE_NAME, settings.KLARK_JUDGE_URL, settings.KLARK_JUDGE_KEY = (
        "strict",
        "https://judge.example.com",
        "j",
    )
    tenant = rows.tenant(model_name="own", model_url="https://own.example.com", sealed_key=seal({"key": "tenants-key"}))
    judge = settings_of(tenant).judge
    assert judge is not None
    judge.llm.complete(prompt_of(asked()))
    (account,) = accounts
    assert (judge.name, account.model, account.base_url, account.key) == (
        "https://judge.example.com strict", "strict", "https://judge.example.com", "j")  # fmt: skip


def test_the_policys_judge_stands_on_the_models_own_server_and_comes_first(
    accounts: list[ModelAccount], settings: Settings
) -> None:
    settings.KLARK_JUDGE_NAME, settings.KLARK_JUDGE_URL = "strict", "https://judge.example.com"
    own = {"model_name": "own", "model_url": "https://own.example.com", "judge_model": "own-judge"}
    judge = settings_of(rows.tenant(sealed_key=seal({"key": "tenants-key"}), **own)).judge
    assert judge is not None
    judge.llm.complete(prompt_of(asked()))
    (account,) = accounts
    assert (judge.name, account.model, account.key) == ("https://own.example.com own-judge", "own-judge", "tenants-key")


@pytest.mark.parametrize("named", ["", "another"])
def test_a_model_on_this_machine_is_one_file_so_the_operators_judge_is_asked(
    accounts: list[ModelAccount], settings: Settings, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setitem(LLMS, "local", LLMS["openai"])
    settings.KLARK_MODEL_PROVIDER, settings.KLARK_MODEL_FILE = "local", "/srv/models/small.gguf"
    settings.KLARK_JUDGE_NAME, settings.KLARK_JUDGE_URL = "strict", "https://judge.example.com"
    judge = settings_of(rows.tenant(judge_model=named)).judge
    assert judge is not None
    judge.llm.complete(prompt_of(asked()))
    assert [(each.provider, each.model, each.file) for each in accounts] == [("openai", "strict", "")]


def test_a_model_on_this_machine_is_not_called_by_a_servers_name(settings: Settings) -> None:
    settings.KLARK_MODEL_PROVIDER, settings.KLARK_MODEL_FILE = "local", "/srv/models/small.gguf"
    assert judge_of(rows.tenant()) == "this machine small"


def test_a_new_file_on_this_machine_is_another_judge_though_the_operators_name_stays(
    settings: Settings, tmp_path: Path
) -> None:
    settings.KLARK_MODEL_PROVIDER, settings.KLARK_MODEL_NAME = "local", "ours"
    tenant, said = rows.tenant(), []
    for name, content in (("small", b"GGUF"), ("large", b"GGUF"), ("large", b"GGUF, trained anew")):
        file = tmp_path / f"{name}.gguf"
        file.write_bytes(content)
        settings.KLARK_MODEL_FILE = str(file)
        said.append(judge_of(tenant))
    assert said == [f"this machine ours {file}" for file in ("small 4 bytes", "large 4 bytes", "large 18 bytes")]
    os.utime(file, (0, 0))
    assert judge_of(tenant) == said[-1], "a copy on another worker is the same judge"


def test_without_a_model_nobody_judges_though_one_is_named(accounts: list[ModelAccount], settings: Settings) -> None:
    settings.KLARK_JUDGE_NAME = "strict"
    assert judge_of(rows.tenant(judge_model="own-judge")) == "nobody"


def test_a_judge_is_not_paid_where_the_budget_is_spent(accounts: list[ModelAccount]) -> None:
    assert judge_of(rows.tenant(model_name="own", budget_day=Decimal(0))) == "nobody"


def test_what_form_the_judges_server_takes_is_not_noted_for_the_models(
    accounts: list[ModelAccount], settings: Settings
) -> None:
    settings.KLARK_JUDGE_NAME, settings.KLARK_JUDGE_URL = "strict", "https://judge.example.com"
    judge = settings_of(rows.tenant(model_name="own", model_url="https://own.example.com")).judge
    assert judge is not None
    judge.llm.complete(prompt_of(asked()))
    assert rows.get(Policy).model_dialect == ""


CHECKS: dict[str, tuple[dict[str, Any], bool]] = {
    "passed": ({}, True), "missed too many": ({"caught": 94}, False), "doubted too many": ({"passed": 89}, False),
    "another's": ({"judge": "https://llm.example.com other"}, False), "of an older prompt": ({"version": "0.1"}, False),
    "without a result": ({"trouble": "The judge did not answer.", "state": "failed"}, False),
    "under way": ({"state": "running"}, False),
}  # fmt: skip


@pytest.mark.parametrize("name", CHECKS)
def test_a_judge_is_trusted_by_its_own_passed_check(
    accounts: list[ModelAccount], settings: Settings, name: str
) -> None:
    settings.KLARK_MODEL_NAME, settings.KLARK_MODEL_URL = "small", "https://llm.example.com"
    changes, trusted = CHECKS[name]
    check(rows.tenant("globex"))
    tenant = rows.tenant()
    check(tenant, **changes)
    judge = settings_of(tenant).judge
    assert (judge and judge.trusted) is trusted


def test_the_latest_check_decides_and_another_tenants_counts_for_nobody_else(
    accounts: list[ModelAccount], settings: Settings
) -> None:
    settings.KLARK_MODEL_NAME, settings.KLARK_MODEL_URL = "small", "https://llm.example.com"
    tenant, other = rows.tenant(), rows.tenant("globex")
    check(tenant, at=datetime.now(UTC) - timedelta(days=2))
    found = [settings_of(tenant).judge, settings_of(other).judge]
    check(tenant, caught=10)
    assert [judge and judge.trusted for judge in (*found, settings_of(tenant).judge)] == [True, False, False]


def check(tenant: int, **changes: Any) -> None:
    values = {
        "judge": "https://llm.example.com small",
        "version": WHICH,
        "wrong": 100,
        "caught": 95,
        "right": 100,
        "passed": 90,
    }
    with rows.within(tenant):
        JudgeCheck.objects.create(tenant_id=tenant, **{**values, **changes})


# What was done before


def decided(account: Connection, kind: str = "NOTE", **more: object) -> None:
    values = {"ticket_id": "7", "requester_id": "501", "reason": "ready", **more}
    with rows.within(account.tenant_id):
        row = Decision.objects.create(
            tenant_id=account.tenant_id, connection=account, event_id=rows.event(account, state="done"), kind=kind,
            **{name: value for name, value in values.items() if name != "decided_at"},
        )  # fmt: skip
        if "decided_at" in more:
            Decision.objects.filter(pk=row.pk).update(decided_at=more["decided_at"])


def runs(account: Connection, ticket: str = "7", requester: str = "501") -> tuple[int, int]:
    with rows.within(account.tenant_id):
        past = history(account.tenant_id, account.pk, ticket, requester)
    return past.runs_of_ticket, past.runs_of_requester


def test_runs_are_counted_by_ticket_and_by_requester(account: Connection) -> None:
    decided(account)
    decided(account, ticket_id="8")
    decided(account, ticket_id="7", requester_id="502")
    assert (runs(account), runs(account, "8", "502"), runs(account, "9", "")) == ((2, 2), (1, 1), (0, 0))


def test_skips_and_what_is_older_than_a_day_are_no_runs(account: Connection) -> None:
    decided(account, "SKIP")
    decided(account, decided_at=datetime.now(UTC) - timedelta(hours=25))
    assert runs(account) == (0, 0)


def test_the_same_number_at_another_account_is_another_ticket(account: Connection) -> None:
    decided(account)
    assert runs(rows.connection(account.tenant_id, "freshdesk")) == (0, 0)


def test_answered_turns_are_those_of_living_drafts(account: Connection) -> None:
    rows.draft(account, 7, "1")
    rows.draft(account, 7, "2", live=False)
    rows.draft(account, 8, "3")
    with rows.within(account.tenant_id):
        assert history(account.tenant_id, account.pk, "7", "").answered_turns == {"1"}
    assert rows.count(Draft) == 3
