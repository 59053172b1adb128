"""`manage.py recall`: lists the answers that were sent and rest on sentences of articles that are different now."""

import argparse
import json
from typing import Any

from django.core.management.base import BaseCommand

from klark.knowledge import recall
from klark.management.choose_account import tenant
from klark.models import Recall, within


class Command(BaseCommand):
    """Looks at what has changed, and lists the answers. No correction is drafted here."""

    help = "List the answers that rest on sentences of articles that are different now, the most serious change first."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        parser.add_argument("--tenant", default="", help="the tenant's short name (not needed where there is only one)")
        parser.add_argument("--all", action="store_true", help="also what a person has decided already")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the list."""
        owner = tenant(options["tenant"])
        recall.recall(owner.pk)
        with within(owner.pk):
            rows = Recall.of(owner.pk).select_related("draft").order_by("-severity", "-pk")
            listed = [_line(row) for row in (rows if options["all"] else rows.filter(state=Recall.State.OPEN))]
        for each in listed:
            self.stdout.write(json.dumps(each, ensure_ascii=False) if options["json"] else _words(each))
        if not listed and not options["json"]:
            self.stdout.write("No answer rests on anything that has changed.")


def _line(row: Recall) -> dict[str, Any]:
    return {
        "draft": row.draft_id, "ticket": row.draft.ticket_id, "connection": str(row.draft.connection_id),
        "severity": Recall.Severity(row.severity).name.lower(), "state": row.state,
        "sentences": [
            {"article": pair["title"], "old": pair["old"], "new": pair["new"],
             "severity": Recall.Severity(pair["severity"]).name.lower()} for pair in row.pairs
        ],
    }  # fmt: skip


def _words(line: dict[str, Any]) -> str:
    pairs = "".join(
        f"\n  {each['article']}: {each['old']}\n  → {each['new'] or '(nothing)'}" for each in line["sentences"]
    )
    return f"#{line['ticket']} draft {line['draft']} ({line['severity']}, {line['state']}){pairs}"
