"""A tenant's policy: a versioned row, immutable once a decision has been made under it, and the mode of each topic."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from guardrails.base import Level
from integrations.llms import LLMS
from klark.models.base import Owned
from klark.models.tenant import Topic
from klark.values.policy.part_words import labelled
from klark.values.policy.rules import READERS, Rules
from klark.values.policy.validation import complaints, filled, read_stored_rules

LISTS: Mapping[str, Any] = {
    "forbidden_phrases": _("forbidden phrases"),
    "trusted_domains": _("trusted link domains"),
    "escalate_tags": _("tags for a handover"),
    "excluded_tags": _("excluded tags"),
    "excluded_channels": _("excluded channels"),
    "excluded_senders": _("excluded senders"),
    "rollout_channels": _("channels that klark writes on"),
    "rollout_brands": _("brands that klark writes for"),
}
"""Labels of the list fields, whose columns have no verbose name."""
LEVELS = [(level.name, level.name) for level in Level]


def provider_choices() -> list[tuple[str, str]]:
    """Returns the providers a tenant may choose, as (value, label) pairs. A callable, so that a new one needs no migration.

    Leaves out "sections", because quoting whole sections is always available, and "local", because only the operator
    chooses what runs on klark's own machine.
    """
    return [(key, key) for key in LLMS if key not in ("sections", "local")]


def texts() -> "models.JSONField[Any, Any]":
    """Returns a field for a list of strings, empty by default."""
    return models.JSONField(default=list, blank=True)


def money(label: Any, empty: bool = True) -> "models.DecimalField[Any, Any]":
    """Returns a field for a non-negative amount in the policy's currency; nullable if `empty`, otherwise 0 by default."""
    return models.DecimalField(
        label, max_digits=12, decimal_places=4, null=empty, blank=empty, default=None if empty else Decimal(0),
        validators=[MinValueValidator(0)],
    )  # fmt: skip


class Policy(Owned):
    """One version of a tenant's policy; the newest is in force. `klark.values.policy.rules.Rules` explains each field."""

    class Mode(models.TextChoices):
        """What klark does with a good draft, from nothing to a public reply."""

        OFF = "off", _("off: hand over to a person")
        NOTE = "note", _("note: an internal note with the draft")
        QUEUE = "queue", _("queue: a person approves the draft")
        REPLY = "reply", _("reply: answer by itself")

    class Autonomy(models.TextChoices):
        """Whether public replies without a person must be earned (klark.autonomy), and who opens what is earned."""

        OFF = "off", _("the mode alone decides")
        PROPOSED = "proposed", _("earned, and a lead opens it")
        AUTOMATIC = "automatic", _("earned, and it opens by itself")

    class TicketActs(models.TextChoices):
        """Whether an agent's tag on a ticket does what a button of the queue does."""

        OFF = "off", _("off")
        KNOWN = "known", _("where the helpdesk tells which agent set the tag")
        ALL = "all", _("also where it does not tell who set it")

    class When(models.TextChoices):
        """When klark writes on tickets, by the office hours."""

        ALWAYS = "always", _("always")
        OPEN = "open", _("while the office is open")
        CLOSED = "closed", _("while the office is closed")

    class Dial(models.TextChoices):
        """How easily a ticket is handed over as sensitive."""

        CAREFUL = "careful", _("careful: rather one too many")
        BALANCED = "balanced", _("balanced")
        OPEN = "open", _("open: only what is plainly so")

    version = models.PositiveIntegerField(_("version"), editable=False)
    used_at = models.DateTimeField(_("first used"), null=True, editable=False)
    mode = models.CharField(_("mode for other topics"), max_length=10, choices=Mode, default=Mode.NOTE)
    languages = models.JSONField(_("languages"), default=list, blank=True, help_text='As in ["en", "fr"].')
    tolerate_note = models.CharField(_("highest level in a note"), max_length=5, choices=LEVELS, default="HOLD")
    tolerate_queue = models.CharField(_("highest level in the queue"), max_length=5, choices=LEVELS, default="HOLD")
    tolerate_reply = models.CharField(_("highest level in a reply"), max_length=5, choices=LEVELS, default="INFO")
    minimum_confidence = models.PositiveSmallIntegerField(
        _("lowest confidence of a reply, in percent"),
        default=Rules().minimum_confidence,
        help_text=_("A reply that klark is less sure of waits for a person. 0: none does."),
    )
    sign_off = models.JSONField(_("sign-off"), default=dict, blank=True, help_text='As in {"en": "…", "fr": "…"}.')
    greeting = models.JSONField(
        _("greeting"), default=dict, blank=True,
        help_text=_("{name} becomes the first name. Empty, or where klark knows no first name: klark's own words."),
    )  # fmt: skip
    disclose = models.BooleanField(_("say that a machine wrote it"), default=True)
    disclosure = models.JSONField(_("disclosure line"), default=dict, blank=True)
    forbidden_phrases = texts()
    trusted_domains = texts()
    runs_per_ticket = models.PositiveIntegerField(_("runs per ticket and day"), default=6)
    runs_per_requester = models.PositiveIntegerField(_("runs per requester and day"), default=20)
    budget_day = money(_("budget per day"))
    budget_month = money(_("budget per month"))
    price_in = money(_("model price per million tokens read"), empty=False)
    price_out = money(_("model price per million tokens written"), empty=False)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC")
    country = models.CharField(_("country"), max_length=2, blank=True, help_text=_("For help lines, as in FR."))
    escalate_group = models.CharField(_("hand over to group"), max_length=40, blank=True)
    escalate_tags = texts()
    sensitive = models.JSONField(
        _("sensitive topics"), default=dict, blank=True,
        help_text='Your own way with a topic, as in {"bereavement": {"group": "…", "tags": ["…"], "note": {"en": "…"}}}.',
    )  # fmt: skip
    dial = models.CharField(_("handing over sensitive tickets"), max_length=10, choices=Dial, default=Dial.BALANCED)
    excluded_tags = texts()
    excluded_channels = texts()
    excluded_senders = texts()
    reply_with_third_party = models.BooleanField(_("reply although a third party is in copy"), default=False)
    reply_when_led = models.BooleanField(_("reply although a person leads the ticket"), default=False)
    waiting_note = models.BooleanField(
        _("say on the ticket that a draft waits"), default=False,
        help_text=_("An internal note with a link, at once. The tag says it in any case."),
    )  # fmt: skip
    waiting_tag = models.CharField(
        _("tag while a draft waits"), max_length=32, blank=True, help_text=_("Empty: klark-draft-waiting.")
    )
    waiting_hours = models.PositiveSmallIntegerField(
        _("hours that a draft may wait"), default=Rules().waiting_hours,
        help_text=_("Then the ticket is handed over, with the draft in the note. 0: it waits as long as it takes."),
    )  # fmt: skip
    office_hours = models.JSONField(
        _("office hours"), default=dict, blank=True,
        help_text='As in {"mon": "9:00-12:00, 13:30-18:00", "tue": "9:00-18:00"}. Only these count for a draft that waits.',
    )  # fmt: skip
    ticket_acts = models.CharField(
        _("acting from the ticket"), max_length=10, choices=TicketActs, default=TicketActs.OFF,
        help_text=_("A tag that an agent sets on the ticket does what the queue's button does."),
    )  # fmt: skip
    act_tags = models.JSONField(
        _("tags to act by"), default=dict, blank=True,
        help_text='Empty: {"send": "klark_send", "redo": "klark_redo", "reject": "klark_reject"}.',
    )  # fmt: skip
    rollout_percent = models.PositiveSmallIntegerField(
        _("share of tickets that klark writes on, in percent"), default=Rules().rollout_percent,
        help_text=_("A ticket is always on the same side. On the others klark only watches."),
    )  # fmt: skip
    rollout_channels = texts()
    rollout_brands = texts()
    rollout_hours = models.CharField(_("when klark writes"), max_length=10, choices=When, default=When.ALWAYS)
    updates = models.JSONField(
        _("what a write changes"), default=dict, blank=True,
        help_text='By kind of write, as in {"reply": {"status": "pending", "tags": ["answered"]}}.',
    )  # fmt: skip
    brands = models.JSONField(
        _("brands"), default=dict, blank=True,
        help_text='By the helpdesk\'s id, as in {"5002": {"languages": ["fr"], "sign_off": {"fr": "…"}}}.',
    )  # fmt: skip
    offers = models.JSONField(
        _("offers"), default=dict, blank=True,
        help_text='By name, as in {"Free return label": {"topics": ["returns"], "text": {"en": "We send you …"}}}.',
    )  # fmt: skip
    crm = models.JSONField(
        _("customer facts"), default=dict, blank=True,
        help_text='As in {"url": "https://crm.example/klark", "facts": {"Order": "orders.0.number"}}.',
    )  # fmt: skip
    colleague_days = models.PositiveIntegerField(
        _("days for which a colleague's answer may be cited"), default=0,
        help_text=_("On a closed ticket that is alike. 0: never; what colleagues answered is then for agents alone."),
    )  # fmt: skip
    keep_days = models.JSONField(
        _("days for which things are kept"), default=dict, blank=True,
        help_text='By kind, as in {"drafts": 180, "memory": 365}.',
    )  # fmt: skip
    training_export = models.BooleanField(
        _("drafts may be exported to train a model"), default=False,
        help_text=_("Masked, by manage.py training."),
    )  # fmt: skip
    compare_percent = models.PositiveSmallIntegerField(
        _("budget for comparing what people wrote, in percent"), default=Rules().compare_percent,
        help_text=_("How much of each budget the judge may use to say whether edits and answers say the same. 0: none."),
    )  # fmt: skip
    regression_percent = models.PositiveSmallIntegerField(
        _("budget for trying the regression set, in percent"), default=Rules().regression_percent, db_default=0,
        help_text=_("How much of each budget klark may use to ask the model about past corrections after a change. 0: none."),
    )  # fmt: skip
    source_tokens = models.PositiveIntegerField(
        _("tokens of articles that a model reads"), default=Rules().source_tokens,
        help_text=_("For each draft. More finds more in long articles, and costs more."),
    )  # fmt: skip
    public_sections = models.BooleanField(
        _("send sections of articles to customers"), default=False,
        help_text=_("Without a model klark only quotes, and nobody has said that the sections answer."),
    )  # fmt: skip
    section_intro = models.JSONField(
        _("line before quoted sections"), default=dict, blank=True,
        help_text='As in {"en": "Our help pages say:", "fr": "…"}.',
    )  # fmt: skip
    autonomy = models.CharField(
        _("replies without a person"), max_length=10, choices=Autonomy, default=Autonomy.OFF,
        help_text=_("For topics whose mode is reply. The page “Autonomy” shows where each stands."),
    )  # fmt: skip
    autonomy_bar = models.PositiveSmallIntegerField(
        _("lowest share of right drafts, in percent"), default=Rules().autonomy_bar,
        help_text=_("Of those that people judged one by one, before a topic may answer by itself."),
    )  # fmt: skip
    audit_percent = models.PositiveSmallIntegerField(
        _("replies to audit, in percent"), default=Rules().audit_percent,
        help_text=_("Drawn by lot of those sent without a person, for somebody to judge afterwards."),
    )  # fmt: skip
    minutes_saved = models.PositiveSmallIntegerField(
        _("minutes that a sent draft saves"), default=0, help_text=_("For the overview. 0: the time saved is not counted.")
    )  # fmt: skip
    judge_model = models.CharField(
        _("model that judges drafts"), max_length=100, blank=True,
        help_text=_("Another model of the same server. Empty: the operator's judge, else the model that drafts."),
    )  # fmt: skip
    model_url = models.URLField(_("model server"), blank=True, help_text=_("Any OpenAI-compatible address."))
    model_provider = models.CharField(_("provider"), max_length=30, choices=provider_choices, default="openai")
    model_name = models.CharField(_("model"), max_length=100, blank=True)
    model_dialect = models.CharField(max_length=20, blank=True, editable=False)
    sealed_key = models.TextField(blank=True, editable=False)
    fallback_url = models.URLField(
        _("second model server"), blank=True,
        help_text=_("Asked where the first one does not answer, or turns klark down. It drafts, judges and reads."),
    )  # fmt: skip
    fallback_name = models.CharField(_("model there"), max_length=100, blank=True)
    sealed_fallback_key = models.TextField(blank=True, editable=False)
    fallback_price_in = money(_("its price per million tokens read"))
    fallback_price_out = money(_("its price per million tokens written"))
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=["tenant", "version"], name="policy_version_once"),)

    def __str__(self) -> str:
        return f"v{self.version}"

    def clean(self) -> None:
        """Raises ValidationError with one plain message for each field whose rule cannot be followed."""
        if wrong := complaints({**self._given(), "time_zone": self.time_zone}):
            raise ValidationError({name: labelled(each, self.label(name)) for name, each in wrong.items()})

    @classmethod
    def label(cls, name: str) -> str:
        """Returns the label of the field `name` as the admin shows it."""
        return capfirst(str(LISTS.get(name) or cls._meta.get_field(name).verbose_name))  # type: ignore[union-attr]  # no relation

    def rules(self) -> Rules:
        """Returns the policy as the frozen `Rules` that the pipeline reads. One query fetches the topics' own modes."""
        return self.rules_with(self._topic_modes())

    def rules_with(self, topics: Mapping[str, str]) -> Rules:
        """Returns the rules with these modes by topic, as a version that is not saved yet has them."""
        return read_stored_rules({**self._given(), "topics": topics, "version": self.version})

    def _topic_modes(self) -> dict[str, str]:
        rows = TopicRule.of(self.tenant_id).filter(policy=self).values_list("topic__key", "mode")
        return dict(rows)

    def _given(self) -> dict[str, Any]:
        return filled({name: getattr(self, name) for name in RULE_FIELDS})


RULE_FIELDS = tuple(name for name in READERS if name not in ("version", "topics"))


class TopicRule(Owned):
    """The mode for one topic's tickets under one version of the policy."""

    policy = models.ForeignKey(Policy, on_delete=models.CASCADE, related_name="topic_rules")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="+")
    mode = models.CharField(_("mode"), max_length=10, choices=Policy.Mode, default=Policy.Mode.NOTE)

    class Meta:
        verbose_name = _("topic rule")
        verbose_name_plural = _("topic rules")
        constraints = (models.UniqueConstraint(fields=["policy", "topic"], name="one_mode_per_topic"),)

    def __str__(self) -> str:
        return f"{self.topic} · {self.get_mode_display()}"


def policy_in_force(tenant_id: int) -> Policy | None:
    """Returns the newest version of the tenant's policy, or None if it has none yet."""
    return Policy.of(tenant_id).order_by("-version").first()


def rules_of(policy: Policy | None) -> Rules:
    """Returns the policy's rules, or klark's default rules if `policy` is None."""
    return policy.rules() if policy else Rules()
