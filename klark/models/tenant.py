"""Tenants, the users who may see them, a tenant's topics, and what a person has stopped."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.tenancy import EVERY_TENANT, at_once
from klark.values.policy.part_words import PRIORITY_NAMES
from klark.values.triage import PRIORITIES

if TYPE_CHECKING:
    from klark.models.draft import Draft


class Tenant(models.Model):
    """One company, with its own knowledge, connections, policy and tickets."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        # What klark's code and its operator call a tenant is to everybody else a company.
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


def all_tenant_ids() -> list[int]:
    """Returns the ids of all tenants. Opens its own transaction."""
    return [pk for (pk,) in at_once(EVERY_TENANT, "SELECT id FROM klark_tenant ORDER BY id", {})]


class Membership(models.Model):
    """A user's role for a tenant. The table has no row-level security, because it decides which tenants a user sees."""

    class Role(models.TextChoices):
        """The roles; `klark.admin.access` says what each may do."""

        VIEWER = "viewer", _("viewer: sees queue and decisions, decides nothing")
        AGENT = "agent", _("agent: reviews drafts")
        LEAD = "lead", _("support lead: reviews drafts, policy and knowledge")
        OPERATOR = "operator", _("operator: connections, events and deliveries as well")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.AGENT)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (models.UniqueConstraint(fields=["user", "tenant"], name="one_role_per_tenant"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.tenant}"


class Topic(Owned):
    """A subject of tickets, in the tenant's own words; a policy may set a mode for each."""

    key = models.SlugField(_("key"))
    name = models.CharField(_("name"), max_length=100)
    names = models.JSONField(_("names by language"), default=dict, blank=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    words = models.JSONField(
        _("words"), default=list, blank=True, help_text=_("Words customers use for it, in any language, as a list.")
    )
    examples = models.JSONField(
        _("examples"),
        default=list,
        blank=True,
        help_text=_("What customers wrote about it, as a list; personal data masked."),
    )
    priority = models.CharField(
        _("lowest priority"), max_length=10, blank=True, default="", db_default="",
        choices=[(each, PRIORITY_NAMES[each]) for each in PRIORITIES[1:]],
        help_text=_("Lowest priority of its tickets. Empty: no limit."),
    )  # fmt: skip
    highest_priority = models.CharField(
        _("highest priority"), max_length=10, blank=True, default="", db_default="",
        choices=[(each, PRIORITY_NAMES[each]) for each in PRIORITIES[1:-1]],  # to the queue, low is normal
        help_text=_("Highest priority of its tickets, sensitive ones aside. Empty: no limit."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=["tenant", "key"], name="topic_key_once"),)

    def __str__(self) -> str:
        """Returns its name in the reader's language."""
        return self.named(get_language() or "")

    def named(self, language: str) -> str:
        """Returns its name in a language; the tenant's own name for it where it has none there."""
        return self.names.get(language[:2]) or self.name

    @classmethod
    def titles(cls, tenant_id: int) -> dict[str, str]:
        """Returns the names of the tenant's topics in the reader's language, by key."""
        return {each.key: str(each) for each in cls.of(tenant_id)}


class Stop(Owned):
    """A person's order that klark drafts and writes nothing: for the whole tenant, for one connection, or for one topic (its
    key). It holds until it is released, and stays as the log of both."""

    connection = models.ForeignKey(
        "klark.Connection", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    by = models.CharField(_("stopped by"), max_length=150)
    since = models.DateTimeField(_("since"), db_default=Now())
    released_by = models.CharField(_("released by"), max_length=150, blank=True)
    released_at = models.DateTimeField(_("released"), null=True, blank=True)

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ("since",)
        constraints = (
            models.UniqueConstraint(
                fields=["tenant", "connection", "topic"], condition=models.Q(released_at=None),
                nulls_distinct=False, name="stopped_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return str(self.connection or self.topic or self.tenant)

    @classmethod
    def in_force(cls) -> models.QuerySet["Stop"]:
        """Returns the visible stops that nobody has released."""
        return cls._default_manager.filter(released_at=None)

    @classmethod
    def holds(cls, draft: "Draft") -> bool:
        """Returns whether the draft's tenant, connection or topic is stopped. Call inside `within(tenant_id)`."""
        here = models.Q(connection=draft.connection_id) | models.Q(topic=draft.topic or None)
        whole = models.Q(connection=None, topic="")
        return cls.in_force().filter(whole | here, tenant_id=draft.tenant_id).exists()
