"""`manage.py keys rotate`: encrypts all stored secrets with the newest key, so that the older ones can be removed."""

import argparse
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from klark.connections.key_rotation import rotate


class Command(BaseCommand):
    """Rotates the encryption key without a stop: docs/security.md says in which order."""

    help = "Encrypt all stored tokens, webhook secrets and model keys with the first key of KLARK_ENCRYPTION_KEYS."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the subcommand."""
        parts = parser.add_subparsers(dest="part", required=True)
        parts.add_parser("rotate", help="encrypt anew, and say whether the older keys can be removed")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was done. Exits with status 1 if a secret could not be decrypted."""
        done = rotate()
        newest, *older = settings.KLARK_ENCRYPTION_KEYS
        self.stdout.write(f"{done.anew} encrypted anew with key {newest!r}.")
        for line in done.lost:
            self.stderr.write(line)
        if done.lost:
            self.stderr.write("Enter these secrets again in the admin, or put their key back.")
            raise SystemExit(1)
        if older:
            self.stdout.write(f"Nothing needs these any more, once every process has the new key: {', '.join(older)}")
