"""The claims that this process holds: how many of its threads one tenant may occupy, and how many may wait for one host that
several tenants use, so that a server that hangs does not stop everyone; and what becomes of the claims when the process is told
to stop.

They are in this process's memory: leases in the database also include those of workers that were killed. Which hosts a tenant
needs is known from its runs here.
"""

import threading
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings

from integrations.http.outbound import REACHED
from klark.models import Claim
from klark.models.tenant import all_tenant_ids
from klark.models.work_queue import Work

log = structlog.get_logger(__name__)

GRACE_S = 6.0
"""How long a run may take to its end once the process is told to stop. Docker kills it after ten seconds."""

_lock = threading.Lock()
_less = threading.Condition(_lock)
_held: dict[uuid.UUID, tuple[type[Work], Claim]] = {}  # by the claim's token
_hosts: dict[tuple[type[Work], int | None], frozenset[str]] = {}  # by kind of row and tenant; of all tenants by None
_stopping = threading.Event()


@contextmanager
def claimed(rows: type[Work]) -> Iterator[list[Claim]]:
    """Claims one row of a tenant that may have another thread; none once the process is told to stop. The thread counts as
    that tenant's, and as waiting for each of its hosts, until the block ends."""
    with _lock:  # else threads that look at the same time would all take the last place
        claims = [] if _stopping.is_set() else rows.claim(but=_full(rows))
        _held.update({claim.token: (rows, claim) for claim in claims})
    before = REACHED.set(set())
    try:
        yield claims
    finally:
        with _lock:
            for claim in claims:
                _held.pop(claim.token, None)
                for whose in (claim.tenant_id, None):
                    _hosts[rows, whose] = _hosts.get((rows, whose), frozenset()) | REACHED.get()
            _less.notify_all()
        REACHED.reset(before)


def more_waits(rows: type[Work]) -> bool:
    """Returns whether there is a row that another thread of this process might claim."""
    with _lock:
        full = _full(rows)
    return rows.someone_waits(full)


def has_idle_threads() -> bool:
    """Returns whether this process has rows in work, though fewer than it has threads."""
    return 0 < len(_held) < settings.CELERY_WORKER_CONCURRENCY  # without the lock, which a claim may keep for long


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


def _full(rows: type[Work]) -> list[int]:
    """Returns the tenants that have all the threads they may have, and those whose rows of this kind need a host for which
    as many threads wait as may."""
    threads: Counter[int] = Counter()
    waiting: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for kind, claim in _held.values():
        threads[claim.tenant_id] += 1
        for host in _needed(kind, claim.tenant_id):
            waiting[host][claim.tenant_id] += 1
    full = {tenant_id for tenant_id, count in threads.items() if count >= settings.KLARK_TENANT_THREADS}
    # A host of one tenant's alone is limited by the tenant's own share.
    taken = {host for host, of in waiting.items() if len(of) > 1 and of.total() >= settings.KLARK_HOST_THREADS}
    return [*full.union(each for each in all_tenant_ids() if taken & _needed(rows, each))] if taken else [*full]


def _needed(rows: type[Work], tenant_id: int) -> frozenset[str]:
    """Returns the hosts that a tenant's rows of this kind are known to need. Until one has been run, that may be any host
    known for this kind, or one that nobody knows yet: the kind's name stands for it."""
    return _hosts.get((rows, tenant_id)) or _hosts.get((rows, None), frozenset()) | {rows.__name__}
