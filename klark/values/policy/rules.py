"""What a tenant allows, as one plain value: read from a policy's row, or from a file for `manage.py try`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from guardrails.base import Level
from guardrails.triage.classify import DIALS, Dial
from guardrails.triage.crisis_lines import country_of
from klark.values.policy.fields import (
    KEEP_DAYS,
    LEAST_TOKENS,
    MOST_TOKENS,
    BadRules,
    Reader,
    by_name,
    count,
    crm,
    given,
    level,
    money,
    object_of,
    one_of,
    part,
    plain,
    takes,
    text_set,
    texts,
    whole,
    zone,
)
from klark.values.policy.office_hours import office_hours
from klark.values.policy.parts import (
    ACT_TAGS,
    KINDS,
    UPDATE,
    SensitiveRule,
    act_tags,
    brands,
    keep_days,
    offers,
    sensitive,
    tag,
)

Mode = Literal["off", "note", "queue", "reply"]
Autonomy = Literal["off", "proposed", "automatic"]
TicketActs = Literal["off", "known", "all"]
When = Literal["always", "open", "closed"]
MODES: tuple[str, ...] = get_args(Mode)


@dataclass(frozen=True, slots=True)
class Rules:
    """A tenant's policy. `mode` is for topics that have none of their own in `topics`.

    `tolerate_*` is the highest level of finding that each decision may have; above it, the next more careful decision is taken.
    `minimum_confidence` is in percent: a reply that klark is less sure of waits for approval.
    Money is in `currency`; `None` means no ceiling, and for the prices of the second model those of the first.
    `disclosure`, `greeting` and `sign_off` are by language; "{name}" in a greeting is the first name of who is greeted.
    `updates` is by kind of write: {"reply": {"status", "status_name", "priority", "assignee", "tags", "fields"}}, all
    of them optional; `status_name` is one of the helpdesk's own statuses, and goes before `status`.
    `crm` is where facts on a requester come from: {"url", "facts": {name: path}, "helpdesk": {name: path}}, see
    integrations.crm.base and helpdesk_fields. `source_tokens`: how much of the articles a drafter reads. `judge_model`: another
    model on the same server that judges drafts. `public_sections`: without a model, sections may be sent to the customer
    unreviewed; `section_intro` introduces them, by language.
    `colleague_days`: the age in days up to which a colleague's answer may be cited; 0: none is.
    `keep_days`: for how many days each kind of thing is kept (klark.personal_data.retention).
    `training_export`: whether drafts that people judged may be exported, masked, to train a model (klark.evidence.training).
    `compare_percent`: how much of each budget comparing what people wrote with the drafts may use, in percent; 0: a model is
    never asked (klark.evidence.compared_outcomes). `regression_percent`: the same of trying the regression set by itself after a
    change (klark.evidence.regression.run_sets).
    `dial`: how easily a ticket is handed over as sensitive (guardrails.triage).
    `waiting_tag`: is on a ticket while a draft waits; `waiting_note`: a note leads to it; `waiting_hours`: then its ticket is
    handed over (0: never): hours in which the office is open, if there are `office_hours` (klark.values.policy.office_hours).
    `ticket_acts`: whether an agent's tag on the ticket does what the queue's button does: "known" only where the helpdesk
    tells who set it; `act_tags`: act → tag (klark.delivery.asked_acts).
    `rollout_*`: on which tickets klark writes at all; on the others it only watches (klark.deciding.rollout).
    `autonomy`: whether replies without a person must be earned (klark.autonomy), and who opens what is earned; `autonomy_bar`:
    the share of right drafts that it takes, in percent; `audit_percent`: of such replies, how many people judge afterwards.
    `offers`: what a person may have added to a reply, by name: {"topics", "text" by language}; only on those topics.
    `brands` is by the helpdesk's own id of a brand (Freshdesk: a product): {"5002": {"languages", "sign_off"}}.
    """

    version: int = 0
    mode: Mode = "note"
    topics: Mapping[str, Mode] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en", "fr")
    tolerate_note: Level = Level.HOLD
    tolerate_queue: Level = Level.HOLD
    tolerate_reply: Level = Level.INFO
    minimum_confidence: int = 60
    greeting: Mapping[str, str] = field(default_factory=dict)
    sign_off: Mapping[str, str] = field(default_factory=dict)
    disclose: bool = True
    disclosure: Mapping[str, str] = field(default_factory=dict)
    forbidden_phrases: tuple[str, ...] = ()
    trusted_domains: frozenset[str] = frozenset()
    runs_per_ticket: int = 6
    runs_per_requester: int = 20
    budget_day: Decimal | None = None
    budget_month: Decimal | None = None
    price_in: Decimal = Decimal(0)
    price_out: Decimal = Decimal(0)
    fallback_price_in: Decimal | None = None
    fallback_price_out: Decimal | None = None
    currency: str = "EUR"
    time_zone: str = "UTC"
    country: str = ""
    escalate_group: str = ""
    escalate_tags: tuple[str, ...] = ("klark-handover",)
    sensitive: Mapping[str, SensitiveRule] = field(default_factory=dict)
    dial: Dial = "balanced"
    excluded_tags: frozenset[str] = frozenset()
    excluded_channels: frozenset[str] = frozenset({"chat", "social", "phone", "side_conversation"})
    excluded_senders: frozenset[str] = frozenset()
    reply_with_third_party: bool = False
    reply_when_led: bool = False
    waiting_tag: str = "klark-draft-waiting"
    waiting_note: bool = False
    waiting_hours: int = 24
    office_hours: Mapping[str, str] = field(default_factory=dict)
    ticket_acts: TicketActs = "off"
    act_tags: Mapping[str, str] = field(default_factory=lambda: ACT_TAGS)
    rollout_percent: int = 100
    rollout_channels: frozenset[str] = frozenset()
    rollout_brands: frozenset[str] = frozenset()
    rollout_hours: When = "always"
    updates: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    brands: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    offers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    crm: Mapping[str, Any] = field(default_factory=dict)
    source_tokens: int = 2_500
    judge_model: str = ""
    public_sections: bool = False
    section_intro: Mapping[str, str] = field(default_factory=dict)
    colleague_days: int = 0
    keep_days: Mapping[str, int] = field(default_factory=lambda: KEEP_DAYS)
    training_export: bool = False
    compare_percent: int = 10
    regression_percent: int = 0
    autonomy: Autonomy = "off"
    autonomy_bar: int = 97
    audit_percent: int = 10

    def for_brand(self, brand_id: str | None) -> "Rules":
        """Returns these rules with the brand's own languages and sign-off, where it has any."""
        return replace(self, **self.brands.get(brand_id or "", {}))

    def mode_of(self, topic: str) -> Mode:
        """Returns what may be done with a ticket of this topic."""
        return self.topics.get(topic, self.mode)

    def offers_on(self, topic: str, language: str) -> Mapping[str, str]:
        """Returns the texts of the offers that may be made on a topic, by their names, in this language."""
        made = ((name, each) for name, each in self.offers.items() if topic in each.get("topics", ()))
        return {name: text for name, each in made if (text := each.get("text", {}).get(language, "").strip())}

    @property
    def language(self) -> str:
        """The language that klark speaks to the tenant's people in: the first of the policy's, else English."""
        return self.languages[0] if self.languages else "en"

    @property
    def zone(self) -> ZoneInfo:
        """The tenant's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def place(self) -> str:
        """The country for help lines: the one that is set, else that of the time zone, else ""."""
        return self.country.upper() or country_of(self.time_zone)

    def on(self, category: str) -> SensitiveRule:
        """Returns the tenant's own handling of a sensitive topic."""
        return self.sensitive.get(category, SensitiveRule())

    def group_for(self, categories: Collection[str]) -> str:
        """Returns the group of a handover: that of the first sensitive topic with one of its own, else the policy's."""
        return next((self.on(each).group for each in categories if self.on(each).group), self.escalate_group)

    def own_tags(self) -> frozenset[str]:
        """Returns every tag that klark itself may set on a ticket."""
        updates = (tag for each in self.updates.values() for tag in each.get("tags", ()))
        return frozenset({*self.tags_for(self.sensitive), *updates, self.waiting_tag})

    def tags_for(self, categories: Collection[str]) -> list[str]:
        """Returns the tags of a handover, including those of its sensitive topics, each once."""
        own = (tag for each in categories for tag in self.on(each).tags)
        return list(dict.fromkeys((*self.escalate_tags, *own)))


def everything_allowed(domains: Collection[str]) -> Rules:
    """Returns the most that klark would ever do: public replies for every topic, with links to these domains
    (`manage.py try` without a policy)."""
    return Rules(mode="reply", trusted_domains=frozenset(domains))


def read_rules(values: Mapping[str, Any]) -> Rules:
    """Returns rules from a JSON object with the names of `Rules`. Raises BadRules."""
    known = {each.name for each in fields(Rules)}
    if unknown := sorted(set(values) - known):
        sentence = _("%(given)s is not part of a policy; known are: %(known)s.")
        raise BadRules(unknown[0], sentence, given=given(unknown[0]), known=", ".join(sorted(known)))
    return Rules(**{name: READERS[name](name, value) for name, value in values.items()})


_mode, _flag, _text = one_of(*MODES), plain(bool), plain(str)


@takes(**object_of(_mode))
def _modes(name: str, value: Any) -> Any:
    if not isinstance(value, dict):
        raise BadRules(name, _("%(name)s takes an object: topic → mode."))
    return {topic: _mode(f"{name}.{topic}", mode) for topic, mode in value.items()}


_BY_TYPE: Mapping[Any, Reader] = {
    bool: _flag,
    str: _text,
    int: count,
    Level: level,
    Decimal: money,
    Decimal | None: money,
    tuple[str, ...]: texts,
    frozenset[str]: text_set,
    Mapping[str, str]: by_name,
}
"""How a field of `Rules` is read where its type alone says what it takes."""
_OWN: Mapping[str, Reader] = {
    "version": plain(int),
    "mode": _mode,
    "topics": _modes,
    "minimum_confidence": whole(0, 100),
    "time_zone": zone,
    "sensitive": sensitive,
    "dial": one_of(*DIALS),
    "updates": part(dict.fromkeys(KINDS, part(UPDATE))),
    "brands": brands,
    "offers": offers,
    "crm": crm,
    "source_tokens": whole(LEAST_TOKENS, MOST_TOKENS),
    "keep_days": keep_days,
    "waiting_tag": tag,
    "office_hours": office_hours,
    "ticket_acts": one_of(*get_args(TicketActs)),
    "act_tags": act_tags,
    "rollout_percent": whole(0, 100),
    "rollout_hours": one_of(*get_args(When)),
    "autonomy": one_of(*get_args(Autonomy)),
    "autonomy_bar": whole(95, 99),
    "audit_percent": whole(1, 100),
    "compare_percent": whole(0, 100),
    "regression_percent": whole(0, 100),
}
READERS: Mapping[str, Reader] = {each.name: _OWN.get(each.name) or _BY_TYPE[each.type] for each in fields(Rules)}
