"""Two invented companies with one row of everything, each row marked by its company's name."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from time import time
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client

from integrations.helpdesks.base import Comment, Person, Ticket
from klark.delivery.record import storable
from klark.knowledge import ingest
from klark.knowledge.ingest import NewArticle
from klark.models import (
    EVERY_TENANT,
    Article,
    Connection,
    Decision,
    Delivery,
    Draft,
    Membership,
    Policy,
    Recall,
    Tenant,
    Topic,
    TopicRule,
    WebhookEvent,
    within,
)
from klark.runtime.encrypted_secrets import seal

BACKEND = "django.contrib.auth.backends.ModelBackend"
HOLD = {"id": "klark.G100", "level": "HOLD", "why": "a refund is promised", "sentence": 0, "words": "refund"}


@dataclass(frozen=True)
class Company:
    """The ids of one company's rows. `mark` stands in all their texts."""

    mark: str
    tenant: int
    connection: Any
    topic: int
    policy: int
    article: int
    event: int
    draft: int
    delivery: int
    parked: int
    decision: int
    recall: int

    def rows(self) -> dict[str, Any]:
        """Every admin page's model with this company's row."""
        return {
            "connection": self.connection, "topic": self.topic, "policy": self.policy, "article": self.article,
            "webhookevent": self.event, "draft": self.draft, "delivery": self.parked, "decision": self.decision,
            "recall": self.recall,
        }  # fmt: skip


def company(mark: str) -> Company:
    """Make one."""
    with within(EVERY_TENANT):
        tenant = Tenant.objects.create(slug=mark, name=mark.capitalize())
        own = {"tenant": tenant}
        connection = Connection.objects.create(
            **own,
            helpdesk="zendesk",
            account=f"{mark}-desk",
            sealed=seal({"token": f"{mark}-token", "webhook_secret": "old"}),
        )
        topic = Topic.objects.create(**own, key=f"{mark}-topic", name=f"{mark} topic")
        policy = Policy.objects.create(**own, version=1, languages=["en", "fr"], sign_off={"en": f"{mark} team"})
        TopicRule.objects.create(**own, policy=policy, topic=topic, mode="queue")
        article = learnt(
            tenant.pk, NewArticle(f"{mark}-key", f"{mark} returns", f"<p>Send it to {mark} in 30 days.</p>", "en")
        )
        work = {**own, "connection": connection, "ticket_id": "41"}
        event = WebhookEvent.objects.create(
            **work, key=f"{mark}-event", state="parked", trouble=f"{mark} trouble", raw=b"{}"
        )
        draft = drafted(tenant.pk, connection, mark)
        waiting = draft.deliveries.get()
        parked = Delivery.objects.create(
            **work, draft=draft, kind="note", state="parked", trouble=f"{mark} lost", text=mark
        )
        decision = Decision.objects.create(
            **work,
            event=event,
            kind="WAIT",
            reason="queue_by_policy",
            words=f"{mark} words",
            draft=draft,
            policy=policy,
        )
        changed = {
            "place": 0,
            "article": article.pk,
            "title": f"{mark} returns",
            "old": f"{mark} so",
            "new": "No.",
            "severity": 3,
        }
        recall = Recall.objects.create(**own, draft=draft, pairs=[changed], severity=3)
    return Company(mark, tenant.pk, connection.pk, topic.pk, policy.pk, article.pk, event.pk, draft.pk, waiting.pk,
                   parked.pk, decision.pk, recall.pk)  # fmt: skip


reading = cache(ingest.reading)


def learnt(tenant_id: int, new: NewArticle) -> Article:
    """An article as `ingest` keeps it where there was none: it asks for nothing that was there before."""
    return ingest.keep(tenant_id, "manual", new, reading(new), version=1)


def waiting_of(draft: Draft) -> int:
    """The delivery that waits for a person."""
    with within(draft.tenant_id):
        return Delivery.of(draft.tenant_id).filter(draft=draft, state="waiting").values_list("pk", flat=True).get()


def drafted(
    tenant_id: int, connection: Connection, mark: str, ticket_id: str = "41", findings: tuple[Any, ...] = ()
) -> Draft:
    """A draft that waits, with its thread recorded. Inside `within`."""
    person = Person("7", f"{mark} customer", f"customer@{mark}.example")
    customer, agent = {"public": True, "from_customer": True}, {"public": False, "from_customer": False}
    first, then = (datetime(2026, 11, 24, hour, tzinfo=UTC) for hour in (9, 10))
    comments = (
        Comment("1", person, "", f"{mark} asks <b>where</b>", **customer, created_at=first),
        Comment("2", Person("8", f"{mark} agent"), "", f"{mark} note", **agent, created_at=then),
    )
    ticket = Ticket(ticket_id, f"{mark} subject", person, comments, url="javascript:alert(1)")
    source = {
        "article": f"{mark}-key",
        "version": 1,
        "title": f"{mark} returns",
        "url": "javascript:alert(2)",
        "text": "So.",
    }
    draft = Draft.objects.create(
        tenant_id=tenant_id, connection=connection, ticket_id=ticket_id, turn="1", subject=f"{mark} subject",
        requester=f"{mark} customer", language="en", topic=f"{mark}-topic", reply_text=f"{mark} reply",
        sentences=[{"text": f"{mark} reply", "state": "SUPPORTED", "sources": [source]}], findings=list(findings),
        record=storable({"ticket": asdict(ticket)}), model="small", tokens_in=10, tokens_out=5, customer_wrote_at=first,
    )  # fmt: skip
    Delivery.objects.create(
        tenant_id=tenant_id, connection=connection, ticket_id=ticket_id, draft=draft, kind="reply", state="waiting",
        html=f"<p>{mark} reply</p>", text=f"{mark} reply", customer_wrote_at=first,
    )  # fmt: skip
    return draft


def login(name: str, *roles: tuple[Company, str]) -> Client:
    """A logged-in user with these roles."""
    user = get_user_model().objects.create_user(name, f"{name}@klark.example", "a long password", is_staff=True)
    for where, role in roles:
        Membership.objects.create(user=user, tenant_id=where.tenant, role=role)
    return logged_in(user)


def superuser() -> Client:
    """A logged-in superuser."""
    return logged_in(get_user_model().objects.create_superuser("root", "root@klark.example", "a long password"))


def logged_in(user: AbstractBaseUser) -> Client:
    """The browser of a user who has logged in and seen a page: what that leaves is one row, of which Django's and klark's own
    ways make a dozen statements. Those are for the tests of logging in."""
    browser, key, now = Client(), uuid4().hex, time()
    kept = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: BACKEND,
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    until = datetime.now(UTC) + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    data = SessionStore().encode({**kept, "began": now, "renewed": now})
    Session.objects.create(session_key=key, session_data=data, expire_date=until)
    browser.cookies[settings.SESSION_COOKIE_NAME] = key
    return browser
