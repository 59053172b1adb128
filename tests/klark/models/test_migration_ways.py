"""Which migrations a database takes, by what it has taken before: one for all of the first fourteen, or those that it lacks."""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

WHOLE = ("klark", "0001_squashed_0014_confidence")
FIRST, LAST = "0001_initial", "0014_confidence"


def taken_by(patch: pytest.MonkeyPatch, *applied: str) -> list[str]:
    """What `migrate` would apply to klark's tables, in order, where these stand already."""
    had: dict[Any, Any] = {("klark", name): None for name in applied}
    patch.setattr(MigrationRecorder, "applied_migrations", lambda _: had)
    loader = MigrationLoader(connection)
    (leaf,) = loader.graph.leaf_nodes("klark")
    plan = loader.graph.forwards_plan(leaf)
    return [name for app, name in plan if app == "klark" and (app, name) not in loader.applied_migrations]


def replaced() -> list[str]:
    loader = MigrationLoader(None)
    return [name for _, name in loader.disk_migrations[WHOLE].replaces]


def test_a_new_database_takes_one_for_the_first_fourteen(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = taken_by(monkeypatch)
    assert (fresh[:2], set(fresh) & set(replaced())) == ([WHOLE[1], "0015_audience"], set())


@pytest.mark.parametrize("whole", [False, True])
def test_one_with_all_fourteen_goes_on_behind_them(monkeypatch: pytest.MonkeyPatch, whole: bool) -> None:
    applied = [*replaced(), *([WHOLE[1]] if whole else [])]
    assert taken_by(monkeypatch, *applied)[0] == "0015_audience"


def test_one_that_stopped_half_way_takes_the_rest_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    names = replaced()
    assert (names[0], names[-1]) == (FIRST, LAST)
    rest = taken_by(monkeypatch, *names[:9])
    assert rest[: len(names) - 8] == [*names[9:], "0015_audience"]
