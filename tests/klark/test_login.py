"""Logging in: a name that is guessed at is left alone for a while, and nobody else's."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
RIGHT = "a long password"


@pytest.fixture(autouse=True)
def people() -> None:
    for name in ("camille", "noor"):
        get_user_model().objects.create_user(name, f"{name}@klark.example", RIGHT, is_staff=True)


def log_in(name: str, password: str, **headers: str) -> int:
    form = {"username": name, "password": password}
    return Client(headers=headers).post(reverse("admin:login"), form).status_code


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
