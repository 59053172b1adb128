"""A tenant's helpdesk account."""

import re
import uuid

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.helpdesks import HELPDESKS
from klark.models.base import Owned


def helpdesk_choices() -> list[tuple[str, str]]:
    """Returns the choices as (value, label) pairs. A callable, so that a new helpdesk needs no migration."""
    return [(key, key.capitalize()) for key in HELPDESKS]


_ADDRESS = re.compile(r"[/:@?#\s]")


def account_name(helpdesk: str, typed: str) -> str:
    """Returns the account name in the form that the adapters take. Raises ValueError if `typed` looks like an address."""
    name = typed.strip().lower()
    if _ADDRESS.search(name):
        raise ValueError(
            f"{typed!r} is an address: give the bare name, as in “acme”, without https:// and without a path."
        )
    if helpdesk == "zendesk":
        return name.removesuffix(".zendesk.com")
    return f"{name}.freshdesk.com" if helpdesk == "freshdesk" and "." not in name else name


class Connection(Owned):
    """One helpdesk account of a tenant. Its id is part of the webhook endpoint's address.

    `sealed` holds the encrypted secrets: {"token", "webhook_secret", "old_webhook_secret"}, and the OAuth values that
    klark/connections/tokens.py describes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    helpdesk = models.CharField(_("helpdesk"), max_length=30, choices=helpdesk_choices)
    account = models.CharField(
        _("account"),
        max_length=200,
        help_text=_('Zendesk: the subdomain, as in "acme". Freshdesk: "acme.freshdesk.com".'),
    )
    address = models.CharField(max_length=200, blank=True, editable=False)  # of a stand-in; refused in production
    sealed = models.TextField(blank=True, editable=False)
    renewing_until = models.DateTimeField(null=True, editable=False)  # lease of the worker that is renewing the token
    own_user_id = models.CharField(_("klark's own user id"), max_length=40, blank=True)
    active = models.BooleanField(_("active"), default=True)
    shadow = models.BooleanField(
        _("shadow mode"), default=False, help_text=_("Do everything but write to the helpdesk.")
    )
    start_mark = models.DateTimeField(
        _("start mark"),
        default=timezone.now,
        help_text=_("Older tickets are answered only if the customer writes again."),
    )
    brands = models.JSONField(default=dict, db_default={}, editable=False)  # id → name, as set-up found them
    cursor = models.CharField(max_length=500, blank=True, editable=False)
    catch_up_at = models.DateTimeField(_("next catch-up read"), null=True, blank=True, editable=False)
    bad_signatures = models.PositiveIntegerField(_("webhooks with a bad signature"), default=0, editable=False)
    last_event_at = models.DateTimeField(_("last event"), null=True, editable=False)
    last_write_at = models.DateTimeField(_("last write"), null=True, editable=False)
    saved_replies = models.BooleanField(
        _("learn saved replies"), default=False,
        help_text=_("Macros and canned replies become knowledge, too. They may say what only an agent can know."),
    )  # fmt: skip
    signs = models.BooleanField(
        _("the helpdesk signs"), default=False,
        help_text=_("klark's seat has a signature of its own there, so that klark adds none."),
    )  # fmt: skip
    knowledge_cursor = models.TextField(blank=True, editable=False)
    walk_at = models.DateTimeField(null=True, editable=False)  # start of the full read of the help centre in progress
    walk_pages = models.PositiveIntegerField(default=0, editable=False)  # of that read, or of the last one
    walked_at = models.DateTimeField(_("help centre read"), null=True, editable=False)
    knowledge_trouble = models.CharField(_("trouble with the help centre"), max_length=300, blank=True, editable=False)
    trouble = models.CharField(_("trouble"), max_length=300, blank=True, editable=False)
    report = models.TextField(_("last set-up"), blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = (models.UniqueConstraint("tenant", "helpdesk", Lower("account"), name="account_once_per_tenant"),)

    def __str__(self) -> str:
        return f"{self.get_helpdesk_display()} · {self.account}"

    @classmethod
    def brand_names(cls, tenant_id: int) -> dict[str, str]:
        """Returns the names of the brands (Freshdesk: products) of the tenant's accounts, by the helpdesk's id."""
        return {known: name for each in cls.of(tenant_id) for known, name in each.brands.items()}
