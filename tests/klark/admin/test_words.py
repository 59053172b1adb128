"""Lists and pages say names, not keys; what is refused leads back; a policy begins with what a lead wants first."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from lxml.html import fromstring

from klark.models import Article, Connection, Decision, Draft, Topic, WebhookEvent, within
from tests.klark import rows
from tests.klark.companies import Company, login

pytestmark = pytest.mark.django_db


def page(browser: Client, address: str, *given: object, language: str = "en") -> str:
    """What stands on a page."""
    return browser.get(reverse(f"admin:{address}", args=given), headers={"accept-language": language}).content.decode()


def choices(browser: Client, model: str, number: int, language: str = "en", query: str = "") -> list[tuple[str, str]]:
    """What a filter of a list offers."""
    address = reverse(f"admin:klark_{model}_changelist")
    filters = browser.get(address + query, headers={"accept-language": language}).context["cl"].filter_specs
    return [(str(value), str(name)) for value, name in filters[number].lookup_choices]


@pytest.fixture
def named(ours: Company) -> Company:
    """Drafts and decisions on a topic with a name, one that is gone, and none."""
    with within(ours.tenant):
        Topic.objects.filter(pk=ours.topic).update(key="gift_cards", name="Gift cards")
        draft = Draft.objects.get(pk=ours.draft)
        Draft.objects.update(topic="gift_cards")
        for number, topic in enumerate(("gone", "")):
            Draft.objects.create(tenant_id=ours.tenant, connection=draft.connection, ticket_id=f"9{number}", turn="1",
                                 topic=topic, language="fr" if topic else "")  # fmt: skip
        Decision.objects.update(topic="gift_cards", milliseconds=2340)
    return ours


def test_the_queues_filters_have_names_and_no_empty_line(named: Company, operator: Client) -> None:
    assert choices(operator, "draft", 3, query="?shown=all") == [
        ("gift_cards", "Gift cards"), ("gone", "gone"), ("-", "no topic")]  # fmt: skip
    assert choices(operator, "draft", 4, "fr", "?shown=all") == [
        ("en", "anglais"),
        ("fr", "français"),
        ("-", "inconnue"),
    ]
    assert choices(operator, "draft", 3) == [("gift_cards", "Gift cards")]  # the queue's: of what waits


FOUND = {
    "&topic=gift_cards": ["41"], "&topic=-": ["91"], "&topic=gone": ["90"], "&language=-": ["91"], "&language=fr": ["90"],
    "&topic=": ["41", "90", "91"],
}  # fmt: skip


def test_a_filter_finds_what_has_the_value_and_what_has_none(named: Company, operator: Client) -> None:
    address = reverse("admin:klark_draft_changelist") + "?shown=all"
    shown = {query: operator.get(address + query).context["cl"].result_list for query in FOUND}
    assert {query: sorted(row.ticket_id for row in found) for query, found in shown.items()} == FOUND


def test_decisions_have_subjects_names_and_seconds(named: Company, operator: Client) -> None:
    shown = page(operator, "klark_decision_changelist")
    assert [word in shown for word in ("alder subject", "#41 · Zendesk · alder-desk", "Gift cards", "2.3 s", "Took")] == [
        True] * 5  # fmt: skip
    assert ("gift_cards<" in shown, "illiseconds" in shown) == (False, False)
    assert "2,3 s" in page(operator, "klark_decision_change", named.decision, language="fr")


def test_a_topic_is_called_as_its_readers_call_it(named: Company, lead: Client) -> None:
    with within(named.tenant):
        Topic.objects.filter(pk=named.topic).update(names={"fr": "Cartes cadeaux"})
    for address, *given in (("klark_draft_changelist",), ("klark_draft_change", named.draft), ("klark_decision_changelist",),
                            ("klark_outcomes",), ("index",), ("klark_policy_change", named.policy)):  # fmt: skip
        told = [
            "Gift cards" in page(lead, address, *given),
            "Cartes cadeaux" in page(lead, address, *given, language="fr"),
        ]
        assert (address, told) == (address, [True, True])
    assert choices(lead, "draft", 3, "fr")[0] == ("gift_cards", "Cartes cadeaux")


def test_the_page_of_what_was_left_alone_shows_what_triage_read(named: Company, operator: Client) -> None:
    with within(named.tenant):
        Decision.objects.update(record={"triage": {"text": "Our invoice of <November>"}})
    shown = page(operator, "klark_decision_change", named.decision)
    assert ("What triage read" in shown, "Our invoice of &lt;November&gt;" in shown) == (True, True)


HAPPENED = (
    ("{ticket_action:updated}", "ticket updated", "ticket mis à jour"),
    ("{ticket_action:created}", "ticket created", "ticket créé"),
    ("catch-up", "found by a catch-up read", "trouvé par une lecture de rattrapage"),
    ("{status:from}", "status:from", "status:from"), ("", "—", "—"),
)  # fmt: skip


def test_an_event_says_what_happened(ours: Company, operator: Client) -> None:
    for kind, *words in HAPPENED:
        rows.change(WebhookEvent, kind=kind)
        shown = [page(operator, "klark_webhookevent_changelist", language=code) for code in ("en", "fr")]
        told = [each in there for each, there in zip(words, shown, strict=True)]
        assert (kind, *told, "{ticket" in shown[0]) == (kind, True, True, False)


def test_an_event_is_called_by_its_ticket_and_account(ours: Company, operator: Client) -> None:
    assert "#41 · Zendesk · alder-desk" in page(operator, "klark_webhookevent_change", ours.event)


@pytest.mark.parametrize(("shadow", "seen"), [(False, False), (True, True)])
def test_shadow_mode_is_worth_a_word_only_where_it_is_on(
    ours: Company, operator: Client, shadow: bool, seen: bool
) -> None:
    with within(ours.tenant):
        Connection.objects.update(shadow=shadow, active=True)
    shown = page(operator, "klark_connection_changelist")
    assert (bool(re.search(r">\s*on\s*<", shown)), "field-shadow" in shown) == (seen, True)
    assert ">close<" not in re.sub(r"\s", "", shown.partition("result_list")[2])


def test_an_article_has_a_day_and_no_hour(ours: Company, lead: Client) -> None:
    with within(ours.tenant):
        Article.objects.update(updated_at=datetime(2026, 3, 9, tzinfo=UTC))
    shown = page(lead, "klark_article_changelist")
    assert ("Mar 9, 2026" in shown, "midnight" in shown) == (True, False)


@pytest.mark.parametrize(("language", "told", "back"), [
    ("en", "Not for your role", "Back to the overview"),
    ("fr", "Pas pour votre rôle", "Retour à la vue d'ensemble"),
])  # fmt: skip
def test_what_is_refused_says_so_and_leads_back(ours: Company, language: str, told: str, back: str) -> None:
    browser = login("camille", (ours, "agent"))
    answer = browser.get(reverse("admin:klark_policy_changelist"), headers={"accept-language": language})
    shown = answer.content.decode()
    assert (answer.status_code, f'<html lang="{language}">' in shown, told in shown) == (403, True, True)
    assert f'<a href="{reverse("admin:index")}">{back}</a>' in shown


def test_the_login_page_has_an_icon_that_is_there() -> None:
    (icon,) = re.findall(r'rel="icon" href="/static/([^"]+)"', Client().get(reverse("admin:login")).content.decode())
    assert finders.find(icon) is not None


def test_a_policy_begins_with_modes_then_says_what_levels_mean_and_folds_the_rest(ours: Company, lead: Client) -> None:
    shown = page(lead, "klark_policy_change", ours.policy)
    places = [shown.index(words) for words in ('name="mode"', 'name="topic_rules-0-mode"', "for information, a reason to hold",
                                               'name="tolerate_reply"', 'name="sign_off_en"')]  # fmt: skip
    assert places == sorted(places)
    assert shown.count('name="topic_rules-0-mode"') == 1
    folded = fromstring(shown).xpath("//fieldset/details[not(@open)]/summary")
    assert [each.text_content().strip() for each in folded] == [
        "Autonomy", "Words", "Roll-out", "Acting from the ticket", "Handing over", "On the ticket", "Not for klark", "Limits",
        "Model"]  # fmt: skip


def test_a_folded_group_with_a_complaint_is_open(ours: Company, lead: Client) -> None:
    address = reverse("admin:klark_policy_change", args=(ours.policy,))
    answer = lead.post(address, {"currency": "EURO"})
    (limits,) = [each for each in answer.context["adminform"] if str(each.name) == "Limits"]
    assert limits.is_collapsible is False


@pytest.mark.parametrize(("language", "told"), [("en", "Suicide or self-harm"), ("fr", "Suicide ou automutilation")])
def test_a_sensitive_topic_stands_in_words_on_both_pages(
    ours: Company, operator: Client, language: str, told: str
) -> None:
    with within(ours.tenant):
        Decision.objects.update(kind="ESCALATE", reason="sensitive", words="self_harm")
    places = (("klark_draft_change", ours.draft), ("klark_decision_change", ours.decision))
    pages = [page(operator, *place, language=language) for place in places]
    assert [(told in shown, "self_harm" in shown) for shown in pages] == [(True, False)] * 2


@pytest.mark.parametrize(("language", "told"), [("en", "not sent"), ("fr", "non envoyé")])
def test_what_was_rejected_was_not_sent(ours: Company, operator: Client, language: str, told: str) -> None:
    operator.post(reverse("admin:klark_draft_change", args=(ours.draft,)), {"press": "reject", "why": "wrong"})
    assert f">{told}</span>" in page(operator, "klark_draft_change", ours.draft, language=language)
