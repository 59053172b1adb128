"""A connection's secrets go in and never come out; its page says how it is."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from klark.models import Connection, within
from klark.runtime.encrypted_secrets import seal, unseal
from tests.klark.companies import Company

pytestmark = pytest.mark.django_db
SECRET = "n3w-Secret-of-40"


PLAIN = {
    "active": "on", "token": "", "webhook_secret": "", "start_mark_0": "2026-01-05", "start_mark_1": "08:00:00",
}  # fmt: skip


def address(company: Company) -> str:
    return reverse("admin:klark_connection_change", args=(company.connection,))


def save(browser: Client, company: Company, **typed: str) -> Any:
    return browser.post(address(company), {**PLAIN, **typed})


def secrets(company: Company) -> dict[str, str]:
    with within(company.tenant):
        return unseal(Connection.objects.get().sealed)


def test_empty_inputs_keep_the_secrets(ours: Company, operator: Client) -> None:
    save(operator, ours)
    assert secrets(ours) == {"token": "alder-token", "webhook_secret": "old"}


def test_a_new_token_leaves_the_webhook_secret_alone(ours: Company, operator: Client) -> None:
    save(operator, ours, token="new-token")
    assert secrets(ours) == {"token": "new-token", "webhook_secret": "old"}


def test_a_webhook_secret_that_is_replaced_stays_valid_beside_the_new(ours: Company, operator: Client) -> None:
    save(operator, ours, webhook_secret=SECRET)
    save(operator, ours, webhook_secret=SECRET)
    assert secrets(ours) == {"token": "alder-token", "webhook_secret": SECRET, "old_webhook_secret": "old"}


@pytest.mark.parametrize("typed", ["s", "s3cret", SECRET[:15], "password" * 4, "0123456012345601", "0" * 64])
def test_a_webhook_secret_that_could_be_guessed_is_refused(ours: Company, operator: Client, typed: str) -> None:
    form = save(operator, ours, token="new-token", webhook_secret=typed).context["adminform"].form
    told = "This webhook secret could be guessed. Take at least 16 characters drawn at random."
    assert (form.errors, secrets(ours)["token"]) == ({"webhook_secret": [told]}, "alder-token")


def test_no_secret_is_ever_shown(ours: Company, operator: Client) -> None:
    shown = operator.get(address(ours)).content.decode()
    with within(ours.tenant):
        sealed = Connection.objects.get().sealed
    assert [secret in shown for secret in ("alder-token", 'value="old"', sealed)] == [False] * 3
    assert "API token: set · webhook secret: set · webhook secret before that, still valid: not set" in shown


def test_the_page_gives_the_webhooks_address_and_how_the_connection_is(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Connection.objects.update(trouble="401 from the desk", bad_signatures=7)
    shown = operator.get(address(ours)).content.decode()
    assert f"{settings.KLARK_URL}/webhooks/{ours.connection}/" in shown
    assert ("401 from the desk" in shown, ">7<" in shown.replace("\n", "").replace(" ", "")) == (True, True)


def test_secrets_sealed_with_a_lost_key_are_given_anew_together(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Connection.objects.update(sealed="lost:nothing")
    told = "This secret was sealed with key 'lost': put it back into KLARK_ENCRYPTION_KEYS."
    assert save(operator, ours, token="new").context["adminform"].form.non_field_errors() == [told]
    assert save(operator, ours, token="new", webhook_secret=SECRET).status_code == 302
    assert secrets(ours) == {"token": "new", "webhook_secret": SECRET}


def test_a_page_whose_secrets_cannot_be_opened_still_opens(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Connection.objects.update(sealed="lost:nothing")
    assert "sealed with key &#x27;lost&#x27;" in operator.get(address(ours)).content.decode()


def test_a_new_connection_is_made_with_its_secrets(ours: Company, operator: Client) -> None:
    form = {"tenant": ours.tenant, "helpdesk": "freshdesk", "account": "alder.freshdesk.com", **PLAIN, "token": "t",
            "webhook_secret": SECRET}  # fmt: skip
    operator.post(reverse("admin:klark_connection_add"), form)
    with within(ours.tenant):
        made = Connection.objects.get(helpdesk="freshdesk")
    assert unseal(made.sealed) == {"token": "t", "webhook_secret": SECRET}


def test_the_account_of_a_connection_stays(ours: Company, operator: Client) -> None:
    save(operator, ours, account="elsewhere", helpdesk="freshdesk")
    with within(ours.tenant):
        assert [Connection.objects.get().account, Connection.objects.get().helpdesk] == ["alder-desk", "zendesk"]


def test_sealing_is_not_undone_by_the_page_alone(ours: Company, operator: Client) -> None:
    with within(ours.tenant):
        Connection.objects.update(sealed=seal({}))
    save(operator, ours, token="only")
    assert secrets(ours) == {"token": "only"}
