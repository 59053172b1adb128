"""`manage.py try`: runs the same pipeline over files of articles and tickets; nothing can be written to a helpdesk."""

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from integrations.helpdesks.base import Ticket
from integrations.llms import LLMS
from klark import pipeline
from klark.delivery.render import reply_text
from klark.drafting.tenant_settings import SECTIONS, section_drafter, settings_of
from klark.intake.skip import Skipping, skip
from klark.knowledge.embedding import embed, embedders, topic_vectors
from klark.knowledge.embedding import progress as meaning_progress
from klark.knowledge.ingest import ingest
from klark.management.standard_topics import standard_topics
from klark.management.trial_database import must_be_empty, throwaway
from klark.models import within
from klark.runtime.embedded_servers import CannotStart
from klark.runtime.processes import StartFailed
from klark.runtime.standalone import standalone
from klark.triage.model import vectors
from klark.triage.triage import triage
from klark.trial_files import Line, as_line, domains_in, read_article, read_lines, read_ticket
from klark.values.decision import Decided
from klark.values.own_comments import OwnComments
from klark.values.people import first_name
from klark.values.policy import Rules, everything_allowed
from klark.values.policy_validation import read_new_rules
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from klark.values.wording import percent_words

NOBODY = OwnComments(frozenset())
NO_MODEL, MODELS = "none", [name for name in LLMS if name != SECTIONS]
NEEDS = {
    "openai": "--llm openai needs KLARK_MODEL_NAME, and KLARK_MODEL_URL and KLARK_MODEL_KEY as the server asks.",
    "local": "--llm local needs KLARK_MODEL_PROVIDER=local, and in KLARK_MODEL_FILE the path of a GGUF file.",
}


class Command(BaseCommand):
    """Reads articles and tickets and writes decisions. What it loads is deleted at the end; no helpdesk is contacted."""

    help = (
        "Try klark on your own tickets before connecting anything. Nothing is written but --out and a database: klark's "
        "own, in --data, or the empty one that DATABASE_URL names."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        parser.add_argument("--knowledge", type=Path, required=True, help="articles, one JSON object a line")
        parser.add_argument("--tickets", type=Path, required=True, help="tickets, one JSON object a line")
        parser.add_argument("--policy", type=Path, help="a JSON object; without it public replies are allowed for all")
        parser.add_argument(
            "--llm",
            choices=[NO_MODEL, *MODELS],
            default=NO_MODEL,
            help="none only quotes sections; others read KLARK_MODEL_*",
        )
        parser.add_argument("--out", required=True, help="where decisions go, one JSON object a line; - for here")
        parser.add_argument("--data", type=Path, default=Path(".klark/try"), help="the folder of the database used")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs every ticket. Raises CommandError; exits with status 1 if any line could not be read."""
        console = Console(stderr=True)
        rules = _rules(options["policy"])
        for name in ("knowledge", "tickets"):
            _must_have_lines(name, options[name])
        try:
            with standalone(options["data"].resolve(), broker=False):
                must_be_empty()
                call_command("migrate", verbosity=0)
                bad = self._run(options, rules, console)
        except (CannotStart, StartFailed) as error:
            raise CommandError(str(error)) from error
        if bad:
            raise SystemExit(1)

    def _run(self, options: dict[str, Any], rules: Rules | None, console: Console) -> int:
        tally: Counter[str] = Counter()
        sure: defaultdict[str, list[float]] = defaultdict(list)
        with throwaway() as tenant_id, _out(options["out"]) as out, Progress(console=console) as progress:
            domains: set[str] = set()
            for line in _lines(progress, "articles", options["knowledge"], read_article, tally, console):
                with within(tenant_id):
                    ingest(tenant_id, f"file {line.value.language}", line.value)
                domains |= domains_in(line.value)
            _embed(tenant_id, progress)
            ours, checked = _brief(tenant_id, options["llm"], rules or everything_allowed(domains))
            for line in _lines(progress, "tickets", options["tickets"], read_ticket, tally, console):
                written = try_ticket(line.value, ours)
                tally[ended := f"{written['decision']} {written['reason']}"] += 1
                sure[ended] += [] if written["confidence"] is None else [written["confidence"]]
                out.write(json.dumps(written, ensure_ascii=False) + "\n")
        bad = tally.pop("bad", 0)
        _summary(console, tally, sure)
        if ours.judge and not checked:
            console.print(f"The judge ({ours.judge.name}) was not checked: in a trial its word counts all the same.")
        return bad


def try_ticket(ticket: Ticket, ours: TenantSettings) -> dict[str, Any]:
    """Runs one ticket through the pipeline, and returns the JSON object to write for it."""
    started = time.monotonic()
    skipped = skip(ticket, Skipping(rules=ours.rules, wrote=NOBODY.wrote))
    if skipped:
        seen = triage(ticket, ours.topics, vectors, ours.rules.languages, ours.rules.dial, topic_vectors)
        run = RunRecord(seen, Decided("SKIP", skipped.reason, skipped.words))
    else:
        run = pipeline.think(ticket, ours)
    reply = run.answer.reply
    text = reply_text(reply, first_name(ticket.requester), ours.rules, run.decided.kind == "REPLY") if reply else ""
    return as_line(ticket, run, text, int((time.monotonic() - started) * 1000))


def _brief(tenant_id: int, llm: str, rules: Rules) -> tuple[TenantSettings, bool]:
    """Returns the settings with the drafters and the judge, and whether the judge has passed its check."""
    ours = replace(settings_of(tenant_id, rules=rules), topics=standard_topics())
    if llm == NO_MODEL:
        return replace(ours, drafters=(section_drafter(),), judge=None, reader=None, has_model=False), True
    if ours.judge is None or (llm == "local" and llm != settings.KLARK_MODEL_PROVIDER):
        raise CommandError(NEEDS[llm])
    return replace(ours, judge=replace(ours.judge, trusted=True)), ours.judge.trusted


def _embed(tenant_id: int, progress: Progress) -> None:
    """Embeds the passages. Without an embedding model, retrieval uses words only."""
    for embedder in embedders()[:1]:
        with within(tenant_id):
            total = meaning_progress(tenant_id, embedder.model).total
        task = progress.add_task("vectors", total=total)
        while done := embed(tenant_id, embedder):
            progress.advance(task, done)


def _rules(path: Path | None) -> Rules | None:
    if path is None:
        return None
    try:
        given = json.loads(path.read_bytes())
        if not isinstance(given, dict):
            raise CommandError(f"--policy: {path} does not hold a JSON object.")
        return _known_topics(read_new_rules(given))
    except OSError as error:
        raise CommandError(f"--policy: {path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"--policy: {path}: {error}") from error


def _must_have_lines(option: str, path: Path) -> None:
    if not path.is_file():
        raise CommandError(f"--{option}: there is no file {path}.")
    try:
        with path.open("rb") as lines:
            filled = any(line.strip() for line in lines)
    except OSError as error:
        raise CommandError(f"--{option}: {path} cannot be read: {error.strerror}.") from error
    if not filled:
        raise CommandError(f"--{option}: {path} is empty; it takes one JSON object a line.")


def _known_topics(rules: Rules) -> Rules:
    known = [topic.key for topic in standard_topics()]
    unknown = sorted(set(rules.topics) - set(known))
    if unknown:
        raise ValueError(f"there is no topic {unknown[0]!r}; a trial knows {', '.join(known)}.")
    return rules


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


def _lines(
    progress: Progress, what: str, path: Path, read: Callable[[Mapping[str, Any]], object], tally: Counter[str],
    console: Console,
) -> Iterator[Line]:  # fmt: skip
    """Yields the valid lines of a file, with a progress bar. The others are printed, and counted as "bad" in `tally`."""
    with path.open("rb") as whole:
        total = sum(1 for raw in whole if raw.strip())
    task = progress.add_task(what, total=total)
    for line in read_lines(path, read):
        progress.advance(task)
        if line.wrong:
            tally["bad"] += 1
            console.print(
                f"{path}, line {line.number}: {line.wrong}", style="red", markup=False, highlight=False, soft_wrap=True
            )
        else:
            yield line


def _summary(console: Console, tally: Counter[str], sure: Mapping[str, Sequence[float]]) -> None:
    """Prints the number of tickets by decision and reason, and the mean confidence of those that have a draft."""
    drawn = Table("Decision", "Reason", "Tickets", "Confidence")
    for name, count in tally.most_common():
        mean = percent_words(sum(sure[name]) / len(sure[name]) if sure[name] else None)
        drawn.add_row(*name.split(" ", 1), str(count), mean)
    console.print(drawn)
