"""When judges are checked, that it happens once at a time, what is kept of it, and when their word counts."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from klark import tasks
from klark.demo.model_server import CLAIMS, Server
from klark.demo.recorded_model import Play, RecordedModel
from klark.demo.recordings import load
from klark.drafting import judge_examination
from klark.drafting import scheduled_judge_checks as step
from klark.drafting.judge_examination import Examined, Group, groups
from klark.drafting.judge_qualification import WHICH, begin, end, is_due, is_trusted, want
from klark.drafting.scheduled_judge_checks import acts, check_judges, due, qualify, qualify_due, qualify_wanted
from klark.drafting.tenant_settings import settings_of
from klark.models import EVERY_TENANT, Charge, JudgeCheck, within
from klark.values.policy.rules import Rules
from tests.klark import rows

pytestmark = pytest.mark.django_db

State = JudgeCheck.State
GOOD = Examined(20, 20, 20, 20, {"scope": [20, 20]})
BAD = Examined(20, 3, 20, 20, {"scope": [3, 20]})


def serving(play: Play) -> Iterator[Server]:
    server = Server(0, RecordedModel(load([], CLAIMS), play))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def good() -> Iterator[Server]:
    yield from serving(Play())


@pytest.fixture
def lenient() -> Iterator[Server]:
    yield from serving(Play(noise=0.3))


@pytest.fixture
def away() -> Iterator[Server]:
    yield from serving(Play(judges=False))


@pytest.fixture
def few_claims(monkeypatch: pytest.MonkeyPatch) -> tuple[Group, ...]:
    """A check of a few requests: when one is made, and by whom it is paid, does not depend on how long it is."""
    few = groups()[:5]
    monkeypatch.setattr(judge_examination, "groups", lambda: few)
    return few


@pytest.fixture(autouse=True)
def own_machine(settings: Settings) -> None:
    settings.KLARK_PRIVATE_HOSTS = ("127.0.0.1",)


def tenant(server: Server | None, slug: str = "acme", **rules: Any) -> int:
    """A tenant whose model is that server; without one, with no model."""
    address = f"http://127.0.0.1:{server.server_address[1]}/v1" if server else ""
    model = {"model_name": "recorded", "model_url": address} if server else {}
    return rows.tenant(slug, **{**model, **rules})


def checks(tenant_id: int) -> list[JudgeCheck]:
    with within(tenant_id):
        return list(JudgeCheck.of(tenant_id).order_by("pk"))


def row(tenant_id: int, judge: str = "j", days: float = 0, **more: Any) -> JudgeCheck:
    figures = {"wrong": 20, "caught": 20, "right": 20, "passed": 20, "version": WHICH}
    with within(tenant_id):
        at = timezone.now() - timedelta(days=days)
        return JudgeCheck.objects.create(**{"tenant_id": tenant_id, "judge": judge, "at": at, **figures, **more})


def trusted(tenant_id: int, judge: str = "j") -> bool:
    with within(tenant_id):
        return is_trusted(tenant_id, judge)


# Whose word counts


def test_a_judge_counts_while_its_latest_result_is_a_pass() -> None:
    acme = rows.tenant()
    assert trusted(acme) is False
    row(acme, days=9)
    assert (trusted(acme), trusted(acme, "another")) == (True, False)
    row(acme, days=8, caught=1)
    assert trusted(acme) is False
    row(acme, days=7)
    for state in (State.WANTED, State.RUNNING, State.FAILED):
        row(acme, caught=0, state=state)
    row(acme, caught=0, version="older")
    assert trusted(acme) is True


def test_a_check_is_due_after_a_week_and_where_there_was_no_result() -> None:
    acme = rows.tenant()
    told = []
    for days, state in ((8, State.DONE), (0, State.FAILED), (6, State.DONE)):
        row(acme, days=days, state=state)
        with within(acme):
            told.append(is_due(acme, "j"))
    assert told == [True, True, False]


# One check


def test_every_check_is_billed_and_none_is_recalled(good: Server, few_claims: tuple[Group, ...]) -> None:
    acme = tenant(good, price_in=1, price_out=1)
    qualify(acme)
    qualify(acme)
    with within(acme):
        costs = list(Charge.of(acme).filter(state="settled").values_list("cost", flat=True))
    assert (len(costs), all(cost > 0 for cost in costs)) == (2 * len(few_claims), True)


def test_a_judge_that_is_away_has_no_result_and_its_earlier_one_stands(away: Server) -> None:
    acme = tenant(away)
    name = settings_of(acme).judge.name  # type: ignore[union-attr]
    row(acme, judge=name, days=8)
    (made,) = qualify(acme)
    assert (made.passed, checks(acme)[-1].state, bool(checks(acme)[-1].trouble)) == (False, "failed", True)
    assert (trusted(acme, name), due()) == (True, [acme])


def test_without_a_model_or_without_money_there_is_no_check(good: Server) -> None:
    nobody, poor = tenant(None, "nobody"), tenant(good, "poor", budget_day=0)
    assert (qualify(nobody)[0].why, qualify(poor)[0].why) == (
        "There is no model that could judge.", "The budget is spent.")  # fmt: skip
    assert checks(nobody) + checks(poor) == []


# Once at a time


@pytest.mark.usefixtures("few_claims")
def test_two_checks_of_one_tenant_are_never_under_way_at_once(good: Server) -> None:
    acme, other = tenant(good), tenant(good, "other")
    first = begin(acme, "j")
    assert (first is not None, begin(acme, "j"), begin(other, "j") is not None) == (True, None, True)
    assert qualify(acme)[0].why == "It is being checked just now."
    if first:
        end(first, GOOD)
    assert qualify(acme)[0].passed is True


def test_a_check_whose_worker_ended_is_given_up_after_an_hour() -> None:
    acme = rows.tenant()
    row(acme, state=State.RUNNING, days=2 / 24)
    assert begin(acme, "j") is not None
    assert [(each.state, bool(each.trouble)) for each in checks(acme)] == [("failed", True), ("running", False)]


def test_what_came_of_a_check_that_was_given_up_is_not_written_over() -> None:
    acme = rows.tenant()
    check = begin(acme, "j")
    with within(acme):
        JudgeCheck.of(acme).update(state=State.FAILED, trouble="given up")
    if check:
        end(check, BAD)
    assert [(each.state, each.trouble, each.wrong) for each in checks(acme)] == [("failed", "given up", 0)]


@pytest.mark.usefixtures("few_claims")
def test_a_check_that_is_wanted_is_made_once(good: Server) -> None:
    acme = tenant(good)
    with within(acme):
        assert [want(acme, "j") for _ in range(2)] == [True, False]
    qualify_wanted()
    qualify_wanted()
    assert [each.state for each in checks(acme)] == ["done"]


def test_a_check_that_is_wanted_and_cannot_be_made_says_why() -> None:
    acme = tenant(None)
    with within(acme):
        want(acme, "j")
    tasks.check_judges()
    assert [(each.state, each.trouble) for each in checks(acme)] == [("failed", "There is no model that could judge.")]


# By itself


@pytest.mark.usefixtures("few_claims")
def test_judges_are_checked_by_themselves_where_klark_may_act(good: Server) -> None:
    acme, off, none = tenant(good), tenant(good, "off", mode="off"), tenant(None, "none")
    assert due() == [acme]
    qualify_due()
    qualify_due()
    assert [len(checks(each)) for each in (acme, off, none)] == [1, 0, 0]


@pytest.mark.usefixtures("few_claims")
def test_a_judge_whose_check_breaks_keeps_no_other_tenants_from_its_check(
    good: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme, globex = tenant(good), tenant(good, "globex")
    real = step.settings_of
    monkeypatch.setattr(step, "settings_of", lambda one: 1 / 0 if one == acme else real(one))
    qualify_due()
    assert [len(checks(each)) for each in (acme, globex)] == [0, 1]
    for each in (acme, globex):
        with within(each):
            want(each, "j")
    qualify_wanted()
    assert [checks(each)[0].state for each in (acme, globex)] == ["wanted", "done"]


@pytest.mark.parametrize(("rules", "may"), [
    (Rules(mode="off"), False), (Rules(mode="note"), True), (Rules(mode="off", topics={"returns": "off"}), False),
    (Rules(mode="off", topics={"returns": "queue"}), True),
])  # fmt: skip
def test_a_policy_lets_klark_act_by_its_mode_or_that_of_a_topic(rules: Rules, may: bool) -> None:
    assert acts(rules) is may


def test_a_judge_that_is_due_is_warned_of(good: Server) -> None:
    acme = tenant(good)
    warned = check_judges(["default"])
    assert [(each.id, "acme" in each.msg, "--tenant acme" in (each.hint or "")) for each in warned] == [
        ("klark.W002", True, True)
    ]
    row(acme, judge=settings_of(acme).judge.name)  # type: ignore[union-attr]
    assert (check_judges(["default"]), check_judges(), check_judges(["owner"])) == ([], [], [])


def test_before_there_are_tables_nothing_is_warned_of(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_table() -> list[int]:
        with within(EVERY_TENANT):
            JudgeCheck.objects.extra(where=["no_such_column"]).count()
        return []

    monkeypatch.setattr(step, "due", no_table)
    assert check_judges(["default"]) == []


# The command


def said(*words: str) -> tuple[str, int]:
    out, status = StringIO(), 0
    try:
        call_command("judge", *words, stdout=out)
    except SystemExit as ended:
        status = int(str(ended.code))
    return " ".join(out.getvalue().split()), status


def judged_by(tenant_id: int) -> tuple[bool, str]:
    """Whether the tenant's judge counts, and its name."""
    judge = settings_of(tenant_id).judge
    assert judge
    return judge.trusted, judge.name


def test_the_command_says_plainly_whether_the_judge_passed_which_counts_from_then_on(
    good: Server, lenient: Server, away: Server
) -> None:
    ids = [tenant(server, slug) for server, slug in ((good, "good"), (lenient, "lenient"), (away, "away"))]
    assert [judged_by(each)[0] for each in ids] == [False] * 3
    (passed, fine), (failed, bad), (none, gone) = (
        said("check", "--tenant", each) for each in ("good", "lenient", "away")
    )
    assert ("good: passed." in passed, "145 │ 145 │ 100% │ 90%" in passed, fine) == (True, True, 0)
    assert ("lenient: not passed." in failed, "no reply goes out on its word" in failed, bad) == (True, True, 1)
    assert ("away: no result:" in none, gone) == (True, 1)
    (kept,) = checks(ids[0])
    assert (kept.state, kept.caught, kept.wrong, kept.passed, kept.right) == ("done", 144, 144, 145, 145)
    assert (kept.judge, kept.version, kept.trouble) == (judged_by(ids[0])[1], WHICH, "")
    assert [each.state for other in ids[1:] for each in checks(other)] == ["done", "failed"]
    assert [judged_by(each)[0] for each in ids] == [True, False, False]


@pytest.mark.usefixtures("few_claims")
def test_the_command_checks_every_tenant_unless_one_is_named(good: Server) -> None:
    tenant(good), tenant(None, "nobody")
    text, status = said("check")
    assert ("acme: passed." in text, "nobody: not checked. There is no model" in text, status) == (True, True, 1)


@pytest.mark.parametrize(("words", "complaint"), [
    (["check", "--tenant", "nowhere"], "there is no tenant 'nowhere'"), (["check"], "There is no tenant yet"), ([], "required"),
])  # fmt: skip
def test_the_command_says_what_it_lacks(words: list[str], complaint: str) -> None:
    with pytest.raises(CommandError, match=complaint):
        said(*words)
