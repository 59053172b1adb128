"""`manage.py connections`: how each helpdesk is."""

import argparse
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from rich.console import Console
from rich.table import Table

from klark.connections.rate_limit import left
from klark.models import EVERY_TENANT, Connection, within

HEADS = ("Tenant", "Helpdesk", "Account", "State", "Last event", "Last write", "Requests left", "Trouble")


class Command(BaseCommand):
    """Last event, last write, rate budget left, errors."""

    help = "Show how each connected helpdesk is: last event, last write, rate budget left, errors."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Options."""
        parser.add_argument("--json", action="store_true", help="one JSON object for each")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print."""
        with within(EVERY_TENANT):
            rows = [health(row) for row in Connection.objects.select_related("tenant").order_by("tenant__slug", "pk")]
        if options["json"]:
            for row in rows:
                self.stdout.write(json.dumps(row))
            return
        self.stdout.write(drawn(rows))


def drawn(rows: Sequence[Mapping[str, str]]) -> str:
    """The table; "[/b]" in a helpdesk's own words is no mark-up."""
    table = Table(*HEADS)
    for row in rows:
        table.add_row(*row.values())
    text = io.StringIO()
    Console(file=text, width=160, markup=False).print(table)
    return text.getvalue()


def health(row: Connection) -> dict[str, str]:
    """One connection in words. Inside `within`."""
    free, limit = left(row)
    bad = f"{row.bad_signatures} webhooks with a bad signature" if row.bad_signatures else ""
    return {
        "tenant": row.tenant.slug,
        "helpdesk": row.helpdesk,
        "account": row.account,
        "state": ("shadow mode" if row.shadow else "on") if row.active else "off",
        "last_event": _told(row.last_event_at),
        "last_write": _told(row.last_write_at),
        "requests_left": f"{free} of {limit} a minute",
        "trouble": " ".join(part for part in (row.trouble, bad) if part),
    }


def _told(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds") if moment else "never"
