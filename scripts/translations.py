#!/usr/bin/env python3
"""Brings klark's translations up to date: collects the texts from the code and compiles the catalogues.

`--check` changes nothing and fails if a text is missing, untranslated or fuzzy, or if a compiled catalogue does not match its
source. Needs GNU gettext.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "klark"
CATALOGUE = Path("locale/fr/LC_MESSAGES/django.po")
COLLECT = ("makemessages", "--locale", "fr", "--no-location", "--no-obsolete", "--ignore", "migrations/*")

SPACES = {
    r"(?<=\S) (?=[:»])": "\u00a0",
    r"« ": "«\u00a0",
    r"(?<=\S) (?=[;?]|!(?!=))": "\u202f",
    r"(?:(?<=[\d)}])|(?<=\)[ds])) (?=%(?!\())": "\u202f",
}
"""Where French has a no-break space, and which: before a colon and a percent sign, for instance."""


def collect(app: Path) -> None:
    """Runs Django's makemessages in a copy of the app, or in the app itself."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": ""}
    command = [sys.executable, "-m", "django", *COLLECT]
    subprocess.run(command, cwd=app, env=environment, check=True, capture_output=True)


def spaced(catalogue: Path) -> str:
    """Returns the catalogue with the no-break spaces of French in its translations."""
    lines, translation = [], False
    for line in _run("msgcat", "--no-wrap", str(catalogue)).splitlines(keepends=True):
        translation = line.startswith("msgstr") or (translation and line.startswith('"'))
        lines.append(_spaced(line) if translation else line)
    return _run("msgcat", "-", given="".join(lines))


def _spaced(line: str) -> str:
    for ordinary, no_break in SPACES.items():
        line = re.sub(ordinary, no_break, line)
    return line


def _run(*command: str, given: str = "") -> str:
    return subprocess.run(command, input=given, check=True, capture_output=True, text=True).stdout


def compiled(catalogue: Path) -> bytes:
    """Returns the catalogue as gettext reads it (a .mo file); msgfmt also checks that placeholders match."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "django.mo"
        subprocess.run(["msgfmt", "--check", "-o", str(target), str(catalogue)], check=True)
        return target.read_bytes()


def entries(catalogue: Path) -> str:
    """Returns the catalogue without the line that says when it was collected."""
    lines = catalogue.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith('"POT-Creation-Date'))


def unfinished(catalogue: Path) -> int:
    """Returns how many texts have no translation, or a fuzzy one."""
    whole = _count(catalogue)
    return whole - _count(catalogue, "--translated", "--no-fuzzy")


def _count(catalogue: Path, *which: str) -> int:
    command = ["msgattrib", "--no-obsolete", "--no-wrap", *which, str(catalogue)]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return found.count("\nmsgid ")


def complaints() -> list[str]:
    """Returns what is not up to date, in sentences."""
    committed = APP / CATALOGUE
    found = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(APP, Path(folder) / "klark"))
        collect(copy)
        if entries(copy / CATALOGUE) != entries(committed):
            found.append("The code has texts that the catalogue does not have, or no longer those that it has.")
    if missing := unfinished(committed):
        found.append(f"{missing} texts have no translation, or a doubtful one.")
    if spaced(committed) != committed.read_text(encoding="utf-8"):
        found.append("A French text has an ordinary space before a colon, a question mark or the like.")
    compiled_file = committed.with_suffix(".mo")
    if not compiled_file.exists() or compiled_file.read_bytes() != compiled(committed):
        found.append("The compiled catalogue is not the one that its source makes.")
    return found


def main(arguments: list[str]) -> int:
    """Checks, or updates; returns the exit status."""
    if arguments != ["--check"]:
        collect(APP)
        (APP / CATALOGUE).write_text(spaced(APP / CATALOGUE), encoding="utf-8")
        (APP / CATALOGUE).with_suffix(".mo").write_bytes(compiled(APP / CATALOGUE))
        return 0
    found = complaints()
    for line in found:
        sys.stderr.write(f"{line} Run scripts/translations.py, translate what is new, and run it again.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
