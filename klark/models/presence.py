"""Who has a draft's page open, and who is changing its text: each open page says so every few seconds."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from klark.models.base import Owned
from klark.models.draft import Draft

AWAY = timedelta(seconds=20)
"""Whoever has not been heard of for so long has left: three of the page's reports."""


class Presence(Owned):
    """A user on a draft's page: since when, when last heard of, and since when the text in the box is no longer the draft's."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField(db_default=Now())
    edits_since = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        constraints = (models.UniqueConstraint(fields=["draft", "user"], name="present_once"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.draft}"


def report(draft: Draft, user_id: int, edits: bool) -> None:
    """Keeps that a user has the draft's page open, and whether they are changing its text. Call inside `within(tenant_id)`."""
    mine = Presence.of(draft.tenant_id).filter(user=user_id)
    mine.filter(seen_at__lt=Now() - AWAY).delete()
    Presence.objects.get_or_create(tenant_id=draft.tenant_id, draft_id=draft.pk, user_id=user_id)
    edited = Coalesce("edits_since", Now()) if edits else None
    mine.filter(draft=draft.pk).update(seen_at=Now(), edits_since=edited)


def others_at(draft: Draft, user_id: int) -> models.QuerySet[Presence]:
    """Returns who else has the draft's page open, the first to come first. Call inside `within(tenant_id)`."""
    return others_in(Presence.of(draft.tenant_id).filter(draft=draft.pk), user_id)


def others_in(presences: models.QuerySet[Presence], user_id: int) -> models.QuerySet[Presence]:
    """Returns those of `presences` who have not left, without the user, the first to come first."""
    here = presences.filter(seen_at__gte=Now() - AWAY)
    return here.exclude(user=user_id).select_related("user").order_by("since", "pk")
