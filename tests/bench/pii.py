"""Does masking cover what is personal, and does all of it come back?

    python -m tests.bench.pii --data FILE [--json]
    python -m tests.bench.pii --tenants FOLDER… [--json]

FILE has lines `{id,text,spans[{label,start,end}]}`. A labelled span is found when every letter and digit of it stands under
a token; `leaked` counts the letters and digits that do not. `precision` is the share of masked spans that touch a labelled
one. `reinsertion` is the share of texts with tokens, times twelve distortions, that come back exactly or are blocked: what
is left is silently wrong. `restored` and `blocked` are its two parts.

With `--tenants`, FOLDER has tickets.jsonl, whose labels stand in tests/cases/pii/tenants: see `pii_tenants`. `spans_masked`
are those of subjects, bodies and earlier turns; `not_personal` those that touch no label, are no part of a name on the ticket,
and have no form of their own (mail, link, title before a name); `names` the labelled ones, found when masked in part.
"""

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from guardrails.pii.mask import find, mask, restore
from guardrails.pii.spans import Span
from tests.bench import files, pii_tenants
from tests.bench.distortions import DISTORTIONS, Distortion, distorted
from tests.bench.files import Fields, Row

FIELDS: Fields = {"id": str, "text": str, "spans": list}
SEED = 12


def main(arguments: Sequence[str] | None = None) -> None:
    """The figures for one file."""
    given = _options(arguments)
    if given.tenants:
        found = pii_tenants.measured(given.tenants)
        shown = {name: value for name, value in found.items() if not isinstance(value, list)}
        files.show(shown, pii_tenants.lines(found), as_json=given.json)
        return
    if given.data is None:
        files.refuse("give --data or --tenants")
    rows = files.read_rows(given.data, FIELDS)
    for row in rows:
        _check(row, given.data.name)
    figures = measured(rows)
    files.show(figures, _lines(figures), as_json=given.json)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    made = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    made.add_argument("--data", type=Path, help="a file of texts with labelled spans")
    made.add_argument("--tenants", type=Path, nargs="+", default=[], help="folders with tickets.jsonl")
    made.add_argument("--json", action="store_true", help="print one JSON object")
    return made.parse_args(arguments)


def measured(rows: Sequence[Row]) -> dict[str, Any]:
    """The figures in the form that `--json` prints."""
    found: dict[str, list[bool]] = defaultdict(list)
    leaked: Counter[str] = Counter()
    right: list[bool] = []
    for row in rows:
        masked = find(row["text"])
        for label, left in leaks(row, masked):
            found[label].append(not left)
            leaked[label] += left
        right += [touches(span, row["spans"]) for span in masked]
    return {
        "recall": {label: share(flags) for label, flags in sorted(found.items())},
        "precision": share(right),
        "leaked": leaked.total(),
        **returned(row["text"] for row in rows),
        "n": {label: len(flags) for label, flags in sorted(found.items())},
        "leaked_by_label": dict(sorted(leaked.items())),
    }


def leaks(row: Row, masked: Sequence[Span]) -> list[tuple[str, int]]:
    """Each labelled span's label, and how many of its letters and digits no masked span covers."""
    covered = {place for span in masked for place in range(span.start, span.end)}
    return [
        (
            span["label"],
            sum(row["text"][at].isalnum() and at not in covered for at in range(span["start"], span["end"])),
        )
        for span in row["spans"]
    ]


def touches(masked: Span, labelled: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a masked span has a place in common with a labelled one."""
    return any(span["start"] < masked.end and masked.start < span["end"] for span in labelled)


def returned(texts: Iterable[str]) -> dict[str, float]:
    """What becomes of each text with a token under each distortion."""
    ends: Counter[str] = Counter()
    draw = random.Random(SEED)
    for text in texts:
        masked = mask(text)
        if masked.table:
            ends.update(end(masked.text, masked.table, distortion, draw) for distortion in DISTORTIONS)
    tries = max(1, ends.total())
    return {
        "reinsertion": round(1 - ends["wrong"] / tries, 4),
        "restored": round(ends["restored"] / tries, 4),
        "blocked": round(ends["blocked"] / tries, 4),
    }


def end(masked: str, table: Mapping[str, str], distortion: Distortion, draw: random.Random) -> str:
    """How one text under one distortion ends: restored, blocked, or wrong."""
    wrote, right = distorted(masked, table, distortion, draw)
    came_back = restore(wrote, table)
    if came_back is None:
        return "blocked"
    return "restored" if came_back == right else "wrong"


def share(flags: Sequence[bool]) -> float:
    """The share of true ones; 1.0 of none, since nothing was missed."""
    return round(sum(flags) / len(flags), 4) if flags else 1.0


def _check(row: Row, name: str) -> None:
    """Labelled spans are objects with a label and places inside the text; else the bench ends."""
    for span in row["spans"]:
        if not isinstance(span, dict) or not isinstance(span.get("label"), str):
            files.refuse(f"{name}: {row['id']}: a span without a label")
        start, stop = span.get("start"), span.get("end")
        if not isinstance(start, int) or not isinstance(stop, int) or not 0 <= start < stop <= len(row["text"]):
            files.refuse(f"{name}: {row['id']}: a span outside the text")


def _lines(figures: Mapping[str, Any]) -> list[str]:
    rows = [
        f"{label:20} recall {found:8.2%} of {figures['n'][label]:5}, {figures['leaked_by_label'][label]} characters left"
        for label, found in figures["recall"].items()
    ]
    rest = [f"{name:20} {figures[name]:.2%}" for name in ("precision", "reinsertion", "restored", "blocked")]
    return [*rows, *rest, f"{'leaked':20} {figures['leaked']} characters"]


if __name__ == "__main__":
    main()
