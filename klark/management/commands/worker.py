"""`manage.py worker`: runs KLARK_WORKERS Celery workers of KLARK_WORKER_THREADS threads each, which start and end together.

A Python process uses one core. If a worker ends by itself, the others are stopped and the command ends with status 1, so that
whoever supervises it (systemd, for example) starts all of them anew; their rows go to other workers meanwhile.
"""

import signal
import subprocess
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

WORKER = ("-m", "celery", "--app", "klark.celery", "worker", "--pool", "threads", "--loglevel", "info", "--without-gossip",
          "--without-mingle")  # fmt: skip
LOOK_S = 0.2


class Command(BaseCommand):
    """Starts the workers and waits until it is stopped, or one of them ends."""

    help = "Run the workers: KLARK_WORKERS processes of KLARK_WORKER_THREADS threads each."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs until SIGTERM or SIGINT. Raises CommandError if a worker ends, SystemCheckError if PostgreSQL has no room."""
        self.check(databases=["default"])
        signal.signal(signal.SIGTERM, lambda *_: sys.exit())
        workers = list[subprocess.Popen[bytes]]()
        try:
            for number in range(1, settings.KLARK_WORKERS + 1):
                argv = [sys.executable, *WORKER, "--hostname", f"{number}@%h"]
                workers.append(subprocess.Popen(argv))  # noqa: S603 — argv comes from klark's own code
            while all(each.poll() is None for each in workers):
                time.sleep(LOOK_S)
        finally:
            for each in workers:
                each.terminate()
            statuses = [each.wait() for each in workers]
        raise CommandError(f"A worker ended by itself, and the others were stopped: their statuses are {statuses}.")
