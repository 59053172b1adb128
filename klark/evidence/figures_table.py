"""Figures on outcomes as a table, one figure a line, for files."""

from collections.abc import Iterator, Mapping
from typing import Any

from klark.evidence.kpis import GROUPS

HEAD = ("group", "name", "figure", "value", "hits", "of", "low", "high", "definitions")
Found = Mapping[str, Any]


def lines(found: Found) -> Iterator[tuple[Any, ...]]:
    """Yields every figure of klark.evidence.kpis; "" stands for what a figure does not have, and None for what nobody knows."""
    groups = (((each, name), one) for each in GROUPS for name, one in found[each].items())
    for (group, name), one in ((("all", ""), found["all"]), *groups):
        yield from ((group, name, *line, one["definitions"]) for line in _lines(one))
    for what, pairs in found["confusions"].items():
        for was, now, count in pairs:
            yield "confusion", what, f"{was} → {now}", count, "", "", "", "", found["all"]["definitions"]


def _lines(found: Found) -> Iterator[tuple[Any, ...]]:
    for name, one in found.items():
        if name == "definitions":
            continue
        if name == "endings":
            yield from ((f"ended {each}", count, "", "", "", "") for each, count in one.items())
        elif not isinstance(one, Mapping):
            yield name, one, "", "", "", ""
        elif "share" in one:
            yield name, one["share"], one["hits"], one["of"], one["low"], one["high"]
        else:
            yield name, one["value"], "", one["of"], one["low"], one["high"]
