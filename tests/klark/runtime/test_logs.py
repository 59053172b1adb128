"""What an operator reads in the log: one JSON object a line, with its time, level and logger, and no probe that went well."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from klark.runtime import logs


@pytest.fixture
def lines() -> Iterator[Any]:
    """What was written so far, read as JSON; pytest's own handlers come back afterwards."""
    root = logging.getLogger()
    before, level, known = root.handlers[:], root.level, structlog.get_config()
    logging.config.dictConfig(logs.to_console("INFO", as_json=True))
    logs.configure()
    written = io.StringIO()
    root.handlers[0].setStream(written)  # type: ignore[attr-defined]  # a StreamHandler, as the table says
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers, root.level = before, level
    structlog.configure(**known)


def test_a_librarys_line_has_its_time_level_and_logger(lines: Any) -> None:
    logging.getLogger("celery.worker").warning("the broker is %s", "away")
    (line,) = lines()
    assert (line["event"], line["level"], line["logger"]) == ("the broker is away", "warning", "celery.worker")
    assert line["timestamp"].endswith("Z")


def test_a_librarys_exception_keeps_its_traceback(lines: Any) -> None:
    try:
        raise ValueError("no such shop")
    except ValueError:
        logging.getLogger("django").exception("failed")
    (line,) = lines()
    assert line["exception"].splitlines()[0] == "Traceback (most recent call last):"
    assert line["exception"].splitlines()[-1] == "ValueError: no such shop"


def test_klarks_own_line_has_them_too_and_what_is_known_of_the_request(lines: Any) -> None:
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger("klark.wakeup").info("rung", tenant=7)
    (line,) = lines()
    assert {name: line[name] for name in ("event", "tenant", "level", "logger", "request_id")} == {
        "event": "rung", "tenant": 7, "level": "info", "logger": "klark.wakeup", "request_id": "r1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"request": "GET /health/ready", "event": "request_started"}, False),
        ({"request": "GET /health/live", "code": 200, "event": "request_finished"}, False),
        ({"request": "GET /health/ready", "code": 503, "event": "request_finished"}, True),
        ({"request": "GET /admin/", "code": 200, "event": "request_finished"}, True),
        ({"event": "rung"}, True),
    ],
)
def test_a_probe_that_went_well_is_no_news(lines: Any, told: dict[str, Any], kept: bool) -> None:
    structlog.get_logger("django_structlog.middlewares.request").info(**told)
    assert [line["event"] for line in lines()] == ([told["event"]] if kept else [])


def test_people_read_plain_lines_and_what_is_below_the_level_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    table = logs.to_console("WARNING", as_json=False)
    renderer = table["formatters"]["plain"]["processor"]
    assert table["root"] == {"handlers": ["console"], "level": "WARNING"}
    assert renderer(None, "warning", {"event": "away", "level": "warning", "tenant": 7}).split() == [
        "[warning", "]", "away", "tenant=7",
    ]  # fmt: skip
