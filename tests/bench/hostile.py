"""Sends damaged webhooks to the door, and counts what it answers.

    python -m tests.bench.hostile [--count 5000] [--seed 1] [--json]
    {"bodies", "accepted", "refused", "errors_5xx", "crashed", "wall_s", "seed"}

Each body is a recorded webhook, damaged (tests/bench/mutations.py). Most are signed as they should be, so that they come as
far as the parser; some have odd headers or addresses, or no length. One in OVER_HTTP goes over real HTTP to a process of klark's
own, the others through the WSGI application in this process. `accepted`: a 2xx; `refused`: a 4xx; `errors_5xx`: any 5xx, a 503
only if it comes again and again; `crashed`: no answer, or an exception. Each of the last two is told on standard error with what
repeats it: `--seed S --only NUMBER`.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import json
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import tests.bench.ready  # noqa: F401  # isort: skip

from klark import wakeup
from klark.models import WebhookEvent
from klark.wsgi import application
from tests.bench.mutations import mutated
from tests.bench.stage import database
from tests.faults.processes import web
from tests.klark import rows

PAYLOADS = Path(__file__).parents[1] / "payloads"
RECORDED: Mapping[str, Sequence[bytes]] = {
    "zendesk": [(PAYLOADS / name).read_bytes() for name in (
        "zendesk_event_comment_added.json", "zendesk_event_user_created.json", "zendesk_trigger.json")],
    "freshdesk": [(PAYLOADS / name).read_bytes() for name in ("freshdesk_webhook.json", "freshdesk_webhook_broken.txt")],
}  # fmt: skip
KINDS = (
    "application/json",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "",
    ";;;",
)
ENDS = ("accepted", "refused", "errors_5xx", "crashed")
NO_BROKER = "redis://127.0.0.1:1/0"
OVER_HTTP = 50
SENDERS, TRIES = 8, 5
WIPED_EACH = 20_000
"""After so many bodies the events are deleted, so that a million of them fit on a disk."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One request."""

    path: str
    body: bytes
    headers: Mapping[str, str]
    chunked: bool


def webhook(seed: int, number: int, doors: Mapping[str, str]) -> Webhook:
    """Returns the request of this number; `doors` are the addresses of a connection by helpdesk."""
    chance = Random(f"{seed}-{number}")
    desk = chance.choice(sorted(doors))
    body = mutated(chance, chance.choice(RECORDED[desk]))
    headers = {"Content-Type": "application/json", **_proof(desk, body)}
    path = doors[desk]
    if chance.random() < 0.2:
        headers[chance.choice(sorted(headers))] = _printable(mutated(chance, b"a9=")[:2000])
    if chance.random() < 0.2:
        headers["Content-Type"] = chance.choice(KINDS)
    if chance.random() < 0.05:
        headers["Content-Encoding"] = chance.choice(("gzip", "br", "deflate", "x"))
    if chance.random() < 0.05:
        path = "/" + "".join(filter(str.isascii, _printable(mutated(chance, path.encode()))))[1:300].replace(" ", "+")
    return Webhook(path, body, headers, chunked=chance.random() < 0.1)


def _proof(desk: str, body: bytes) -> Mapping[str, str]:
    if desk == "freshdesk":
        return {"X-Klark-Secret": rows.SECRET}
    stamp = "2026-11-29T12:00:00Z"
    digest = hmac.digest(rows.SECRET.encode(), stamp.encode() + body, hashlib.sha256)
    return {
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
    }


def _printable(raw: bytes) -> str:
    """What can stand in a header or an address without ending it."""
    return "".join(letter for letter in raw.decode("latin-1") if letter.isprintable())


def in_process(sent: Webhook) -> int:
    """Returns the status that the WSGI application answers with."""
    got: list[str] = []
    path, _, query = sent.path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST", "PATH_INFO": path, "QUERY_STRING": query, "SCRIPT_NAME": "", "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(sent.body), "wsgi.errors": sys.stderr,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in sent.headers.items()},
        "CONTENT_TYPE": sent.headers["Content-Type"],
        **({} if sent.chunked else {"CONTENT_LENGTH": str(len(sent.body))}),
    }  # fmt: skip
    answer = application(environ, lambda status, headers, error=None: got.append(status))
    b"".join(answer)
    answer.close()
    return int(got[0][:3])


def over_http(address: str, sent: Webhook) -> int:
    """Returns the status that a process of klark's answers with."""
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    headers = {name: value.encode("latin-1") for name, value in sent.headers.items()}
    try:
        line.request("POST", sent.path, iter([sent.body]) if sent.chunked else sent.body, headers)  # type: ignore[arg-type]
        return line.getresponse().status
    finally:
        line.close()


def run(seed: int, numbers: Sequence[int], doors: Mapping[str, str], address: str) -> Counter[str]:
    """Sends these webhooks, SENDERS at a time; `address` is that of a process of klark's. Returns how many ended how, and
    tells what broke."""
    ended: Counter[str] = Counter(dict.fromkeys(ENDS, 0))
    with ThreadPoolExecutor(SENDERS) as senders:
        for start in range(0, len(numbers), WIPED_EACH):
            some = numbers[start : start + WIPED_EACH]
            ended.update(senders.map(lambda number: _end(seed, number, doors, address), some))
            if len(some) == WIPED_EACH:
                rows.delete(WebhookEvent)
    return ended


def _end(seed: int, number: int, doors: Mapping[str, str], address: str) -> str:
    sent = webhook(seed, number, doors)
    try:
        status = _answered(sent, address if number % OVER_HTTP == 0 else "")
    except Exception as error:
        end, why = "crashed", repr(error)
    else:
        end, why = ("errors_5xx" if status >= 500 else "refused" if status >= 400 else "accepted"), str(status)
    if end in {"errors_5xx", "crashed"}:
        print(f"--seed {seed} --only {number}: {why} for {sent.path[:80]} {sent.body[:200]!r}", file=sys.stderr)
    return end


def _answered(sent: Webhook, address: str) -> int:
    """Returns the status; after a 503 the webhook is sent again, as the helpdesks do, since a busy machine is no fault."""
    for _ in range(TRIES):
        status = over_http(address, sent) if address else in_process(sent)
        if status != 503:
            break
        time.sleep(0.5)
    return status


def connected() -> Mapping[str, str]:
    """Makes a connection to each helpdesk; returns their webhooks' addresses."""
    tenant_id = rows.tenant("hostile")
    return {desk: f"/webhooks/{rows.connection(tenant_id, desk).pk}/" for desk in RECORDED}  # type: ignore[arg-type]


def main() -> int:
    """Sends and prints; returns 1 if anything broke."""
    parser = argparse.ArgumentParser(prog="tests.bench.hostile", description=__doc__)
    parser.add_argument("--count", type=int, default=5000, help="bodies (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other bodies (default: %(default)s)")
    parser.add_argument("--only", type=int, help="send the body of this number alone")
    parser.add_argument("--json", action="store_true", help="nothing but one JSON object")
    given = parser.parse_args()
    numbers = range(given.count) if given.only is None else [given.only]
    with database(), tempfile.TemporaryDirectory() as folder, patch.object(wakeup, "wake", lambda: None):
        logging.disable(logging.WARNING)  # of each refusal
        own = {"KLARK_TEST_DATABASE_URL": os.environ["DATABASE_URL"], "KLARK_LOG_LEVEL": "ERROR"}
        with patch.dict(os.environ, own), web(Path(folder), NO_BROKER, "--only", "webhooks") as address:
            started = time.monotonic()
            ended = run(given.seed, numbers, connected(), address)
            wall_s = round(time.monotonic() - started, 1)
    told = {"bodies": len(numbers), **ended, "wall_s": wall_s, "seed": given.seed}
    print(json.dumps(told))
    return 1 if ended["errors_5xx"] or ended["crashed"] else 0


if __name__ == "__main__":
    sys.exit(main())
