"""What `connect`, `disconnect` and `connections` have in common: which tenant, which account."""

import argparse

from django.core.management.base import CommandError

from integrations.helpdesks import INSTALLERS
from klark.models import EVERY_TENANT, Connection, Tenant, connection, within

ENDINGS = {"zendesk": ".zendesk.com", "freshdesk": ".freshdesk.com"}


def add_account(parser: argparse.ArgumentParser) -> None:
    """The arguments that name one account."""
    parser.add_argument("helpdesk", choices=[*INSTALLERS])
    parser.add_argument(
        "account", help="Zendesk: the subdomain, as in acme. Freshdesk: the domain, as in acme.freshdesk.com"
    )
    parser.add_argument("--tenant", default="", help="the tenant's short name (not needed where there is only one)")


def account_name(helpdesk: str, typed: str) -> str:
    """The name as the adapters take it. Raises CommandError for anything that looks like an address, and for an account
    of the other product: its credentials would go there."""
    try:
        name = connection.account_name(helpdesk, typed)
    except ValueError as error:
        raise CommandError(str(error)) from error
    other = next((desk for desk, ending in ENDINGS.items() if desk != helpdesk and name.endswith(ending)), "")
    if other:
        raise CommandError(f"{typed!r} is an account of {other}, not of {helpdesk}: connect {other} {typed}")
    return name


def tenant(slug: str) -> Tenant:
    """The tenant meant: the one named, or the only one. Raises CommandError."""
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
    """The tenant's connection to this account."""
    with within(owner.pk):
        rows = Connection.of(owner.pk).select_related("tenant")
        return rows.filter(helpdesk=helpdesk, account=account).first()
