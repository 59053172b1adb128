"""How people log in to the admin: the settings of django-allauth, django-axes and passwords. `klark.settings` reads them."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from integrations.http.outbound import web_address

APPS = (
    "allauth", "allauth.account", "allauth.mfa", "allauth.socialaccount", "allauth.socialaccount.providers.openid_connect",
    "django.contrib.humanize",  # for allauth's list of security keys
)  # fmt: skip
LOGIN: dict[str, Any] = {
    "ACCOUNT_ADAPTER": "klark.admin.accounts.adapters.AccountAdapter",
    "ACCOUNT_FORMS": {"login": "klark.admin.accounts.login_form.LoginForm"},
    "ACCOUNT_LOGIN_METHODS": {"username"},
    "ACCOUNT_SIGNUP_ENABLED": False,
    "ACCOUNT_EMAIL_VERIFICATION": "none",  # operators enter the addresses, and the link to a password goes there
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,  # a stranger must not make klark write to whomever they like
    "ACCOUNT_EMAIL_SUBJECT_PREFIX": "",
    "ACCOUNT_SESSION_REMEMBER": True,  # klark.admin.session_age says how long
    "ACCOUNT_REAUTHENTICATION_METHODS": ("password", "mfa"),
    "ACCOUNT_RATE_LIMITS": {"login": ""},  # klark.runtime.login_limits counts passwords; allauth's limits on codes stay
    "MFA_ADAPTER": "klark.admin.accounts.adapters.SecondFactorAdapter",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_TOTP_ISSUER": "klark",
    "MFA_TOTP_TOLERANCE": 1,  # a clock may be half a minute wrong
    "SOCIALACCOUNT_ADAPTER": "klark.admin.accounts.adapters.SingleSignOnAdapter",
    # A form that leads to another site is what the content policy forbids, so the button is a link.
    "SOCIALACCOUNT_LOGIN_ON_GET": True,
    "AXES_HANDLER": "klark.runtime.login_limits.LoginLimits",
    "AXES_CLIENT_IP_CALLABLE": "klark.runtime.login_limits.client_address",
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"], "ip_address"],  # in this order: see LoginLimits
    "AXES_FAILURE_LIMIT": 10,
    "AXES_COOLOFF_TIME": timedelta(minutes=5),
    "AXES_RESET_ON_SUCCESS": True,
    "AXES_DISABLE_ACCESS_LOG": False,  # a row for each login; klark.personal_data.retention says how long it stays
    "AXES_VERBOSE": False,
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
        {"NAME": "klark.runtime.password_validator.DistinctCharacters"},
    ],
}


def mail(url: str) -> dict[str, Any]:
    """Returns Django's settings for outgoing mail from its URL; without one nothing is sent. Raises ImproperlyConfigured."""
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    example = "KLARK_EMAIL_URL takes an address such as smtp+tls://user:password@mail.example.com:587."
    try:
        found: dict[str, Any] = Env.email_url_config(url)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(example) from error
    if not found["EMAIL_HOST"] or not found["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        raise ImproperlyConfigured(example)
    return {
        **found,
        "EMAIL_PORT": found["EMAIL_PORT"] or (465 if "EMAIL_USE_SSL" in found else 587),
        "EMAIL_TIMEOUT": 10,
    }


def single_sign_on(url: str, client: str, secret: str, name: str, *, https: bool) -> dict[str, Any]:
    """Returns allauth's settings of the OpenID Connect server, if there is one: all of it, or none. `https`: whether
    its address must be. Raises ImproperlyConfigured."""
    if not url:
        return {}
    parts = web_address(url)
    if parts is None or (https and parts.scheme != "https"):
        raise ImproperlyConfigured("KLARK_OIDC_URL takes an address such as https://login.example.com/realms/company.")
    for setting, value in (("KLARK_OIDC_CLIENT_ID", client), ("KLARK_OIDC_SECRET", secret)):
        if not value:
            raise ImproperlyConfigured(f"{setting} is not set: give what the server at KLARK_OIDC_URL knows klark by")
    return server(url, client, secret, name)


def server(url: str, client: str, secret: str, name: str) -> dict[str, Any]:
    """Returns allauth's settings for one OpenID Connect server; its callback is /admin/oidc/sso/login/callback/."""
    app = {"provider_id": "sso", "name": name, "client_id": client, "secret": secret, "settings": {"server_url": url}}
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
