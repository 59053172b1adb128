"""`manage.py try`, as a person runs it: its own process, its own database, files in and files out."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = [
    {"id": "hours", "title": "Opening hours", "lang": "en",
     "body_html": "<p>The studio is open from 7:00 to 22:00 on weekdays.</p>"},
    {"id": "tarifs", "title": "Tarifs", "lang": "fr", "updated": "2026-05-01",
     "body_html": "<p>L'abonnement mensuel coûte 39 € par mois.</p>"},
]  # fmt: skip
TICKETS = [
    {"id": 1, "subject": "Hours", "body_html": "<p>When is the studio open on weekdays?</p>", "extra": "ignored"},
    {"id": "2", "subject": "Prix", "body_html": "<p>Combien coûte l'abonnement mensuel ?</p>"},
    {"id": "3", "subject": "Help", "body_html": "<p>Do you repair submarines at sea?</p>"},
    {"id": "4", "subject": "…", "body_html": "<p>I do not want to live any more.</p>"},
]


def refused(folder: Path, articles: list[Any], tickets: list[Any], **options: Any) -> str:
    """What the command says to what it can refuse before any server is started."""
    for name, given in (("articles", articles), ("tickets", tickets)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, given)) + "\n")
    with pytest.raises(CommandError) as complaint:
        call_command("try", knowledge=folder / "articles.jsonl", tickets=folder / "tickets.jsonl", out="-", **options)
    return str(complaint.value)


def run(folder: Path) -> tuple[int, list[dict[str, Any]], str]:
    (folder / "articles.jsonl").write_text("\n".join(map(json.dumps, ARTICLES)))
    (folder / "tickets.jsonl").write_text("\n".join(map(json.dumps, TICKETS)))
    argv = [sys.executable, "manage.py", "try", "--knowledge", str(folder / "articles.jsonl"), "--data", str(folder / "data"),
            "--tickets", str(folder / "tickets.jsonl"), "--out", "-"]  # fmt: skip
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("KLARK_", "DATABASE_", "BROKER_", "DJANGO_"))
    }
    done = subprocess.run(argv, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


@pytest.mark.slow
def test_each_ticket_gets_a_line_with_its_decision_and_sources(tmp_path: Path) -> None:
    status, lines, said = run(tmp_path)
    assert status == 0
    assert [(line["id"], line["decision"], line["reason"]) for line in lines] == [
        *((number, "NOTE", "sections_only") for number in "123"), ("4", "ESCALATE", "sensitive"),
    ]  # fmt: skip
    assert set(lines[0]) == {
        "id", "decision", "reason", "language", "topic", "priority", "sentiment", "sensitive", "reply_text", "sentences",
        "findings", "confidence", "cost", "ms",
    }  # fmt: skip
    assert all(line["confidence"] is None for line in lines)  # whole sections claim no answer
    summary = [[cell.strip() for cell in row.split("│")[1:-1]] for row in said.splitlines() if "│" in row]
    assert [row[:3] for row in summary] == [["NOTE", "sections_only", "3"], ["ESCALATE", "sensitive", "1"]]  # fmt: skip
    assert [row[3] for row in summary] == ["—", "—"]
    assert lines[1]["sentences"] == [
        {"text": "L'abonnement mensuel coûte 39 € par mois.", "state": "COPIED",
         "sources": [{"article": "tarifs", "text": "L'abonnement mensuel coûte 39 € par mois."}]}
    ]  # fmt: skip
    assert lines[3]["sensitive"] == ["self_harm"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ('{"mode": "shout"}', 'mode takes one of off, note, queue, reply, not "shout".'),
        ('{"moode": "note"}', '"moode" is not part of a policy'),
        ('{"topics": {"delivry": "reply"}}', "there is no topic 'delivry'; a trial knows delivery, returns,"),
        ("[]", "does not hold a JSON object"),
        ("{", "--policy:"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused_in_plain_words(tmp_path: Path, given: str, words: str) -> None:
    (tmp_path / "policy.json").write_text(given)
    said = refused(tmp_path, ARTICLES, TICKETS, policy=tmp_path / "policy.json")
    assert words in said


def test_a_file_without_a_line_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, ARTICLES, []).endswith("tickets.jsonl is empty; it takes one JSON object a line.")
