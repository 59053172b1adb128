"""What `manage.py try` says of its options, without a database: each mistake in one plain sentence that names the option."""

import io
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from rich.console import Console
from rich.progress import Progress

from klark.management import trial
from klark.trial_files import read_article
from klark.values.policy.rules import Rules

command = import_module("klark.management.commands.try")


def refusal(call: Any, *given: Any) -> str:
    with pytest.raises(CommandError) as told:
        call(*given)
    return str(told.value)


def test_a_file_that_is_not_there_or_says_nothing_is_told_by_its_option(tmp_path: Path) -> None:
    (tmp_path / "blank").write_bytes(b" \n\r\n\t\n")
    (tmp_path / "empty").write_bytes(b"")
    told = {name: refusal(trial.must_have_lines, "tickets", tmp_path / name) for name in ("none", "", "blank", "empty")}
    assert told == {
        "none": f"--tickets: there is no file {tmp_path / 'none'}.", "": f"--tickets: there is no file {tmp_path}.",
        "blank": f"--tickets: {tmp_path / 'blank'} is empty; it takes one JSON object a line.",
        "empty": f"--tickets: {tmp_path / 'empty'} is empty; it takes one JSON object a line.",
    }  # fmt: skip
    (tmp_path / "good").write_bytes(b"\n\n{}\n")
    trial.must_have_lines("tickets", tmp_path / "good")


def test_a_file_that_may_not_be_read_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(path: Path, *args: Any, **options: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    path = tmp_path / "tickets.jsonl"
    path.write_text("{}")
    monkeypatch.setattr(Path, "open", forbid)
    monkeypatch.setattr(Path, "read_bytes", forbid)
    assert (
        refusal(trial.must_have_lines, "knowledge", path) == f"--knowledge: {path} cannot be read: Permission denied."
    )
    assert refusal(trial.rules_in, path) == f"--policy: {path} cannot be read: Permission denied."
    assert (
        refusal(lambda: command._out(str(path)).__enter__()) == f"--out: {path} cannot be written: Permission denied."
    )


def test_a_policy_is_one_object_of_known_words_about_known_topics(tmp_path: Path) -> None:
    path = tmp_path / "policy.json"

    def read(text: str) -> Rules | str | None:
        path.write_text(text)
        try:
            return trial.rules_in(path)
        except CommandError as error:
            return str(error).replace(str(path), "FILE")

    assert trial.rules_in(None) is None
    kept = read('{"mode": "queue", "languages": ["fr"], "topics": {"delivery": "reply"}}')
    assert isinstance(kept, Rules)
    assert (kept.mode, kept.languages) == ("queue", ("fr",))
    for ending in (".yaml", ".yml"):
        (tmp_path / f"policy{ending}").write_text("mode: off\ntopics: {delivery: reply}")
        assert trial.rules_in(tmp_path / f"policy{ending}") == Rules(mode="off", topics={"delivery": "reply"})
    wrong = {text: read(text) for text in ("[]", "null", "7", '"x"')}
    assert set(wrong.values()) == {"--policy: FILE does not hold a JSON object."}
    for text in ("", "{", "{]", "\x00", "{'a': 1}", "[" * 100_000):
        told = read(text)
        assert str(told).startswith("--policy: FILE: "), text[:9]
    assert "there is no topic 'delivry'" in str(read('{"topics": {"delivry": "reply"}}'))
    assert '"moode" is not part of a policy' in str(read('{"moode": "note"}'))


def test_decisions_go_to_the_file_or_here(tmp_path: Path) -> None:
    with command._out("-") as out:
        assert out is sys.stdout
    with command._out(str(tmp_path / "out.jsonl")) as out:
        out.write("é\n")
    assert (tmp_path / "out.jsonl").read_bytes() == "é\n".encode()
    gone = tmp_path / "nowhere" / "out.jsonl"
    assert (
        refusal(lambda: command._out(str(gone)).__enter__())
        == f"--out: {gone} cannot be written: No such file or directory."
    )
    assert (
        refusal(lambda: command._out(str(tmp_path)).__enter__())
        == f"--out: {tmp_path} cannot be written: Is a directory."
    )


def test_good_lines_go_on_and_the_others_are_named_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_text('{"id": "a", "title": "A", "body_html": "<p>x</p>"}\n\nnot json\n{"id": "b"}\n'
                    '{"id": "c", "title": "[bold]C", "body_html": "<p>y</p>"}\n')  # fmt: skip
    told, tally = io.StringIO(), Counter[str]()
    console = Console(file=told, width=200)
    with Progress(console=Console(file=io.StringIO())) as progress:
        good = list(trial.good_lines(progress, "articles", path, read_article, tally, console))
        (task,) = progress.tasks
    assert [(line.number, line.value.title) for line in good] == [(1, "A"), (5, "[bold]C")]
    assert (tally, task.total, task.completed) == ({"bad": 2}, 4, 4)
    assert [line.partition(": ")[0] for line in told.getvalue().splitlines()] == [f"{path}, line 3", f"{path}, line 4"]


def test_the_summary_counts_each_decision_with_its_reason_and_how_sure_klark_was() -> None:
    told = io.StringIO()
    tally, sure = Counter({"REPLY answered": 3, "SKIP spam": 1}), {"REPLY answered": [0.5, 1.0], "SKIP spam": []}
    command._summary(Console(file=told, width=80), tally, sure)
    rows = [line.split() for line in told.getvalue().splitlines() if "answered" in line or "spam" in line]
    assert [[word for word in row if word != "│"] for row in rows] == [
        ["REPLY", "answered", "3", "75", "%"],
        ["SKIP", "spam", "1", "—"],
    ]
