"""The bell: tells the workers that something is due. Never in a request, never needed.

One daemon thread per process and one pending flag: ringing costs nothing, and a frozen, wiped or missing broker
delays work by seconds only, since every worker looks for due rows on its own timer as well.
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
    """Ask for a look, soon; dropped when one is pending already."""
    _pending.set()
    with _start:  # in the process that rings, so that a forked web worker has its own
        if not any(thread.is_alive() for thread in _threads):
            _threads[:] = [threading.Thread(target=_listen, name="klark-bell", daemon=True)]
            _threads[0].start()


def _listen() -> None:
    while _pending.wait():
        _pending.clear()
        try:
            app.send_task("klark.work", ignore_result=True, retry=False)
        except (KombuError, OSError) as error:
            log.info("the bell did not ring; workers look by themselves", error=str(error))
