"""An agent corrects a draft's topic in a headless Chromium."""

import pytest

from klark.models import Topic, within
from tests.browser.test_admin import opened, ours, page, pytestmark
from tests.klark.companies import Company

__all__ = ["ours", "page", "pytestmark"]
TOPIC = ".k-correct:has(#k-topic)"


@pytest.fixture(autouse=True)
def topics(ours: Company) -> None:
    with within(ours.tenant):
        for key, name in (("workshop", "Workshop"), ("delivery", "Delivery")):
            Topic.objects.get_or_create(tenant_id=ours.tenant, key=key, defaults={"name": name})


def test_a_topic_is_corrected_where_it_stands(page: object, ours: Company) -> None:
    opened(page).locator(TOPIC + " summary").click()
    page.locator("#k-topic").select_option("workshop")
    page.locator(TOPIC + " button").click()
    page.wait_for_load_state()
    assert page.locator(TOPIC + " summary").inner_text() == "Workshop"
