"""What an operator's Sentry gets: the kind of an error and its place, and not a word of anybody's."""

import gzip
import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import sentry_sdk
import structlog

from klark.runtime import logs
from klark.runtime.error_reports import report_errors

SECRET = "marie.martin@example.com"


class Sentry(ThreadingHTTPServer):
    """Keeps the events that it is sent."""

    events: list[dict[str, Any]]


class Envelope(BaseHTTPRequestHandler):
    server: Sentry

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        lines = (
            gzip.decompress(body).splitlines() if self.headers.get("Content-Encoding") == "gzip" else body.splitlines()
        )
        self.server.events += [json.loads(lines[2])]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def sentry() -> Iterator[Sentry]:
    """A stand-in, to which this process reports during the test."""
    server = Sentry(("127.0.0.1", 0), Envelope)
    server.events = []
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    before = structlog.get_config()
    logs.configure()
    report_errors(f"http://key@127.0.0.1:{server.server_address[1]}/1")
    yield server
    report_errors("")
    structlog.configure(**before)
    server.shutdown()
    server.server_close()


def break_on(customer: str) -> None:
    raise ValueError(f"{customer} is not a number")


def caught() -> ValueError:
    try:
        break_on(SECRET)
    except ValueError as error:
        return error
    raise AssertionError


def reported(server: Sentry) -> dict[str, Any]:
    sentry_sdk.flush(20)
    (event,) = server.events
    return event


def test_an_error_is_reported_by_kind_and_place_and_without_anybodys_words(sentry: Sentry) -> None:
    with structlog.contextvars.bound_contextvars(table="klark_webhookevent", row=7, tenant=3, ip=SECRET):
        structlog.get_logger("klark.tasks").error("a run failed", exc_info=caught(), said=SECRET)
    event = reported(sentry)
    (error,) = event["exception"]["values"]
    assert (error["type"], error["stacktrace"]["frames"][-1]["function"]) == ("ValueError", "break_on")
    assert event["tags"] == {"table": "klark_webhookevent", "row": "7"}
    assert SECRET not in json.dumps(event)


def test_a_librarys_error_is_reported_too(sentry: Sentry) -> None:
    logging.getLogger("django.request").error("Internal Server Error: %s", SECRET, exc_info=caught())
    event = reported(sentry)
    assert (event["exception"]["values"][0]["type"], SECRET in json.dumps(event)) == ("ValueError", False)


def test_what_is_only_said_is_not_reported(sentry: Sentry) -> None:
    structlog.get_logger("klark").error("passages wait", why=SECRET)
    logging.getLogger("celery").error("lost %s", SECRET)
    sentry_sdk.flush(20)
    assert sentry.events == []


def test_without_a_dsn_nothing_is_reported() -> None:
    report_errors("")
    assert sentry_sdk.capture_exception(caught()) is None


def test_what_is_no_dsn_is_refused() -> None:
    with pytest.raises(ValueError, match="Unsupported scheme"):
        report_errors("sentry.example.com")
