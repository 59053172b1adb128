"""Tenants, and who may see them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned


class Tenant(models.Model):
    """One company: its knowledge, connections, policy and tickets are its own."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("tenant")
        verbose_name_plural = _("tenants")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """What a user may do for a tenant. Not bound by row-level security: it decides what that security shows."""

    class Role(models.TextChoices):
        """From reading to deciding."""

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
    """What tickets are about, in the tenant's own words."""

    key = models.SlugField(_("key"))
    name = models.CharField(_("name"), max_length=100)
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

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("key",)
        constraints = (models.UniqueConstraint(fields=["tenant", "key"], name="topic_key_once"),)

    def __str__(self) -> str:
        return self.name
