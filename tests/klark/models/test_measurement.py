"""What is counted: by every process, once, into the right bucket, and only if it happened."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from klark.models import Measurement
from klark.models.evidence.measurement import EVENT_AGE, FINDINGS, STAGE, added_together, measure, timed

pytestmark = pytest.mark.django_db(transaction=True)


def counted() -> list[tuple[str, list[str], float, int, float]]:
    columns = ("metric", "labels", "up_to", "count", "total")
    return list(Measurement.objects.order_by("metric", "labels", "up_to").values_list(*columns))


@pytest.mark.parametrize(
    ("seconds", "up_to"), [(0.0, 1), (1.0, 1), (1.01, 2), (21600.0, 21600), (21601.0, float("inf"))]
)
def test_a_value_goes_into_the_first_bucket_that_it_fits(seconds: float, up_to: float) -> None:
    measure(EVENT_AGE, seconds)
    assert counted() == [("klark_event_age_seconds", [], up_to, 1, seconds)]


def test_the_same_is_added_up_and_other_labels_are_another_row() -> None:
    for level in ("HOLD", "HOLD", "BLOCK"):
        measure(FINDINGS, 1, "klark.G101", level)
    assert [(labels, total) for _, labels, _, _, total in counted()] == [
        (["klark.G101", "BLOCK"], 1.0), (["klark.G101", "HOLD"], 2.0)]  # fmt: skip


def test_what_was_rolled_back_is_not_counted_and_what_was_committed_is() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        measure(EVENT_AGE, 7)
        raise ZeroDivisionError
    with transaction.atomic():
        measure(EVENT_AGE, 3)
        assert counted() == []
    assert [total for *_, total in counted()] == [3.0]


def test_what_a_run_measures_is_added_at_its_end_by_one_statement() -> None:
    with CaptureQueriesContext(connection) as asked:
        with added_together():
            for level in ("HOLD", "HOLD", "BLOCK"):
                measure(FINDINGS, 1, "klark.G101", level)
            measure(EVENT_AGE, 3)
            assert counted() == []
        assert len([each for each in asked if "INSERT" in each["sql"]]) == 1
    assert [(count, total) for *_, count, total in counted()] == [(1, 3.0), (1, 1.0), (2, 2.0)]


def test_a_run_that_fails_is_measured_all_the_same() -> None:
    with pytest.raises(ZeroDivisionError), added_together():
        measure(EVENT_AGE, 3)
        failing()
    assert [total for *_, total in counted()] == [3.0]


def test_many_who_count_at_once_lose_nothing() -> None:
    def one(_: int) -> None:
        measure(EVENT_AGE, 2)
        connection.close()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(80)))
    assert [(count, total) for *_, count, total in counted()] == [(80, 160.0)]


def test_work_goes_on_where_it_cannot_be_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.models.evidence.measurement.ADD", "SELECT no_such_function()")
    assert timed("triage", str.upper, "done") == "DONE"


def failing(*_: Any) -> None:
    raise ZeroDivisionError


def test_a_stage_is_timed_also_if_it_fails() -> None:
    with pytest.raises(ZeroDivisionError):
        timed("drafting", failing)
    assert [(metric, labels, count) for metric, labels, _, count, _ in counted()] == [(STAGE.name, ["drafting"], 1)]
