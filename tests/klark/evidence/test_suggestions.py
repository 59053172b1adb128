"""What people do with drafts again and again is suggested to the lead, who accepts it with one press, or never sees it again."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrations.helpdesks.base import Priority
from klark.drafting.tenant_settings import settings_of
from klark.evidence.letters import around
from klark.evidence.suggestions.edits import Edit, changed, in_place_of, says
from klark.evidence.suggestions.find import suggestions
from klark.evidence.suggestions.suggestion import Suggestion, at_least
from klark.models import (
    Article,
    AuditDetail,
    Connection,
    Correction,
    DismissedSuggestion,
    Draft,
    Outcome,
    Policy,
    Tenant,
    Topic,
    policy_in_force,
    rules_of,
    within,
)
from klark.triage.priority import as_topic
from tests.bench import suggestions as bench
from tests.klark import rows
from tests.klark.companies import Company, company, login
from tests.klark.said import triage

pytestmark = pytest.mark.django_db
PAGE, PRESS = reverse("admin:klark_suggestions"), reverse("admin:klark_suggestions_press")
SAID = "A parcel may come back within 14 days."
LETTER = f"Hello Anna,\n\n{SAID}\n\nalder team"


@pytest.fixture
def ours() -> Company:
    """A company whose topic waits in the queue, and an article that says 14 days."""
    made = company("alder")
    with within(made.tenant):
        rows.ingest(made.tenant, "manual", rows.NewArticle("back", "Parcels back", f"<p>{SAID}</p>", "en"))
    return made


def reviewed(
    ours: Company, sent: str = LETTER, by: str = "ada", topic: str = "alder-topic", kind: str = "", **more: object
) -> Draft:
    """A draft that a person sent so, or did something else with."""
    with within(ours.tenant):
        desk, article = Connection.of(ours.tenant).get(), Article.of(ours.tenant).get(key="back", current=True)
        number = Draft.of(ours.tenant).count()
        draft = Draft.objects.create(
            tenant_id=ours.tenant, connection=desk, ticket_id=f"n{number}", turn="1", topic=topic, language="en",
            requester="Anna Durand", reply_text=LETTER, rests_on=[article.pk],
            sentences=[{"text": SAID, "state": "SUPPORTED", "sources": [{"article": "back"}]}],
        )  # fmt: skip
        kept = {
            "kind": kind or ("approved" if sent == LETTER else "edited"),
            "text": sent,
            "kept": 0.9,
            "singly": True,
            **more,
        }
        Outcome.objects.create(tenant_id=ours.tenant, draft=draft, by=by, **kept)
        return draft


def told(ours: Company) -> list[Suggestion]:
    with within(ours.tenant):
        return suggestions(ours.tenant, timezone.now())


def press(browser: Client, ours: Company, which: str, key: str) -> None:
    assert browser.post(PRESS, {"tenant": ours.mark, "key": key, "press": which}).status_code == 302


def policies(ours: Company) -> int:
    with within(ours.tenant):
        return Policy.of(ours.tenant).count()


def test_words_that_several_people_put_around_the_answer_become_the_policys_by_one_press(ours: Company) -> None:
    for number in range(9):
        text = LETTER.replace("Hello Anna", "Dear Anna").replace("alder team", "Kind regards,\nalder team")
        reviewed(ours, text, by=("ada", "bob")[number % 2])
    for _ in range(4):
        reviewed(ours)
    reviewed(ours, LETTER.replace("alder team", "alder team\nbob"), by="bob")
    greeting, sign_off = sorted(told(ours), key=lambda one: one.kind)
    assert [(one.kind, one.hits, one.of, one.was, one.now) for one in (greeting, sign_off)] == [
        ("greeting", 9, 14, "Hello {name},", "Dear {name},"), ("sign_off", 9, 14, "alder team", "Kind regards,\nalder team"),
    ]  # fmt: skip
    lead, agent = login("lead", (ours, "lead")), login("agent", (ours, "agent"))
    index = reverse("admin:index")
    assert ["again and again" in who.get(index).text for who in (lead, agent)] == [True, False]
    shown = lead.get(PAGE).text
    assert ("People end 9 of 14 replies so." in shown, "Dear {name}," in shown) == (True, True)
    press(lead, ours, "accept", sign_off.key)
    press(lead, ours, "accept", greeting.key)
    with within(ours.tenant):
        rules = rules_of(policy_in_force(ours.tenant))
        why = AuditDetail.objects.filter(entry__kind="policy").latest("pk").content
    assert (rules.version, rules.sign_off, rules.greeting, dict(rules.topics)) == (
        3, {"en": "Kind regards,\nalder team"}, {"en": "Dear {name},"}, {"alder-topic": "queue"},
    )  # fmt: skip
    assert why == {
        "done": [{"changed": {"fields": ["greeting"]}}],
        "why": "Suggested: People begin 9 of 14 replies so.",
    }
    assert told(ours) == []


def test_one_persons_own_way_is_nobodys_habit_unless_nobody_else_reviews(ours: Company) -> None:
    for _ in range(8):
        reviewed(ours, LETTER.replace("alder team", "Yours,\nada"))
    assert [one.kind for one in told(ours)] == ["sign_off"]
    reviewed(ours, by="bob")
    assert told(ours) == []


def test_a_value_that_people_correct_again_and_again_leads_to_its_article(ours: Company) -> None:
    drafts = [reviewed(ours, LETTER.replace("14 days", "30 days"), by=("ada", "bob")[n % 2]) for n in range(6)]
    reviewed(ours)
    reviewed(ours, LETTER.replace("14 days", "90 days"), kind="edited", at=timezone.now() - timedelta(days=100))
    (one,) = told(ours)
    assert (one.kind, one.about, one.was, one.now, one.hits, one.of) == (
        "article",
        "Parcels back",
        "14 days",
        "30 days",
        6,
        7,
    )
    assert one.examples == tuple(sorted((draft.pk for draft in drafts), reverse=True)[:5])
    lead = login("lead", (ours, "lead"))
    shown = lead.get(PAGE).text
    with within(ours.tenant):
        article = Article.of(ours.tenant).get(key="back", current=True)
        Article.of(ours.tenant).filter(pk=article.pk).update(source="zendesk:acme", url="https://acme.example/back")
    form = f"{reverse('admin:klark_article_change', args=(article.pk,))}?was=14+days&now=30+days"
    told_and_linked = ("“Parcels back” says 14 days, people write 30 days", form.replace("&", "&amp;"))
    assert [words in shown for words in told_and_linked] == [True, True]
    shown = lead.get(PAGE).text
    told_and_linked = ("Change it there, klark only reads it: Zendesk · acme.", "https://acme.example/back", "was=14")
    assert [words in shown for words in told_and_linked] == [True, True, False]
    assert SAID in lead.get(form).text  # what comes from elsewhere is shown as it is
    with within(ours.tenant):
        Article.of(ours.tenant).filter(pk=article.pk).update(source="manual")
    opened = lead.get(form)
    assert "stands in place of “14 days” in 1 place. Nothing is saved yet" in opened.text
    corrected = opened.context["adminform"].form.initial["body_html"]
    assert (corrected, lead.get(form.replace("was=14", "was=15")).text.count("by hand, then save it")) == (
        f"<p>{SAID.replace('14', '30')}</p>", 1)  # fmt: skip
    with within(ours.tenant):
        assert Article.of(ours.tenant).get(key="back", current=True).body_html == f"<p>{SAID}</p>"
    filled = {"title": "Parcels back", "body_html": corrected, "language": "en"}
    assert lead.post(form, filled).status_code == 302
    with within(ours.tenant):
        saved = Article.of(ours.tenant).get(key="back", current=True)
    assert (saved.version, saved.body_html, told(ours)) == (2, corrected, [])


def test_a_topic_whose_drafts_fail_far_more_often_is_lowered_to_a_note(ours: Company) -> None:
    for number in range(30):
        reviewed(ours, topic="other", kind="rejected" if number == 0 else "")
        reviewed(ours, kind="rejected" if number % 2 else "")
    (one,) = told(ours)
    assert (one.kind, one.about, one.hits, one.of) == ("note", "alder-topic", 15, 30)
    press(login("lead", (ours, "lead")), ours, "accept", one.key)
    with within(ours.tenant):
        rules = rules_of(policy_in_force(ours.tenant))
    assert (rules.mode_of("alder-topic"), told(ours)) == ("note", [])


def test_drafts_without_a_topic_that_fail_lower_nothing(ours: Company) -> None:
    rows.policy(ours.tenant, mode="queue")
    for number in range(30):
        reviewed(ours, topic="other", kind="rejected" if number == 0 else "")
        reviewed(ours, topic="", kind="rejected" if number % 2 else "")
    assert told(ours) == []


def set_to(ours: Company, draft: Draft, was: str, now: str) -> None:
    with within(ours.tenant):
        Correction.objects.create(tenant_id=ours.tenant, draft=draft, what="priority", was=was, now=now)


def test_a_topic_whose_tickets_people_make_more_or_less_urgent_gets_that_priority_by_one_press(ours: Company) -> None:
    for number in range(11):
        draft = reviewed(ours)
        if number < 8:
            set_to(ours, draft, "normal", "high")
        set_to(ours, reviewed(ours, topic="other"), "high", "low" if number % 2 else "normal")
        set_to(ours, reviewed(ours, topic="calm"), "normal", "low")  # nothing would follow from it
    with within(ours.tenant):
        Topic.objects.create(tenant_id=ours.tenant, key="calm", name="Calm")
        Topic.objects.create(tenant_id=ours.tenant, key="other", name="Other", priority="high")
    less, more = told(ours)
    assert (less.kind, less.about, less.now, less.hits) == ("lower_priority", "other", "normal", 11)
    assert (more.kind, more.about, more.now, more.hits, len(more.examples)) == ("priority", "alder-topic", "high", 8, 5)
    lead = login("lead", (ours, "lead"))
    shown = lead.get(PAGE).text
    assert ("alder topic”: high priority" in shown, "“Other”: normal priority at most" in shown) == (True, True)
    assert f"more urgent, in klark or in the helpdesk, in 8 of {more.of} cases." in shown
    assert f"less urgent, in klark or in the helpdesk, in 11 of {less.of} cases. One that touches a sensitive" in shown
    for one in (less, more):
        press(lead, ours, "accept", one.key)
    with within(ours.tenant):
        given = list(
            Topic.of(ours.tenant).filter(key__in=("other", "alder-topic")).values_list("priority", "highest_priority")
        )
        why = AuditDetail.objects.filter(entry__kind="topic").latest("pk").content["why"]
    assert (given, told(ours)) == ([("high", ""), ("", "normal")], [])
    assert why == f"Suggested: Its tickets were made more urgent, in klark or in the helpdesk, in 8 of {more.of} cases."

    def taken_for(topic: str, read: Priority, given: Priority = "low", **found: Any) -> Priority:
        return as_topic(triage(priority=read, topic=topic, **found), given, settings_of(ours.tenant).topics).priority

    assert [taken_for("alder-topic", each) for each in ("low", "normal", "urgent")] == ["high", "high", "urgent"]
    assert [taken_for("other", each) for each in ("low", "normal", "urgent")] == ["low", "normal", "normal"]
    assert taken_for("other", "urgent", given="high") == "high"  # the helpdesk says so itself
    assert taken_for("other", "urgent", sensitive=("self_harm",)) == "urgent"
    assert taken_for("another", "urgent") == "urgent"


def test_tickets_of_two_helpdesks_with_one_number_are_two(ours: Company) -> None:
    for _ in range(6):
        set_to(ours, reviewed(ours), "normal", "high")
    another = rows.connection(ours.tenant, "freshdesk")
    for number in range(6):
        set_to(ours, rows.draft(another, f"n{number + 1}", topic="alder-topic"), "normal", "high")
    (one,) = told(ours)
    assert (one.kind, one.hits, one.of) == ("priority", 12, 13)  # with the company's own draft


def test_what_was_dismissed_comes_back_only_if_twice_as_many_drafts_speak_for_it(ours: Company) -> None:
    for _ in range(70):
        reviewed(ours)
    (one,) = told(ours)
    assert (one.kind, one.hits, one.of) == ("autonomy", 70, 70)
    lead = login("lead", (ours, "lead"))
    assert reverse("admin:klark_autonomy") in lead.get(PAGE).text
    press(lead, ours, "accept", one.key)  # there is nothing to accept: the page on autonomy decides
    press(lead, ours, "dismiss", one.key)
    with within(ours.tenant):
        row = DismissedSuggestion.of(ours.tenant).get()
        assert (row.drafts, row.by, policies(ours)) == (70, "lead", 1)
    assert "Nothing stands out" in lead.get(PAGE).text
    press(lead, ours, "dismiss", one.key)
    for _ in range(70):
        reviewed(ours)
    assert [again.hits for again in told(ours)] == [140]


def test_whoever_does_not_lead_the_tenant_neither_sees_nor_accepts(ours: Company) -> None:
    for _ in range(8):
        reviewed(ours, LETTER.replace("alder team", "Yours,\nalder"))
    (one,) = told(ours)
    form = {"tenant": "alder", "key": one.key, "press": "accept"}
    for browser in (login("agent", (ours, "agent")), login("stranger", (company("birch"), "lead"))):
        assert (browser.post(PRESS, form).status_code, "Yours," in browser.get(PAGE, {"tenant": "alder"}).text) == (
            403,
            False,
        )
    assert (login("lead", (ours, "lead")).get(PRESS).status_code, policies(ours), Tenant.objects.count()) == (405, 1, 0)


@pytest.mark.parametrize(
    ("requester", "begins", "ends", "greeting", "sign_off"),
    [
        ("Al Smith", "Also good to hear, Al,", "Also from Al", "Also good to hear, {name},", None),
        ("Al Smith", "Dear Mr Smith,", "Almost there", None, "Almost there"),
        ("", "Dear Ms Okafor,", "Until soon", None, "Until soon"),
        ("Wren Okafor", "Hi Okafor,", "Bye Wren", None, None), ("Jo Winter", "Dear {name} Winter,", "alder team", None, None),
        ("Anna Durand", "Dear Anna,", "Kind regards,\nVelmire Support", "Dear {name},", "Kind regards,\nVelmire Support"),
    ],
)  # fmt: skip
def test_what_names_somebody_is_nobodys_habit_and_a_name_is_a_whole_word(
    requester: str, begins: str, ends: str, greeting: str | None, sign_off: str | None
) -> None:
    sent = f"{begins}\n\n{SAID}\n\n{ends}"
    found = changed(Edit(1, "ada", "en", requester, LETTER, sent, ((SAID, frozenset()),)))
    assert [pair and pair[1] for pair in (found.greeting, found.sign_off)] == [greeting, sign_off]


def test_so_many_or_more_are_chance_by_the_binomial_distribution() -> None:
    assert [at_least(6, 7, 0.2), at_least(0, 9, 0.2), at_least(3, 3, 0.2)] == pytest.approx([0.0003712, 1.0, 0.008])


def test_a_value_stands_in_a_text_only_as_a_whole() -> None:
    assert (says("within 14 days", "14 days"), says("within 14 days", "4 days")) == (True, False)
    assert not any(
        says(f"It costs {price}.", "500 €") for price in ("1,500 €", "1 500 €", "1.500 €", "1\u202f500 €", "-500 €")
    )


def test_what_stands_around_the_sentences_is_the_greeting_and_the_farewell() -> None:
    assert around("Hi,\n\nIt takes 3 days.\n\nBye", ["It takes 3 days."]) == ("Hi,", "Bye")
    assert around("Something else entirely.", ["It takes 3 days."]) is None


def test_the_bench_measures_each_habit() -> None:
    assert set(bench.figures(2, 1)["found"]) == set(bench.HABITS)


def test_a_value_is_put_in_wherever_it_stands_as_a_whole_and_is_no_markup() -> None:
    html = "<p>Within 14&nbsp;days. In 14\ndays, not 114 days or 14 daysies.</p>"
    assert in_place_of("14 days", "30 <b>days", html) == (
        "<p>Within 30 &lt;b&gt;days. In 30 &lt;b&gt;days, not 114 days or 14 daysies.</p>", 2)  # fmt: skip
    assert in_place_of("", "30 days", html) == (html, 0)
    linked = '<a href="/500 €">500 €</a>, not 1&nbsp;500 € or 1,500 €'
    assert in_place_of("500 €", "600 €", linked) == (linked.replace(">500", ">600"), 1)
