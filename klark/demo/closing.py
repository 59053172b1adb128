"""What the demo ends with: its backtest, an article that changes, what came of the tickets, links to what one looks at first, and
the logins."""

from dataclasses import dataclass
from pathlib import Path

from django.urls import reverse
from rich.console import Console

from integrations.sandbox.client import Sandbox
from klark.demo import shop
from klark.demo.closed_tickets import DESK, backtest, closed
from klark.demo.expectations import Score
from klark.demo.invented_history import NAME, SLUG, invent
from klark.demo.processes import Stage
from klark.demo.seed import LOGINS, Seeded
from klark.evidence.backtests.run_backtests import report_of
from klark.evidence.figures import VERDICTS
from klark.evidence.rerun.differences import SAME, compared
from klark.evidence.rerun.replay import AS_IT_WAS
from klark.knowledge.recall import recall
from klark.knowledge.sync_help_centre import sync
from klark.models import Article, BacktestRun, Draft, within

BECAME = {"REPLY": "answered", "NOTE": "with a note", "WAIT": "waiting for approval", "ESCALATE": "handed to a person",
          "SKIP": "left alone"}  # fmt: skip

CHANGED, WAS, IS = "delivery-belgium", " 90 €", " 100 €"
"""The subject of an article that changes after Z01 was answered from it, and how."""


@dataclass(frozen=True, slots=True)
class Closing:
    """The demo's backtest, and why it is not done ("" if it is)."""

    run: BacktestRun | None
    trouble: str = ""


def close(running: Stage, seeded: Seeded) -> Closing:
    """Runs the backtest in the worker, and then changes an article; makes the invented history, if no draft has stood before."""
    invent()
    run = backtest(seeded, running.sandbox, running.check)
    change_article(seeded, running.sandbox)
    if run is not None and run.state == BacktestRun.State.DONE:
        return Closing(run)
    return Closing(run, (run.trouble or "it was not done in time") if run else "one of an earlier demo is under way")


def not_replayed(seeded: Seeded) -> list[str]:
    """Runs all drafts again from what was kept of them, and returns what differs for each that ends otherwise: none should."""
    with within(seeded.tenant_id):
        drafts = list(Draft.of(seeded.tenant_id).order_by("pk").values_list("pk", flat=True))
    found = [compared(seeded.tenant_id, each, AS_IT_WAS) for each in drafts]
    return [f"ticket {each.ticket_id}: {each.stage}" for each in found if each.stage not in ("", SAME)]


def change_article(seeded: Seeded, sandbox: Sandbox) -> None:
    """Changes an article on the desk in both languages, reads it there, and lists the answers that rest on what it said."""
    for article in (each for each in shop.articles() if each.subject == CHANGED):
        with within(seeded.tenant_id):
            kept = Article.of(seeded.tenant_id).get(title=article.title, current=True)
        number = int(kept.url.rpartition("/")[2])
        sandbox.change_article(DESK, number, body_html=article.body_html.replace(WAS, IS))
    sync(seeded.connections[DESK])
    recall(seeded.tenant_id)


def tell(console: Console, running: Stage, seeded: Seeded, closing: Closing, result: Score) -> None:
    """Prints what came of it, and where to look; with a page's address on a line of its own, no terminal breaks one."""
    told = ", ".join(f"{result.decisions[kind]} {what}" for kind, what in BECAME.items() if result.decisions.get(kind))
    turns = sum(result.decisions.values())
    console.print(f"\n[bold]{result.tickets} tickets, {turns} decisions[/bold] (some customers wrote again): {told}.")
    console.print(
        f"The admin's pages soon count {len(closed())} more tickets, which were closed before and are left alone."
    )
    console.print(
        f"{result.lost} lost, {result.doubled} answered twice, {result.over_a_human} written over a person; "
        f"the first draft stood {result.first_draft_s:g} s after the start."
    )
    report = reverse("admin:klark_backtestrun_change", args=(closing.run.pk,)) if closing.run else ""
    history = f"?tenant={SLUG}"
    console.print("\n[bold]Look at this first[/bold]")
    for title, path, note in (
        ("The queue", reverse("admin:klark_draft_changelist"), "what waits for a person"),
        (
            "Gaps",
            reverse("admin:klark_article_gaps"),
            "what the articles lack; two have an agent's answer to draft an article from",
        ),
        (
            "Recall",
            reverse("admin:klark_recall_changelist"),
            "an article changed after an answer had been sent from it",
        ),
        ("The backtest", report, _figures(seeded, closing)),
        ("Outcomes", reverse("admin:klark_outcomes") + history, f"of “{NAME}”: three months, made up, labels and all"),
        ("Autonomy", reverse("admin:klark_autonomy"), "there, one topic has earned its next step, one has fallen"),
        ("Trends", reverse("admin:klark_trends") + history, "and one rises"),
    ):
        console.print(f"  [bold]{title}[/bold]: {note}")
        console.print(f"    {running.web}{path}", soft_wrap=True)


def tell_logins(console: Console, running: Stage, seeded: Seeded, environment: Path) -> None:
    """Prints how to log in, as whom, and how commands run on the demo's data. `environment`: the file that names it."""
    console.print("\n[bold]Log in[/bold] at", f"{running.web}/admin/", soft_wrap=True)
    for name, (_role, what) in LOGINS.items():
        console.print(f"  [bold]{name:<9}[/bold] {what}")
    console.print(f"  password  [bold]{seeded.password}[/bold]  [dim](of all three)[/dim]")
    console.print("\n[bold]Commands[/bold] on the demo's data, in another terminal while it runs")
    console.print(f"  uv run --env-file {environment} manage.py knowledge --tenant fanalou gaps", soft_wrap=True)
    console.print("\nCtrl-C stops everything.")


def _figures(seeded: Seeded, closing: Closing) -> str:
    if closing.trouble or closing.run is None:
        return closing.trouble
    with within(seeded.tenant_id):
        every = report_of(closing.run)["figures"]["all"]
    counts = {name: sum(every[kind][name]["hits"] for kind in ("of_sent", "of_held")) for name in VERDICTS}
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{every['tickets']} closed tickets answered anew: {told}"
