"""A draft's page, read from its record: who said what, what each sentence rests on, what was remembered."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation

from klark.admin.queue.claims import Remark, _claim, claims_of, remark_of, remarks_on
from klark.admin.queue.evidence import _recalled, shown
from klark.admin.queue.thread import thread_of
from klark.models import Decision, Delivery, Draft, Outcome, Policy, within
from tests.klark.companies import HOLD, company, drafted
from tests.klark.rows import Connection


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def said(number: int, **changes: Any) -> dict[str, Any]:
    """A comment as it is recorded: a customer's in public, unless told otherwise."""
    author = {"id": "7", "name": "Ada Quill", "email": "ada@example.com"}
    return {"id": str(number), "author": author, "from_customer": True, "public": True, "body_text": " Hello \n",
            "created_at": "2026-11-24T09:00:00+00:00", **changes}  # fmt: skip


def thread(*comments: dict[str, Any]) -> list[Any]:
    return list(thread_of({"comments": list(comments)}))


AGENT = {"from_customer": False}

# A comment, and on which side of the thread it stands.
SIDES: dict[str, tuple[dict[str, Any], str, str]] = {
    "a customer": ({}, "customer", "customer"),
    "an agent": (AGENT, "agent", "agent"),
    "an agent's note": ({**AGENT, "public": False}, "agent", "agent"),
    "klark itself": ({**AGENT, "marker": "0b5c"}, "machine", "automatic"),
    "a robot among customers": ({"automatic": True}, "machine", "automatic"),
    "a trigger": ({**AGENT, "automatic": True}, "machine", "automatic"),
    "neither marked nor automatic": ({"automatic": False, "marker": ""}, "customer", "customer"),
}


def test_a_comment_stands_on_the_side_of_whoever_wrote_it() -> None:
    got = {name: thread(said(1, **changes))[0] for name, (changes, _, _) in SIDES.items()}
    assert {name: (entry.side, str(entry.role)) for name, entry in got.items()} == {
        name: (side, role) for name, (_, side, role) in SIDES.items()
    }


def test_a_thread_names_people_as_well_as_it_can() -> None:
    people = [{"id": "7", "name": "Ada", "email": "ada@example.com"}, {"id": "7", "name": "", "email": "ada@example.com"},
              {"id": "7", "name": "", "email": ""}]  # fmt: skip
    assert [thread(said(1, author=person))[0].who for person in people] == ["Ada", "ada@example.com", "7"]


# Comments in order: from a customer or not, public or not; which of them the draft answers.
TURNS: tuple[tuple[tuple[tuple[bool, bool], ...], list[bool]], ...] = (
    (((True, True),), [True]),
    (((True, True), (True, True)), [False, True]),
    (((True, True), (False, True)), [True, False]),
    (((True, True), (True, False)), [True, False]),
    (((False, True), (False, False)), [False, False]),
    ((), []),
)


def test_the_turn_is_the_customers_last_public_comment() -> None:
    got = [[entry.turn for entry in thread(*(said(number, from_customer=customer, public=public)
                                            for number, (customer, public) in enumerate(comments)))]
           for comments, _ in TURNS]  # fmt: skip
    assert got == [expected for _, expected in TURNS]


def test_an_entry_keeps_its_words_time_and_attachments_and_misses_none() -> None:
    first, second = thread(said(1, attachments=["bill.pdf"]), said(2, created_at=None, public=False))
    assert (first.text, first.at, first.attachments, first.public) == (
        "Hello", datetime(2026, 11, 24, 9, tzinfo=UTC), ("bill.pdf",), True)  # fmt: skip
    assert (second.at, second.attachments, second.public) == (None, (), False)


def test_a_ticket_without_a_record_has_an_empty_thread() -> None:
    assert thread_of({}) == ()


def sentence(state: str, *addresses: object) -> dict[str, Any]:
    sources = [{"article": "a", "version": 1, "title": "A", "url": url, "text": "So."} for url in addresses]
    return {"text": "It takes 3 days.", "state": state, "sources": sources}


def test_each_state_of_a_sentence_has_its_words_and_its_colour() -> None:
    claims = [_claim(sentence(state), 0, []) for state in ("SUPPORTED", "UNSUPPORTED", "CONTRADICTED", "LATER")]
    assert [(claim.state, claim.colour) for claim in claims] == [
        ("supported", "success"), ("not supported", "warning"), ("contradicted", "danger"), ("LATER", "")]  # fmt: skip


def test_a_source_that_names_a_script_is_shown_without_a_link() -> None:
    addresses = (
        "https://a.example/x",
        "http://a.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "//a.example",
        "",
        None,
    )
    claim = _claim(sentence("SUPPORTED", *addresses), 0, [])
    assert [source["url"] for source in claim.sources] == [
        "https://a.example/x",
        "http://a.example",
        "",
        "",
        "",
        "",
        "",
    ]
    assert {source["text"] for source in claim.sources} == {"So."}


def test_a_remark_stands_beside_its_own_sentence_only() -> None:
    here, there, anywhere = (
        Remark(name, "hold", "warning", "why", holds=True) for name in ("here", "there", "anywhere")
    )
    remarks = [(1, here), (2, there), (None, anywhere)]
    assert [[remark.id for remark in _claim(sentence("SUPPORTED"), number, remarks).remarks] for number in range(4)] == [
        [], ["here"], ["there"], []]  # fmt: skip


def test_a_finding_is_told_with_its_level_and_whether_it_holds() -> None:
    got = [remark_of({"id": "klark.G100", "level": level, "words": "refund"}) for level in ("INFO", "HOLD", "BLOCK")]
    assert [(str(remark.level), remark.colour, remark.holds) for remark in got] == [
        ("for information", "info", False), ("hold", "warning", True), ("block", "danger", True)]  # fmt: skip
    assert [("refund" in remark.why, remark.id) for remark in got] == [(True, "klark.G100")] * 3


def test_what_holds_a_sentence_back_is_told_at_once_with_what_its_source_says_instead() -> None:
    said = {**sentence("CONTRADICTED"), "sources": [{"text": "We refund 70 %.", "title": "Returns"}]}
    nowhere = {"id": "klark.G161", "level": "HOLD", "words": "60 %", "sentence": 0}
    otherwise = {"id": "klark.G151", "level": "BLOCK", "words": "", "sentence": 0}
    whole = {"id": "klark.G154", "level": "HOLD", "words": "", "sentence": None}
    findings = [nowhere, otherwise, whole]
    fault, open_ = remarks_on(findings, claims_of([said], findings))
    assert (fault.why, str(fault.level), fault.source) == (
        "A figure that comes from nowhere: “60 %” · Its sources say otherwise", "block", "We refund 70 %.")  # fmt: skip
    assert (open_.id, open_.source) == ("klark.G154", "")


def test_a_finding_speaks_the_readers_language() -> None:
    finding = {"id": "klark.G100", "level": "HOLD", "words": "refund"}
    told = {}
    for language in ("en", "fr", "fr-ca"):
        with translation.override(language):
            told[language] = remark_of(finding).why
    assert (told["fr"] == told["fr-ca"], told["fr"] == told["en"]) == (True, False)


MEMORY = {
    "before": [{"ticket_id": "12", "subject": "Kite", "asked_at": "2026-01-05T08:00:00+00:00", "open": True,
                "asked": "Where?", "answered": "Here.", "promised": ["a new one"]}],
    "alike": [{"ticket_id": "13", "answered_at": None, "asked": "How?", "answered": "So."}],
}  # fmt: skip


def test_earlier_tickets_are_told_with_what_was_promised_on_them() -> None:
    draft = Draft(record={"memory": MEMORY})
    (before,), (alike,) = _recalled(draft, "before", "asked_at"), _recalled(draft, "alike", "answered_at")
    assert (before.ticket_id, before.subject, before.at, before.open, before.promised) == (
        "12", "Kite", datetime(2026, 1, 5, 8, tzinfo=UTC), True, ("a new one",))  # fmt: skip
    assert (alike.ticket_id, alike.subject, alike.at, alike.open, alike.promised) == ("13", "", None, False, ())


@pytest.mark.parametrize("record", [{}, {"memory": {}}, {"memory": {"before": []}}])
def test_a_draft_that_remembers_nothing_shows_nothing(record: dict[str, Any]) -> None:
    assert _recalled(Draft(record=record), "before", "asked_at") == ()


@pytest.mark.django_db
def test_the_page_is_read_whole_and_from_its_own_tenant() -> None:
    own, other = company("alder"), company("birch")
    with within(own.tenant):
        draft = Draft.objects.get(pk=own.draft)
        Outcome.objects.create(tenant_id=own.tenant, draft=draft, kind="rejected", reason="late", by="ann")
        Policy.of(own.tenant).update(currency="CHF")
        page = shown(draft)
    assert (page.waiting and page.waiting.pk, [step.row.pk for step in page.steps]) == (
        own.delivery, [own.delivery, own.parked])  # fmt: skip
    assert [(str(step.state), step.colour) for step in page.steps] == [
        ("waiting for a person", "primary"), ("could not be written", "danger")]  # fmt: skip
    assert [(each.kind, each.by) for each in page.outcomes] == [("rejected", "ann")]
    assert (page.topic, page.currency, page.reason, page.ticket_url) == (
        "alder topic", "CHF", "waits for approval, as the policy says", "")  # fmt: skip
    assert page.decision and page.policy and page.policy.pk == own.policy != other.policy


@pytest.mark.django_db
def test_a_draft_of_which_little_is_known_has_a_page_as_well() -> None:
    own = company("alder")
    with within(own.tenant):
        account = Connection.of(own.tenant).get()
        remarks = (HOLD, {**HOLD, "level": "INFO"}, {**HOLD, "level": "INFO", "sentence": None})
        draft = drafted(own.tenant, account, "bare", "43", remarks)
        Delivery.of(own.tenant).filter(draft=draft).update(state="retired")
        draft.topic, draft.record = "unheard-of", {}
        page = shown(draft)
        assert Decision.of(own.tenant).filter(draft=draft).count() == 0
    assert (page.waiting, page.decision, page.policy, page.reason, page.currency) == (None, None, None, "", "")
    assert (page.topic, page.thread, page.before, page.alike, page.card) == ("unheard-of", (), (), (), ())
    assert [(remark.id, remark.holds) for remark in page.remarks] == [("klark.G100", True), ("klark.G100", False)]
    assert [len(claim.remarks) for claim in page.claims] == [2]
