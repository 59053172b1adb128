"""`manage.py worker`: as many processes as KLARK_WORKERS says start and end together; stand-ins for Celery's here."""

import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from klark.management.commands import worker
from tests.integrations.sandboxed import wait_for

STAYS = "import os, sys, time; open(sys.argv[1] + '/' + sys.argv[-1], 'w').write(str(os.getpid())); time.sleep(60)"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where each of three processes, in place of Celery's, writes its process id under its name."""
    settings.KLARK_WORKERS = 3
    monkeypatch.setattr(worker, "WORKER", ("-S", "-c", STAYS, str(tmp_path)))
    before = signal.getsignal(signal.SIGTERM)
    yield tmp_path
    signal.signal(signal.SIGTERM, before)


def started(folder: Path) -> list[int]:
    return [int(text) for path in sorted(folder.iterdir()) if (text := path.read_text())]


def signalled(folder: Path, whom: str) -> None:
    assert wait_for(lambda: len(started(folder)) == 3)
    os.kill(started(folder)[1] if whom == "one of them" else os.getpid(), signal.SIGTERM)


@pytest.mark.django_db
@pytest.mark.parametrize(("whom", "end"), [("one of them", CommandError), ("the command", SystemExit)])
def test_all_workers_end_with_the_command_and_with_any_of_them(
    folder: Path, whom: str, end: type[BaseException]
) -> None:
    threading.Thread(target=signalled, args=(folder, whom)).start()
    with pytest.raises(end):
        call_command("worker")
    assert sorted(path.name for path in folder.iterdir()) == ["1@%h", "2@%h", "3@%h"]
    for pid in started(folder):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
