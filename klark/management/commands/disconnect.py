"""`manage.py disconnect zendesk acme`: undoes what `connect` set up."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from klark.connections.install import take_down
from klark.management.choose_account import account_name, add_account, existing, tenant


class Command(BaseCommand):
    """Removes klark's webhook at the helpdesk, deletes the credentials, and deactivates the connection."""

    help = "Remove klark from a helpdesk: its webhook and trigger or rules, its credentials. Drafts and decisions stay."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        add_account(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Disconnects the account and prints what was done. Running it again is harmless."""
        name = account_name(options["helpdesk"], options["account"])
        row = existing(tenant(options["tenant"]), options["helpdesk"], name)
        if row is None:
            raise CommandError(f"There is no connection to {options['helpdesk']} {name}.")
        for line in take_down(row):
            self.stdout.write(f"- {line}")
