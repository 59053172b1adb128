"""Wakes the workers when something is due. No request waits for it, and nothing depends on it.

There is one daemon thread per process and one pending flag, so a call costs nothing. A frozen, wiped or missing broker
delays work by seconds only, since every worker also polls for due rows on its own timer.
"""

import threading

import structlog
from kombu.exceptions import KombuError

from klark.celery import app

log = structlog.get_logger(__name__)

_pending = threading.Event()
_start = threading.Lock()
_threads: list[threading.Thread] = []


def wake() -> None:
    """Requests that the workers look for due rows soon, and returns at once; one message covers all calls before it is sent."""
    _pending.set()
    with _start:  # started in the calling process, so that a forked web worker has its own thread
        if not any(thread.is_alive() for thread in _threads):
            _threads[:] = [threading.Thread(target=_send, name="klark-wakeup", daemon=True)]
            _threads[0].start()


def _send() -> None:
    while _pending.wait():
        _pending.clear()
        try:
            app.send_task("klark.work", ignore_result=True, retry=False)
        except (KombuError, OSError) as error:
            log.info("the workers were not woken; they look by themselves", error=str(error))
        except Exception:
            log.exception("the workers were not woken; they look by themselves")
