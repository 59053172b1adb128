"""Tells the workers that something is due. Never in a request, and never needed.

One daemon thread per process and one pending flag: asking costs nothing, and a frozen, wiped or missing broker delays work
by seconds only, since every worker looks for due rows on its own timer as well.
"""

import threading

import structlog

from klark.celery import app

log = structlog.get_logger(__name__)

_pending = threading.Event()
_start = threading.Lock()
_threads: list[threading.Thread] = []


def wake() -> None:
    """Asks the workers to look for due rows soon; one request is enough for all that come before it is sent."""
    _pending.set()
    with _start:  # in the process that asks, so that a forked web worker has its own thread
        if not any(thread.is_alive() for thread in _threads):
            _threads[:] = [threading.Thread(target=_send, name="klark-wakeup", daemon=True)]
            _threads[0].start()


def _send() -> None:
    while _pending.wait():
        _pending.clear()
        try:
            app.send_task("klark.work", ignore_result=True, retry=False)
        except Exception as error:  # noqa: BLE001 - a thread that ends while it is asked again would lose that request
            log.info("the workers were not woken; they look by themselves", error=str(error))
