"""Forgotten passwords: a link by mail, which says to nobody whether an address is known."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from klark.admin.accounts.adapters import MAILS
from tests.klark.admin.accounts.people import PASSWORD, app_of, inside, log_in, person

pytestmark = pytest.mark.django_db
NEW = "quite another password"
Outbox = list[EmailMessage]


@pytest.fixture(autouse=True)
def sends_mail(settings: Settings) -> None:
    settings.KLARK_EMAIL_URL, settings.KLARK_URL = "smtp://mail.example", "https://klark.example"


@pytest.fixture
def camille() -> User:
    return person("camille")


def ask(address: str = "camille@klark.example", **headers: str) -> Any:
    """The answer to somebody who has forgotten, once the mail is out."""
    answer = Client(headers=headers).post(reverse("account_reset_password"), {"email": address}, follow=True)
    MAILS.submit(lambda: None).result()
    return answer


def link(outbox: Outbox) -> str:
    return next(line for line in str(outbox[-1].body).splitlines() if line.startswith("https://klark.example/"))


def set_new(outbox: Outbox, password: str = NEW) -> str:
    """Where following the link and typing a password twice leads."""
    browser, address = Client(), link(outbox).removeprefix("https://klark.example")
    page = browser.get(address, follow=True)
    if not page.redirect_chain:
        return "no link"
    form = {"password1": password, "password2": password}
    return str(browser.post(page.redirect_chain[-1][0], form).headers.get("Location", "asked again"))


def test_a_link_sets_a_new_password_once_and_ends_what_was_open(camille: User, mailoutbox: Outbox) -> None:
    before = log_in("camille")
    ask()
    assert set_new(mailoutbox) == reverse("account_reset_password_from_key_done")
    assert (inside(before), inside(log_in("camille", PASSWORD)), inside(log_in("camille", NEW))) == (False, False, True)
    assert set_new(mailoutbox) == "no link"


def test_a_weak_password_is_refused(camille: User, mailoutbox: Outbox) -> None:
    ask()
    assert set_new(mailoutbox, "camille@klark") == "asked again"


def test_the_second_factor_is_still_asked(camille: User, mailoutbox: Outbox) -> None:
    app_of(camille)
    ask()
    set_new(mailoutbox)
    assert not inside(log_in("camille", NEW))


def test_the_mail_names_the_user_and_speaks_french_to_the_french(camille: User, mailoutbox: Outbox) -> None:
    ask(accept_language="fr")
    assert (mailoutbox[0].to, "camille" in mailoutbox[0].body, "mot de passe" in mailoutbox[0].body) == (
        ["camille@klark.example"], True, True
    )  # fmt: skip


def test_nothing_tells_whether_an_address_is_known(camille: User, mailoutbox: Outbox) -> None:
    person("gone", is_active=False)
    answers = [ask(f"{name}@klark.example") for name in ("camille", "nobody", "gone")]
    pages = {(answer.status_code, str(answer.redirect_chain), answer.content) for answer in answers}
    assert (len(pages), [mail.to for mail in mailoutbox]) == (1, [["camille@klark.example"]])


def test_a_mail_server_that_is_down_does_not_tell_either(
    camille: User, mailoutbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise ConnectionRefusedError

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert (ask().content, mailoutbox) == (ask("nobody@klark.example").content, [])


def test_the_link_leads_to_klark_whatever_host_the_request_names(
    camille: User, mailoutbox: Outbox, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    ask(host="evil.example")
    assert "evil" not in str(mailoutbox[0].body)
    assert link(mailoutbox)


def test_asking_often_for_one_address_is_refused_for_a_while_and_the_links_sent_still_work(
    camille: User, mailoutbox: Outbox
) -> None:
    asked: Callable[[str], int] = lambda address: ask(address).status_code  # noqa: E731
    assert [asked("camille@klark.example") for _ in range(6)] == [200] * 5 + [429]
    assert (asked("noor@klark.example"), len(mailoutbox)) == (200, 5)
    assert set_new(mailoutbox) == reverse("account_reset_password_from_key_done")


@pytest.mark.parametrize(("url", "only"), [("", False), ("smtp://mail.example", True)])
def test_where_there_is_no_mail_or_no_password_none_is_sent_and_the_page_says_so(
    camille: User, mailoutbox: Outbox, settings: Settings, url: str, only: bool
) -> None:
    settings.KLARK_EMAIL_URL, settings.KLARK_OIDC_ONLY = url, only
    page = Client().get(reverse("account_reset_password"))
    ask()
    assert (b"No mail is sent here" in page.content, mailoutbox) == (True, [])
    assert reverse("account_reset_password").encode() not in Client().get(reverse("account_login")).content
