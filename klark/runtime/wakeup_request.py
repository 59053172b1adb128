"""A wake-up in the hands of Celery's worker."""

from typing import Any

from celery.worker.request import Request


class WakeupRequest(Request):
    """A wake-up whose connection to the broker may be gone by the time it is acknowledged, in the worker's event loop.

    The channel of a lost connection then raises AttributeError in kombu's Redis transport. Celery takes that for a mistake and
    ends the worker; a wake-up that is not acknowledged does no harm.
    """

    _connection_errors: tuple[type[Exception], ...]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._connection_errors = (*self._connection_errors, AttributeError)
