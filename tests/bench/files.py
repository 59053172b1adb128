"""What every bench reads and prints: JSON lines in, one JSON object or a few lines out.

A missing or malformed file ends the bench with one line on stderr and status 2.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

Row = dict[str, Any]
Fields = Mapping[str, type | tuple[type, ...]]
UNUSABLE = 2
"""The exit status of a bench that cannot read what it was given."""


def parser(description: str, what: str) -> argparse.ArgumentParser:
    """`--data` (a file or folder, as `what` says) and `--json`; a bench may add its own."""
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--data", type=Path, required=True, help=what)
    made.add_argument("--json", action="store_true", help="print one JSON object")
    return made


def options(description: str, what: str, arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What was given to a bench that takes no more than `parser` has."""
    return parser(description, what).parse_args(arguments)


def read_rows(path: Path, fields: Fields) -> list[Row]:
    """The lines of a file as objects that have `fields` of these types; else the bench ends."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        refuse(f"{path}: cannot be read: {error.__class__.__name__}")
    rows = [_row(path, number, line, fields) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    return rows or refuse(f"{path}: no lines")


def read_all(path: Path, fields: Fields) -> list[Row]:
    """`read_rows` of a file, or of every `.jsonl` file below a folder in the order of their names; else the bench ends."""
    if not path.is_dir():
        return read_rows(path, fields)
    found = sorted(path.rglob("*.jsonl")) or refuse(f"{path}: no .jsonl file in this folder")
    return [row for each in found for row in read_rows(each, fields)]


def _row(path: Path, number: int, line: str, fields: Fields) -> Row:
    try:
        row = json.loads(line)
    except ValueError:
        refuse(f"{path}:{number}: not JSON")
    if not isinstance(row, dict):
        refuse(f"{path}:{number}: not an object")
    for name, kinds in fields.items():
        if not isinstance(row.get(name), kinds):
            refuse(f"{path}:{number}: {name!r} is missing or not {_named(kinds)}")
    return row


def _named(kinds: type | tuple[type, ...]) -> str:
    return " or ".join(kind.__name__ for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))


def refuse(why: str) -> NoReturn:
    """One line on stderr, status 2."""
    print(" ".join(why.split()), file=sys.stderr)
    raise SystemExit(UNUSABLE)


def show(figures: Mapping[str, Any], lines: Sequence[str], *, as_json: bool) -> None:
    """The figures as JSON, or as lines for people."""
    print(json.dumps(figures, ensure_ascii=False) if as_json else "\n".join(lines))
