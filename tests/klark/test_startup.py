"""What must be mended before it matters is said at the start, by a stable id."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.apps import apps
from psycopg import ConnectionInfo
from pytest_django import Settings

from klark import checks


class At:
    """A database reached as a role."""

    def __init__(self, url: str) -> None:
        self.url = url

    @contextmanager
    def cursor(self) -> Iterator[Any]:
        with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
            yield cursor


def ids(found: list[Any]) -> list[str]:
    return [each.id for each in found]


@pytest.mark.parametrize(("variable", "expected"), [
    ("KLARK_TEST_OWNER_URL", ["klark.E001"]), ("KLARK_TEST_DATABASE_URL", []),
])  # fmt: skip
def test_a_role_that_no_security_binds_is_an_error(
    monkeypatch: pytest.MonkeyPatch, variable: str, expected: list[str]
) -> None:
    monkeypatch.setattr(checks, "connections", {"default": At(os.environ[variable])})
    assert ids(checks.check_database_role(["default"])) == expected


def test_without_a_database_to_check_nothing_is_asked() -> None:
    assert (checks.check_database_role(None), checks.check_database_role(["owner"])) == ([], [])


@pytest.mark.django_db
def test_more_connections_than_postgresql_has_are_refused_with_what_to_set(settings: Settings) -> None:
    assert checks.check_connections(["default"]) == []
    settings.KLARK_WORKERS = 60
    (error,) = checks.check_connections(["default"])
    assert (error.id, "620 together; PostgreSQL has 197" in error.msg) == ("klark.E006", True)
    assert "max_connections by 423" in (error.hint or "")


@pytest.mark.django_db
def test_connections_are_not_counted_behind_a_pooler(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.KLARK_WORKERS = 60
    monkeypatch.setattr(checks, "ROOM", checks.ROOM.replace("inet_server_port()", "6432"))
    assert checks.check_connections(["default"]) == []


@pytest.mark.django_db
def test_an_address_of_one_link_is_no_reason_to_refuse(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """libpq names the interface of a link-local address, and PostgreSQL reads no such address."""
    settings.KLARK_WORKERS = 60
    monkeypatch.setattr(ConnectionInfo, "hostaddr", "fe80::1%eth0")
    assert checks.check_connections(["default"]) == []


@pytest.mark.parametrize(("production", "expected"), [(True, []), (False, ["klark.W001"])])
def test_a_mode_that_is_not_production_is_a_warning(settings: Settings, production: bool, expected: list[str]) -> None:
    settings.PRODUCTION = production
    assert ids(checks.check_standalone()) == expected


def test_a_variable_that_would_send_every_request_elsewhere_is_an_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PRODUCTION = True
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", "evil.example.com")
    assert ids(checks.check_standalone()) == ["klark.E002"]


def test_every_finding_says_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PRODUCTION = False
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", "evil.example.com")
    monkeypatch.setattr(checks, "connections", {"default": At(os.environ["KLARK_TEST_OWNER_URL"])})
    found = [*checks.check_standalone(), *checks.check_database_role(["default"])]
    assert [each.id for each in found if not each.hint] == []


def test_garbage_is_collected_again_once_all_is_imported() -> None:
    gc.disable()
    apps.get_app_config("klark").ready()
    assert gc.isenabled()
