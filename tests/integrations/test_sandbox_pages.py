"""The pages at the addresses that klark links to: of a real helpdesk where there is one, of the stand-in where there is not."""

import hashlib
import re
from base64 import b64encode

import pytest
import requests

from integrations.helpdesks.base import Account
from integrations.sandbox.client import DeskName, Sandbox
from tests.integrations.sandboxed import Api
from tests.integrations.stand_in import opened

pytest_plugins = ["tests.integrations.sandbox_fixtures"]

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>&lt;b&gt;"


def read(url: str) -> requests.Response:
    return requests.get(url, timeout=10, allow_redirects=False)


@pytest.mark.parametrize("desk", ["zendesk", "freshdesk"])
def test_a_tickets_link_opens_its_conversation_its_status_and_its_tags(sandbox: Sandbox, desk: DeskName):
    number = sandbox.ticket(desk, subject="Lost <parcel>", body_html="<p>Where is it?</p>", tags=["urgent"],
                            requester={"name": "Ada", "email": "ada@example.org"})  # fmt: skip
    sandbox.comment(desk, number, "<p>It is on its way.</p>", by="agent")
    sandbox.comment(desk, number, "<p>Call the carrier.</p>", by="agent", public=False)
    page = read(opened(sandbox, desk).fetch(str(number)).url)
    shown = re.sub(r"<[^>]+>", "|", page.text)
    told = ("Lost &lt;parcel&gt;", "new", "Ada &lt;ada@example.org&gt;", "tags: urgent", "Where is it?",
            "It is on its way.", "private note", "Call the carrier.")  # fmt: skip
    assert (page.status_code, [each for each in told if each not in shown]) == (200, [])


@pytest.mark.parametrize("desk", ["zendesk", "freshdesk"])
def test_an_articles_link_opens_its_text(sandbox: Sandbox, desk: DeskName):
    sandbox.articles(desk, [{"id": 11, "title": "Refunds", "body_html": "<p>Five days</p>", "language": "en-us"}])
    shelf, cursor = [], ""
    while not shelf:
        listed = opened(sandbox, desk).shelf(cursor)
        shelf, cursor = list(listed.articles), listed.cursor
    page = read(shelf[0].url)
    assert (page.status_code, "Refunds" in page.text, "Five days" in page.text) == (200, True, True)


def test_what_people_wrote_is_text_and_the_page_may_load_nothing(sandbox: Sandbox):
    number = sandbox.ticket("zendesk", subject=HOSTILE, body_html=f"<p>{HOSTILE}</p>", tags=["<i>"],
                            requester={"name": HOSTILE, "email": "a@example.org"})  # fmt: skip
    page = read(f"{sandbox.base('zendesk')}/agent/tickets/{number}")
    assert not re.findall(r"<(?:script|img|b|i)\b", page.text)
    style = page.text.partition("<style>")[2].partition("</style>")[0]
    hashed = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = page.headers["Content-Security-Policy"]
    assert (policy.startswith("default-src 'none'"), f"style-src 'sha256-{hashed}'" in policy) == (True, True)
    assert (page.headers["Content-Type"], page.headers["X-Content-Type-Options"]) == (
        "text/html; charset=utf-8",
        "nosniff",
    )


def test_what_is_not_there_is_said_to_be_gone_and_nothing_else_is_open(sandbox: Sandbox):
    base = sandbox.base("zendesk")
    sandbox.articles("zendesk", [{"id": 12, "title": "Soon", "body_html": "<p>…</p>", "draft": True}])
    answers = [
        read(f"{base}/{path}")
        for path in ("agent/tickets/999", "hc/en-us/articles/12", "agent/tickets/x", "api/v2/tickets/1")
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 401, 401]
    assert "stand-in" in answers[0].text
    posted = requests.post(f"{base}/agent/tickets/1", timeout=10)
    assert posted.status_code == 401


def test_to_callers_from_elsewhere_the_pages_are_closed(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("integrations.sandbox.server.LOOPBACK", ("10.",))
    assert read(f"{sandbox.base('zendesk')}/agent/tickets/1").status_code == 401


def test_pages_cost_no_call_of_the_accounts_limit(sandbox: Sandbox, zendesk: Api):
    sandbox.settings(limits={"zendesk": {"calls": 1}})
    number = sandbox.ticket("zendesk")
    assert [read(f"{sandbox.base('zendesk')}/agent/tickets/{number}").status_code for _ in range(2)] == [200, 200]
    assert zendesk.get(f"/tickets/{number}.json").status_code == 200


def test_a_real_account_is_linked_to_where_it_is():
    account = Account("acme", str, lambda _: None, requests.adapters.HTTPAdapter())
    assert account.site("https://acme.zendesk.com") == "https://acme.zendesk.com"
