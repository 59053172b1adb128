"""The admin: Django's own with Unfold's theme, one file per kind of row; PAGES says which pages show which model.
Takes a user's requests; gives pages with the rows of the user's own tenants, and what they may do there.
Read `access` first, then `base`.
"""

from collections.abc import Mapping
from typing import Any

from allauth.account.admin import EmailAddress
from allauth.mfa.admin import Authenticator
from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken
from axes.admin import (
    AccessAttempt,
    AccessAttemptAdmin,
    AccessFailureLog,
    AccessFailureLogAdmin,
    AccessLog,
    AccessLogAdmin,
)
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import ForeignKey, Model
from django.utils.translation import gettext_lazy as _

from klark.admin import unfold_headers
from klark.admin.accounts import recorded_changes
from klark.admin.evidence.backtests import BacktestPages
from klark.admin.evidence.regression import RegressionPages
from klark.admin.knowledge.articles import ArticlePages
from klark.admin.knowledge.recalls import RecallPages
from klark.admin.knowledge.sources import SourcePages
from klark.admin.knowledge.topics import TopicPages
from klark.admin.operations.api_tokens import ApiTokenPages
from klark.admin.operations.audit import AuditPages
from klark.admin.operations.connections import ConnectionPages
from klark.admin.operations.log import DeliveryPages, EventPages
from klark.admin.operations.outgoing_webhooks import NotificationPages, OutgoingWebhookPages
from klark.admin.operations.tenants import TenantPages
from klark.admin.operations.users import UserPages
from klark.admin.policy.judges import JudgeCheckPages
from klark.admin.policy.pages import PolicyPages
from klark.admin.queue.decisions import DecisionPages
from klark.admin.queue.drafts import DraftPages
from klark.models import (
    ApiToken,
    Article,
    AuditEntry,
    BacktestRun,
    Connection,
    Decision,
    Delivery,
    Draft,
    JudgeCheck,
    Membership,
    Notification,
    OutgoingWebhook,
    Policy,
    Recall,
    RegressionRun,
    Source,
    Tenant,
    Topic,
    TopicRule,
    WebhookEvent,
)

PAGES: Mapping[type[Model], type[Any]] = {
    Draft: DraftPages,
    Decision: DecisionPages,
    Recall: RecallPages,
    Policy: PolicyPages,
    Topic: TopicPages,
    Article: ArticlePages,
    Source: SourcePages,
    JudgeCheck: JudgeCheckPages,
    BacktestRun: BacktestPages,
    RegressionRun: RegressionPages,
    Connection: ConnectionPages,
    WebhookEvent: EventPages,
    Delivery: DeliveryPages,
    ApiToken: ApiTokenPages,
    OutgoingWebhook: OutgoingWebhookPages,
    Notification: NotificationPages,
    AuditEntry: AuditPages,
    Tenant: TenantPages,
    get_user_model(): UserPages,
}

NAMES: Mapping[tuple[type[Model], str], Any] = {(Delivery, "sending_at"): _("left for the helpdesk")}


def name_columns(rows: type[Model]) -> None:
    """Labels foreign keys that have no verbose name with that of their target model, and columns in NAMES as it says.

    This is done here because a verbose name given in a model is part of a migration.
    """
    for column in rows._meta.concrete_fields:
        if isinstance(column, ForeignKey) and column.verbose_name == column.name.replace("_", " "):
            column.verbose_name = column.related_model._meta.verbose_name or column.name
        column.verbose_name = NAMES.get((rows, column.name), column.verbose_name)


def for_superusers(pages: type[Any]) -> type[Any]:
    """Returns pages of another package that superusers alone are offered. Nobody else has Django's permissions, and asking for
    them costs every page of the admin two queries."""
    return type(pages.__name__, (pages,), {"has_module_permission": lambda self, request: request.user.is_superuser})


# Django's own pages, and allauth's; groups and permissions are not used, and nobody links accounts of other sites
admin.site.unregister([get_user_model(), Group, Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken])
NAMED: tuple[type[Model], ...] = (*PAGES, TopicRule, Membership)
for rows in NAMED:
    name_columns(rows)
for shown, pages in PAGES.items():
    admin.site.register(shown, pages)
for shown, pages in (
    (AccessAttempt, AccessAttemptAdmin),
    (AccessFailureLog, AccessFailureLogAdmin),
    (AccessLog, AccessLogAdmin),
):
    admin.site.unregister(shown)
    admin.site.register(shown, for_superusers(pages))
recorded_changes.listen()
unfold_headers.install()
