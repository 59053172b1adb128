"""Tokens by which a tenant's own programs use the API, and what they were answered under an idempotency key."""

import secrets
from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from klark.models.audit.entry import Actor, sha256
from klark.models.base import Owned
from klark.models.tenancy import EVERY_TENANT, within

PREFIX = "klark_"
"""What every token begins with, so that scanners of secrets can tell one."""
MINUTE = timedelta(minutes=1)


class ApiToken(Owned):
    """A program's access to one tenant. Only the SHA-256 of the token is kept: it is random, so nobody can guess it from that.

    `used` counts the requests since `minute_began`, at most `per_minute` within one minute.
    """

    class Scope(models.TextChoices):
        """What a token may do."""

        READ = "read", _("read decisions, drafts, deliveries, topics, policy and articles")
        ACT = "act", _("approve, edit, reject, draft again, hand over, take and snooze")
        ASK = "ask", _("ask klark a question, which may cost money")
        ASSIST = "assist", _("sum up, reword and translate what is on a ticket, which may cost money")
        KNOWLEDGE = "knowledge", _("put articles in and take them out")

    name = models.CharField(_("name"), max_length=100, help_text=_("Which program uses it. The audit names it so."))
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("may"), default=list)
    per_minute = models.PositiveIntegerField(_("requests per minute"), default=120)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    minute_began = models.DateTimeField(db_default=Now(), editable=False)
    used = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=["tenant", "name"], name="api_token_name_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """The token, as the audit chain names one."""
        return Actor(None, f"token {self.name}")

    def draw(self) -> str:
        """Draws the token, keeps its digest, and returns it: nobody can read it again. Saves nothing."""
        token = f"{PREFIX}{secrets.token_urlsafe(32)}"
        self.digest = sha256(token)
        return token

    def is_good(self) -> bool:
        """Returns whether it is neither expired nor revoked by now. Call inside `within`."""
        return type(self).good().filter(pk=self.pk).exists()

    @classmethod
    def good(cls) -> models.QuerySet[Any]:
        """Returns the visible tokens that are neither expired nor revoked."""
        return cls._default_manager.filter(revoked_at=None, expires_at__gt=Now())

    @classmethod
    def use(cls, token: str) -> Self | None:
        """Counts one request, and returns the token's row; None if there is none, or it is expired or revoked. Opens its own
        transaction."""
        this_minute = models.Q(minute_began__gt=Now() - MINUTE)
        with within(EVERY_TENANT):
            rows = cls.good().filter(digest=sha256(token))
            rows.update(
                used=models.Case(models.When(this_minute, then=models.F("used") + 1), default=1),
                minute_began=models.Case(models.When(this_minute, then=models.F("minute_began")), default=Now()),
                last_used_at=Now(),
            )
            found: Self | None = rows.first()
        return found


class KeptAnswer(Owned):
    """What a token was answered under an idempotency key, so that a repeated request is answered alike and nothing is done
    twice. `asked` is the digest of the request; `status` is 0 until it is answered."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (models.UniqueConstraint(fields=["token", "key"], name="idempotency_key_once"),)

    def __str__(self) -> str:
        return self.key
