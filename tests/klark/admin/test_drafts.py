"""The queue and the draft's page: what is shown, and what each button does."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection as database
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags
from pytest_django import Settings

from klark.models import Connection, Decision, Delivery, Draft, Outcome, Stop, WebhookEvent, within
from tests.klark import rows
from tests.klark.companies import HOLD, Company, drafted, login

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(ours: Company) -> Client:
    return login("camille", (ours, "agent"))


def address(company: Company) -> str:
    return reverse("admin:klark_draft_change", args=(company.draft,))


def judged(company: Company, trust: object) -> None:
    """As if this had been found of who asks when the draft was made."""
    with within(company.tenant):
        draft = Draft.objects.get(pk=company.draft)
        draft.record["triage"] = {**draft.record.get("triage", {}), "trust": trust}
        draft.save(update_fields=["record"])


def another(company: Company, mark: str, wrote: str, findings: tuple[object, ...] = ()) -> Draft:
    with within(company.tenant):
        connection = Connection.objects.get(pk=company.connection)
        draft = drafted(company.tenant, connection, mark, ticket_id=mark, findings=findings)
        Draft.objects.filter(pk=draft.pk).update(customer_wrote_at=wrote)
        draft.deliveries.update(customer_wrote_at=wrote)
    return draft


def press(browser: Client, company: Company, button: str, **typed: str) -> list[str]:
    """Press a button; what was said afterwards."""
    answer = browser.post(address(company), {"press": button, **typed})
    assert answer.status_code == 302
    return [strip_tags(str(told)) for told in get_messages(answer.wsgi_request)]


def outcome(company: Company) -> tuple[str, str, str, str]:
    with within(company.tenant):
        row = Outcome.objects.get()
        return row.kind, row.by, row.reason, Delivery.objects.get(pk=company.delivery).state


def queue(browser: Client, query: str = "") -> list[str]:
    """The subjects in the list, from the top."""
    rows = browser.get(reverse("admin:klark_draft_changelist") + query).context["cl"].result_list
    return [row.subject for row in rows]


def test_the_page_shows_thread_draft_sources_and_how_it_was_made(ours: Company, agent: Client) -> None:
    shown = agent.get(address(ours)).content.decode()
    for text in ("alder asks", "private note", "alder note", "alder reply</textarea>", "supported", "alder returns",
                 "small", "10 / 5", "v1", "Waits for approval, as the policy says", "alder words"):  # fmt: skip
        assert text in shown, text


@pytest.mark.parametrize(("trust", "seen"), [
    ({"level": "verified", "why": "proven"}, ('k-success">verified requester', "the helpdesk has proof of the address")),
    ({"level": "third_party", "why": "in_copy"}, ('k-warning">a third party reads along', "somebody else is in copy")),
    ({"level": "known", "why": "not_told"}, ('k-info">known requester', "does not say")),
])  # fmt: skip
def test_the_page_says_who_asks(ours: Company, agent: Client, trust: object, seen: tuple[str, str]) -> None:
    judged(ours, trust)
    shown = agent.get(address(ours)).content.decode()
    assert [words for words in seen if words not in shown] == []


@pytest.mark.parametrize("trust", [{}, {"level": "loved", "why": "proven"}, {"level": "known", "why": "luck"}])
def test_a_draft_from_before_it_was_judged_says_nothing_of_who_asks(
    ours: Company, agent: Client, trust: object
) -> None:
    judged(ours, trust)
    assert "requester" not in agent.get(address(ours)).content.decode()


@pytest.mark.parametrize(("language", "told"), [
    ("en", "<strong>Confidence</strong>: fair, 72 % (how likely klark finds it "),
    ("fr", "<strong>Confiance</strong>\u202f: moyenne, 72\u202f% (la probabilité, selon "),
])  # fmt: skip
def test_the_page_says_how_sure_klark_is(ours: Company, agent: Client, language: str, told: str) -> None:
    with within(ours.tenant):
        Draft.objects.filter(pk=ours.draft).update(confidence=0.72)
    assert told in agent.get(address(ours), headers={"accept-language": language}).content.decode()


def test_a_page_of_a_draft_that_nobody_weighed_does_not_speak_of_it(ours: Company, agent: Client) -> None:
    assert "k-confidence" not in agent.get(address(ours)).content.decode()


SIGNS = [{"name": "answered", "value": 0.0, "otherwise": 0.925}, {"name": "open", "value": 0.0, "otherwise": 0.371},
         {"name": "phase of the moon", "value": 1.0, "otherwise": 0.9}]  # fmt: skip


def evidenced(company: Company, **record: object) -> None:
    """As if this had been kept when the draft was made, with a confidence of 37 %."""
    with within(company.tenant):
        draft = Draft.objects.get(pk=company.draft)
        draft.record.update(record)
        draft.confidence = 0.37
        draft.save(update_fields=["record", "confidence"])


@pytest.mark.parametrize(("language", "told"), [
    ("en", ["What the confidence was read from", "no judge whose word counts says that everything is answered",
            "(otherwise 92 %)", "<li>the drafter leaves nothing open</li>"]),
    ("fr", ["D'où vient cette confiance", "aucun juge dont l'avis compte ne dit que tout reçoit une réponse",
            "(sinon 92 %)", "<li>le rédacteur ne laisse rien sans réponse</li>"]),
])  # fmt: skip
def test_the_page_says_what_the_confidence_was_read_from_and_what_costs_it(
    ours: Company, agent: Client, language: str, told: list[str]
) -> None:
    evidenced(ours, case={"signs": SIGNS})
    shown = agent.get(address(ours), headers={"accept-language": language}).content.decode()
    signs = html.unescape(shown.partition('id="k-signs"')[2].partition("</details>")[0])
    assert [words for words in told if words not in signs] == []
    assert (signs.count("<li>"), signs.count("92 %"), "open>" in signs[:8]) == (2, 1, False)


def test_a_draft_that_waits_for_its_confidence_shows_the_signs_at_once(ours: Company, agent: Client) -> None:
    evidenced(ours, case={"signs": SIGNS})
    with within(ours.tenant):
        Decision.objects.filter(pk=ours.decision).update(reason="low_confidence")
    assert '<details id="k-signs" open>' in agent.get(address(ours)).content.decode()


JUDGED = {"model": "<b>large</b>", "trusted": True, "failed": ""}


@pytest.mark.parametrize(("kept", "told"), [
    ([JUDGED], ["Judged by</dt><dd>&lt;b&gt;large&lt;/b&gt;</dd>"]),
    ([{**JUDGED, "trusted": False}],
     ["Judged by</dt><dd>&lt;b&gt;large&lt;/b&gt; · not checked: what it supports does not count</dd>"]),
    ([{"model": "", "trusted": True, "failed": "It was slow."}],
     ['Judged by</dt><dd>— · gave no verdict<details class="k-small"><summary>For the operator</summary>'
      "It was slow.</details>\n</dd>"]),
    ([{**JUDGED, "server": "https://b.example m2"}],
     ["Judged by</dt><dd>&lt;b&gt;large&lt;/b&gt; · https://b.example m2</dd>"]),
    ([JUDGED, JUDGED], ["Judged by</dt><dd>&lt;b&gt;large&lt;/b&gt;</dd>"] * 2),
])  # fmt: skip
def test_the_page_says_who_judged_the_draft_and_whether_that_counts(
    ours: Company, agent: Client, kept: list[dict[str, object]], told: list[str]
) -> None:
    evidenced(ours, judged=kept)
    shown = agent.get(address(ours)).content.decode()
    assert re.findall(r"(?s)Judged by</dt><dd>.*?</dd>", shown) == told


def test_the_page_names_the_server_that_drafted(ours: Company, agent: Client) -> None:
    evidenced(ours, answer={"server": "https://b.example/<v1> m2"})
    assert "· https://b.example/&lt;v1&gt; m2</dd>" in agent.get(address(ours)).content.decode()


def test_the_page_shows_what_a_repair_left_out_and_what_is_not_answered(ours: Company, agent: Client) -> None:
    left_out = [{"text": "It is <i>free</i>.", "sources": []}, {"text": "Twice."}]
    said = [("supported", True), ("not_stated", True), ("supported", False)]
    verdicts = [{"claim": f"C{at}", "verdict": word, "relevant": helps} for at, (word, helps) in enumerate(said, 1)]
    judged = [{"model": "j", "raw": json.dumps({"verdicts": verdicts}), "trusted": True, "failed": ""}]
    evidenced(ours, answer={"left_out": left_out}, judged=judged, unanswered=["And to <b>Japan</b>?"])
    shown = agent.get(address(ours)).content.decode()
    lines = re.findall(r'(?s)<li><q lang="en" dir="auto">(.*?)</q> <span class="k-small">(.*?)</span>', shown)
    assert lines == [
        ("It is &lt;i&gt;free&lt;/i&gt;.", "The judge says that its sources do not say this."),
        ("Twice.", "The judge says that it does not answer what was asked."),
    ]
    odd = json.dumps({"verdicts": [{"verdict": ["a"], "relevant": 1}] * 2})
    evidenced(ours, judged=[{**judged[0], "raw": odd}])
    assert "The judge did not find it supported, or helpful." in agent.get(address(ours)).content.decode()
    assert '<strong>Not answered</strong>: <span lang="en" dir="auto">And to &lt;b&gt;Japan&lt;/b&gt;?</span>' in shown


@pytest.mark.parametrize("record", [{}, {"judged": [], "answer": {"left_out": []}, "case": {}}])
def test_a_draft_of_which_nothing_of_that_was_kept_says_nothing_of_it(
    ours: Company, agent: Client, record: dict[str, object]
) -> None:
    evidenced(ours, **record)
    shown = agent.get(address(ours)).content.decode()
    assert [words for words in ("k-signs", "Judged by", "Left out") if words in shown] == []


def test_the_queue_shows_how_sure_klark_is_and_sorts_by_it(ours: Company, agent: Client) -> None:
    with within(ours.tenant):
        for mark, sure in (("42", 0.314), ("43", 0.967)):
            another(ours, mark, "2026-11-01T09:00:00Z")
            Draft.objects.filter(ticket_id=mark).update(confidence=sure)
    shown = agent.get(reverse("admin:klark_draft_changelist")).content.decode()
    assert ("31 %" in shown, "96 %" in shown) == (True, True)
    assert queue(agent, "?o=5") == ["42 subject", "43 subject", "alder subject"]
    assert queue(agent, "?o=-5") == ["alder subject", "43 subject", "42 subject"]


def test_what_a_customer_wrote_is_shown_as_text_and_never_as_markup(ours: Company, agent: Client) -> None:
    shown = agent.get(address(ours)).content.decode()
    assert "asks &lt;b&gt;where&lt;/b&gt;" in shown
    assert "javascript:" not in shown


def test_the_page_of_a_sent_draft_says_that_it_waited(ours: Company, agent: Client) -> None:
    rows.change(Delivery, {"pk": ours.delivery}, state="sent")
    shown = agent.get(address(ours)).content.decode()
    assert ("Waited for approval, as the policy says" in shown, "Waits for approval" in shown) == (True, False)


def test_approving_sends_the_draft_as_it_is(ours: Company, agent: Client) -> None:
    assert press(agent, ours, "approve", text="alder reply") == ["Approved: the reply is on its way. #41"]
    assert outcome(ours) == ("approved", "camille", "", "due")


def test_nothing_is_approved_in_shadow_mode_and_the_draft_keeps_waiting(ours: Company, agent: Client) -> None:
    rows.change(Connection, shadow=True)
    shown = agent.get(address(ours)).content.decode()
    assert 'disabled aria-describedby="k-shadow">Approve</button>' in shown and "leaves in" not in shown
    assert shown.count("The note for the ticket is not written, since the connection is in shadow mode") == 2
    refused = "Zendesk · alder-desk is in shadow mode: klark writes nothing there, so nothing was approved."
    assert press(agent, ours, "approve", text="alder reply") == [refused]
    form = {"action": "approve_clean", "_selected_action": [str(ours.draft)], "confirmed": "yes"}
    answer = agent.post(reverse("admin:klark_draft_changelist"), form)
    told = [str(each) for each in get_messages(answer.wsgi_request)]
    assert told[1:] == ["0 approved. 1 keeps waiting, because its connection is in shadow mode."]
    assert (rows.get(Delivery, pk=ours.delivery).state, rows.count(Outcome)) == ("waiting", 0)


def test_what_is_approved_while_klark_is_stopped_is_said_to_wait_for_the_release(ours: Company, agent: Client) -> None:
    other = another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    with within(ours.tenant):
        Stop.objects.create(tenant_id=ours.tenant, by="lea")
    told = agent.post(address(ours), {"press": "approve", "text": "alder reply"}, follow=True).content.decode()
    assert "Approved: it will be sent once the stop is released." in told
    assert ("on its way" in told, "leaves in" in told, "alder subject will be sent once the stop" in told) == (
        False, False, True)  # fmt: skip
    form = {"action": "approve_clean", "_selected_action": [str(other.pk)], "confirmed": "yes"}
    answer = agent.post(reverse("admin:klark_draft_changelist"), form, follow=True)
    assert "1 approved. 1 will be sent once the stop is released." in answer.content.decode()


def test_approving_with_edits_sends_the_text_that_was_typed(ours: Company, agent: Client) -> None:
    press(agent, ours, "approve", text="Dear you,\r\n\r\nas <i>typed</i>.")
    assert outcome(ours) == ("edited", "camille", "", "due")
    with within(ours.tenant):
        row = Delivery.objects.get(pk=ours.delivery)
    assert row.text == "Dear you,\n\nas <i>typed</i>."
    assert row.html == '<p dir="auto">Dear you,</p><p dir="auto">as &lt;i&gt;typed&lt;/i&gt;.</p>'


def test_an_emptied_reply_is_refused_in_plain_words(ours: Company, agent: Client) -> None:
    assert press(agent, ours, "approve", text=" ") == ["The reply is empty: write something, or reject the draft."]


def test_rejecting_takes_a_reason(ours: Company, agent: Client) -> None:
    told = "Say in a few words why, so that it can be mended."
    assert press(agent, ours, "reject", why=" ") == [told]
    said = "Rejected: a note on the ticket says why, and hands it to a person. #41"
    assert press(agent, ours, "reject", why="Wrong article") == [told, said]
    assert outcome(ours) == ("rejected", "camille", "Wrong article", "retired")


def test_rejecting_and_saying_nothing_is_a_button_of_its_own(ours: Company, agent: Client) -> None:
    assert 'value="reject_silently"' in agent.get(address(ours)).content.decode()
    told = press(agent, ours, "reject_silently", why="Spam")
    assert (told, outcome(ours)) == (
        ["Rejected: nothing is written on the ticket. #41"],
        ("rejected", "camille", "Spam", "retired"),
    )
    with within(ours.tenant):
        assert Delivery.objects.filter(kind="handover").count() == 0


def wishes(page: str) -> list[str]:
    """The box for a wish on a draft's page, as a browser reads it."""
    return re.findall(r'<textarea id="k-regenerate"[^>]*>', page)


def test_a_wish_for_a_new_draft_may_be_left_empty(ours: Company, agent: Client, settings: Settings) -> None:
    settings.KLARK_MODEL_NAME = "invented"
    (box,) = wishes(agent.get(address(ours)).content.decode())
    assert "required" not in box


@pytest.mark.parametrize(("language", "told"), [
    ("en", "From the ticket and the articles as they are now."),
    ("fr", "D'après le ticket et les articles tels qu'ils sont maintenant."),
])  # fmt: skip
def test_without_a_model_no_wish_is_asked_for(ours: Company, agent: Client, language: str, told: str) -> None:
    shown = agent.get(address(ours), headers={"accept-language": language}).content.decode()
    assert (wishes(shown), told in shown.replace("&#x27;", "'")) == ([], True)


def test_without_a_box_the_button_alone_drafts_again(ours: Company, agent: Client) -> None:
    press(agent, ours, "regenerate")
    assert outcome(ours) == ("regenerated", "camille", "", "retired")


def test_drafting_again_is_shown_until_the_new_draft_is_there_and_that_opens_by_itself(
    ours: Company, agent: Client
) -> None:
    again, script = reverse("admin:klark_draft_again", args=(ours.draft,)), "klark/progress.js"
    assert agent.get(again).status_code == 404
    pressed = agent.post(f"{address(ours)}?_changelist_filters=o%3D-7", {"press": "regenerate"})
    assert pressed["Location"] == f"{again}?_changelist_filters=o%3D-7"
    shown = agent.get(again).content.decode()
    assert ("klark drafts this again …" in shown, script in shown) == (True, True)
    ends = (
        ({"received_at": F("received_at") - timedelta(minutes=11)}, "and the new draft is not there yet: klark is stopped, or"),
        ({"state": "parked"}, "klark could not draft it again."), ({"state": "done"}, "klark could not draft it again."),
    )  # fmt: skip
    for what, told in ends:
        rows.change(WebhookEvent, {"kind": "regenerate"}, **what)
        ended = agent.get(again).content.decode()
        assert (told in ended, script in ended) == (True, False)

    new = another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    with within(ours.tenant):
        event = WebhookEvent.objects.get(kind="regenerate")
        made = Decision.objects.create(tenant_id=ours.tenant, event=event, connection_id=ours.connection, ticket_id="41",
                                       kind="WAIT", reason="queue_by_policy", draft=new)  # fmt: skip
    opens = reverse("admin:klark_draft_change", args=(new.pk,))
    assert agent.get(f"{again}?_changelist_filters=o%3D-7")["Location"] == f"{opens}?_changelist_filters=o%3D-7"
    rows.change(Decision, {"pk": made.pk}, draft=None, kind="ESCALATE", reason="model_failed")
    ended = agent.get(again).content.decode()
    assert ("There is no new draft: the model gave nothing usable." in ended, script in ended) == (True, False)


@pytest.mark.parametrize(
    ("button", "told"), [("reject", "Rejected. The note is not written"), ("hand_over", "in klark alone")]
)
def test_in_shadow_mode_a_button_promises_no_note_on_the_ticket(
    ours: Company, agent: Client, button: str, told: str
) -> None:
    rows.change(Connection, shadow=True)
    (said,) = press(agent, ours, button, why="It is a VIP")
    assert (told in said, "a note on the ticket says why" in said) == (True, False)


def test_the_box_says_in_which_language_klark_words_the_note(ours: Company, agent: Client) -> None:
    rows.policy(ours.tenant, languages=["fr", "en"])
    assert agent.get(address(ours)).content.decode().count("klark words the note in French;") == 2


def test_a_reason_is_asked_for_where_a_draft_is_rejected_or_handed_over(ours: Company, agent: Client) -> None:
    shown = agent.get(address(ours)).content.decode()
    assert [f'id="k-{button}" name="why" rows="2" maxlength="500" required' in shown
            for button in ("reject", "hand_over")] == [True, True]  # fmt: skip


def test_without_a_model_a_wish_is_refused_and_the_draft_keeps_waiting(ours: Company, agent: Client) -> None:
    (said,) = press(agent, ours, "regenerate", why="Shorter, please")
    assert said.startswith("Without a model klark only quotes articles and can follow no wish")
    with within(ours.tenant):
        assert (Delivery.objects.get(pk=ours.delivery).state, Outcome.objects.count()) == ("waiting", 0)


def test_without_a_model_the_turn_is_drafted_again_when_nothing_is_wished(ours: Company, agent: Client) -> None:
    press(agent, ours, "regenerate", why=" ")
    assert outcome(ours) == ("regenerated", "camille", "", "retired")


def test_it_is_said_that_a_wish_changed_nothing(ours: Company, agent: Client) -> None:
    new = another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    with within(ours.tenant):
        old = Draft.objects.get(pk=ours.draft)
        Draft.objects.filter(pk=old.pk).update(live=False)
        turn = {"ticket_id": old.ticket_id, "turn": old.turn, "reply_text": old.reply_text}
        Draft.objects.filter(pk=new.pk).update(**turn, instruction="Shorter, <b>please</b>")
    page = reverse("admin:klark_draft_change", args=(new.pk,))
    told = "The wish “Shorter, &lt;b&gt;please&lt;/b&gt;” changed nothing"
    assert (told in agent.get(page).text, "changed nothing" in agent.get(address(ours)).text) == (True, False)
    rows.change(Draft, {"pk": new.pk}, reply_text="Short.")
    assert "changed nothing" not in agent.get(page).text


def test_drafting_again_passes_the_instruction_on(ours: Company, agent: Client, settings: Settings) -> None:
    settings.KLARK_MODEL_NAME = "invented"
    press(agent, ours, "regenerate", why="Shorter, please")
    assert outcome(ours) == ("regenerated", "camille", "Shorter, please", "retired")
    with within(ours.tenant):
        assert WebhookEvent.objects.get(kind="regenerate").instruction == "Shorter, please"


def test_handing_over_leaves_a_note_with_the_reason(ours: Company, agent: Client) -> None:
    press(agent, ours, "hand_over", why="A VIP")
    assert outcome(ours) == ("escalated", "camille", "A VIP", "retired")
    with within(ours.tenant):
        assert Delivery.objects.get(kind="handover").text.startswith(
            "klark · handed over to a person by camille: A VIP\n\nalder reply\n\nOpen in klark ("
        )


def test_a_draft_that_moved_on_meanwhile_is_left_alone(ours: Company, agent: Client) -> None:
    with within(ours.tenant):
        Delivery.objects.filter(pk=ours.delivery).update(state="retired", trouble="a person was faster")
    assert press(agent, ours, "approve", text="alder reply") == [
        "This draft is not waiting any more: nothing was done."
    ]
    shown = agent.get(address(ours)).content.decode()
    assert ("What happened" in shown, "a person was faster" in shown) == (True, True)
    assert '<section aria-labelledby="k-kept" hidden>' in shown  # the box for a text that was not sent


def test_an_unknown_button_does_nothing(ours: Company, agent: Client) -> None:
    press(agent, ours, "publish")
    with within(ours.tenant):
        assert Delivery.objects.get(pk=ours.delivery).state == "waiting"


def test_a_button_needs_the_token_of_the_page(ours: Company, agent: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = agent.cookies
    assert strict.post(address(ours), {"press": "approve", "text": "x"}).status_code == 403


def test_after_a_draft_comes_the_next_that_waits(ours: Company, agent: Client) -> None:
    following = another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    press(agent, ours, "approve", text="alder reply")
    assert f'href="/admin/klark/draft/{following.pk}/change/" autofocus' in agent.get(address(ours)).content.decode()


def test_the_longest_wait_comes_first_unless_the_newest_customer_is_asked_for(ours: Company, agent: Client) -> None:
    another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    another(ours, "elder", "2026-11-20 08:00:00+00:00")
    oldest = ["elder subject", "alder subject", "cedar subject"]
    order = agent.get(reverse("admin:klark_draft_changelist")).context["order"]
    assert queue(agent) == queue(agent, f"?o={order['oldest']}") == oldest
    assert queue(agent, f"?o={order['newest']}") == oldest[::-1]


def test_the_queue_holds_what_waits_and_the_filter_finds_the_rest(ours: Company, agent: Client) -> None:
    another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    press(agent, ours, "reject", why="no")
    assert queue(agent) == ["cedar subject"]
    assert queue(agent, "?shown=retired") == ["alder subject"]
    assert sorted(queue(agent, "?shown=all")) == ["alder subject", "cedar subject"]


def test_the_queue_says_why_each_draft_waits(ours: Company, agent: Client) -> None:
    another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    rows.change(Decision, {"draft": ours.draft}, reason="low_confidence")
    listed = agent.get(reverse("admin:klark_draft_changelist")).content.decode()
    assert re.findall(r'#(\w+) · [^<]+</span><span class="k-line k-below" title="[^"]+">([^<]+)</span>', listed) == [
        ("41", "less sure than the policy asks")
    ]


def test_a_note_that_was_written_is_not_listed_as_sent_to_the_customer(ours: Company, agent: Client) -> None:
    handed = another(ours, "cedar", "2026-11-25 08:00:00+00:00")
    rows.change(Delivery, {"draft": handed}, kind="handover", state="sent")
    listed = agent.get(reverse("admin:klark_draft_changelist"), {"shown": "all"}).content.decode()
    states = [" ".join(each.split()) for each in re.findall(r"field-state_shown.*?>([^<>]*[a-z][^<>]*)<", listed, re.S)]
    assert states == ["handover note", "could not be written"]
    assert "The operator finds it parked under Deliveries." in listed


def test_the_queue_says_how_many_findings_hold_a_draft(ours: Company, agent: Client) -> None:
    another(ours, "cedar", "2026-11-25 08:00:00+00:00", (HOLD, {**HOLD, "level": "INFO"}))
    shown = agent.get(reverse("admin:klark_draft_changelist")).content.decode()
    assert ("1 finding" in shown, "2 findings" in shown, "none" in shown) == (True, False, True)


def test_many_are_approved_at_once_only_where_no_check_remarked(ours: Company, agent: Client) -> None:
    held = another(ours, "cedar", "2026-11-25 08:00:00+00:00", (HOLD,))
    form = {"action": "approve_clean", "_selected_action": [str(ours.draft), str(held.pk)], "confirmed": "yes"}
    answer = agent.post(reverse("admin:klark_draft_changelist"), form)
    told = [str(each) for each in get_messages(answer.wsgi_request)]
    assert told == ["1 approved. 1 stays for a look, because a check remarked on it."]
    with within(ours.tenant):
        states = dict(Delivery.objects.filter(kind="reply").values_list("draft", "state"))
    assert states == {ours.draft: "due", held.pk: "waiting"}


def test_many_are_locked_in_order_before_the_chain_is_so_that_two_lists_wait_for_each_other_and_never_both(
    ours: Company, agent: Client
) -> None:
    other = another(ours, "cedar", "2026-11-25 08:00:00+00:00", ())
    form = {"action": "approve_clean", "_selected_action": [str(other.pk), str(ours.draft)], "confirmed": "yes"}
    with CaptureQueriesContext(database) as asked:
        agent.post(reverse("admin:klark_draft_changelist"), form)
    told = [one["sql"] for one in asked]
    locks = [place for place, sql in enumerate(told) if "FOR UPDATE" in sql and "klark_delivery" in sql]
    chains = [place for place, sql in enumerate(told) if "pg_advisory_xact_lock" in sql]
    assert (len(chains), locks[0] < chains[0]) == (2, True)
    assert 'ORDER BY "klark_delivery"."id" ASC' in told[locks[0]]
    assert rows.count(Delivery, kind="reply", state="due") == 2


def test_the_page_speaks_the_users_language(ours: Company, agent: Client) -> None:
    shown = agent.get(address(ours), headers={"accept-language": "fr"}).content.decode()
    for text in ("Chaque phrase et sa source", "étayée", "Attend une approbation, selon la politique", "Approuver"):
        assert text in shown, text
