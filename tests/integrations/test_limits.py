"""What headers say of a rate limit, whatever they are called this year."""

from datetime import UTC, datetime

import pytest

from integrations.helpdesks.freshdesk.limits import LISTS, UPDATES
from integrations.helpdesks.rate_limit_headers import Stated, stated
from tests.integrations.desks import FRESHDESK, ZENDESK, Reply

NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
SPELLINGS = [
    {"x-rate-limit": "700", "x-rate-limit-remaining": "699"},
    {"X-Rate-Limit": "700", "X-Rate-Limit-Remaining": "699"},
    {"ratelimit-limit": "700", "ratelimit-remaining": "699", "ratelimit-reset": "41"},
    {"RateLimit-Limit": "700, 700;w=60", "RateLimit-Remaining": "699"},
    {"X-RateLimit-Total": "700", "X-RateLimit-Remaining": "699", "X-RateLimit-Used-CurrentRequest": "2"},
    {"X-RateLimit-Limit": " 700 ", "X-RateLimit-Remaining": "699"},
]


@pytest.mark.parametrize("headers", SPELLINGS)
def test_the_limit_and_what_is_left_are_read_in_every_known_spelling(headers: dict[str, str]) -> None:
    assert stated(headers) == Stated(700, 699)


@pytest.mark.parametrize("headers", [{}, {"x-rate-limit": "many"}, {"x-rate-limit": "-1"}, {"x-rate-limit": "9" * 30},
                                     {"zendesk-ratelimit-tickets-update": "total=; remaining=3"}])  # fmt: skip
def test_what_cannot_be_read_says_nothing(headers: dict[str, str]) -> None:
    assert stated(headers) == Stated()


@pytest.mark.parametrize(("headers", "told"), [
    ({"zendesk-ratelimit-tickets-update": "total=100; remaining=3; resets=9"}, {"ticketsupdate": 100}),
    ({"Zendesk-Rate-Limit-Tickets-Update": "total=20; remaining=3"}, {"ticketsupdate": 20}),
])  # fmt: skip
def test_what_is_about_one_endpoint_says_nothing_of_the_account(headers: dict[str, str], told: dict[str, int]) -> None:
    assert stated(headers) == Stated(endpoints=told)


def test_a_limit_of_none_is_not_believed() -> None:
    assert stated({"x-rate-limit": "0"}) == Stated()


@pytest.mark.parametrize(("value", "seconds"), [("17", 17.0), ("Mon, 05 Oct 2026 09:30:40 GMT", 40.0)])
def test_retry_after_makes_everyone_wait(value: str, seconds: float) -> None:
    assert stated({"Retry-After": value}, NOW).wait_s == seconds


def test_retry_after_of_one_endpoint_stops_nobody_else() -> None:
    told = {"Retry-After": "30", "ratelimit-limit": "700", "ratelimit-remaining": "512"}
    assert stated(told) == Stated(700, 512, None)
    assert stated({**told, "ratelimit-remaining": "0"}) == Stated(700, 0, 30.0)


@pytest.mark.parametrize("desk", [ZENDESK, FRESHDESK], ids=lambda desk: desk.name)
def test_an_adapter_hands_the_headers_of_every_answer_up_even_of_a_refusal(desk) -> None:
    heard = []
    told = {"Retry-After": "3", "x-rate-limit": "200"}
    helpdesk = desk.open({desk.me: Reply({}, 429, told)}, seen=lambda headers: heard.append(stated(headers)))
    with pytest.raises(Exception, match="slow down"):
        helpdesk.whoami()
    assert heard == [Stated(200, None, 3.0)]


@pytest.mark.parametrize(
    ("total", "list_", "update"),
    [(200, 20, 80), (400, 100, 160), (700, 200, 280), (1700, 200, 280), (500, 100, 160), (50, 5, 20), (1, 1, 1)],
    ids=["Growth", "Pro", "Enterprise", "with more bought", "between", "a trial", "next to nothing"],
)
def test_the_plan_that_the_accounts_limit_tells_decides_the_size_of_freshdesks_pools(
    total: int, list_: int, update: int
):
    assert (LISTS.size(total), UPDATES.size(total)) == (list_, update)
