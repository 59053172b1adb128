"""`manage.py knowledge sync|status|add|remove|gaps|search|check`: manages a tenant's knowledge from the command line."""

import argparse
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify
from rich.console import Console
from rich.progress import Progress
from rich.table import Column, Table

from guardrails.text.language import detect
from integrations.errors import IntegrationError
from klark.knowledge.compare import StatedSentence, compare, stated
from klark.knowledge.embedding import embed, embedders, progress
from klark.knowledge.gaps import DAYS
from klark.knowledge.overview import overview
from klark.knowledge.refresh_source import refresh, remove
from klark.knowledge.sync_help_centre import sync
from klark.management.print_gaps import tell_gaps
from klark.models import COMMAND_LINE, EVERY_TENANT, AuditAct, Connection, Passage, Source, Tenant, record, within
from klark.retrieval.rank import WEIGHTS, RankedPassage
from klark.retrieval.retrieve import rank
from klark.sources.kinds import kind_of

SHOWN = 10
MOST_DAYS = 3650


class Command(BaseCommand):
    """Runs one subcommand for one tenant. Each can be stopped at any time and run again; what was done is kept."""

    help = "Bring knowledge in, see how far it is, and see what a question finds and why."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the subcommands and their options."""
        parser.add_argument("--tenant", required=True, help="its short name")
        parts = parser.add_subparsers(dest="part", required=True)
        sync = parts.add_parser("sync", help="read all help centres, folders and sites, then embed")
        sync.add_argument("name", nargs="?", default="", help="of one source; all where it is left out")
        parts.add_parser("status", help="sources, when they were read, what was left out; passages and vectors")
        add = parts.add_parser("add", help="name a folder, or a site by its address, and read it; beat keeps it fresh")
        add.add_argument("name", help="what its articles are filed under, as in handbook")
        add.add_argument("where", help="a path, or https://… of a site or of its sitemap")
        remove = parts.add_parser("remove", help="take a source and all its articles out, at once")
        remove.add_argument("name")
        parts.add_parser("check", help="articles that say the same twice, or deny each other, the older first")
        missing = parts.add_parser("gaps", help="what was asked and not found, and articles to look at")
        missing.add_argument("--json", action="store_true", help="print one JSON object")
        missing.add_argument("--days", type=_days, default=DAYS, help=f"how far to look back (default: {DAYS})")
        missing.add_argument("--draft", type=int, default=0, help="draft an article for the gap with this number")
        search = parts.add_parser("search", help="what a question finds, and why")
        search.add_argument("question")
        search.add_argument("--language", default="", help="as in fr; found out where it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the subcommand. Raises CommandError if there is no such tenant."""
        with within(EVERY_TENANT):
            tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"--tenant: there is no tenant {options['tenant']!r}.")
        console = plain(cast("IO[str]", self.stdout), soft_wrap=bool(options.get("json")))
        PARTS[options["part"]](tenant.pk, console, options)


def _days(typed: str) -> int:
    days = int(typed)
    if not 1 <= days <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"takes a number of days from 1 to {MOST_DAYS}, not {typed}")
    return days


def plain(out: IO[str], *, soft_wrap: bool = False) -> Console:
    """Returns a console that takes no text as mark-up, because it prints customers' and authors' text (such as "[/b]")."""
    return Console(file=out, soft_wrap=soft_wrap, markup=False)


def _sync(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    """Reads every source even if one fails; the exit status reports the failure at the end."""
    sources = [_named(tenant_id, options["name"])] if options["name"] else _sources(tenant_id)
    accounts = () if options["name"] else _accounts(tenant_id)
    good = [*(_walk(account, console) for account in accounts), *(_refresh(source, console) for source in sources)]
    _embed(tenant_id, console)
    _must(all(good))


def _walk(account: Connection, console: Console) -> bool:
    try:
        console.print(f"{account.helpdesk} {account.account}: {sync(account)} changed")
    except IntegrationError as error:
        console.print(f"{account.helpdesk} {account.account}: not read whole: {error}")
        return False
    return True


def _must(good: bool) -> None:
    if not good:
        raise SystemExit(1)


def _accounts(tenant_id: int) -> list[Connection]:
    with within(tenant_id):
        return list(Connection.of(tenant_id).filter(active=True))


def _sources(tenant_id: int) -> list[Source]:
    with within(tenant_id):
        return list(Source.of(tenant_id).filter(active=True))


def _named(tenant_id: int, name: str) -> Source:
    with within(tenant_id):
        source = Source.of(tenant_id).filter(name=name).first()
    if source is None:
        raise CommandError(f"there is no source {name!r}: `knowledge status` lists them.")
    return source


def _add(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    name, where = options["name"], options["where"]
    kind = kind_of(where)
    if slugify(name) != name or len(name) > 30:
        raise CommandError(f"{name!r} is no name: up to 30 small letters, digits and dashes.")
    if kind == "folder" and not Path(where).is_dir():
        raise CommandError(f"there is no folder {where}.")
    address = str(Path(where).resolve()) if kind == "folder" else where
    with within(tenant_id):
        source, new = Source.of(tenant_id).get_or_create(
            tenant_id=tenant_id, name=name, defaults={"kind": kind, "address": address}
        )
        if new:
            record(tenant_id, COMMAND_LINE, AuditAct.SOURCE, source, done="added")
    if (source.kind, source.address) != (kind, address):
        raise CommandError(f"{name!r} is {source.address} already: remove it first, or take another name.")
    good = _refresh(source, console)
    _embed(tenant_id, console)
    _must(good)


def _remove(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    console.print(f"{remove(_named(tenant_id, options['name']))} articles withdrawn, the source is removed")


def _refresh(source: Source, console: Console) -> bool:
    """Returns whether the source could be read. Documents that were left out are printed, but are not a failure."""
    with Progress(console=console) as bar:
        task = bar.add_task(source.label, total=None)
        tally = refresh(source, lambda done, of: bar.update(task, completed=done, total=of))
    for one in tally.left:
        console.print(f"{one.key} {one.why}")
    if tally.trouble:
        console.print(f"{source.label}: {tally.trouble}")
    console.print(
        f"{source.label}: {tally.documents} documents, {tally.changed} articles changed, {tally.withdrawn} withdrawn,"
        f" {len(tally.left)} left out"
    )  # fmt: skip
    return not tally.trouble


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
                console.print(f"{embedder.model}: {error}. Search goes by words until it is done.")


def _status(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    lines = overview(tenant_id)
    with within(tenant_id):
        standings = [progress(tenant_id, embedder.model) for embedder in embedders()]
    drawn = Table(
        Column("Source", no_wrap=True),
        "Articles",
        "Passages",
        Column("Read", no_wrap=True),
        "Changed",
        "Withdrawn",
        "Left out",
    )
    for line in lines:
        when = line.read_at.strftime("%Y-%m-%d %H:%M") if line.read_at else "-"
        figures = ("-" if figure is None else str(figure) for figure in (line.changed, line.withdrawn, line.left_out))
        drawn.add_row(line.label, str(line.articles), str(line.passages), when, *figures)
    console.print(drawn)
    for line in lines:
        for told in (*([line.trouble] if line.trouble else []), *line.left):
            console.print(f"{line.label}: {told}")
    for standing in standings:
        console.print(f"{standing.model}: {standing.done} of {standing.total} passages")


def _search(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    question = options["question"]
    language = options["language"] or detect(question)[0] or "en"
    ranking = rank(tenant_id, question, language)
    ranked = ranking.ranked[:SHOWN]
    with within(tenant_id):
        passages = Passage.of(tenant_id).in_bulk([one.passage_id for one in ranked])
    drawn = Table(
        "", "Passage", *WEIGHTS, "sum",
        caption="Each score as it is, and what it counts: its distance from the mean in usual standard deviations, weighed.",
    )  # fmt: skip
    for place, one in enumerate(ranked, 1):
        drawn.add_row(str(place), str(passages[one.passage_id]), *_figures(one), f"{one.score:.2f}")
    if ranking.asked:
        console.print(f"Looked for: {ranking.asked.parts[0]}")
        console.print(f"{ranking.asked.known:.0%} of its words, by their weight, stand in any passage.")
    console.print(drawn if ranked else f"Nothing was found in {language!r}.")


def _figures(one: RankedPassage) -> list[str]:
    return [
        "-" if score is None else f"{score:.2f} {one.counts[name]:+.2f}" for name, score in one.scores.items()
    ]  # fmt: skip


def _check(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    with within(tenant_id):
        said = stated(tenant_id)
    pairs = compare(said)
    drawn = Table("", "Older", "Newer", "Why")
    for pair in pairs:
        drawn.add_row(KINDS[pair.kind], _told(pair.older), _told(pair.newer), pair.why)
    console.print(drawn if pairs else "No article says what another says, or denies it.")


def _told(said: StatedSentence) -> str:
    when = f" ({said.updated_at:%Y-%m-%d})" if said.updated_at else ""
    return f"{said.title}{when}: {said.text}"


KINDS = {"copy": "says the same", "otherwise": "says otherwise"}
PARTS = {
    "sync": _sync,
    "status": _status,
    "add": _add,
    "remove": _remove,
    "gaps": tell_gaps,
    "search": _search,
    "check": _check,
}
