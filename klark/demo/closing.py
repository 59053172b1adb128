"""What the demo ends with: its backtest, an invented history, and links to what a lead looks at first."""

from dataclasses import dataclass

from django.urls import reverse
from rich.console import Console

from klark.demo.closed_tickets import backtest
from klark.demo.invented_history import NAME, SLUG, invent
from klark.demo.processes import Stage
from klark.demo.seed import Seeded
from klark.evidence.figures import VERDICTS
from klark.evidence.run_backtests import report_of
from klark.models import BacktestRun, within


@dataclass(frozen=True, slots=True)
class Closing:
    """The demo's backtest, and why it is not done ("" if it is)."""

    run: BacktestRun | None
    trouble: str = ""


def close(running: Stage, seeded: Seeded) -> Closing:
    """Runs the backtest in the worker, and makes the invented history."""
    invent()
    run = backtest(seeded, running.sandbox, running.check)
    if run is not None and run.state == BacktestRun.State.DONE:
        return Closing(run)
    return Closing(run, (run.trouble or "it was not done in time") if run else "one of an earlier demo is under way")


def tell(console: Console, running: Stage, seeded: Seeded, closing: Closing) -> None:
    """Prints what came of it, and where to look."""
    console.print(
        f"\n[bold]Look at this first[/bold]  [dim]{NAME}: three months that were made up, labels and all[/dim]"
    )
    report = reverse("admin:klark_backtestrun_change", args=(closing.run.pk,)) if closing.run else ""
    for title, path, note in (
        ("The queue", reverse("admin:klark_draft_changelist"), "what waits for a person"),
        ("The backtest", report, _figures(seeded, closing)),
        ("Outcomes", f"{reverse('admin:klark_outcomes')}?tenant={SLUG}", f"of the {NAME.lower()}, with charts"),
        ("Autonomy", reverse("admin:klark_autonomy"), "one topic has earned its next step, one has fallen"),
        ("Trends", f"{reverse('admin:klark_trends')}?tenant={SLUG}", "a topic that rises"),
    ):
        console.print(f"  {title:<13}{running.web}{path}  [dim]{note}[/dim]", soft_wrap=True)


def _figures(seeded: Seeded, closing: Closing) -> str:
    if closing.trouble or closing.run is None:
        return closing.trouble
    with within(seeded.tenant_id):
        every = report_of(closing.run)["figures"]["all"]
    counts = {name: sum(every[kind][name]["hits"] for kind in ("of_sent", "of_held")) for name in VERDICTS}
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{every['tickets']} closed tickets answered anew beside what agents wrote: {told}"
