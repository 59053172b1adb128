"""Draws the live table of tickets with topic, language, decision, reason and time."""

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from klark.demo.play_tickets import Played
from klark.demo.read_outcomes import Watched
from klark.values.reasons import Reason

COLOURS = {"REPLY": "green", "NOTE": "cyan", "WAIT": "yellow", "ESCALATE": "magenta", "SKIP": "bright_black"}


# Heading, minimum width in characters, share of the remaining width.
COLUMNS = (("", 3, 0), ("Ticket", 12, 3), ("Topic", 7, 0), ("Lang", 4, 0), ("Decision", 8, 0), ("Reason", 12, 3))


def table(played: Sequence[Played], seen: Mapping[str, Watched], most: int | None = None) -> Table:
    """Returns a table of the tickets that have happened, newest last; only the last `most` if the screen is small."""
    drawn = Table(title="klark", expand=True)
    for heading, narrowest, share in COLUMNS:
        drawn.add_column(heading, overflow="ellipsis", no_wrap=True, min_width=narrowest, ratio=share or None)
    drawn.add_column("Time", justify="right", no_wrap=True, min_width=6)
    for each in [one for one in played if one.number][-(most or 0) :]:
        for row in _rows(each, seen.get(each.script.id)):
            drawn.add_row(*row)
    return drawn


def _rows(each: Played, seen: Watched | None) -> list[tuple[str | Text, ...]]:
    name = (each.script.id, each.script.subject)
    if seen is None or not seen.stood:
        waiting = Text("parked" if seen and seen.parked else "…", style="red" if seen and seen.parked else "dim")
        return [(*name, "", "", waiting, "; ".join(seen.parked) if seen else "", "")]
    return [
        (*name, one.topic, one.language, Text(one.kind, style=COLOURS[one.kind]), Reason(one.reason).title(),
         f"{one.seconds:.1f} s")
        for one in seen.stood
    ]  # fmt: skip
