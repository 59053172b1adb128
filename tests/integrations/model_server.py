"""A model's server on the loopback that answers what each test scripts, in the OpenAI protocol."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REPLY = {"answerable": True, "sentences": [{"text": "Delivery takes 3 days.", "cites": ["P1.1"]}]}


@dataclass
class Said:
    """One scripted answer: sent after `wait_s`, byte by byte or in `parts`, `drip_s` apart where that is set."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    drip_s: float = 0.0
    parts: int = 0


class Server:
    def __init__(self) -> None:
        self.script: list[Said] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.ended = 0  # answers that were sent whole
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["content-length"]))
                server.bodies.append(json.loads(raw))
                server.headers.append({name.lower(): value for name, value in self.headers.items()})
                said = server.script.pop(0) if len(server.script) > 1 else server.script[0]
                time.sleep(said.wait_s)
                self.send_response(said.status)
                for name, value in {"content-type": "application/json", **said.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(said.body)))
                self.end_headers()
                step = -(-len(said.body) // said.parts) if said.parts else 1 if said.drip_s else max(1, len(said.body))
                for at in range(0, len(said.body), step):
                    self.wfile.write(said.body[at : at + step])
                    self.wfile.flush()
                    time.sleep(said.drip_s)
                server.ended += 1

            def log_message(self, *args: object) -> None:
                pass

            def handle(self) -> None:
                with contextlib.suppress(ConnectionError):
                    super().handle()

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.place = f"127.0.0.1:{self.http.server_port}"

    def forms(self) -> list[str]:
        """The response_format of each request."""
        return [body.get("response_format", {}).get("type", "text") for body in self.bodies]


@contextlib.contextmanager
def model_server() -> Iterator[Server]:
    """One that listens."""
    made = Server()
    thread = threading.Thread(target=made.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
    made.http.shutdown()
    made.http.server_close()


def said(content: Any = None, finish: str = "stop", **message: Any) -> Said:
    text = json.dumps(REPLY) if content is None else content
    completion = {
        "model": "test-model-2",
        "choices": [{"finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 200},
    }
    return Said(body=json.dumps(completion).encode())


def failed(status: int, **error: str) -> Said:
    return Said(status, json.dumps({"error": {"message": "no", **error}}).encode())
