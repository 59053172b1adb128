"""How the tables of rewording are written: one line "pattern -> other | other"."""

import re
from collections.abc import Callable

Turn = tuple[re.Pattern[str], tuple[str | Callable[[re.Match[str]], str], ...]]


def exchanged(table: str) -> tuple[Turn, ...]:
    """A line "begin -> start | launch": whole words, any case."""
    return tuple(_line(line) for line in table.strip().splitlines() if line.strip())


def _line(line: str) -> Turn:
    old, _, new = line.partition("->")
    others = tuple(other.strip() for other in new.split("|"))
    return re.compile(rf"(?<![\w'’-])(?:{old.strip()})(?![\w'’-])", re.IGNORECASE), others


def shaped(*rows: tuple[str, str]) -> tuple[Turn, ...]:
    """A whole sentence's shape and its other shapes, as regular expression and template."""
    return tuple((re.compile(pattern), (template,)) for pattern, template in rows)
