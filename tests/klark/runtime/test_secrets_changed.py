"""Secrets that are replaced: what stays valid, what is forgotten, and which key opens what during a change of keys."""

from collections.abc import Mapping
from itertools import product

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from klark.runtime.encrypted_secrets import CannotOpen, changed, seal, unseal

KEYS = {name: Fernet.generate_key().decode() for name in ("k1", "k2", "k3")}
OAUTH = {"grant": "client", "client_id": "c", "client_secret": "s", "refresh": "r", "ends_at": "2026-01-01"}

# What was sealed, a new token, a new webhook secret, and what is sealed then.
CHANGES: Mapping[str, tuple[dict[str, str], str, str, dict[str, str]]] = {
    "nothing of nothing": ({}, "", "", {}),
    "nothing of something": ({"token": "t", "webhook_secret": "w"}, "", "", {"token": "t", "webhook_secret": "w"}),
    "a first token": ({}, "t", "", {"token": "t"}),
    "another token": ({"token": "t", "webhook_secret": "w"}, "u", "", {"token": "u", "webhook_secret": "w"}),
    "a first webhook secret": ({"token": "t"}, "", "w", {"token": "t", "webhook_secret": "w"}),
    "another webhook secret": ({"webhook_secret": "w"}, "", "x", {"webhook_secret": "x", "old_webhook_secret": "w"}),
    "the same webhook secret": ({"webhook_secret": "w"}, "", "w", {"webhook_secret": "w"}),
    "the same again during a change": (
        {"webhook_secret": "x", "old_webhook_secret": "w"}, "", "x", {"webhook_secret": "x", "old_webhook_secret": "w"}),
    "a third webhook secret": (
        {"webhook_secret": "x", "old_webhook_secret": "w"}, "", "y", {"webhook_secret": "y", "old_webhook_secret": "x"}),
    "both": ({"token": "t", "webhook_secret": "w"}, "u", "x",
             {"token": "u", "webhook_secret": "x", "old_webhook_secret": "w"}),
    "a token by hand in place of OAuth": ({"token": "oauth:t", **OAUTH, "webhook_secret": "w"}, "u", "",
                                          {"token": "u", "webhook_secret": "w"}),
    "a webhook secret beside OAuth": ({"token": "oauth:t", **OAUTH}, "", "w",
                                      {"token": "oauth:t", **OAUTH, "webhook_secret": "w"}),
    "an empty one is dropped": ({"token": "", "webhook_secret": "w"}, "", "", {"webhook_secret": "w"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_secrets_after_a_change(name: str) -> None:
    old, token, webhook_secret, expected = CHANGES[name]
    before = dict(old)
    assert changed(old, token, webhook_secret) == expected
    assert old == before


def test_after_any_change_the_secret_before_it_still_proves_a_webhook() -> None:
    secrets: dict[str, str] = {}
    for name in ("a", "b", "c", "d"):
        last, secrets = secrets.get("webhook_secret"), changed(secrets, webhook_secret=name)
        assert (secrets["webhook_secret"], secrets.get("old_webhook_secret")) == (name, last)


# The keys that are configured, newest first, and whether each sealed text opens.
@pytest.mark.parametrize(
    ("configured", "opens"),
    [
        (("k1",), ("k1",)), (("k2", "k1"), ("k1", "k2")), (("k2",), ("k2",)), (("k3", "k2"), ("k2", "k3")),
        (("k3", "k2", "k1"), ("k1", "k2", "k3")), ((), ()),
    ],
)  # fmt: skip
def test_a_text_opens_as_long_as_its_key_is_listed(
    settings: Settings, configured: tuple[str, ...], opens: tuple[str, ...]
) -> None:
    sealed = {}
    for name, key in KEYS.items():
        settings.KLARK_ENCRYPTION_KEYS = {name: key}
        sealed[name] = seal({"token": name})
    settings.KLARK_ENCRYPTION_KEYS = {name: KEYS[name] for name in configured}
    assert {name: _opened(text) for name, text in sealed.items()} == {
        name: {"token": name} if name in opens else None for name in KEYS
    }


def _opened(text: str) -> dict[str, str] | None:
    try:
        return unseal(text)
    except CannotOpen:
        return None


@pytest.mark.parametrize("newest", KEYS)
def test_the_newest_key_seals(settings: Settings, newest: str) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {newest: KEYS[newest], **KEYS}
    assert seal({"token": "t"}).partition(":")[0] == newest


@pytest.mark.parametrize(("given", "names"), list(product(["", "k9:abc", "k1:abc", "abc", ":", "k1:"], [("k1",)])))
def test_what_cannot_be_opened_names_the_key_and_never_the_secret(
    settings: Settings, given: str, names: tuple[str, ...]
) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {name: KEYS[name] for name in names}
    if not given:
        assert unseal(given) == {}
        return
    with pytest.raises(CannotOpen) as complaint:
        unseal(given)
    told = str(complaint.value)
    assert ("KLARK_ENCRYPTION_KEYS" in told, KEYS["k1"] in told) == (True, False)


@pytest.mark.parametrize("text", ["", "a" * 10_000, "é\u202e🦊", "a:b:c", '{"x": 1}', "line\nline"])
def test_any_secret_comes_back_as_it_was(text: str) -> None:
    assert unseal(seal({"token": text})) == {"token": text}
