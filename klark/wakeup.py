"""Wakes the workers when something is due. No request waits for it, and nothing depends on it.

There is one daemon thread per process and one pending flag, so a call costs nothing. A frozen, wiped or missing broker
delays work by seconds only, since every worker also polls for due rows on its own timer.
"""

import threading
import time
from typing import Any

import structlog
from kombu import Connection
from kombu.exceptions import ChannelError, KombuError

from klark.celery import app

log = structlog.get_logger(__name__)

PROBE_S = 0.5
JUST_S = 0.2
"""For how long nothing is gained by waking the workers again, nor by looking whether another should be woken."""

_pending = threading.Event()
_start = threading.Lock()
_threads: list[threading.Thread] = []
_woken: list[float] = []


def wake() -> None:
    """Requests that the workers look for due rows soon, and returns at once; one message covers all calls before it is sent."""
    _pending.set()
    _woken[:] = [time.monotonic()]
    with _start:  # started in the calling process, so that a forked web worker has its own thread
        if not any(thread.is_alive() for thread in _threads):
            _threads[:] = [threading.Thread(target=_send, name="klark-wakeup", daemon=True)]
            _threads[0].start()


def just_woke() -> bool:
    """Returns whether this process has woken the workers in the last JUST_S seconds."""
    return any(time.monotonic() - at < JUST_S for at in _woken)


def _send() -> None:
    while _pending.wait():
        _pending.clear()
        try:
            app.send_task("klark.work", ignore_result=True, retry=False)
        except (KombuError, OSError) as error:
            log.info("the workers were not woken; they look by themselves", error=str(error))
        except Exception:
            log.exception("the workers were not woken; they look by themselves")
        time.sleep(JUST_S)  # in a burst most messages would be in vain: whoever finds a row wakes the next worker


class BrokerProbe:
    """Asks the broker, in a daemon thread and one question at a time: a frozen one is given up after ten seconds only, and
    a health check has two."""

    def __init__(self) -> None:
        self.thread: threading.Thread | None = None
        self.waiting: int | None = None

    def ask(self) -> int | None:
        """Returns how many wake-ups no worker has fetched; None if the broker does not answer within PROBE_S seconds."""
        if self.thread is None or not self.thread.is_alive():
            self.waiting = None
            self.thread = threading.Thread(target=self._ask, name="klark-broker-probe", daemon=True)
            self.thread.start()
        self.thread.join(PROBE_S)
        return self.waiting

    def _ask(self) -> None:
        options = {"socket_timeout": PROBE_S, "socket_connect_timeout": PROBE_S, "max_retries": 0}
        broker = Connection(app.conf.broker_url, transport_options=options, connect_timeout=PROBE_S)
        failures: tuple[Any, ...] = (KombuError, OSError, *broker.connection_errors)
        try:
            with broker:
                self.waiting = _count(broker)
        except failures as error:
            log.info("the broker does not answer", error=str(error))


def _count(broker: Connection) -> int:
    channel: Any = broker.channel()
    try:
        return int(channel.queue_declare(app.conf.task_default_queue, passive=True).message_count)
    except ChannelError:  # there is no such queue: Redis has none that is empty
        return 0


broker_probe = BrokerProbe()
