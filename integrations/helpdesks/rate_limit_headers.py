"""The rate limit that response headers report. Names differ between products and years (x-rate-limit,
ratelimit-limit, X-RateLimit-Total …), so only their letters are compared.

Headers of a single endpoint's limit (zendesk-ratelimit-…) say nothing of the account's, which is separate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from integrations.helpdesks.untrusted_input import number
from integrations.http_failures import retry_after

_TOTAL = frozenset({"ratelimit", "ratelimitlimit", "ratelimittotal"})
_REMAINING = frozenset({"ratelimitremaining"})
_ENDPOINT, _OF_ENDPOINT = "zendeskratelimit", "total="
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Stated:
    """Requests per minute, requests left in this minute, and seconds that all requests must wait; `None` if not reported.

    `endpoints` are the limits of single endpoints, by the letters of their names ("ticketsupdate").
    """

    total: int | None = None
    left: int | None = None
    wait_s: float | None = None
    endpoints: Mapping[str, int] = field(default_factory=dict)


def stated(headers: Mapping[str, str], now: datetime | None = None) -> Stated:
    """Returns the limit that the headers report. A wait applies to all requests only if the account's own limit is
    used up, or nothing is reported about it: with requests left, the 429 is from a single endpoint's limit."""
    known = {_letters(name): value for name, value in headers.items()}
    total, left = _first(known, _TOTAL), _first(known, _REMAINING)
    wait = retry_after(headers, now or datetime.now(UTC))
    return Stated(total or None, left, None if left else wait, _endpoints(known))


def _endpoints(known: Mapping[str, str]) -> Mapping[str, int]:
    told = {name.removeprefix(_ENDPOINT): text for name, text in known.items() if name.startswith(_ENDPOINT)}
    totals = {name: _figure(text.strip().removeprefix(_OF_ENDPOINT)) for name, text in told.items()}
    return {name: total for name, total in totals.items() if total}


def _letters(name: str) -> str:
    return "".join(filter(str.isalpha, name.lower())).removeprefix("x")


def _first(known: Mapping[str, str], names: frozenset[str]) -> int | None:
    return next((figure for name in known if name in names and (figure := _figure(known[name])) is not None), None)


def _figure(text: str) -> int | None:
    """Returns the leading number: some gateways send a list of policies ("700, 700;w=60")."""
    digits = number(text.partition(",")[0].partition(";")[0].strip())
    return int(digits) if digits and int(digits) <= _LARGEST else None
