"""The helpdesk benches count right: what they would call too many or lost is found."""

from collections.abc import Sequence

import pytest

from tests.bench.delivery import FATE, HELPDESK, PEOPLE, POINTS, Killed, around, scenes
from tests.bench.ratelimit import most_in_any, used_share


@pytest.mark.parametrize(("moments", "most"), [([0.0], 1), ([0.0, 0.9, 1.0], 2), ([0.0, 0.5, 0.6, 1.2, 1.4], 4)])
def test_the_fullest_window_is_found_wherever_it_begins(moments: Sequence[float], most: int) -> None:
    assert most_in_any(moments, 1.0) == most


def test_the_used_share_is_that_of_whole_rounds() -> None:
    assert used_share([0.0, 0.1, 1.25, 1.3, 2.5], 2, 1.0) == 0.8


def test_every_combination_is_played_before_any_is_again() -> None:
    every = 2 * 2 * len(POINTS) * len(HELPDESK) * len(PEOPLE)
    assert (len(set(scenes(every, 1))), len(list(scenes(every + 7, 1)))) == (every, every + 7)


def test_a_worker_dies_once_at_its_point_and_nothing_catches_it() -> None:
    FATE.point = "behind the door"
    write = around("behind the door", lambda: "written", "after the write")
    with pytest.raises(Killed):
        write()
    assert (write(), issubclass(Killed, Exception)) == ("written", False)
