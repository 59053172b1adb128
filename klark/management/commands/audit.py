"""`manage.py audit verify|show|head`: whether the audit chains are whole, what they say, and where they end."""

import argparse
import json
from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from klark.management.choose_account import tenant
from klark.models import EVERY_TENANT, AuditDetail, AuditEntry, Tenant, within
from klark.models.audit.entry import chain
from klark.models.audit.verify import Anchor, tell_head, verify
from klark.models.base import AT_ONCE

INSTALLATION = "the installation"
NO_ANCHOR = "Without --anchor nobody can tell whether it was rewritten as a whole or cut at its end."
Chains = list[tuple[str, int | None]]


class Command(BaseCommand):
    """Runs one subcommand for one chain, or for all."""

    help = "Who did, saw or changed what: check the chain of each tenant and of the installation, list it, or note its end."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Adds the subcommands and their options."""
        parts = parser.add_subparsers(dest="part", required=True)
        check = parts.add_parser("verify", help="walk the chain; exit status 1 if it is not whole")
        check.add_argument("--anchor", type=_anchor, help="NUMBER:LINK of an entry, as `audit head` or the log told it")
        show = parts.add_parser("show", help="list the entries, the oldest first")
        show.add_argument("--since", type=date.fromisoformat, default=date.min, help="as in 2026-11-30")
        end = parts.add_parser("head", help="print and log the last entry's number and link, to keep elsewhere")
        for part in (check, show, end):
            which = part.add_mutually_exclusive_group(required=part is show)
            which.add_argument("--tenant", default="", help="its short name; all chains where it is left out")
            which.add_argument("--installation", action="store_true", help="superusers, users, keys")

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the subcommand. Exits with status 1 if a chain is not whole."""
        chains = _chains(options)
        if options["part"] == "verify":
            if options["anchor"] and len(chains) > 1:
                raise CommandError("--anchor is of one chain: give --tenant or --installation too.")
            good = [self._verify(name, tenant_id, options["anchor"]) for name, tenant_id in chains]
            if not all(good):
                raise SystemExit(1)
        for name, tenant_id in chains:
            if options["part"] == "head":
                end = tell_head(tenant_id)
                self.stdout.write(f"{name} {end.number}:{end.link}")
            elif options["part"] == "show":
                self._show(tenant_id, options["since"])

    def _verify(self, name: str, tenant_id: int | None, anchor: Anchor | None) -> bool:
        found = verify(tenant_id, anchor)
        if found.breaks:
            self.stdout.write(f"{name}: the chain is NOT whole.")
            for line in found.breaks:
                self.stdout.write(f"- {line}")
            return False
        told = f"{name}: the chain is whole, {found.entries} entries, head {found.head.number}:{found.head.link}."
        erased = f" The details of {found.without_details} were erased." if found.without_details else ""
        self.stdout.write(f"{told}{erased} {'It has the anchor.' if anchor else NO_ANCHOR}")
        return True

    def _show(self, tenant_id: int | None, since: date) -> None:
        begin = timezone.make_aware(datetime.combine(since, time())) if since > date.min else None
        last = -1
        while some := _after(tenant_id, last):
            for entry, content in some:
                if begin is None or entry.at >= begin:
                    self.stdout.write(_line(entry, content))
            last = some[-1][0].number


def _chains(options: dict[str, Any]) -> Chains:
    if options["installation"]:
        return [(INSTALLATION, None)]
    if options["tenant"]:
        owner = tenant(options["tenant"])
        return [(owner.slug, owner.pk)]
    with within(EVERY_TENANT):
        return [(INSTALLATION, None), *Tenant.objects.order_by("slug").values_list("slug", "pk")]


def _after(tenant_id: int | None, number: int) -> list[tuple[AuditEntry, Any]]:
    """Returns the next entries, each with what is still known of its details."""
    with within(EVERY_TENANT if tenant_id is None else tenant_id):
        some = list(chain(tenant_id).filter(number__gt=number)[:AT_ONCE])
        details = AuditDetail.objects.in_bulk([entry.pk for entry in some], field_name="entry_id")
    return [(entry, details[entry.pk].content if entry.pk in details else "erased") for entry in some]


def _line(entry: AuditEntry, content: Any) -> str:
    who = f"{entry.who} (user {entry.user_id})" if entry.user_id else entry.who
    told = json.dumps(content, ensure_ascii=False) if content else ""
    at = timezone.localtime(entry.at).isoformat(timespec="seconds")
    return f"{entry.number} {at} {who} | {entry.act} {entry.kind} {entry.row} {told}".rstrip()


def _anchor(typed: str) -> Anchor:
    number, _, link = typed.partition(":")
    if not number.isdecimal() or len(link) != 64:
        raise argparse.ArgumentTypeError("takes NUMBER:LINK, the link with 64 digits")
    return Anchor(int(number), link)
