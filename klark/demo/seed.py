"""Sets up the invented shop in klark's database and the stand-in help centres, as an operator and a support lead would."""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from integrations.sandbox.client import DeskName, Sandbox
from integrations.sandbox.records import BRAND_ID
from klark.connections.open_helpdesk import ready_desk
from klark.demo import shop
from klark.knowledge.embedding import embedders, progress
from klark.knowledge.refresh_source import refresh
from klark.knowledge.sync_help_centre import sync
from klark.models import EVERY_TENANT, Connection, Membership, Policy, Source, Tenant, Topic, TopicRule, within
from klark.runtime.encrypted_secrets import seal
from klark.runtime.processes import POLL_S

TOKENS = {"zendesk": "klark@example.com/token:sandbox-token", "freshdesk": "sandbox-key"}
BOTH: tuple[DeskName, ...] = ("zendesk", "freshdesk")
LEAD, AGENT, OPERATOR = "lead", "agent", "operator"
LOGINS: Mapping[str, tuple[Membership.Role, str]] = {
    LEAD: (Membership.Role.LEAD, "decides what klark may do, and sees how well it does it"),
    AGENT: (Membership.Role.AGENT, "approves, edits and rejects the drafts in the queue"),
    OPERATOR: (Membership.Role.OPERATOR, "everything: helpdesks, events, health, users"),
}
"""The demo's logins, each with its role and what it is for."""
EMBEDDED_S = 180.0
"""How long, in seconds, the worker may take to embed the passages; after that, klark retrieves by words alone."""
HANDBOOK = Path(__file__).parent / "handbook"


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was set up: the tenant, its connections by helpdesk, and the password that all logins share."""

    tenant_id: int
    connections: dict[DeskName, Connection]
    password: str


def seed(sandbox: Sandbox, web: str) -> Seeded:
    """Sets up the shop. If it exists already, only addresses, webhook secrets and the password are renewed.

    `web` is the address of klark's web server, as in "http://127.0.0.1:8000".
    """
    with within(EVERY_TENANT):
        tenant, new = Tenant.objects.get_or_create(slug="fanalou", defaults={"name": shop.about()["name"]})
        if new:
            _policy(tenant)
        password = _logins(tenant)
    connections = {desk: _connect(tenant, desk, sandbox, web) for desk in BOTH}
    _handbook(tenant)
    return Seeded(tenant.pk, connections, password)


def _policy(tenant: Tenant) -> None:
    policy = Policy.objects.create(tenant=tenant, version=1, **shop.about()["policy"])
    for topic in shop.topics():
        words = [word for language in topic.words.values() for word in language]
        row = Topic.objects.create(
            tenant=tenant,
            key=topic.key,
            name=topic.name["en"],
            names=topic.name,
            description=topic.description,
            words=words,
        )
        TopicRule.objects.create(tenant=tenant, policy=policy, topic=row, mode=topic.action)


def _logins(tenant: Tenant) -> str:
    """Creates the logins, the operator with all rights; returns their new password."""
    password = secrets.token_urlsafe(9)
    hashed = make_password(password)
    for name, (role, _what) in LOGINS.items():
        user, _new = get_user_model().objects.update_or_create(
            username=name,
            defaults={"email": f"{name}@fanalou.example", "password": hashed, "is_staff": True,
                      "is_superuser": name == OPERATOR},
        )  # fmt: skip
        Membership.objects.update_or_create(user=user, tenant=tenant, defaults={"role": role})
    return password


def _connect(tenant: Tenant, desk: DeskName, sandbox: Sandbox, web: str) -> Connection:
    """Returns a connection to the stand-in helpdesk, with its webhook set up there and its help centre read."""
    secret = secrets.token_urlsafe(24)
    with within(tenant.pk):
        row = Connection.of(tenant.pk).filter(helpdesk=desk).first() or Connection(
            tenant=tenant, helpdesk=desk, account="fanalou" if desk == "zendesk" else "fanalou.freshdesk.com",
            start_mark=timezone.now(),
        )  # fmt: skip
        row.address = sandbox.base(desk)
        row.brands = {str(BRAND_ID): tenant.name} if desk == "zendesk" else {}
        row.sealed = seal({"token": TOKENS[desk], "webhook_secret": secret})
        row.cursor = ""
        row.save()
    ready_desk(row)
    sandbox.webhook(desk, f"{web}/webhooks/{row.pk}/", secret)
    sandbox.articles(desk, [_article(article) for article in shop.articles() if article.on(desk)])
    sync(row)
    return row


def _handbook(tenant: Tenant) -> None:
    """Adds a folder as another source besides the help centres: a text and a table of products."""
    with within(tenant.pk):
        source, _ = Source.of(tenant.pk).update_or_create(
            tenant=tenant, name="handbook", defaults={"kind": "folder", "address": str(HANDBOOK)}
        )
    refresh(source)


def _article(article: shop.ShopArticle) -> dict[str, str]:
    return {
        "id": article.id, "title": article.title, "body_html": article.body_html, "language": article.language,
        "section": article.section, "category": article.section, "updated": article.updated.isoformat(), "url": article.url,
    }  # fmt: skip


def await_meaning(seeded: Seeded, tell: Callable[[int, int], None], check: Callable[[], None]) -> bool:
    """Waits until the worker has embedded all passages, and returns whether it has within EMBEDDED_S.

    `tell` is called with the number embedded and the total. `check` is called meanwhile, and raises if a process died.
    """
    end = time.monotonic() + EMBEDDED_S
    while embedders() and time.monotonic() < end:
        with within(seeded.tenant_id):
            known = progress(seeded.tenant_id, embedders()[0].model)
        tell(known.done, known.total)
        if known.done == known.total:
            return True
        check()
        time.sleep(10 * POLL_S)
    return False
