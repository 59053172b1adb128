"""Extracts facts from a CRM's response or a helpdesk's fields, each converted to the kind that the mapping states.
Values of another kind are left out."""

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from integrations.crm.base import KINDS, Fact, Kind

LONGEST = 200
_BLANKS = re.compile(r"\s+")


def facts_in(told: Any, wanted: Mapping[str, str], source: str) -> tuple[Fact, ...]:
    """Returns the facts found in `told`, in the order of `wanted`, which maps names to paths (see `CrmAccount.facts`)."""
    found = ((name, *_path(path)) for name, path in wanted.items())
    facts = ((name, _written(_at(told, steps), kind), kind) for name, steps, kind in found)
    return tuple(Fact(name, value, kind, source) for name, value, kind in facts if value is not None)


def _path(path: str) -> tuple[list[str], Kind]:
    steps, _, kind = path.rpartition(":")
    return (steps.split("."), cast("Kind", kind)) if kind in KINDS and steps else (path.split("."), "text")


def _at(told: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if isinstance(told, list) and step.isdecimal() and int(step) < len(told):
            told = told[int(step)]
        elif isinstance(told, dict):
            told = told.get(step)
        else:
            return None
    return told


def _written(value: Any, kind: Kind) -> str | None:
    """Returns the value as text of its kind; `None` if it is of another kind."""
    if isinstance(value, bool) or kind == "flag":
        return ("yes" if value else "no") if kind == "flag" and isinstance(value, bool) else None
    if not isinstance(value, str | int | float) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    # No database column takes a NUL or a lone surrogate, and no character may reverse a line on screen.
    text = "".join(filter(str.isprintable, _BLANKS.sub(" ", str(value)))).strip()[:LONGEST]
    return _as(kind, text) if text else None


def _as(kind: Kind, text: str) -> str | None:
    if kind == "number":
        return text if re.fullmatch(r"-?\d+(?:[.,]\d+)?", text) else None
    return _date(text) if kind == "date" else text


def _date(text: str) -> str | None:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return None
