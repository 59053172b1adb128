"""What the commands `export` and `erase` share: the person and the tenant that the arguments name."""

import argparse

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email


def add_person(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments that name a person at a tenant: --requester and --tenant."""
    parser.add_argument("--requester", required=True, type=str.strip, help="the person's e-mail address")
    parser.add_argument("--tenant", default="", help="the tenant's short name (not needed where there is only one)")


def address_of(typed: str) -> str:
    """Returns the address. Raises CommandError if it is none: a word alone would stand on everybody's tickets."""
    try:
        validate_email(typed.strip())
    except ValidationError:
        raise CommandError(f"--requester: {typed!r} is no e-mail address.") from None
    return typed.strip()
