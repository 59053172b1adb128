"""Rows that are work: claimed with a lease, finished only by the token that claimed them.

The row is the work and the database is the truth; a task only says "look". A claim is one short statement:
`FOR UPDATE SKIP LOCKED` inside a LATERAL with a limit per tenant (`FOR UPDATE` does not go with window functions or
DISTINCT). Tenants take turns: first those with the fewest leases, then by lot, never by age, since the rows of a flood
are older than whatever comes after them. A ticket's rows go one by one, in order. Leases end by the database's clock.
"""

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.tenancy import EVERY_TENANT, within
from klark.values.text import clip

ATTEMPTS = 8  # then a person looks
MOST_CLAIMS = ATTEMPTS + 4  # read-backs come on top; beyond, it ends its workers before they can say why
PATIENCE_S = 24 * 3600.0  # a helpdesk may be down for hours, and nothing is lost
LONGEST_WAIT_S = 600.0
TRIES, PAUSE_S = 3, 0.01
LEASE_S = 400
"""Longer than the sum of what one run usually may wait for (tests/klark/test_lease.py adds it up), each to its last second:
a ticket of one page and the one before it 80, its requester's fields 40, a CRM 5, the triage model 30, and four requests of a
model, a second reading of the ticket, the draft and two readings of a judge, 160: 315, and the rest for klark's own work and the
question's vectors. A longer thread, or an embedding server that hangs, may need more: then the lease is lost, and the run is done
again. Completions are kept and not paid again. A write is a claim of its own."""
MODEL_S, MODEL_REQUESTS = 40, 4
"""Of it, for each request of a model."""

CLAIM = """
UPDATE {table} AS work
   SET attempts = work.attempts + 1, lease_token = gen_random_uuid(),
       lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
  FROM (SELECT picked.id
          FROM klark_tenant AS tenant
         CROSS JOIN LATERAL (
               SELECT candidate.id, candidate.tenant_id
                 FROM {table} AS candidate
                WHERE candidate.tenant_id = tenant.id AND candidate.state = ANY(%(states)s)
                  AND candidate.due_at <= clock_timestamp()
                  AND (candidate.lease_until IS NULL OR candidate.lease_until < clock_timestamp())
                  AND NOT EXISTS (SELECT 1 FROM {table} AS busy
                                   WHERE busy.tenant_id = tenant.id AND busy.ticket_id = candidate.ticket_id
                                     AND busy.connection_id = candidate.connection_id AND busy.id <> candidate.id
                                     AND busy.state = ANY(%(states)s)
                                     AND (busy.lease_until > clock_timestamp()
                                          OR (busy.due_at, busy.id) < (candidate.due_at, candidate.id)))
                ORDER BY candidate.due_at, candidate.id
                LIMIT %(each)s
                  FOR UPDATE SKIP LOCKED) AS picked
         ORDER BY (SELECT count(*) FROM {table} AS leased
                    WHERE leased.tenant_id = picked.tenant_id AND leased.state = ANY(%(states)s)
                      AND leased.lease_until > clock_timestamp()), random()
         LIMIT %(limit)s) AS chosen
 WHERE work.id = chosen.id
RETURNING work.id, work.tenant_id, work.lease_token, work.attempts, work.state,
          extract(epoch FROM clock_timestamp() - work.{born})::float
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is ours until its lease ends. `state` is the one it was claimed in."""

    id: int
    tenant_id: int
    token: uuid.UUID
    attempts: int
    state: str
    age_s: float = 0.0

    def patience(self) -> float | None:
        """Seconds to wait for a helpdesk that cannot be reached: longer the older the row; `None` after a day."""
        return None if self.age_s > PATIENCE_S else min(max(self.age_s / 4, 2.0), LONGEST_WAIT_S)


def lease_s() -> int:
    """LEASE_S, and the time that the operator gives a model beyond what it holds for each request."""
    return LEASE_S + MODEL_REQUESTS * max(0, settings.KLARK_MODEL_SECONDS - MODEL_S)


class Work(Owned):
    """A row with a next step of its own: `due_at` says when, `state` says which."""

    connection = models.ForeignKey("klark.Connection", on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=20, default="due")
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), db_default=Now())
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    trouble = models.CharField(_("trouble"), max_length=500, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    claimable: tuple[str, ...] = ("due",)
    born = "created_at"  # the column that says since when there is work to do

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, limit: int = 1, each: int = 1) -> list[Claim]:
        """Take up to `limit` due rows, at most `each` per tenant and one per ticket; committed before it returns."""
        values: dict[str, Any] = {"lease": lease_s(), "states": list(cls.claimable), "each": each, "limit": limit}
        for attempt in range(TRIES):
            time.sleep(attempt * PAUSE_S)
            with within(EVERY_TENANT), connection.cursor() as cursor:
                cursor.execute(CLAIM.format(table=cls._meta.db_table, born=cls.born), values)
                claims = [Claim(*row) for row in cursor.fetchall()]
            # While one worker chooses, it locks a row of each tenant: another may find nothing although there is work.
            if claims or not cls.someone_waits():
                return claims
        return []

    @classmethod
    def settle(cls, claim: Claim, **changes: Any) -> bool:
        """Move the row on and give the lease back, if it is still ours; whether it was."""
        mine = cls.of(claim.tenant_id).filter(pk=claim.id, lease_token=claim.token, state__in=cls.claimable)
        return bool(mine.update(lease_token=None, lease_until=None, **changes))

    @classmethod
    def postpone(cls, claim: Claim, seconds: float, trouble: str, **changes: Any) -> bool:
        """Try again later: the same row, the same work."""
        return cls.settle(claim, due_at=Now() + timedelta(seconds=seconds), trouble=clip(trouble, 500), **changes)

    @classmethod
    def someone_waits(cls) -> bool:
        """Whether any row is due now (is there more than what was just claimed?)."""
        with within(EVERY_TENANT):
            return cls._due().exists()

    @classmethod
    def _due(cls) -> models.QuerySet[Self]:
        free = models.Q(lease_until=None) | models.Q(lease_until__lt=Now())
        return cls._default_manager.filter(free, state__in=cls.claimable, due_at__lte=Now())
