"""`manage.py judge check`: tests each tenant's judge with klark's own claims, to decide whether its verdicts count."""

import argparse
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from klark.drafting.judge_examination import Tell
from klark.drafting.judge_qualification import LEAST_CAUGHT, LEAST_PASSED, passes
from klark.drafting.scheduled_judge_checks import Qualified, qualify
from klark.models import EVERY_TENANT, JudgeCheck, Tenant, within


class Command(BaseCommand):
    """Checks the judges of one or all tenants: one model request per group of claims, billed like those for drafts."""

    help = "Put klark's own claims, half of them wrong, before a tenant's judge: what it supports counts only if it passes."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the subcommand and its options."""
        parts = parser.add_subparsers(dest="part", required=True)
        check = parts.add_parser("check", help="ask anew, keep what came of it, and say whether it passed")
        check.add_argument("--tenant", default="", help="its short name; all tenants where it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints each tenant's result. Exits with status 1 if any judge has not passed."""
        console = Console(file=cast("IO[str]", self.stdout), markup=False)
        failed = [slug for slug, tenant_id in _tenants(options["tenant"]) if not _checked(slug, tenant_id, console)]
        if failed:
            raise SystemExit(1)


def _tenants(slug: str) -> list[tuple[str, int]]:
    with within(EVERY_TENANT):
        rows = Tenant.objects.filter(slug=slug) if slug else Tenant.objects.all()
        found = list(rows.order_by("slug").values_list("slug", "pk"))
    if not found:
        raise CommandError(f"--tenant: there is no tenant {slug!r}." if slug else "There is no tenant yet.")
    return found


def _checked(slug: str, tenant_id: int, console: Console) -> bool:
    with console.status(f"{slug} …") as status:
        tell: Tell = lambda done, of: status.update(f"{slug}: {done} of {of} groups of claims")  # noqa: E731
        judges = qualify(tenant_id, tell)
    for made in judges:
        if made.check is not None:
            console.print(table(made.check, slug))
        console.print(f"{slug}: {verdict(made)}", soft_wrap=True)
    return all(made.passed for made in judges)


def table(check: JudgeCheck, slug: str) -> Table:
    """Returns a table of how many wrong claims the judge caught, by kind of error, and how many right ones it passed."""
    drawn = Table("Claims", "Told so", "Of", "Share", "Needed", title=f"{slug} · {check.judge}")
    for kind, (caught, of) in check.by_kind.items():
        drawn.add_row(kind, *_share(caught, of), "")
    drawn.add_section()
    drawn.add_row("wrong, caught", *_share(check.caught, check.wrong), f"{LEAST_CAUGHT:.0%}")
    drawn.add_row("right, passed", *_share(check.passed, check.right), f"{LEAST_PASSED:.0%}")
    return drawn


def verdict(made: Qualified) -> str:
    """Returns one plain sentence or two: whether the judge passed, and what follows."""
    if made.check is None:
        return f"not checked. {made.why}"
    if made.check.state == JudgeCheck.State.FAILED:
        return f"no result: {made.check.trouble}. What an earlier check says stands; this one is tried again."
    if passes(made.check):
        return "passed. What this judge supports counts, so that replies may go out where the policy allows it."
    return (
        "not passed. What this judge supports counts for nothing, and no reply goes out on its word; where it finds a claim"
        " wrong, that still holds a draft back."
    )


def _share(hits: int, of: int) -> tuple[str, str, str]:
    return str(hits), str(of), f"{hits / of:.0%}" if of else "—"
