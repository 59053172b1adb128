"""The Celery app. Celery only wakes workers up: the work itself is rows in PostgreSQL, which each worker also polls for."""

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import structlog
from celery import Celery, bootsteps
from django.conf import settings
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "klark.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # it drops what Django's system checks say, which `serve` prints

app = Celery("klark")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["klark"])

log = structlog.get_logger(__name__)

TIMED = (
    "klark.work", "klark.deliver", "klark.catch_up", "klark.embed", "klark.recall", "klark.read", "klark.check_judges",
    "klark.notify", "klark.long_runs",
)  # fmt: skip
WARM_UP = "klark.warm_up"
UNMIGRATED_S = 0.2  # between two looks whether there are tables
MIGRATED = "klark.models.database.security.migrated"
HAND_BACK = "klark.runtime.tenant_share.hand_back"
IDLE_THREADS = "klark.runtime.tenant_share.has_idle_threads"
WORK = "klark.work"


class LookForWork(bootsteps.StartStopStep):
    """Runs the polling tasks (`TIMED`) on a timer inside each worker, with or without a broker.
    https://docs.celeryq.dev/en/stable/userguide/extending.html#worker-bootsteps"""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.stopping = threading.Event()
        most = len(TIMED) + settings.CELERY_WORKER_CONCURRENCY
        self.threads = ThreadPoolExecutor(most, thread_name_prefix="klark-look")
        self.running: dict[str, Future[Any]] = {}

    def start(self, parent: Any) -> None:
        """Starts the timer and the warm-up, each in a thread of its own, so that neither blocks the worker's start."""
        threading.Thread(target=self._look, name="klark-timer", daemon=True).start()
        threading.Thread(target=app.tasks[WARM_UP], name="klark-warm-up", daemon=True).start()

    def stop(self, parent: Any) -> None:
        """Starts no more tasks. Rows that are not done soon go to other workers, whatever Celery then waits for."""
        self.stopping.set()
        self.threads.shutdown(wait=False, cancel_futures=True)
        import_string(HAND_BACK)()  # by name: models can only be imported once all apps are loaded

    def _look(self) -> None:
        # A worker may be started before the first migration.
        while not self.stopping.is_set() and not import_string(MIGRATED)():
            self.stopping.wait(UNMIGRATED_S)
        while not self.stopping.is_set():
            for name in TIMED:
                if name not in self.running or self.running[name].done() or self._is_at_a_row(name):
                    self._run(name)
            self.stopping.wait(settings.KLARK_LOOK_SECONDS)

    def _run(self, name: str) -> None:
        """Has a thread run the task, unless the threads were shut down since the timer began to look: by `stop`, or with the
        process."""
        try:
            self.running[name] = self.threads.submit(app.tasks[name])
        except RuntimeError as error:
            if "shutdown" not in str(error):
                raise
            self.stopping.set()
        else:
            self.running[name].add_done_callback(tell)

    def _is_at_a_row(self, name: str) -> bool:
        """Returns whether events need another look because a run, which may take minutes, keeps the last one's thread. A row
        that becomes due meanwhile wakes nobody, and without a broker no row does."""
        return name == WORK and bool(import_string(IDLE_THREADS)())


class TornConnection(bootsteps.StartStopStep):
    """Has a worker connect again where kombu's Redis transport raises AttributeError, as it does on a connection that was lost
    while it was in use. Celery would take it for a mistake, and end the worker."""

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        parent.connection_errors = (*parent.connection_errors, AttributeError)


def tell(done: Future[Any]) -> None:
    """Logs the exception of a task that failed on the timer; nothing else would report it."""
    if not done.cancelled() and (error := done.exception()):
        log.error("a task on the worker's timer failed", exc_info=error)


app.steps["worker"].add(LookForWork)
app.steps["consumer"].add(TornConnection)
