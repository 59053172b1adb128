"""Encrypts all stored secrets anew with the newest key, while everything runs, so that an old key can be removed."""

from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

from klark.models import (
    COMMAND_LINE,
    EVERY_TENANT,
    AuditAct,
    Connection,
    Handshake,
    OutgoingWebhook,
    Policy,
    record,
    within,
)
from klark.runtime.encrypted_secrets import CannotOpen, seal, unseal

SEALED: tuple[tuple[type[Model], str], ...] = (
    (Connection, "sealed"),
    (Handshake, "sealed"),
    (OutgoingWebhook, "sealed"),
    (Policy, "sealed_key"),
    (Policy, "sealed_fallback_key"),
)
"""Every column with secrets in it."""
FACTOR_SECRETS = ("secret", "seed")
"""What is sealed in the JSON of a second factor: an authenticator app's, and that of recovery codes."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many secrets were encrypted anew, and which cannot be opened: a row and why."""

    anew: int
    lost: tuple[str, ...]


def rotate() -> Rotated:
    """Encrypts anew what another than the newest key has encrypted, and tries to open the rest. Safe to run at any time, and
    twice."""
    anew, lost = 0, []
    for model, column in SEALED:
        with within(EVERY_TENANT):
            keys = list(_sealed(model, column).order_by("pk").values_list("pk", flat=True))
        for key in keys:
            try:
                anew += _anew(model, column, key)
            except CannotOpen as error:
                lost.append(f"{model._meta.verbose_name} {key}: {error}")
    for factor in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        try:
            anew += _factor_anew(factor)
        except CannotOpen as error:
            lost.append(f"second factor {factor}: {error}")
    record(
        None, COMMAND_LINE, AuditAct.KEYS, newest=next(iter(settings.KLARK_ENCRYPTION_KEYS)), anew=anew, lost=len(lost)
    )
    return Rotated(anew, tuple(lost))


def _newest() -> str:
    return f"{next(iter(settings.KLARK_ENCRYPTION_KEYS))}:"


def _sealed(model: type[Model], column: str) -> QuerySet[Any]:
    return model._default_manager.exclude(**{column: ""})


def _anew(model: type[Model], column: str, key: Any) -> bool:
    """Encrypts one row's secrets anew; returns False if the newest key has encrypted them. The row is locked, so that a token
    which a worker renews at this moment is not written over."""
    with within(EVERY_TENANT):
        rows = _sealed(model, column).filter(pk=key)
        sealed = rows.select_for_update().values_list(column, flat=True).first() or ""
        opened = unseal(sealed)
        return not sealed.startswith(_newest()) and bool(rows.update(**{column: seal(opened)}))


@transaction.atomic
def _factor_anew(key: int) -> bool:
    """Encrypts one second factor's secret anew, under a lock; returns False if it is gone or has none under an older key."""
    factor = Authenticator.objects.select_for_update().filter(pk=key).first()
    sealed = {} if factor is None else {name: factor.data[name] for name in FACTOR_SECRETS if name in factor.data}
    opened = {name: unseal(text) for name, text in sealed.items()}
    older = {name: seal(opened[name]) for name, text in sealed.items() if not text.startswith(_newest())}
    return bool(older) and bool(Authenticator.objects.filter(pk=key).update(data={**factor.data, **older}))
