"""Zendesk's authorization code with PKCE from the admin: good once, for the user, the session and the tenant it began with."""

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from integrations.errors import Refused
from integrations.helpdesks.zendesk.oauth import OAuth, challenge
from integrations.sandbox.client import Sandbox
from integrations.sandbox.world import World
from klark.connections import authorize, install
from klark.connections.authorize import Browser
from klark.connections.tokens import Credential
from klark.models import Actor, Connection, Handshake, Membership, within
from klark.personal_data.retention import tidy
from klark.runtime.encrypted_secrets import seal, unseal
from tests.klark import rows
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db

HERE, ADA = Browser(7, "session-one"), Actor(7, "ada")
CLIENT = {"client_id": "klark", "client_secret": "s3cret"}


@pytest.fixture
def row(sandbox: Sandbox) -> Connection:
    """A connection that knows its OAuth client, and nothing else yet."""
    made = rows.connection(rows.tenant(), "zendesk", sandbox, own_user_id="")
    with within(made.tenant_id):
        made.sealed = seal({**CLIENT, "webhook_secret": rows.SECRET})
        made.save()
    return made


def allowed(page: str) -> dict[str, str]:
    """What Zendesk leads back with when the person allows it there."""
    answer = requests.get(page, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == authorize.redirect()
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def come_back(row: Connection, told: dict[str, str], browser: Browser = HERE) -> authorize.Returned:
    with within(row.tenant_id):
        return authorize.come_back(told["state"], told["code"], browser)


def secrets() -> dict[str, str]:
    return unseal(rows.get(Connection).sealed)


# The exchange


def test_there_and_back_klark_has_tokens_that_renew_themselves(row: Connection, sandbox: Sandbox) -> None:
    authorize.exchange(come_back(row, allowed(authorize.begin(row, HERE))), ADA)
    kept = secrets()
    assert {name: kept[name] for name in ("client_id", "client_secret", "grant", "webhook_secret")} == {
        **CLIENT, "grant": "refresh", "webhook_secret": rows.SECRET,
    }  # fmt: skip
    assert kept["token"].startswith("oauth:")
    before = kept["refresh"]
    assert Credential(rows.get(Connection)).renew() is True
    assert secrets()["refresh"] != before


def test_the_page_says_who_asks_for_what_and_nothing_secret(row: Connection) -> None:
    page = urlsplit(authorize.begin(row, HERE))
    asked = {name: values[0] for name, values in parse_qs(page.query).items()}
    sealed = unseal(rows.get(Handshake).sealed)
    assert (asked["response_type"], asked["client_id"], asked["scope"], asked["code_challenge_method"]) == (
        "code", "klark", "read write", "S256",
    )  # fmt: skip
    assert asked["redirect_uri"] == authorize.redirect()
    assert asked["code_challenge"] == challenge(sealed["verifier"])
    assert [secret in page.geturl() for secret in (sealed["verifier"], "s3cret")] == [False, False]


def test_at_home_the_page_is_the_accounts_own() -> None:
    page = OAuth("acme", requests.adapters.HTTPAdapter()).page(
        "klark", "https://klark.example/back", "state", "verifier"
    )
    assert page.startswith("https://acme.zendesk.com/oauth/authorizations/new?response_type=code&client_id=klark&")


def test_the_challenge_is_the_one_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_nothing_that_goes_round_is_kept_in_clear(row: Connection) -> None:
    state = parse_qs(urlsplit(authorize.begin(row, HERE)).query)["state"][0]
    kept = rows.get(Handshake)
    assert (kept.digest, kept.session) == (
        hashlib.sha256(state.encode()).hexdigest(), hashlib.sha256(b"session-one").hexdigest(),
    )  # fmt: skip
    assert "verifier" not in kept.sealed


@pytest.mark.parametrize(
    "browser", [Browser(8, "session-one"), Browser(7, "session-two"), Browser(7, "")], ids=["user", "session", "none"]
)
def test_another_user_or_session_cannot_take_it_and_does_not_spoil_it(row: Connection, browser: Browser) -> None:
    told = allowed(authorize.begin(row, HERE))
    with pytest.raises(Refused, match="not begun here"):
        come_back(row, told, browser)
    assert come_back(row, told).connection == row


def test_it_is_good_once(row: Connection) -> None:
    told = allowed(authorize.begin(row, HERE))
    come_back(row, told)
    with pytest.raises(Refused, match="used already"):
        come_back(row, told)


def test_two_that_were_begun_are_apart(row: Connection) -> None:
    first, second = (allowed(authorize.begin(row, HERE)) for _ in range(2))
    authorize.exchange(come_back(row, second), ADA)
    with pytest.raises(Refused, match="another request"):
        authorize.exchange(come_back(row, {**first, "code": allowed(authorize.begin(row, HERE))["code"]}), ADA)


def test_a_state_that_nobody_began_is_refused(row: Connection) -> None:
    with pytest.raises(Refused):
        come_back(row, {"state": "made up", "code": "x"})


def test_after_ten_minutes_it_is_over_and_swept_away(row: Connection) -> None:
    told = allowed(authorize.begin(row, HERE))
    rows.change(Handshake, ends_at=rows.datetime.now(rows.UTC) - timedelta(seconds=1))
    with pytest.raises(Refused, match="longer than ten minutes"):
        come_back(row, told)
    tidy()
    assert rows.count(Handshake) == 0


def test_another_tenants_handshake_is_not_there(row: Connection) -> None:
    told = allowed(authorize.begin(row, HERE))
    other = rows.tenant("globex")
    with within(other), pytest.raises(Refused):
        authorize.come_back(told["state"], told["code"], HERE)


def test_declined_there_is_declined_here_and_over(row: Connection) -> None:
    told = allowed(authorize.begin(row, HERE))
    with within(row.tenant_id), pytest.raises(Refused, match="declined"):
        authorize.come_back(told["state"], "", HERE)
    assert (rows.count(Handshake), secrets()) == (0, {**CLIENT, "webhook_secret": rows.SECRET})


@pytest.mark.parametrize("wrong", [{"client_secret": "s3cret"}, {}])
def test_without_a_client_there_is_nowhere_to_go(row: Connection, wrong: dict[str, str]) -> None:
    row.sealed = seal(wrong)
    with pytest.raises(Refused, match="identifier of an OAuth client"):
        authorize.begin(row, HERE)


def test_a_code_that_is_not_taken_leaves_the_old_credentials(row: Connection) -> None:
    with within(row.tenant_id):
        row.sealed = seal({**CLIENT, "token": rows.TOKENS["zendesk"]})
        row.save()
    told = allowed(authorize.begin(row, HERE))
    with pytest.raises(Refused, match="gives klark no token"):
        authorize.exchange(come_back(row, {**told, "code": "another"}), ADA)
    assert secrets()["token"] == rows.TOKENS["zendesk"]


def test_a_code_cannot_be_used_with_another_verifier(row: Connection) -> None:
    told = allowed(authorize.begin(row, HERE))
    returned = come_back(row, told)
    with pytest.raises(Refused):
        authorize.exchange(authorize.Returned(row, {**returned.kept, "verifier": "guessed"}, returned.code), ADA)


def test_a_public_client_has_no_secret_to_tell(row: Connection, sandbox: Sandbox) -> None:
    row.sealed = seal({"client_id": "klark"})
    authorize.exchange(come_back(row, allowed(authorize.begin(row, HERE))), ADA)
    asked = [each["body"] for each in sandbox.writes("zendesk") if each["path"] == "/oauth/tokens"]
    assert [sorted(body) for body in asked if "client_secret" in body] == []
    assert "client_secret" not in secrets()


# The pages


@pytest.fixture
def ours(sandbox: Sandbox) -> Company:
    made = company("alder")
    with within(made.tenant):
        Connection.objects.update(account="acme", address=sandbox.base("zendesk"), sealed=seal(CLIENT))
    return made


@pytest.fixture(autouse=True)
def no_test_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "WAIT_S", 0.0)
    monkeypatch.setattr(install, "_ring", lambda *given: install.Rung(arrived=True))


def leave(browser: Client, where: Company) -> Any:
    return browser.post(reverse("admin:klark_connection_act", args=(where.connection, "authorize")))


def returned(browser: Client, **told: str) -> Any:
    return browser.get(reverse("admin:klark_connection_callback"), told, follow=True)


def messages(answer: Any) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def test_the_callbacks_address_is_the_one_that_zendesk_is_told() -> None:
    assert reverse("admin:klark_connection_callback") == authorize.CALLBACK


def test_from_the_button_to_a_helpdesk_that_is_set_up(
    ours: Company, operator: Client, world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    there = leave(operator, ours)
    assert there.status_code == 302
    with django_capture_on_commit_callbacks(execute=True):
        back = returned(operator, **allowed(there["Location"]))
    assert "sets the helpdesk up" in messages(back)[0]
    with within(ours.tenant):
        row = Connection.objects.get()
    assert (unseal(row.sealed)["grant"], row.own_user_id, "made the webhook" in row.report) == (
        "refresh",
        rows.OWN_ID,
        True,
    )
    assert len(world.desks["zendesk"].rows["webhooks"]) == 1


def test_what_goes_wrong_with_the_code_stands_on_the_page(
    ours: Company, operator: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    told = allowed(leave(operator, ours)["Location"])
    with django_capture_on_commit_callbacks(execute=True):
        returned(operator, state=told["state"], code="another")
    with within(ours.tenant):
        assert "gives klark no token" in Connection.objects.get().report


def test_what_goes_wrong_at_the_helpdesk_stands_on_top_of_the_page_and_in_the_list(
    ours: Company, operator: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def refuse(connection: Connection, by: Actor) -> None:
        raise Refused("Zendesk refused the request (422)")

    monkeypatch.setattr(install, "set_up", refuse)
    button = reverse("admin:klark_connection_act", args=(ours.connection, "set-up"))
    with django_capture_on_commit_callbacks(execute=True):
        operator.post(button)
    page = operator.get(reverse("admin:klark_connection_change", args=(ours.connection,)))
    told = "The helpdesk is not set up: Zendesk refused the request (422)"
    with within(ours.tenant):
        assert Connection.objects.get().report == "Set-up failed: Zendesk refused the request (422)"
    assert told in operator.get(reverse("admin:klark_connection_changelist")).content.decode()
    assert messages(page)[-1] == told


def test_a_seat_that_lacks_a_right_is_told_with_what_was_found(
    ours: Company, operator: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    report = install.Report("Klark <klark@example.com>", missing=("It may not reply.",))
    monkeypatch.setattr(install, "set_up", lambda connection, by: report)
    with django_capture_on_commit_callbacks(execute=True):
        operator.post(reverse("admin:klark_connection_act", args=(ours.connection, "set-up")))
    with within(ours.tenant):
        told = Connection.objects.get().report.splitlines()
    assert told == ["Set-up failed: It may not reply.", *report.lines()]


def test_without_a_client_the_button_says_what_to_do(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Connection.objects.update(sealed=seal({}))
    answer = operator.get(leave(operator, ours)["Location"])
    assert messages(answer) == ["Put in the identifier of an OAuth client at Zendesk first, and save."]


def test_a_get_does_not_begin_anything(ours: Company, operator: Client) -> None:
    assert operator.get(reverse("admin:klark_connection_act", args=(ours.connection, "authorize"))).status_code == 403
    assert rows.count(Handshake) == 0


def test_somebody_elses_browser_cannot_finish_it(ours: Company, operator: Client) -> None:
    told = allowed(leave(operator, ours)["Location"])
    answer = returned(login("other", (ours, "operator")), **told)
    assert "not begun here" in messages(answer)[0]
    with within(ours.tenant):
        assert unseal(Connection.objects.get().sealed) == CLIENT


def test_nobody_finishes_it_signed_out(ours: Company, operator: Client) -> None:
    told = allowed(leave(operator, ours)["Location"])
    answer = Client().get(reverse("admin:klark_connection_callback"), told)
    assert (answer.status_code, "login" in answer["Location"]) == (302, True)


def test_a_role_that_was_taken_away_meanwhile_cannot_finish_it(ours: Company, operator: Client) -> None:
    told = allowed(leave(operator, ours)["Location"])
    Membership.objects.update(role="agent")
    assert operator.get(reverse("admin:klark_connection_callback"), told).status_code == 302
    assert rows.count(Handshake) == 0
    with within(ours.tenant):
        assert unseal(Connection.objects.get().sealed) == CLIENT


@pytest.mark.parametrize("role", ["agent", "lead"])
def test_only_operators_may_begin(ours: Company, role: str) -> None:
    assert leave(login("low", (ours, role)), ours).status_code in {403, 404}
    assert rows.count(Handshake) == 0


def test_another_tenants_operator_cannot_begin(ours: Company) -> None:
    assert leave(login("stranger", (company("birch"), "operator")), ours).status_code == 404


def test_a_client_is_put_in_on_the_page_and_its_secret_never_comes_out(ours: Company, operator: Client) -> None:
    page = reverse("admin:klark_connection_change", args=(ours.connection,))
    operator.post(page, {"active": "on", "start_mark_0": "2026-01-05", "start_mark_1": "08:00:00", "client_id": "new",
                         "client_secret": "hidden-secret"})  # fmt: skip
    with within(ours.tenant):
        kept = unseal(Connection.objects.get().sealed)
    shown = operator.get(page).content.decode()
    assert (kept["client_id"], kept["client_secret"]) == ("new", "hidden-secret")
    assert ("hidden-secret" in shown, authorize.redirect() in shown, "OAuth client: set" in shown) == (
        False,
        True,
        True,
    )


def test_a_verifier_is_long_enough_for_the_standard(row: Connection) -> None:
    authorize.begin(row, HERE)
    verifier = unseal(rows.get(Handshake).sealed)["verifier"]
    assert 43 <= len(verifier) <= 128
    assert len(base64.urlsafe_b64decode(challenge(verifier) + "=")) == 32
