"""What users change of their own login stands in the audit chain, and how a login was made and ended."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from klark.models import EVERY_TENANT, AuditDetail, within
from klark.models.audit.entry import chain
from klark.personal_data.retention import tidy
from tests.klark.admin.accounts.people import PASSWORD, app_of, code, codes_of, log_in, person
from tests.klark.admin.accounts.test_passwords import ask, set_new
from tests.klark.admin.accounts.test_second_factor import enter, set_up
from tests.klark.admin.test_audit import entries
from tests.klark.admin.test_session_age import pass_by
from tests.klark.companies import Company, login

pytestmark = pytest.mark.django_db(transaction=True)  # allauth tells some of it once a transaction is committed
NEW = "a-long-pass-word-7"


@pytest.fixture
def camille() -> User:
    return person("camille")


def told(tenant_id: int | None = None) -> list[tuple[str, dict[str, object]]]:
    """(act, details) of a chain."""
    with within(EVERY_TENANT):
        found = AuditDetail.objects.filter(entry__in=chain(tenant_id)).select_related("entry").order_by("entry__number")
        return [(one.entry.act, one.content) for one in found]


def confirmed(browser: Client) -> Client:
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser


def test_a_factor_that_is_set_up_stands_there_with_its_recovery_codes_and_so_does_its_end(camille: User) -> None:
    browser = log_in("camille")
    assert set_up(browser) == 302
    assert told() == [
        ("user", {"what": "totp", "done": "added"}),
        ("user", {"what": "recovery_codes", "done": "added"}),
    ]
    confirmed(browser).post(reverse("mfa_generate_recovery_codes"))
    assert told()[2:] == [("user", {"what": "recovery_codes", "done": "renewed"})]
    confirmed(browser).post(reverse("mfa_deactivate_totp"))
    assert sorted(str(content["what"]) for _, content in told()[3:]) == ["recovery_codes", "totp"]
    assert {entry[:3] for entry in entries(None)} == {("camille", "user", "user")}


def test_a_security_key_that_is_taken_away_stands_there(camille: User) -> None:
    app_of(camille)
    key = Authenticator.objects.create(user=camille, type=Authenticator.Type.WEBAUTHN, data={"name": "key"})
    browser = Client()
    browser.force_login(camille)
    confirmed(browser).post(reverse("mfa_remove_webauthn", args=(key.pk,)))
    assert told() == [("user", {"what": "webauthn", "done": "removed"})]


def test_a_login_says_what_it_was_made_with(ours: Company, camille: User) -> None:
    secret = app_of(camille)
    login("noor", (ours, "lead"))
    log_in("noor")
    camille.memberships.create(tenant_id=ours.tenant, role="lead")
    enter(log_in("camille"), code(secret))
    assert told(ours.tenant) == [
        ("logged in", {"steps": ["password"]}),
        ("logged in", {"steps": ["password", "totp"]}),
    ]


def test_a_recovery_code_that_is_used_up_stands_there(camille: User) -> None:
    app_of(camille)
    enter(log_in("camille"), codes_of(camille)[0])
    assert told() == [("user", {"what": "recovery_codes", "done": "used"})]


def test_a_password_that_its_owner_changes_stands_there_once_and_one_that_is_refused_does_not(camille: User) -> None:
    browser, page = log_in("camille"), reverse("admin:password_change")
    for old in ("wrong", PASSWORD):
        browser.post(page, {"old_password": old, "new_password1": NEW, "new_password2": NEW})
    assert told() == [("user", {"what": "password", "done": "changed"})]
    assert entries(None) == [("camille", "user", "user", str(camille.pk))]


def test_who_is_not_logged_in_changes_no_password() -> None:
    assert Client().post(reverse("admin:password_change")).headers["Location"].startswith(reverse("admin:login"))
    assert told() == []


def test_a_password_set_by_a_mailed_link_stands_there(
    camille: User, settings: Settings, mailoutbox: list[object]
) -> None:
    settings.KLARK_EMAIL_URL, settings.KLARK_URL = "smtp://mail.example", "https://klark.example"
    ask()
    set_new(mailoutbox)  # type: ignore[arg-type]
    assert told() == [("user", {"what": "password", "done": "set by a link"})]


def test_a_login_that_idles_out_is_a_log_out_once_it_is_noticed(ours: Company, settings: Settings) -> None:
    idle, busy = login("noor", (ours, "lead")), login("camille", (ours, "lead"))
    for browser in (idle, busy):
        browser.get(reverse("admin:index"))
    pass_by(idle, settings.SESSION_COOKIE_AGE)
    ends = Session.objects.get(pk=idle.session.session_key).expire_date if idle.session.session_key else None
    tidy()
    tidy()
    assert entries(ours.tenant) == [("noor", "logged out", "", "")]
    assert told(ours.tenant) == [("logged out", {"idle_since": str(ends)})]
