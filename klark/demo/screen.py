"""What the demo shows in the terminal: a line that says what it waits for, and the live table of tickets."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from klark.demo.play_tickets import Played
from klark.demo.read_outcomes import Watched
from klark.values.reasons import Reason

COLOURS = {"REPLY": "green", "NOTE": "cyan", "WAIT": "yellow", "ESCALATE": "magenta", "SKIP": "bright_black"}
WIDE = 110
"""Columns from which on the table has topic and language too. On less, they would leave no room for the reason."""
STEPS = 5


class Steps(Progress):
    """One line while the demo starts: what it waits for now, and since when. It goes once everything runs."""

    def __init__(self, console: Console) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(20), TimeElapsedColumn())
        super().__init__(*columns, console=console, transient=True)
        self.step = self.add_task("PostgreSQL, Valkey, the stand-in helpdesks", total=STEPS)

    def begin(self, what: str) -> None:
        """Shows that the next step has begun; where no line can be redrawn, as in a file, on a line of its own."""
        if not self.console.is_terminal:
            self.console.print(what, markup=False)
        self.update(self.step, description=what, advance=1)

    def progressed(self, done: int, of: int) -> None:
        """Shows how much of the last step is done."""
        self.update(self.step, completed=STEPS - 1 + done / max(of, 1))


def table(played: Sequence[Played], seen: Mapping[str, Watched], wide: bool, most: int | None = None) -> Table:
    """Returns a table of the tickets that have happened, newest last, or of the last `most`; topic and language if `wide`."""
    happened = [one for one in played if one.number]
    drawn = Table(box=None, expand=True, pad_edge=False)
    drawn.add_column("", no_wrap=True, min_width=3)
    drawn.add_column("Ticket", no_wrap=True, overflow="ellipsis", ratio=1)
    for heading in ("Topic", "Lang") if wide else ():
        drawn.add_column(heading, no_wrap=True)
    drawn.add_column("Decision", no_wrap=True, min_width=8)
    drawn.add_column("Reason", ratio=2)
    drawn.add_column("Time", justify="right", no_wrap=True, min_width=6)
    for each in happened[-(most or 0) :]:
        for about, what in _rows(each, seen.get(each.script.id)):
            drawn.add_row(each.script.id, each.script.subject, *(about if wide else ()), *what)
    return drawn


def fitting(played: Sequence[Played], seen: Mapping[str, Watched], console: Console) -> Table:
    """Returns the table with as many of the newest tickets as the screen takes, and how many have happened."""
    happened, wide = sum(bool(one.number) for one in played), console.width >= WIDE
    most = min(happened, console.height - 4)
    tall = len(console.render_lines(table(played, seen, wide, most), pad=False)) - (console.height - 3)
    drawn = table(played, seen, wide, max(most - max(tall, 0), 1))
    drawn.caption = f"{happened} of {len(played)} tickets have come"
    return drawn


def told(each: Played, seen: Watched) -> str:
    """Returns what became of a ticket, a line a decision, for output to which no table can be drawn while it changes."""
    lines = (
        f"{each.script.id}  {one.kind:<8}  {Reason(one.reason).title()}  {one.seconds:.1f} s" for one in seen.stood
    )
    return "\n".join(lines)


def _rows(each: Played, seen: Watched | None) -> list[tuple[tuple[str, str], tuple[str | Text, ...]]]:
    """Returns what is told of each decision on a ticket: topic and language, and then decision, reason and time."""
    if seen is None or not seen.stood:
        parked = seen.parked if seen else ()
        waiting = Text("parked" if parked else "…", style="red" if parked else "dim")
        return [(("", ""), (waiting, "; ".join(parked), ""))]
    return [
        ((one.topic, one.language),
         (Text(one.kind, style=COLOURS[one.kind]), Reason(one.reason).title(), f"{one.seconds:.1f} s"))
        for one in seen.stood
    ]  # fmt: skip
