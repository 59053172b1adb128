"""A stand-in for a model server: speaks the OpenAI protocol and plays recorded completions (klark.demo.recordings).

    python -m klark.demo.model_server --port N

The first line of output is {"port": N}. It does not use Django, so that it starts at once.
"""

import argparse
import json
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from integrations.sandbox.serving import serve_until_stopped
from klark.demo.recorded_model import RecordedModel, blocks_of
from klark.demo.recordings import load

RECORDED = Path(__file__).parent / "recorded"
CLAIMS = Path(__file__).parent.parent / "drafting" / "judge_claims.jsonl"
NAME = "recorded"
MOST_BYTES = 4_000_000
LETTERS_A_TOKEN = 4
UNKNOWN = "No reply was recorded for this."  # which is no word on whether the articles answer it


class Server(ThreadingHTTPServer):
    """An HTTP server for one model. Listens on 127.0.0.1 only."""

    daemon_threads = True

    def __init__(self, port: int, model: RecordedModel) -> None:
        self.model = model
        super().__init__(("127.0.0.1", port), Handler)


class Handler(BaseHTTPRequestHandler):
    """Handles one request: GET lists the model, POST completes a chat."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Logs nothing."""

    def do_GET(self) -> None:  # the standard library's name
        """Responds with the list of models."""
        self._say(200, {"object": "list", "data": [{"id": NAME, "object": "model"}]})

    def do_POST(self) -> None:  # the standard library's name
        """Responds with the recorded completion, or with an error in the protocol's form."""
        size = self.headers.get("content-length", "")
        if not size.isdecimal() or int(size) > MOST_BYTES:
            self.close_connection = True
            self._say(413, complaint("the request has no length, or is too long"))
            return
        try:
            self._say(*completed(cast("Server", self.server).model, json.loads(self.rfile.read(int(size)))))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            self._say(400, complaint(f"not a request that this model understands: {error!r}"))

    def _say(self, status: int, answer: Mapping[str, Any]) -> None:
        raw = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def completed(model: RecordedModel, request: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
    """Returns the status and body of the response to a chat completion request.

    Raises ValueError, LookupError, TypeError or AttributeError for any other request.
    """
    prompt: str = request["messages"][-1]["content"]
    schema = request["response_format"]["json_schema"]["schema"]
    content = model.answer(prompt, schema, request["messages"][0]["content"])
    if content is None:
        return 503, complaint("the model does not judge")
    said = json.dumps(content, ensure_ascii=False)
    asked, written = len(prompt) // LETTERS_A_TOKEN, len(said) // LETTERS_A_TOKEN
    message: dict[str, str | None] = {"role": "assistant", "content": said}
    if content.get("sentences") == [] and model.known(blocks_of(prompt)) is None:
        message = {"role": "assistant", "content": None, "refusal": UNKNOWN}
    return 200, {
        "id": NAME, "object": "chat.completion", "created": 0, "model": request.get("model") or NAME,
        "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
        "usage": {"prompt_tokens": asked, "completion_tokens": written, "total_tokens": asked + written},
    }  # fmt: skip


def complaint(words: str) -> dict[str, Any]:
    """Returns the body of an error response in the protocol's form."""
    return {"error": {"message": words, "type": "invalid_request_error"}}


def main() -> int:
    """Serves until interrupted, and returns the exit status."""
    parser = argparse.ArgumentParser(prog="klark.demo.model_server", description="A model that plays recorded replies.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default: %(default)s)")
    return serve_until_stopped(Server(parser.parse_args().port, RecordedModel(load([RECORDED], CLAIMS))))


if __name__ == "__main__":
    sys.exit(main())
