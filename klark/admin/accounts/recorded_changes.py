"""Adds to the audit chain what users change of their own password and second factors: allauth tells it by signals."""

from typing import Any

from allauth.account.signals import password_reset
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset, authenticator_used
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from klark.models import Actor, AuditAct, record


def listen() -> None:
    """Has allauth call the functions below."""
    for signal, call in (
        (authenticator_added, _factor_added), (authenticator_removed, _factor_removed),
        (authenticator_reset, _factor_renewed), (authenticator_used, _factor_used), (password_reset, _password_set),
    ):  # fmt: skip
        signal.connect(call)


def change_password(request: HttpRequest) -> HttpResponse:
    """Shows the admin's own page for a new password, and records one that was set there."""
    answer: HttpResponse = admin.site.password_change(request)
    if request.user.is_authenticated and answer.headers.get("Location") == reverse("admin:password_change_done"):
        _record(request.user, "password", "changed")
    return answer


def _factor_added(authenticator: Authenticator, user: User, **_: Any) -> None:
    _record(user, authenticator.type, "added")


def _factor_removed(authenticator: Authenticator, user: User, **_: Any) -> None:
    _record(user, authenticator.type, "removed")


def _factor_renewed(authenticator: Authenticator, user: User, **_: Any) -> None:
    _record(user, authenticator.type, "renewed")


def _factor_used(authenticator: Authenticator, user: User, **_: Any) -> None:
    """Records a recovery code, of which there is one fewer now; what else is used stands in the entry of the login."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _record(user, authenticator.type, "used")


def _password_set(user: User, **_: Any) -> None:
    _record(user, "password", "set by a link")


def _record(user: User, what: str, done: str) -> None:
    record(None, Actor(user.pk, user.get_username()), AuditAct.USER, user, what=what, done=done)
