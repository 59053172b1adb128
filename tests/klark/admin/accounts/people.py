"""Browsers that log in by the page, and what an authenticator app shows."""

import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

PASSWORD = "a long password"


def person(name: str, **more: Any) -> User:
    return get_user_model().objects.create_user(name, f"{name}@klark.example", PASSWORD, **{"is_staff": True, **more})


def app_of(user: User) -> str:
    """Sets up an authenticator app and returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def codes_of(user: User) -> list[str]:
    return list(RecoveryCodes.activate(user).get_unused_codes())


def code(secret: str, steps: int = 0) -> str:
    """What the app shows now, or some half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def log_in(name: str, password: str = PASSWORD, browser: Client | None = None) -> Client:
    """A browser after the login page, wherever that led."""
    browser = browser or Client()
    browser.post(reverse("account_login"), {"username": name, "password": password})
    return browser


def inside(browser: Client) -> bool:
    """Whether the admin opens."""
    return browser.get(reverse("admin:index")).status_code == 200
