"""Logging in: whoever guesses at a name is kept out for a while, and nobody else is."""

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.klark.companies import company, login, superuser

pytestmark = pytest.mark.django_db
RIGHT = "a long password"


@pytest.fixture(autouse=True)
def people() -> None:
    for name in ("camille", "noor"):
        get_user_model().objects.create_user(name, f"{name}@klark.example", RIGHT, is_staff=True)


def log_in(name: str, password: str, at: str = "192.0.2.1", **headers: str) -> int:
    """The answer to a name and a password that come from an address."""
    form = {"username": name, "password": password}
    return Client(headers=headers).post(reverse("admin:login"), form, REMOTE_ADDR=at).status_code


def guess(name: str, times: int) -> list[int]:
    return [log_in(name, f"guess {number}", forwarded=f"for=198.51.100.{number}") for number in range(times)]


def test_whoever_knows_the_password_gets_in() -> None:
    assert log_in("camille", RIGHT) == 302


def test_after_ten_wrong_guesses_not_even_the_right_one_opens() -> None:
    assert guess("camille", 10) == [200] * 9 + [429]
    assert log_in("camille", RIGHT) == 429


def test_another_name_is_not_locked_with_it() -> None:
    guess("camille", 12)
    assert log_in("noor", RIGHT) == 302


def test_a_few_slips_are_forgotten_once_the_right_one_is_typed() -> None:
    guess("camille", 9)
    assert log_in("camille", RIGHT) == 302
    assert AccessAttempt.objects.count() == 0
    assert guess("camille", 9) == [200] * 9


def test_a_name_that_nobody_has_is_treated_like_one_that_somebody_has() -> None:
    assert guess("stranger", 10) == [200] * 9 + [429]


def test_a_strangers_guesses_do_not_lock_the_owner_out() -> None:
    assert guess("camille", 12)[9:] == [429] * 3
    assert log_in("camille", RIGHT, at="203.0.113.7") == 302


def spray(times: int, at: str = "192.0.2.1") -> list[int]:
    return [log_in(f"name {number}", "Summer2026!!", at) for number in range(times)]


def test_one_password_tried_on_many_names_locks_the_address() -> None:
    assert spray(50) == [200] * 49 + [429]
    assert (log_in("camille", RIGHT), log_in("camille", RIGHT, at="203.0.113.7")) == (429, 302)


def test_a_login_of_ones_own_gives_no_new_tries_on_others(settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    spray(9)
    assert (log_in("camille", RIGHT), log_in("noor", "Summer2026!!")) == (302, 429)


def test_a_whole_ipv6_network_of_one_subscriber_is_one_address(settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    for number in range(2):
        log_in("camille", "guess", at=f"2001:db8:1:2::{number:x}")
    assert log_in("camille", RIGHT, at="2001:db8:1:2:ffff::1") == 429
    assert log_in("camille", RIGHT, at="2001:db8:1:3::1") == 302


@pytest.mark.parametrize(
    ("forwarded", "locked"),
    [("203.0.113.7", False), ("192.0.2.9, 203.0.113.7", False), ("203.0.113.7, 192.0.2.9", True), ("192.0.2.9", True),
     ("nonsense", False)],
)  # fmt: skip
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(
    settings: Settings, forwarded: str, locked: bool
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    settings.AXES_FAILURE_LIMIT = 2
    for number in range(2):
        log_in("camille", "guess", x_forwarded_for=f"198.51.100.{number}, 192.0.2.9")
    assert log_in("camille", RIGHT, x_forwarded_for=forwarded) == (429 if locked else 302)


def test_without_a_proxy_nobody_chooses_an_address(settings: Settings) -> None:
    settings.AXES_FAILURE_LIMIT = 2
    for number in range(2):
        log_in("camille", "guess", x_forwarded_for=f"198.51.100.{number}")
    assert log_in("camille", RIGHT) == 429


def logins() -> list[tuple[str, bool]]:
    """Who logged in, in order, and whether they logged out again."""
    rows = AccessLog.objects.order_by("pk").values_list("username", "logout_time")
    return [(name, end is not None) for name, end in rows]


def test_each_login_leaves_a_row_and_a_wrong_password_none() -> None:
    log_in("camille", RIGHT)
    log_in("noor", "guess")
    browser = Client()
    browser.post(reverse("admin:login"), {"username": "noor", "password": RIGHT})
    browser.post(reverse("admin:logout"))
    assert logins() == [("camille", False), ("noor", True)]


def test_no_one_but_a_superuser_reads_who_logged_in() -> None:
    log_in("camille", RIGHT)
    ours, page = company("alder"), reverse("admin:axes_accesslog_changelist")
    others = [login(role, (ours, role)) for role in ("agent", "lead", "operator")]
    assert [browser.get(page).status_code for browser in others] == [403] * 3
    shown = superuser().get(page)
    assert (shown.status_code, b"camille" in shown.content) == (200, True)
