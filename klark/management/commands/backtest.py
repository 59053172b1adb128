"""`manage.py backtest`: what klark would have made of closed tickets, beside what agents answered. Nothing can be written to a
helpdesk: files have none, and a connection is opened for reading alone."""

import argparse
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from integrations.errors import IntegrationError
from integrations.llms.base import BudgetSpent, ModelAccount
from klark.drafting.exchanges import without_models
from klark.drafting.kept_policy import paid_as_now
from klark.drafting.tenant_settings import settings_of, today_in
from klark.evidence.backtests import report
from klark.evidence.backtests.backtest import Backtest, Past
from klark.evidence.backtests.closed_on_desk import FIRST_DAY, changed_since, opener, reader, written_by_klark
from klark.evidence.backtests.recorded_completions import RecordedCompletions
from klark.evidence.figures import VERDICTS
from klark.evidence.intervals import share_words
from klark.management.choose_model import NONE, NOW, chosen_account
from klark.management.choose_rules import chosen_rules
from klark.management.trial import (
    NO_MODEL,
    OF_FILES,
    add_material,
    count,
    good_lines,
    must_have_lines,
    rules_in,
    settings_for,
    take_articles,
    trial_tenant,
)
from klark.models import EVERY_TENANT, Connection, Tenant, policy_in_force, rules_of, within
from klark.models.ticket.loaded_event import NOTHING_WRITTEN
from klark.trial_files import read_closed_ticket
from klark.values.policy.rules import Rules
from klark.values.tenant_settings import TenantSettings

LIMIT = 300
SPENT = "The budget is spent. What was asked is kept in {}: run the same again tomorrow, or raise the budget."
AWAY = "The helpdesk cannot be read now: {} What models were asked is kept in {}: run the same again later."


class Command(BaseCommand):
    """Reads closed tickets from files or from a connection, and writes a report."""

    help = (
        "Show what klark would have made of closed tickets, beside what agents answered. Give --knowledge and --tickets, or "
        "--connection. Nothing is written to a helpdesk; the report in --out holds tickets."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        add_material(parser, required=False)
        parser.add_argument(
            "--connection", type=_uuid,
            help="the id of a connected helpdesk, in place of the files; then --policy also takes the number of a version, and "
            f"--llm {NOW} (the tenant's own, the default), {NONE}, NAME, or NAME@https://…, as eval does",
        )  # fmt: skip
        parser.add_argument("--since", type=_day, help="with --connection: a day such as 2026-06-01")
        parser.add_argument("--limit", type=count, default=LIMIT, help=f"closed tickets at most (default: {LIMIT})")
        parser.add_argument("--out", type=Path, required=True, help="a folder for the report and the completions")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the report. Raises CommandError; exits with status 1 if any line could not be read."""
        console, run = Console(stderr=True), _way(options)
        with Progress(console=console) as progress:
            ran, about = run(options, progress, console)
        if not ran.rows:
            why = ", ".join(f"{count} {name}" for name, count in ran.left_out.items()) or "none came"
            raise CommandError(f"There is no closed ticket to try: {why}.")
        try:
            made = report.made(ran.rows, ran.left_out, about)
            report.write(options["out"], made)
        except OSError as error:
            raise CommandError(f"--out: {error.filename} cannot be written: {error.strerror}.") from error
        console.print(f"{len(ran.rows)} tickets: {options['out'] / report.PAGE}", soft_wrap=True)
        for line in _main_figures(made["figures"]["all"]):
            console.print(line, soft_wrap=True, highlight=False)
        if ran.left_out["unreadable"]:
            raise SystemExit(1)


def _main_figures(of: Mapping[str, Any]) -> Iterator[str]:
    """Yields what klark would have done, and how often what it wrote would have been right."""
    yield "; ".join(f"{part.replace('_', ' ')}: {share_words(of[part])}" for part in report.PARTS)
    for kind in ("sent", "held"):
        if of[kind]["hits"]:
            verdicts = (f"{name}: {share_words(of[f'of_{kind}'][name])}" for name in VERDICTS)
            yield f"Of those {kind}, where an agent's reply can be compared: {'; '.join(verdicts)}"


Way = Callable[[dict[str, Any], Progress, Console], tuple[Backtest, dict[str, Any]]]


def _way(options: dict[str, Any]) -> Way:
    """Returns how the tickets are read. Raises CommandError for options that do not go together."""
    files = [name for name in ("knowledge", "tickets") if options[name]]
    if options["connection"]:
        if files:
            raise CommandError("--connection goes by its own tenant's knowledge: leave the files out.")
        if options["since"] is None:
            raise CommandError("--connection needs --since, a day such as 2026-06-01.")
        return _from_connection
    if len(files) < 2:
        raise CommandError("Give --knowledge and --tickets, or --connection and --since.")
    if options["llm"] not in (None, *OF_FILES):
        raise CommandError(f"--llm {options['llm']} needs --connection; for files it is one of {', '.join(OF_FILES)}.")
    return _from_files


def _from_files(options: dict[str, Any], progress: Progress, console: Console) -> tuple[Backtest, dict[str, Any]]:
    for name in ("knowledge", "tickets"):
        must_have_lines(name, options[name])
    rules, tally = rules_in(options["policy"]), Counter[str]()
    with trial_tenant(options["data"]) as tenant_id:
        domains = take_articles(tenant_id, options["knowledge"], progress, tally, console)
        ours, _ = settings_for(tenant_id, options["llm"] or NO_MODEL, rules, domains)
        kept = _kept(options["out"], ours)
        ours = kept.over(ours)
        ran = Backtest(kept.day, options["limit"])
        with _in_plain_words(options["out"]):
            for line in good_lines(progress, "tickets", options["tickets"], read_closed_ticket, tally, console):
                ran.take(line.value, NOTHING_WRITTEN, lambda _: (ours, None))
        ran.left_out += Counter(unreadable=tally["bad"])  # adds nothing where it is 0
        return ran, report.about(ours, options["tickets"].name, ran.came)


def _from_connection(options: dict[str, Any], progress: Progress, console: Console) -> tuple[Backtest, dict[str, Any]]:
    with within(EVERY_TENANT):
        connection = Connection.objects.select_related("tenant").filter(pk=options["connection"]).first()
    if connection is None:
        raise CommandError(f"--connection: there is no connection {options['connection']}.")
    rules, instead = _chosen(connection.tenant, options)
    ours = settings_of(connection.tenant_id, rules=rules, instead=instead)
    kept = _kept(options["out"], ours)

    def over(each: TenantSettings) -> TenantSettings:
        return replace(without_models(each), budget_spent=False) if options["llm"] == NONE else kept.over(each)

    ran = Backtest(kept.day, options["limit"])
    bar = progress.add_task("tickets", total=options["limit"])
    with _in_plain_words(options["out"]):
        desk = reader(connection)
        opened = opener(Past(connection, desk), over, rules, instead)
        for ticket in changed_since(desk, options["since"]):
            ran.take(ticket, written_by_klark(connection, ticket), opened)
            progress.update(bar, completed=len(ran.rows))
            if len(ran.rows) == options["limit"]:
                break
    return ran, report.about(over(ours), f"{connection.helpdesk} {connection.account}", ran.came)


def _chosen(owner: Tenant, options: dict[str, Any]) -> tuple[Rules | None, ModelAccount | None]:
    """Returns the policy and the model that are tried in place of those in force, or None for these. They are paid from the
    budget in force. Raises CommandError."""
    rules = paid_as_now(owner.pk, chosen_rules(owner, str(options["policy"]))) if options["policy"] else None
    if options["llm"] in (None, NOW, NONE):
        return rules, None
    with within(owner.pk):
        paid = rules_of(policy_in_force(owner.pk))
    return rules, chosen_account(owner, options["llm"], paid, ())


@contextmanager
def _in_plain_words(folder: Path) -> Iterator[None]:
    """Ends the command with what to do, once the budget is spent or the helpdesk is away."""
    try:
        yield
    except BudgetSpent as error:
        raise CommandError(SPENT.format(folder)) from error
    except IntegrationError as error:
        raise CommandError(AWAY.format(error, folder)) from error


def _kept(folder: Path, ours: TenantSettings) -> RecordedCompletions:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold tickets
        return RecordedCompletions(folder, today_in(ours.rules))
    except OSError as error:
        raise CommandError(f"--out: {error.filename} cannot be written: {error.strerror}.") from error


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"takes a connection's id, not {typed!r}") from None


def _day(typed: str) -> datetime:
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"takes a day such as 2026-06-01, not {typed!r}") from None
    if moment.date() < FIRST_DAY:
        raise argparse.ArgumentTypeError(f"takes a day from {FIRST_DAY} on")  # helpdesks count from it
    return moment.replace(tzinfo=moment.tzinfo or UTC)
