"""The policy for outgoing requests and their responses, which both transports in integrations/http/transports.py enforce."""

import socket
import time
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from integrations.errors import IntegrationError, Refused, TryLater, Unsure

READS = frozenset({"GET", "HEAD"})
# An IPv4 address is in the last 32 bits of these: NAT64 (RFC 6052, RFC 8215) and the old "compatible" ones (RFC 4291)
_CARRIERS = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
# Global to Python, but no hosts of the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry
# and -ipv6-, out of use since RFC 3879 and 7526, and the address where Azure's machines get their own keys
_SPECIAL = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "fec0::/10", "3fff::/20", "5f00::/16"))
)


REACHED: ContextVar[set[str]] = ContextVar("reached")
"""The hosts that this thread connects to, as in "acme.zendesk.com:443"; klark.runtime.tenant_share sets and reads it."""


def reached(host: str, port: int) -> None:
    """Notes that this thread waits for a host."""
    REACHED.get(set()).add(f"{host}:{port}")


@dataclass(frozen=True, slots=True)
class Outbound:
    """The limits that the operator sets. `private` lists hosts ("127.0.0.1:8800") or networks ("10.1.0.0/16") that
    may be reached although they are not public; it comes from the environment, never from a tenant's data. Times are
    in seconds. `read_only` refuses every request but GET and HEAD (shadow mode)."""

    private: tuple[str, ...] = ()
    connect_s: float = 5.0
    read_s: float = 20.0
    max_bytes: int = 16 * 1024 * 1024
    read_only: bool = False


class TooMuch(Exception):
    """A response exceeded the limit on size while it was read."""


def lost(method: str, why: str) -> IntegrationError:
    """Returns the error for a failure after the first byte was sent: a read did nothing, a write may have happened."""
    return TryLater(why) if method in READS else Unsure(why)


def web_address(text: str) -> SplitResult | None:
    """Returns the parts of an http or https URL; `None` for anything else, such as "https://[" or a port of letters."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    return parts if parts.scheme in ("https", "http") and parts.hostname and port != 0 else None


def check_method(method: str, outbound: Outbound) -> None:
    """Raises Refused for a write in shadow mode."""
    if outbound.read_only and method not in READS:
        raise Refused("this connection may only read (shadow mode), so nothing was written")


def checked_addresses(host: str, port: int, outbound: Outbound) -> list[str]:
    """Returns every address of `host`, all of them public or allowed by the operator. Raises OSError, Refused."""
    reached(host, port)
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if {host, f"{host}:{port}"} & set(outbound.private):
        return addresses
    for address in addresses:
        if not (is_public(address) or _listed(address, port, outbound.private)):
            raise Refused(f"{host} is not on the public internet, and the operator's list of private hosts lacks it")
    return addresses


def bounded(chunks: Iterable[bytes], outbound: Outbound) -> Iterator[bytes]:
    """Yields the same chunks, up to `max_bytes` in all and for `read_s` seconds: a server that drips never triggers a
    socket's time-out. Raises TooMuch, and TimeoutError where the time is over."""
    ends = time.monotonic() + outbound.read_s
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > outbound.max_bytes:
            raise TooMuch(f"the answer is larger than {outbound.max_bytes} bytes")
        if time.monotonic() > ends:
            raise TimeoutError(f"the answer took longer than {outbound.read_s:g} s")
        yield chunk


def is_public(text: str) -> bool:
    """Returns whether an IP address is one of the public internet. Raises ValueError for what is none."""
    address = _inner(ip_address(text))
    return address.is_global and not address.is_multicast and not any(address in each for each in _SPECIAL)


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Returns the IPv4 address that an IPv6 one leads to (::ffff:, 6to4, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if any(address in carrier for carrier in _CARRIERS):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _listed(address: str, port: int, private: tuple[str, ...]) -> bool:
    return f"{address}:{port}" in private or any(_within(address, entry) for entry in private)


def _within(address: str, entry: str) -> bool:
    try:
        return ip_address(address) in ip_network(entry, strict=False)
    except ValueError:
        return False
