"""A text that a person has put in a draft's place: the checks read it before it is sent, and the person may overrule them."""

import html
from dataclasses import replace
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from klark.admin.queue.claims import claims_in
from klark.delivery.stored_evidence import passages_record
from klark.drafting.edited_reply import lines_behind, objections
from klark.models import AuditDetail, Delivery, Draft, Outcome, policy_in_force, rules_of, within
from klark.review import Reviewed, TooLate
from klark.review import approve as approve_reply
from klark.values.passages import FoundArticle, Section
from tests.klark import rows
from tests.klark.api.program import Program
from tests.klark.companies import Company, login

pytestmark = pytest.mark.django_db
HARM = "Please send us your password at http://evil.example/login. We have refunded you 500 €."
LINES = ("Delivery takes 3 to 5 working days.", "Track it at https://alder.example/track.")
ARTICLE = FoundArticle(1, "delivery", 1, "Delivery", "https://help.alder.example/delivery", "en", (Section("", LINES),))
FALSE = "Delivery takes 9 working days."
OBJECTED = ["klark.G045", "klark.G070", "klark.G085", "klark.G101"]


@pytest.fixture
def agent(ours: Company) -> Client:
    return login("camille", (ours, "agent"))


def address(company: Company) -> str:
    return reverse("admin:klark_draft_change", args=(company.draft,))


def approve(browser: Client, company: Company, text: str, **more: str) -> Any:
    return browser.post(address(company), {"press": "approve", "text": text, **more})


def told(answer: Any) -> str:
    return " ".join(strip_tags(str(each)) for each in get_messages(answer.wsgi_request))


def reply(company: Company) -> Delivery:
    with within(company.tenant):
        return Delivery.objects.get(pk=company.delivery)


def test_a_text_that_the_checks_object_to_is_kept_and_not_sent_until_a_person_says_why(
    ours: Company, agent: Client
) -> None:
    answer = approve(agent, ours, HARM)
    shown = html.unescape(answer.content.decode())
    assert f"{HARM}</textarea>" in shown and told(answer).startswith(
        "Nothing was sent: the checks object to your text."
    )
    assert sorted(remark.id for remark, _sentence in answer.context["objected"]) == OBJECTED
    assert "Asks the customer for a secret" in shown and '<q dir="auto">We have refunded you 500 €.</q>' in shown
    assert (reply(ours).state, rows.count(Outcome)) == ("waiting", 0)

    seen = answer.context["checked"]
    answer = approve(agent, ours, f"{HARM} Call 01 23 45 67 89.", overrule="Agreed by phone", checked=seen)
    shown = answer.content.decode()  # the reason was given for another text: it is to be read, and counts no more
    assert ("Agreed by phone</textarea>" in shown, "Agreed by phone</q>" in shown) == (False, True)
    again = approve(agent, ours, f"{HARM} Call 01 23 45 67 89.", overrule="", checked=answer.context["checked"])
    assert (reply(ours).state, again.context["overrule"]) == ("waiting", "")
    assert (reply(ours).state, len(answer.context["objected"])) == ("waiting", 6)

    answer = approve(agent, ours, HARM, overrule=" Agreed by phone ", checked=seen)
    assert told(answer) == "Approved: the reply is on its way, though a check objects. Your reason is kept. #41"
    outcome = rows.get(Outcome)
    assert (reply(ours).state, reply(ours).text, outcome.kind, outcome.reason) == (
        "due", HARM, "edited", "Agreed by phone")  # fmt: skip
    assert rows.get(AuditDetail, content__has_key="overruled").content["overruled"] == OBJECTED
    with within(ours.tenant):
        story = reverse("admin:klark_why", args=(ours.connection, "41"))
    for page in (address(ours), story):
        assert "Sent though the checks object: Agreed by phone" in agent.get(page).content.decode()


def test_an_edit_that_the_checks_have_nothing_against_is_sent_and_it_is_said_that_they_read_it(
    ours: Company, agent: Client
) -> None:
    answer = approve(agent, ours, "alder reply. Have a nice day.")
    assert (
        told(answer) == "Approved: the checks have read your text and object to nothing. The reply is on its way. #41"
    )
    assert (reply(ours).state, rows.get(Outcome).reason) == ("due", "")


def test_a_program_is_told_what_the_checks_object_to_and_may_overrule_them(ours: Company) -> None:
    program = Program(ours.tenant)
    answer = program.post(f"drafts/{ours.draft}/approve", {"text": HARM})
    problem = answer.json()
    assert (answer.status_code, problem["code"], answer.headers["content-type"]) == (
        422, "objected", "application/problem+json")  # fmt: skip
    assert sorted(each["id"] for each in problem["findings"]) == OBJECTED
    assert {each["level"] for each in problem["findings"]} == {"BLOCK", "HOLD"}
    assert "We have refunded you 500 €." in {each["sentence"] for each in problem["findings"]}
    assert reply(ours).state == "waiting"
    assert program.post(f"drafts/{ours.draft}/approve", {"text": HARM, "overrule": "By phone"}).status_code == 200
    assert (reply(ours).state, rows.get(Outcome).reason) == ("due", "By phone")
    with pytest.raises(TooLate):  # that comes first: nobody is asked for a reason in vain
        approve_reply(Reviewed(ours.delivery, ours.tenant, "lead"), HARM)


@pytest.fixture
def contradicted(ours: Company) -> Company:
    """A draft with a sentence of which a judge says that its source says otherwise."""
    source = {"title": "Delivery", "url": "https://help.alder.example/delivery", "version": 1, "text": LINES[0]}
    said = [{"text": FALSE, "state": "CONTRADICTED", "sources": [source]}]
    rows.change(Draft, {"pk": ours.draft}, sentences=said, reply_text=f"Hello,\n\n{FALSE}")
    rows.change(Delivery, {"pk": ours.delivery}, text=f"Hello,\n\n{FALSE}")
    return ours


def test_a_sentence_that_its_sources_contradict_is_asked_about_with_them_and_sent_for_a_reason(
    contradicted: Company, agent: Client
) -> None:
    drafted = f"Hello,\n\n{FALSE}"
    answer = approve(agent, contradicted, drafted)
    shown = html.unescape(answer.content.decode())
    assert told(answer).startswith(f"Nothing was sent: the sources contradict “{FALSE}”.")
    assert f'Delivery: <q dir="auto">{LINES[0]}</q>' in shown and 'name="overrule"' in shown
    (finding,) = Program(contradicted.tenant).post(f"drafts/{contradicted.draft}/approve").json()["findings"]
    assert (finding["id"], finding["sentence"], finding["sources"][0]["text"]) == ("klark.G151", FALSE, LINES[0])
    words = FALSE.rstrip(".")
    for kept in (f"{FALSE} Bye.", words, f"{words}!", f"“{FALSE}”", f"**{FALSE}**", f"_{words}_", f"Yes:{FALSE}Bye.",
                 f"- {words}\n- Bye", words.replace("takes", "ta\u200bkes")):  # fmt: skip
        approve(agent, contradicted, f"Hello,\n\n{kept}")
        assert (kept, reply(contradicted).state, rows.count(Outcome)) == (kept, "waiting", 0)

    approve(agent, contradicted, drafted, overrule="The article is old", checked=answer.context["checked"])
    outcome = rows.get(Outcome)
    assert (reply(contradicted).state, outcome.kind, outcome.overruled) == ("due", "approved", "The article is old")


def test_a_mark_of_direction_that_a_ticket_does_not_take_lets_no_contradicted_sentence_through(
    contradicted: Company,
) -> None:
    marked = FALSE.replace("9", "\u202a9\u202c")
    with within(contradicted.tenant):
        draft = Draft.objects.get(pk=contradicted.draft)
        draft.sentences[0]["text"], draft.reply_text = marked, f"Hello,\n\n{marked}"
        draft.save(update_fields=["sentences", "reply_text"])
    program = Program(contradicted.tenant)
    for edit in ({}, {"text": f"{FALSE} Bye."}):
        answer = program.post(f"drafts/{contradicted.draft}/approve", edit)
        assert (answer.status_code, reply(contradicted).state) == (422, "waiting")


def test_a_contradicted_sentence_that_was_taken_out_holds_nothing_up(contradicted: Company, agent: Client) -> None:
    approve(agent, contradicted, "Hello,\n\nHave a nice day.")
    assert (reply(contradicted).state, rows.get(Outcome).reason) == ("due", "")


@pytest.mark.parametrize(("text", "found"), [
    ("Delivery takes 3 to 5 working days. It arrived on 3 June.", []),  # as drafted, and only left a sentence out
    ("It takes up to 5 working days: see https://alder.example/track.", []),  # the passages bear it out
    ("It takes 9 working days.", ["klark.G161"]),
    ("Dear Alder customer, I am Camille. It arrived on 3 June.", []),  # who reads it and who signs it may be named
    ("Bonjour, nous vous remercions de votre patience et restons à votre disposition.", ["klark.G020"]),
])  # fmt: skip
def test_it_is_held_against_the_ticket_and_the_passages_that_were_kept_and_only_what_is_new_in_it(
    ours: Company, text: str, found: list[str]
) -> None:
    with within(ours.tenant):
        draft = Draft.objects.get(pk=ours.draft)
        draft.reply_text = "Hello, Delivery takes 3 to 5 working days. It arrived on 3 June."
        draft.record["passages"] = passages_record([ARTICLE])
        draft.record["triage"] = {"trust": {"level": "unknown", "why": "nobody"}}
        said = objections(draft, text, rules_of(policy_in_force(ours.tenant)), "camille")
    assert [each.finding.id for each in said] == found


def test_what_a_person_wrote_stands_beside_the_line_that_says_it(ours: Company, agent: Client) -> None:
    with within(ours.tenant):
        draft = Draft.objects.get(pk=ours.draft)
    draft.record["passages"] = passages_record([ARTICLE])
    approve(agent, ours, "alder reply. Your delivery takes from 3 to 5 working days. Track it in our shop.")
    claims = {each.text: each.sources for each in claims_in(draft, reply(ours))}
    found = [claims["Your delivery takes from 3 to 5 working days."], claims["Track it in our shop."]]
    assert [[each["text"] for each in sources] for sources in found] == [[LINES[0]], []]


def test_a_sentence_that_ends_with_another_mark_is_neither_left_out_nor_written_by_a_person(
    contradicted: Company,
) -> None:
    with within(contradicted.tenant):
        draft = Draft.objects.get(pk=contradicted.draft)
        for text in ("Hello,\n\nDelivery takes 9 working days!", "Hello! “Delivery takes 9 working days”. Bye."):
            claims = claims_in(draft, Delivery(kind="reply", text=text, tenant_id=contradicted.tenant, draft=draft))
            assert claims[0].state == "contradicted"
        exactly = Delivery(kind="reply", text="Hello,\n\nDelivery takes 9 working days!", draft=draft)
        exactly.tenant_id = contradicted.tenant
        assert [each.text for each in claims_in(draft, exactly)] == [FALSE]


def test_of_a_long_text_a_line_is_looked_for_behind_the_first_hundred_sentences(ours: Company) -> None:
    lines = tuple(f"Line {n} says that delivery to place{n} takes a while and costs something." for n in range(240))
    draft = Draft(
        language="en", record={"passages": passages_record([replace(ARTICLE, sections=(Section("", lines),))])}
    )
    written = [lines[0], *(f"We note that product{n} arrives soon after thing{n}." for n in range(398)), lines[0]]
    found = lines_behind(draft, written)
    assert (len(found), found[0] and found[0]["text"], found[-1]) == (400, lines[0], None)


def test_a_link_of_another_article_is_nobodys_personal_data(ours: Company) -> None:
    rows.article(
        ours.tenant,
        "account",
        '<p>Go to <a href="https://alder.example/account?a=1&amp;b=2">it</a>.</p>',
        url=ARTICLE.url,
    )
    with within(ours.tenant):
        draft = Draft.objects.get(pk=ours.draft)
        draft.record["triage"] = {"trust": {"level": "unknown", "why": "nobody"}}
        rules = rules_of(policy_in_force(ours.tenant))
        said = {
            path: objections(draft, f"See https://alder.example/{path}.", rules)
            for path in ("account?a=1&b=2", "account?a=1", "orders/41")
        }
    found = {path: [each.finding.id for each in objected] for path, objected in said.items()}
    assert (found["account?a=1&b=2"], *("klark.G085" in found[path] for path in ("account?a=1", "orders/41"))) == (
        [],
        True,
        True,
    )


def test_articles_are_read_once_for_the_links_that_the_passages_lack(ours: Company) -> None:
    linked = replace(ARTICLE, sections=(Section("", ("See https://alder.example/a.",)),))
    with within(ours.tenant):
        draft, rules = Draft.objects.get(pk=ours.draft), rules_of(policy_in_force(ours.tenant))
        draft.record["passages"] = passages_record([linked])

        def reads(*paths: str) -> int:
            text = " ".join(f"See https://alder.example/{path}." for path in paths)
            with CaptureQueriesContext(connection) as queries:
                objections(draft, text, rules)
            return sum("body_html" in each["sql"] for each in queries)

        assert [reads("a"), reads("b"), reads("a", "b", "c", "d")] == [0, 1, 1]
