"""Put the invented shop into klark's database and its help centres: what an operator and a lead would have set up."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth import get_user_model
from django.utils import timezone

from integrations.sandbox.client import DeskName, Sandbox
from klark.connections.connect import ready_desk
from klark.demo import shop
from klark.knowledge.embedding import embedders, progress
from klark.knowledge.refresh import refresh
from klark.knowledge.sync import sync
from klark.models import EVERY_TENANT, Connection, Membership, Policy, Source, Tenant, Topic, TopicRule, within
from klark.runtime.processes import POLL_S
from klark.runtime.sealed import seal

TOKENS = {"zendesk": "klark@example.com/token:sandbox-token", "freshdesk": "sandbox-key"}
BOTH: tuple[DeskName, ...] = ("zendesk", "freshdesk")
LEAD, OPERATOR = "lead", "operator"
EMBEDDED_S = 180.0
"""How long the worker may take for the vectors; then klark finds by words alone."""
HANDBOOK = Path(__file__).parent / "handbook"


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the demo needs to know of what it set up: connections by helpdesk, and the password of both logins."""

    tenant_id: int
    connections: dict[DeskName, Connection]
    password: str


def seed(sandbox: Sandbox, web: str) -> Seeded:
    """Set the shop up; run again on a folder that has it, only addresses and the password are renewed."""
    with within(EVERY_TENANT):
        tenant, new = Tenant.objects.get_or_create(slug="fanalou", defaults={"name": shop.policy().tenant})
        if new:
            _policy(tenant)
        password = _logins(tenant)
    connections = {desk: _connect(tenant, desk, sandbox, web) for desk in BOTH}
    _handbook(tenant)
    return Seeded(tenant.pk, connections, password)


def _policy(tenant: Tenant) -> None:
    rules = shop.policy().rules()
    actions = rules.pop("topics")
    policy = Policy.objects.create(tenant=tenant, version=1, **{name: _plain(value) for name, value in rules.items()})
    for topic in shop.topics():
        words = [word for language in topic.words.values() for word in language]
        row = Topic.objects.create(
            tenant=tenant, key=topic.key, name=topic.name["en"], description=topic.description, words=words
        )
        TopicRule.objects.create(tenant=tenant, policy=policy, topic=row, mode=actions[topic.key])


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple | frozenset) else value


def _logins(tenant: Tenant) -> str:
    """The lead sees what a lead sees; the operator everything. Their password, new each time."""
    password = secrets.token_urlsafe(9)
    _login(tenant, LEAD, Membership.Role.LEAD, password)
    _login(tenant, OPERATOR, Membership.Role.OPERATOR, password)
    return password


def _login(tenant: Tenant, name: str, role: str, password: str) -> None:
    powers = {"is_staff": True, "is_superuser": role == Membership.Role.OPERATOR}
    user, _new = get_user_model().objects.update_or_create(
        username=name, defaults={"email": f"{name}@fanalou.example", **powers}
    )
    user.set_password(password)
    user.save()
    Membership.objects.update_or_create(user=user, tenant=tenant, defaults={"role": role})


def _connect(tenant: Tenant, desk: DeskName, sandbox: Sandbox, web: str) -> Connection:
    """A connection to the stand-in, its webhook set up there, its help centre read."""
    secret = secrets.token_urlsafe(24)
    with within(tenant.pk):
        row = Connection.of(tenant.pk).filter(helpdesk=desk).first() or Connection(
            tenant=tenant, helpdesk=desk, account="fanalou" if desk == "zendesk" else "fanalou.freshdesk.com",
            start_mark=timezone.now(),
        )  # fmt: skip
        row.address = sandbox.base(desk)
        row.sealed = seal({"token": TOKENS[desk], "webhook_secret": secret})
        row.cursor = ""
        row.save()
    ready_desk(row)
    sandbox.webhook(desk, f"{web}/webhooks/{row.pk}/", secret)
    sandbox.articles(desk, [_article(article) for article in shop.articles() if article.on(desk)])
    sync(row)
    return row


def _handbook(tenant: Tenant) -> None:
    """A folder beside the help centres: texts and a table of products."""
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
    """Until the worker has given the passages their vectors; whether it has. `tell` hears how many of how many; `check` raises
    where a process ended by itself."""
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
