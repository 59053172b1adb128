"""A command that cannot reach its database ends with one line: which setting, and what PostgreSQL said."""

import os
from collections.abc import Sequence
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError

import manage
from klark.runtime import unreachable_database
from klark.runtime.unreachable_database import unreachable

NOBODY = {"HOST": "127.0.0.1", "PORT": "1"}


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    """The databases that the settings name: both the tests' own, which is there. A test may move them."""
    where = urlsplit(os.environ["KLARK_TEST_DATABASE_URL"])
    named = {"NAME": where.path[1:], "USER": where.username or "", "PASSWORD": where.password or "",
             "HOST": where.hostname or "", "PORT": str(where.port)}  # fmt: skip
    both = {"default": dict(named), "owner": dict(named)}
    monkeypatch.setattr(unreachable_database, "settings", SimpleNamespace(DATABASES=both))
    return both


def ended(monkeypatch: pytest.MonkeyPatch, error: Exception) -> str:
    def fail(_: Sequence[str]) -> None:
        raise error

    monkeypatch.setattr(manage, "execute_from_command_line", fail)
    with pytest.raises(SystemExit) as end:
        manage.main(["manage.py", "migrate"])
    return str(end.value.code)


@pytest.mark.parametrize(("moved", "variable"), [
    (("default",), "DATABASE_URL"), (("default", "owner"), "DATABASE_URL"), (("owner",), "DATABASE_OWNER_URL"),
])  # fmt: skip
def test_it_names_the_setting_and_says_what_postgresql_said(
    places: dict[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch, moved: Sequence[str], variable: str
) -> None:
    for alias in moved:
        places[alias] |= NOBODY
    line = ended(monkeypatch, OperationalError("couldn't get a connection after 2.00 sec"))
    assert line.startswith(f"{variable}: klark cannot connect to its database ")
    assert "Connection refused" in line
    assert "\n" not in line


def test_an_error_of_a_database_that_can_be_reached_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    assert unreachable() == ""
    monkeypatch.setattr(manage, "unreachable", lambda: "")
    with pytest.raises(OperationalError, match="deadlock"):
        ended(monkeypatch, OperationalError("deadlock detected"))


def test_a_wrong_setting_ends_a_command_with_its_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(monkeypatch, ImproperlyConfigured("KLARK_URL takes https://…")) == "KLARK_URL takes https://…"
