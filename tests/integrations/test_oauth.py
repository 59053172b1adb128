"""Zendesk's OAuth over a stub: what is asked, and what each answer means. A token that nobody saw come is no token."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from urllib3.exceptions import ProtocolError

from integrations.errors import Refused, TryLater, Unsure
from integrations.helpdesks.zendesk.oauth import ACCESS_S, REFRESH_S, SHORTEST_S, OAuth, Tokens, challenge

from .desks import Reply, StubTransport

PLACE = ("POST", "/oauth/tokens")
GIVEN = {"access_token": "new", "refresh_token": "next", "expires_in": 7200, "token_type": "bearer"}


def oauth(answer: Any = None, account: str = "acme") -> OAuth:
    return OAuth(account, StubTransport({PLACE: answer or Reply(GIVEN)}))


GRANTS = {
    "client": lambda it: it.by_client("klark", "s3cret"),
    "code": lambda it: it.by_code("klark", "s3cret", "c", "v" * 43, "https://klark.example/back"),
    "refresh": lambda it: it.by_refresh("klark", "s3cret", "old"),
}
ASKED = {
    "client": {"grant_type": "client_credentials", "scope": "read write", "expires_in": ACCESS_S},
    "code": {"grant_type": "authorization_code", "code": "c", "code_verifier": "v" * 43, "scope": "read write",
             "redirect_uri": "https://klark.example/back", "expires_in": ACCESS_S, "refresh_token_expires_in": REFRESH_S},
    "refresh": {"grant_type": "refresh_token", "refresh_token": "old", "scope": "read write", "expires_in": ACCESS_S,
                "refresh_token_expires_in": REFRESH_S},
}  # fmt: skip


@pytest.fixture(params=GRANTS)
def grant(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_what_is_asked_and_where(grant: str) -> None:
    it = oauth()
    assert GRANTS[grant](it) == Tokens("new", "next", 7200)
    (request,) = it.transport.sent  # type: ignore[attr-defined]  # the stub's
    assert request.url == "https://acme.zendesk.com/oauth/tokens"
    assert json.loads(request.body) == {**ASKED[grant], "client_id": "klark", "client_secret": "s3cret"}
    assert "Authorization" not in request.headers


@pytest.mark.parametrize("name", ["code", "refresh"])
def test_a_public_client_tells_no_secret(name: str) -> None:
    it = oauth()
    {"code": lambda: it.by_code("klark", "", "c", "v", "https://klark.example/back"),
     "refresh": lambda: it.by_refresh("klark", "", "old")}[name]()  # fmt: skip
    assert "client_secret" not in json.loads(it.transport.sent[0].body)  # type: ignore[attr-defined]  # the stub's


@pytest.mark.parametrize("status", [400, 401, 403])
@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {"error": "invalid_grant", "error_description": "The refresh token is invalid"},
            "The refresh token is invalid",
        ),
        ({"error": "invalid_client"}, "invalid_client"),
        ({}, "no reason given"),
        ([], "no reason given"),
        (b"<html>", "status"),
        (b"[" * 100_000, "status"),
        ({"error_description": ["x"], "error": "invalid_scope"}, "invalid_scope"),
    ],
)
def test_a_refusal_says_why(grant: str, status: int, body: Any, told: str) -> None:
    with pytest.raises(Refused, match="Zendesk gives klark no token") as caught:
        GRANTS[grant](oauth(Reply(body, status)))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Reply({}, 429, {"Retry-After": "5"}), TryLater),
        (Reply({}, 500), Unsure),
        (Reply({}, 503), Unsure),
        (Reply(b"<html>"), Unsure),
        (Reply([]), Unsure),
        (Reply({}), Unsure),
        (Reply({"access_token": None}), Unsure),
        (Reply({"access_token": ""}), Unsure),
        (Reply({"access_token": "a b"}), Unsure),
        (Reply({"access_token": 7}), Unsure),
        (Reply(b"", 302, {"Location": "https://elsewhere.example/"}), Unsure),
        (requests.ReadTimeout("slow"), Unsure),
        (requests.ConnectionError(ProtocolError("dropped")), Unsure),
        (requests.ConnectTimeout("far"), TryLater),
    ],
)
def test_an_answer_without_a_token_is_never_one(grant: str, answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        GRANTS[grant](oauth(answer))
    assert type(caught.value) is error


@pytest.mark.parametrize(
    ("lives", "read"),
    [
        (7200, 7200),
        ("7200", 7200),
        (None, SHORTEST_S),
        ("x", SHORTEST_S),
        (0, SHORTEST_S),
        (-5, SHORTEST_S),
        (299, SHORTEST_S),
        (300, 300),
        (172_800, 172_800),
        (172_801, SHORTEST_S),
        (10**30, SHORTEST_S),
        (True, SHORTEST_S),
    ],
)
def test_a_token_of_unknown_life_lives_as_short_as_any_can(lives: Any, read: int) -> None:
    assert oauth(Reply({**GIVEN, "expires_in": lives})).by_client("klark", "s").lives_s == read


@pytest.mark.parametrize("scope", ["read write", "write read tickets:write", "read,write", "", None, 5])
def test_a_token_for_all_that_was_asked_or_that_does_not_say_is_taken(grant: str, scope: Any) -> None:
    assert GRANTS[grant](oauth(Reply({**GIVEN, "scope": scope}))).access == "new"


@pytest.mark.parametrize("scope", ["read", "tickets:write", "readwrite", "write"])
def test_a_token_for_less_than_was_asked_is_refused_before_it_is_used(grant: str, scope: str) -> None:
    with pytest.raises(Refused, match=f"for {scope} only: give the OAuth client the scopes read write"):
        GRANTS[grant](oauth(Reply({**GIVEN, "scope": scope})))


def test_what_is_asked_for_lies_within_either_wording_of_the_manual() -> None:
    assert (300 < ACCESS_S < 172_800, 604_800 < REFRESH_S < 7_776_000, ACCESS_S < REFRESH_S) == (True, True, True)


def test_without_a_new_refresh_token_the_old_one_stays() -> None:
    assert GRANTS["refresh"](oauth(Reply({**GIVEN, "refresh_token": None}))) == Tokens("new", "old", 7200)


@pytest.mark.parametrize("refresh", [None, "", 7, "a b"])
def test_a_refresh_token_may_be_missing(refresh: Any) -> None:
    assert oauth(Reply({**GIVEN, "refresh_token": refresh})).by_client("klark", "s").refresh == ""


@pytest.mark.parametrize("account", ["https://acme", "acme.zendesk.com", "acme/x", "", "127.0.0.1", "acme:80"])
def test_tokens_are_asked_for_at_a_name_never_at_an_address(account: str, grant: str) -> None:
    it = oauth(account=account)
    with pytest.raises(Refused):
        GRANTS[grant](it)
    assert it.transport.sent == []  # type: ignore[attr-defined]  # the stub's


def test_a_stand_ins_page_is_at_its_own_address() -> None:
    page = OAuth("acme", StubTransport({}), "http://127.0.0.1:8800/zendesk/").page(
        "klark", "https://k.example/b", "s", "v"
    )
    assert page.startswith("http://127.0.0.1:8800/zendesk/oauth/authorizations/new?")


@pytest.mark.parametrize("text", ["a b", "a&b=c", "é", "https://k.example/back?x=1"])
def test_whatever_stands_in_the_page_is_quoted(text: str) -> None:
    page = oauth().page(text, text, text, "v")
    asked = parse_qs(urlsplit(page).query)
    assert (asked["client_id"], asked["redirect_uri"], asked["state"]) == ([text], [text], [text])
    assert asked["code_challenge"] == [challenge("v")]
