"""What the commands `connect` and `disconnect` share: finding the tenant and the account that the arguments name."""

import argparse

from django.core.management.base import CommandError

from integrations.helpdesks import INSTALLERS
from klark.models import EVERY_TENANT, Connection, Tenant, connection, within

ENDINGS = {"zendesk": ".zendesk.com", "freshdesk": ".freshdesk.com"}


def add_account(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments that name one account: helpdesk, account and --tenant."""
    parser.add_argument("helpdesk", choices=[*INSTALLERS])
    parser.add_argument(
        "account", help="Zendesk: the subdomain, as in acme. Freshdesk: the domain, as in acme.freshdesk.com"
    )
    parser.add_argument("--tenant", default="", help="the tenant's short name (not needed where there is only one)")


def account_name(helpdesk: str, typed: str) -> str:
    """Returns the account name in the form that the adapters take.

    Raises CommandError if `typed` looks like an address, or is an account of the other helpdesk product, which would
    otherwise be sent this one's credentials.
    """
    try:
        name = connection.account_name(helpdesk, typed)
    except ValueError as error:
        raise CommandError(str(error)) from error
    other = next((desk for desk, ending in ENDINGS.items() if desk != helpdesk and name.endswith(ending)), "")
    if other:
        raise CommandError(f"{typed!r} is an account of {other}, not of {helpdesk}: connect {other} {typed}")
    return name


def tenant(slug: str) -> Tenant:
    """Returns the tenant with this short name, or the only tenant if `slug` is empty. Raises CommandError if there is none."""
    with within(EVERY_TENANT):
        found = list(Tenant.objects.filter(**({"slug": slug} if slug else {}))[:2])
        known = ", ".join(Tenant.objects.values_list("slug", flat=True)[:20])
    if len(found) == 1:
        return found[0]
    if not known:
        raise CommandError("There is no tenant yet. Make one with --tenant SHORT-NAME --new-tenant, or in the admin.")
    raise CommandError(
        f"There is no tenant {slug!r}: {known}." if slug else f"Which tenant? Give --tenant, one of: {known}."
    )


def existing(owner: Tenant, helpdesk: str, account: str) -> Connection | None:
    """Returns the tenant's connection to this account, or None."""
    with within(owner.pk):
        rows = Connection.of(owner.pk).select_related("tenant")
        return rows.filter(helpdesk=helpdesk, account=account).first()
