"""`manage.py try`: runs the same pipeline over files of articles and tickets; nothing can be written to a helpdesk."""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from klark.evidence.trial_run import try_ticket
from klark.management.trial import (
    add_material,
    good_lines,
    must_have_lines,
    rules_in,
    settings_for,
    take_articles,
    trial_tenant,
)
from klark.trial_files import read_ticket
from klark.values.policy.rules import Rules
from klark.values.wording import percent_words


class Command(BaseCommand):
    """Reads articles and tickets and writes decisions. What it loads is deleted at the end; no helpdesk is contacted."""

    help = (
        "Try klark on your own tickets before connecting anything. Nothing is written but --out and a database: klark's "
        "own, in --data, or the empty one that DATABASE_URL names."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        add_material(parser, required=True)
        parser.add_argument("--out", required=True, help="where decisions go, one JSON object a line; - for here")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs every ticket. Raises CommandError; exits with status 1 if any line could not be read."""
        rules = rules_in(options["policy"])
        for name in ("knowledge", "tickets"):
            must_have_lines(name, options[name])
        with trial_tenant(options["data"]) as tenant_id:
            bad = _run(tenant_id, options, rules, Console(stderr=True))
        if bad:
            raise SystemExit(1)


def _run(tenant_id: int, options: dict[str, Any], rules: Rules | None, console: Console) -> int:
    tally: Counter[str] = Counter()
    sure: defaultdict[str, list[float]] = defaultdict(list)
    with _out(options["out"]) as out, Progress(console=console) as progress:
        domains = take_articles(tenant_id, options["knowledge"], progress, tally, console)
        ours, checked = settings_for(tenant_id, options["llm"], rules, domains)
        for line in good_lines(progress, "tickets", options["tickets"], read_ticket, tally, console):
            _, written = try_ticket(line.value, ours)
            tally[ended := f"{written['decision']} {written['reason']}"] += 1
            sure[ended] += [] if written["confidence"] is None else [written["confidence"]]
            out.write(json.dumps(written, ensure_ascii=False) + "\n")
    bad = tally.pop("bad", 0)
    _summary(console, tally, sure)
    if ours.judge and not checked:
        console.print(f"The judge ({ours.judge.name}) was not checked: in a trial its word counts all the same.")
    return bad


@contextmanager
def _out(name: str) -> Iterator[IO[str]]:
    if name == "-":
        yield sys.stdout
        return
    try:
        with Path(name).open("w", encoding="utf-8") as out:
            yield out
    except OSError as error:
        raise CommandError(f"--out: {name} cannot be written: {error.strerror}.") from error


def _summary(console: Console, tally: Counter[str], sure: Mapping[str, Sequence[float]]) -> None:
    """Prints the number of tickets by decision and reason, and the mean confidence of those that have a draft."""
    drawn = Table("Decision", "Reason", "Tickets", "Confidence")
    for name, count in tally.most_common():
        mean = percent_words(sum(sure[name]) / len(sure[name]) if sure[name] else None)
        drawn.add_row(*name.split(" ", 1), str(count), mean)
    console.print(drawn)
