"""What a lead sees of gaps and of sources, and does with them: of the chosen tenant, once, and nothing of another's."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from klark.admin import gaps as gaps_page
from klark.models import (
    EVERY_TENANT,
    Article,
    Source,
    within,
)
from klark.steps.gaps import Concern, Gaps
from klark.steps.learn import NewArticle, learn
from tests.klark.companies import Company, company, login, superuser


@pytest.fixture(autouse=True)
def no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.bell.ring", lambda: None)


def acts(browser: Client, model: str, pk: object) -> list[str]:
    """The buttons that a row's page offers."""
    page = browser.get(reverse(f"admin:klark_{model}_change", args=(pk,)))
    return [act.name for act, _ in page.context["acts"]]


def press(browser: Client, model: str, pk: object, act: str) -> list[str]:
    answer = browser.post(reverse(f"admin:klark_{model}_act", args=(pk, act)))
    return [str(told) for told in get_messages(answer.wsgi_request)]


def concern(kind: str, number: int) -> Concern:
    return Concern(number, f"{kind} {number}", "en", kind)


def test_concerns_are_grouped_the_gravest_first_and_a_long_list_is_cut() -> None:
    many = [concern("unused", number) for number in range(gaps_page.SHOWN + 3)]
    found = Gaps(datetime(2026, 1, 1, tzinfo=UTC), (), (*many, concern("stale", 1), concern("rejected", 2)), ())
    told = [(str(title), colour, len(some), more) for title, colour, some, more in gaps_page._by_kind(found)]
    assert told == [("Often changed or rejected", "danger", 1, 0), ("Quoted, and old", "warning", 1, 0),
                    ("Never quoted", "", gaps_page.SHOWN, 3)]  # fmt: skip
    assert gaps_page._by_kind(Gaps(found.since, (), (), ())) == []


def browsing(**session: object) -> HttpRequest:
    return cast("HttpRequest", SimpleNamespace(session=dict(session)))


def test_where_a_proposal_comes_from_is_told_once() -> None:
    came = f"{gaps_page.PROPOSED}-from"
    requests = [browsing(**{came: tickets}) for tickets in (["7"], ["7", "9"], [])]
    first, again = ([gaps_page.origin(each) for each in requests] for _ in range(2))
    assert [words.partition(".")[0] for words in first] == [
        "Drafted from what people answered on ticket #7", "Drafted from what people answered on tickets #7, #9",
        "No ticket like these was answered by a person yet: only the questions stand here"]  # fmt: skip
    assert again == ["", "", ""]


def test_a_proposal_fills_the_form_once() -> None:
    request = browsing(**{gaps_page.PROPOSED: {"title": "Gift cards"}})
    assert [gaps_page.proposed(request), gaps_page.proposed(request), gaps_page.proposed(browsing())] == [
        {"title": "Gift cards"},
        {},
        {},
    ]


@pytest.mark.django_db
def test_the_gaps_are_those_of_the_chosen_tenant_or_of_the_first(ours: Company) -> None:
    theirs = company("birch")
    both, alone = login("both", (ours, "lead"), (theirs, "lead")), login("alone", (theirs, "lead"), (ours, "agent"))
    address = reverse("admin:klark_article_gaps")

    def chosen(browser: Client, query: str) -> str:
        return str(browser.get(address + query).context["tenant"].slug)

    queries = ("", "?tenant=birch", "?tenant=alder", "?tenant=nobody")
    assert [chosen(both, query) for query in queries] == ["alder", "birch", "alder", "alder"]
    assert [chosen(alone, query) for query in queries] == ["birch"] * 4
    assert both.get(reverse("admin:klark_article_propose")).status_code == 403


@pytest.mark.django_db
def test_a_source_that_is_emptied_withdraws_its_own_articles_and_no_others(ours: Company) -> None:
    theirs, browser = company("birch"), login("lead", (ours, "lead"))
    rows = {}
    for own in (ours, theirs):
        with within(own.tenant):
            values = {"kind": "folder", "address": "/srv/shelf", "marks": {"a.md": {"sign": "x"}}}
            rows[own.mark] = Source.objects.create(tenant_id=own.tenant, name="shelf", **values)
            for key in ("a", "b"):
                learn(own.tenant, "folder:shelf", NewArticle(key, f"{key} title", f"<p>{key} text.</p>", "en"))
    page = browser.get(reverse("admin:klark_source_changelist"))
    assert [row.name for row in page.context["cl"].result_list] == ["shelf"]
    assert acts(browser, "source", rows["alder"].pk) == ["pause", "empty"]
    assert press(browser, "source", rows["alder"].pk, "empty") == ["2 articles were withdrawn, and it is paused."]
    assert acts(browser, "source", rows["alder"].pk) == ["resume", "empty"]
    assert browser.post(reverse("admin:klark_source_act", args=(rows["birch"].pk, "empty"))).status_code == 404
    with within(EVERY_TENANT):
        left = (
            Article.objects.filter(current=True)
            .values_list("tenant__slug", "source")
            .order_by("tenant__slug", "source", "key")
        )
        assert list(left) == [
            ("alder", "manual"),
            ("birch", "folder:shelf"),
            ("birch", "folder:shelf"),
            ("birch", "manual"),
        ]
        assert [(row.active, row.marks) for row in Source.objects.order_by("pk")] == [
            (False, {}),
            (True, {"a.md": {"sign": "x"}}),
        ]


@pytest.mark.django_db
def test_agents_and_strangers_see_no_source_and_press_nothing(ours: Company) -> None:
    with within(ours.tenant):
        row = Source.objects.create(tenant_id=ours.tenant, name="shelf", kind="folder", address="/srv/shelf")
    agent, stranger = login("ann", (ours, "agent")), login("bob", (company("birch"), "lead"))
    pages: list[Any] = [reverse("admin:klark_source_changelist"), reverse("admin:klark_source_change", args=(row.pk,))]
    assert [agent.get(page).status_code for page in pages] == [403, 403]
    assert "shelf" not in stranger.get(pages[0]).content.decode()
    codes = [
        browser.post(reverse("admin:klark_source_act", args=(row.pk, "pause"))).status_code
        for browser in (agent, stranger)
    ]
    with within(EVERY_TENANT):
        assert ([code in {403, 404} for code in codes], Source.objects.get().active) == ([True, True], True)
    assert superuser().get(reverse("admin:klark_source_add")).status_code == 403
