"""The settings of django-allauth, by which people log in to the admin. `klark.settings` reads them."""

from typing import Any

ALLAUTH: dict[str, Any] = {
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
}

NO_SERVER: dict[str, Any] = {}


def server(url: str, client: str, secret: str, name: str) -> dict[str, Any]:
    """Returns allauth's settings for one OpenID Connect server; its callback is /admin/oidc/sso/login/callback/."""
    app = {"provider_id": "sso", "name": name, "client_id": client, "secret": secret, "settings": {"server_url": url}}
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
