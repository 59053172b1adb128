"""One pair of servers serves every worker of a test run, and nothing of it is left afterwards."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.engines import VARIABLES, create_database, drop_database
from tests.klark.owners import ROOT

pytestmark = pytest.mark.slow

# Each case writes down which worker it ran in, what the workers were told, and that a server answers there.
SUITE = """
import json, os, pathlib, psycopg, pytest

@pytest.mark.parametrize("case", range(8))
def test_case(case, worker_id):
    told = {name: os.environ[name] for name in %r}
    psycopg.connect(told["KLARK_TEST_DATABASE_URL"]).close()
    pathlib.Path("seen-%%s.json" %% worker_id).write_text(json.dumps(told))
"""


ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Makes pytest load only the plugins named with -p."""


def run_suite(folder: Path, *options: str, **environment: str) -> list[dict[str, str]]:
    """What each worker was told."""
    (folder / "test_suite.py").write_text(SUITE % (list(VARIABLES),))
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("KLARK_TEST", "PYTEST_"))}
    plugins = ("no:cacheprovider", "xdist.plugin", "tests.engines")
    command = [sys.executable, "-m", "pytest", *(f"-p{each}" for each in plugins), *options]
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), "TMPDIR": str(folder)}
    subprocess.run(
        command, cwd=folder, check=True, env=inherited | paths | ALONE | environment, stdout=subprocess.DEVNULL
    )
    return [json.loads(path.read_text()) for path in sorted(folder.glob("seen-*.json"))]


@pytest.fixture
def owner_url() -> str:
    """Of the servers of this very run."""
    return os.environ["KLARK_TEST_OWNER_URL"]


def test_all_workers_share_one_server_and_nothing_is_left(tmp_path: Path) -> None:
    told = run_suite(tmp_path, "-n", "2")
    assert (len(told), told[0]) == (2, told[1])
    assert sorted(told[0]) == sorted(VARIABLES)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(told[0]["KLARK_TEST_OWNER_URL"])
    assert list(tmp_path.glob("klark-tests-*")) == []


def test_servers_given_from_outside_are_used_and_left_alone(tmp_path: Path, owner_url: str) -> None:
    given = dict.fromkeys(VARIABLES, owner_url)
    assert run_suite(tmp_path, "-n", "0", **given) == [given]
    psycopg.connect(owner_url).close()


def tables(owner_url: str, name: str) -> list[tuple[str]]:
    with psycopg.connect(owner_url, dbname=name) as connection:
        return connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()


def test_a_database_is_made_copied_and_dropped(owner_url: str) -> None:
    first, second = (f"klark_{name}_{os.getpid()}" for name in ("first", "second"))
    create_database(owner_url, first)
    with psycopg.connect(owner_url, dbname=first) as connection:
        connection.execute("CREATE TABLE kept (embedding vector(3))")
    create_database(owner_url, second, template=first)
    assert tables(owner_url, second) == [("kept",)]
    with psycopg.connect(owner_url) as connection:
        allowed = (
            "SELECT datname FROM pg_database WHERE has_database_privilege('klark_app', datname, 'CONNECT') ORDER BY 1"
        )
        assert {(first,), (second,)} <= set(connection.execute(allowed).fetchall())
    with psycopg.connect(owner_url, dbname=second):
        drop_database(owner_url, second)
    for name in (first, second):
        drop_database(owner_url, name)
        with pytest.raises(psycopg.OperationalError, match=f'database "{name}" does not exist'):
            tables(owner_url, name)
