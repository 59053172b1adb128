"""Secrets at rest: Fernet, with the id of the key in front so that keys can be changed one at a time.

Sealed form: "KEY-ID:FERNET-TOKEN". Keys come from `KLARK_ENCRYPTION_KEYS`, newest first; old ones only open.
https://cryptography.io/en/latest/fernet/
"""

import json
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

WEBHOOK_SECRETS = frozenset({"webhook_secret", "old_webhook_secret"})


class CannotOpen(Exception):
    """A secret was sealed with a key that is no longer configured."""


def seal(secrets: Mapping[str, str]) -> str:
    """Encrypt a small table of secrets with the newest key."""
    key_id, key = next(iter(settings.KLARK_ENCRYPTION_KEYS.items()))
    return f"{key_id}:{Fernet(key).encrypt(json.dumps(dict(secrets)).encode()).decode()}"


def unseal(sealed: str) -> dict[str, str]:
    """The table of secrets that `seal` made; an empty text is an empty table. Raises CannotOpen."""
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
    """Secrets after a change: empty keeps the old; a webhook secret that is replaced stays valid beside the new one. A
    token that a person gave is used as it is: nothing renews it any more."""
    new = dict(old)
    if token:
        new = {name: secret for name, secret in old.items() if name in WEBHOOK_SECRETS} | {"token": token}
    if webhook_secret and webhook_secret != old.get("webhook_secret"):
        new |= {"webhook_secret": webhook_secret, "old_webhook_secret": old.get("webhook_secret", "")}
    return {name: secret for name, secret in new.items() if secret}
