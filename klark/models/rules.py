"""What a tenant allows, as one plain value: read from a policy's row, or from a file for `manage.py try`."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args
from zoneinfo import available_timezones

from guardrails.base import Level
from guardrails.promise_rules import CLASSES
from guardrails.sensitive_categories import CATEGORIES
from guardrails.sensitive_help import country_of
from integrations.crm.mapping import wrong_with

Mode = Literal["off", "note", "queue", "reply"]
KINDS = ("reply", "note", "handover")
OWN_SEAT = "klark"  # as assignee: the seat that klark writes as
STATUSES, PRIORITIES = ("open", "pending", "hold", "solved"), ("low", "normal", "high", "urgent")
MODES: tuple[str, ...] = get_args(Mode)


class BadRules(ValueError):
    """A policy that cannot be followed; the sentence names the field and what it takes."""


@dataclass(frozen=True, slots=True)
class SensitiveRule:
    """A tenant's own way with one sensitive topic. What is empty stays as klark has it; `tags` come on top of the others.

    `note`, `todo` and `call` are by language. `{help_line}` and `{emergency}` in a note become the country's.
    """

    group: str = ""
    tags: tuple[str, ...] = ()
    note: Mapping[str, str] = field(default_factory=dict)
    todo: Mapping[str, str] = field(default_factory=dict)
    call: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rules:
    """`mode` is for topics without one of their own in `topics`.

    `tolerate_*` is the highest level of finding that each decision may carry; above it, the decision falls to the
    next more careful one. `minimum_confidence` is in percent: a reply that klark is less sure of waits.
    75 is the highest round figure at which the demo still answers all that it should (docs/guardrails.md).
    Money is in `currency`; `None` means no ceiling. `disclosure` and `sign_off` are by language.
    `updates` is by kind of write: {"reply": {"status", "priority", "assignee", "tags", "fields"}}, all of them optional.
    `crm` is where facts on a requester come from: {"url", "facts": {name: path}, "helpdesk": {name: path}}, see
    integrations.crm.base and helpdesk_fields. `model_search`: the model may add queries and reorder what was found.
    `colleague_days`: how old a colleague's answer may be to be cited; 0: none is.
    `brands` is by the helpdesk's own id of a brand (Freshdesk: a product): {"5002": {"languages", "sign_off"}}.
    """

    version: int = 0
    mode: Mode = "note"
    topics: Mapping[str, Mode] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en", "fr")
    tolerate_note: Level = Level.HOLD
    tolerate_queue: Level = Level.HOLD
    tolerate_reply: Level = Level.INFO
    minimum_confidence: int = 75
    sign_off: Mapping[str, str] = field(default_factory=dict)
    disclose: bool = True
    disclosure: Mapping[str, str] = field(default_factory=dict)
    forbidden_phrases: tuple[str, ...] = ()
    trusted_domains: frozenset[str] = frozenset()
    allowed_promises: frozenset[str] = frozenset()
    runs_per_ticket: int = 6
    runs_per_requester: int = 20
    budget_day: Decimal | None = None
    budget_month: Decimal | None = None
    price_in: Decimal = Decimal(0)
    price_out: Decimal = Decimal(0)
    currency: str = "EUR"
    time_zone: str = "UTC"
    country: str = ""
    escalate_group: str = ""
    escalate_tags: tuple[str, ...] = ("klark-handover",)
    sensitive: Mapping[str, SensitiveRule] = field(default_factory=dict)
    excluded_tags: frozenset[str] = frozenset()
    excluded_channels: frozenset[str] = frozenset({"chat", "social", "phone", "side_conversation"})
    excluded_senders: frozenset[str] = frozenset()
    reply_with_third_party: bool = False
    reply_when_led: bool = False
    updates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    brands: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    crm: Mapping[str, Any] = field(default_factory=dict)
    model_search: bool = False
    colleague_days: int = 0

    def for_brand(self, brand_id: str | None) -> "Rules":
        """These rules with the brand's own languages and sign-off, where it has any."""
        return replace(self, **self.brands.get(brand_id or "", {}))

    def mode_of(self, topic: str) -> Mode:
        """What may be done with a ticket of this topic."""
        return self.topics.get(topic, self.mode)

    @property
    def place(self) -> str:
        """The country for help lines: the one that was set, else that of the time zone, else ""."""
        return self.country.upper() or country_of(self.time_zone)

    def on(self, category: str) -> SensitiveRule:
        """What the tenant says about a sensitive topic."""
        return self.sensitive.get(category, SensitiveRule())

    def group_for(self, categories: Collection[str]) -> str:
        """The group of a handover: that of the first sensitive topic with one of its own, else the policy's."""
        return next((self.on(each).group for each in categories if self.on(each).group), self.escalate_group)

    def tags_for(self, categories: Collection[str]) -> list[str]:
        """The tags of a handover, those of its sensitive topics added, each once."""
        own = (tag for each in categories for tag in self.on(each).tags)
        return list(dict.fromkeys((*self.escalate_tags, *own)))


def everything_allowed(domains: Collection[str]) -> Rules:
    """The most that klark would ever do: public replies for every topic, with links to these domains
    (`manage.py try` without a policy)."""
    return Rules(mode="reply", trusted_domains=frozenset(domains))


def read_rules(given: Mapping[str, Any]) -> Rules:
    """Rules from a JSON object with the names above. Raises BadRules."""
    known = {each.name for each in fields(Rules)}
    if unknown := sorted(set(given) - known):
        raise BadRules(f"{unknown[0]!r} is not part of a policy; known are: {', '.join(sorted(known))}.")
    return Rules(**{name: _READ.get(name, _same)(name, value) for name, value in given.items()})


def _same(name: str, value: Any) -> Any:
    expected = type(getattr(Rules(), name))
    if type(value) is not expected:
        raise BadRules(f"{name} takes {expected.__name__}, not {value!r}.")
    return value


def _count(name: str, value: Any) -> int:
    if type(value) is not int or value < 0:
        raise BadRules(f"{name} takes a whole number that is not negative, not {value!r}.")
    return value


def _percent(name: str, value: Any) -> int:
    if type(value) is not int or not 0 <= value <= 100:
        raise BadRules(f"{name} takes a whole number from 0 to 100, not {value!r}.")
    return value


def _zone(name: str, value: Any) -> str:
    if value not in available_timezones():
        raise BadRules(f"{name} takes a name such as Europe/Paris, not {value!r}.")
    return str(value)


def _mode(name: str, value: Any) -> Any:
    if not isinstance(value, str) or value not in MODES:
        raise BadRules(f"{name} takes one of {', '.join(MODES)}, not {value!r}.")
    return value


def _modes(name: str, value: Any) -> Any:
    if not isinstance(value, dict):
        raise BadRules(f"{name} takes an object: topic → mode.")
    return {topic: _mode(f"{name}.{topic}", mode) for topic, mode in value.items()}


def _level(name: str, value: Any) -> Level:
    try:
        return Level[str(value).upper()]
    except KeyError:
        raise BadRules(f"{name} takes one of {', '.join(level.name for level in Level)}, not {value!r}.") from None


def _money(name: str, value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise BadRules(f"{name} takes an amount of money that is not negative, not {value!r}.")
    return amount


def _same_text(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        raise BadRules(f"{name} takes a text, not {value!r}.")
    return value


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple | frozenset) or not all(isinstance(each, str) for each in value):
        raise BadRules(f"{name} takes a list of texts.")
    return tuple(value)


def _text_set(name: str, value: Any) -> frozenset[str]:
    return frozenset(_texts(name, value))


def _promises(name: str, value: Any) -> frozenset[str]:
    found = _text_set(name, value)
    if unknown := sorted(found - set(CLASSES)):
        raise BadRules(f"{name} takes any of {', '.join(CLASSES)}, not {unknown[0]!r}.")
    return found


def _by_language(name: str, value: Any) -> Any:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise BadRules(f"{name} takes an object: name → text.")
    return value


def _updates(name: str, value: Any) -> Any:
    if not isinstance(value, dict) or set(value) - set(KINDS):
        raise BadRules(f"{name} takes an object with any of {', '.join(KINDS)}.")
    return {kind: _part(f"{name}.{kind}", update, _UPDATE) for kind, update in value.items()}


def _crm(name: str, value: Any) -> Any:
    if wrong := wrong_with(value):
        raise BadRules(f"{name}{wrong}")
    return value


def _brands(name: str, value: Any) -> Any:
    if not isinstance(value, dict):
        raise BadRules(f"{name} takes an object: id of a brand → its languages and sign-off.")
    return {brand: _part(f"{name}.{brand}", own, _BRAND) for brand, own in value.items()}


def _part(name: str, value: Any, readers: Mapping[str, Callable[[str, Any], Any]]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) - set(readers):
        raise BadRules(f"{name} takes an object with any of {', '.join(readers)}.")
    return {key: readers[key](f"{name}.{key}", inner) for key, inner in value.items()}


def _one_of(*choices: str) -> Callable[[str, Any], str]:
    def read(name: str, value: Any) -> str:
        if value not in choices:
            raise BadRules(f"{name} takes one of {', '.join(choices)}, not {value!r}.")
        return str(value)

    return read


def _assignee(name: str, value: Any) -> str:
    if value != OWN_SEAT and not (isinstance(value, str) and value.isdecimal()):
        raise BadRules(f'{name} takes the id of an agent, or "{OWN_SEAT}" for klark\'s own seat, not {value!r}.')
    return str(value)


_UPDATE: Mapping[str, Callable[[str, Any], Any]] = {
    "status": _one_of(*STATUSES),
    "priority": _one_of(*PRIORITIES),
    "assignee": _assignee,
    "tags": _texts,
    "fields": _by_language,
}
_BRAND: Mapping[str, Callable[[str, Any], Any]] = {"languages": _texts, "sign_off": _by_language}
_OWN_WAY = {"group": _same_text, "tags": _texts, "note": _by_language, "todo": _by_language, "call": _by_language}


def _sensitive(name: str, value: Any) -> Any:
    """Topic → an object with some of the names in `SensitiveRule`."""
    if not isinstance(value, dict) or not all(isinstance(each, dict) for each in value.values()):
        raise BadRules(f"{name} takes an object: sensitive topic → object.")
    if unknown := sorted(set(value) - set(CATEGORIES)):
        raise BadRules(f"{name}.{unknown[0]} is no sensitive topic; known are: {', '.join(CATEGORIES)}.")
    return {topic: _own_way(f"{name}.{topic}", given) for topic, given in value.items()}


def _own_way(name: str, given: Mapping[str, Any]) -> SensitiveRule:
    if unknown := sorted(set(given) - set(_OWN_WAY)):
        raise BadRules(f"{name}.{unknown[0]} is not known; known are: {', '.join(_OWN_WAY)}.")
    return SensitiveRule(**{key: _OWN_WAY[key](f"{name}.{key}", value) for key, value in given.items()})


_READ = {
    "updates": _updates,
    "brands": _brands,
    "crm": _crm,
    "mode": _mode,
    "runs_per_ticket": _count,
    "runs_per_requester": _count,
    "colleague_days": _count,
    "time_zone": _zone,
    "topics": _modes,
    "languages": _texts,
    "tolerate_note": _level,
    "tolerate_queue": _level,
    "tolerate_reply": _level,
    "minimum_confidence": _percent,
    "sensitive": _sensitive,
    "sign_off": _by_language,
    "disclosure": _by_language,
    "forbidden_phrases": _texts,
    "trusted_domains": _text_set,
    "allowed_promises": _promises,
    "budget_day": _money,
    "budget_month": _money,
    "price_in": _money,
    "price_out": _money,
    "escalate_tags": _texts,
    "excluded_tags": _text_set,
    "excluded_channels": _text_set,
    "excluded_senders": _text_set,
}
