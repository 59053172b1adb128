"""What an answer's headers say of the account's rate limit. Read loosely: names differ between products and years
(x-rate-limit, ratelimit-limit, X-RateLimit-Total …), so only their letters count.

Headers of one endpoint's own limit (zendesk-ratelimit-…) are left out: the account's limit is another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from integrations.answers import retry_after
from integrations.helpdesks.reading import number

_TOTAL = frozenset({"ratelimit", "ratelimitlimit", "ratelimittotal"})
_REMAINING = frozenset({"ratelimitremaining"})
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Stated:
    """Requests a minute, requests left in this one, and seconds that all must wait; `None` where nothing is said."""

    total: int | None = None
    left: int | None = None
    wait_s: float | None = None


def stated(headers: Mapping[str, str], now: datetime | None = None) -> Stated:
    """What these headers say. A wait is for all only where the account's own limit is spent, or nothing is said of it:
    with requests left, the 429 is that of one endpoint."""
    known = {_letters(name): value for name, value in headers.items()}
    total, left = _first(known, _TOTAL), _first(known, _REMAINING)
    wait = retry_after(headers, now or datetime.now(UTC))
    return Stated(total or None, left, None if left else wait)


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name.lower())).removeprefix("x")


def _first(known: Mapping[str, str], names: frozenset[str]) -> int | None:
    return next((figure for name in known if name in names and (figure := _figure(known[name])) is not None), None)


def _figure(text: str) -> int | None:
    """The number in front: a list of policies ("700, 700;w=60") is a way of some gateways to say it."""
    digits = number(text.partition(",")[0].partition(";")[0].strip())
    return int(digits) if digits and int(digits) <= _LARGEST else None
