"""Interprets HTTP responses, and the lack of one: every failure becomes one of the errors in integrations/errors.py."""

import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from urllib3.exceptions import NewConnectionError

from integrations.errors import Gone, IntegrationError, Invalid, LookAgain, Refused, TryLater
from integrations.http.outbound import READS, lost

LONGEST_WAIT_S = 3600.0
_WORDS = 300
_ERROR_KEYS = frozenset({"error", "errors", "description", "details", "code", "message", "title"})
_NO_ACCOUNT = "No help desk at"  # Zendesk says this for every path of a subdomain that belongs to nobody
_SILENT = frozenset({"DELETE", "PATCH"})  # what was deleted or switched is not returned: 204 is the whole response
_TELLING = frozenset({"field", "title", "description", "detail", "message"})


def judged(answer: requests.Response, method: str, desk: str, *, once: bool = False) -> requests.Response:
    """Returns the response if it is a success that carries JSON; otherwise raises an IntegrationError that says what
    to do next. `desk` is the name used in error messages. With `once`, a POST that must not be made twice counts as
    refused only in words that are surely the other side's own: a gateway's may come after the write."""
    if not answer.ok or answer.status_code >= 300:
        if once and method == "POST" and not _is_own_refusal(answer):
            raise lost(method, f"{desk} answered {answer.status_code} in words that may not be its own")
        raise _failure(answer, method, desk)
    if answer.status_code == 204 and method in _SILENT:
        return answer
    body = _json(answer)
    # Only a read may return a list: both helpdesks answer a write with the object that was written.
    if not isinstance(body, (dict, list) if method in READS else dict):
        raise lost(method, f"{desk} answered something that is not the JSON due")
    if body and isinstance(body, dict) and body.keys() <= _ERROR_KEYS:
        raise Refused(f"{desk} refused: {explained(body)}")
    return answer


def blamed(error: Exception, method: str, desk: str) -> IntegrationError:
    """Returns the error for a request that got no response: TryLater if it was never sent."""
    if _never_sent(error):
        return TryLater(f"{desk} could not be reached")
    return lost(method, f"the answer of {desk} never came")


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Returns the seconds to wait, from a number or an HTTP date, between 0 and 3,600; `None` if the header is
    missing or unreadable."""
    stated = headers.get("Retry-After", "").strip()
    try:
        seconds = float(stated)
    except ValueError:
        seconds = _until(stated, now)
    return min(max(seconds, 0.0), LONGEST_WAIT_S) if math.isfinite(seconds) else None


def server_time(answer: requests.Response) -> datetime:
    """Returns the other side's clock from the Date header, which its own timestamps relate to; klark's clock if there
    is none."""
    stated = _date(answer.headers.get("Date", "")) or datetime.now(UTC)
    return stated if stated.tzinfo else stated.replace(tzinfo=UTC)


def is_settled(updated: datetime | None, answer: requests.Response) -> bool:
    """Returns whether whatever changes after this response gets a later time than `updated`: helpdesks give whole seconds."""
    return updated is None or server_time(answer) >= updated.replace(microsecond=0) + timedelta(seconds=1)


def explained(body: Any) -> str:
    """Returns the other side's own reason, shortened: the most specific one, from single fields before that of the whole."""
    told = body if isinstance(body, dict) else {}
    inner = [*_said(told.get("details")), *_said(told.get("errors"))]
    outer = inner or [*_said(told.get("description")), *_said(told.get("message"))] or _said(told.get("error"))
    return " ".join(" ".join(outer).split())[:_WORDS] or "no reason given"


def _failure(answer: requests.Response, method: str, desk: str) -> IntegrationError:
    status = answer.status_code
    if status in _NAMED:
        return _NAMED[status](answer, method, desk)
    if 400 <= status < 500:
        kind, words = _REFUSALS.get(status, (Refused, _REFUSED))
        return kind(words.format(desk=desk, status=status, why=explained(_json(answer))))
    if 300 <= status < 400 and method in READS:
        return Refused(f"{desk} points elsewhere ({status}); klark follows no redirect: check the account's name")
    # A 5xx may come from a gateway in front of a write that was applied, and the effect of a redirected one is
    # unknown.
    return lost(method, f"{desk} failed with status {status}")


def _is_own_refusal(answer: requests.Response) -> bool:
    """Returns whether the API itself refused: it says so in JSON, and when to come back if it is busy. Freshdesk's 404 is
    empty."""
    if answer.status_code in (404, 410) and not answer.content.strip():
        return True
    timed = answer.status_code != 429 or retry_after(answer.headers, datetime.now(UTC)) is not None
    return timed and isinstance(_json(answer), dict)


def _gone(answer: requests.Response, method: str, desk: str) -> IntegrationError:
    """Means a missing ticket, unless the whole account is missing, or somebody else's page says so."""
    body = _json(answer)
    if body is None and answer.content.strip():
        return lost(method, f"{desk} answered {answer.status_code} with a page that is not its own")
    if explained(body).startswith(_NO_ACCOUNT):
        return Refused(f"{desk} has no such account (any more): {explained(body)}")
    return Gone(f"{desk} has nothing there (any more): deleted, or not for klark's user to see")


def _conflict(answer: requests.Response, method: str, desk: str) -> IntegrationError:
    words = f"what klark asked {desk} for changed since it was read"
    return TryLater(words) if method in READS else LookAgain(words)


def _busy(answer: requests.Response, method: str, desk: str) -> IntegrationError:
    return TryLater(f"{desk} asks klark to slow down", retry_after(answer.headers, datetime.now(UTC)))


def _unavailable(answer: requests.Response, method: str, desk: str) -> IntegrationError:
    failed = lost(method, f"{desk} is not available just now")
    if isinstance(failed, TryLater):
        failed.after = retry_after(answer.headers, datetime.now(UTC))
    return failed


def _timed_out(answer: requests.Response, method: str, desk: str) -> IntegrationError:
    return lost(method, f"{desk} gave up waiting")


_REFUSED = "{desk} refused the request ({status}): {why}"
_REFUSALS: Mapping[int, tuple[type[Refused], str]] = {
    401: (Refused, "{desk} does not accept klark's credentials: they are wrong, expired or revoked"),
    403: (Refused, "{desk} does not allow this to klark's user: {why}"),
    422: (Invalid, _REFUSED),
}
_NAMED: Mapping[int, Callable[[requests.Response, str, str], IntegrationError]] = {
    404: _gone,
    408: _timed_out,
    409: _conflict,
    410: _gone,
    429: _busy,
    503: _unavailable,
}


def _never_sent(error: Exception) -> bool:
    """requests does not name the stage: a refused connection is only in the reason of urllib3's own error. A TLS
    failure may come in the middle of a response, so it proves nothing here (integrations/http/transports.py catches
    it while connecting)."""
    reasons = [getattr(cause, "reason", None) for cause in error.args]
    return isinstance(error, requests.ConnectTimeout) or any(isinstance(r, NewConnectionError) for r in reasons)


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except (ValueError, RecursionError):
        return None


def _until(text: str, now: datetime) -> float:
    """Returns the seconds until an HTTP date; NaN for a date without a zone, since its distance is unknown."""
    stated = _date(text)
    return (stated - now).total_seconds() if stated and stated.tzinfo else math.nan


def _date(text: str) -> datetime | None:
    """Returns an HTTP date, without a zone if it names none; `None` if it cannot be parsed."""
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _said(part: Any, depth: int = 0) -> list[str]:
    """Returns the informative texts in a part of an error: Zendesk nests lists by field, Freshdesk a list of fields."""
    if isinstance(part, str):
        return ["".join(filter(str.isprintable, part[:_WORDS]))]
    if depth > 4 or not isinstance(part, list | dict):
        return []
    inside = part[:5] if isinstance(part, list) else [part[key] for key in list(part)[:10] if _tells(key, part[key])]
    return [text for inner in inside for text in _said(inner, depth + 1)]


def _tells(key: object, value: object) -> bool:
    return key in _TELLING or not isinstance(value, str)
