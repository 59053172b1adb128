"""A wrong or missing value stops the start and names its variable."""

import os
import runpy
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

import manage
from klark import settings as module

KEY = urlsafe_b64encode(bytes(range(32))).decode()
GOOD = {
    "KLARK_MODE": "production",
    "KLARK_SECRET_KEY": "0123456789" * 6,
    "KLARK_ENCRYPTION_KEYS": f"k1:{KEY}",
    "KLARK_URL": "https://klark.example.com",
    "DATABASE_URL": "postgres://klark_app:pw@db.example.com/klark",
    "BROKER_URL": "redis://broker.example.com:6379/0",
}
Read = Callable[..., dict[str, Any]]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """The settings under an environment: production's, with what a test changes; `None` leaves a variable out."""
    monkeypatch.setattr(structlog, "configure", lambda **_: None)

    def one(**changes: str | None) -> dict[str, Any]:
        for name in ("KLARK_TIME_ZONE", "KLARK_LOG_LEVEL", "KLARK_TRUSTED_PROXY", "DATABASE_OWNER_URL"):
            monkeypatch.delenv(name, raising=False)
        for name, value in {**GOOD, **changes}.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(Path(module.__file__)))

    return one


def test_production_starts_with_what_it_needs_and_is_safe(read: Read) -> None:
    found = read()
    assert (found["PRODUCTION"], found["DEBUG"], found["ALLOWED_HOSTS"]) == (True, False, ["klark.example.com"])
    safe = ("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE")
    assert [found[name] for name in safe] == [True] * 3
    assert found["SECURE_HSTS_SECONDS"] > 0


def test_without_a_mode_it_is_production(read: Read) -> None:
    assert read(KLARK_MODE=None)["PRODUCTION"] is True


@pytest.mark.parametrize("name", [name for name in GOOD if name != "KLARK_MODE"])
@pytest.mark.parametrize("value", [None, ""])
def test_what_production_needs_is_asked_for_by_name(read: Read, name: str, value: str | None) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


WRONG = [
    ("KLARK_MODE", "staging"), ("KLARK_MODE", ""), ("KLARK_MODE", "Production"),
    ("KLARK_URL", "http://klark.example.com"), ("KLARK_URL", "klark.example.com"), ("KLARK_URL", "https://"),
    ("KLARK_URL", "https://["), ("KLARK_URL", "https://klark.example.com:port"),
    ("DATABASE_URL", "mysql://u:p@h/d"), ("DATABASE_URL", "sqlite:///x.db"), ("DATABASE_URL", "nonsense"),
    ("DATABASE_OWNER_URL", "sqlite://:memory:"),
    ("BROKER_URL", "nonsense"), ("BROKER_URL", "http://broker.example.com"), ("BROKER_URL", "memory://"),
    ("KLARK_SECRET_KEY", "short"), ("KLARK_SECRET_KEY", "a" * 60), ("KLARK_ENCRYPTION_KEYS", f"k1:{'A' * 43}="),
    ("KLARK_ENCRYPTION_KEYS", "k1"), ("KLARK_ENCRYPTION_KEYS", "k1:short"), ("KLARK_ENCRYPTION_KEYS", KEY),
    ("KLARK_ENCRYPTION_KEYS", f"k1:{KEY},k2:bad"), ("KLARK_ENCRYPTION_KEYS", f"k1:{KEY},{KEY}"),
    ("KLARK_ENCRYPTION_KEYS", f"k1:{KEY},k1:{KEY}"),
    ("KLARK_READ_SECONDS", "0"), ("KLARK_READ_SECONDS", "soon"), ("KLARK_LOOK_SECONDS", "0"), ("KLARK_LOOK_SECONDS", "-1"),
    ("KLARK_CATCH_UP_SECONDS", "1.5"), ("KLARK_WORKER_THREADS", "0"), ("KLARK_DATABASE_POOL", ""),
    ("KLARK_TIME_ZONE", "Mars/Base"), ("KLARK_LOG_LEVEL", "LOUD"), ("KLARK_TRUSTED_PROXY", "maybe"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_named_by_its_variable(read: Read, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


def test_a_complaint_does_not_repeat_a_secret(read: Read) -> None:
    with pytest.raises(ImproperlyConfigured) as complaint:
        read(KLARK_ENCRYPTION_KEYS=f"k1:{KEY},{KEY}")
    assert KEY not in str(complaint.value)
    with pytest.raises(ImproperlyConfigured) as complaint:
        read(DATABASE_URL="mysql://u:hunter2@h/d")
    assert "hunter2" not in str(complaint.value)


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_only_the_demo_and_the_tests_invent_keys(read: Read, mode: str) -> None:
    nothing = {name: None for name in GOOD if name != "KLARK_MODE"}
    found = read(KLARK_MODE=mode, **nothing)
    assert (found["PRODUCTION"], len(found["SECRET_KEY"]) >= 50, len(found["KLARK_ENCRYPTION_KEYS"])) == (
        False,
        True,
        1,
    )


def test_several_keys_keep_their_order(read: Read) -> None:
    other = Fernet.generate_key().decode()
    assert list(read(KLARK_ENCRYPTION_KEYS=f"new:{KEY}, old:{other}")["KLARK_ENCRYPTION_KEYS"]) == ["new", "old"]


def test_a_proxy_is_trusted_only_when_told_so(read: Read) -> None:
    assert "SECURE_PROXY_SSL_HEADER" not in read()
    assert read(KLARK_TRUSTED_PROXY="true")["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")


def test_the_owner_has_a_role_of_its_own_or_the_applications(read: Read) -> None:
    alone = read()["DATABASES"]
    assert alone["owner"]["USER"] == alone["default"]["USER"] == "klark_app"
    two = read(DATABASE_OWNER_URL="postgres://klark_owner:pw@db.example.com/klark")["DATABASES"]
    assert (two["owner"]["USER"], two["default"]["USER"]) == ("klark_owner", "klark_app")


def test_a_webhook_is_never_redirected_to_its_slash() -> None:
    assert module.APPEND_SLASH is False


@pytest.mark.parametrize("url", ["amqp://u:p@h:5672//", "amqps://u:p@h", "rediss://h:6380/1"])
def test_brokers_of_both_kinds_are_taken(read: Read, url: str) -> None:
    assert read(BROKER_URL=url)["CELERY_BROKER_URL"] == url


@pytest.mark.parametrize(("words", "mode"), [
    (["help"], "demo"), ([], "demo"), (["knowledge", "--help"], "demo"), (["serve", "-h"], "demo"), (["demo"], "demo"),
    (["knowledge", "--tenant", "help", "sync"], None), (["serve"], None), (["backtest", "--tickets", "t"], "demo"),
    (["backtest", "--connection", "7"], None),
])  # fmt: skip
def test_help_needs_no_settings_and_no_other_word_makes_a_command_a_demo(
    monkeypatch: pytest.MonkeyPatch, words: list[str], mode: str | None
) -> None:
    monkeypatch.setenv("KLARK_MODE", "")  # put back afterwards, whatever the command sets
    monkeypatch.delenv("KLARK_MODE")
    monkeypatch.setattr(manage, "execute_from_command_line", lambda arguments: None)
    manage.main(["manage.py", *words])
    assert os.environ.get("KLARK_MODE") == mode
