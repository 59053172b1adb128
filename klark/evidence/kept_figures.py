"""Figures on outcomes as they are shown: counted when somebody asks, or once an hour where there are many drafts; and those of
each week, counted once for good."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from klark.evidence.kpis import kpis
from klark.evidence.outcomes import DEFINITIONS
from klark.evidence.turns import WEEKS, last_weeks, monday, turns_of
from klark.intake.follow_up import LATEST
from klark.models import CountedOutcomes, Draft, policy_in_force, rules_of, within
from klark.models.tenant import all_tenant_ids
from klark.models.ticket.aftermath import FOLLOWED
from klark.runtime.per_tenant import tried

MANY, WEEK = 5_000, timedelta(weeks=1)
OLDEST = timedelta(hours=2)
"""How old figures may be that housekeeping counts once an hour."""
FINAL = FOLLOWED + LATEST
"""How long after a week's end klark may still read what became of its tickets: then it is counted for good."""


def figures_of(tenant_id: int, now: datetime) -> CountedOutcomes:
    """Returns the figures of the last weeks. Of more than MANY drafts they are up to two hours old. A week that is kept is as it
    was counted. Call inside `within(tenant_id)`."""
    since, until = last_weeks(tenant_id, now)
    known = CountedOutcomes.of(tenant_id).filter(since=since.date(), weeks=WEEKS, definitions=DEFINITIONS)
    row = known.filter(counted_at__gt=now - OLDEST).first() or _count(tenant_id, since, until)
    row.figures["week"] = dict(sorted({**row.figures["week"], **_kept(tenant_id, since.date())}.items()))
    return row


def _count(tenant_id: int, since: datetime, until: datetime) -> CountedOutcomes:
    policy = policy_in_force(tenant_id)
    counted = kpis(turns_of(tenant_id, since, until), until, policy.minutes_saved if policy else 0)
    found = json.loads(DjangoJSONEncoder().encode(counted))  # as they are kept: money is text
    place: dict[str, Any] = {"tenant_id": tenant_id, "since": since.date(), "weeks": WEEKS}
    values: dict[str, Any] = {"definitions": DEFINITIONS, "figures": found, "counted_at": until}
    if found["all"]["turns"] > MANY:
        CountedOutcomes.of(tenant_id).filter(weeks=WEEKS).exclude(since=since.date()).delete()
        return CountedOutcomes.objects.update_or_create(**place, defaults=values)[0]
    return CountedOutcomes(**place, **values)


def _kept(tenant_id: int, since: date) -> Mapping[str, Any]:
    rows = CountedOutcomes.of(tenant_id).filter(weeks=1, since__gte=since).order_by("since")
    return {day.isoformat(): figures for day, figures in rows.values_list("since", "figures")}


def keep_all() -> None:
    """Counts what is to be kept of each tenant, and what is counted once an hour."""
    for tenant_id in all_tenant_ids():
        tried("outcomes were not counted", keep, tenant_id, timezone.now())


def keep(tenant_id: int, now: datetime) -> None:
    """Keeps the figures of each week of the last ones that nothing will change any more. Opens its own transaction."""
    with within(tenant_id):
        since, _ = last_weeks(tenant_id, now)
        many = CountedOutcomes.of(tenant_id).filter(weeks=WEEKS).exists()
        missing = _final(tenant_id, now, since) - {date.fromisoformat(day) for day in _kept(tenant_id, since.date())}
        if not (missing or many):
            return
        weeks = _count(tenant_id, since, now).figures["week"]
        nothing = kpis([], now)["all"]
        CountedOutcomes.objects.bulk_create(
            (
                CountedOutcomes(
                    tenant_id=tenant_id, since=each, weeks=1, definitions=DEFINITIONS,
                    figures=weeks.get(each.isoformat(), nothing),
                )
                for each in sorted(missing)
            ),
            ignore_conflicts=True,
        )  # fmt: skip


def _final(tenant_id: int, now: datetime, since: datetime) -> set[date]:
    """Returns the weeks that are over for good, from the tenant's first draft on."""
    first = Draft.of(tenant_id).order_by("created_at").values_list("created_at", flat=True).first()
    if first is None:
        return set()
    begun = monday(first, rules_of(policy_in_force(tenant_id)).time_zone).date()
    weeks = {since.date() + number * WEEK for number in range(WEEKS)}
    return {each for each in weeks if begun <= each and since + (each - since.date() + WEEK) + FINAL <= now}
