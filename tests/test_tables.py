"""A run of all tests tries each case of each table, and gives a file to one worker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.klark.owners import ROOT
from tests.test_engines import ALONE

pytestmark = pytest.mark.slow

SUITE = """
import os, pathlib, pytest

@pytest.mark.parametrize("number", range(4))
def test_is_even(number):
    assert number % 2 == 0

@pytest.mark.parametrize("number", range(3))
def test_asks_for_a_fixture(number, tmp_path):
    with open(__file__ + ".workers", "a") as seen:
        seen.write(os.environ.get("PYTEST_XDIST_WORKER", "none") + " ")
"""
ODD = """
import pytest

@pytest.fixture(autouse=True)
def of_this_file():
    pass

@pytest.mark.parametrize("number", range(2))
def test_its_file_has_a_fixture_for_each(number):
    pass

@pytest.mark.parametrize("number", [pytest.param(0, marks=pytest.mark.xfail(strict=True)), 1])
def test_one_case_has_a_mark(number):
    assert number
"""
SLOW = """
import pytest

pytestmark = pytest.mark.slow

def test_is_even_slowly():
    pass
"""


def run(folder: Path, *options: str) -> str:
    """What pytest says of the suite at its end."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("KLARK_TEST", "PYTEST_"))}
    plugins = ("no:cacheprovider", "xdist.plugin", "tests.tables", "tests.shares")
    command = [sys.executable, "-P", "-m", "pytest", "--import-mode=importlib", "--rootdir", str(folder),
               "--dist=loadfile", *(f"-p{each}" for each in plugins), *options]  # fmt: skip
    return subprocess.run(
        [*command, folder / "tests"], cwd=folder, env=inherited | {"PYTHONPATH": str(ROOT), **ALONE}, capture_output=True,
        text=True, check=False,
    ).stdout  # fmt: skip


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    for name, text in {"one": SUITE, "two": SUITE, "odd": ODD, "slow": SLOW}.items():
        (tmp_path / "tests" / f"test_{name}.py").write_text(text)
    return tmp_path


def test_a_table_is_one_test_of_a_whole_run_which_names_every_case_that_fails(suite: Path) -> None:
    said = run(suite, "-n2")
    assert "2 failed, 10 passed, 1 xfailed" in said  # of seven, seven, four cases and one
    assert [f"test_is_even[{number}]" in said for number in range(4)] == [False, True, False, True]
    assert [len({*path.read_text().split()}) for path in suite.rglob("*.workers")] == [1, 1]


def test_of_some_tests_each_case_is_one_and_slow_files_come_first(suite: Path) -> None:
    said = run(suite, "-n0", "-v", "-k", "even")
    assert "4 failed, 5 passed" in said
    assert said.index("test_slow.py") < said.index("test_one.py")
