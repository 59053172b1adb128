"""Is it well? Each fact in a good state and in the others, with what to do."""

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import redis
from django.utils.translation import override
from pytest_django import Settings

from klark import health, wakeup
from klark.celery import app
from klark.health import BASIC, OTHER, ROWS, Check, Fact, facts
from klark.knowledge import embedding
from klark.models import EVERY_TENANT, Budget, Connection, within
from klark.wakeup import BrokerProbe
from tests.klark import rows

pytestmark = pytest.mark.django_db


def said(check: Check) -> tuple[str, str]:
    """The light and the words; where it is not well, there is something to do, else nothing."""
    with within(EVERY_TENANT):
        light, words, advice = check()
    assert (light == "good") == (advice == "")
    return light, words


def to(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_url", url)
    monkeypatch.setattr(health, "broker_probe", BrokerProbe())


@pytest.fixture
def silent() -> Iterator[str]:
    """A broker that takes every connection and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"redis://127.0.0.1:{listener.getsockname()[1]}/0"


def own_queue() -> str:
    """The address of a database of the tests' broker that no other test process and no worker fetches from."""
    broker, _, _ = os.environ["KLARK_TEST_BROKER_URL"].rpartition("/")
    return f"{broker}/{5 + int(os.environ.get('PYTEST_XDIST_WORKER', 'gw0').removeprefix('gw'))}"


@pytest.fixture
def queue() -> Iterator["redis.Redis[bytes]"]:
    """The wake-ups that wait there."""
    one = redis.Redis.from_url(own_queue())
    one.flushdb()
    yield one
    one.flushdb()


@pytest.mark.parametrize(("waiting", "expected"), [(0, ("good", "reached")), (99, ("good", "reached")),
    (100, ("warning", "100 wake-ups that no worker has fetched"))])  # fmt: skip
def test_wake_ups_that_no_worker_fetches_are_counted(
    queue: "redis.Redis[bytes]", monkeypatch: pytest.MonkeyPatch, waiting: int, expected: tuple[str, str]
) -> None:
    to(own_queue(), monkeypatch)
    monkeypatch.setattr(wakeup, "PROBE_S", 20)
    for _ in range(waiting):
        queue.lpush("celery", "{}")
    assert said(health.broker) == expected


def test_a_missing_broker_is_a_warning_since_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    to("redis://127.0.0.1:1/0", monkeypatch)
    assert said(health.broker) == ("warning", "does not answer")


def test_a_broker_that_says_nothing_is_asked_once_at_a_time(silent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    to(silent, monkeypatch)
    first = said(health.broker)
    thread = health.broker_probe.thread
    assert (first, said(health.broker)) == (("warning", "does not answer"),) * 2
    assert thread is not None and health.broker_probe.thread is thread


@pytest.mark.parametrize(("waited", "expected"), [
    (timedelta(), ("good", "nothing waits for long")), (timedelta(seconds=90), ("good", "nothing waits for long")),
    (timedelta(minutes=3), ("warning", "due work has waited for 3 minutes")),
    (timedelta(minutes=20), ("bad", "due work has waited for 20 minutes")),
])  # fmt: skip
def test_work_that_nobody_does_is_told(account: Connection, waited: timedelta, expected: tuple[str, str]) -> None:
    rows.event(account, 1, due_at=datetime.now(UTC) - waited)
    assert said(health.queue) == expected


def test_what_is_parked_needs_a_person(account: Connection) -> None:
    before = said(health.parked)
    rows.event(account, 1, state="parked")
    rows.delivery(account, 1, state="parked")
    assert (before, said(health.parked)) == (("good", "nothing"), ("warning", "2 events and writes"))


def test_a_helpdesk_in_trouble_is_named_unless_it_is_off(account: Connection) -> None:
    before = said(health.helpdesks)
    rows.change(Connection, trouble="The token is wrong.")
    trouble = said(health.helpdesks)
    rows.change(Connection, active=False)
    assert (before, trouble, said(health.helpdesks)) == (
        ("good", "reached"), ("bad", "Zendesk · acme: The token is wrong."), ("good", "reached"))  # fmt: skip


@pytest.mark.parametrize(("spent", "light"), [(0, "good"), (180, "good"), (181, "warning"), (500, "warning")])
def test_a_rate_limit_that_is_almost_used_up_is_told(account: Connection, spent: int, light: str) -> None:
    with within(account.tenant_id):
        slots = {str(int(datetime.now(UTC).timestamp() * 2)): spent}
        Budget.objects.create(tenant_id=account.tenant_id, connection=account, limit=200, spent=slots)
    assert said(health.rate_limits)[0] == light


def test_search_by_words_alone_is_well_where_it_is_meant(settings: Settings) -> None:
    settings.KLARK_EMBEDDINGS = ()
    assert said(health.embeddings) == ("good", "not used: search goes by words alone")


@pytest.fixture
def embedders_anew() -> Iterator[None]:
    """The models are those of the settings, and not kept for other tests."""
    embedding.embedders.cache_clear()
    yield
    embedding.embedders.cache_clear()
    embedding._SEEN.clear()


def test_tenants_whose_articles_have_no_vectors_yet_are_counted(settings: Settings, embedders_anew: None) -> None:
    settings.KLARK_EMBEDDINGS = ("nano",)
    rows.tenant("empty")
    before = said(health.embeddings)
    rows.article(rows.tenant("acme"))
    rows.article(rows.tenant("globex"))
    assert (before, said(health.embeddings)) == (("good", "complete"), ("warning", "missing for 2 tenants"))


def test_the_facts_speak_the_readers_language(settings: Settings) -> None:
    settings.KLARK_FREE_MIB = 10**12
    with override("fr"):
        (fact,) = facts({"disk": health.disk})
    assert (fact.said.endswith("Mio libres"), "place" in fact.advice) == (True, True)


def test_every_fact_has_a_name_of_its_own() -> None:
    with within(EVERY_TENANT):
        found = facts(BASIC, OTHER, ROWS)
    assert [type(each) for each in found] == [Fact] * 12
    assert len({each.part for each in found}) == 12
