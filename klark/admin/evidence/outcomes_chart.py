"""The chart of the page "Outcomes", as Unfold's script reads it: one bar a week, one colour an ending."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format

from klark.admin.queue.ending_filter import ENDINGS
from klark.evidence.outcomes import Ending
from klark.evidence.turns import WEEKS

COLOURS: Mapping[str, str] = {  # readable on white and on black; Unfold takes no other for the dark look
    Ending.UNCHANGED: "#16a34a",
    Ending.EDITED: "#84cc16",
    Ending.REJECTED: "#dc2626",
    Ending.HANDED_OVER: "#f59e0b",
    Ending.COPIED: "#0ea5e9",
    Ending.OTHER_WORDS: "#6366f1",
    Ending.IGNORED: "#a855f7",
    Ending.OPEN: "#64748b",
    Ending.UNKNOWN: "#94a3b8",
}
GREY = "#8b95a5"
AXIS = {"stacked": True, "ticks": {"color": GREY, "precision": 0}, "border": {"display": False}}
OPTIONS = json.dumps({
    "responsive": True, "maintainAspectRatio": False, "animation": False, "maxBarThickness": 34,
    "layout": {"padding": {"left": 6}},  # what a turned label takes beyond the room that Chart.js leaves for it
    "scales": {"x": {**AXIS, "grid": {"display": False}}, "y": {**AXIS, "grid": {"lineWidth": 0.5}}},
    "plugins": {"legend": {"position": "bottom", "labels": {"color": GREY, "boxWidth": 10, "boxHeight": 10}}},
})  # fmt: skip


def chart(weeks: Mapping[str, Any], first: date) -> dict[str, str]:
    """Returns the chart's data and options as JSON. `weeks`: figures by Monday; `first`: the first Monday. Weeks without a draft
    are there too, and endings that never came are left out."""
    mondays = [first + timedelta(weeks=number) for number in range(WEEKS)]
    counts = {name: [_count(weeks, each, name) for each in mondays] for name in ENDINGS}
    shown = [
        {"label": str(title), "data": counts[name], "backgroundColor": COLOURS[name]}
        for name, title in ENDINGS.items()
        if any(counts[name])
    ]
    labels = [date_format(each, "SHORT_DATE_FORMAT") for each in mondays]
    return {"data": json.dumps({"labels": labels, "datasets": shown}), "options": OPTIONS}


def _count(weeks: Mapping[str, Any], monday: date, name: str) -> int:
    found = weeks.get(monday.isoformat())
    return int(found["endings"].get(name, 0)) if found else 0
