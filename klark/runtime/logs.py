"""One line of log for each event, with its time, level and logger, whoever wrote it: klark, Django, Celery or a library."""

from typing import Any

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
    """Drops probes that went well: they come every few seconds and are no news."""
    if str(event.get("request", "")).startswith("GET /health/") and event.get("code", 200) < 400:
        raise structlog.DropEvent
    return event


def to_console(level: str, *, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: all of it to standard error, as JSON or for people, from `level` on."""
    # a traceback with every frame's values takes seconds to draw
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
    """structlog's own loggers, through the same handler."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            without_health,
            *EVERY,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
