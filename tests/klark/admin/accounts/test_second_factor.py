"""The second factor: asked of whoever has one, set up by whoever must, encrypted, and taken away by a superuser only."""

import pytest
from allauth.mfa.models import Authenticator
from axes.models import AccessLog
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from tests.klark.admin.accounts.people import PASSWORD, app_of, code, codes_of, inside, log_in, person
from tests.klark.companies import Company, login, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def camille() -> User:
    return person("camille")


def enter(browser: Client, digits: str) -> int:
    return browser.post(reverse("mfa_authenticate"), {"code": digits}).status_code


def test_whoever_has_none_is_not_asked(camille: User) -> None:
    assert inside(log_in("camille"))


def test_the_password_alone_does_not_open_and_is_no_login_yet(camille: User) -> None:
    app_of(camille)
    browser = log_in("camille")
    assert (inside(browser), AccessLog.objects.count()) == (False, 0)


def test_the_code_of_the_app_opens_and_is_recorded_as_a_login(camille: User) -> None:
    secret = app_of(camille)
    browser = log_in("camille")
    assert (enter(browser, code(secret)), inside(browser)) == (302, True)
    assert list(AccessLog.objects.values_list("username", flat=True)) == ["camille"]


def test_a_code_opens_once(camille: User) -> None:
    secret = app_of(camille)
    digits = code(secret)
    enter(log_in("camille"), digits)
    again = log_in("camille")
    assert (enter(again, digits), inside(again)) == (200, False)


def test_a_recovery_code_opens_once(camille: User) -> None:
    app_of(camille)
    spare = codes_of(camille)[0]
    browsers = [log_in("camille"), log_in("camille")]
    assert [(enter(browser, spare), inside(browser)) for browser in browsers] == [(302, True), (200, False)]


def test_after_five_wrong_codes_not_even_the_right_one_opens_and_nobody_else_notices(camille: User) -> None:
    secret, browser = app_of(camille), log_in("camille")
    assert [enter(browser, "000000") for _ in range(5)] == [200] * 5
    assert (enter(browser, code(secret)), inside(browser)) == (200, False)
    other = person("noor")
    others = app_of(other)
    theirs = log_in("noor")
    assert (enter(theirs, code(others)), inside(theirs)) == (302, True)


def test_a_stranger_who_does_not_know_the_password_cannot_use_the_codes_up(camille: User) -> None:
    secret, stranger = app_of(camille), log_in("camille", "a wrong password")
    for _ in range(6):
        enter(stranger, "000000")
    browser = log_in("camille")
    assert (enter(browser, code(secret)), inside(browser)) == (302, True)


def test_what_is_stored_of_it_is_encrypted(camille: User) -> None:
    secret, spare = app_of(camille), codes_of(camille)
    rows = list(Authenticator.objects.all())
    stored = [str(row.data) for row in rows]
    assert (len(stored), [secret in text or spare[0] in text for text in stored]) == (2, [False, False])
    assert all(
        value.startswith("invented:") for row in rows for name, value in row.data.items() if name in {"secret", "seed"}
    )


# Where it is required


def set_up(browser: Client) -> int:
    """By the pages, as a person does it."""
    page = reverse("mfa_activate_totp")
    browser.post(f"{reverse('account_reauthenticate')}?next={page}", {"password": PASSWORD})
    secret = browser.get(page).context["form"].secret
    return browser.post(page, {"code": code(secret)}).status_code


def test_where_it_is_required_no_page_opens_before_it_is_set_up(ours: Company, settings: Settings) -> None:
    settings.KLARK_SECOND_FACTOR = "required"
    browser = login("camille", (ours, "lead"))
    pages = [
        reverse(f"admin:{name}")
        for name in ("index", "klark_draft_changelist", "klark_policy_changelist", "password_change")
    ]
    answers = [browser.get(page) for page in pages]
    assert [answer.headers.get("Location") for answer in answers] == [reverse("mfa_index")] * 4
    page = browser.get(reverse("mfa_index"))
    assert (page.status_code, b"alder" in page.content.lower()) == (200, False)
    assert (set_up(browser), inside(browser)) == (302, True)


def test_whoever_must_set_one_up_can_leave_instead(ours: Company, settings: Settings) -> None:
    settings.KLARK_SECOND_FACTOR = "required"
    assert login("camille", (ours, "lead")).post(reverse("admin:logout")).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(camille: User, settings: Settings) -> None:
    settings.KLARK_SECOND_FACTOR = "required"
    codes_of(camille)
    assert not inside(log_in("camille"))


def test_a_factor_changes_only_after_the_password_was_typed_again(camille: User) -> None:
    browser = log_in("camille")
    page = browser.get(reverse("mfa_activate_totp"))
    assert page.headers["Location"].startswith(reverse("account_reauthenticate"))


# Who may take it away


def forget(user: User, browser: Client) -> int:
    browser.post(reverse("admin:auth_user_act", args=(user.pk, "forget")))
    return Authenticator.objects.filter(user=user).count()


def test_a_superuser_takes_it_away_and_nobody_else(ours: Company, camille: User) -> None:
    app_of(camille)
    others = [login(role, (ours, role)) for role in ("agent", "lead", "operator")]
    assert [forget(camille, browser) for browser in others] == [1, 1, 1]
    assert forget(camille, superuser()) == 0
    assert inside(log_in("camille"))


@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "socialaccount_signup", "socialaccount_connections"]
)
def test_nobody_signs_up_or_changes_an_address_or_links_an_account(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_whom_the_admin_would_not_let_in_is_turned_away_once() -> None:
    person("visitor", is_staff=False)
    answer = Client().post(reverse("account_login"), {"username": "visitor", "password": PASSWORD})
    assert answer.headers["Location"] == reverse("account_inactive")
