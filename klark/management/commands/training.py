"""`manage.py training --output FOLDER`: writes drafts that people judged good as masked examples for training a model."""

import argparse
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from klark.evidence.training.files import NotAllowed, PolicyChanged, export
from klark.management.choose_account import tenant

FORBIDDEN = (
    "{} does not allow it. A lead allows it in the policy: “drafts may be exported to train a model”, “Not for klark”."
)


class Command(BaseCommand):
    """Writes train.jsonl, validation.jsonl, preference.jsonl, card.json and card.md."""

    help = "Write drafts that people judged good as masked examples for training a model. See docs/learning.md."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        parser.add_argument("--output", type=Path, required=True, help="a folder that does not exist yet, or is empty")
        parser.add_argument("--tenant", default="", help="the tenant's short name (not needed where there is only one)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes the files, and says how many examples there are."""
        owner, folder = tenant(options["tenant"]), options["output"]
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # it will hold what customers wrote
            if any(folder.iterdir()):
                raise CommandError(f"--output: {folder} is not empty, and nothing in it is written over.")
            with Progress(console=Console(stderr=True)) as progress:
                bar = progress.add_task("drafts", total=None)
                card = export(owner, folder, lambda done, of: progress.update(bar, completed=done, total=of))
        except NotAllowed:
            raise CommandError(FORBIDDEN.format(owner)) from None
        except PolicyChanged:
            raise CommandError(
                "The policy has changed meanwhile, and nothing was written. Run the command again."
            ) from None
        except OSError as error:
            raise CommandError(f"--output: {error.filename or folder} cannot be written: {error.strerror}.") from error
        self.stdout.write(
            f"{card['examples']} examples of {card['looked_at']} drafts are in {folder}; card.md says more."
        )
