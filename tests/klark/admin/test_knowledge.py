"""Articles: a change is a new version, a withdrawal keeps what was quoted, nothing is erased."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from klark.knowledge.ingest import NewArticle, ingest
from klark.models import Article, Passage, within
from tests.klark.companies import Company

pytestmark = pytest.mark.django_db


def save(browser: Client, article: int, body: str) -> list[str]:
    form = {"title": "alder returns", "body_html": body, "language": "en", "url": ""}
    answer = browser.post(reverse("admin:klark_article_change", args=(article,)), form)
    assert answer.status_code == 302
    return [str(told) for told in get_messages(answer.wsgi_request)]


def versions(company: Company) -> list[tuple[int, bool, list[str]]]:
    """(version, current, its sentences)."""
    with within(company.tenant):
        rows = Article.of(company.tenant).order_by("version")
        found = Passage.of(company.tenant)
        return [(row.version, row.current, [s for p in found.filter(article=row) for s in p.sentences]) for row in rows]


def test_a_change_is_a_new_version_and_the_old_one_stays(ours: Company, lead: Client) -> None:
    save(lead, ours.article, "<p>Send it to alder in 14 days.</p>")
    assert versions(ours) == [(1, False, ["Send it to alder in 30 days."]), (2, True, ["Send it to alder in 14 days."])]


def test_saving_without_a_change_makes_no_version(ours: Company, lead: Client) -> None:
    assert "Nothing was changed, so there is no new version." in save(
        lead, ours.article, "<p>Send it to alder in 30 days.</p>"
    )
    assert len(versions(ours)) == 1


def test_an_article_made_by_hand_is_cut_into_passages(ours: Company, lead: Client) -> None:
    form = {
        "tenant": ours.tenant,
        "title": "Horaires",
        "body_html": "<p>Nous ouvrons à neuf heures.</p>",
        "language": "",
        "url": "",
    }
    assert lead.post(reverse("admin:klark_article_add"), form).status_code == 302
    with within(ours.tenant):
        made = Article.objects.get(title="Horaires")
        assert (made.source, made.version, made.current, made.language) == ("manual", 1, True, "fr")
        assert [passage.sentences for passage in made.passages.all()] == [["Nous ouvrons à neuf heures."]]


def test_two_articles_with_one_title_are_two_articles(ours: Company, lead: Client) -> None:
    for text in ("One.", "Two."):
        form = {"tenant": ours.tenant, "title": "Same", "body_html": f"<p>{text}</p>", "language": "en", "url": ""}
        lead.post(reverse("admin:klark_article_add"), form)
    with within(ours.tenant):
        assert Article.objects.filter(title="Same", current=True).count() == 2


def test_withdrawing_keeps_the_article_and_its_passages(ours: Company, lead: Client) -> None:
    lead.post(reverse("admin:klark_article_act", args=(ours.article, "withdraw")))
    assert versions(ours) == [(1, False, ["Send it to alder in 30 days."])]
    with within(ours.tenant):
        assert Passage.objects.exclude(words=None, stems=None, grams=None).count() == 0


def test_a_button_is_pressed_by_posting_only(ours: Company, lead: Client) -> None:
    assert lead.get(reverse("admin:klark_article_act", args=(ours.article, "withdraw"))).status_code == 403
    assert versions(ours)[0][1] is True


def test_an_old_version_is_read_and_not_changed(ours: Company, lead: Client) -> None:
    save(lead, ours.article, "<p>New.</p>")
    old = reverse("admin:klark_article_change", args=(ours.article,))
    shown = lead.get(old).content.decode()
    assert ("Send it to alder in 30 days." in shown, "</textarea>" in shown, "/do/withdraw/" in shown) == (
        True,
        False,
        False,
    )
    assert lead.post(old, {"title": "x", "body_html": "<p>x</p>"}).status_code == 403


def test_what_comes_from_a_help_centre_is_changed_there(ours: Company, lead: Client) -> None:
    with within(ours.tenant):
        ingest(ours.tenant, "zendesk", NewArticle("9", "Synced", "<p>From the desk.</p>", "en"))
        synced = Article.objects.get(source="zendesk").pk
    address = reverse("admin:klark_article_change", args=(synced,))
    assert lead.post(address, {"title": "x", "body_html": "<p>x</p>"}).status_code == 403
    assert "/do/withdraw/" in lead.get(address).content.decode()


@pytest.mark.parametrize(("query", "found"), [("", [2]), ("?versions=old", [1]), ("?versions=all", [1, 2])])
def test_the_list_is_of_current_versions_unless_old_ones_are_asked_for(
    ours: Company, lead: Client, query: str, found: list[int]
) -> None:
    save(lead, ours.article, "<p>New.</p>")
    rows = lead.get(reverse("admin:klark_article_changelist") + query).context["cl"].result_list
    assert sorted(row.version for row in rows) == found
