"""What the stand-ins do around tickets as the products do: OAuth by code with PKCE, brands' help centres, subfolders, groups,
and each fault at the moment at which it hurts."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from integrations.helpdesks.zendesk.oauth import challenge
from integrations.sandbox.client import Sandbox
from integrations.sandbox.zendesk import oauth as zendesk_oauth
from tests.integrations.sandboxed import Api

pytest_plugins = ("tests.integrations.sandbox_fixtures",)

BACK = "https://klark.example/back"
VERIFIER = "v" * 50
ASKED = {"response_type": "code", "client_id": "klark", "redirect_uri": BACK, "scope": "read write", "state": "s",
         "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"}  # fmt: skip
GRANT = {"grant_type": "authorization_code", "client_id": "klark", "code_verifier": VERIFIER, "redirect_uri": BACK}


def page(sandbox: Sandbox, **changed: str) -> requests.Response:
    query = {name: value for name, value in {**ASKED, **changed}.items() if value}
    url = f"{sandbox.base('zendesk')}/oauth/authorizations/new"
    return requests.get(url, params=query, allow_redirects=False, timeout=5)


def code(sandbox: Sandbox) -> str:
    return parse_qs(urlsplit(page(sandbox).headers["Location"]).query)["code"][0]


def tokens(sandbox: Sandbox, **sent: Any) -> requests.Response:
    return requests.post(f"{sandbox.base('zendesk')}/oauth/tokens", json=sent, timeout=5)


# --- OAuth


def test_the_page_leads_back_with_a_code_and_the_state(sandbox: Sandbox) -> None:
    answer = page(sandbox)
    back = urlsplit(answer.headers["Location"])
    assert (answer.status_code, f"{back.scheme}://{back.netloc}{back.path}") == (302, BACK)
    assert parse_qs(back.query)["state"] == ["s"]


@pytest.mark.parametrize("missing", ["response_type", "client_id", "redirect_uri"])
def test_a_page_that_lacks_something_leads_nowhere(sandbox: Sandbox, missing: str) -> None:
    answer = page(sandbox, **{missing: ""})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_code_brings_tokens_that_work(sandbox: Sandbox, zendesk: Api) -> None:
    given = tokens(sandbox, **GRANT, code=code(sandbox)).json()
    asked = zendesk.get("/groups.json", auth=None, headers={"Authorization": f"Bearer {given['access_token']}"})
    assert (given["token_type"], asked.status_code) == ("bearer", 200)
    assert {"refresh_token", "expires_in", "scope"} <= given.keys()


def test_a_code_is_good_once(sandbox: Sandbox) -> None:
    one = code(sandbox)
    assert [tokens(sandbox, **GRANT, code=one).status_code for _ in range(2)] == [200, 400]


@pytest.mark.parametrize(
    "wrong", [{"code_verifier": "another"}, {"redirect_uri": "https://elsewhere.example/"}, {"client_id": "other"},
              {"code": "made up"}],
)  # fmt: skip
def test_a_code_is_for_its_own_verifier_address_and_client(sandbox: Sandbox, wrong: dict[str, str]) -> None:
    answer = tokens(sandbox, **{**GRANT, "code": code(sandbox), **wrong})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_a_code_lives_two_minutes(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    one = code(sandbox)
    monkeypatch.setattr(zendesk_oauth, "CODE_S", -1)
    assert tokens(sandbox, **GRANT, code=one).status_code == 400


@pytest.mark.parametrize("grant", ["password", "implicit", "", None])
def test_grants_that_were_removed_are_not_given(sandbox: Sandbox, grant: Any) -> None:
    answer = tokens(sandbox, grant_type=grant)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_a_refresh_token_is_good_once(sandbox: Sandbox) -> None:
    first = tokens(sandbox, grant_type="client_credentials", client_id="klark").json()
    again = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    assert [tokens(sandbox, **again).status_code for _ in range(2)] == [200, 400]


# --- Brands


@pytest.fixture
def brands(sandbox: Sandbox) -> Sandbox:
    sandbox.rows("zendesk", "brands", {"id": 7102, "name": "Second", "subdomain": "second", "has_help_center": True})
    sandbox.articles("zendesk", [
        {"id": "1", "title": "At home", "body_html": "<p>a</p>", "language": "en-us"},
        {"id": "2", "title": "There", "body_html": "<p>b</p>", "language": "fr", "brand": "second"},
        {"id": "3", "title": "A draft", "body_html": "<p>c</p>", "language": "fr", "brand": "second", "draft": True},
        {"id": "4", "title": "For some", "body_html": "<p>d</p>", "language": "fr", "brand": "second", "user_segment_id": 5},
    ])  # fmt: skip
    return sandbox


def titles(answer: requests.Response) -> list[str]:
    return [row["title"] for row in answer.json()["articles"]]


def openly(sandbox: Sandbox, path: str) -> requests.Response:
    return requests.get(f"{sandbox.base('zendesk')}/~second/api/v2/help_center{path}", timeout=5)


def test_brands_are_listed_beside_the_one_that_is_always_there(brands: Sandbox, zendesk: Api) -> None:
    assert [row["name"] for row in zendesk.get("/brands.json").json()["brands"]] == ["Example", "Second"]


def test_a_brands_help_centre_shows_anyone_what_everyone_may_read(brands: Sandbox) -> None:
    assert openly(brands, "/locales.json").json()["locales"] == ["fr"]
    assert titles(openly(brands, "/fr/articles.json")) == ["There"]


def test_at_home_the_other_brands_articles_are_not_shown(brands: Sandbox, zendesk: Api) -> None:
    assert titles(zendesk.get("/help_center/en-us/articles.json")) == ["At home"]
    assert zendesk.get("/help_center/fr/articles.json").json()["articles"] == []
    assert titles(zendesk.get("/help_center/incremental/articles.json?start_time=0")) == ["At home"]
    assert zendesk.get("/help_center/locales.json").json()["locales"] == ["en-us"]


def test_a_brand_without_a_help_centre_is_not_found(brands: Sandbox) -> None:
    url = f"{brands.base('zendesk')}/~third/api/v2/help_center/locales.json"
    assert requests.get(url, timeout=5).status_code == 404


def test_only_help_centres_are_open_to_anyone(brands: Sandbox) -> None:
    url = f"{brands.base('zendesk')}/~second/api/v2/tickets/1.json"
    assert requests.get(url, timeout=5).status_code == 404


def test_a_ticket_has_the_brand_that_it_was_opened_with(sandbox: Sandbox, zendesk: Api, freshdesk: Api) -> None:
    there = {"brand_id": 7102}
    one, other = sandbox.ticket("zendesk", **there), sandbox.ticket("freshdesk", **there)
    assert zendesk.get(f"/tickets/{one}.json").json()["ticket"]["brand_id"] == 7102
    assert freshdesk.get(f"/tickets/{other}").json()["product_id"] == 7102
    assert freshdesk.get(f"/tickets/{sandbox.ticket('freshdesk')}").json()["product_id"] is None


def test_rows_put_in_replace_those_of_the_same_id(sandbox: Sandbox, zendesk: Api) -> None:
    for title in ("Old", "New"):
        sandbox.rows("zendesk", "macros", {"id": 1, "title": title, "active": True})
    assert [row["title"] for row in zendesk.get("/macros.json").json()["macros"]][1:] == ["New"]


# --- Freshdesk's folders, languages and groups

PAGES = [
    {"id": "1", "title": "Above", "body_html": "<p>a</p>", "language": "en", "section": "Guides"},
    {"id": "2", "title": "Below", "body_html": "<p>b</p>", "language": "en", "section": "Guides/Inner"},
    {"id": "2", "title": "Dessous", "body_html": "<p>b</p>", "language": "fr", "section": "Guides/Inner"},
    {
        "id": "3",
        "title": "Members",
        "body_html": "<p>c</p>",
        "language": "en",
        "section": "Members",
        "user_segment_id": 4,
    },
]


def folders(freshdesk: Api) -> dict[str, dict[str, Any]]:
    (category,) = freshdesk.get("/solutions/categories").json()
    return {row["name"]: row for row in freshdesk.get(f"/solutions/categories/{category['id']}/folders").json()}


def test_a_folder_says_how_many_folders_are_in_it_and_who_may_read_it(sandbox: Sandbox, freshdesk: Api) -> None:
    sandbox.articles("freshdesk", PAGES)
    found = {name: (row["sub_folders_count"], row["visibility"]) for name, row in folders(freshdesk).items()}
    assert found == {"Guides": (1, 1), "Members": (0, 3)}


def test_folders_within_are_listed_with_their_own_articles(sandbox: Sandbox, freshdesk: Api) -> None:
    sandbox.articles("freshdesk", PAGES)
    (inner,) = freshdesk.get(f"/solutions/folders/{folders(freshdesk)['Guides']['id']}/subfolders").json()
    articles = freshdesk.get(f"/solutions/folders/{inner['id']}/articles").json()
    french = freshdesk.get(f"/solutions/folders/{inner['id']}/articles/fr").json()
    assert (inner["name"], [row["title"] for row in (*articles, *french)]) == ("Inner", ["Below", "Dessous"])


def test_the_settings_name_the_languages_that_articles_have(sandbox: Sandbox, freshdesk: Api) -> None:
    sandbox.articles("freshdesk", PAGES)
    told = freshdesk.get("/settings/helpdesk").json()
    assert (told["primary_language"], told["supported_languages"]) == ("en", ["fr"])


def test_a_group_is_added_once_it_has_a_name(sandbox: Sandbox, freshdesk: Api) -> None:
    assert freshdesk.post("/groups", {}).status_code == 400
    assert freshdesk.post("/groups", {"name": "Level 2"}).status_code == 201
    assert [row["name"] for row in freshdesk.get("/groups").json()] == ["Support", "Level 2"]


# --- Faults: answered as not made, and made

LIES = [{"status": 429, "headers": {"Retry-After": "7"}}, {"status": 422}, {"status": 403}, {"status": 500},
        {"status": 200, "body": {"error": "Oops"}}]  # fmt: skip


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: str(lie["status"]))
@pytest.mark.parametrize("applied", [True, False])
def test_a_status_fault_makes_the_write_or_not_whatever_it_answers(
    sandbox: Sandbox, zendesk: Api, lie: dict[str, Any], applied: bool
) -> None:
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("status", desk="zendesk", method="PUT", apply=applied, **lie)
    answer = zendesk.say(ticket)
    assert (answer.status_code, len(sandbox.stored("zendesk", ticket)["comments"])) == (lie["status"], 1 + applied)
    (written,) = sandbox.writes("zendesk", ticket)
    assert (written["applied"], written["status"]) == (applied, lie["status"])


@pytest.mark.parametrize(
    ("kind", "made"), [("drop", 1), ("malformed", 1), ("reset", 0), ("redirect", 0), ("html200", 0)]
)
def test_each_fault_makes_the_write_or_not_as_it_says(sandbox: Sandbox, freshdesk: Api, kind: str, made: int) -> None:
    ticket = sandbox.ticket("freshdesk")
    sandbox.fault(kind, desk="freshdesk", method="POST", path="notes")
    try:
        freshdesk.post(f"/tickets/{ticket}/notes", {"body": "<p>x</p>", "private": True})
    except requests.ConnectionError:
        assert kind in {"drop", "reset"}
    assert len(sandbox.stored("freshdesk", ticket)["comments"]) == 1 + made


def test_a_redirect_names_where_and_a_page_of_html_says_that_it_is_one(sandbox: Sandbox, zendesk: Api) -> None:
    ticket = sandbox.ticket("zendesk")
    sandbox.fault("redirect", desk="zendesk", method="PUT", location="https://elsewhere.example/")
    sandbox.fault("html200", desk="zendesk", method="PUT")
    first, second = zendesk.say(ticket), zendesk.say(ticket)
    assert (first.status_code, first.headers["Location"]) == (302, "https://elsewhere.example/")
    assert (second.status_code, second.headers["Content-Type"].partition(";")[0]) == (200, "text/html")
