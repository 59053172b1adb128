"""`manage.py export --requester ADDRESS`: writes everything that klark keeps of one person into one JSON file."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from klark.management.choose_account import tenant
from klark.management.choose_person import add_person, address_of
from klark.personal_data.export import export


class Command(BaseCommand):
    """Writes the file, or prints it."""

    help = "Write what is kept of a person into one JSON file: every ticket that they asked, or on which their address stands."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        add_person(parser)
        parser.add_argument("--output", default="", help="the file; printed where it is left out")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes or prints the JSON document."""
        address = address_of(options["requester"])
        told = export(tenant(options["tenant"]), address)
        if not json.loads(told)["tickets"]:
            self.stderr.write(f"No ticket is kept of {address}: look whether it is spelt as in their tickets.")
        if options["output"]:
            Path(options["output"]).write_text(told, encoding="utf-8")
        else:
            self.stdout.write(told)
