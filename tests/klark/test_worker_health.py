"""The command by which Compose asks whether a worker lives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from klark import tasks

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_the_workers_health_check_ends_and_says_that_no_worker_is_there() -> None:
    check = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["worker"]["healthcheck"]["test"]
    assert check[:2] == ["CMD", "celery"]
    done = subprocess.run(
        [sys.executable, "-m", *check[1:-1], "1"],
        env={**os.environ, "KLARK_MODE": "test", "BROKER_URL": os.environ["KLARK_TEST_BROKER_URL"]},
        cwd=ROOT, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.strip()) == (69, "Error: No nodes replied within time constraint")


def test_a_worker_loads_what_its_first_ticket_would_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks, "detect", lambda text: asked.append("language"))
    monkeypatch.setattr(tasks.triage_model, "trouble", lambda: asked.append("triage"))
    tasks.warm_up()
    assert asked == ["language", "triage"]
