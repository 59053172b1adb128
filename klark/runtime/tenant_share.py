"""Limits how many of a worker's threads one tenant may occupy, so that its slow server does not stop the other tenants.

The count is in this process's memory: leases in the database also include those of workers that were killed.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from klark.models import Claim
from klark.models.tenant import all_tenant_ids
from klark.models.work_queue import Work

_lock = threading.Lock()
_threads: Counter[int] = Counter()  # by tenant


@contextmanager
def claimed(rows: type[Work]) -> Iterator[list[Claim]]:
    """Claims one row of a tenant that may have another thread. The thread counts as that tenant's until the block ends."""
    with _lock:  # else threads that look at the same time would all take the last place
        claims = rows.claim(but=_full())
        _threads.update(claim.tenant_id for claim in claims)
    try:
        yield claims
    finally:
        with _lock:
            _threads.subtract(claim.tenant_id for claim in claims)


def _full() -> list[int]:
    """Returns the tenants that have all the threads they may have; none while there is only one tenant."""
    full = [tenant_id for tenant_id, threads in _threads.items() if threads >= settings.KLARK_TENANT_THREADS]
    return full if full and len(all_tenant_ids()) > 1 else []
