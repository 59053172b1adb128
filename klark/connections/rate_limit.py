"""Shares an account's requests out: never more than its rate limit in any window, a part of it reserved for answers.

All workers count in one row (klark/models/request_budget.py), in slots. A slot counts until its last moment has left the
window, and three slots longer for requests that are slow to arrive: so 120/124 of each window can be used.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.db import connection as database

from integrations.errors import TryLater
from integrations.helpdesks.pool import Pool
from integrations.helpdesks.rate_limit_headers import Stated, stated
from integrations.http_failures import LONGEST_WAIT_S
from klark.models import Budget, Connection, within
from klark.models.request_budget import FIRST_LIMITS, LOWEST_LIMIT
from klark.models.tenancy import at_once

WINDOW_S = 60.0
SLOTS = 120
COUNTED = SLOTS + 4
BACKGROUND_SHARE = 0.7  # catch-up and sync leave the rest to answers
LOCKED = """
SELECT locked.*, extract(epoch FROM clock_timestamp()) AS now
  FROM (SELECT * FROM klark_budget WHERE tenant_id = %s AND connection_id = %s FOR UPDATE) AS locked
"""
"""The row and, read once it is locked, the time: in one statement, since each call of a helpdesk waits for it."""
SPEND = "SELECT * FROM klark_spend(%s, %s, %s, %s, %s, %s)"
"""klark.models.database.spending"""
PATIENCE_S = 2.0  # shorter waits are slept through here; longer ones are left to the caller


@dataclass(frozen=True, slots=True)
class RequestBudget:
    """The row's state at `now` (seconds by the database's clock), with slots of `slot_s` seconds; `held_s` is what is
    left of a wait that the helpdesk imposed."""

    limit: int
    spent: Mapping[int, int]
    now: float
    slot_s: float
    held_s: float = 0.0

    @property
    def slot(self) -> int:
        """The current slot."""
        return int(self.now / self.slot_s)

    @property
    def counted(self) -> dict[int, int]:
        """The requests of each slot that may still overlap the window. Slots further ahead are from before the database's
        clock was put back, and nobody waits for them."""
        now = self.slot
        return {slot: weight for slot, weight in self.spent.items() if abs(now - slot) < COUNTED}

    @property
    def used(self) -> int:
        """The number of requests in the window."""
        return sum(self.counted.values())

    def with_spent(self, weight: int) -> dict[str, int]:
        """Returns the row's new `spent`. Clocks may differ by the time a lock was waited for, so nothing is counted
        into the past."""
        slot = max([self.slot, *self.counted])
        return {str(key): value for key, value in {**self.counted, slot: self.counted.get(slot, 0) + weight}.items()}


def wait_for(budget: RequestBudget, weight: int, share: float) -> float:
    """Returns the seconds until `weight` more requests fit into `share` of the limit; 0 means now."""
    if budget.held_s > 0:
        return budget.held_s
    over = budget.used + weight - max(int(budget.limit * share), weight)
    for slot in sorted(budget.counted):
        if over <= 0:
            break
        over -= budget.counted[slot]
        free_at = (slot + COUNTED) * budget.slot_s
        if over <= 0:
            return max(free_at - budget.now, budget.slot_s / 100)
    return 0.0


class RateLimit:
    """One open desk's access to its account's budget; its adapter is given `permit` and `seen`."""

    def __init__(
        self, connection: Connection, *, share: float = 1.0, patience_s: float = PATIENCE_S, window_s: float = WINDOW_S
    ) -> None:
        self.tenant_id, self.connection_id = connection.tenant_id, connection.pk
        self.first_limit = FIRST_LIMITS.get(connection.helpdesk, LOWEST_LIMIT)
        self.share, self.patience_s, self.slot_s = share, patience_s, window_s / SLOTS
        self.limit = self.used = 0
        self.sizes: dict[Pool, int] = {}  # what was reckoned with

    def permit(self, weight: int) -> None:
        """Counts `weight` requests. Raises TryLater, with the seconds to wait, if they do not fit within `patience_s`
        seconds."""
        self._wait(partial(self._spend, weight))

    def permit_in(self, *pools: Pool) -> None:
        """Counts a request in pools of its own, in all of them or none; waits and raises as `permit` does, which counts it
        for the account."""
        self._wait(partial(self._spend_in, pools))

    def _wait(self, spend: Callable[[], float]) -> None:
        patience = time.monotonic() + self.patience_s
        while after := spend():
            # Never sleep while a transaction is open.
            if database.in_atomic_block or time.monotonic() + after > patience:
                raise TryLater("klark keeps below the helpdesk's rate limit, and goes on in a moment", after)
            time.sleep(after)

    def seen(self, headers: Mapping[str, str]) -> None:
        """Learns from a response's headers: the limit, what others use of it, and how long everyone must wait."""
        said = stated(headers)
        if self._tells_more(said):
            with within(self.tenant_id):
                row, budget = self._locked()
                self._learn(row, budget, said)

    def _tells_more(self, said: Stated) -> bool:
        """Returns whether there is anything to store: most responses only confirm what is known."""
        if said.wait_s is not None or (said.total or self.limit) != self.limit or self._sizes_told(said):
            return True
        return said.left is not None and self.limit - said.left > self.used

    def _sizes_told(self, said: Stated) -> dict[Pool, int]:
        """Returns the pools that are larger or smaller than was reckoned with."""
        told = {pool: said.endpoints.get(pool.endpoint, size) for pool, size in self.sizes.items()}
        return {pool: size for pool, size in told.items() if size not in (self.sizes[pool], pool.another)}

    def _learn(self, row: Budget, budget: RequestBudget, said: Stated) -> None:
        row.limit = said.total or row.limit
        for pool, size in self._sizes_told(said).items():
            row.pools[pool.name] = {"seconds": pool.seconds, **row.pools.get(pool.name, {}), "size": size}
        others = row.limit - said.left - budget.used if said.left is not None else 0
        if others > 0:  # others use this account too: an app, a script, another klark
            row.spent = budget.with_spent(others)
        if said.wait_s:
            held_until = _moment(budget.now + said.wait_s)
            row.held_until = max(row.held_until or held_until, held_until)
        row.save(update_fields=["limit", "spent", "held_until", "pools"])
        self.limit = row.limit

    def _spend(self, weight: int) -> float:
        values = [self.tenant_id, self.connection_id, weight, self.share, self.slot_s, COUNTED]
        counted = at_once(self.tenant_id, SPEND, values)
        if not counted:
            return self._wait_or_spend(weight)
        ((self.limit, self.used),) = counted
        return 0.0

    def _wait_or_spend(self, weight: int) -> float:
        with within(self.tenant_id):
            row, budget = self._locked()
            after = wait_for(budget, weight, self.share)
            self.limit, self.used = row.limit, budget.used + (0 if after else weight)
            if not after:
                Budget.of(self.tenant_id).filter(pk=row.pk).update(spent=budget.with_spent(weight))
        return after

    def _spend_in(self, pools: Sequence[Pool]) -> float:
        with within(self.tenant_id):
            row, account = self._locked()
            kept, after = {name: each for name, each in row.pools.items() if _is_kept(each, account.now)}, 0.0
            for pool in pools:
                told = row.pools.get(pool.name, {})
                own = _budget_of(told, account.now, told.get("size") or pool.size(row.limit), pool.seconds)
                after = max(after, wait_for(own, 1, 1.0))
                kept[pool.name] = {**told, "seconds": pool.seconds, "spent": own.with_spent(1)}
                self.sizes[pool] = own.limit
            if not after:
                Budget.of(self.tenant_id).filter(pk=row.pk).update(pools=kept)
        return after

    def _locked(self) -> tuple[Budget, RequestBudget]:
        """Returns the row, locked until the transaction ends, and its state."""
        values = [self.tenant_id, self.connection_id]
        row = next(iter(Budget.objects.raw(LOCKED, values)), None) or self._new()
        held_s = row.held_until.timestamp() - float(row.now) if row.held_until else 0.0
        held_s = held_s if held_s <= LONGEST_WAIT_S else 0.0  # nobody asks for longer: the clock was put back
        return row, RequestBudget(row.limit, _spent(row.spent), float(row.now), self.slot_s, held_s)

    def _new(self) -> Budget:
        wanted = {"tenant_id": self.tenant_id, "limit": self.first_limit}
        Budget.objects.get_or_create(connection_id=self.connection_id, defaults=wanted)
        return Budget.objects.raw(LOCKED, [self.tenant_id, self.connection_id])[0]


def _budget_of(told: Mapping[str, Any], now: float, most: int, seconds: float) -> RequestBudget:
    return RequestBudget(most, _spent(told.get("spent", {})), now, seconds / SLOTS)


def _is_kept(told: Mapping[str, Any], now: float) -> bool:
    """Returns whether a pool's size was learned, or any request is still in its window: a ticket's own pool is soon
    forgotten."""
    return "size" in told or _budget_of(told, now, 0, told["seconds"]).used > 0


def background(connection: Connection, patience_s: float = PATIENCE_S) -> RateLimit:
    """Returns the rate limit for reads that nobody waits for."""
    return RateLimit(connection, share=BACKGROUND_SHARE, patience_s=patience_s)


def left(connection: Connection) -> tuple[int, int]:
    """Returns (requests left in this minute, the limit), from what is known. Call inside `within(tenant_id)`."""
    row = Budget.of(connection.tenant_id).filter(connection=connection).first()
    if row is None:
        limit = FIRST_LIMITS.get(connection.helpdesk, LOWEST_LIMIT)
        return limit, limit
    return _left(row), row.limit


def left_by_helpdesk() -> dict[str, float]:
    """Returns for each kind of helpdesk the least that an active account has left, as a share of its limit (0 to 1).
    Call inside `within`."""
    least: dict[str, float] = {}
    for row in Budget.objects.filter(connection__active=True).select_related("connection"):
        helpdesk, share = row.connection.helpdesk, _left(row) / max(row.limit, 1)
        least[helpdesk] = min(least.get(helpdesk, 1.0), share)
    return least


def _left(row: Budget) -> int:
    return max(row.limit - RequestBudget(row.limit, _spent(row.spent), time.time(), WINDOW_S / SLOTS).used, 0)


def _spent(kept: Mapping[str, int]) -> dict[int, int]:
    return {int(slot): weight for slot, weight in kept.items()}


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
