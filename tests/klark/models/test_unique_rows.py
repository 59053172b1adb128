"""What may be there once: the database says no to a second one, by the constraint's name, and yes to what only looks like it.

A turn has one living draft, a vendor's event one row, an account one connection: also when klark's own code is wrong.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, models

from klark.models import (
    Article,
    Budget,
    Connection,
    Decision,
    Delivery,
    Draft,
    Feature,
    KeptCompletion,
    Meaning,
    Membership,
    Passage,
    PastTicket,
    Policy,
    Source,
    Tenant,
    Topic,
    TopicRule,
    WebhookEvent,
    Word,
    within,
)
from tests.klark import rows
from tests.klark.companies import company

pytestmark = pytest.mark.django_db

Make = Callable[[], object]


class Shelf:
    """One tenant with an account, an article and a policy; makes rows of every kind."""

    def __init__(self) -> None:
        self.made = company("alder")
        self.tenant = self.made.tenant
        self.account = Connection.objects.get(pk=self.made.connection)
        self.second = Connection.objects.create(tenant_id=self.tenant, helpdesk="zendesk", account="alder-two")

    def row(self, rows_of: type[models.Model], **values: Any) -> Make:
        return partial(rows_of._default_manager.create, tenant_id=self.tenant, **values)

    def draft(self, **values: Any) -> Make:
        return self.row(Draft, **{"connection": self.account, "ticket_id": "90", "turn": "1", **values})

    def event(self, **values: Any) -> Make:
        return self.row(WebhookEvent, **{"connection": self.account, "ticket_id": "90", "key": "k", **values})


@pytest.fixture
def shelf() -> Any:
    with within("*"):
        yield Shelf()


def refusal(make: Make) -> str:
    """The constraint that refuses a row; "" where the row is taken."""
    try:
        with within("*"):
            make()
    except IntegrityError as error:
        return str(error.__cause__.diag.constraint_name)  # type: ignore[union-attr]  # psycopg's own error
    return ""


def told(steps: Mapping[str, Make]) -> dict[str, str]:
    """Rows made one after the other, and what refused each."""
    return {name: refusal(make) for name, make in steps.items()}


def test_a_turn_has_one_living_draft(shelf: Shelf) -> None:
    once = "one_draft_per_turn"
    assert told({
        "the first": shelf.draft(), "the same turn": shelf.draft(), "the same turn, replaced": shelf.draft(live=False),
        "replaced again": shelf.draft(live=False), "the next turn": shelf.draft(turn="2"),
        "another ticket": shelf.draft(ticket_id="91"), "the same number at another account": shelf.draft(connection=shelf.second),
    }) == {
        "the first": "", "the same turn": once, "the same turn, replaced": "", "replaced again": "", "the next turn": "",
        "another ticket": "", "the same number at another account": "",
    }  # fmt: skip


def test_a_turn_whose_draft_was_replaced_can_have_another(shelf: Shelf) -> None:
    shelf.draft()()
    Draft.of(shelf.tenant).filter(ticket_id="90").update(live=False)
    assert told({"again": shelf.draft(), "and again": shelf.draft()}) == {
        "again": "",
        "and again": "one_draft_per_turn",
    }


def test_a_vendors_event_is_kept_once_and_one_without_an_id_as_often_as_it_comes(shelf: Shelf) -> None:
    assert told({
        "the first": shelf.event(), "the same": shelf.event(), "of another ticket": shelf.event(ticket_id="91"),
        "at another account": shelf.event(connection=shelf.second), "without an id": shelf.event(key=""),
        "another without": shelf.event(key=""),
    }) == {
        "the first": "", "the same": "vendor_event_once", "of another ticket": "vendor_event_once", "at another account": "",
        "without an id": "", "another without": "",
    }  # fmt: skip


def test_an_account_is_connected_once_however_it_is_written(shelf: Shelf) -> None:
    accounts = {"alder-desk": "zendesk", "Alder-Desk": "zendesk", "other": "zendesk", "alder-desk ": "freshdesk"}
    assert told({name: shelf.row(Connection, helpdesk=desk, account=name.strip()) for name, desk in accounts.items()}) == {
        "alder-desk": "account_once_per_tenant", "Alder-Desk": "account_once_per_tenant", "other": "", "alder-desk ": "",
    }  # fmt: skip


def test_two_tenants_may_connect_one_account(shelf: Shelf) -> None:
    other = rows.tenant("birch")
    assert refusal(partial(Connection.objects.create, tenant_id=other, helpdesk="zendesk", account="alder-desk")) == ""


def test_what_belongs_to_one_row_is_there_once(shelf: Shelf) -> None:
    event = WebhookEvent.objects.get(pk=shelf.made.event)
    policy, topic = Policy.objects.get(pk=shelf.made.policy), Topic.objects.get(pk=shelf.made.topic)
    passage = Passage.of(shelf.tenant).get()
    vector = {"model": "small", "language": "en", "vector": "[0.1]", "title": "[0.1]"}
    again = {
        "decision": shelf.row(Decision, event=event, connection=shelf.account, kind="SKIP", reason="spam"),
        "rule": shelf.row(TopicRule, policy=policy, topic=topic, mode="off"),
        "passage": shelf.row(Passage, article=passage.article, number=passage.number, title="x", language="en"),
        "budget": shelf.row(Budget, connection=shelf.account), "budget again": shelf.row(Budget, connection=shelf.account),
        "meaning": shelf.row(Meaning, passage=passage, **vector), "meaning again": shelf.row(Meaning, passage=passage, **vector),
        "of another model": shelf.row(Meaning, passage=passage, **{**vector, "model": "large"}),
        "past": shelf.row(PastTicket, connection=shelf.account, ticket_id="5"),
        "past again": shelf.row(PastTicket, connection=shelf.account, ticket_id="5"),
        "past elsewhere": shelf.row(PastTicket, connection=shelf.second, ticket_id="5"),
    }  # fmt: skip
    assert told(again) == {
        "decision": "klark_decision_event_id_key", "rule": "one_mode_per_topic", "passage": "passage_number_once",
        "budget": "", "budget again": "klark_budget_connection_id_key", "meaning": "", "meaning again": "meaning_once",
        "of another model": "", "past": "", "past again": "past_ticket_once", "past elsewhere": "",
    }  # fmt: skip


def test_what_belongs_to_a_tenant_is_there_once_for_it_and_once_for_each_other(shelf: Shelf) -> None:
    other = company("birch").tenant
    kinds: dict[str, tuple[type[models.Model], dict[str, Any]]] = {
        "policy_version_once": (Policy, {"version": 7}), "topic_key_once": (Topic, {"key": "post", "name": "Post"}),
        "source_name_once": (Source, {"name": "handbook", "kind": "folder", "address": "/srv/handbook"}),
        "completion_once": (KeptCompletion, {"digest": "d", "content": {}, "model": "m"}),
        "word_once": (Word, {"word": "kite", "language": "en"}),
        "feature_once": (Feature, {"language": "en", "number": 4_000_001, "passages": 1}),
        "article_version_once": (Article, {"key": "a", "version": 3, "title": "A", "body_html": "", "current": False}),
    }  # fmt: skip

    def make(tenant: int, name: str) -> Make:
        model, values = kinds[name]
        return partial(model._default_manager.create, tenant_id=tenant, **values)

    first, again, theirs = ({name: refusal(make(tenant, name)) for name in kinds}
                            for tenant in (shelf.tenant, shelf.tenant, other))  # fmt: skip
    assert (first, again, theirs) == (
        dict.fromkeys(kinds, ""),
        {name: name for name in kinds},
        dict.fromkeys(kinds, ""),
    )


def test_an_article_has_one_current_version(shelf: Shelf) -> None:
    old = Article.of(shelf.tenant).get()
    second = {"source": old.source, "key": old.key, "version": 2, "title": "New", "body_html": "<p>New.</p>"}
    assert told({"beside": shelf.row(Article, **second), "not current": shelf.row(Article, **second, current=False)}) == {
        "beside": "one_current_version", "not current": ""}  # fmt: skip


def test_a_user_has_one_role_at_a_tenant_and_a_short_name_one_tenant(shelf: Shelf) -> None:
    user = User.objects.create_user("ann")
    roles = {
        role: partial(Membership.objects.create, user=user, tenant_id=shelf.tenant, role=role)
        for role in ("agent", "lead")
    }
    assert told(roles) == {"agent": "", "lead": "one_role_per_tenant"}
    assert refusal(lambda: Tenant.objects.create(slug="alder", name="Again")) == "klark_tenant_slug_key"


def test_two_writes_never_carry_one_marker(shelf: Shelf) -> None:
    first = Delivery.objects.get(pk=shelf.made.delivery)
    make = shelf.row(Delivery, connection=shelf.account, draft=first.draft, kind="note", html="", marker=first.marker)
    assert refusal(make) == "klark_delivery_marker_key"


def test_a_policy_under_which_something_was_decided_outlives_every_delete(shelf: Shelf) -> None:
    policy, decision = Policy.objects.get(pk=shelf.made.policy), Decision.objects.get(pk=shelf.made.decision)
    with pytest.raises(models.ProtectedError):
        policy.delete()
    Draft.objects.filter(pk=shelf.made.draft).delete()
    decision.refresh_from_db()
    assert (decision.policy_id, decision.draft_id, decision.kind) == (policy.pk, None, "WAIT")
