"""Configures logging: one line per event with time, level and logger, from klark, Django, Celery and libraries alike."""

from typing import Any

import sentry_sdk
import structlog
from structlog.typing import EventDict, Processor

EVERY: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.format_exc_info,
]


def without_health(_: Any, __: str, event: EventDict) -> EventDict:
    """Drops the log entries of successful health probes, which come every few seconds. A structlog processor."""
    if str(event.get("request", "")).startswith("GET /health/") and event.get("code", 200) < 400:
        raise structlog.DropEvent
    return event


def reported(_: Any, __: str, event: EventDict) -> EventDict:
    """Reports an entry's exception (klark.runtime.error_reports): the next processors make text of it. A structlog processor."""
    if error := event.get("exc_info"):
        sentry_sdk.capture_exception(None if error is True else error)
    return event


def to_console(level: str, *, as_json: bool) -> dict[str, Any]:
    """Returns Django's LOGGING setting: everything from `level` upwards to standard error, as JSON or as plain text."""
    # A traceback with the values of every frame takes seconds to render.
    people = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    renderer = structlog.processors.JSONRenderer() if as_json else people
    plain = {"()": structlog.stdlib.ProcessorFormatter, "processor": renderer, "foreign_pre_chain": EVERY}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": plain},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
        "root": {"handlers": ["console"], "level": level},
    }


def configure() -> None:
    """Makes structlog's own loggers write through the same handler as the standard library's."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            without_health,
            reported,
            *EVERY,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
