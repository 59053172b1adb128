"""Logging in with a second factor, as a person meets it on a phone: an authenticator app, a security key, recovery codes."""

import os
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth import get_user_model
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from klark.admin.accounts.adapters import MAILS
from klark.runtime.accounts import server
from tests.browser.test_admin import PASSWORD, pytestmark, sideways  # noqa: F401  # the marks

KEY = {
    "protocol": "ctap2", "transport": "usb", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def shown(page: object, name: str) -> None:
    """The page fits a phone, and loads nothing that the content policy forbids; `KLARK_SHOTS` names a folder for pictures."""
    page.wait_for_load_state("load")
    if folder := os.environ.get("KLARK_SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    assert (name, sideways(page)) == (name, 0)


@pytest.fixture
def phone(window: Callable[..., object], live_server: LiveServer) -> Iterator[object]:
    """A phone's browser in French, and a superuser called Camille who has not logged in yet."""
    get_user_model().objects.create_superuser("camille", "camille@klark.example", PASSWORD)
    page, wrong = window(viewport={"width": 360, "height": 740}, locale="fr"), []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None)
    page.home = live_server.url
    yield page
    assert wrong == []


def log_in(page: object) -> None:
    page.goto(f"{page.home}/admin/")
    page.fill("[name=username]", "camille")
    page.fill("[name=password]", PASSWORD)
    shown(page, "login")
    page.press("[name=password]", "Enter")


def say_it_again(page: object) -> None:
    """The password, before a second factor changes."""
    page.wait_for_selector("[name=password]")
    shown(page, "again")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def log_out(page: object) -> None:
    page.context.clear_cookies(name="sessionid")


def test_an_app_is_set_up_and_then_asked_for(phone: object) -> None:
    log_in(phone)
    phone.wait_for_selector(".k-board")
    phone.goto(f"{phone.home}/admin/2fa/")
    shown(phone, "factors")
    phone.click("a[href$='/totp/activate/']")
    say_it_again(phone)
    secret = phone.input_value("#authenticator_secret")
    shown(phone, "app")
    phone.fill("[name=code]", code(secret))
    phone.press("[name=code]", "Enter")
    phone.wait_for_selector("#recovery_codes")
    shown(phone, "recovery")
    first = phone.input_value("#recovery_codes").split()[0]
    log_out(phone)
    log_in(phone)
    phone.wait_for_selector("[name=code]")
    shown(phone, "code")
    phone.fill("[name=code]", "000000")
    phone.press("[name=code]", "Enter")
    phone.wait_for_selector(".errorlist")
    shown(phone, "wrong-code")
    phone.fill("[name=code]", first)
    phone.press("[name=code]", "Enter")
    phone.wait_for_selector(".k-board")


def test_a_security_key_is_set_up_and_then_asked_for(phone: object, settings: Settings) -> None:
    settings.KLARK_SECOND_FACTOR = "required"
    devices = phone.context.new_cdp_session(phone)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    log_in(phone)
    phone.wait_for_selector("a[href$='/webauthn/add/']")
    shown(phone, "required")
    phone.click("a[href$='/webauthn/add/']")
    say_it_again(phone)
    phone.wait_for_selector("#mfa_webauthn_add")
    shown(phone, "key")
    phone.fill("[name=name]", "blue")
    phone.click("#mfa_webauthn_add")
    phone.wait_for_selector("#recovery_codes")
    phone.goto(f"{phone.home}/admin/2fa/webauthn/")
    shown(phone, "keys")
    log_out(phone)
    log_in(phone)
    phone.wait_for_selector("#mfa_webauthn_authenticate")
    phone.click("#mfa_webauthn_authenticate")
    phone.wait_for_selector(".k-board")


def test_a_password_is_set_from_a_mail(phone: object, settings: Settings, mailoutbox: list[object]) -> None:
    settings.KLARK_EMAIL_URL, settings.KLARK_URL = "smtp://mail.example", phone.home
    settings.SOCIALACCOUNT_PROVIDERS = server("https://login.example", "klark", "secret", "Alder")
    phone.goto(f"{phone.home}/admin/login/")
    shown(phone, "login-both")
    phone.click("a[href$='/password/reset/']")
    shown(phone, "forgotten")
    phone.fill("[name=email]", "camille@klark.example")
    phone.press("[name=email]", "Enter")
    phone.wait_for_url("**/sent/")
    shown(phone, "sent")
    MAILS.submit(lambda: None).result()
    phone.goto(next(line for line in mailoutbox[0].body.splitlines() if line.startswith("http")))
    shown(phone, "set")
    for name in ("password1", "password2"):
        phone.fill(f"[name={name}]", "another long password")
    phone.press("[name=password2]", "Enter")
    phone.wait_for_url("**/done/")
    shown(phone, "done")


def test_the_page_to_invite_fits_a_phone(phone: object) -> None:
    log_in(phone)
    phone.wait_for_selector(".k-board")
    phone.goto(f"{phone.home}/admin/auth/user/invite/")
    phone.fill("[name=email]", "noor@klark.example")
    shown(phone, "invite")
    phone.press("[name=email]", "Enter")
    phone.wait_for_selector("[name=username]")
    shown(phone, "invited")
