"""Each variable by itself: what it takes, what it is without, and that a wrong value is named with what it takes."""

import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from klark import checks
from klark import settings as module
from tests.klark.test_settings import GOOD

Read = Callable[..., dict[str, Any]]
UNSET = (
    "KLARK_TIME_ZONE", "KLARK_LOG_LEVEL", "KLARK_TRUSTED_PROXY", "DATABASE_OWNER_URL", "KLARK_ALLOWED_HOSTS",
    "KLARK_CSRF_ORIGINS", "KLARK_METRICS_TOKEN", "KLARK_PRIVATE_HOSTS", "KLARK_EMBEDDINGS", "KLARK_READ_SECONDS",
    "KLARK_LOOK_SECONDS", "KLARK_CATCH_UP_SECONDS", "KLARK_WORKERS", "KLARK_WORKER_THREADS", "KLARK_DATABASE_POOL",
    "KLARK_MODEL_PROVIDER", "KLARK_MODEL_URL", "KLARK_MODEL_NAME", "KLARK_MODEL_KEY", "KLARK_MODEL_FILE", "KLARK_MODEL_SECONDS",
    "KLARK_JUDGE_URL", "KLARK_JUDGE_NAME", "KLARK_JUDGE_KEY", "KLARK_PRIVATE_CRM_HOSTS", "KLARK_TENANT_THREADS",
    "KLARK_PRIVATE_WEBHOOK_HOSTS",
    "KLARK_HOST_THREADS",
    "KLARK_FREE_MIB", "KLARK_SESSION_IDLE_MINUTES", "SENTRY_DSN", "KLARK_SECOND_FACTOR", "KLARK_EMAIL_URL",
    "KLARK_EMAIL_FROM", "KLARK_OIDC_URL", "KLARK_OIDC_CLIENT_ID", "KLARK_OIDC_SECRET", "KLARK_OIDC_NAME", "KLARK_OIDC_ONLY",
)  # fmt: skip


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Production's settings, with what a test changes."""
    monkeypatch.setattr(structlog, "configure", lambda **_: None)
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)

    def one(**changes: str) -> dict[str, Any]:
        for name, value in {**GOOD, **changes}.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(Path(module.__file__)))

    return one


MAIL = "django.core.mail.backends"
# A variable, its value (None: not given), the setting it makes, and that setting.
MADE: tuple[tuple[str, str | None, str, Any], ...] = (
    ("KLARK_URL", "https://klark.example.com/", "KLARK_URL", "https://klark.example.com"),
    ("KLARK_URL", "https://klark.example.com:8443", "ALLOWED_HOSTS", ["klark.example.com"]),
    ("KLARK_URL", "https://klark.example.com:8443", "CSRF_TRUSTED_ORIGINS", ["https://klark.example.com:8443"]),
    ("KLARK_ALLOWED_HOSTS", "web,10.0.0.5", "ALLOWED_HOSTS", ["klark.example.com", "web", "10.0.0.5"]),
    ("KLARK_CSRF_ORIGINS", "https://a.example", "CSRF_TRUSTED_ORIGINS", ["https://klark.example.com", "https://a.example"]),
    ("KLARK_READ_SECONDS", None, "KLARK_READ_SECONDS", 20), ("KLARK_READ_SECONDS", "5", "KLARK_READ_SECONDS", 5),
    ("KLARK_READ_SECONDS", "3000", "KLARK_READ_SECONDS", 30),
    ("KLARK_LOOK_SECONDS", None, "KLARK_LOOK_SECONDS", 2), ("KLARK_LOOK_SECONDS", "7", "KLARK_LOOK_SECONDS", 7),
    ("KLARK_CATCH_UP_SECONDS", None, "KLARK_CATCH_UP_SECONDS", 300),
    ("KLARK_CATCH_UP_SECONDS", "60", "KLARK_CATCH_UP_SECONDS", 60),
    ("KLARK_WORKERS", None, "KLARK_WORKERS", 1), ("KLARK_WORKERS", "3", "KLARK_WORKERS", 3),
    ("KLARK_WORKER_THREADS", None, "CELERY_WORKER_CONCURRENCY", 4),
    ("KLARK_WORKER_THREADS", "16", "CELERY_WORKER_CONCURRENCY", 16),
    ("KLARK_WORKER_THREADS", "16", "KLARK_TENANT_THREADS", 12), ("KLARK_WORKER_THREADS", "1", "KLARK_TENANT_THREADS", 1),
    ("KLARK_WORKER_THREADS", "16", "KLARK_HOST_THREADS", 15), ("KLARK_WORKER_THREADS", "1", "KLARK_HOST_THREADS", 1),
    ("KLARK_HOST_THREADS", "2", "KLARK_HOST_THREADS", 2),
    ("KLARK_TENANT_THREADS", None, "KLARK_TENANT_THREADS", 3), ("KLARK_TENANT_THREADS", "2", "KLARK_TENANT_THREADS", 2),
    ("KLARK_TIME_ZONE", None, "TIME_ZONE", "UTC"), ("KLARK_TIME_ZONE", "Europe/Paris", "TIME_ZONE", "Europe/Paris"),
    ("KLARK_LOG_LEVEL", None, "LOG_LEVEL", "INFO"), ("KLARK_LOG_LEVEL", "DEBUG", "LOG_LEVEL", "DEBUG"),
    ("KLARK_FREE_MIB", None, "KLARK_FREE_MIB", 200), ("KLARK_FREE_MIB", "5000", "KLARK_FREE_MIB", 5000),
    ("KLARK_SESSION_IDLE_MINUTES", None, "SESSION_COOKIE_AGE", 8 * 3600),
    ("KLARK_SESSION_IDLE_MINUTES", "15", "SESSION_COOKIE_AGE", 900),
    ("KLARK_METRICS_TOKEN", None, "KLARK_METRICS_TOKEN", ""), ("KLARK_METRICS_TOKEN", "t", "KLARK_METRICS_TOKEN", "t"),
    ("SENTRY_DSN", None, "SENTRY_DSN", ""),
    ("KLARK_PRIVATE_HOSTS", None, "KLARK_PRIVATE_HOSTS", ()),
    ("KLARK_PRIVATE_HOSTS", "10.0.0.0/8,ollama:11434", "KLARK_PRIVATE_HOSTS", ("10.0.0.0/8", "ollama:11434")),
    ("KLARK_PRIVATE_CRM_HOSTS", None, "KLARK_PRIVATE_CRM_HOSTS", ()),
    ("KLARK_PRIVATE_CRM_HOSTS", "10.1.0.9:8443", "KLARK_PRIVATE_CRM_HOSTS", ("10.1.0.9:8443",)),
    ("KLARK_PRIVATE_HOSTS", "10.1.0.9:8443", "KLARK_PRIVATE_CRM_HOSTS", ()),
    ("KLARK_PRIVATE_HOSTS", "10.1.0.9:8443", "KLARK_PRIVATE_WEBHOOK_HOSTS", ()),
    ("KLARK_PRIVATE_WEBHOOK_HOSTS", "10.1.0.9:8443", "KLARK_PRIVATE_WEBHOOK_HOSTS", ("10.1.0.9:8443",)),
    ("KLARK_EMBEDDINGS", "", "KLARK_EMBEDDINGS", ()), ("KLARK_EMBEDDINGS", "nano", "KLARK_EMBEDDINGS", ("nano",)),
    ("KLARK_EMBEDDINGS", " openai , nano ", "KLARK_EMBEDDINGS", ("openai", "nano")),
    ("KLARK_MODEL_PROVIDER", None, "KLARK_MODEL_PROVIDER", "openai"), ("KLARK_MODEL_NAME", None, "KLARK_MODEL_NAME", ""),
    ("KLARK_MODEL_FILE", None, "KLARK_MODEL_FILE", ""), ("KLARK_MODEL_FILE", "/m.gguf", "KLARK_MODEL_FILE", "/m.gguf"),
    ("KLARK_MODEL_SECONDS", None, "KLARK_MODEL_SECONDS", 40), ("KLARK_MODEL_SECONDS", "90", "KLARK_MODEL_SECONDS", 90),
    ("KLARK_MODEL_PROVIDER", "local", "KLARK_MODEL_SECONDS", 300),
    ("KLARK_JUDGE_NAME", None, "KLARK_JUDGE_NAME", ""), ("KLARK_JUDGE_NAME", "j", "KLARK_JUDGE_NAME", "j"),
    ("KLARK_JUDGE_URL", None, "KLARK_JUDGE_URL", ""),
    ("KLARK_JUDGE_URL", "http://judge:8080/v1", "KLARK_JUDGE_URL", "http://judge:8080/v1"),
    ("KLARK_JUDGE_KEY", None, "KLARK_JUDGE_KEY", ""), ("KLARK_JUDGE_KEY", "k", "KLARK_JUDGE_KEY", "k"),
    ("BROKER_URL", "amqp://u:p@h", "CELERY_BROKER_URL", "amqp://u:p@h"),
    ("KLARK_SECOND_FACTOR", None, "KLARK_SECOND_FACTOR", "optional"),
    ("KLARK_SECOND_FACTOR", "required", "KLARK_SECOND_FACTOR", "required"),
    ("KLARK_OIDC_ONLY", None, "KLARK_OIDC_ONLY", False), ("KLARK_OIDC_URL", None, "SOCIALACCOUNT_PROVIDERS", {}),
    ("KLARK_EMAIL_URL", None, "KLARK_EMAIL_URL", ""), ("KLARK_EMAIL_URL", "", "EMAIL_BACKEND", f"{MAIL}.dummy.EmailBackend"),
    ("KLARK_EMAIL_URL", "smtp+tls://u:p%40w@mail.example:2525", "EMAIL_HOST_PASSWORD", "p@w"),
    ("KLARK_EMAIL_URL", "smtp+tls://u:p@mail.example:2525", "EMAIL_PORT", 2525),
    ("KLARK_EMAIL_URL", "smtp+tls://u:p@mail.example", "EMAIL_PORT", 587),
    ("KLARK_EMAIL_URL", "smtp+tls://u:p@mail.example", "EMAIL_USE_TLS", True),
    ("KLARK_EMAIL_URL", "smtp+ssl://u:p@mail.example", "EMAIL_PORT", 465),
    ("KLARK_EMAIL_URL", "smtp+ssl://u:p@mail.example", "EMAIL_BACKEND", f"{MAIL}.smtp.EmailBackend"),
    ("KLARK_EMAIL_FROM", None, "DEFAULT_FROM_EMAIL", "klark@klark.example.com"),
    ("KLARK_EMAIL_FROM", "help@a.example", "DEFAULT_FROM_EMAIL", "help@a.example"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "setting", "expected"), MADE)
def test_a_variable_and_the_setting_it_makes(
    read: Read, name: str, value: str | None, setting: str, expected: Any
) -> None:
    assert read(**({} if value is None else {name: value}))[setting] == expected


SERVER = {"KLARK_OIDC_URL": "https://login.example", "KLARK_OIDC_CLIENT_ID": "klark", "KLARK_OIDC_SECRET": "s"}


def test_single_sign_on_is_what_its_variables_say(read: Read) -> None:
    (app,) = read(**SERVER, KLARK_OIDC_NAME="Alder", KLARK_OIDC_ONLY="true")["SOCIALACCOUNT_PROVIDERS"][
        "openid_connect"
    ]["APPS"]
    assert (app["client_id"], app["secret"], app["name"], app["settings"]) == (
        "klark", "s", "Alder", {"server_url": "https://login.example"}
    )  # fmt: skip
    (unnamed,) = read(**SERVER, KLARK_OIDC_NAME="", KLARK_OIDC_ONLY="false")["SOCIALACCOUNT_PROVIDERS"][
        "openid_connect"
    ]["APPS"]
    assert unnamed["name"] == "OpenID Connect"


# A variable, a wrong value, and words that say what it takes.
WRONG = (
    ("KLARK_MODE", "prod", "production, demo or test"), ("KLARK_TRUSTED_PROXY", "True", "true or false"),
    ("KLARK_TRUSTED_PROXY", "1", "true or false"), ("KLARK_TIME_ZONE", "Paris", "a name such as Europe/Paris"),
    ("KLARK_LOG_LEVEL", "debug", "DEBUG, INFO, WARNING or ERROR"), ("KLARK_EMBEDDINGS", "nano,big", "nano, openai, or both"),
    ("SENTRY_DSN", "sentry.example.com", "https://KEY@sentry.example.com/2"),
    ("KLARK_FREE_MIB", "1 GiB", "a whole number from 1 on"),
    ("KLARK_READ_SECONDS", "1.5", "a whole number from 1 on"), ("KLARK_LOOK_SECONDS", "", "a whole number from 1 on"),
    ("KLARK_CATCH_UP_SECONDS", "-3", "a whole number from 1 on"), ("KLARK_WORKER_THREADS", "four", "a whole number from 1 on"),
    ("KLARK_DATABASE_POOL", "0", "a whole number from 1 on"), ("KLARK_DATABASE_POOL", "\u0663\u00b2", "a whole number"),
    ("KLARK_URL", "ftp://klark.example.com", "https://klark.example.com"), ("KLARK_URL", "https:///x", "an address such as"),
    ("BROKER_URL", "redis", "redis://host:6379/0 or amqp://"), ("BROKER_URL", "kafka://h", "redis://host:6379/0 or amqp://"),
    ("DATABASE_URL", "postgres", "a PostgreSQL database"), ("DATABASE_URL", "mysql://h/d", "a PostgreSQL database"),
    ("DATABASE_OWNER_URL", "oracle://h/d", "DATABASE_OWNER_URL"), ("KLARK_ENCRYPTION_KEYS", "k1:", "ID:KEY"),
    ("KLARK_ENCRYPTION_KEYS", ",", "ID:KEY"), ("KLARK_ENCRYPTION_KEYS", ":::", "ID:KEY"),
    ("KLARK_SECOND_FACTOR", "yes", "optional or required"), ("KLARK_OIDC_ONLY", "yes", "true or false"),
    ("KLARK_OIDC_ONLY", "true", "only with a server in KLARK_OIDC_URL"), ("KLARK_OIDC_URL", "login", "an address such as"),
    ("KLARK_OIDC_URL", "http://login.example", "https://login.example.com"),
    ("KLARK_OIDC_CLIENT_ID", "", "is not set"), ("KLARK_OIDC_SECRET", "", "is not set"),
    ("KLARK_EMAIL_URL", "mail.example", "smtp+tls://user:password@"), ("KLARK_EMAIL_URL", "smtp://", "smtp+tls://user:password@"),
    ("KLARK_EMAIL_URL", "consolemail://", "smtp+tls://"), ("KLARK_EMAIL_URL", "smtp://mail.example:port", "smtp+tls://"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "words"), WRONG)
def test_a_wrong_value_is_named_with_what_the_variable_takes(read: Read, name: str, value: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured) as complaint:
        read(**{**(SERVER if name in SERVER else {}), name: value})
    assert (str(complaint.value).startswith(name), words in str(complaint.value)) == (True, True)


def test_a_database_is_asked_with_bounded_waits_and_without_session_state(read: Read) -> None:
    found = read(KLARK_DATABASE_POOL="3")["DATABASES"]
    for alias in ("default", "owner"):
        options = found[alias]["OPTIONS"]
        waits = (options["pool"]["max_size"], options["pool"]["timeout"], options["connect_timeout"])
        assert (alias, *waits, found[alias]["DISABLE_SERVER_SIDE_CURSORS"]) == (alias, 3, 2.0, 2, True)


@pytest.mark.parametrize(("mode", "hosts"), [("production", []), ("demo", ["127.0.0.1", "localhost", "testserver"])])
def test_only_a_stand_in_answers_under_any_local_name(read: Read, mode: str, hosts: list[str]) -> None:
    assert read(KLARK_MODE=mode)["ALLOWED_HOSTS"] == ["klark.example.com", *hosts]


@pytest.mark.parametrize("setting", ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
                                     "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD"])  # fmt: skip
def test_what_keeps_production_safe_would_shut_a_demo_out(read: Read, setting: str) -> None:
    assert [read(KLARK_MODE=mode)[setting] for mode in ("production", "demo")] == [True, False]


def test_probes_from_inside_are_not_sent_to_https(read: Read) -> None:
    assert read()["SECURE_REDIRECT_EXEMPT"] == [r"^health/"]


# What the start-up checks say


@pytest.mark.parametrize(
    ("provider", "told"),
    [
        ("openai", []),
        ("local", []),
        ("sections", []),
        ("acme", ["klark.E003"]),
        ("", ["klark.E003"]),
        ("OpenAI", ["klark.E003"]),
    ],
)
def test_a_model_provider_that_nobody_knows_is_an_error(settings: Settings, provider: str, told: list[str]) -> None:
    settings.KLARK_MODEL_PROVIDER = provider
    found = checks.check_model_provider()
    assert [each.id for each in found] == told
    assert [each.msg for each in found] == ["KLARK_MODEL_PROVIDER takes one of openai, local, sections."] * len(found)


@pytest.mark.parametrize(("provider", "told"), [("local", ["klark.E005"]), ("openai", [])])
def test_a_model_on_this_machine_must_be_there(settings: Settings, provider: str, told: list[str]) -> None:
    settings.KLARK_MODEL_PROVIDER, settings.KLARK_MODEL_FILE = provider, ""
    found = checks.check_local_model()
    assert [each.id for each in found] == told
    assert ["set KLARK_MODEL_FILE to the path" in each.msg for each in found] == [True] * len(found)


@pytest.mark.parametrize(
    ("production", "netloc", "told"),
    [
        (True, "", []), (True, "x.example", ["klark.E002"]), (False, "", ["klark.W001"]),
        (False, "x.example", ["klark.E002", "klark.W001"]),
    ],
)  # fmt: skip
def test_what_must_not_be_set_where_real_customers_are(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, production: bool, netloc: str, told: list[str]
) -> None:
    settings.PRODUCTION = production
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", netloc)
    assert [each.id for each in checks.check_standalone()] == told
