"""How long a login lasts: it ends when idle, begins anew with each use, and ends after a day in any case."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db.models import F
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from klark.admin.session_age import LONGEST_S, RENEWED_S
from tests.klark.companies import company, logged_in, login

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    """Logged in, and a page seen."""
    login("ops", (company("alder"), "operator"))
    made = Client()
    made.force_login(get_user_model().objects.get())
    assert opens(made)
    return made


def opens(browser: Client) -> bool:
    """Whether a page opens, instead of the login."""
    return browser.get(reverse("admin:index")).status_code == 200


def pass_by(browser: Client, seconds: float) -> None:
    """As if so much time had passed since the last page: both clocks of the session stand further back."""
    kept = browser.session
    for name in ("began", "renewed"):
        kept[name] -= seconds
    Session.objects.filter(pk=kept.session_key).update(
        session_data=Session.objects.encode(dict(kept)), expire_date=F("expire_date") - timedelta(seconds=seconds)
    )


def test_an_idle_login_ends(browser: Client, settings: Settings) -> None:
    pass_by(browser, settings.SESSION_COOKIE_AGE)
    assert not opens(browser)


def test_a_login_in_use_goes_on(browser: Client, settings: Settings) -> None:
    pass_by(browser, settings.SESSION_COOKIE_AGE - RENEWED_S)
    assert opens(browser)
    pass_by(browser, settings.SESSION_COOKIE_AGE - RENEWED_S)
    assert opens(browser)


def test_after_a_day_it_ends_in_any_case_and_another_can_begin(browser: Client) -> None:
    for _ in range(4):
        assert opens(browser)
        pass_by(browser, LONGEST_S / 4 + 1)
    assert not opens(browser)
    again = browser.post(reverse("admin:login"), {"username": "ops", "password": "a long password"})
    assert (again.status_code, opens(browser)) == (302, True)


def test_other_tests_begin_with_what_a_login_leaves(browser: Client) -> None:
    begun = logged_in(get_user_model().objects.get()).session
    assert {*begun.keys()} == {*browser.session.keys()}
    assert begun["_auth_user_hash"] == browser.session["_auth_user_hash"]


def test_a_session_is_not_written_with_each_page(browser: Client) -> None:
    assert browser.session["renewed"] == browser.session["began"]
    before = browser.session["renewed"]
    assert (opens(browser), browser.session["renewed"]) == (True, before)
