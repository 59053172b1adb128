"""Reports unexpected errors to Sentry where the operator gives a DSN. A report says where in the code it was and of which kind,
never about whom: what an error says may quote a ticket, so only what is listed here leaves this machine."""

from collections.abc import Mapping
from typing import Any

import sentry_sdk
import structlog
from sentry_sdk.integrations.atexit import AtexitIntegration
from sentry_sdk.integrations.dedupe import DedupeIntegration
from sentry_sdk.integrations.excepthook import ExcepthookIntegration
from sentry_sdk.integrations.logging import LoggingIntegration
from sentry_sdk.types import Event

from klark import __version__

KEPT = ("event_id", "timestamp", "level", "platform", "release", "logger")
PLACE = ("filename", "module", "function", "lineno", "in_app", "context_line")
TAGS = ("table", "row")


def report_errors(dsn: str) -> None:
    """Reports from now on what this process logs with an exception; nothing if `dsn` is "". Raises ValueError if it is no DSN.

    Sentry's other integrations stay off: they would change requests to helpdesks and models.
    """
    sentry_sdk.init(
        dsn=dsn or None,
        release=__version__,
        send_client_reports=False,  # send_default_pii, which is deprecated, is off as it is
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        default_integrations=False,
        integrations=[
            LoggingIntegration(level=None, sentry_logs_level=None),
            ExcepthookIntegration(),
            DedupeIntegration(),
            AtexitIntegration(callback=lambda pending, timeout: None),
        ],
        before_send=bare,
    )


def bare(event: Event, hint: Mapping[str, Any]) -> Event | None:
    """Returns a report's exceptions by kind and place, with the row that was worked on; None if it has no exception."""
    exceptions = event.get("exception", {}).get("values", [])
    if not exceptions:
        return None
    context = structlog.contextvars.get_contextvars()
    found: Any = {name: value for name, value in event.items() if name in KEPT}
    found["exception"] = {"values": [_bare(each) for each in exceptions]}
    found["tags"] = {name: str(context[name]) for name in TAGS if name in context}
    return found  # type: ignore[no-any-return]  # an Event, with less in it


def _bare(error: Mapping[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames", [])
    places = [{name: frame[name] for name in PLACE if name in frame} for frame in frames]
    return {"type": error.get("type"), "module": error.get("module"), "stacktrace": {"frames": places}}
