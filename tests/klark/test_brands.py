"""Several brands on one account: each with its own language, signature and help centre."""

from typing import Any

import pytest

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.knowledge.sync import source_of, sync
from klark.models import Article, Connection, Decision, Delivery, WebhookEvent
from klark.retrieval.retrieve import search
from klark.values.passages import SearchRequest
from klark.values.policy import Rules, read_rules
from klark.values.policy_fields import BadRules
from tests.klark import rows
from tests.klark.rows import ASKED, Case

BRANDS = {"7102": {"languages": ["en"], "sign_off": {"en": "The Second team"}}}
RULES = read_rules({"languages": ["fr"], "sign_off": {"en": "The team"}, "brands": BRANDS})


@pytest.mark.parametrize("brand", [None, "", "7101", "unknown"])
def test_a_ticket_of_no_brand_of_its_own_has_the_policys_rules(brand: str | None) -> None:
    assert RULES.for_brand(brand) == RULES


def test_a_brands_own_languages_and_sign_off_take_their_place() -> None:
    own = RULES.for_brand("7102")
    assert (own.languages, own.sign_off, own.mode) == (("en",), {"en": "The Second team"}, RULES.mode)


def test_what_a_brand_leaves_out_is_the_policys() -> None:
    rules = read_rules({"languages": ["fr"], "brands": {"1": {"sign_off": {"fr": "À bientôt"}}}})
    assert rules.for_brand("1").languages == ("fr",)


@pytest.mark.parametrize("wrong", [[], {"1": []}, {"1": {"mode": "reply"}}, {"1": {"languages": "fr"}},
                                   {"1": {"sign_off": "x"}}])  # fmt: skip
def test_a_brand_that_cannot_be_followed_is_refused(wrong: Any) -> None:
    with pytest.raises(BadRules, match="brands"):
        read_rules({"brands": wrong})


def test_no_brands_are_the_default() -> None:
    assert Rules().brands == {}


pytestmark = pytest.mark.django_db

SECOND = {"id": 7102, "name": "Second", "subdomain": "second", "active": True, "has_help_center": True}
PAGES = [
    {"id": "11", "title": "Delivery", "body_html": "<p>Delivery to Belgium takes 3 days.</p>", "language": "en-us"},
    {"id": "12", "title": "Delivery", "body_html": "<p>Delivery to Belgium takes 9 days.</p>", "language": "en-us",
     "brand": "second"},
]  # fmt: skip


@pytest.fixture
def account(sandbox: Sandbox) -> Connection:
    """Two brands, each with a help centre that answers the same question differently."""
    sandbox.rows("zendesk", "brands", SECOND)
    sandbox.articles("zendesk", PAGES)
    row = rows.connection(rows.tenant(brands=BRANDS, sign_off={"en": "The team"}), "zendesk", sandbox)
    sync(row)
    return row


def said(row: Connection, sandbox: Sandbox, **more: Any) -> str:
    """What klark answers on a ticket of a brand."""
    case = Case("zendesk", row, sandbox, sandbox.ticket("zendesk", subject="Delivery", body=ASKED, **more))
    rows.event(row, case.ticket)
    tasks.step(WebhookEvent, tasks.pipeline.answer)
    rows.make_due(Delivery)
    tasks.deliver.run()
    return str(case.by_klark[-1]["text"]) if case.by_klark else rows.get(Decision).reason


def test_each_brands_help_centre_is_filed_under_it(account: Connection) -> None:
    with rows.within(account.tenant_id):
        found = Article.of(account.tenant_id).filter(source=source_of(account)).order_by("key")
        assert list(found.values_list("key", "brand")) == [("11:en-us", "7101"), ("12:en-us", "7102")]


def test_a_ticket_is_answered_from_its_own_brands_help_centre_and_signed_by_it(
    account: Connection, sandbox: Sandbox
) -> None:
    first = said(account, sandbox)
    second = said(account, sandbox, brand_id=7102, requester={"name": "Otto Lind", "email": "otto@example.org"})
    assert ("3 days" in first, "The team" in first) == (True, True)
    assert ("9 days" in second, "The Second team" in second) == (True, True)


def test_a_passage_of_every_brand_is_each_ones_and_a_foreign_one_nobodys(account: Connection) -> None:
    rows.article(account.tenant_id)
    kept = {brand: sorted(each.article for each in search(account.tenant_id, SearchRequest(ASKED, brand=brand)).found)
            for brand in ("7101", "7102", "")}  # fmt: skip
    assert kept == {
        "7101": ["11:en-us", "Delivery times"], "7102": ["12:en-us", "Delivery times"], "": ["Delivery times"],
    }  # fmt: skip


def test_a_brand_that_cannot_be_read_openly_keeps_nothing_and_breaks_nothing(sandbox: Sandbox) -> None:
    sandbox.rows("zendesk", "brands", SECOND | {"subdomain": "members"})
    sandbox.articles("zendesk", PAGES[:1])
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    assert sync(row) == 1


def test_one_brand_alone_needs_no_telling_apart(sandbox: Sandbox) -> None:
    sandbox.articles("zendesk", PAGES[:1])
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    sync(row)
    assert rows.get(Article).brand == ""
