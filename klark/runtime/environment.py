"""Reads settings from the environment, for `klark.settings`. A wrong or missing value stops the start and names the variable."""

import secrets
from base64 import urlsafe_b64decode
from collections.abc import Collection
from typing import Any, cast

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from integrations.http.outbound import web_address
from klark.runtime import accounts

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
PRODUCTION = KLARK_MODE == "production"


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
    return keys


DISTINCT = 8
"""How many distinct bytes, or characters, a key must have at least; a random key has more."""


def secret_key() -> str:
    """Returns Django's secret key. A weak one stops production: Django's own check (security.W009) only warns."""
    key = required("KLARK_SECRET_KEY", "give at least 50 random characters", secrets.token_urlsafe(50))
    if PRODUCTION and (len(key) < 50 or len({*key}) < DISTINCT):
        raise ImproperlyConfigured("KLARK_SECRET_KEY takes at least 50 random characters.")
    return key


def mail(url: str) -> dict[str, Any]:
    """Returns Django's settings for outgoing mail from its URL; without one nothing is sent."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    example = "KLARK_EMAIL_URL takes an address such as smtp+tls://user:password@mail.example.com:587."
    try:
        found: dict[str, Any] = env.email_url_config(url)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(example) from error
    if not found["EMAIL_HOST"] or not found["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        raise ImproperlyConfigured(example)
    return {
        **found,
        "EMAIL_PORT": found["EMAIL_PORT"] or (465 if "EMAIL_USE_SSL" in found else 587),
        "EMAIL_TIMEOUT": 10,
    }


def single_sign_on() -> dict[str, Any]:
    """Returns allauth's settings of the OpenID Connect server, if there is one: all of it, or none."""
    url = cast("str", env.str("KLARK_OIDC_URL", default=""))
    client, secret = env.str("KLARK_OIDC_CLIENT_ID", default=""), env.str("KLARK_OIDC_SECRET", default="")
    if not url:
        return accounts.NO_SERVER
    parts = web_address(url)
    if parts is None or (PRODUCTION and parts.scheme != "https"):
        raise ImproperlyConfigured("KLARK_OIDC_URL takes an address such as https://login.example.com/realms/company.")
    for name, value in (("KLARK_OIDC_CLIENT_ID", client), ("KLARK_OIDC_SECRET", secret)):
        if not value:
            raise ImproperlyConfigured(f"{name} is not set: give what the server at KLARK_OIDC_URL knows klark by")
    return accounts.server(url, client, secret, env.str("KLARK_OIDC_NAME", default="") or "OpenID Connect")
