"""Every compiled pattern of the guardrails, by module and name, and whether its shape can cost more than linear time."""

import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from re import _parser  # type: ignore[attr-defined]  # the only way to see a pattern's parts
from typing import Any

import guardrails
from guardrails.untrusted.detect_instructions import _signs


def every_pattern() -> dict[str, re.Pattern[str]]:
    """All patterns that stand in a module, alone or in its tables."""
    found = {f"instruction_signs.{name}": pattern for name, pattern in _signs().items()}
    for module in pkgutil.walk_packages(guardrails.__path__, "guardrails."):
        for name, value in vars(import_module(module.name)).items():
            found |= {f"{module.name}.{name}.{at}": pattern for at, pattern in enumerate(_in(value))}
    return found


def _in(value: Any, depth: int = 3) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, Mapping):
        yield from (one for inner in value.values() for one in _in(inner, depth - 1))
    elif depth and isinstance(value, tuple | list):
        yield from (one for inner in value for one in _in(inner, depth - 1))
    elif depth and hasattr(value, "pattern") and isinstance(value.pattern, re.Pattern):
        yield value.pattern


def nests(pattern: re.Pattern[str]) -> bool:
    """Whether an unbounded repetition stands inside another one: "(a+)+" takes exponential time."""
    return _nests(_parser.parse(pattern.pattern, pattern.flags), inside=False)


def _nests(parts: Sequence[Any], *, inside: bool) -> bool:
    for kind, given in parts:
        unbounded = str(kind) in ("MAX_REPEAT", "MIN_REPEAT") and given[1] == _parser.MAXREPEAT
        if unbounded and inside:
            return True
        if any(_nests(inner, inside=inside or unbounded) for inner in _inner(given)):
            return True
    return False


def _inner(given: Any) -> Iterator[Sequence[Any]]:
    if isinstance(given, _parser.SubPattern):
        yield given
    elif isinstance(given, tuple | list):
        for one in given:
            yield from _inner(one)
