"""Changing the encryption key while everything runs: old and new key open meanwhile, and in the end the new one alone."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.core.management import call_command
from django.db import models
from pytest_django import Settings

from klark.connections import key_rotation
from klark.connections.key_rotation import SEALED
from klark.models import EVERY_TENANT, Connection, Handshake, OutgoingWebhook, Policy, within
from klark.runtime.encrypted_secrets import seal, unseal
from tests.klark.companies import company

pytestmark = pytest.mark.django_db
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def sealed_with_the_old_key(settings: Settings) -> None:
    """Two companies with secrets in every place that has some, and one policy without a key."""
    settings.KLARK_ENCRYPTION_KEYS = {"k1": OLD}
    for mark in ("alder", "birch"):
        made = company(mark)
        with within(EVERY_TENANT):
            account = Connection.objects.get(pk=made.connection)
            keys = {"sealed_key": seal({"key": f"{mark}-key"}), "sealed_fallback_key": seal({"key": f"{mark}-second"})}
            Policy.objects.filter(pk=made.policy).update(**keys)
            Policy.objects.create(tenant_id=made.tenant, version=2)
            OutgoingWebhook.objects.create(tenant_id=made.tenant, name=mark, sealed=seal({"secret": mark}))
            Handshake.objects.create(
                tenant_id=made.tenant, connection=account, digest=mark, sealed=seal({"verifier": mark}), session="", user_id=1,
                ends_at=datetime(2026, 11, 2, tzinfo=UTC),
            )  # fmt: skip
    settings.KLARK_ENCRYPTION_KEYS = {"k2": NEW, "k1": OLD}


def stored() -> dict[str, list[str]]:
    """What stands in each sealed column."""
    with within(EVERY_TENANT):
        return {
            f"{model.__name__}.{column}": [*model._default_manager.order_by("pk").values_list(column, flat=True)]
            for model, column in SEALED
        }


def opened() -> dict[str, list[dict[str, str]]]:
    return {name: [unseal(text) for text in texts] for name, texts in stored().items()}


def rotated() -> tuple[int, str, str]:
    """The command's status, and what it says on both sides."""
    out, err = StringIO(), StringIO()
    try:
        call_command("keys", "rotate", stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_after_a_rotation_the_new_key_alone_opens_everything(settings: Settings) -> None:
    before = opened()
    assert rotated() == (0, "10 encrypted anew with key 'k2'.\nNothing needs these any more, once every process has the new "
                            "key: k1\n", "")  # fmt: skip
    settings.KLARK_ENCRYPTION_KEYS = {"k2": NEW}
    assert opened() == before
    assert [len([each for each in secrets if each]) for secrets in before.values()] == [2, 2, 2, 2, 2]


def test_a_second_rotation_finds_nothing_to_do() -> None:
    rotated()
    before = stored()
    assert rotated()[1].startswith("0 encrypted anew with key 'k2'.")
    assert stored() == before


def test_what_a_lost_key_has_sealed_is_named_and_left_and_the_rest_goes_on(settings: Settings) -> None:
    with within(EVERY_TENANT):
        lost = Connection.objects.order_by("pk").first()
        assert lost is not None
        Connection.objects.filter(pk=lost.pk).update(sealed="k0:gone")
    status, said, complaint = rotated()
    assert (status, said) == (1, "9 encrypted anew with key 'k2'.\n")
    assert complaint.startswith(f"connection {lost.pk}: This secret was sealed with key 'k0': put it back")
    assert "k0:gone" in stored()["Connection.sealed"]


def test_a_new_key_under_the_old_ones_id_is_found_out_before_anybody_removes_the_old_one(settings: Settings) -> None:
    settings.KLARK_ENCRYPTION_KEYS = {"k1": NEW}
    status, said, complaint = rotated()
    assert (status, said) == (1, "0 encrypted anew with key 'k1'.\n")
    assert complaint.count("Key 'k1' in KLARK_ENCRYPTION_KEYS is not the one this secret was sealed with.") == 10


def test_a_token_that_a_worker_renews_meanwhile_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time the rotation turns to a connection, a worker has just renewed the tokens of all."""
    turn, renewed = key_rotation._anew, {"token": "renewed"}

    def renew_then_turn(model: type[models.Model], column: str, key: object) -> bool:
        with within(EVERY_TENANT):
            Connection.objects.update(sealed=seal(renewed))
        return turn(model, column, key)

    monkeypatch.setattr(key_rotation, "_anew", renew_then_turn)
    assert rotated()[1].startswith("8 encrypted anew")
    assert opened()["Connection.sealed"] == [renewed, renewed]


def test_no_sealed_column_is_forgotten() -> None:
    columns = {
        (model, field.name)
        for model in apps.get_app_config("klark").get_models()
        for field in model._meta.get_fields()
        if field.name.startswith("sealed")
    }
    assert columns == set(SEALED)
