"""Sends webhooks: signed like the vendor's, from separate threads, retried like the vendor does.

Zendesk's retries are third-party knowledge (409 up to 3 times, 429 and 503 if `Retry-After` is below 60 s, a time-out
up to 5 times, nothing else); Freshdesk's are documented (any failure: after 5, 30 and 60 minutes).
"""

import base64
import hashlib
import heapq
import hmac
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import requests

State = Literal["held", "queued", "delivered", "failed"]
ZENDESK_RETRIES: Mapping[int | None, tuple[float, ...]] = {409: (5.0, 10.0, 20.0), None: (5.0, 10.0, 20.0, 40.0, 60.0)}
FRESHDESK_RETRIES = (300.0, 1800.0, 3600.0)
BUSY = (429, 503)
BUSY_TRIES = 3


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Returns base64(HMAC-SHA256(secret as it is, timestamp + body))."""
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. `status` is `None` if no response came; `retry_after` is in seconds, if a number was given."""

    at: str
    status: int | None
    error: str = ""
    retry_after: float | None = None


@dataclass(slots=True)
class Parcel:
    """One webhook to one address: the same bytes and headers at every attempt."""

    desk: str
    ticket: int | None
    kind: str
    url: str
    headers: dict[str, str]
    body: bytes
    method: str = "POST"
    event_id: str = ""
    n: int = 0
    state: State = "queued"
    attempts: list[Attempt] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Returns the webhook as a JSON object, with the last status."""
        shown = asdict(self)
        last = self.attempts[-1].status if self.attempts else None
        return {**shown, "body": self.body.decode(errors="replace"), "status": last}


def zendesk_wait(attempts: list[Attempt]) -> float | None:
    """Returns the seconds until Zendesk's next attempt, or `None` for never."""
    last = attempts[-1]
    if last.status in BUSY:
        after = last.retry_after
        patient = after is not None and after < 60
        return after if patient and _count(attempts, last.status) <= BUSY_TRIES else None
    if last.status is None and last.error != "timeout":
        return None
    waits = ZENDESK_RETRIES.get(last.status, ())
    tried = _count(attempts, last.status)
    return waits[tried - 1] if tried <= len(waits) else None


def freshdesk_wait(attempts: list[Attempt]) -> float | None:
    """Returns the seconds until Freshdesk's next attempt, or `None` for never."""
    return FRESHDESK_RETRIES[len(attempts) - 1] if len(attempts) <= len(FRESHDESK_RETRIES) else None


WAITS: Mapping[str, Callable[[list[Attempt]], float | None]] = {"zendesk": zendesk_wait, "freshdesk": freshdesk_wait}


def _count(attempts: list[Attempt], status: int | None) -> int:
    return sum(attempt.status == status for attempt in attempts)


class Sender:
    """Sends webhooks when they are due; `scale` shortens every wait, `timeout_s` is the vendor's time-out in seconds."""

    def __init__(self, senders: int = 1) -> None:
        self.scale, self.timeout_s = 1.0, 10.0
        self.holding: set[str] = set()
        self.sent: list[Parcel] = []
        self.held: list[Parcel] = []
        self._due: list[tuple[float, int, Parcel]] = []
        self._order: Iterator[int] = itertools.count(1)
        self._busy = 0
        self._wake = threading.Condition()
        self._open = True
        for _ in range(senders):
            threading.Thread(target=self._work, name="sandbox-webhooks", daemon=True).start()

    def post(self, parcel: Parcel) -> None:
        """Queues a webhook, or holds it back if its desk is on hold."""
        with self._wake:
            parcel.n = len(self.sent) + 1
            self.sent.append(parcel)
            if parcel.desk in self.holding:
                parcel.state = "held"
                self.held.append(parcel)
            else:
                self._queue(parcel, 0.0)

    def hold(self, desk: str, *, on: bool) -> None:
        """Starts or ends holding a desk's webhooks back."""
        with self._wake:
            (self.holding.add if on else self.holding.discard)(desk)

    def release(self, desk: str, order: str | Sequence[int]) -> int:
        """Sends what was held, oldest first or ("reverse") last, and ends holding; or only some, by their places among the
        held, in that order, and goes on holding. Returns how many were sent."""
        with self._wake:
            parcels = [parcel for parcel in self.held if parcel.desk == desk]
            if isinstance(order, str):
                self.holding.discard(desk)
                chosen = parcels[::-1] if order == "reverse" else parcels
            else:
                chosen = [parcels[place] for place in order]
            self.held = [parcel for parcel in self.held if parcel not in chosen]
            for parcel in chosen:
                self._queue(parcel, 0.0)
            return len(chosen)

    def resend(self, desk: str, ticket: int, times: int) -> int:
        """Sends the last webhook of a ticket again, byte for byte; returns how many were queued."""
        with self._wake:
            last = next((p for p in reversed(self.sent) if (p.desk, p.ticket) == (desk, ticket)), None)
        if last is None:
            return 0
        for _ in range(times):
            again = Parcel(last.desk, ticket, last.kind, last.url, last.headers, last.body, last.method, last.event_id)
            self.post(again)
        return times

    def idle(self) -> bool:
        """Returns whether nothing is held, due or on its way."""
        with self._wake:
            return not (self._due or self._busy or self.held)

    def clear(self) -> None:
        """Forgets everything; what is on its way right now still arrives."""
        with self._wake:
            self._due.clear()
            self.held.clear()
            self.sent.clear()
            self.holding.clear()
            self.scale, self.timeout_s = 1.0, 10.0

    def close(self) -> None:
        """Stops the threads."""
        with self._wake:
            self._open = False
            self._wake.notify_all()

    def _queue(self, parcel: Parcel, wait: float) -> None:
        parcel.state = "queued"
        heapq.heappush(self._due, (time.monotonic() + wait, next(self._order), parcel))
        self._wake.notify()

    def _work(self) -> None:
        while (parcel := self._next()) is not None:
            attempt = deliver(parcel, self.timeout_s)
            with self._wake:
                parcel.attempts.append(attempt)
                self._settle(parcel, attempt)
                self._busy -= 1

    def _settle(self, parcel: Parcel, attempt: Attempt) -> None:
        if attempt.status is not None and attempt.status < 300:
            parcel.state = "delivered"
            return
        wait = WAITS[parcel.desk](parcel.attempts)
        if wait is None or parcel not in self.sent:
            parcel.state = "failed"
            return
        self._queue(parcel, wait * self.scale)

    def _next(self) -> Parcel | None:
        with self._wake:
            while self._open:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._due)[2]
                self._wake.wait(wait)
            return None


def deliver(parcel: Parcel, timeout_s: float) -> Attempt:
    """Makes one attempt. Redirects are not followed; a failed connection is distinguished from a time-out."""
    at = datetime.now(UTC).isoformat()
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.request(
                parcel.method,
                parcel.url,
                data=parcel.body,
                headers=parcel.headers,
                timeout=timeout_s,
                allow_redirects=False,
            )
    except requests.Timeout:
        return Attempt(at, None, "timeout")
    except requests.RequestException as error:
        return Attempt(at, None, type(error).__name__)
    after = answer.headers.get("Retry-After", "")
    return Attempt(at, answer.status_code, "", float(after) if after.isdigit() else None)
