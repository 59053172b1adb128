"""Deletes what is no longer needed: raw webhooks, old completions, past tickets and logins, authorizations that nobody
finished. Decisions and drafts stay."""

from datetime import timedelta

from axes.models import AccessLog
from django.utils import timezone

from klark.models import EVERY_TENANT, Handshake, KeptCompletion, PastTicket, WebhookEvent, within
from klark.models.past_tickets import REMEMBERED

RAW_DAYS = 30
ENDED = (WebhookEvent.State.DONE, WebhookEvent.State.PARKED)
COMPLETION_DAYS = 62  # longer than the longest budget period
LOGIN_DAYS = 365


def tidy() -> None:
    """Deletes what is past its time. Safe to run at any time, and twice."""
    now = timezone.now()
    with within(EVERY_TENANT):
        # What is tried again is read from the helpdesk, so a parked event needs its bytes no more than one that is done.
        old = WebhookEvent.objects.filter(state__in=ENDED, received_at__lt=now - timedelta(days=RAW_DAYS))
        old.exclude(raw=b"").update(raw=b"")
        Handshake.objects.filter(ends_at__lt=now).delete()
        PastTicket.objects.filter(seen_at__lt=now - REMEMBERED).delete()
        KeptCompletion.objects.filter(at__lt=now - timedelta(days=COMPLETION_DAYS)).delete()
        AccessLog.objects.filter(attempt_time__lt=now - timedelta(days=LOGIN_DAYS)).delete()
