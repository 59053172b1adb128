"""`manage.py erase --requester ADDRESS`: deletes everything that klark keeps of one person."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from klark.management.choose_account import tenant
from klark.management.choose_person import add_person, address_of
from klark.management.confirm import confirmed
from klark.models import KeptCompletion
from klark.personal_data.erase import erase


class Command(BaseCommand):
    """Erases after one question, and prints how many rows of each table."""

    help = (
        "Delete what is kept of a person, in every table. Decisions stay as numbers without content. Cannot be undone."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        add_person(parser)
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Asks, erases, and prints a count for each table."""
        owner, address = tenant(options["tenant"]), address_of(options["requester"])
        question = f"Delete everything that {owner} keeps of {address}? It cannot be undone. Type yes: "
        if not options["yes"] and not confirmed(question):
            raise CommandError("Nothing was deleted. Where nobody can answer, --yes confirms.")
        counts = erase(owner.pk, address)
        for model, count in counts.items():
            self.stdout.write(f"{count:6d} {model._meta.verbose_name_plural}")
        del counts[KeptCompletion]  # those that may be anybody's go each time
        if not any(counts.values()):
            self.stdout.write(f"Nothing was kept of {address}: look whether it is spelt as in their tickets.")
