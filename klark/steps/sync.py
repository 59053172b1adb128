"""Bring a connection's help centre into the tenant's knowledge."""

from klark.models import Connection, within
from klark.steps.connect import open_desk
from klark.steps.learn import NewArticle, forget, learn


def sync(connection: Connection) -> int:
    """Learn every published article and withdraw those that are gone; how many changed.

    A listing that fails half-way withdraws nothing: it raises before anything is compared. Raises as adapters do.
    """
    desk, source = open_desk(connection, background=True), source_of(connection)
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


def source_of(connection: Connection) -> str:
    """What articles of this help centre are filed under."""
    return f"{connection.helpdesk}:{connection.account}"[:40]
