"""What is not there, broken, misunderstood or too old says so in the reader's language, and leads back."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views.defaults import server_error

from tests.klark.companies import Company

pytestmark = pytest.mark.django_db
FRENCH = {"accept-language": "fr"}


def test_a_page_that_is_not_there(lead: Client) -> None:
    answer = lead.get("/admin/klark/nothing/", headers=FRENCH)
    assert (answer.status_code, "Rien ici" in answer.content.decode()) == (404, True)


def test_a_form_that_is_too_old(ours: Company) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(reverse("admin:login"), {"login": "a"}, headers=FRENCH)
    assert (answer.status_code, "trop ancienne" in answer.content.decode()) == (403, True)


def test_an_error_of_klarks_own_says_that_nothing_was_saved() -> None:
    answer = server_error(RequestFactory().get("/admin/"))
    assert (answer.status_code, "Nothing of what you asked for was saved" in answer.content.decode()) == (500, True)


def test_what_no_page_asks_for(lead: Client, ours: Company) -> None:
    address = reverse("admin:klark_webhookevent_changelist")
    answer = lead.get(address + "?p=%00", headers={**FRENCH, "host": "elsewhere.example"})
    assert (answer.status_code, "Pas compris" in answer.content.decode()) == (400, True)
