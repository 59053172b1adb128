"""The entries of the audit chain. Each holds the link of the one before it, so a change anywhere breaks all that follows.

The application's role may only read and add entries (klark/models/database/security.py). What an act consisted of is kept
apart, in AuditDetail: an entry holds its salted digest only, so erasing it leaves the chain whole.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a user by id and name, or klark or the command line, which have no id."""

    user_id: int | None
    name: str


KLARK, COMMAND_LINE = Actor(None, "klark"), Actor(None, "command line")


class AuditAct(models.TextChoices):
    """What can be done, seen or changed."""

    LOGGED_IN = "logged in", _("logged in")
    LOGGED_OUT = "logged out", _("logged out")
    SAW = "saw", _("saw")
    APPROVED = "approved", _("approved")
    EDITED = "edited", _("edited and approved")
    ADDED = "added", _("sent an addition")
    REJECTED = "rejected", _("rejected")
    REGENERATED = "regenerated", _("regenerated")
    TAKEN_BACK = "taken back", _("took an approval back")
    HANDED_OVER = "handed over", _("handed over")
    TOOK = "took", _("took a draft")
    GAVE_BACK = "gave back", _("gave a draft back")
    SNOOZED = "snoozed", _("snoozed a draft")
    BROUGHT_BACK = "woke", _("brought a snoozed draft back")
    TRIED_AGAIN = "tried again", _("tried again")
    MARKED_SENT = "marked sent", _("marked as sent")
    STOPPED = "stopped", _("stopped klark")
    RELEASED = "released", _("released what was stopped")
    CLIMBED = "climbed", _("let klark go further")
    FELL = "fell", _("took klark a step back")
    JUDGED = "judged", _("judged a draft")
    WROTE = "wrote", _("wrote to the ticket")
    POLICY = "policy", _("saved a policy")
    CONNECTION = "connection", _("changed a connection")
    SECRETS = "secrets", _("changed secrets")
    TOPIC = "topic", _("changed a topic")
    SOURCE = "source", _("changed a source")
    ARTICLE = "article", _("changed an article")
    USER = "user", _("changed a user")
    MEMBERSHIP = "membership", _("changed a membership")
    TENANT = "tenant", _("changed a company")
    EXPORTED = "exported", _("gave out a person's data")
    TRAINING = "training", _("exported drafts to train a model")
    DISMISSED = "dismissed", _("dismissed a suggestion")
    CASE = "case", _("changed the regression set")
    ERASED = "erased", _("erased a person's data")
    KEYS = "keys", _("rotated the keys")
    TOKEN = "token", _("changed an API token")
    WEBHOOK = "webhook", _("changed an outgoing webhook")
    ASKED = "asked", _("asked klark a question")


class AuditEntry(Owned):
    """One act. `tenant` is empty in the chain of the whole installation, which superusers alone see."""

    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.PROTECT, related_name="+")  # type: ignore[assignment]  # may be null
    number = models.PositiveBigIntegerField(_("number"))
    at = models.DateTimeField(_("at"))
    user_id = models.BigIntegerField(_("user's number"), null=True)
    who = models.CharField(_("who"), max_length=150)
    act = models.CharField(_("what"), max_length=20, choices=AuditAct)
    kind = models.CharField(max_length=40, blank=True)
    row = models.CharField(max_length=40, blank=True)
    digest = models.CharField(_("digest of the details"), max_length=64)
    previous = models.CharField(_("link of the entry before"), max_length=64, blank=True)
    link = models.CharField(_("link"), max_length=64)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit")
        ordering = ("-at", "-number")
        constraints = (
            models.UniqueConstraint(fields=["tenant", "number"], name="audit_number_once", nulls_distinct=False),
        )
        indexes = (models.Index(fields=["kind", "row"], name="audit_about"),)

    def __str__(self) -> str:
        return f"{self.number} · {self.who} · {self.get_act_display()}"

    def link_as(self, number: int) -> str:
        """Returns the link that this entry must have if it is the chain's entry `number`."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        said = (at, self.user_id, self.who, self.act, self.kind, self.row, self.digest, self.previous)
        return sha256(canonical([self.tenant_id, number, *said]))


class AuditDetail(Owned):
    """What an act consisted of, with the salt of its digest; deleted with the draft that it is about."""

    tenant = models.ForeignKey(Tenant, null=True, on_delete=models.PROTECT, related_name="+")  # type: ignore[assignment]  # may be null
    entry = models.OneToOneField(AuditEntry, on_delete=models.CASCADE, related_name="detail")
    salt = models.CharField(max_length=32)
    content = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("audit details")
        verbose_name_plural = _("audit details")

    def __str__(self) -> str:
        return str(self.entry_id)

    def digest(self) -> str:
        """Returns the digest that its entry must have."""
        return sha256(self.salt + canonical(self.content))


def chain(tenant_id: int | None) -> models.QuerySet[AuditEntry]:
    """Returns a tenant's entries in order, or with None those of the installation. Call inside `within`."""
    which = models.Q(tenant__isnull=True) if tenant_id is None else models.Q(tenant_id=tenant_id)
    return AuditEntry.objects.filter(which).order_by("number")


def canonical(value: Any) -> str:
    """Returns the one way of writing a value as JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


def sha256(text: str) -> str:
    """Returns the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
