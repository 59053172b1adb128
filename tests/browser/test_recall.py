"""The page on recalled answers as an agent meets it, in a headless Chromium. KLARK_SHOTS names a folder for pictures."""

import pytest

from klark.models import Connection, Recall, within
from tests.browser.test_admin import ours, page, pytestmark, sideways  # noqa: F401  # fixtures and marks
from tests.browser.test_gaps import shoot
from tests.klark import rows
from tests.klark.companies import Company

PAIRS = (
    (3, "Delivery to Belgium takes 3 to 5 working days.", "Delivery to Belgium takes 5 to 7 working days, and 10 in December."),
    (2, "You may also collect your parcel at our workshop in Lyon, on any day from nine to six.", ""),
    (1, "An unused item may come back within 30 days.", "You may return an item that you have not used within 30 days."),
)  # fmt: skip


@pytest.mark.parametrize("page", ["fr"], indirect=True)
def test_recalled_answers_fit_a_laptops_width_and_leave_the_list(page: object, ours: Company) -> None:  # noqa: F811
    with within(ours.tenant):
        Recall.of(ours.tenant).delete()
        account = Connection.of(ours.tenant).get()
    for place, (severity, old, new) in enumerate(PAIRS):
        draft = rows.draft(account, 70 + place, sentences=[{"text": f"{old} Yes.", "state": "SUPPORTED", "sources": []}],
                           requester="Camille Durand")  # fmt: skip
        pair = {
            "place": 0,
            "article": ours.article,
            "title": "Delivery times",
            "old": old,
            "new": new,
            "severity": severity,
        }
        with within(ours.tenant):
            Recall.objects.create(tenant_id=ours.tenant, draft=draft, pairs=[pair], severity=severity)
    page.goto(f"{page.home}/admin/klark/recall/")
    shoot(page, "recall")
    assert sideways(page) == 0
    needless = page.locator("form[action$='/do/needless/'] button")
    assert needless.count() == 3
    needless.first.click()
    page.wait_for_load_state("load")
    assert page.locator("form[action$='/do/needless/'] button").count() == 2
    assert rows.get(Recall, state="needless").severity == 3
