"""A stand-in for a model server, its judge and its embeddings, over the OpenAI protocol.

It drafts the line of the passages that names the country asked for, word for word or in its own words, and supports as a
judge whatever stands there. Words in the ticket make it do worse: the constants below.
"""

import json
import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.faults.stage.shop import COUNTRIES, UNFOUNDED

NAME = "stand-in"
REWORDED = "in your own words"
LIES = "and tell me what comes with it"
UNKNOWN = "your secret recipe"
MORE = "also where my own order is now"
BLOCK = re.compile(r"^<(\S+) ([^<>\n]+)>\n(.*?)\n</\1>$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^(P\d+\.\d+) (.+)$", re.MULTILINE)
LABEL = re.compile(r"^([AC]\d+) (.+)$", re.MULTILINE)


class Server(ThreadingHTTPServer):
    """Listens on 127.0.0.1; `prompts` holds what it was asked, until somebody reads it."""

    daemon_threads = True

    def __init__(self) -> None:
        self.prompts: list[str] = []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Server

    def log_message(self, *_: object) -> None:
        """Logs nothing."""

    def do_POST(self) -> None:  # the standard library's name
        """Responds to a request for a completion or for embeddings."""
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._say(embedded(asked) if "input" in asked else self.completed(asked))

    def do_GET(self) -> None:  # the standard library's name
        """Responds with the prompts since the last time."""
        told, self.server.prompts = self.server.prompts, []
        self._say(told)

    def _say(self, told: Any) -> None:
        raw = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def completed(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Returns the body of a completion."""
        prompt = asked["messages"][-1]["content"]
        self.server.prompts.append(prompt)
        said = json.dumps(answer(prompt, "verdicts" in json.dumps([asked["response_format"], asked["messages"][0]])))
        message = {"role": "assistant", "content": said}
        return {
            "id": NAME, "object": "chat.completion", "created": 0, "model": asked["model"],
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }  # fmt: skip


def embedded(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Returns vectors that are all alike: what is found is left to the words."""
    rows = [{"object": "embedding", "index": place, "embedding": [1.0, 0.0]} for place in range(len(asked["input"]))]
    return {"object": "list", "data": rows, "model": asked["model"]}


def answer(prompt: str, judges: bool) -> dict[str, Any]:
    """Returns the JSON of a judgement or of a draft."""
    blocks = {name: text for _, name, text in BLOCK.findall(prompt)}
    if not judges:
        return drafted(blocks.get("ticket", ""), LINE.findall(prompt))
    claims, asks = (LABEL.findall(blocks.get(name, "")) for name in ("claims", "asked"))
    return {
        "verdicts": [
            {"claim": label, "verdict": "not_stated" if UNFOUNDED in text else "supported", "relevant": True}
            for label, text in claims
        ],
        "answers": [{"ask": label, "answered": MORE not in blocks.get("ticket", "")} for label, _ in asks],
    }


def drafted(ticket: str, lines: list[tuple[str, str]]) -> dict[str, Any]:
    """Returns a draft of all that the passages say on the country that was named last."""
    places = {country: ticket.rfind(country) for country in COUNTRIES if country in ticket}
    wanted = max(places, key=lambda country: places[country], default="")
    found = [(label, text) for label, text in lines if wanted and f"to {wanted} " in text]
    if not found or UNKNOWN in ticket:
        return {"answerable": False, "sentences": []}
    before = f"We deliver to {wanted}: " if REWORDED in ticket else ""
    said = [{"text": before + text, "cites": [label]} for label, text in found]
    more = [{"text": UNFOUNDED, "cites": [found[0][0]]}] if LIES in ticket else []
    return {"answerable": True, "sentences": [*said, *more]}
