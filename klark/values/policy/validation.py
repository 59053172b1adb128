"""Checks that what a policy says also makes sense, when somebody enters one. Stored rows are read without these checks,
and without names that klark does not know, so that no tenant stops because a newer klark knows better."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, get_args

import pytz
import structlog
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext_lazy as _

from guardrails.text.language import CODES
from guardrails.triage.sensitive_topics import CATEGORIES
from integrations.helpdesks.base import Channel
from klark.values.policy.fields import KEEP_DAYS, BadRules, given, money
from klark.values.policy.office_hours import DAYS
from klark.values.policy.parts import ACT_TAGS, BRAND, KINDS, OFFER, OWN_WAY, UPDATE
from klark.values.policy.rules import Rules, read_rules

log = structlog.get_logger(__name__)

NO_CHANNEL = "none"  # excludes none; an empty list in a row means klark's defaults
CHANNELS: tuple[str, ...] = (*get_args(Channel), NO_CHANNEL)
DOMAIN = DomainNameValidator()
ANY = "*"
INSIDE: Mapping[str, Mapping[str, Any]] = {
    "sensitive": dict.fromkeys(CATEGORIES, OWN_WAY),
    "updates": dict.fromkeys(KINDS, UPDATE),
    "brands": {ANY: BRAND},
    "offers": {ANY: OFFER},
    "keep_days": KEEP_DAYS,
    "office_hours": dict.fromkeys(DAYS),
    "act_tags": ACT_TAGS,
}
"""The names that klark knows inside a field; `ANY`: whatever the name."""


UNPRICED = _(
    "While both of the model's prices are 0, everything costs nothing and no budget is ever spent. Fill in the prices, "
    "or leave this empty."
)


def filled(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the fields that say something: an empty list, object or text means klark's default."""
    return {name: value for name, value in values.items() if value not in ([], {}, "")}


def complaints(values: Mapping[str, Any]) -> dict[str, BadRules]:
    """Returns what is wrong with each field that a person gives: the first mistake in it."""
    unpriced = {name: BadRules(name, UNPRICED) for name in _never_spent(values)}
    return unpriced | {name: wrong for name, value in values.items() if (wrong := wrong_with(name, value))}


def wrong_with(name: str, value: Any) -> BadRules | None:
    """Returns the first mistake in a field's value, or None."""
    try:
        read_new_rules({name: value})
    except BadRules as wrong:
        return wrong
    return None


def _never_spent(values: Mapping[str, Any]) -> list[str]:
    """Returns the budgets that nothing is ever spent of, because nothing costs anything."""
    amounts = {
        name: _amount(name, values.get(name)) for name in ("price_in", "price_out", "budget_day", "budget_month")
    }
    budgets = [name for name, amount in amounts.items() if name.startswith("budget") and amount]
    return [] if amounts["price_in"] or amounts["price_out"] else budgets


def _amount(name: str, value: Any) -> Decimal | None:
    try:
        amount: Decimal | None = money(name, value)
    except BadRules:
        return None
    return amount


def read_new_rules(values: Mapping[str, Any]) -> Rules:
    """Returns rules as `read_rules` does, and checks them for somebody who can still correct them. Raises BadRules."""
    rules = read_rules(values)
    for name in set(values) & set(CHECKS):
        CHECKS[name](name, getattr(rules, name))
    return rules


def read_stored_rules(values: Mapping[str, Any]) -> Rules:
    """Returns the rules of a row, without the names inside its fields that this klark does not know: another version
    wrote them, and nobody is there to correct them. Raises BadRules for values that cannot be read at all."""
    kept = {name: _known(value, INSIDE.get(name)) for name, value in values.items()}
    if changed := sorted(name for name in kept if kept[name] != values[name]):
        log.warning("a policy has names that this klark does not know: they are left out", fields=changed,
                    version=values.get("version"))  # fmt: skip
    return read_rules(kept)


def _known(value: Any, names: Mapping[str, Any] | None) -> Any:
    """Returns the value without unknown names, at every depth that `names` describes."""
    if not isinstance(value, Mapping) or not isinstance(names, Mapping):
        return value
    known = {name: inner for name, inner in value.items() if name in names or ANY in names}
    return {name: _known(inner, names.get(name, names.get(ANY))) for name, inner in known.items()}


def _languages(name: str, codes: tuple[str, ...]) -> None:
    if strange := [code for code in codes if code not in CODES]:
        sentence = _(
            "%(name)s: klark knows no language %(given)s; it takes codes such as en or fr. Known are: %(known)s."
        )
        raise BadRules(name, sentence, given=given(strange[0]), known=", ".join(sorted(CODES)))


def _brands(name: str, brands: Mapping[str, Mapping[str, Any]]) -> None:
    for brand, own in brands.items():
        _languages(f"{name}.{brand}.languages", own.get("languages", ()))


def _offers(name: str, offers: Mapping[str, Mapping[str, Any]]) -> None:
    for offer, made in offers.items():
        if not made.get("topics") or not any(text.strip() for text in made.get("text", {}).values()):
            raise BadRules(
                f"{name}.{offer}", _("%(name)s takes both its topics and its text, in one language at least.")
            )
        _languages(f"{name}.{offer}.text", tuple(made["text"]))


def _updates(name: str, updates: Mapping[str, Mapping[str, Any]]) -> None:
    for kind, own in updates.items():
        _of_a_line(f"{name}.{kind}.fields", own.get("fields", {}))


def _crm(name: str, crm: Mapping[str, Any]) -> None:
    for part in ("facts", "helpdesk"):
        _of_a_line(f"{name}.{part}", crm.get(part, {}))


def _of_a_line(place: str, texts: Mapping[str, str]) -> None:
    """Refuses names that the policy's form cannot show, as it shows a line for each: "name = text"."""
    if strange := [name for name in texts if {"=", "\n", "\r"} & set(name)]:
        sentence = _("%(name)s takes names without = and without a line break, not %(given)s.")
        raise BadRules(place, sentence, given=given(strange[0]))


def _domains(name: str, domains: frozenset[str]) -> None:
    if strange := [each for each in sorted(domains) if not _is_domain(each)]:
        sentence = _("%(name)s: %(given)s is no domain; give the bare name, as in shop.example, without https:// and "
                     "without a path.")  # fmt: skip
        raise BadRules(name, sentence, given=given(strange[0]))


def _is_domain(text: str) -> bool:
    try:
        DOMAIN(text)
    except ValidationError:
        return False
    return True


def _channels(name: str, channels: frozenset[str]) -> None:
    if strange := sorted(channels - set(CHANNELS)):
        sentence = _("%(name)s: there is no channel %(given)s; known are: %(known)s.")
        raise BadRules(name, sentence, given=given(strange[0]), known=", ".join(CHANNELS))


def _only_channels(name: str, channels: frozenset[str]) -> None:
    if NO_CHANNEL in channels:
        raise BadRules(name, _("%(name)s: none is no channel; to write on no ticket, let klark write on 0 percent."))
    _channels(name, channels)


def _country(name: str, code: str) -> None:
    if code and code.upper() not in pytz.country_names:
        sentence = _("%(name)s: there is no country %(given)s; it takes a code of two letters, as in FR.")
        raise BadRules(name, sentence, given=given(code))


CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "languages": _languages,
    "brands": _brands,
    "offers": _offers,
    "updates": _updates,
    "crm": _crm,
    "trusted_domains": _domains,
    "excluded_channels": _channels,
    "rollout_channels": _only_channels,
    "country": _country,
}
