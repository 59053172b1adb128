"""`manage.py replay`: runs drafts again from what was kept of them, as they were or with something changed."""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, cast, get_args

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import track
from rich.table import Table

from integrations.llms.base import BudgetSpent
from klark.evidence.rerun.differences import SAME, Difference, compared
from klark.evidence.rerun.replay import Changes, Knowledge, Models
from klark.management.choose_account import tenant
from klark.management.choose_rules import UNUSABLE, chosen_rules
from klark.models import Draft, Tenant, within

WHICH = """Replay runs drafts again from what was kept of them, and shows what comes of them now; no helpdesk is opened.
Which drafts? Give numbers from their pages' addresses (replay 812 813), --since a day, or --diff two policies; and of several
tenants, whose (--tenant acme).
Add what is to be other than it was: --policy, --llm, --knowledge or --prompt. With none of these each should end as it did."""
WEEK = timedelta(days=7)
SHOWN = 300
"""Characters of a value that the table shows, of the lines that only one side has; --json has all."""


class Command(BaseCommand):
    """Compares each draft with what comes of it now. Nothing is written to a helpdesk, and no draft is changed."""

    help = (
        "Run drafts again from what was kept of them: unchanged they end as they did; with another policy, prompt, model or "
        "knowledge it tells what differs, and from which stage on. Nothing is written to a helpdesk. See docs/replay.md."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        parser.add_argument(
            "drafts", nargs="*", type=int, metavar="DRAFT", help="numbers of drafts, as their addresses have them"
        )
        parser.add_argument("--tenant", default="", help="the tenant's short name (not needed where there is only one)")
        parser.add_argument(
            "--policy", metavar="FILE|VERSION", help="another policy: a file, or the number of a version"
        )
        parser.add_argument("--prompt", type=Path, metavar="FILE", help="what the drafter is told; needs --llm now")
        parser.add_argument("--llm", choices=get_args(Models), default="recorded",
                            help="what models said then, no model, or ask the models of now, which costs")  # fmt: skip
        parser.add_argument(
            "--knowledge",
            type=_knowledge,
            default="recorded",
            metavar="recorded|now|DAY",
            help="passages of then, of now, or the same articles as they were when a day such as 2026-11-23 began",
        )
        parser.add_argument(
            "--diff", nargs=2, metavar=("A", "B"), help="compare two policies, each a file or a version"
        )
        parser.add_argument(
            "--since", type=_day, help="drafts from this day on, such as 2026-11-23 (--diff: of the last week)"
        )
        parser.add_argument("--fail-on-change", action="store_true", help="exit with status 1 if anything differs")
        parser.add_argument("--json", action="store_true", help="write one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compares the drafts. Raises CommandError; exits with status 1 for a difference, if that is asked for."""
        if not any(options[each] for each in ("drafts", "since", "diff")):
            raise CommandError(WHICH, returncode=UNUSABLE)
        owner = tenant(options["tenant"])
        before, after = _changes(owner, options)
        drafts = options["drafts"] or _since(owner, options)
        if not drafts:
            raise CommandError("There is no draft to replay: give numbers, or an earlier --since.", returncode=UNUSABLE)
        try:
            found = [compared(owner.pk, each, after, before) for each in self._told(drafts)]
        except BudgetSpent as error:
            raise CommandError("The budget is spent: no model is asked today.", returncode=UNUSABLE) from error
        self._tell(found, options)
        if all(each.cannot and not each.stage for each in found):
            raise CommandError("None of these drafts can be replayed.", returncode=UNUSABLE)
        if options["fail_on_change"] and any(each.stage != SAME for each in found if each.stage):
            raise SystemExit(1)

    def _told(self, drafts: list[int]) -> Iterator[int]:
        console = Console(file=cast("IO[str]", self.stderr))
        yield from track(drafts, "drafts", console=console, disable=len(drafts) < 5)

    def _tell(self, found: list[Difference], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(
                json.dumps({"drafts": [each.as_json() for each in found], **_tally(found)}, ensure_ascii=False)
            )
            return
        console = Console(file=cast("IO[str]", self.stdout), markup=False, highlight=False)
        for each in found:
            if each.cannot:
                console.print(f"{_title(each)}: {each.cannot}\n")
            elif each.stage != SAME:
                console.print(_drawn(each), "")
        told = _tally(found)
        self.stdout.write(
            "{identical} of {replayed} drafts are identical, {changed} differ; {cannot} cannot be told.".format(**told)
        )


def _tally(found: list[Difference]) -> dict[str, int]:
    count = Counter("cannot" if each.cannot else "identical" if each.stage == SAME else "changed" for each in found)
    return {"replayed": len(found), **{name: count[name] for name in ("identical", "changed", "cannot")}}


def _title(each: Difference) -> str:
    return f"Draft {each.draft_id}" + (f", ticket {each.ticket_id}" if each.ticket_id else "")


def _drawn(each: Difference) -> Table:
    """Returns one draft as a table of the terminal's width, in which before and after share what the first column leaves."""
    title = f"{_title(each)}: differs from the stage “{each.stage}” on"
    drawn = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE, pad_edge=False)
    drawn.add_column("What", no_wrap=True)
    for head in ("Before", "After"):
        drawn.add_column(head, ratio=1, overflow="fold")
    for name, (before, after) in (each.changed or {}).items():
        old, new = _lines(before), _lines(after)
        drawn.add_row(
            name, _short(line for line in old if line not in new), _short(line for line in new if line not in old)
        )
    if not each.changed:
        drawn.add_row("nothing that shows", "", "")
    return drawn


def _lines(value: Any) -> list[str]:
    """Returns a value line by line; a finding by its id, its level and its words."""
    if isinstance(value, list):
        return [f"{each['id']} {each['level']}: {each['words'] or each['why']}" for each in value]
    return [line for line in str(value).splitlines() if line.strip()]


def _short(lines: Iterable[str]) -> str:
    text = "\n".join(lines) or "—"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _changes(owner: Tenant, options: dict[str, Any]) -> tuple[Changes | None, Changes]:
    """Returns what is compared: with None before, the drafts as they were. Raises CommandError for options that do not go
    together."""
    more: dict[str, Any] = {"models": options["llm"], "knowledge": options["knowledge"], "prompt": _prompt(options)}
    if not options["diff"]:
        rules = chosen_rules(owner, options["policy"]) if options["policy"] else None
        return None, Changes(rules, **more)
    if options["policy"] or options["drafts"]:
        raise CommandError(
            "--diff compares two policies over all drafts since a day: leave --policy and numbers out.", returncode=2
        )
    first, second = (chosen_rules(owner, each) for each in options["diff"])
    return Changes(first, **more), Changes(second, **more)


def _prompt(options: dict[str, Any]) -> str:
    path: Path | None = options["prompt"]
    if path is None:
        return ""
    if options["llm"] != "now":
        raise CommandError(
            "--prompt needs --llm now: nobody knows what the models of then would have said to it.", returncode=2
        )
    try:
        text = path.read_text(encoding="utf-8")
        text.format(today="", language="", mark="", instruction="")
    except OSError as error:
        raise CommandError(f"--prompt: {path} cannot be read: {error.strerror}.", returncode=2) from error
    except (ValueError, LookupError) as error:
        raise CommandError(
            f"--prompt: {path} may name {{today}}, {{language}}, {{mark}} and {{instruction}}; other braces are doubled.",
            returncode=2,
        ) from error
    return text


def _since(owner: Tenant, options: dict[str, Any]) -> list[int]:
    begin = options["since"] or timezone.now() - WEEK
    with within(owner.pk):
        return list(Draft.of(owner.pk).filter(created_at__gte=begin).order_by("pk").values_list("pk", flat=True))


def _knowledge(typed: str) -> Knowledge:
    return typed if typed in ("recorded", "now") else _day(typed)  # type: ignore[return-value]  # one of the two


def _day(typed: str) -> datetime:
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"takes a day such as 2026-11-23, not {typed!r}") from None
