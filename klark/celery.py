"""Celery: wakes workers up. The work itself is rows in PostgreSQL, so a worker also looks for them by itself."""

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import structlog
from celery import Celery, bootsteps
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klark.settings")

app = Celery("klark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["klark"])

log = structlog.get_logger(__name__)

TIMED = ("klark.work", "klark.deliver", "klark.catch_up", "klark.embed", "klark.read", "klark.check_judges")
WARM_UP = "klark.warm_up"


class LookForWork(bootsteps.StartStopStep):
    """Runs the same tasks on a timer of the worker's own, with or without a broker.
    https://docs.celeryq.dev/en/stable/userguide/extending.html#worker-bootsteps"""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.stopping = threading.Event()
        self.threads = ThreadPoolExecutor(len(TIMED), thread_name_prefix="klark-look")
        self.running: dict[str, Future[Any]] = {}

    def start(self, parent: Any) -> None:
        """One thread that looks; it never blocks the worker's own start."""
        threading.Thread(target=self._look, name="klark-timer", daemon=True).start()
        threading.Thread(target=app.tasks[WARM_UP], name="klark-warm-up", daemon=True).start()

    def stop(self, parent: Any) -> None:
        """Let what runs come to its end; leases take care of what does not."""
        self.stopping.set()
        self.threads.shutdown(wait=False, cancel_futures=True)

    def _look(self) -> None:
        while not self.stopping.wait(settings.KLARK_LOOK_SECONDS):
            for name in TIMED:
                if name not in self.running or self.running[name].done():
                    self.running[name] = self.threads.submit(app.tasks[name])
                    self.running[name].add_done_callback(tell)


def tell(done: Future[Any]) -> None:
    """What a task on the timer failed with: nobody else would say so."""
    if not done.cancelled() and (error := done.exception()):
        log.error("a task on the worker's timer failed", exc_info=error)


app.steps["worker"].add(LookForWork)
