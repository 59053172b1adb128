"""What the demo plays on and what it sets up: which processes are started and how, and the same shop the second time."""

import signal
import socket
import stat
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import requests
from django.contrib.auth import get_user_model
from pytest_django import Settings

from integrations.sandbox.client import Sandbox
from klark.demo import processes, seed, shop
from klark.demo.model_choice import Writer
from klark.demo.processes import Stage, wait_for_desks, wait_for_web
from klark.knowledge.embedding import Progress
from klark.models import EVERY_TENANT, Membership, Policy, Tenant, Topic, TopicRule, within
from klark.runtime.processes import Child, StartFailed


class Started:
    """A child that was started in a test; `alive` until it is stopped or told otherwise."""

    def __init__(self, order: list[str], argv: list[str], options: dict[str, Any]) -> None:
        self.order, self.argv, self.options = order, argv, options
        self.name = str(options["log"]).rpartition("/")[2].removesuffix(".log")
        self.running = True

    def alive(self) -> bool:
        return self.running

    def tail(self) -> str:
        return f"\n  the end of {self.name}"

    def stop(self, timeout: float = 10.0) -> int:
        self.order.append(self.name)
        self.running = False
        return 7


MODEL_SETTINGS = ("KLARK_MODEL_URL", "KLARK_MODEL_NAME", "KLARK_MODEL_KEY", "KLARK_MODEL_PROVIDER", "KLARK_JUDGE_URL",
                  "KLARK_JUDGE_NAME", "KLARK_JUDGE_KEY", "KLARK_PRIVATE_HOSTS")  # fmt: skip


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> SimpleNamespace:
    """What would have been started, and the order in which it was stopped. Settings are put back afterwards."""
    for name in MODEL_SETTINGS:
        setattr(settings, name, getattr(settings, name))
    found = SimpleNamespace(children=[], stopped=[])

    def spawn(argv: list[str], **options: Any) -> Started:
        found.children.append(Started(found.stopped, argv, options))
        return cast("Started", found.children[-1])

    monkeypatch.setattr(processes, "spawn", spawn)
    monkeypatch.setattr(Sandbox, "ready", lambda self, seconds=10.0: True)
    return found


def test_four_processes_are_started_and_stopped_in_the_other_order(started: SimpleNamespace, tmp_path: Path) -> None:
    with processes.stage(tmp_path, {"DATABASE_URL": "postgresql://x"}, 8123) as running:
        assert [child.name for child in started.children] == ["model", "sandbox", "web", "worker"]
        assert started.stopped == []
    assert (started.stopped, running.web) == (["worker", "web", "sandbox", "model"], "http://127.0.0.1:8123")
    model, sandbox, web, worker = (child.argv for child in started.children)
    assert [argv[:2] for argv in (model, sandbox, web, worker)] == [[sys.executable, "-m"]] * 4
    assert model[2:4] == ["klark.demo.model_server", "--port"]
    assert sandbox[2:5] == ["integrations.sandbox", "--port", running.sandbox.address.rsplit(":", 1)[1]]
    assert web[2:8] == ["manage", "serve", "--host", "127.0.0.1", "--port", "8123"]
    assert (worker[2:6], worker[worker.index("--pool") + 1]) == (
        ["celery", "--app", "klark.celery", "worker"],
        "threads",
    )
    assert int(sandbox[-1]) > 1_700_000_000  # tickets of a resumed demo have numbers of their own


def test_each_process_knows_the_demos_own_servers_and_dies_with_it(
    started: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KLARK_MODE", "production")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody/elses")
    with processes.stage(tmp_path, {"DATABASE_URL": "postgresql://own", "BROKER_URL": "redis://own"}, 8123):
        pass
    options = [child.options for child in started.children]
    for name, value in {"KLARK_MODE": "demo", "DATABASE_URL": "postgresql://own", "BROKER_URL": "redis://own",
                        "KLARK_URL": "http://127.0.0.1:8123"}.items():  # fmt: skip
        assert [each["env"][name] for each in options] == [value] * 4
    assert {each["orphan_signal"] for each in options} == {signal.SIGKILL}
    assert [each["log"] for each in options] == [
        tmp_path / "logs" / f"{name}.log" for name in ("model", "sandbox", "web", "worker")
    ]


def test_what_was_started_is_stopped_when_one_does_not_answer(
    started: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sandbox, "ready", lambda self, seconds=10.0: False)
    monkeypatch.setattr(processes, "START_S", 0.0)
    with (
        pytest.raises(StartFailed, match=r"0 s went by before the stand-in helpdesks\n  the end of sandbox"),
        processes.stage(tmp_path, {}, 8123) as running,
    ):
        wait_for_desks(running)
    assert started.stopped == ["worker", "web", "sandbox", "model"]


@pytest.mark.parametrize(("writer", "names"), [
    ("recorded", ["model", "sandbox", "web", "worker"]), ("none", ["sandbox", "web", "worker"]),
    ("openai", ["sandbox", "web", "worker"]),
])  # fmt: skip
def test_the_recorded_model_runs_only_where_it_writes(
    started: SimpleNamespace, tmp_path: Path, writer: Writer, names: list[str]
) -> None:
    with processes.stage(tmp_path, {}, 8123, writer) as running:
        assert ([child.name for child in started.children], running.writer) == (names, writer)


def test_the_helpdesks_keep_their_address_for_the_links_of_an_earlier_run_unless_it_is_taken(
    started: SimpleNamespace, tmp_path: Path
) -> None:
    def address() -> str:
        with processes.stage(tmp_path, {}, 8123) as running:
            return running.sandbox.address

    first = address()
    assert address() == first
    with socket.create_server(("127.0.0.1", int(first.rpartition(":")[2]))):
        other = address()
    assert (other != first, address()) == (True, other)


def test_each_process_asks_the_recorded_model(started: SimpleNamespace, tmp_path: Path, settings: Settings) -> None:
    settings.KLARK_PRIVATE_HOSTS = ("10.1.0.0/16",)
    settings.KLARK_JUDGE_NAME = "the operator's"
    with processes.stage(tmp_path, {}, 8123):
        worker, port = started.children[-1].options["env"], started.children[0].argv[-1]
    told = {
        name: worker[name]
        for name in ("KLARK_MODEL_URL", "KLARK_MODEL_NAME", "KLARK_PRIVATE_HOSTS", "KLARK_JUDGE_NAME")
    }
    assert told == {
        "KLARK_MODEL_URL": f"http://127.0.0.1:{port}/v1", "KLARK_MODEL_NAME": "recorded",
        "KLARK_PRIVATE_HOSTS": f"10.1.0.0/16,127.0.0.1:{port}", "KLARK_JUDGE_NAME": "",
    }  # fmt: skip
    assert told["KLARK_MODEL_URL"] == settings.KLARK_MODEL_URL
    assert (("10.1.0.0/16", f"127.0.0.1:{port}"), "") == (settings.KLARK_PRIVATE_HOSTS, settings.KLARK_JUDGE_NAME)


def on(*children: Started) -> Stage:
    return Stage(
        Sandbox("http://127.0.0.1:9"), "http://127.0.0.1:9", tuple(cast("Child", each) for each in children), {}
    )


def child(name: str) -> Started:
    return Started([], [], {"log": Path(f"{name}.log")})


def test_a_process_that_ends_by_itself_is_told_with_the_end_of_its_log() -> None:
    sandbox, web = child("sandbox"), child("web")
    on(sandbox, web).check()
    web.running = False
    with pytest.raises(StartFailed, match=r"^A process of the demo ended by itself:\n\n  the end of web$"):
        on(sandbox, web).check()


def test_the_door_is_open_once_it_answers_well(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answers = iter([requests.ConnectionError("refused"), requests.Timeout("slow"), 503, 200])

    def get(address: str, timeout: float) -> Any:
        asked.append(address)
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(ok=answer < 400)

    monkeypatch.setattr(processes.requests, "get", get)
    wait_for_web(on(child("sandbox"), child("web")))
    assert asked == ["http://127.0.0.1:9/health/live"] * 4


def test_a_web_server_that_ended_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    web = child("web")
    web.running = False
    monkeypatch.setattr(processes, "_answers", lambda address: False)
    with pytest.raises(StartFailed, match=r"web ended with status 7 before the web server"):
        wait_for_web(on(child("sandbox"), web))


# Vectors


class Nano:
    """The name of a model is all that is asked of it."""

    model = "nano"


def test_without_a_model_for_vectors_nothing_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "embedders", tuple)
    assert seed.await_meaning(seed.Seeded(1, {}, ""), lambda done, of: None, lambda: None) is False


@pytest.mark.django_db
@pytest.mark.parametrize(("patience", "came", "heard"), [(60.0, True, [(0, 9), (8, 9), (9, 9)]), (0.0, False, [])])
def test_the_first_ticket_waits_for_the_vectors(
    monkeypatch: pytest.MonkeyPatch, patience: float, came: bool, heard: list[tuple[int, int]]
) -> None:
    far, told, checked = iter((0, 8, 9)), list[tuple[int, int]](), list[int]()
    monkeypatch.setattr(seed, "EMBEDDED_S", patience)
    monkeypatch.setattr(seed, "embedders", lambda: (Nano(),))
    monkeypatch.setattr(seed, "progress", lambda tenant_id, model: Progress(model, next(far), 9))
    seeded = seed.Seeded(1, {}, "")
    assert seed.await_meaning(seeded, lambda done, of: told.append((done, of)), lambda: checked.append(1)) is came
    assert (told, len(checked)) == (heard, max(len(heard) - 1, 0))


# What is set up


def test_an_article_goes_to_its_help_centre_whole() -> None:
    article = shop.articles()[0]
    sent = seed._article(article)
    assert (sent["id"], sent["title"], sent["body_html"], sent["updated"]) == (
        article.id, article.title, article.body_html, article.updated.isoformat())  # fmt: skip
    assert (sent["section"], sent["category"], sent["url"]) == (article.section, article.section, article.url)


@pytest.mark.django_db
def test_the_shops_policy_and_topics_are_those_of_its_files() -> None:
    with within(EVERY_TENANT):
        tenant = Tenant.objects.create(slug="fanalou", name="Fanalou")
        seed._policy(tenant)
        rules, written = Policy.objects.get().rules(), shop.about()["policy"]
        modes = dict(TopicRule.objects.values_list("topic__key", "mode"))
        words = dict(Topic.objects.values_list("key", "words"))
    allowed = {topic.key: topic.action for topic in shop.topics()}
    assert (rules.version, rules.topics, modes) == (1, allowed, allowed)
    assert {name: getattr(rules, name) for name in ("sign_off", "country", "time_zone", "runs_per_ticket")} == {
        name: written[name] for name in ("sign_off", "country", "time_zone", "runs_per_ticket")}  # fmt: skip
    assert list(rules.languages) == written["languages"]
    assert words == {topic.key: [word for some in topic.words.values() for word in some] for topic in shop.topics()}


@pytest.mark.django_db
def test_a_second_start_renews_the_password_of_the_same_three_logins() -> None:
    with within(EVERY_TENANT):
        tenant = Tenant.objects.create(slug="fanalou", name="Fanalou")
        get_user_model().objects.create_superuser("lead", "lead@fanalou.example", "as an older demo made it")
        passwords = [seed._logins(tenant) for _ in range(2)]
    members = Membership.objects.order_by("user__username").select_related("user")
    assert [(each.user.username, each.user.is_superuser, each.user.is_staff, each.role) for each in members] == [
        ("agent", False, True, "agent"), ("lead", False, True, "lead"), ("operator", True, True, "operator")]  # fmt: skip
    assert [[each.user.check_password(word) for word in passwords] for each in members] == [[False, True]] * 3
    assert (len(set(passwords)), min(map(len, passwords)) >= 12) == (2, True)


def test_while_the_demo_runs_another_command_finds_what_it_needs(
    started: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOMETHING_OF_THE_USERS", "x")
    left = tmp_path / processes.ENVIRONMENT
    left.write_text("of a demo that was killed")
    with processes.stage(tmp_path, {"DATABASE_URL": "postgresql://own", "KLARK_SECRET_KEY": "k=="}, 8123):
        lines = left.read_text().splitlines()
        assert stat.S_IMODE(left.stat().st_mode) == 0o600
    told = dict(line.split("=", 1) for line in lines)
    wanted = {
        "DATABASE_URL": "'postgresql://own'", "KLARK_SECRET_KEY": "'k=='", "KLARK_MODE": "'demo'",
        "KLARK_URL": "'http://127.0.0.1:8123'",
    }  # fmt: skip
    assert {name: told[name] for name in wanted} == wanted
    assert ("SOMETHING_OF_THE_USERS" in told, left.exists()) == (False, False)
