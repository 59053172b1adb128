"""Sends signed Zendesk webhooks over SENDERS connections, for `tests.bench.webhooks` and `trouble`; a program of its own.

    python -m tests.bench.senders PORT TARGET COUNT RATE NAME SECRET [TICKETS] [TRIES]

RATE: events a second, 0 for as fast as they are answered. TICKETS: their numbers, joined by commas, each in its turn; without
it each event is about a ticket of its own. TRIES: how often an event is sent that is answered 503, as Zendesk does, but after
RETRY_S seconds. Prints {"per_s", "p99_ms", "refused"}; ends with an error if one is not taken.
"""

import base64
import hashlib
import hmac
import http.client
import itertools
import json
import statistics
import sys
import threading
import time
from datetime import UTC, datetime

SENDERS = 16
RETRY_S = 1.0


def main(
    port: str, target: str, count: str, rate: str, name: str, secret: str, tickets: str = "", tries: str = "1"
) -> None:
    """Sends and prints."""
    about = [int(ticket) for ticket in tickets.split(",")] if tickets else range(int(count))
    events = [event(f"{name}-{number}", about[number % len(about)], secret) for number in range(int(count))]
    numbers, waits, start, refused = itertools.count(), [0.0] * len(events), time.perf_counter(), list[int]()

    def answered(line: http.client.HTTPConnection, number: int) -> int:
        line.request("POST", target, *events[number])
        answer = line.getresponse()
        answer.read()
        return answer.status

    def send() -> None:
        line = http.client.HTTPConnection("127.0.0.1", int(port))
        while (number := next(numbers)) < len(events):
            planned = start + number / float(rate) if float(rate) else time.perf_counter()
            time.sleep(max(0.0, planned - time.perf_counter()))
            for _ in range(int(tries)):
                if (status := answered(line, number)) != 503:
                    break
                refused.append(number)
                time.sleep(RETRY_S)
            if status not in {200, 202}:
                raise SystemExit(f"webhook {number} was answered {status}")
            waits[number] = time.perf_counter() - planned

    threads = [threading.Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not all(waits):
        raise SystemExit("some webhooks were refused")
    took = time.perf_counter() - start
    print(json.dumps({"per_s": len(events) / took, "p99_ms": 1000 * statistics.quantiles(waits, n=100)[-1],
                      "refused": len(refused)}))  # fmt: skip


def event(key: str, ticket: int, secret: str) -> tuple[bytes, dict[str, str]]:
    """Returns the body and the headers of one event."""
    told = {"id": key, "subject": f"zen:ticket:{ticket}", "type": "zen:event-type:ticket.comment_added",
            "zendesk_event_version": "2022-11-06"}  # fmt: skip
    body, stamp = json.dumps(told).encode(), datetime.now(UTC).isoformat()
    digest = hmac.digest(secret.encode(), stamp.encode() + body, hashlib.sha256)
    return body, {
        "Content-Type": "application/json",
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
