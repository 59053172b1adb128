"""Checks that what a policy says also makes sense, when somebody enters one. Stored rows are read without these checks,
so that no tenant stops because a newer klark knows better."""

from collections.abc import Callable, Mapping
from typing import Any, get_args

import pytz
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext_lazy as _

from guardrails.text.language import CODES
from integrations.helpdesks.base import Channel
from klark.values.policy import Rules, read_rules
from klark.values.policy_fields import BadRules, given

NO_CHANNEL = "none"  # excludes none; an empty list in a row means klark's defaults
CHANNELS: tuple[str, ...] = (*get_args(Channel), NO_CHANNEL)
DOMAIN = DomainNameValidator()


def read_new_rules(values: Mapping[str, Any]) -> Rules:
    """Returns rules as `read_rules` does, and checks them for somebody who can still correct them. Raises BadRules."""
    rules = read_rules(values)
    for name in set(values) & set(CHECKS):
        CHECKS[name](name, getattr(rules, name))
    return rules


def _languages(name: str, codes: tuple[str, ...]) -> None:
    if strange := [code for code in codes if code not in CODES]:
        sentence = _(
            "%(name)s: klark knows no language %(given)s; it takes codes such as en or fr. Known are: %(known)s."
        )
        raise BadRules(name, sentence, given=given(strange[0]), known=", ".join(sorted(CODES)))


def _brands(name: str, brands: Mapping[str, Mapping[str, Any]]) -> None:
    for brand, own in brands.items():
        _languages(f"{name}.{brand}.languages", own.get("languages", ()))


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


def _country(name: str, code: str) -> None:
    if code and code.upper() not in pytz.country_names:
        sentence = _("%(name)s: there is no country %(given)s; it takes a code of two letters, as in FR.")
        raise BadRules(name, sentence, given=given(code))


CHECKS: Mapping[str, Callable[[str, Any], None]] = {
    "languages": _languages,
    "brands": _brands,
    "trusted_domains": _domains,
    "excluded_channels": _channels,
    "country": _country,
}
