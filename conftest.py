"""Every test runs against one real PostgreSQL; each worker has a database of its own, as the application's role."""

import gc
import os
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import connections
from django.db.backends.base.introspection import BaseDatabaseIntrospection

from klark.triage import model as classify
from tests.engines import create_database, drop_database, pytest_configure, pytest_unconfigure
from tests.remembered import Remembered

__all__ = ["pytest_configure", "pytest_unconfigure"]  # the engines start and stop with the run


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
            with connections["owner"].cursor() as cursor:  # only so that tests that commit can be wiped
                user = settings.DATABASES["default"]["USER"]
                cursor.execute(f"GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO {user}")
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
        yield
        disconnect()
    drop_database(owner, name)


@pytest.fixture(autouse=True, scope="session")
def the_triage_model_is_asked_once_for_each_text() -> Iterator[None]:
    """The real one, in its own process."""
    with pytest.MonkeyPatch.context() as patch:
        remembered = Remembered(classify.model())
        patch.setattr(classify, "model", lambda: remembered)
        yield


@pytest.fixture(autouse=True, scope="session")
def a_wipe_leaves_what_migrate_wrote() -> Iterator[None]:
    """After each test that commits, Django empties every table and writes all content types and permissions anew."""
    tables = BaseDatabaseIntrospection.django_table_names
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", lambda *_, **__: None)
        patch.setattr(
            BaseDatabaseIntrospection, "django_table_names",
            lambda *asked, **options: {*tables(*asked, **options)} - {"django_content_type", "auth_permission"},
        )  # fmt: skip
        yield


def pytest_collection(session: pytest.Session) -> None:
    """Twelve thousand cases are made, and none is garbage: looking for it takes a fifth of the time."""
    gc.disable()
    whole = [Path(given) for given in session.config.args] == [session.config.rootpath / "tests"]
    if whole and "PYTEST_XDIST_WORKER" in os.environ:
        import_own_share(session.config.rootpath)


def import_own_share(root: Path) -> None:
    """Each worker begins with other test modules, so that it finds most others compiled by their worker. What cannot be
    imported is told when it is collected."""
    number, of = int(os.environ["PYTEST_XDIST_WORKER"][2:]), int(os.environ["PYTEST_XDIST_WORKER_COUNT"])
    for path in sorted((root / "tests").rglob("test_*.py"))[number::of]:
        with suppress(Exception, pytest.skip.Exception):
            import_module(".".join(path.relative_to(root).with_suffix("").parts))


def pytest_collection_finish() -> None:
    """What the cases hold need not be looked through again while they run."""
    gc.freeze()
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: tests that wait for a worker, a lease or a time-out leave theirs idle."""
    return (os.cpu_count() or 1) + 1
