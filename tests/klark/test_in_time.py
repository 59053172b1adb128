"""The door answers in time, whatever the database does."""

from collections.abc import Iterator
from threading import Event

import pytest

from klark import webhooks
from klark.webhooks import in_time


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """A database that comes back when the event is set."""
    monkeypatch.setattr(webhooks, "IN_TIME_S", 0.02)
    monkeypatch.setattr(webhooks, "ROOM_S", 0.02)
    back = Event()
    yield back
    back.set()
    in_time(took, "after")


def took(*event: object) -> tuple[int, str]:
    return 202, f"Kept {len(event)}."


def wait(began: list[int], number: int, back: Event) -> tuple[int, str]:
    began.append(number)
    back.wait(5)
    return 202, "Kept."


def test_what_is_taken_at_once_is_answered_with_its_own_words() -> None:
    assert in_time(took, "connection", b"{}", {}) == (202, "Kept 3.")


def test_who_waits_for_a_stuck_database_is_told_in_time(stuck: Event) -> None:
    with pytest.raises(TimeoutError):
        in_time(lambda: (202, str(stuck.wait(5))))


def test_when_every_place_is_stuck_the_next_is_refused_before_it_takes_one(stuck: Event) -> None:
    began: list[int] = []
    for number in range(webhooks.PLACES + 3):
        with pytest.raises(TimeoutError):
            in_time(wait, began, number, stuck)
    assert began == list(range(webhooks.PLACES))


def test_places_are_free_again_once_the_database_is_back(stuck: Event) -> None:
    for _ in range(webhooks.PLACES):
        with pytest.raises(TimeoutError):
            in_time(lambda: (202, str(stuck.wait(5))))
    stuck.set()
    assert [in_time(took, number) for number in range(3)] == [(202, "Kept 1.")] * 3


def test_an_error_of_the_database_reaches_the_door_and_frees_the_place() -> None:
    def broken() -> tuple[int, str]:
        raise ConnectionError("gone")

    for _ in range(webhooks.PLACES + 1):
        with pytest.raises(ConnectionError):
            in_time(broken)
