"""`manage.py disconnect zendesk acme`: undo what `connect` did."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from klark.connections.install import take_down
from klark.management.choosing import account_name, add_account, existing, tenant


class Command(BaseCommand):
    """Remove klark's webhook at the helpdesk, forget the credentials, and stop."""

    help = "Remove klark from a helpdesk: its webhook and trigger or rules, its credentials. Drafts and decisions stay."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Options."""
        add_account(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Disconnect; run again, there is nothing left to do."""
        name = account_name(options["helpdesk"], options["account"])
        row = existing(tenant(options["tenant"]), options["helpdesk"], name)
        if row is None:
            raise CommandError(f"There is no connection to {options['helpdesk']} {name}.")
        for line in take_down(row):
            self.stdout.write(f"- {line}")
