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


def moved(pattern: str, template: str) -> Turn:
    """A shape whose parts change places: what stood first is written small, unless it is a name of its own."""
    return re.compile(pattern), (lambda hit: _small(hit, template),)


def _small(hit: re.Match[str], template: str) -> str:
    parts = {name: _lowered(text) for name, text in hit.groupdict().items()}
    return template.format(**parts)


def _lowered(text: str) -> str:
    first = text.split(" ", 1)[0]
    return text if first == "I" or (not first[1:].islower() and len(first) > 1) else text[0].lower() + text[1:]
