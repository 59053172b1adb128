"""Translates the SDK's errors into klark's, which are named by what to do next."""

from collections.abc import Iterable
from datetime import UTC, datetime

import httpx2
import openai

from integrations.errors import IntegrationError, NoAnswer, Refused, TryLater
from integrations.http.outbound import TooMuch
from integrations.http_failures import retry_after

_TRY_LATER = frozenset({408, 409, 425, 429})
_REASONS = {
    401: "the model's server refuses the key",
    402: "the model account has no credit left",
    403: "the model's server forbids this to the key",
    404: "the model's server knows no such model or address",
    408: "the model's server gave up waiting",
    413: "the request is too long for the model's server",
    429: "the model's server is busy",
}
# OpenAI sends 429 for an empty account too: https://platform.openai.com/docs/guides/error-codes
_NO_CREDIT = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
_TURNED_DOWN = frozenset({501, 503, 529})  # 529: Anthropic's "overloaded"


def translated(error: openai.APIError) -> IntegrationError:
    """Returns TryLater, NoAnswer or Refused for an HTTP status or a failed connection."""
    if isinstance(error, openai.APITimeoutError) and not isinstance(error.__cause__, httpx2.ConnectTimeout):
        return NoAnswer("the model did not answer in time")
    if not isinstance(error, openai.APIStatusError):
        lost = error.__cause__
        if lost is not None and isinstance(lost.__cause__, TooMuch):
            return Refused("the model's answer is larger than klark reads")
        return TryLater("the model's server cannot be reached")
    if _NO_CREDIT & {error.code, error.type}:
        return Refused(_REASONS[402])
    reason = _REASONS.get(error.status_code, f"the model's server answered with status {error.status_code}")
    if error.status_code in _TRY_LATER or error.status_code >= 500:
        kind = NoAnswer if error.status_code == 504 else TryLater  # a gateway gave up waiting for the model
        return kind(reason, after=retry_after(error.response.headers, datetime.now(UTC)))
    return Refused(reason)


def is_unbilled(error: openai.APIError) -> bool:
    """Returns whether a request that failed surely cost nothing: it never left, or the server itself turned it down. A
    gateway's 502 or 504, and an answer that was lost, say nothing about what the model wrote and billed meanwhile."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in _TURNED_DOWN or (error.status_code < 500 and error.status_code != 408)
    return isinstance(error.__cause__, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout))


def unknown_parameter(error: openai.BadRequestError, names: Iterable[str]) -> str:
    """Returns which of `names` the server says it does not accept, or ""."""
    words = str(error).lower()
    blamed = {error.param} if error.param else {name for name in names if name in words and "unsupported" in words}
    return next((name for name in names if name in blamed), "")
