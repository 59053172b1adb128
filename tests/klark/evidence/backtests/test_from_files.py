"""`manage.py backtest` on files: the form of a ticket, what is told of bad input, and a run from the shell."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from klark.evidence.closed_ticket import closed_of, left_out
from klark.trial_files import BadLine, read_article, read_closed_ticket
from tests.engines import migrated_database
from tests.klark.evidence.backtests.past import NOBODY

ROOT = Path(__file__).resolve().parents[4]
ARTICLE = {
    "id": "hours",
    "title": "Opening hours",
    "lang": "en",
    "body_html": "<p>The studio is open from 7:00 to 22:00.</p>",
}
ASKED = {"body_html": "<p>When is the studio open?</p>", "created_at": "2026-11-02T09:00:00+01:00"}
TICKETS: list[dict[str, Any]] = [
    {"id": 1, **ASKED, "agent_answer": "It is open from 7:00 to 22:00."},
    {"id": 2, **ASKED, "agent_answer": "It is open from 7:00 to 23:30."},
    {"id": 3, **ASKED, "agent_answer": "Called her, all fine."},
    {"id": 4, **ASKED, "status": "deleted"}, {"id": 5, **ASKED, "merged": True},
    {"id": 6, "body_html": "", "agent_answer": "Thanks for the photo."},
]  # fmt: skip


def test_a_ticket_line_says_when_it_came_and_what_the_agent_answered() -> None:
    one = closed_of(read_closed_ticket(TICKETS[0]), NOBODY)
    assert (one.answer, str(one.asked.created_at)) == ("It is open from 7:00 to 22:00.", "2026-11-02 09:00:00+01:00")
    assert [each.body_text for each in one.asked.comments] == ["When is the studio open?"]


def test_where_the_line_has_a_history_the_first_question_and_its_answer_count() -> None:
    talk = [{"from": "customer", "body_html": "Hello?"}, {"from": "agent", "body_html": "At 7:00."}]
    one = closed_of(read_closed_ticket({**TICKETS[1], "history": talk}), NOBODY)
    assert ([each.body_text for each in one.asked.comments], one.answer) == (["Hello?"], "At 7:00.")


@pytest.mark.parametrize(("change", "why"), [
    ({}, None), ({"status": "deleted"}, "deleted"), ({"merged": True}, "merged"), ({"status": "open"}, "open"),
])  # fmt: skip
def test_a_line_may_say_that_its_ticket_is_no_part_of_it(change: dict[str, Any], why: str | None) -> None:
    assert left_out(read_closed_ticket({**TICKETS[0], **change})) == why


@pytest.mark.parametrize(("change", "words"), [
    ({"agent_answer": 5}, '"agent_answer" is missing or not a text'), ({"status": "done"}, '"status" takes one of closed'),
    ({"merged": "yes"}, '"merged" is not true or false'), ({"created_at": "soon"}, '"created_at" takes a date such as'),
])  # fmt: skip
def test_a_closed_ticket_that_cannot_be_read_says_what_is_wrong(change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadLine, match=words):
        read_closed_ticket({**TICKETS[0], **change})


def test_an_article_may_say_when_it_was_first_written() -> None:
    assert str(read_article({**ARTICLE, "created": "2026-01-02"}).created_at) == "2026-01-02 00:00:00+00:00"


@pytest.mark.parametrize(("options", "words"), [
    ((), "Give --knowledge and --tickets, or --connection and --since."),
    (("--tickets", "t"), "Give --knowledge and --tickets"),
    (("--connection", "0b5c2f6e-9d0a-4d27-8b8e-6f4f3c1f6f11"), "--connection needs --since"),
    (("--connection", "0b5c2f6e-9d0a-4d27-8b8e-6f4f3c1f6f11", "--tickets", "t"), "leave the files out"),
    (("--knowledge", "k", "--tickets", "t", "--llm", "some-model"), "--llm some-model needs --connection"),
    (("--since", "1066-01-01"), "takes a day from 1970-01-01 on"),
    (("--connection", "7"), "takes a connection's id"), (("--since", "soon"), "takes a day such as"),
    (("--limit", "0"), "takes a number from 1"), (("--knowledge", "k", "--tickets", "t"), "there is no file k"),
])  # fmt: skip
def test_options_that_do_not_go_together_are_told_in_one_sentence(
    options: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("backtest", *options, "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.fixture
def database(django_db_setup: None) -> Iterator[tuple[str, str]]:
    """An empty database that is migrated already; `test_try` shows that klark starts its own, and its model for search."""
    with migrated_database(f"klark_backtest_{os.getpid()}") as addresses:
        yield addresses


def run(folder: Path, database: tuple[str, str], *lines: str) -> tuple[int, str]:
    (folder / "articles.jsonl").write_text(json.dumps(ARTICLE))
    (folder / "tickets.jsonl").write_text("\n".join(lines))
    argv = [sys.executable, "manage.py", "backtest", "--knowledge", folder / "articles.jsonl", "--data", folder / "data",
            "--tickets", folder / "tickets.jsonl", "--out", folder / "out"]  # fmt: skip
    kept = ("KLARK_", "DATABASE_", "BROKER_", "DJANGO_")
    env = {name: value for name, value in os.environ.items() if not name.startswith(kept)}
    env |= {"DATABASE_URL": database[0], "DATABASE_OWNER_URL": database[1], "KLARK_EMBEDDINGS": ""}
    done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=180, check=False)
    return done.returncode, done.stderr


@pytest.mark.slow
def test_a_run_from_the_shell_writes_a_report_and_names_the_line_that_is_broken(
    tmp_path: Path, database: tuple[str, str]
) -> None:
    status, said = run(tmp_path, database, *map(json.dumps, TICKETS), "{")
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    assert (status, "line 7: is not JSON" in said, report["left_out"]) == (
        1, True, {"deleted": 1, "merged": 1, "unreadable": 1},
    )  # fmt: skip
    assert "sent: 0 % (0 of 4; 0 to 49 %); held: 75 % (3 of 4" in said
    assert "Of those held, where an agent's reply can be compared: right: 50 % (1 of 2; 9 to 91 %); incomplete:" in said
    told = [(one["id"], one["decision"], one["verdict"], one["nothing_to_compare"]) for one in report["tickets"]]
    assert told == [
        ("1", "NOTE", "right", ""), ("2", "NOTE", "wrong", ""), ("3", "NOTE", None, "by_phone"), ("6", "SKIP", None, ""),
    ]  # fmt: skip
