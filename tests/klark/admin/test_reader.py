"""Times and dates stand on a page as the reader's own clock and country have them."""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from klark.admin.reader import COOKIE
from klark.models import Decision, within
from tests.klark.companies import Company

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "day", "moment"), [
    ("en", "Mar 9, 2026", "Mar 9, 2026, 11:30 PM"), ("en-gb", "9 Mar 2026", "9 Mar 2026, 23:30"),
    ("fr", "09/03/2026", "09/03/2026 23:30"),
])  # fmt: skip
def test_a_country_has_one_way_to_write_a_day_and_a_moment(language: str, day: str, moment: str) -> None:
    at = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
    with translation.override(language):
        days = {date_format(at, name) for name in ("DATE_FORMAT", "SHORT_DATE_FORMAT")}
        moments = {date_format(at, name) for name in ("DATETIME_FORMAT", "SHORT_DATETIME_FORMAT")}
    assert (days, moments) == ({day}, {moment})


@pytest.mark.parametrize(("asked", "zone", "shown"), [
    ("en-US,en;q=0.9", "", "Mar 9, 2026, 11:30 PM"), ("en-GB,en;q=0.9", "Europe/London", "9 Mar 2026, 23:30"),
    ("fr-FR,fr;q=0.9,en-GB;q=0.5", "Europe/Paris", "10/03/2026 00:30"), ("en", "America/New_York", "Mar 9, 2026, 7:30 PM"),
    ("en-AU", "../../etc/passwd", "9 Mar 2026, 23:30"),
])  # fmt: skip
def test_a_time_is_the_readers_own(ours: Company, lead: Client, asked: str, zone: str, shown: str) -> None:
    with within(ours.tenant):
        Decision.objects.update(decided_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    lead.cookies[COOKIE] = quote(zone, safe="")
    page = lead.get(reverse("admin:klark_decision_change", args=(ours.decision,)), headers={"accept-language": asked})
    assert shown in " ".join(page.content.decode().replace("\xa0", " ").split())
