"""Who runs what on several cores; a pytest plugin.

A worker gets a file's tests at a time, the slow files first, so that none is left alone with one at the end. What a file makes
once (a server, a trial's database, the triage model's vectors) is then made once, and the browser, too.
"""

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/browser",)
"""Folders whose tests share what is dear."""


class ByFile(LoadFileScheduling):
    """Tests of a file go to one worker, and those of some folders."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(f"{folder}/")), super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests that wait for a worker, a lease or a time-out leave theirs idle."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's files, then other slow ones, then the rest. pytest-django has sorted them before, by their transactions."""
    slow = {each.path for each in items if each.get_closest_marker("slow")}
    apart = {each.path for each in items if each.get_closest_marker("browser")}
    items.sort(key=lambda each: (each.path not in apart, each.path not in slow))


def import_own_share(root: Path) -> None:
    """Each worker begins with other test modules, so that it finds most others compiled by their worker. What cannot be
    imported is told when it is collected."""
    number, of = int(os.environ["PYTEST_XDIST_WORKER"][2:]), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for path in sorted((root / "tests").rglob("test_*.py"))[number::of]:
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(path.relative_to(root).with_suffix("").parts))
