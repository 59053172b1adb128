"""Every test runs against one real PostgreSQL; each worker has a database of its own, as the application's role."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import connection, connections
from django.template import Context, Template
from psycopg import sql
from psycopg.conninfo import make_conninfo

from klark.runtime.postgresql.base import DatabaseWrapper
from klark.triage import model as classify
from tests.engines import create_database, drop_database, pytest_configure, pytest_unconfigure
from tests.remembered import Remembered
from tests.shares import (
    import_own_share,
    pytest_collection_modifyitems,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)
from tests.tables import pytest_pycollect_makeitem, whole

__all__ = [
    "pytest_collection_modifyitems",
    "pytest_configure",  # the engines start and stop with the run
    "pytest_pycollect_makeitem",
    "pytest_unconfigure",
    "pytest_xdist_auto_num_workers",
    "pytest_xdist_make_scheduler",
]
KEPT = {"django_content_type", "auth_permission"}
"""What `migrate` wrote."""
GARBAGE = 20_000, 20, 20
"""How many objects are made before it is looked for, and how often among older ones: a thirtieth as often as Python would."""


def place(alias: str, url: str, name: str) -> None:
    """Point a Django database at a server's role and a database there."""
    parts = urlsplit(url)
    where = {
        "NAME": name,
        "USER": parts.username,
        "PASSWORD": parts.password,
        "HOST": parts.hostname,
        "PORT": parts.port,
    }
    settings.DATABASES[alias].update(where)
    connections[alias].settings_dict.update(where)


def disconnect() -> None:
    """End all of Django's connections."""
    for alias in connections:
        connections[alias].close()
        connections[alias].close_pool()


def to_database(name: str) -> None:
    """Lead Django's connections to a database of the run's server."""
    disconnect()
    place("owner", os.environ["KLARK_TEST_OWNER_URL"], name)
    place("default", os.environ["KLARK_TEST_DATABASE_URL"], name)


def migrated(owner: str) -> str:
    """The name of a migrated database to be copied. The first worker to ask makes it, while the others wait."""
    name = os.environ["KLARK_TEST_TEMPLATE"]
    with psycopg.connect(owner, autocommit=True) as line:
        line.execute("SELECT pg_advisory_lock(1)")
        if not line.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            create_database(owner, f"{name}_unfinished")
            to_database(f"{name}_unfinished")
            call_command("migrate", verbosity=0)
            disconnect()
            line.execute(f"ALTER DATABASE {name}_unfinished RENAME TO {name}")
    return name


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, worker_id: str) -> Iterator[None]:
    """A migrated database, reached as the role that row-level security binds."""
    owner, name = os.environ["KLARK_TEST_OWNER_URL"], f"klark_test_{worker_id}"
    drop_database(owner, name)
    with django_db_blocker.unblock():
        create_database(owner, name, template=migrated(owner))
        to_database(name)
        with wiped_by_deleting(make_conninfo(owner, dbname=name)):
            yield
        disconnect()
    drop_database(owner, name)


@contextmanager
def wiped_by_deleting(address: str) -> Iterator[None]:
    """After each test that commits, Django gives every table new, empty files, some four hundred, and writes all content types
    and permissions anew. A superuser whom no trigger hears deletes the few rows that there are instead, and leaves those.
    """
    found = {*connection.introspection.django_table_names(only_existing=True, include_views=False)} - KEPT
    tables = [sql.Identifier(name) for name in sorted(found)]
    lock = sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(sql.SQL(", ").join(tables))
    statement = sql.SQL("; ").join((lock, *map(sql.SQL("DELETE FROM {}").format, tables)))
    options = "-c session_replication_role=replica"
    with psycopg.connect(address, options=options, autocommit=True) as line, pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", lambda *_, **__: line.execute(statement) and None)
        yield


@pytest.fixture(autouse=True, scope="session")
def the_triage_model_is_asked_once_for_each_text() -> Iterator[None]:
    """The real one, in its own process."""
    with pytest.MonkeyPatch.context() as patch:
        remembered = Remembered(classify.model())
        patch.setattr(classify, "model", lambda: remembered)
        yield


@pytest.fixture(autouse=True, scope="session")
def a_pages_own_context_is_kept(django_test_environment: None) -> Iterator[None]:
    """Django's client copies what each of a page's two hundred templates is given. Tests look at what the page is given."""
    whole_page = Template._render

    def rendered(template: Template, context: Context) -> str:
        within_another = len(context.render_context.dicts) > 2
        return template.nodelist.render(context) if within_another else whole_page(template, context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", rendered)
        yield


@pytest.fixture(autouse=True, scope="session")
def a_block_within_a_tests_own_goes_with_its_first_statement() -> Iterator[None]:
    """Its savepoint stands for the BEGIN that klark would send, and goes as that does: with what is asked first."""
    at_once = DatabaseWrapper._savepoint

    def savepoint(link: DatabaseWrapper, sid: str) -> None:
        if all(block._from_testcase for block in link.atomic_blocks):
            link.prepend(link.ops.savepoint_create_sql(sid))
        else:
            at_once(link, sid)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseWrapper, "_savepoint", savepoint)
        yield


def pytest_collection(session: pytest.Session) -> None:
    """Thousands of cases are made, and none is garbage: looking for it takes a fifth of the time."""
    gc.disable()
    if whole(session.config) and "PYTEST_XDIST_WORKER" in os.environ:
        import_own_share(session.config.rootpath)


def pytest_collection_finish() -> None:
    """What the cases hold need not be looked through again while they run, and what they make is mostly gone by itself."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    gc.enable()
