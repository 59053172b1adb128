"""Is it well? Facts about this installation, each with a light, a few words, and what to do where it is not well.

`/health/ready`, `/metrics` and the admin's page show the same facts. Those on rows are about the tenants that the open
transaction shows (klark.models.tenancy.within).
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from psycopg_pool import PoolTimeout

from klark.checks import missing_parts
from klark.connections.rate_limit import left_by_helpdesk
from klark.drafting.budget import WARN_PERCENT, costs_of
from klark.knowledge.embedding import embedders, in_use
from klark.models import Article, Connection, Delivery, Notification, Stop, Tenant, WebhookEvent
from klark.values.wording import local_moment
from klark.wakeup import broker_probe

Light = Literal["good", "warning", "bad"]
Check = Callable[[], tuple[Light, str, str]]
"""Returns the light, what is the case, and what to do; the last is "" where nothing is to be done."""

WRITES = "SELECT current_setting('transaction_read_only') = 'off' AND pg_current_xact_id() IS NOT NULL"
"""`pg_current_xact_id()` assigns a transaction id, so that PostgreSQL must write the end of the transaction to disk."""
MIB = 1024 * 1024
LATE_S, STUCK_S = 120, 900
"""From when on due work is late, and from when on probably nobody does it."""
MANY_WAKEUPS = 100
LITTLE_LEFT = 0.1


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact. `part` names it for programs; `said` and `advice` are in the language that is active."""

    part: str
    light: Light
    said: str
    advice: str


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Returns (app, name) of each migration of this klark. They are files, and /metrics is read every few seconds."""
    return frozenset(MigrationLoader(None).disk_migrations)


def database() -> tuple[Light, str, str]:
    """Whether the database takes writes and has every migration of this klark."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(WRITES)
            if not cursor.fetchone()[0]:
                return "bad", _("takes no writes"), _("Look whether it is a standby, or its disk is full.")
        if not _migrations() <= MigrationRecorder(connection).applied_migrations().keys():
            return "bad", _("is not migrated"), _("Run “manage.py migrate”.")
        return "good", _("reached"), ""
    except (Error, PoolTimeout):
        return "bad", _("not reached"), _("Look whether PostgreSQL runs, and whether DATABASE_URL leads to it.")


def disk() -> tuple[Light, str, str]:
    """Whether klark's own disk has space: the database's, too, where both are on one machine."""
    free = shutil.disk_usage(settings.BASE_DIR).free // MIB
    if free >= settings.KLARK_FREE_MIB:
        return "good", _("has space"), ""
    return "bad", _("%(free)d MiB free") % {"free": free}, _("Make space, or give klark a larger disk.")


def triage() -> tuple[Light, str, str]:
    """Whether the triage model can run."""
    if why := missing_parts():
        return "bad", why, _("Every ticket goes to a person unread until then.")
    return "good", _("installed"), ""


def embeddings() -> tuple[Light, str, str]:
    """Whether search by meaning can be used for each tenant that has articles."""
    if not settings.KLARK_EMBEDDINGS:
        return "good", _("not used: search goes by words alone"), ""
    tenants = Article.objects.filter(current=True).order_by().values_list("tenant", flat=True).distinct()
    without = sum(in_use(tenant_id, embedders()) is None for tenant_id in tenants)
    if not without:
        return "good", _("complete"), ""
    said = ngettext("missing for %(n)d tenant", "missing for %(n)d tenants", without) % {"n": without}
    return "warning", said, _(
        "Until they are computed, search goes by words alone. If that takes longer than an hour, look into the worker's log."
    )  # fmt: skip


def broker() -> tuple[Light, str, str]:
    """Whether the broker answers, and how many wake-ups no worker has fetched."""
    waiting = broker_probe.ask()
    if waiting is None:
        return "warning", _("does not answer"), _(
            "Nothing is lost: workers also look by themselves. Look whether it runs, and whether BROKER_URL leads to it."
        )  # fmt: skip
    if waiting < MANY_WAKEUPS:
        return "good", _("reached"), ""
    said = _("%(waiting)d wake-ups that no worker has fetched") % {"waiting": waiting}
    return "warning", said, _("Look whether a worker runs with the same BROKER_URL.")


def queue() -> tuple[Light, str, str]:
    """How long the work that has been due longest waits for a worker."""
    waited = int(max(WebhookEvent.waited_s(), Delivery.waited_s()))
    if waited < LATE_S:
        return "good", _("nothing waits for long"), ""
    said = _("due work has waited for %(minutes)d minutes") % {"minutes": waited // 60}
    return "bad" if waited >= STUCK_S else "warning", said, _(
        "Look whether a worker runs and what it logs. If there is more work than it can do, start another one."
    )  # fmt: skip


def parked() -> tuple[Light, str, str]:
    """How many events and writes wait for a person."""
    count = sum(rows._default_manager.filter(state="parked").count() for rows in (WebhookEvent, Delivery))
    if not count:
        return "good", _("nothing"), ""
    said = ngettext("%(n)d event or write", "%(n)d events and writes", count) % {"n": count}
    return "warning", said, _("Mend what “trouble” says, then press “Try again”.")


def helpdesks() -> tuple[Light, str, str]:
    """Which connected helpdesks are in trouble."""
    troubled = [f"{row}: {row.trouble}" for row in Connection.objects.filter(active=True).exclude(trouble="")]
    if not troubled:
        return "good", _("reached"), ""
    return (
        "bad",
        " ".join(troubled),
        _("Mostly the token or its rights: enter a new token, then set the helpdesk up again."),
    )


def rate_limits() -> tuple[Light, str, str]:
    """The least that any account has left of the requests that its helpdesk allows a minute."""
    least = min(left_by_helpdesk().values(), default=1.0)
    said = _("%(percent)d %% of the requests of this minute left") % {"percent": int(100 * least)}
    if least >= LITTLE_LEFT:
        return "good", said, ""
    return "warning", said, _("klark waits by itself. If it stays so, ask whether another app uses the same account.")


def notifications() -> tuple[Light, str, str]:
    """How many notifications no address took, however often they were sent."""
    count = Notification.objects.filter(state=Notification.State.PARKED).count()
    if not count:
        return "good", _("all taken, or on their way"), ""
    said = ngettext("%(n)d that its address did not take", "%(n)d that their addresses did not take", count) % {
        "n": count
    }
    return "warning", said, _("Mend the address, then press “Try again” on each.")


def budgets() -> tuple[Light, str, str]:
    """How much of the tenants' budgets for models is used."""
    names = dict(Tenant.objects.values_list("pk", "name"))
    used = {names[pk]: costs.percent for pk, costs in costs_of(names, timezone.localtime()).items()}
    near = {name: percent for name, percent in used.items() if percent >= WARN_PERCENT}
    if not near:
        return "good", _("at most %(percent)d %% used") % {"percent": max(used.values(), default=0)}, ""
    said = ", ".join(
        _("%(name)s: %(percent)d %% used") % {"name": name, "percent": percent} for name, percent in near.items()
    )
    return "bad" if max(near.values()) >= 100 else "warning", said, _(
        "At 100 % klark goes on without a model. The lead raises a budget in the policy; the next day or month begins anew."
    )  # fmt: skip


def stops() -> tuple[Light, str, str]:
    """What people have stopped."""
    told = [
        _("%(what)s since %(since)s, by %(by)s") % {"what": each, "since": local_moment(each.since), "by": each.by}
        for each in Stop.in_force().select_related("tenant", "connection")
    ]
    if not told:
        return "good", _("nothing is stopped"), ""
    return "warning", "; ".join(told), _("What comes in is kept and waits. A lead releases it on any page.")


BASIC: dict[str, Check] = {"database": database, "disk": disk}
"""What klark cannot take a webhook without."""
OTHER: dict[str, Check] = {
    "triage": triage, "embeddings": embeddings, "broker": broker, "queue": queue,
}  # fmt: skip
ROWS: dict[str, Check] = {
    "stops": stops, "parked": parked, "notifications": notifications, "budgets": budgets, "helpdesks": helpdesks,
    "rate_limits": rate_limits,
}  # fmt: skip


def facts(*checks: dict[str, Check]) -> Sequence[Fact]:
    """Returns the facts of these tables, in order."""
    return [Fact(part, *check()) for table in checks for part, check in table.items()]
