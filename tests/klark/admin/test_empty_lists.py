"""A tenant that has nothing yet finds on each list what to do next, and not that a search found nothing."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from klark.admin import PAGES
from klark.admin.empty_lists import EMPTY
from klark.models import AuditEntry, BacktestRun, Membership, Recall, RegressionRun, Tenant
from tests.klark import rows
from tests.klark.companies import logged_in

pytestmark = pytest.mark.django_db
NEVER = {AuditEntry, Tenant, get_user_model()}
"""Their lists have at least what somebody did who looks at them."""


DRAWN = {Recall, BacktestRun, RegressionRun}
"""Their pages are klark's own."""


@pytest.fixture
def operator() -> Client:
    """The operator of a new tenant."""
    user = get_user_model().objects.create_user("ops", is_staff=True)
    Membership.objects.create(user=user, tenant_id=rows.tenant(), role="operator")
    rows.delete(rows.Policy)
    return logged_in(user)


def page(browser: Client, model: type, query: str = "") -> str:
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return browser.get(address + query, headers={"accept-language": "fr"}).content.decode()


def test_each_list_says_what_to_do_next(operator: Client) -> None:
    own = {model for model in PAGES if model not in NEVER} - DRAWN
    assert {str(model._meta.model_name) for model in own} <= set(EMPTY)
    silent = [model for model in own if "Rien ici pour l'instant" not in page(operator, model)]
    assert silent == []


def test_a_search_without_a_hit_says_so(operator: Client) -> None:
    assert "Rien ne correspond" in page(operator, rows.Draft, "?q=nobody")
