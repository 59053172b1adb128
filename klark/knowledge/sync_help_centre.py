"""Brings a connection's help centre into the tenant's knowledge, page by page: a walk through everything and, between
two walks through a large one, the changes that the helpdesk reports.

The cursor moves with what was ingested, so that a worker that was killed is resumed where it was; only a walk that came
to its end withdraws what it did not see.
"""

import hashlib
from datetime import timedelta

from django.db.models import DateTimeField, Q, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from integrations.errors import IntegrationError, Refused
from integrations.helpdesks.base import Helpdesk
from integrations.helpdesks.help_centre_page import HelpArticle, HelpCentrePage
from klark.connections.open_helpdesk import open_desk
from klark.connections.rate_limit import background
from klark.knowledge.ingest import NewArticle, ingest, withdraw
from klark.models import EVERY_TENANT, Article, Connection, within
from klark.runtime.per_tenant import tried
from klark.values.storable_text import clip

PATIENCE_S = 120.0  # nobody waits for a listing, so it may wait for its share of the rate limit
MANY_PAGES = 60
# For MANY_PAGES or more; fewer are walked through each time, so that a deletion shows at once.
WALK_EVERY = timedelta(days=1)
BROKE = "klark made a mistake while it read the help centre: the operator finds it in the worker's log."
CLOSED = (
    "The help centre of brand {} cannot be read without signing in, so its articles stay as klark last read them. Open it to "
    "everyone, or withdraw the articles by hand."
)
HIDDEN = (
    "The account no longer shows its {} to klark's user, so its help centre was not read and nothing was withdrawn. Give that "
    "user the right to see them."
)
LABEL = 40  # characters, as many as `Article.source` holds
MOST_STEPS = 20_000  # pages of one reading: beyond that, the helpdesk goes round in circles


def sync(connection: Connection) -> int:
    """Reads on to the end: ingests what is new, withdraws what is gone; returns how many articles changed.

    Raises what adapters raise, and Refused if there is no end or if part of what klark knows may not be read any more.
    What was read until then is kept, and the next reading resumes there.
    """
    desk = open_desk(connection, background(connection, PATIENCE_S))
    with within(connection.tenant_id):
        row = Connection.of(connection.tenant_id).get(pk=connection.pk)
    if row.walk_at is None and _walk_is_due(row):
        row.knowledge_cursor = ""
    changed = 0
    for _ in range(MOST_STEPS):
        page, took = _step(desk, row)
        changed += took
        if not page.more:
            _say_what_was_refused(row, page)
            return changed
    raise Refused("The help centre does not end: klark stopped reading it.")


def _walk_is_due(row: Connection) -> bool:
    few = row.walk_pages < MANY_PAGES
    return few or row.walked_at is None or row.walked_at < timezone.now() - WALK_EVERY


def _step(desk: Helpdesk, row: Connection) -> tuple[HelpCentrePage, int]:
    try:
        page = desk.shelf(row.knowledge_cursor)
    except Refused:
        if row.knowledge_cursor:  # the cursor may have expired: the next reading starts over
            _move(row, "", walking=False)
        raise
    if page.walk:
        row.walk_pages = row.walk_pages + 1 if row.walk_at else 1
        row.walk_at = row.walk_at or timezone.now()
    with within(row.tenant_id):
        _must_show_as_before(row, page)
        changed = sum(_learn(row, article) for article in page.articles) + _touch(row, page)
        changed += _end_of_walk(row, page) if page.walk and not page.more else 0
        _move(row, page.cursor, walking=page.walk and page.more, walked=page.walk and not page.more)
    return page, changed


def _learn(row: Connection, article: HelpArticle) -> int:
    new = NewArticle(
        article.id, article.title, article.body_html, article.language, article.url, article.updated_at,
        brand=article.brand_id, created_at=article.created_at,
    )  # fmt: skip
    changed = ingest(row.tenant_id, source_of(row), new)
    known = Article.of(row.tenant_id).filter(source=source_of(row), key=article.id)
    seen = Greatest("walked_at", Value(row.walk_at, DateTimeField()))  # two workers may walk at the same time
    known.filter(Q(current=True) | Q(gone=True)).update(walked_at=seen)
    return int(changed)


def _touch(row: Connection, page: HelpCentrePage) -> int:
    """Withdraws, of the articles that changed, the languages that the page does not show: they are no longer published."""
    kept = [article.id for article in page.articles]
    source = Article.of(row.tenant_id).filter(source=source_of(row))
    return sum(
        withdraw(row.tenant_id, source.filter(key__startswith=f"{known}:").exclude(key__in=kept))
        for known in page.touched
    )


def _end_of_walk(row: Connection, page: HelpCentrePage) -> int:
    """Withdraws what this walk did not show: it is no longer published, unless its brand refused to show anything."""
    unseen = Q(walked_at=None) | Q(walked_at__lt=row.walk_at)
    gone = Article.of(row.tenant_id).filter(unseen, source=source_of(row)).exclude(brand__in=page.refused)
    return withdraw(row.tenant_id, gone)


def _must_show_as_before(row: Connection, page: HelpCentrePage) -> None:
    """Raises Refused if the account hides brands or languages of which klark has articles: a walk without them would
    withdraw these, or show one brand's to all."""
    current = Article.of(row.tenant_id).filter(source=source_of(row), current=True)
    known = {"brands": current.exclude(brand=""), "languages": current.exclude(key__endswith=":")}
    if page.hidden and known[page.hidden].exists():
        raise Refused(HIDDEN.format(page.hidden))


def _say_what_was_refused(row: Connection, page: HelpCentrePage) -> None:
    """Raises Refused if klark still has articles of a brand whose help centre refused: they may be out of date."""
    with within(row.tenant_id):
        kept = Article.of(row.tenant_id).filter(source=source_of(row), current=True, brand__in=page.refused)
        brands = sorted(set(kept.values_list("brand", flat=True)))
    if brands:
        raise Refused(CLOSED.format(", ".join(brands)))


def _move(row: Connection, cursor: str, *, walking: bool, walked: bool = False) -> None:
    row.knowledge_cursor = cursor
    row.walked_at = row.walk_at if walked else row.walked_at
    row.walk_at = row.walk_at if walking else None
    with within(row.tenant_id):
        row.save(update_fields=["knowledge_cursor", "walk_at", "walk_pages", "walked_at"])


def sync_all() -> None:
    """Reads every active connection's help centre; one that fails says so on its connection, and the others are read
    all the same."""
    with within(EVERY_TENANT):
        connections = list(Connection.objects.filter(active=True))
    for connection in connections:
        if not tried("a help centre could not be read", _sync_and_tell, connection):
            tried("the trouble with a help centre could not be kept", _tell, connection, BROKE)


def _sync_and_tell(connection: Connection) -> None:
    try:
        sync(connection)
        trouble = ""
    except IntegrationError as error:
        trouble = str(error)
    _tell(connection, trouble)


def _tell(connection: Connection, trouble: str) -> None:
    with within(connection.tenant_id):
        row = Connection.of(connection.tenant_id).filter(pk=connection.pk)
        row.update(knowledge_trouble=clip(trouble, 300))


def source_of(connection: Connection) -> str:
    """Returns the label that articles of this help centre are stored under."""
    label = f"{connection.helpdesk}:{connection.account}"
    if len(label) <= LABEL:
        return label
    # Two long names may begin alike, and a walk withdraws what it did not see under its label: a sum keeps them apart.
    return f"{label[: LABEL - 9]}~{hashlib.sha256(label.encode()).hexdigest()[:8]}"
