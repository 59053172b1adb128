"""`manage.py knowledge sync|status|add|search`: a tenant's knowledge from the command line."""

import argparse
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Q
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from guardrails.language import detect
from integrations.errors import IntegrationError
from klark.models import EVERY_TENANT, Article, Connection, Passage, Tenant, within
from klark.sources import folder
from klark.steps.find import WEIGHTS, Ranked
from klark.steps.learn import forget, learn
from klark.steps.meaning import embed, embedders, progress
from klark.steps.retrieve import rank
from klark.steps.sync import sync

SHOWN = 10


class Command(BaseCommand):
    """Each part may be stopped at any time and run again: what is done is kept."""

    help = "Bring knowledge in, see how far it is, and see what a question finds and why."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """One word says what to do."""
        parser.add_argument("--tenant", required=True, help="its short name")
        parts = parser.add_subparsers(dest="part", required=True)
        parts.add_parser("sync", help="read all help centres, then embed")
        parts.add_parser("status", help="articles, passages and vectors")
        add = parts.add_parser("add", help="read a folder of Markdown, HTML and CSV files, then embed")
        add.add_argument("folder", type=Path)
        search = parts.add_parser("search", help="what a question finds, and why")
        search.add_argument("question")
        search.add_argument("--language", default="", help="as in fr; found out where it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it for one tenant."""
        with within(EVERY_TENANT):
            tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"--tenant: there is no tenant {options['tenant']!r}.")
        PARTS[options["part"]](tenant.pk, Console(file=cast("IO[str]", self.stdout)), options)


def _sync(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    with within(tenant_id):
        accounts = list(Connection.of(tenant_id).filter(active=True))
    for account in accounts:
        try:
            console.print(f"{account.helpdesk} {account.account}: {sync(account)} changed")
        except IntegrationError as error:
            console.print(f"{account.helpdesk} {account.account}: nothing was withdrawn, for {error}")
    _embed(tenant_id, console)


def _add(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    root: Path = options["folder"]
    if not root.is_dir():
        raise CommandError(f"there is no folder {root}.")
    source, seen, changed, bad = f"folder:{root.resolve().name}"[:40], list[str](), 0, 0
    for one in folder.read(root):
        if isinstance(one, folder.Unreadable):
            bad += 1
            console.print(f"{one.key} {one.why}", markup=False)
            continue
        seen.append(one.key)
        with within(tenant_id):
            changed += learn(tenant_id, source, one)
    gone = 0
    if not bad:  # a file that could not be read this time is not a file that is gone
        with within(tenant_id):
            gone = forget(tenant_id, source, seen)
    console.print(f"{len(seen)} articles read, {changed} changed, {gone} withdrawn, {bad} left out")
    _embed(tenant_id, console)


def _embed(tenant_id: int, console: Console) -> None:
    for embedder in embedders():
        with within(tenant_id):
            standing = progress(tenant_id, embedder.model)
        with Progress(console=console) as bar:
            task = bar.add_task(embedder.model, total=standing.total, completed=standing.done)
            try:
                while made := embed(tenant_id, embedder):
                    bar.advance(task, made)
            except IntegrationError as error:
                console.print(f"{embedder.model}: {error}. Search goes by words until it is done.", markup=False)


def _status(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    with within(tenant_id):
        sources = list(
            Article.of(tenant_id).values("source").order_by("source")
            .annotate(articles=Count("pk", filter=Q(current=True), distinct=True),
                      parts=Count("passages", filter=Q(current=True)))
        )  # fmt: skip
        standings = [progress(tenant_id, embedder.model) for embedder in embedders()]
    drawn = Table("Source", "Articles", "Passages")
    for one in sources:
        drawn.add_row(one["source"], str(one["articles"]), str(one["parts"]))
    console.print(drawn)
    for standing in standings:
        console.print(f"{standing.model}: {standing.done} of {standing.total} passages", markup=False)


def _search(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    question = options["question"]
    language = options["language"] or detect(question)[0] or "en"
    ranked = rank(tenant_id, question, language).ranked[:SHOWN]
    with within(tenant_id):
        passages = Passage.of(tenant_id).in_bulk([one.passage_id for one in ranked])
    drawn = Table(
        "", "Passage", *WEIGHTS, "sum", caption="Each score as it is; the sum is of their distances from the mean."
    )
    for place, one in enumerate(ranked, 1):
        drawn.add_row(str(place), str(passages[one.passage_id]), *_figures(one), f"{one.score:.2f}")
    console.print(drawn if ranked else f"Nothing was found in {language!r}.")


def _figures(one: Ranked) -> list[str]:
    return ["-" if score is None else f"{score:.2f}" for score in one.scores.values()]


PARTS = {"sync": _sync, "status": _status, "add": _add, "search": _search}
