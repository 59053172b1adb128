"""What `manage.py try` and `manage.py backtest` share: their options, the database, the articles, the policy and the model."""

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from rich.console import Console
from rich.progress import Progress

from integrations.llms import LLMS
from klark.drafting.exchanges import without_models
from klark.drafting.tenant_settings import SECTIONS, settings_of
from klark.knowledge.embedding import embed, embedders
from klark.knowledge.embedding import progress as meaning_progress
from klark.knowledge.ingest import NewArticle, ingest
from klark.knowledge.refresh_source import refresh
from klark.management.policy_file.check import read_policy_file
from klark.management.trial_database import must_be_empty, throwaway
from klark.models import Article, Source, within
from klark.runtime.embedded_servers import CannotStart
from klark.runtime.processes import StartFailed
from klark.runtime.standalone import standalone
from klark.triage.standard_topics import standard_topics
from klark.trial_files import Line, domains_in, read_article, read_lines
from klark.values.policy.rules import Rules, everything_allowed
from klark.values.policy.validation import read_new_rules
from klark.values.tenant_settings import TenantSettings

NO_MODEL = "none"
OF_FILES = [NO_MODEL, *(name for name in LLMS if name != SECTIONS)]
"""What --llm takes where tickets come from files."""
NEEDS = {
    "openai": "--llm openai needs KLARK_MODEL_NAME, and KLARK_MODEL_URL and KLARK_MODEL_KEY as the server asks.",
    "local": "--llm local needs KLARK_MODEL_PROVIDER=local, and in KLARK_MODEL_FILE the path of a GGUF file.",
}


def add_material(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """Adds the options that name files, a model and the folder of the database; `required`: the two that a trial needs."""
    parser.add_argument(
        "--knowledge", type=Path, required=required, help="a folder of documents, or articles, one JSON object a line"
    )
    parser.add_argument("--tickets", type=Path, required=required, help="tickets, one JSON object a line")
    parser.add_argument(
        "--policy", type=Path, help="a policy, in YAML or JSON; without it public replies are allowed for all"
    )
    of_files: dict[str, Any] = {"choices": OF_FILES, "default": NO_MODEL} if required else {}
    parser.add_argument("--llm", help="none only quotes sections; openai and local read KLARK_MODEL_*", **of_files)
    parser.add_argument("--data", type=Path, default=Path(".klark/try"), help="the folder of the database used")


def count(typed: str) -> int:
    """Parses an option's number of tickets or cases. Raises ArgumentTypeError."""
    if not typed.isdecimal() or not int(typed):
        raise argparse.ArgumentTypeError(f"takes a number from 1, not {typed!r}")
    return int(typed)


@contextmanager
def trial_tenant(folder: Path) -> Iterator[int]:
    """Yields the id of a tenant that is deleted at the end, in klark's own database in `folder` or the empty one that
    DATABASE_URL names. The small models may use every core. Raises CommandError if there is no database to be had."""
    os.environ.setdefault("KLARK_E5_THREADS", str(os.cpu_count() or 1))
    try:
        with standalone(folder.resolve(), broker=False):
            must_be_empty()
            call_command("migrate", verbosity=0)
            with throwaway() as tenant_id:
                yield tenant_id
    except (CannotStart, StartFailed) as error:
        raise CommandError(str(error)) from error


def take_articles(tenant_id: int, path: Path, progress: Progress, tally: Counter[str], console: Console) -> set[str]:
    """Reads a file of articles or a folder of documents into the tenant's knowledge and embeds it; returns the domains that
    it names. Raises CommandError for a folder that cannot be read."""
    if path.is_dir():
        _take_folder(tenant_id, path, progress, tally, console)
    else:
        for line in good_lines(progress, "articles", path, read_article, tally, console):
            with within(tenant_id):
                ingest(tenant_id, f"file {line.value.language}", line.value)
    _embed(tenant_id, progress)
    with within(tenant_id):
        held = Article.of(tenant_id).filter(current=True).values_list("key", "title", "body_html")
        return {domain for each in held for domain in domains_in(NewArticle(*each))}


def _take_folder(tenant_id: int, path: Path, progress: Progress, tally: Counter[str], console: Console) -> None:
    with within(tenant_id):
        source = Source.objects.create(tenant_id=tenant_id, name="folder", kind="folder", address=str(path.resolve()))
    task = progress.add_task("documents", total=None)
    read = refresh(source, lambda done, of: progress.update(task, completed=done, total=of))
    if read.trouble or not read.documents:
        raise CommandError(f"--knowledge: {path}: {read.trouble or 'it holds no document that klark can read.'}")
    for one in read.left:
        tally["bad"] += 1
        _complain(console, f"{path}/{one.key}: {one.why}")


def _complain(console: Console, words: str) -> None:
    console.print(words, style="red", markup=False, highlight=False, soft_wrap=True)


def settings_for(tenant_id: int, llm: str, rules: Rules | None, domains: set[str]) -> tuple[TenantSettings, bool]:
    """Returns the settings with the drafters and the judge, and whether the judge has passed its check. Without rules
    everything is allowed, and these domains are trusted."""
    ours = replace(
        settings_of(tenant_id, rules=rules or everything_allowed(domains)), topics=standard_topics(), rungs=None
    )
    if llm == NO_MODEL:
        return without_models(ours), True
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


def rules_in(path: Path | None) -> Rules | None:
    """Returns the policy in a file; None without a file. Raises CommandError."""
    if path is None:
        return None
    try:
        if path.suffix in (".yaml", ".yml"):
            return _known_topics(read_policy_file(path).rules)
        given = json.loads(path.read_bytes())
        if not isinstance(given, dict):
            raise CommandError(f"--policy: {path} does not hold a JSON object.")
        return _known_topics(read_new_rules(given))
    except OSError as error:
        raise CommandError(f"--policy: {path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"--policy: {path}: {error}") from error


def must_have_lines(option: str, path: Path) -> None:
    """Raises CommandError for a file without a line, and one that cannot be read. A folder is for knowledge only."""
    if option == "knowledge" and path.is_dir():
        return
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


def good_lines(
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
            _complain(console, f"{path}, line {line.number}: {line.wrong}")
        else:
            yield line
