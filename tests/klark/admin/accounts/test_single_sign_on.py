"""Logging in by an OpenID Connect server: whoever has the verified address of one active user, and nobody else."""

from collections.abc import Iterator
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessLog
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from klark.runtime.accounts import server
from tests.klark.admin.accounts import oidc_server
from tests.klark.admin.accounts.oidc_server import CLIENT, SECRET, Server
from tests.klark.admin.accounts.people import PASSWORD, app_of, code, inside, log_in, person

pytestmark = pytest.mark.django_db
BUTTON = "/admin/oidc/sso/login/"


@pytest.fixture(scope="module")
def http() -> Iterator[Any]:
    one = oidc_server.made()
    thread = Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield one
    one.shutdown()
    one.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def theirs(http: Any, settings: Settings) -> Server:
    """The server, which knows Camille."""
    http.behind = Server(url=http.behind.url)
    settings.SOCIALACCOUNT_PROVIDERS = server(http.behind.url, CLIENT, SECRET, "Alder")
    return http.behind


@pytest.fixture
def camille() -> User:
    return person("camille")


def come_back(browser: Client, button: str = BUTTON) -> str:
    """Presses the button, logs in over there, and returns the way back."""
    there = browser.get(button).headers["Location"]
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=5).headers["Location"])
    return f"{back.path}?{back.query}"


def sign_on(browser: Client | None = None, button: str = BUTTON) -> Client:
    browser = browser or Client()
    browser.get(come_back(browser, button))
    return browser


def test_the_login_page_has_a_button_with_its_name(settings: Settings) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert ("Log in with Alder" in page, BUTTON in page) == (True, True)
    assert BUTTON not in Client().get(reverse("account_login")).content.decode()


def test_a_verified_address_logs_its_user_in_and_leaves_nothing_but_the_record_of_it(camille: User) -> None:
    browser = sign_on()
    assert (inside(browser), list(AccessLog.objects.values_list("username", flat=True))) == (True, ["camille"])
    assert (get_user_model().objects.count(), SocialAccount.objects.count(), EmailAddress.objects.count()) == (1, 0, 0)
    assert inside(log_in("camille"))


def test_the_address_may_be_written_in_capitals(camille: User, theirs: Server) -> None:
    theirs.claims["email"] = "Camille@Klark.EXAMPLE"
    assert inside(sign_on())


def test_a_user_who_is_shut_out_does_not_stand_in_the_way_of_one_with_the_same_address(camille: User) -> None:
    gone = person("gone", is_active=False)
    get_user_model().objects.filter(pk=gone.pk).update(email=camille.email)
    assert inside(sign_on())


def test_the_second_factor_is_asked_for_all_the_same(camille: User) -> None:
    secret = app_of(camille)
    browser = sign_on()
    assert not inside(browser)
    browser.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert inside(browser)


REFUSED: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "an address that the server has not verified": ({"email_verified": False}, {}),
    "an address of which it does not say so": ({"email_verified": None}, {}),
    "no address": ({"email": None}, {}),
    "an address of nobody": ({"email": "noor@klark.example"}, {}),
    "an address that only looks the same": ({"email": "camılle@klark.example"}, {}),
    "a user who is shut out": ({"email": "gone@klark.example"}, {}),
    "an address of two users": ({"email": "two@klark.example"}, {}),
    "a token for somebody else": ({}, {"sub": "8"}),
    "a token for another client": ({}, {"aud": "another"}),
    "a token of another server": ({}, {"iss": "http://evil.example"}),
    "a token from yesterday": ({}, {"exp": 1_700_000_000}),
}


@pytest.mark.parametrize("why", REFUSED)
def test_whoever_is_not_surely_an_active_user_is_refused_and_no_account_is_made(
    camille: User, theirs: Server, why: str
) -> None:
    person("gone", is_active=False)
    for name in ("two", "three"):
        get_user_model().objects.filter(pk=person(name).pk).update(email="two@klark.example")
    theirs.claims |= REFUSED[why][0]
    theirs.token |= REFUSED[why][1]
    browser = sign_on()
    assert (inside(browser), get_user_model().objects.count(), SocialAccount.objects.count()) == (False, 4, 0)


def test_whoever_is_refused_is_told_what_to_do(theirs: Server) -> None:
    browser = Client()
    page = browser.get(come_back(browser), follow=True)
    assert (page.redirect_chain[-1][0], b"Ask whoever looks after klark" in page.content) == (
        reverse("account_login"), True
    )  # fmt: skip


def test_a_way_back_works_once_and_in_the_browser_that_left(camille: User) -> None:
    browser, stranger = Client(), Client()
    address = come_back(browser)
    stranger.get(address)
    browser.get(address)
    assert (inside(stranger), inside(browser)) == (False, True)
    browser.logout()
    browser.get(address)
    assert not inside(browser)


def test_nobody_links_an_account_over_there_to_a_user_here(camille: User) -> None:
    browser = log_in("camille")
    sign_on(browser, f"{BUTTON}?process=connect")
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize("broken", ["before", "after"])
def test_a_server_that_is_down_is_told_on_a_page(camille: User, theirs: Server, broken: str) -> None:
    browser = Client()
    address = BUTTON if broken == "before" else come_back(browser)
    theirs.down = True
    page = browser.get(address)
    assert (page.status_code, b"did not confirm who you are" in page.content) == (200, True)


def test_the_secret_goes_to_the_operators_server_only(camille: User, theirs: Server, settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = server("http://127.0.0.1:1", CLIENT, SECRET, "Alder")
    assert Client().get(BUTTON).status_code == 200
    assert theirs.asked == []


# Where it is the only way


def test_passwords_are_refused_where_the_operator_says_so(camille: User, settings: Settings) -> None:
    settings.KLARK_OIDC_ONLY = True
    page = Client().get(reverse("account_login")).content
    answer = Client().post(reverse("account_login"), {"username": "camille", "password": PASSWORD})
    assert (b'name="password"' in page, answer.status_code, inside(log_in("camille"))) == (False, 403, False)
    assert inside(sign_on())


def test_whoever_has_no_password_can_still_set_up_a_first_factor(camille: User, settings: Settings) -> None:
    settings.KLARK_OIDC_ONLY, settings.KLARK_SECOND_FACTOR = True, "required"
    camille.set_unusable_password()
    camille.save()
    browser, page = sign_on(), reverse("mfa_activate_totp")
    secret = browser.get(page).context["form"].secret
    assert (browser.post(page, {"code": code(secret)}).status_code, inside(browser)) == (302, True)


def test_whoever_has_a_factor_proves_it_by_the_factor_and_by_no_password(camille: User, settings: Settings) -> None:
    settings.KLARK_OIDC_ONLY = True
    secret = app_of(camille)
    browser = Client()
    browser.force_login(camille)
    page = reverse("mfa_generate_recovery_codes")
    asked = browser.get(page).headers["Location"]
    assert asked.startswith(reverse("mfa_reauthenticate"))
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert browser.get(page).status_code == 302
    browser.post(reverse("mfa_reauthenticate"), {"code": code(secret)})
    assert browser.get(page).status_code == 200
