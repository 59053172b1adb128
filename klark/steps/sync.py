"""Bring a connection's help centre into the tenant's knowledge."""

from integrations.errors import IntegrationError
from klark.models import EVERY_TENANT, Connection, within
from klark.models.text import clip
from klark.steps.connect import open_desk
from klark.steps.learn import NewArticle, forget, learn
from klark.steps.ration import background

PATIENCE_S = 120.0  # a listing that was broken off would begin again: it waits for its share instead


def sync(connection: Connection) -> int:
    """Learn every published article and withdraw those that are gone; how many changed.

    A listing that fails half-way withdraws nothing: it raises before anything is compared. Raises as adapters do.
    """
    desk, source = open_desk(connection, background(connection, PATIENCE_S)), source_of(connection)
    listed = desk.articles()
    changed = 0
    for article in listed:
        new = NewArticle(
            article.id, article.title, article.body_html, article.language, article.url, article.updated_at
        )
        with within(connection.tenant_id):
            changed += learn(connection.tenant_id, source, new)
    with within(connection.tenant_id):
        return changed + forget(connection.tenant_id, source, [article.id for article in listed])


def sync_all() -> None:
    """Every active connection's help centre; one that cannot be read says so on its connection, and the rest goes on."""
    with within(EVERY_TENANT):
        connections = list(Connection.objects.filter(active=True))
    for connection in connections:
        try:
            sync(connection)
            trouble = ""
        except IntegrationError as error:
            trouble = clip(str(error), 300)
        with within(connection.tenant_id):
            Connection.of(connection.tenant_id).filter(pk=connection.pk).update(knowledge_trouble=trouble)


def source_of(connection: Connection) -> str:
    """What articles of this help centre are filed under."""
    return f"{connection.helpdesk}:{connection.account}"[:40]
