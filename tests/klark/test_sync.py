"""A help centre becomes the tenant's knowledge, and what is withdrawn there is withdrawn here."""

import pytest

from integrations.sandbox.client import DeskName, Sandbox
from klark.models import Article, Connection, within
from klark.steps.sync import source_of, sync, sync_all
from tests.klark import rows

pytestmark = pytest.mark.django_db

PAGES = [
    {"id": "one", "title": "Delivery", "body_html": "<p>Delivery takes 3 days.</p>", "language": "en"},
    {"id": "two", "title": "Returns", "body_html": "<p>Returns are free.</p>", "language": "en"},
]


def connected(sandbox: Sandbox, desk: DeskName, account: str = "") -> Connection:
    sandbox.articles(desk, PAGES)
    return rows.connection(rows.tenant(), desk, sandbox, **({"account": account} if account else {}))


def titles(row: Connection) -> list[str]:
    with within(row.tenant_id):
        current = Article.of(row.tenant_id).filter(current=True, source=source_of(row))
        return sorted(current.values_list("title", flat=True))


@pytest.mark.parametrize("desk", rows.DESKS)
def test_every_published_article_is_learnt_once(sandbox: Sandbox, desk: DeskName) -> None:
    row = connected(sandbox, desk)
    assert (sync(row), titles(row)) == (2, ["Delivery", "Returns"])
    assert sync(row) == 0


def test_an_article_that_is_gone_is_withdrawn_and_its_old_version_stays(sandbox: Sandbox) -> None:
    ids = sandbox.articles("zendesk", PAGES)
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    sync(row)
    sandbox.drop_article("zendesk", ids[1])
    assert (sync(row), titles(row)) == (1, ["Delivery"])
    assert rows.count(Article, title="Returns", current=False) == 1


def test_a_listing_that_fails_withdraws_nothing_and_says_so(sandbox: Sandbox) -> None:
    row = connected(sandbox, "zendesk")
    sync(row)
    sandbox.fault("status", desk="zendesk", path="articles", status=500, times=9)
    sync_all()
    assert titles(row) == ["Delivery", "Returns"]
    assert rows.get(Connection).knowledge_trouble != ""
    sandbox.clear_faults()
    sync_all()
    assert rows.get(Connection).knowledge_trouble == ""


def test_one_failing_help_centre_does_not_keep_the_next_from_being_read(sandbox: Sandbox) -> None:
    first = connected(sandbox, "zendesk")
    second = rows.connection(rows.tenant("other"), "freshdesk", sandbox)
    sandbox.articles("freshdesk", PAGES)
    sandbox.fault("status", desk="zendesk", path="articles|locales", status=500, times=9)
    sync_all()
    assert (titles(first), titles(second)) == ([], ["Delivery", "Returns"])
