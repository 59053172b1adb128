"""Several brands on one account: each with its own language, signature and help centre."""

from typing import Any

import pytest

from integrations.sandbox.client import Sandbox
from klark import tasks
from klark.knowledge.sync_help_centre import CLOSED, HIDDEN, source_of, sync, sync_all
from klark.models import Article, Connection, Decision, Delivery, WebhookEvent
from klark.retrieval.retrieve import search
from klark.values.passages import SearchRequest
from klark.values.policy.fields import BadRules
from klark.values.policy.rules import Rules, read_rules
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


def brands_of(row: Connection) -> list[tuple[str, str]]:
    """What is current, by brand."""
    with rows.within(row.tenant_id):
        found = Article.of(row.tenant_id).filter(source=source_of(row), current=True).order_by("key")
        return list(found.values_list("key", "brand"))


@pytest.mark.parametrize(("path", "fault"), [
    (r"~second.*/locales", {"kind": "status", "status": 403}), (r"~second.*/articles", {"kind": "status", "status": 403}),
    (r"~second.*/articles", {"kind": "redirect"}), (r"~second.*/locales", {"kind": "status", "status": 404}),
])  # fmt: skip
def test_a_brands_help_centre_that_refuses_keeps_its_articles_says_so_and_holds_up_no_other(
    account: Connection, sandbox: Sandbox, path: str, fault: dict[str, Any]
) -> None:
    sandbox.fault(fault.pop("kind"), desk="zendesk", path=path, times=9, **fault)
    sandbox.drop_article("zendesk", 11)
    sandbox.articles("zendesk", [{**PAGES[0], "id": "13", "title": "Returns"}])
    sync_all()
    assert brands_of(account) == [("12:en-us", "7102"), ("13:en-us", "7101")]
    assert rows.get(Connection).knowledge_trouble == CLOSED.format("7102")
    sandbox.clear_faults()
    sandbox.drop_article("zendesk", 12)
    sandbox.articles("zendesk", [{**PAGES[1], "id": "14"}])
    sync_all()
    assert (brands_of(account), rows.get(Connection).knowledge_trouble) == (
        [("13:en-us", "7101"), ("14:en-us", "7102")], "",
    )  # fmt: skip


def test_what_a_brand_refused_is_still_said_while_only_changes_are_read(
    account: Connection, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.fault("status", desk="zendesk", path=r"~second.*/locales", status=403, times=9)
    sync_all()
    monkeypatch.setattr("klark.knowledge.sync_help_centre.MANY_PAGES", 1)
    sync_all()
    assert (len(brands_of(account)), rows.get(Connection).knowledge_trouble) == (2, CLOSED.format("7102"))


def test_brands_that_are_hidden_all_at_once_withdraw_nothing_and_leave_each_article_its_brand(
    account: Connection, sandbox: Sandbox
) -> None:
    sandbox.fault("status", desk="zendesk", path="/brands", status=403, times=9)
    sync_all()
    assert brands_of(account) == [("11:en-us", "7101"), ("12:en-us", "7102")]
    assert rows.get(Connection).knowledge_trouble == HIDDEN.format("brands")
    sandbox.clear_faults()
    sync_all()
    assert (len(brands_of(account)), rows.get(Connection).knowledge_trouble) == (2, "")


def test_one_brand_alone_needs_no_telling_apart(sandbox: Sandbox) -> None:
    sandbox.articles("zendesk", PAGES[:1])
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    sync(row)
    assert rows.get(Article).brand == ""
