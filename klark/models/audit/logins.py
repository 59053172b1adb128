"""Logins in the audit chain: that they began and ended, also where nobody was there to end them."""

from typing import Any

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from klark.models.audit.entry import Actor, AuditAct
from klark.models.audit.record import record
from klark.models.tenant import Membership


def record_login(user: User, act: AuditAct, **content: Any) -> None:
    """Adds a login or a log-out to the chain of each tenant that the user may see; a superuser's to the installation's."""
    tenants = Membership.objects.filter(user_id=user.pk).order_by("tenant_id").values_list("tenant_id", flat=True)
    for tenant_id in [None] if user.is_superuser else list(tenants):
        record(tenant_id, Actor(user.pk, user.get_username()), act, **content)


def end_idle_logins() -> None:
    """Deletes the sessions that idled out; each login among them is recorded as a log-out. Call inside `within`."""
    ended = Session.objects.filter(expire_date__lt=Now()).select_for_update(skip_locked=True)
    sessions = list(ended)
    Session.objects.filter(pk__in=[one.pk for one in sessions]).delete()
    for one in sessions:
        user = get_user_model().objects.filter(pk=one.get_decoded().get(SESSION_KEY, 0)).first()
        if user:
            record_login(user, AuditAct.LOGGED_OUT, idle_since=one.expire_date)
