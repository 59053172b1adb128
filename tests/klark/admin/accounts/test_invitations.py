"""A superuser invites a person by address: the person sets a password, and until then cannot log in."""

import re
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.klark.admin.accounts.people import inside, log_in
from tests.klark.admin.test_audit import content, entries
from tests.klark.companies import Company, login, superuser

pytestmark = pytest.mark.django_db
ADDRESS, NEW = "noor@klark.example", "quite another password"
Outbox = list[EmailMessage]
LINK = re.compile(r"https://klark\.example(/admin/\S+/)")


@pytest.fixture(autouse=True)
def sends_mail(settings: Settings) -> None:
    settings.KLARK_EMAIL_URL, settings.KLARK_URL = "smtp://mail.example", "https://klark.example"


def invite(browser: Client, address: str = ADDRESS) -> str:
    """The page after it."""
    answer = browser.post(reverse("admin:auth_user_invite"), {"email": address}, follow=True)
    return unescape(answer.content.decode())


def begin(text: str) -> None:
    """Follows the link in a text and sets the password."""
    browser, found = Client(), LINK.search(text)
    assert found
    page = browser.get(found[1], follow=True)
    browser.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})


def test_whoever_is_invited_sets_a_password_and_logs_in_by_the_address(mailoutbox: Outbox) -> None:
    page = invite(superuser(), "Noor@klark.example")
    user = get_user_model().objects.get(username=ADDRESS)
    assert (mailoutbox[0].to, user.email, user.has_usable_password(), LINK.search(page)) == (
        [ADDRESS], ADDRESS, False, None
    )  # fmt: skip
    begin(str(mailoutbox[0].body))
    assert inside(log_in(ADDRESS, NEW))


def test_without_mail_the_link_is_shown_to_the_operator_once(mailoutbox: Outbox, settings: Settings) -> None:
    settings.KLARK_EMAIL_URL, browser = "", superuser()
    page = invite(browser)
    user = get_user_model().objects.get(username=ADDRESS)
    again = browser.get(reverse("admin:auth_user_change", args=(user.pk,))).content.decode()
    assert (LINK.search(again), mailoutbox) == (None, [])
    begin(page)
    assert inside(log_in(ADDRESS, NEW))


def test_where_the_mail_server_is_down_the_link_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert LINK.search(invite(superuser()))


def test_an_invitation_stands_in_the_installations_chain_and_so_does_one_sent_again() -> None:
    browser = superuser()
    invite(browser)
    user = get_user_model().objects.get(username=ADDRESS)
    assert (entries(None), content(None)) == ([("root", "user", "user", str(user.pk))], {"invited": True})
    browser.post(reverse("admin:auth_user_act", args=(user.pk, "invite")))
    assert (len(entries(None)), content(None)) == (2, {"pressed": "invite"})


def test_an_address_is_invited_once_and_again_by_a_button_until_the_person_came(mailoutbox: Outbox) -> None:
    browser = superuser()
    invite(browser)
    assert "Somebody has this address already." in invite(browser, "NOOR@klark.example")
    user = get_user_model().objects.get(username=ADDRESS)
    button = reverse("admin:auth_user_act", args=(user.pk, "invite"))
    page = reverse("admin:auth_user_change", args=(user.pk,))
    assert button in browser.get(page).content.decode()
    browser.post(button)
    assert len(mailoutbox) == 2
    begin(str(mailoutbox[1].body))
    log_in(ADDRESS, NEW)
    assert button not in browser.get(page).content.decode()


def test_nobody_but_a_superuser_invites(ours: Company, mailoutbox: Outbox) -> None:
    waiting = get_user_model().objects.create_user(ADDRESS, ADDRESS, is_staff=True)
    for role in ("agent", "lead", "operator"):
        browser = login(role, (ours, role))
        assert browser.get(reverse("admin:auth_user_invite")).status_code == 403, role
        invite(browser, "another@klark.example")
        browser.post(reverse("admin:auth_user_act", args=(waiting.pk, "invite")))
    assert (mailoutbox, get_user_model().objects.filter(username="another@klark.example").exists()) == ([], False)


def test_where_single_sign_on_is_the_only_way_the_invitation_leads_to_it(
    mailoutbox: Outbox, settings: Settings
) -> None:
    settings.KLARK_OIDC_ONLY = True
    invite(superuser())
    assert f"https://klark.example{reverse('account_login')}\n" in str(mailoutbox[0].body)
    assert "password" not in str(mailoutbox[0].body)
