"""Finds the models that `manage.py eval --llm` names."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.core.management.base import CommandError

from integrations.http.transports import Outbound
from integrations.llms.base import ModelAccount
from klark.drafting.tenant_settings import fallback_account, model_account
from klark.models import Tenant, policy_in_force, within
from klark.values.policy.rules import Rules

NOW, NONE = "now", "none"
ANOTHER_SERVER = "@http"


def chosen_account(owner: Tenant, typed: str, rules: Rules, prices: Sequence[Sequence[str]]) -> ModelAccount:
    """Returns the account of the model NAME on the tenant's own server, or of NAME@ADDRESS. One that klark knows already keeps
    its prices, and its key goes to its own server alone. `prices`: (model as typed, price in, price out). Raises CommandError."""
    name, at, rest = typed.partition(ANOTHER_SERVER)
    known = list(_known(owner, rules))
    if not at and not known:
        raise CommandError(f"--llm {typed}: {owner} has no model whose server could be asked. Give {typed}@ADDRESS.")
    address = f"http{rest}".rstrip("/") if at else known[0].base_url
    there = [each for each in known if each.base_url.rstrip("/") == address.rstrip("/")]
    account = next((each for each in there if each.model == name), None)
    if account is None:
        account = replace(there[0], model=name, dialect="") if there else _stranger(name, address, rules)
    given = [each for each in prices if each[0] == typed]
    if not given:
        return account
    price_in, price_out = _prices(given[-1])
    return replace(account, price_in=price_in, price_out=price_out)


def _known(owner: Tenant, rules: Rules) -> Iterator[ModelAccount]:
    """Yields the tenant's model and the one that stands in for it."""
    with within(owner.pk):
        policy = policy_in_force(owner.pk)
        model = model_account(policy, rules)
        found = (model, fallback_account(model, policy, rules))
    yield from (each for each in found if each and each.provider != "local")


def _stranger(name: str, address: str, rules: Rules) -> ModelAccount:
    """Returns a model on a server that klark has no key for."""
    outbound = Outbound(private=settings.KLARK_PRIVATE_HOSTS)
    return ModelAccount(name, address, "", outbound, rules.price_in, rules.price_out, settings.KLARK_MODEL_SECONDS)


def _prices(given: Sequence[str]) -> tuple[Decimal, Decimal]:
    try:
        first, second = (Decimal(each) for each in given[1:])
    except InvalidOperation:
        raise CommandError(f"--prices {' '.join(given)}: takes two amounts for a million tokens.") from None
    if not (first >= 0 and second >= 0):  # also "NaN"
        raise CommandError(f"--prices {' '.join(given)}: an amount is 0 or more.")
    return first, second
