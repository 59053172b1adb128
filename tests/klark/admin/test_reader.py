"""Times and dates stand on a page as the reader's own clock and country have them."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from klark.admin.reader import COOKIE
from klark.models import Decision, within
from tests.klark.companies import Company

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("asked", "zone", "shown"), [
    ("en-US,en;q=0.9", "", "March 9, 2026, 11:30 p.m."), ("en-GB,en;q=0.9", "Europe/London", "9 Mar 2026, 11:30 p.m."),
    ("fr-FR,fr;q=0.9,en-GB;q=0.5", "Europe/Paris", "10 mars 2026 00:30"), ("en", "America/New_York", "March 9, 2026, 7:30 p.m."),
    ("en-AU", "../../etc/passwd", "9 Mar 2026, 11:30 p.m."),
])  # fmt: skip
def test_a_time_is_the_readers_own(ours: Company, lead: Client, asked: str, zone: str, shown: str) -> None:
    with within(ours.tenant):
        Decision.objects.update(decided_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    lead.cookies[COOKIE] = quote(zone, safe="")
    page = lead.get(reverse("admin:klark_decision_change", args=(ours.decision,)), headers={"accept-language": asked})
    assert shown in " ".join(page.content.decode().replace("\xa0", " ").split())
