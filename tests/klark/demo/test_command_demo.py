"""`manage.py demo` without anything started: what it prints, how it stays, and the status it ends with."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings
from rich.console import Console

from klark.demo.closing import Closing
from klark.demo.expectations import Score
from klark.demo.model_choice import Writer
from klark.demo.screen import Steps
from klark.management.commands import demo
from klark.runtime.embedded_servers import CannotStart
from klark.runtime.processes import StartFailed


def said(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@contextmanager
def nothing_started(*_: object, **__: object) -> Iterator[dict[str, str]]:
    """In place of PostgreSQL and Valkey of its own."""
    yield {}


def failing(error: Exception) -> Callable[..., Any]:
    def start(*_: object, **__: object) -> Any:
        raise error

    return start


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A demo whose parts do nothing; `score` is what it comes to, `began` what it was started with."""
    state = SimpleNamespace(
        score=Score(), began={}, seeded=SimpleNamespace(password="kite-and-key"), closing=Closing(None), differing=[]
    )

    class Show:
        def __init__(self, running: object, seeded: object, console: object, pace: float, started: float) -> None:
            self.running, self.seeded = running, seeded
            state.began["pace"] = pace

        def run(self) -> None:
            state.began["ran"] = True

        def score(self) -> Score:
            return state.score  # type: ignore[no-any-return]  # a namespace

    def standalone(folder: Path, **options: Any) -> Any:
        state.began.update(folder=folder, **options)
        return nothing_started()

    def play_on(folder: Path, servers: object, port: int, writer: str) -> Any:
        state.began.update(port=port, writer=writer)
        return nullcontext(
            SimpleNamespace(sandbox=None, web="http://127.0.0.1:9", writer=writer, check=failing(KeyboardInterrupt()))
        )

    for name, stand_in in (("standalone", standalone), ("stage", play_on), ("Show", Show), ("seed", lambda *_: state.seeded),
                           ("furnish", lambda _: None), ("close", lambda *_: state.closing),
                           ("not_replayed", lambda _: state.differing), ("tell", lambda *_: None),
                           ("wait_for_desks", lambda _: None), ("wait_for_web", lambda _: None),
                           ("get_ready", lambda *_: None),
                           ("call_command", lambda *_, **__: None)):  # fmt: skip
        monkeypatch.setattr(demo, name, stand_in)
    return state


def test_a_demo_whose_backtest_was_not_done_or_whose_drafts_end_otherwise_again_says_so_and_ends_with_status_1(
    stage: SimpleNamespace, tmp_path: Path
) -> None:
    stage.closing, stage.differing = Closing(None, "The budget is spent."), ["ticket 7: judge"]
    with pytest.raises(SystemExit):
        said("demo", "--once", "--data", str(tmp_path))
    assert (stage.score.unexpected, stage.score.differences) == (
        2, ["backtest: The budget is spent.", "replay: ticket 7: judge"])  # fmt: skip


def test_a_good_demo_prints_its_figures_last_and_ends_well(stage: SimpleNamespace, tmp_path: Path) -> None:
    told = said("demo", "--once", "--json", "--data", str(tmp_path), "--port", "8123")
    assert json.loads(told.splitlines()[-1]) == stage.score.as_json()
    assert stage.began == {
        "folder": tmp_path, "fresh": False, "port": 8123, "writer": "recorded", "pace": demo.ONCE_PACE_S, "ran": True,
    }  # fmt: skip


@pytest.mark.parametrize("flaw", ["lost", "doubled", "over_a_human", "unexpected"])
def test_a_demo_with_a_flaw_ends_with_1_and_still_prints_its_figures(
    stage: SimpleNamespace, tmp_path: Path, flaw: str
) -> None:
    setattr(stage.score, flaw, 1)
    out = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("demo", "--once", "--json", "--fresh", "--data", str(tmp_path), stdout=out)
    assert (end.value.code, json.loads(out.getvalue())[flaw], stage.began["fresh"]) == (1, 1, True)


def test_a_demo_stays_with_a_login_until_it_is_stopped(
    stage: SimpleNamespace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("demo", "--data", str(tmp_path))
    told = capsys.readouterr().out
    words = ("http://127.0.0.1:9/admin/", "lead ", "agent ", "operator ", "kite-and-key", "nothing is left running")
    assert [each for each in words if each not in told] == []
    assert (stage.began["pace"], 1024 < stage.began["port"] < 65536) == (demo.PACE_S, True)


@pytest.mark.parametrize(
    "error", [CannotStart("Another klark uses this folder."), StartFailed("web ended with status 1")]
)
def test_a_demo_that_cannot_start_says_so(
    stage: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
) -> None:
    monkeypatch.setattr(demo, "standalone", failing(error))
    with pytest.raises(CommandError, match=str(error)):
        said("demo", "--once", "--data", str(tmp_path))


def test_the_operators_own_model_must_be_named(stage: SimpleNamespace, tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(CommandError, match="--llm openai needs KLARK_MODEL_NAME"):
        said("demo", "--once", "--llm", "openai", "--data", str(tmp_path))
    settings.KLARK_MODEL_NAME = "writer"
    said("demo", "--once", "--llm", "openai", "--data", str(tmp_path))
    assert stage.began["writer"] == "openai"


# Before the first ticket

READY = {
    "recorded": "written in advance, no key is needed",
    "none": "No model: klark quotes",
    "openai": "KLARK_MODEL_NAME",
}


@pytest.mark.parametrize("writer", READY)
def test_who_writes_is_said(
    stage: SimpleNamespace, tmp_path: Path, writer: Writer, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KLARK_MODEL_NAME = "writer"
    call_command("demo", "--once", "--llm", writer, "--data", str(tmp_path))
    assert READY[writer] in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("writer", READY)
@pytest.mark.parametrize("passed", [True, False])
def test_the_judge_is_checked_while_the_worker_makes_vectors(
    monkeypatch: pytest.MonkeyPatch, writer: Writer, passed: bool
) -> None:
    called: list[str] = []

    def qualified(*_: object) -> Any:
        called.append("judge")
        return [SimpleNamespace(passed=passed)]

    monkeypatch.setattr(demo, "await_meaning", lambda *_: called.append("vectors"))
    monkeypatch.setattr(demo, "qualify", qualified)
    out = StringIO()
    running, seeded = SimpleNamespace(writer=writer, check=lambda: None), SimpleNamespace(tenant_id=1)
    demo.get_ready(cast("Any", running), cast("Any", seeded), Steps(Console(file=out, width=300)))
    assert sorted(called) == (["vectors"] if writer == "none" else ["judge", "vectors"])
    assert ("has not passed its check" in out.getvalue()) == (writer != "none" and not passed)
