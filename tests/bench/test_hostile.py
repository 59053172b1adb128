"""Damaged webhooks and documents, the same ones in each run: klark answers, refuses or leaves out, and never breaks."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from integrations.helpdesks.zendesk.client import Zendesk
from tests.bench import hostile
from tests.faults.processes import web

SEED, BODIES, FILES = 1, 1000, 100
"""`.ci/long` sends a million and reads 20,000."""


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each refusal is logged, and no worker is woken."""
    monkeypatch.setattr("klark.wakeup.wake", lambda: None)
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_thousand_damaged_webhooks_are_answered_and_none_breaks_the_door(
    quiet: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KLARK_LOG_LEVEL", "ERROR")
    with web(tmp_path, hostile.NO_BROKER, "--only", "webhooks") as address:
        ended = hostile.run(SEED, range(BODIES), hostile.connected(), address)
    assert capsys.readouterr().err == ""
    assert (ended["errors_5xx"], ended["crashed"], ended["accepted"] + ended["refused"]) == (0, 0, BODIES)
    assert min(ended["accepted"], ended["refused"]) > BODIES // 10  # some reach the parser, some do not


@pytest.mark.django_db(transaction=True)
def test_what_breaks_is_told_with_the_numbers_that_repeat_it(
    quiet: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Zendesk, "parse", staticmethod(lambda raw, headers: 1 / 0))
    ended = hostile.run(SEED, range(1, 20), hostile.connected(), "")
    told = capsys.readouterr().err.splitlines()
    assert ended["errors_5xx"] == len(told) > 0
    assert all(line.startswith(f"--seed {SEED} --only ") and ": 500 for /webhooks/" in line for line in told)


@pytest.mark.slow
def test_damaged_documents_are_read_or_left_out_and_hold_nobody_up() -> None:
    argv = [sys.executable, "-m", "tests.bench.hostile_files", "--count", str(FILES), "--seed", str(SEED), "--json"]
    told = json.loads(subprocess.run(argv, check=True, stdout=subprocess.PIPE, timeout=300).stdout)
    assert (told["hung"], told["crashed"], told["killed"], told["read"] + told["refused"]) == (0, 0, 0, FILES)
    assert min(told["read"], told["refused"]) > FILES // 10
    assert told["most_mib"] < 1024
