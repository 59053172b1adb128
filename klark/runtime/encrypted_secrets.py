"""Encrypts secrets at rest with Fernet. The key's id is stored in front, so that keys can be rotated one at a time.

Sealed form: "KEY-ID:FERNET-TOKEN". Keys come from `KLARK_ENCRYPTION_KEYS`, newest first; older ones only decrypt.
https://cryptography.io/en/latest/fernet/
"""

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

WEBHOOK_SECRETS = frozenset({"webhook_secret", "old_webhook_secret"})


class CannotOpen(Exception):
    """A secret was sealed with a key that is not configured any more, or is not the same."""


def seal(secrets: Mapping[str, str]) -> str:
    """Encrypts a mapping of secrets with the newest key, and returns the sealed form."""
    key_id, key = next(iter(settings.KLARK_ENCRYPTION_KEYS.items()))
    return f"{key_id}:{Fernet(key).encrypt(json.dumps(dict(secrets)).encode()).decode()}"


def unseal(sealed: str) -> dict[str, str]:
    """Decrypts what `seal` returned; an empty string gives an empty dict. Raises CannotOpen."""
    if not sealed:
        return {}
    key_id, _, token = sealed.partition(":")
    key = settings.KLARK_ENCRYPTION_KEYS.get(key_id)
    if key is None:
        raise CannotOpen(f"This secret was sealed with key {key_id!r}: put it back into KLARK_ENCRYPTION_KEYS.")
    try:
        opened: dict[str, str] = json.loads(Fernet(key).decrypt(token.encode()))
    except InvalidToken as error:
        raise CannotOpen(
            f"Key {key_id!r} in KLARK_ENCRYPTION_KEYS is not the one this secret was sealed with."
        ) from error
    return opened


def changed(old: Mapping[str, str], token: str = "", webhook_secret: str = "") -> dict[str, str]:
    """Returns the secrets `old` with a new token, a new webhook secret, or both; an empty string keeps the old one.

    A replaced webhook secret stays valid beside the new one. A given token replaces all OAuth values, so it is used as it
    is and never renewed.
    """
    new = dict(old)
    if token:
        new = {name: secret for name, secret in old.items() if name in WEBHOOK_SECRETS} | {"token": token}
    if webhook_secret and webhook_secret != old.get("webhook_secret"):
        new |= {"webhook_secret": webhook_secret, "old_webhook_secret": old.get("webhook_secret", "")}
    return {name: secret for name, secret in new.items() if secret}
