"""Work queues in the database: a worker claims a row with a lease, and only the token of that claim can finish it.

The rows are the single source of truth; a Celery task only tells a worker to check for due rows. A claim is one short
statement: `FOR UPDATE SKIP LOCKED` inside a LATERAL with a limit per tenant (`FOR UPDATE` cannot be combined with window
functions or DISTINCT). Tenants take turns: those with the fewest leases first, then at random; never by age, since a
flood's rows are older than everything that comes after them. A ticket's rows are processed one at a time, in order.
Leases expire by the database's clock. What a person has stopped (`klark.models.Stop`) is not claimed, nor counted as due.
"""

import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.connection import Connection
from klark.models.database.claiming import BUSY, CALL_CLAIM, CALL_WAITS, DUE, MAY, STOPPED, STOPS
from klark.models.tenancy import EVERY_TENANT, at_once, within
from klark.models.tenant import Stop
from klark.values.storable_text import clip

ATTEMPTS = 8  # after these, a person has to deal with the row
MOST_CLAIMS = ATTEMPTS + 4  # 4 for read-backs; a row claimed more often kills its workers before they can record why
PATIENCE_S = 24 * 3600.0  # a helpdesk may be down for hours, and no work must be lost
LONGEST_WAIT_S = 600.0
TRIES, PAUSE_S = 3, 0.01
IN_FLIGHT_S = 10.0  # from the stop of a worker that writes until the write is looked for
LEASE_S = 400
"""The length of a lease in seconds: longer than the sum of all timeouts of a usual run (tests/klark/test_lease.py adds it up).

80 for a ticket of one page and the one before it, 40 for its requester's fields, 5 for a CRM, 30 for the triage model, 30 for
the model that tells topics apart, and 160 for four requests to a model: a second reading of the ticket, the draft, and two
readings by a judge. That is 345; the rest is for klark's own work and the embedding of the question. A longer thread,
an embedding server that hangs, or a second model server that hangs like the first may need more: then the lease is lost and
the run is repeated. Completions are kept, so they are not paid for twice, and by then the circuit breaker leaves out a server
that hung. A write is a claim of its own."""
MODEL_S, MODEL_REQUESTS = 40, 4
"""The share of LEASE_S for requests to a model: seconds per request, and their number."""

LOAD = """
SELECT {columns} FROM {table} JOIN klark_connection ON klark_connection.id = {table}.connection_id
 WHERE {table}.tenant_id = %s AND {table}.id = %s
"""
IS_STOPPED = "SELECT EXISTS (SELECT FROM {table} AS candidate WHERE candidate.id = %(id)s AND {stopped})"


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that this worker holds until the lease ends. `state` is the state it was in; `age_s` is its age in seconds, from
    the tenant's last stop on if that was released later: what was stopped lost no patience meanwhile. `event_id`: the event
    that it began with, by which the log follows a ticket from its webhook to its write."""

    id: int
    tenant_id: int
    token: uuid.UUID
    attempts: int
    state: str
    age_s: float = 0.0
    event_id: int | None = None

    def patience(self) -> float | None:
        """Returns the seconds to wait for a helpdesk that cannot be reached (longer for older rows), or None after a day."""
        return None if self.age_s > PATIENCE_S else min(max(self.age_s / 4, 2.0), LONGEST_WAIT_S)


def lease_s() -> int:
    """Returns the lease in seconds: LEASE_S, plus what the operator allows each model request beyond MODEL_S."""
    return LEASE_S + MODEL_REQUESTS * max(0, settings.KLARK_MODEL_SECONDS - MODEL_S)


UNHELD = models.Q(lease_until=None) | models.Q(lease_until__lt=Now())
"""Whether no worker holds a row, as CLAIM says it in SQL."""
HELD = models.Q(lease_until__isnull=False)
CLAIMABLE = ("due",)
"""The states in which a worker takes up a row, unless its table has others too."""


def queue_indexes(name: str, claimable: Sequence[str]) -> tuple[models.Index, ...]:
    """Returns the indexes that CLAIM and the lists of parked rows need. Those of open rows stay small however many rows
    have ended."""
    due = models.Q(state__in=claimable)
    return (
        models.Index(fields=["tenant", "due_at", "id"], condition=due, name=f"{name}_next"),
        models.Index(fields=["connection", "ticket_id", "due_at"], condition=due, name=f"{name}_of_ticket"),
        models.Index(fields=["tenant", "lease_until"], condition=due & HELD, name=f"{name}_held"),
        models.Index(fields=["tenant"], condition=models.Q(state="parked"), name=f"{name}_parked"),
        models.Index(fields=["connection", "ticket_id"]),
    )


class Work(Owned):
    """The base of rows that are work: `state` says what the next step is, and `due_at` when."""

    connection = models.ForeignKey("klark.Connection", on_delete=models.CASCADE, related_name="+")
    ticket_id = models.CharField(_("ticket"), max_length=40, blank=True)
    state = models.CharField(_("state"), max_length=20, default="due")
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due"), db_default=Now())
    lease_token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    trouble = models.CharField(_("trouble"), max_length=500, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    claimable: tuple[str, ...] = CLAIMABLE
    born = "created_at"  # the column that a row's age is measured from
    led_to_by = "work.id"  # in CLAIM: the id of the event that led to a row
    topic_stopped = "topic = ''"  # in CLAIM: which stops concern a row, as `stopped` says it

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, limit: int = 1, each: int = 1, but: Collection[int] = ()) -> list[Claim]:
        """Claims up to `limit` due rows, at most `each` per tenant, one per ticket and none of the tenants `but`, unless
        there is only one tenant; commits before it returns."""
        values = [list(but), lease_s(), each, limit]
        for attempt in range(TRIES):
            time.sleep(attempt * PAUSE_S)
            found = at_once(EVERY_TENANT, cls.sql(CALL_CLAIM), values)
            claims = [Claim(*row) for row in found if row[0] is not None]
            if claims or not found:
                return claims
            # A worker that is choosing locks a row of each tenant, so another may find nothing although there is work.
        return []

    @classmethod
    def load(cls, claim: Claim) -> Self:
        """Returns a claimed row with its connection, in one message. Raises DoesNotExist."""
        statement = LOAD.format(columns=f"{cls.columns()}, {Connection.columns()}", table=cls._meta.db_table)
        found = at_once(claim.tenant_id, statement, [claim.tenant_id, claim.id])
        if not found:
            raise cls.DoesNotExist
        values = iter(found[0])
        row, row.connection = cls.made_of(values), Connection.made_of(values)
        return row

    @classmethod
    def sql(cls, statement: str, **given: str) -> str:
        """Returns a statement of klark.models.database.claiming for this table; `given`: other parameters than a function's."""
        states = "({})".format(", ".join(f"'{state}'" for state in cls.claimable))
        stopped = STOPPED.format(stops=STOPS, topic_stopped=cls.topic_stopped)
        parameters = {"but": "but", "lease": "lease", "each": "each_tenant", "most": "most", **given}
        parameters["may"] = MAY.format(**parameters)
        table = cls._meta.db_table
        return statement.format(
            table=table, born=cls.born, states=states, stops=STOPS, due=DUE.format(states=states), stopped=stopped,
            busy=BUSY.format(table=table, states=states), led_to_by=cls.led_to_by, **parameters,
        )  # fmt: skip

    @classmethod
    def free(cls, tenant_id: int) -> models.QuerySet[Self]:
        """Returns this tenant's rows that no worker holds. A killed worker's are among them once its lease has ended."""
        return cls.of(tenant_id).filter(UNHELD)

    @classmethod
    def settle(cls, claim: Claim, **changes: Any) -> bool:
        """Applies `changes` and releases the lease if the claim still holds it. Returns whether it did."""
        mine = cls.of(claim.tenant_id).filter(pk=claim.id, lease_token=claim.token, state__in=cls.claimable)
        return bool(mine.update(lease_token=None, lease_until=None, **changes))

    @classmethod
    def postpone(cls, claim: Claim, seconds: float, trouble: str, **changes: Any) -> bool:
        """Releases the lease and makes the row due again in `seconds`, with `trouble` as the reason. Returns as `settle`."""
        return cls.settle(claim, due_at=Now() + timedelta(seconds=seconds), trouble=clip(trouble, 500), **changes)

    @classmethod
    def hand_back(cls, claim: Claim) -> None:
        """Releases the lease of a run that is cut short, as if the row had not been claimed. A write that may have left is
        looked for in IN_FLIGHT_S seconds. Opens its own transaction."""
        with within(claim.tenant_id):
            unwritten = cls.of(claim.tenant_id).filter(pk=claim.id, lease_token=claim.token, state="due")
            if not unwritten.update(lease_token=None, lease_until=None, attempts=models.F("attempts") - 1):
                cls.postpone(claim, IN_FLIGHT_S, "Its worker was told to stop while it wrote.")

    @classmethod
    def someone_waits(cls, but: Collection[int] = ()) -> bool:
        """Returns whether a row of any tenant, except those of `but`, is due now and may be claimed; of the only one in
        any case."""
        return bool(at_once(EVERY_TENANT, cls.sql(CALL_WAITS), [list(but)])[0][0])

    @classmethod
    def is_stopped(cls, claim: Claim) -> bool:
        """Returns whether a person has stopped what a row belongs to since it was claimed. Call inside `within(tenant_id)`."""
        with connection.cursor() as cursor:
            cursor.execute(cls.sql(IS_STOPPED), {"id": claim.id})
            return bool(cursor.fetchone()[0])

    @classmethod
    def waited_s(cls) -> float:
        """Returns for how many seconds the visible row that has been due longest has waited; 0 if none is due."""
        waits = cls._due().aggregate(longest=Now() - models.Min("due_at", output_field=models.DateTimeField()))[
            "longest"
        ]
        return waits.total_seconds() if waits else 0.0

    @classmethod
    def _due(cls) -> models.QuerySet[Self]:
        return cls._default_manager.filter(~cls.stopped(), UNHELD, state__in=cls.claimable, due_at__lte=Now())

    @classmethod
    def stopped(cls) -> models.Q:
        """Returns the condition that a person has stopped what a row belongs to, as CLAIM says it in SQL. An event has no
        topic yet, so that no topic's stop concerns it."""
        whole = models.Q(connection=None) | models.Q(connection=models.OuterRef("connection"))
        return models.Q(models.Exists(Stop.in_force().filter(whole, topic="", tenant=models.OuterRef("tenant"))))
