"""`manage.py connections`: shows the health of each connected helpdesk."""

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
    """Prints each connection's last event, last write, requests left and errors."""

    help = "Show how each connected helpdesk is: last event, last write, rate budget left, errors."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        parser.add_argument("--json", action="store_true", help="one JSON object for each")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a table, or JSON lines."""
        with within(EVERY_TENANT):
            rows = [health(row) for row in Connection.objects.select_related("tenant").order_by("tenant__slug", "pk")]
        if options["json"]:
            for row in rows:
                self.stdout.write(json.dumps(row))
            return
        self.stdout.write(drawn(rows))


def drawn(rows: Sequence[Mapping[str, str]]) -> str:
    """Returns the rows of `health` as a text table. A helpdesk's text is never taken as mark-up, even if it has "[/b]"."""
    table = Table(*HEADS)
    for row in rows:
        table.add_row(*row.values())
    text = io.StringIO()
    Console(file=text, width=160, markup=False).print(table)
    return text.getvalue()


def health(row: Connection) -> dict[str, str]:
    """Describes one connection in words, by column. Call inside `within(tenant_id)` or `within(EVERY_TENANT)`."""
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
