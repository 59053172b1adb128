"""Changing the encryption key also changes what the secrets of second factors are sealed with."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import call_command
from pytest_django import Settings

from tests.klark.admin.accounts.people import app_of, code, codes_of, person

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def rotated() -> str:
    out = StringIO()
    call_command("keys", "rotate", stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture
def camille(settings: Settings) -> tuple[User, str, list[str]]:
    """With an app's secret and recovery codes that the old key sealed."""
    settings.KLARK_ENCRYPTION_KEYS = {"k1": OLD}
    user = person("camille")
    secret, spare = app_of(user), codes_of(user)
    settings.KLARK_ENCRYPTION_KEYS = {"k2": NEW, "k1": OLD}
    return user, secret, spare


def test_codes_open_without_the_old_key_afterwards(camille: tuple[User, str, list[str]], settings: Settings) -> None:
    user, secret, spare = camille
    assert [rotated().partition(" ")[0] for _ in range(2)] == ["2", "0"]
    settings.KLARK_ENCRYPTION_KEYS = {"k2": NEW}
    app, codes = (Authenticator.objects.get(user=user, type=kind).wrap() for kind in ("totp", "recovery_codes"))
    assert (app.validate_code(code(secret)), codes.validate_code(spare[3])) == (True, True)


def test_what_a_lost_key_has_sealed_is_named(camille: tuple[User, str, list[str]], settings: Settings) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {"k2": NEW}
    with pytest.raises(SystemExit):
        rotated()
    assert Authenticator.objects.filter(data__secret__startswith="k1:").count() == 1
