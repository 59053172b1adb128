"""`manage.py connect zendesk acme`: sets up everything that an account needs before its first webhook."""

import argparse
import os
import sys
from getpass import getpass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from integrations.errors import IntegrationError
from integrations.helpdesks.setup import Extras
from klark.connections.install import WAIT_S, set_up, show, webhook_address
from klark.connections.set_up_report import Report
from klark.connections.tokens import oauth, secrets_of
from klark.knowledge.sync_help_centre import sync
from klark.management.choose_account import account_name, add_account, existing, tenant
from klark.models import COMMAND_LINE, EVERY_TENANT, AuditAct, Connection, Tenant, record, within
from klark.runtime.encrypted_secrets import CannotOpen, changed, seal, unseal

VARIABLE = "KLARK_HELPDESK_SECRET"


NEXT = (
    "Next, before klark writes anything: how often would it have been right on your closed tickets? "
    "*Backtests* in the admin says so, and manage.py backtest."
)


class Command(BaseCommand):
    """Checks klark's seat and its permissions, creates what is missing at the helpdesk, and waits for a test event."""

    help = (
        "Connect a helpdesk: check klark's seat there, make the webhook, and wait for a test event. Safe to run again. "
        f"The secret (API key, API token or client secret) is asked for, or read from {VARIABLE}."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the command's options."""
        add_account(parser)
        parser.add_argument(
            "--client", default="", help="Zendesk: the identifier of an OAuth client; its secret is asked for"
        )
        parser.add_argument("--email", default="", help="Zendesk: the seat's address, for an API token of old")
        parser.add_argument("--new-tenant", action="store_true", help="make the tenant that --tenant names")
        parser.add_argument("--group", default="", help="a group for handovers, made if it is not there")
        parser.add_argument(
            "--field",
            action="append",
            default=[],
            help="a text field on tickets, made if it is not there; may be repeated",
        )
        parser.add_argument("--shadow", action="store_true", help="do everything but write to tickets")
        parser.add_argument("--dry-run", action="store_true", help="only show what would be done")
        parser.add_argument("--wait", type=float, default=WAIT_S, help="seconds to wait for the test event")
        parser.add_argument("--address", default="", help=argparse.SUPPRESS)  # of a stand-in helpdesk

    def handle(self, *args: Any, **options: Any) -> None:
        """Connects the account and reads its articles. Exits with status 1 if something is left to do."""
        if options["address"] and settings.PRODUCTION:
            raise CommandError("A stand-in helpdesk is not for production.")
        try:
            report = self._run(options)
        except (IntegrationError, CannotOpen) as error:
            raise CommandError(str(error)) from error
        for line in report.lines():
            self.stdout.write(line)
        if report.good and not options["dry_run"]:
            self.stdout.write(self._read_articles(options))
            self.stdout.write(NEXT)
        if not report.good:
            raise SystemExit(1)

    def _read_articles(self, options: dict[str, Any]) -> str:
        """Reads the help centre at once, so that there is knowledge from the start; housekeeping reads it again every hour."""
        owner = tenant(options["tenant"])
        row = existing(owner, options["helpdesk"], account_name(options["helpdesk"], options["account"]))
        try:
            return f"Articles of the help centre that are new or changed: {sync(row) if row else 0}."
        except IntegrationError as error:
            return f"The help centre could not be read: {error}"

    def _run(self, options: dict[str, Any]) -> Report:
        name = account_name(options["helpdesk"], options["account"])
        row = _connection(_owner(options), options["helpdesk"], name)
        row.address = options["address"] or row.address
        row.shadow = row.shadow or options["shadow"]
        given = _credentials(row, options)
        if given:
            row.sealed = seal({**changed(_opened(row), token=given["token"]), **given})
        self.stdout.write(f"{row}, for {row.tenant}. Webhooks come to {webhook_address(row)}")
        extras = Extras(options["group"], tuple(options["field"]))
        return show(row, extras) if options["dry_run"] else set_up(row, options["wait"], extras)


def _owner(options: dict[str, Any]) -> Tenant:
    if not options["new_tenant"]:
        return tenant(options["tenant"])
    if not options["tenant"] or options["dry_run"]:
        raise CommandError("--new-tenant makes the tenant that --tenant names; it does not go with --dry-run.")
    try:
        Tenant._meta.get_field("slug").run_validators(options["tenant"])
    except ValidationError as error:
        raise CommandError(f"--tenant {options['tenant']!r}: {' '.join(error.messages)}") from error
    with within(EVERY_TENANT):
        owner, new = Tenant.objects.get_or_create(
            slug=options["tenant"], defaults={"name": options["tenant"].capitalize()}
        )
        if new:
            record(None, COMMAND_LINE, AuditAct.TENANT, owner)
    return owner


def _connection(owner: Tenant, helpdesk: str, name: str) -> Connection:
    return existing(owner, helpdesk, name) or Connection(tenant=owner, helpdesk=helpdesk, account=name)


def _opened(row: Connection) -> dict[str, str]:
    """Returns the connection's secrets, or {} if their key is lost: then all of them are created again."""
    try:
        return unseal(row.sealed)
    except CannotOpen:
        return {}


def _credentials(row: Connection, options: dict[str, Any]) -> dict[str, str]:
    """Returns the secrets to seal, or {} to keep those that are stored."""
    named = options["client"] or options["email"]
    if _opened(row).get("token") and not named and not _given():
        return {}
    if row.helpdesk != "zendesk":
        return {"token": _secret("API key of klark's own seat")}
    if options["client"]:
        client = {"client_id": options["client"], "client_secret": _secret("secret of the OAuth client")}
        tokens = oauth(row).by_client(client["client_id"], client["client_secret"])
        return {**secrets_of(tokens), **client, "grant": "client"}
    if options["email"]:
        return {"token": f"{options['email']}/token:{_secret('API token')}"}
    raise CommandError(
        "Zendesk: give --client with the identifier of an OAuth client, or --email for an API token of old."
    )


def _given() -> str:
    """Returns the secret in the environment, or "". A file adds a line break, and a compose file sets empty variables."""
    return os.environ.get(VARIABLE, "").strip()


def _secret(what: str) -> str:
    if given := _given():
        return given
    if not sys.stdin.isatty():
        raise CommandError(f"Set {VARIABLE} to the {what}: there is nobody here to ask.")
    return getpass(f"The {what}: ").strip()
