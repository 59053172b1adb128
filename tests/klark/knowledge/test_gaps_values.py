"""Of what was asked and not found: what counts as answered, what belongs together; without a page."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

from klark.knowledge import gaps
from klark.knowledge.gap import AskedTicket
from klark.knowledge.gaps import EXAMPLES
from klark.knowledge.similarity import covers, stems_of
from klark.models import Decision, Draft

ADA = {"id": "1", "name": "Ada Quill", "email": "ada@example.com"}
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def drafted(*sentences: tuple[str, str], language: str = "en", **record: Any) -> Draft:
    said = [{"text": text, "sources": [{"title": title, "text": text}]} for text, title in sentences]
    return Draft(sentences=said, language=language, record=record)


DELIVERY = ("It takes 3 to 5 working days.", "Delivery to Belgium")

# A question, the draft, and whether the one answers the other.
ANSWERED: tuple[tuple[str, Draft, bool], ...] = (
    ("How long is delivery to Belgium?", drafted(DELIVERY), True),
    ("Do you sell gift cards?", drafted(DELIVERY), False),
    ("Do you sell gift cards?", drafted(DELIVERY, ("We sell gift cards.", "Gifts")), True),
    ("How long is delivery to Belgium?", drafted(), False),
    ("Why?", drafted(DELIVERY), False),
    ("Combien coûte la livraison en Belgique ?", drafted(("La livraison est gratuite.",
        "Livraison en Belgique"), language="fr"), True),
    ("Delivery of gift cards, vouchers, posters?", drafted(DELIVERY), False),
)  # fmt: skip


def answers(draft: Draft, question: str) -> bool:
    return covers(question, map(gaps._whole, draft.sentences), draft.language)


def test_a_question_is_answered_where_a_sentence_or_its_source_speaks_of_it() -> None:
    assert [(question, answers(draft, question)) for question, draft, _ in ANSWERED] == [
        (question, answered) for question, _, answered in ANSWERED
    ]


def test_a_draft_without_sources_is_read_by_its_words() -> None:
    bare = Draft(sentences=[{"text": "We sell gift cards."}], language="en")
    assert [answers(bare, question) for question in ("Do you sell gift cards?", "Where is the shop?")] == [
        True,
        False,
    ]


def ended(reason: str, *questions: str, draft: Draft | None = None, language: str = "en") -> Decision:
    record = {"triage": {"asks": list(questions)}, "ticket": {"requester": ADA}}
    made = draft or drafted(DELIVERY, **record)
    return cast(
        "Decision",
        SimpleNamespace(
            connection_id=1, ticket_id="7", reason=reason, draft=made, language=language, topic="", decided_at=NOW
        ),
    )


def test_of_what_was_asked_only_what_stayed_open_is_a_gap_and_masked() -> None:
    both = ("How long is delivery to Belgium?", "Do you sell gift cards to Ada Quill?")
    got = {reason: [one.example.question for one in gaps._unanswered(ended(reason, *both))]
           for reason in ("not_answerable", "partly_answerable")}  # fmt: skip
    assert [len(some) for some in got.values()] == [2, 1]
    assert ["Ada" in question for some in got.values() for question in some] == [False] * 3
    assert [one.partly for one in gaps._unanswered(ended("partly_answerable", *both))] == [True]


def test_of_a_ticket_that_was_said_to_be_answered_in_part_and_was_in_full_everything_is_shown() -> None:
    got = gaps._unanswered(ended("partly_answerable", "How long is delivery to Belgium?"))
    assert [one.example.question for one in got] == ["How long is delivery to Belgium?"]


def test_a_decision_without_a_draft_or_without_a_question_is_no_gap() -> None:
    gone = ended("not_answerable", "Why?")
    gone.draft = None
    assert (gaps._unanswered(gone), gaps._unanswered(ended("not_answerable", draft=Draft(record={})))) == ([], [])


def test_where_the_decision_knows_no_language_the_drafts_is_taken() -> None:
    french = drafted(language="fr", triage={"asks": ["Vendez-vous des cartes ?"]})
    (one,) = gaps._unanswered(ended("not_answerable", draft=french, language=""))
    assert one.language == "fr"


def test_only_the_last_decision_on_a_turn_counts() -> None:
    def on(ticket: str, turn: str, reason: str, account: int = 1) -> Decision:
        draft = SimpleNamespace(turn=turn)
        return cast("Decision", SimpleNamespace(connection_id=account, ticket_id=ticket, draft=draft, reason=reason))

    newest_first = [
        on("7", "1", "again"),
        on("8", "1", "other"),
        on("7", "2", "later turn"),
        on("7", "1", "first"),
        on("7", "1", "x", 2),
    ]
    assert sorted(each.reason for each in gaps._last_of_each(newest_first)) == ["again", "later turn", "other", "x"]


def asked(ticket: int, question: str, days: int, topic: str = "", partly: bool = False, account: int = 1) -> Any:
    example = AskedTicket(UUID(int=account), str(ticket), ticket, question, NOW - timedelta(days=days))
    return gaps._OpenQuestion(example, topic, "en", partly, stems_of(question, "en"))


def test_a_gap_shows_its_newest_wording_and_counts_each_ticket_once() -> None:
    some = [
        asked(1, "Gift cards?", 9),
        asked(2, "Do you sell gift cards?", 5, partly=True),
        asked(1, "gift cards, please", 1),
    ]
    gap = gaps._gap("Gifts", "en", some)
    assert (gap.question, gap.tickets, gap.partly, gap.last_at, [each.ticket_id for each in gap.examples]) == (
        "gift cards, please", 2, 1, NOW - timedelta(days=1), ["1", "2"])  # fmt: skip


def test_tickets_of_one_number_at_two_helpdesks_are_two() -> None:
    gap = gaps._gap("", "en", [asked(12, "Gift cards?", 2), asked(12, "Gift cards?", 1, account=2)])
    assert (gap.tickets, [each.ticket for each in gap.examples]) == (2, [(UUID(int=2), "12"), (UUID(int=1), "12")])


def test_of_many_tickets_a_few_are_shown_and_all_are_counted() -> None:
    gap = gaps._gap("", "en", [asked(number, "Gift cards?", number) for number in range(1, 12)])
    assert (gap.tickets, [each.ticket_id for each in gap.examples]) == (
        11,
        [str(number) for number in range(1, EXAMPLES + 1)],
    )


def test_what_is_asked_under_two_topics_is_two_gaps_under_the_tenants_own_names() -> None:
    some = [asked(1, "Gift cards?", 1, "gifts"), asked(2, "Gift cards?", 2, "odd"), asked(3, "gift cards", 3, "gifts")]
    told = sorted((gap.topic, gap.tickets) for gap in gaps._gaps(some, {"gifts": "Gifts and cards"}))
    assert told == [("Gifts and cards", 2), ("odd", 1)]
