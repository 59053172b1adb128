"""What is found is for this customer, and holds today."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from klark.delivery.stored_evidence import passages_record as as_record
from klark.knowledge.ingest import NewArticle, ingest
from klark.models import within
from klark.retrieval.retrieve import search
from klark.values.passages import SearchRequest
from tests.klark import rows

DAY = timedelta(days=1)
PLAIN = NewArticle("a", "Delivery", "<p>Delivery takes 3 days.</p>", "en")


@pytest.fixture
def tenant(db: None) -> int:
    return rows.tenant()


def take(tenant: int, source: str = "manual", **limits: Any) -> bool:
    with within(tenant):
        return ingest(tenant, source, replace(PLAIN, **limits))


def found(tenant: int, brand: str = "") -> list[str]:
    return [one.article for one in search(tenant, SearchRequest("How long is delivery?", ("en",), brand)).found]


@pytest.mark.parametrize(("since", "until", "there"), [
    (None, None, True), (-DAY, None, True), (DAY, None, False), (None, DAY, True), (None, -DAY, False), (-DAY, DAY, True),
    (-2 * DAY, -DAY, False), (DAY, 2 * DAY, False),
])  # fmt: skip
def test_an_article_is_found_while_it_holds(
    tenant: int, since: timedelta | None, until: timedelta | None, there: bool
) -> None:
    now = timezone.now()
    take(tenant, valid_from=since and now + since, valid_until=until and now + until)
    assert bool(found(tenant)) is there


def found_as_of(tenant: int, moment: datetime) -> list[str]:
    wanted = SearchRequest("How long is delivery?", ("en",), as_of=moment)
    return [one.article for one in search(tenant, wanted).found]


@pytest.mark.parametrize(("limits", "there"), [
    ({}, True), ({"created_at": -2 * DAY}, True), ({"created_at": DAY}, False), ({"valid_from": DAY}, False),
    ({"valid_until": DAY}, True), ({"valid_until": -DAY}, False),
])  # fmt: skip
def test_a_past_ticket_finds_what_was_written_and_valid_then(
    tenant: int, limits: dict[str, timedelta], there: bool
) -> None:
    then = timezone.now() - 30 * DAY
    take(tenant, "site:help", **{name: then + days for name, days in limits.items()})  # whose dates are the site's
    assert bool(found_as_of(tenant, then)) is there


def test_what_only_some_may_read_is_never_found(tenant: int) -> None:
    take(tenant, audience="agents")
    assert found(tenant) == []
    assert take(tenant) is True
    assert found(tenant) == ["a"]


@pytest.mark.parametrize(("articles", "asks", "there"), [
    ("", "", True), ("", "77", True), ("77", "77", True), ("77", "78", False), ("77", "", False),
])  # fmt: skip
def test_a_brands_article_is_for_that_brands_tickets(tenant: int, articles: str, asks: str, there: bool) -> None:
    take(tenant, brand=articles)
    assert bool(found(tenant, asks)) is there


def test_another_brands_article_does_not_hide_ones_own(tenant: int) -> None:
    take(tenant, key="theirs", brand="78")
    take(tenant, key="ours", brand="77", body_html="<p>Delivery takes 9 days.</p>")
    assert found(tenant, "77") == ["ours"]


@pytest.mark.parametrize("change", [
    {"brand": "77"}, {"audience": "agents"}, {"valid_from": datetime(2026, 1, 1, tzinfo=UTC)},
    {"valid_until": datetime(2030, 1, 1, tzinfo=UTC)},
])  # fmt: skip
def test_for_whom_and_when_an_article_is_makes_a_version(tenant: int, change: dict[str, Any]) -> None:
    assert [take(tenant), take(tenant, **change), take(tenant, **change), take(tenant)] == [True, True, False, True]


def test_when_it_was_touched_last_makes_none(tenant: int) -> None:
    assert [take(tenant), take(tenant, updated_at=datetime(2026, 1, 1, tzinfo=UTC))] == [True, False]


def test_the_digest_of_an_article_without_limits_is_that_of_its_text() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    every = [PLAIN, replace(PLAIN, valid_from=since), replace(PLAIN, valid_until=since), replace(PLAIN, brand="agents"),
             replace(PLAIN, audience="agents")]  # fmt: skip
    assert len({one.digest for one in every}) == 5


def test_what_is_found_in_another_language_than_asked_for_is_marked(tenant: int) -> None:
    take(tenant)
    for languages, marked in ((["en", "fr"], False), (["fr", "en"], True)):
        record = as_record(search(tenant, SearchRequest("How long is delivery?", tuple(languages))).found)
        assert [(one["language"], one["fallback"]) for one in record] == [("en", marked)]
