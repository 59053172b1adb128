"""Sources and warnings in the admin: a site is read now by a worker, and what was left out is told in the reader's language."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from klark.knowledge.ingest import NewArticle, ingest
from klark.models import EVERY_TENANT, Article, Source, within
from tests.klark.companies import Company, company, login

pytestmark = pytest.mark.django_db
HIDDEN = "<p>It takes 3 days.</p><p style='display:none'>Blue kites</p>"


def source(tenant: int, kind: str = "site", *, active: bool = True) -> Source:
    with within(tenant):
        return Source.objects.create(
            tenant_id=tenant, name="web", kind=kind, address="https://a.example", active=active
        )


def wanted(one: Source) -> bool:
    with within(EVERY_TENANT):
        return Source.objects.values_list("wanted", flat=True).get(pk=one.pk)


def page(browser: Client, one: Source) -> str:
    return str(browser.get(reverse("admin:klark_source_change", args=(one.pk,))).content.decode())


def test_a_site_is_read_now_at_the_press_of_a_button(ours: Company, lead: Client) -> None:
    one = source(ours.tenant)
    assert "Read now" in page(lead, one)
    answer = lead.post(reverse("admin:klark_source_act", args=(one.pk, "read")))
    assert [str(told) for told in get_messages(answer.wsgi_request)] == [
        "A worker reads it now; look again in a minute."
    ]
    assert wanted(one) is True


@pytest.mark.parametrize(("kind", "active"), [("folder", True), ("site", False)])
def test_a_folder_and_a_paused_site_have_no_such_button(ours: Company, lead: Client, kind: str, active: bool) -> None:
    assert "Read now" not in page(lead, source(ours.tenant, kind, active=active))


def test_looking_alone_reads_nothing_and_a_stranger_may_not_press(ours: Company, lead: Client) -> None:
    one = source(ours.tenant)
    address = reverse("admin:klark_source_act", args=(one.pk, "read"))
    stranger = login("other", (company("birch"), "lead"))
    assert (lead.get(address).status_code, stranger.post(address).status_code) == (403, 404)
    assert wanted(one) is False


@pytest.mark.parametrize(
    ("language", "told"), [("en", "Hidden text was left out."), ("fr", "Du texte caché a été écarté.")]
)
def test_a_warning_is_told_in_the_readers_language(ours: Company, lead: Client, language: str, told: str) -> None:
    with within(ours.tenant):
        ingest(ours.tenant, "manual", NewArticle("odd", "Odd", HIDDEN, "en"))
        article = Article.of(ours.tenant).get(key="odd").pk
    addresses = (
        reverse("admin:klark_article_changelist"), reverse("admin:klark_article_change", args=(article,)),
        reverse("admin:klark_article_gaps"),
    )  # fmt: skip
    for address in addresses:
        assert told in lead.get(address, headers={"Accept-Language": language}).content.decode()
