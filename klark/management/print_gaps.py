"""`manage.py knowledge gaps`: prints what the admin's page on knowledge gaps shows, as tables or as JSON."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError
from django.urls import reverse
from rich.console import Console
from rich.table import Table

from klark.gap_articles.drafted import markdown_of, propose
from klark.knowledge.gap import Gap
from klark.knowledge.gaps import Gaps, gaps
from klark.knowledge.kept_comparison import compare_again
from klark.models import COMMAND_LINE, within

SHOWN = 20


def tell_gaps(tenant_id: int, console: Console, options: dict[str, Any]) -> None:
    """Prints the tenant's gaps of the last `options["days"]` days, or drafts an article for gap number `options["draft"]`.

    Raises CommandError if there is no such gap.
    """
    compare_again(tenant_id)
    with within(tenant_id):
        found = gaps(tenant_id, options["days"])
    if options["draft"]:
        _draft(tenant_id, console, found, options)
    elif options["json"]:
        console.out(json.dumps(asdict(found), default=str, ensure_ascii=False), highlight=False)
    else:
        _print(console, found)


def _draft(tenant_id: int, console: Console, found: Gaps, options: dict[str, Any]) -> None:
    number = options["draft"]
    if not 1 <= number <= len(found.gaps):
        raise CommandError(f"--draft takes a number from 1 to {len(found.gaps)}, as `knowledge gaps` shows them.")
    with within(tenant_id):
        made = propose(tenant_id, found.gaps[number - 1], COMMAND_LINE.name)
    if options["json"]:
        shown = {name: getattr(made, name) for name in ("id", "title", "asked", "language", "sentences", "left_out")}
        console.out(json.dumps(shown, ensure_ascii=False), highlight=False)
        return
    console.out(markdown_of(made), highlight=False)
    for wording in made.asked:
        console.out(f"Asked: {wording}", highlight=False)
    tickets = dict.fromkeys(ticket for each in made.sentences for _, ticket in each["tickets"])
    console.print(f"From tickets: {', '.join(tickets) or 'none that a person answered yet'}")
    console.print(f"Accept it in the admin: {reverse('admin:klark_article_drafted', args=(made.pk,))}")


def _print(console: Console, found: Gaps) -> None:
    drawn = Table("", "Tickets", "Topic", "Asked and not found", "Last", title=f"Since {found.since:%Y-%m-%d}")
    for number, gap in enumerate(found.gaps[:SHOWN], 1):
        drawn.add_row(str(number), str(gap.tickets), gap.topic, _asked(gap), f"{gap.last_at:%Y-%m-%d}")
    console.print(drawn if found.gaps else "Everything that was asked was found.")
    for pair in found.pairs[:SHOWN]:
        for side in (pair.older, pair.newer):
            console.print(f"{pair.kind}: {side.title} ({_day(side.updated_at)}): {side.text}")
    for concern in found.concerns[:SHOWN]:
        console.print(f"{concern.kind}: {concern.title} ({concern.language})")


def _asked(gap: Gap) -> str:
    return f"{gap.question} (has an article now: {gap.article})" if gap.article else gap.question


def _day(when: Any) -> str:
    return f"{when:%Y-%m-%d}" if when else "-"
