"""A model's server on the loopback that drafts, judges and reads, may fail on the way, and keeps its own tally of money."""

import json
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

from tests.klark.modelled import labels
from tests.klark.rows import ANSWER

MILLION = 1_000_000
READING = {
    "verdict": "ordinary",
    "topics": [],
    "because": "a title",
    "topic": "",
    "mood": "",
    "language": "en",
    "asks": [],
}
LOST = ("dropped", "cut off", "502")
"""Ways in which an answer is billed and never arrives."""


class BillingServer(ThreadingHTTPServer):
    """`faults` says what happens to the next requests, one each: "" nothing; a status: that status; "dropped", "cut off": the
    answer is billed and lost on the way; "prose": it is no JSON; "too long": it has no end; "dear": it is billed a
    hundredfold. `worst`: every answer is as long, and read as many tokens, as the request allows.

    `billed` is the tally of the answers that were sent, `lost` that of those that never arrived.
    """

    daemon_threads = True

    def __init__(self, price_in: str = "0.1537", price_out: str = "0.6143") -> None:
        self.price_in, self.price_out = Decimal(price_in), Decimal(price_out)
        self.faults: deque[str] = deque()
        self.worst = False
        self.requests = self.answers = 0
        self.billed = self.lost = Decimal(0)
        self.lock = Lock()
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def rules(self) -> dict[str, Any]:
        """A policy's columns that name this server as the tenant's model."""
        return {
            "model_name": "m", "model_url": self.address, "price_in": self.price_in, "price_out": self.price_out,
        }  # fmt: skip

    @property
    def second(self) -> dict[str, Any]:
        """A policy's columns that name this server as the second one."""
        return {
            "fallback_name": "m2", "fallback_url": self.address, "fallback_price_in": self.price_in,
            "fallback_price_out": self.price_out,
        }  # fmt: skip

    def serve(self, raw: bytes) -> tuple[str, int, bytes]:
        """What happens on the way, the status, and the body of the answer to one request, which is counted."""
        with self.lock:
            self.requests += 1
            fault = self.faults.popleft() if self.faults else ""
            if fault.isdigit() and fault not in LOST:
                return fault, int(fault), b'{"error": {"message": "no"}}'
            request = json.loads(raw)
            said = "Three days." if fault == "prose" else json.dumps(content_of(request))
            tokens = (len(raw), request["max_tokens"]) if self.worst else (len(raw) // 3, len(said) // 3)
            tokens = (tokens[0] * 100, tokens[1] * 100) if fault == "dear" else tokens
            bill = (self.price_in * tokens[0] + self.price_out * tokens[1]) / MILLION
            if fault in LOST:
                self.lost += bill
            else:
                self.billed += bill
                self.answers += 1
        return fault, 502 if fault == "502" else 200, body_of(said, fault, tokens)


def body_of(said: str, fault: str, tokens: tuple[int, int]) -> bytes:
    choice = {"finish_reason": "length" if fault == "too long" else "stop", "message": {"content": said}}
    usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
    return json.dumps({"model": "billed", "choices": [choice], "usage": usage}).encode()


def content_of(request: Mapping[str, Any]) -> Mapping[str, Any]:
    """A completion that fits the request's schema."""
    wanted = request.get("response_format", {}).get("json_schema", {}).get("schema", {}).get("properties", {})
    user = request["messages"][-1]["content"]
    if "verdicts" in wanted:
        verdicts = [{"claim": each, "verdict": "supported", "relevant": True} for each in labels(user, "C")]
        return {"verdicts": verdicts, "answers": [{"ask": each, "answered": True} for each in labels(user, "A")]}
    return READING if "verdict" in wanted else {"answerable": True, "sentences": [{"text": ANSWER, "cites": ["P1.1"]}]}


class Handler(BaseHTTPRequestHandler):
    server: BillingServer

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        fault, status, body = self.server.serve(self.rfile.read(int(self.headers["content-length"])))
        if fault == "dropped":
            return
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault == "cut off" else body)


@contextmanager
def billing(server: BillingServer) -> Iterator[BillingServer]:
    """The server while it listens."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()
