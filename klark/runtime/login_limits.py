"""Limits on wrong passwords: for a name at one address, and for an address whatever the names. `settings` names both parts.

A name alone is never locked, since then any stranger could keep its owner out. What remains for somebody with many
addresses is the strength of the password: see `klark.runtime.accounts.LOGIN`.
"""

from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

NAMES = 5
"""From one address so many names may each be mistyped up to the limit: an office shares its address."""


class LoginLimits(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Counts wrong passwords in the database. AXES_LOCKOUT_PARAMETERS gives it the tries of the name, then the address's."""

    def get_failures(self, request: HttpRequest, credentials: Mapping[str, str] | None = None) -> int:
        """Returns what is compared with AXES_FAILURE_LIMIT."""
        of_name, of_address = (_sum(tries) for tries in self.get_user_attempts(request, credentials))
        return max(of_name, of_address // NAMES)

    def reset_user_attempts(self, request: HttpRequest, credentials: Mapping[str, str] | None = None) -> int:
        """Forgets the name's own slips after a login. The address's other tries stay: they may be guesses at other names."""
        of_name, _of_address = self.filter_user_attempts(request, credentials)
        gone: int = of_name.delete()[0]
        return gone


def _sum(tries: QuerySet[Any]) -> int:
    return tries.aggregate(total=Sum("failures_since_start"))["total"] or 0


def client_address(request: HttpRequest) -> str | None:
    """Returns the address a request came from: behind a trusted proxy, the last one in X-Forwarded-For, which the proxy
    itself wrote. Of an IPv6 address only the first 64 bits count, because one subscriber has all the rest."""
    peer: str | None = request.META.get("REMOTE_ADDR")
    forwarded = request.headers.get("X-Forwarded-For") if settings.SECURE_PROXY_SSL_HEADER else None
    try:
        address = ip_address((forwarded or peer or "").rpartition(",")[2].strip())
    except ValueError:
        return peer
    return str(address) if address.version == 4 else str(ip_network((address, 64), strict=False).network_address)
