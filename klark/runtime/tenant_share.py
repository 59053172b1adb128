"""The claims that this process holds: how many of its threads one tenant may occupy, so that its slow server does not stop
the other tenants, and what becomes of them when the process is told to stop.

They are in this process's memory: leases in the database also include those of workers that were killed.
"""

import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings

from klark.models import Claim
from klark.models.tenant import all_tenant_ids
from klark.models.work_queue import Work

log = structlog.get_logger(__name__)

GRACE_S = 6.0
"""How long a run may take to its end once the process is told to stop. Docker kills it after ten seconds."""

_lock = threading.Lock()
_less = threading.Condition(_lock)
_held: dict[uuid.UUID, tuple[type[Work], Claim]] = {}  # by the claim's token
_stopping = threading.Event()


@contextmanager
def claimed(rows: type[Work]) -> Iterator[list[Claim]]:
    """Claims one row of a tenant that may have another thread; none once the process is told to stop. The thread counts as
    that tenant's until the block ends."""
    with _lock:  # else threads that look at the same time would all take the last place
        claims = [] if _stopping.is_set() else rows.claim(but=_full())
        _held.update({claim.token: (rows, claim) for claim in claims})
    try:
        yield claims
    finally:
        with _lock:
            for claim in claims:
                _held.pop(claim.token, None)
            _less.notify_all()


def hand_back(grace_s: float = GRACE_S) -> int:
    """Lets no more rows be claimed here, waits up to `grace_s` seconds for the runs in progress, and gives the rows of
    those that have not ended to other workers. Returns how many.

    A run that goes on all the same can no longer end its row or begin a write.
    """
    with _lock:
        _stopping.set()
        _less.wait_for(lambda: not _held, grace_s)
        left = list(_held.values())
    for rows, claim in left:
        rows.hand_back(claim)
        log.info("a row is handed back", table=rows._meta.db_table, row=claim.id, tenant=claim.tenant_id)
    return len(left)


def _full() -> list[int]:
    """Returns the tenants that have all the threads they may have; none while there is only one tenant."""
    threads = Counter(claim.tenant_id for _, claim in _held.values())
    full = [tenant_id for tenant_id, count in threads.items() if count >= settings.KLARK_TENANT_THREADS]
    return full if full and len(all_tenant_ids()) > 1 else []
