"""One PostgreSQL and one Valkey for a whole test run, however many pytest-xdist workers it has; a pytest plugin.

The process that was started by hand starts the servers in a fresh temporary folder and tells the workers by their
environment; it outlives them, and if it is killed the servers end with it. With KLARK_TEST_OWNER_URL set from outside,
those servers are used and left alone.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from klark.runtime.embedded_servers import Engines, Running, start
from klark.runtime.servers import furnish_database

VARIABLES = {
    "KLARK_TEST_OWNER_URL": "owner_url",
    "KLARK_TEST_DATABASE_URL": "database_url",
    "KLARK_TEST_BROKER_URL": "broker_url",
}
TEMPLATE = "KLARK_TEST_TEMPLATE"
"""Names the migrated database that each worker copies (conftest.py)."""
RUNNING = pytest.StashKey[Running]()


def announce(engines: Engines, environment: MutableMapping[str, str]) -> None:
    """Write where the servers are into `environment`, which child processes inherit."""
    environment.update({name: getattr(engines, field) for name, field in VARIABLES.items()})


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault(TEMPLATE, f"klark_template_{os.getpid()}")
    if "KLARK_TEST_OWNER_URL" in os.environ:
        return
    config.stash[RUNNING] = running = start(Path(tempfile.mkdtemp(prefix="klark-tests-")), durable=False)
    announce(running.engines, os.environ)


def pytest_unconfigure(config: pytest.Config) -> None:
    if running := config.stash.get(RUNNING, None):
        running.stop()
        shutil.rmtree(running.engines.folder)
        for name in VARIABLES:
            os.environ.pop(name, None)
    elif "PYTEST_XDIST_WORKER" not in os.environ:
        drop_database(os.environ["KLARK_TEST_OWNER_URL"], os.environ[TEMPLATE])


@contextmanager
def unmigrated_database(name: str, role: str) -> Iterator[tuple[str, str]]:
    """Yields the addresses of an empty database, for a role of the application's that is not there yet, and for its owner."""
    owner = os.environ["KLARK_TEST_OWNER_URL"]
    where = urlsplit(owner)
    fresh = where._replace(path=f"/{name}")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield fresh._replace(netloc=f"{role}:once@{where.netloc.rpartition('@')[2]}").geturl(), fresh.geturl()
    drop_database(owner, name)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


@contextmanager
def migrated_database(name: str) -> Iterator[tuple[str, str]]:
    """Yields the addresses of a copy of the migrated database (conftest.py), for the application's role and for its owner."""
    owner = os.environ["KLARK_TEST_OWNER_URL"]
    create_database(owner, name, template=os.environ[TEMPLATE])
    application = os.environ["KLARK_TEST_DATABASE_URL"]
    yield urlsplit(application)._replace(path=f"/{name}").geturl(), urlsplit(owner)._replace(path=f"/{name}").geturl()
    drop_database(owner, name)


def create_database(owner_url: str, name: str, template: str | None = None) -> None:
    """Make a database with klark's extensions and grants, or a copy of `template`, to which nobody may be connected."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template or "template1")))
    furnish_database(owner_url, name)


def drop_database(owner_url: str, name: str) -> None:
    """Drop a database, cutting whoever is connected; a missing one is no error."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
