"""The admin: Django's own, in Unfold's clothes. One noun a file; this table says which pages show which rows."""

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model

from klark.admin.connections import ConnectionPages
from klark.admin.drafts import DraftPages
from klark.admin.knowledge import ArticlePages
from klark.admin.log import DecisionPages, DeliveryPages, EventPages
from klark.admin.policy import PolicyPages
from klark.admin.sources import SourcePages
from klark.admin.tenants import TenantPages
from klark.admin.topics import TopicPages
from klark.admin.users import UserPages
from klark.models import Article, Connection, Decision, Delivery, Draft, Policy, Source, Tenant, Topic, WebhookEvent

PAGES: Mapping[type[Model], type[Any]] = {
    Draft: DraftPages,
    Decision: DecisionPages,
    Policy: PolicyPages,
    Topic: TopicPages,
    Article: ArticlePages,
    Source: SourcePages,
    Connection: ConnectionPages,
    WebhookEvent: EventPages,
    Delivery: DeliveryPages,
    Tenant: TenantPages,
    get_user_model(): UserPages,
}

admin.site.unregister([get_user_model(), Group])  # Django's own pages: groups and permissions are not used
for shown, pages in PAGES.items():
    admin.site.register(shown, pages)
