"""Secrets at rest: opened by the key that sealed them, by no other, and by old keys while they are listed."""

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from klark.runtime.encrypted_secrets import CannotOpen, seal, unseal

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
SECRETS = {"token": "é:ü,🦊", "webhook_secret": ""}


def test_what_was_sealed_opens(settings: Settings) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {"k1": OLD}
    sealed = seal(SECRETS)
    assert unseal(sealed) == SECRETS
    assert (sealed.startswith("k1:"), "token" in sealed) == (True, False)


def test_the_same_secrets_never_look_the_same(settings: Settings) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {"k1": OLD}
    assert seal(SECRETS) != seal(SECRETS)


def test_keys_are_changed_one_at_a_time(settings: Settings) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {"k1": OLD}
    before = seal(SECRETS)
    settings.KLARK_ENCRYPTION_KEYS = {"k2": NEW, "k1": OLD}
    after = seal(SECRETS)
    assert (unseal(before), unseal(after), after.startswith("k2:")) == (SECRETS, SECRETS, True)
    settings.KLARK_ENCRYPTION_KEYS = {"k2": NEW}
    with pytest.raises(CannotOpen, match="'k1'"):
        unseal(before)


def test_a_key_under_anothers_name_opens_nothing(settings: Settings) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {"k1": OLD}
    sealed = seal(SECRETS)
    settings.KLARK_ENCRYPTION_KEYS = {"k1": NEW}
    with pytest.raises(CannotOpen, match="'k1'"):
        unseal(sealed)


@pytest.mark.parametrize("damage", ["k1:", "k1", "k1:é", ":x", "nonsense", "k1:" + "A" * 200])
def test_what_nobody_sealed_cannot_be_opened(settings: Settings, damage: str) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {"k1": OLD}
    with pytest.raises(CannotOpen):
        unseal(damage)


def test_a_secret_that_was_changed_in_one_place_cannot_be_opened(settings: Settings) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {"k1": OLD}
    sealed = seal(SECRETS)
    place = len(sealed) // 2
    changed = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
    with pytest.raises(CannotOpen):
        unseal(changed)


def test_nothing_sealed_is_nothing_inside() -> None:
    assert unseal("") == {}
