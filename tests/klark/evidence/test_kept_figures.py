"""Weeks are counted once for good and say by which definitions; of many drafts the figures are counted once an hour."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from klark.evidence import kept_figures
from klark.evidence.kept_figures import FINAL, figures_of, keep
from klark.evidence.kpis import ANSWERS, GROUPS, kpis
from klark.evidence.outcomes import DEFINITIONS
from klark.evidence.turns import turns_of
from klark.models import Connection, CountedOutcomes, Draft, within
from tests.bench.quarter import SINCE, UNTIL, store, tickets
from tests.klark import rows

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
WEEK = timedelta(weeks=1)
OVER = MONDAY + WEEK + FINAL
DIGESTS = {1: ("f7bcfcb2f542", "0c84b272db22"), 2: ("911f03bb451d", "6ebf63fb58a8")}
"""What each version of the definitions makes of the quarter as it was then: its figures, and those that were added to it since. A
changed formula is another version: never change a line."""
ADDED = (*ANSWERS, "values_changed", "facts_changed")


@pytest.fixture
def account() -> Connection:
    """A tenant with a draft on each day of three weeks."""
    account = rows.connection(rows.tenant())
    for day in range(21):
        rows.draft(account, day, created_at=MONDAY + timedelta(days=day, hours=9))
    return account


def kept(account: Connection) -> Mapping[date, Any]:
    with within(account.tenant_id):
        found = CountedOutcomes.of(account.tenant_id).filter(weeks=1).order_by("since")
        return {row.since: (row.definitions, row.figures["turns"]) for row in found}


def shown(account: Connection, now: datetime) -> Mapping[str, Any]:
    with within(account.tenant_id):
        return figures_of(account.tenant_id, now).figures


def test_a_week_is_kept_once_nothing_can_change_it_any_more_and_not_from_before_the_first_draft(
    account: Connection,
) -> None:
    keep(account.tenant_id, OVER - timedelta(seconds=1))
    assert kept(account) == {}
    keep(account.tenant_id, OVER + WEEK)
    assert kept(account) == {MONDAY.date(): (DEFINITIONS, 7), (MONDAY + WEEK).date(): (DEFINITIONS, 7)}


def test_a_kept_week_is_shown_as_it_was_counted_by_other_definitions_and_without_its_drafts(
    account: Connection,
) -> None:
    keep(account.tenant_id, OVER)
    rows.change(CountedOutcomes, definitions=0)
    rows.change(CountedOutcomes, figures={"definitions": 0, "turns": 5})
    rows.delete(Draft)
    keep(account.tenant_id, OVER + WEEK)
    assert shown(account, OVER)["week"] == {MONDAY.date().isoformat(): {"definitions": 0, "turns": 5}}
    assert kept(account)[MONDAY.date()] == (0, 5)


def test_of_many_drafts_the_figures_are_counted_once_an_hour(
    account: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (shown(account, OVER)["all"]["turns"], rows.count(CountedOutcomes)) == (21, 0)
    monkeypatch.setattr(kept_figures, "MANY", 20)
    shown(account, OVER)
    rows.draft(account, 99, created_at=MONDAY)
    later = [shown(account, OVER + timedelta(minutes=minutes))["all"]["turns"] for minutes in (119, 121)]
    assert (later, rows.count(CountedOutcomes)) == ([21, 22], 1)
    rows.draft(account, 100, created_at=MONDAY)
    keep(account.tenant_id, OVER + timedelta(minutes=125))  # nobody who opens the page has to wait
    assert rows.get(CountedOutcomes, weeks=13).figures["all"]["turns"] == 23


def test_figures_change_with_the_version_of_the_definitions_alone() -> None:
    tenant = store(tickets(40))
    with within(tenant):
        found = kpis(turns_of(tenant, SINCE, UNTIL), UNTIL, 4)
    groups = [found["all"], *(one for group in GROUPS for one in found[group].values())]
    added = [{name: one.pop(name) for name in ADDED} for one in groups]
    texts = [json.dumps(each, default=str, sort_keys=True) for each in (found, added)]
    assert tuple(sha256(text.encode()).hexdigest()[:12] for text in texts) == DIGESTS[DEFINITIONS]
