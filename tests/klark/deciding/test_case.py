"""How a finished draft becomes something that `decide` can hold against the policy's minimum."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from guardrails.base import UNJUDGED, Judged, Level, Opinion, Verdict
from guardrails.checks.groundedness import state_of, support
from integrations.helpdesks.base import Attachment, Comment, Ticket
from klark.deciding.case import case_of, weighed
from klark.deciding.decide import decide
from klark.drafting.prompt import ATTACHED, material
from klark.drafting.request import guard_options, requested
from klark.values.decision import Case
from klark.values.draft import Coverage, DraftAnswer
from klark.values.own_comments import OwnComments
from klark.values.policy.rules import Rules
from klark.values.recalled_tickets import NOTHING
from klark.values.requester_trust import trust
from klark.values.tenant_settings import TenantSettings
from tests.klark.said import (
    ALEX,
    CAMILLE,
    TODAY,
    TONI,
    asked,
    comment,
    completion,
    found,
    read_as,
    ticket,
    triage,
    verdict,
)

BELGIUM = "Delivery to Belgium takes 3 to 5 working days."
FOUND = (found(1), found(2, "Returns are free.", title="Returns"))
SEEN = triage()
CASE = Case(SEEN, Rules(mode="reply"))
OURS = TenantSettings(1, CASE.rules, (), (), TODAY)
NOBODY = OwnComments(frozenset())
YES, NO, BESIDE = (Opinion("supported", relevant=True), Opinion("contradicted", relevant=True),
                   Opinion("supported", relevant=False))  # fmt: skip


def drafted(*sentences: tuple[str, Sequence[str]], answerable: bool = True) -> DraftAnswer:
    """As `compose` has it of a model that says so."""
    return read_as(completion(*sentences, answerable=answerable), asked(*FOUND))


def judged(*opinions: Opinion | None, answered: bool = True, trusted: bool = True) -> Judged:
    return Judged(opinions, (answered,), trusted)


def seen_by(answer: DraftAnswer, by: Judged) -> Verdict:
    """What the check on support finds."""
    assert answer.reply is not None
    states = tuple(state_of(each, by.of(place)) for place, each in enumerate(answer.reply.sentences))
    return Verdict(tuple(support(answer.reply, guard_options(CASE.rules, SEEN, by))), states)


def sure(answer: DraftAnswer, by: Judged = UNJUDGED, said: Verdict | None = None) -> float:
    likely = weighed(CASE, answer, said or seen_by(answer, by), by).confidence
    assert likely is not None
    return likely


RIGHT = drafted(("It takes three to five working days.", ["P1.1"]))


@pytest.mark.parametrize(
    ("given", "channel"),
    [({"channel": "chat"}, "chat"), ({"channel": None}, "web"), ({"channel": None, "raw": {"id": 7}}, "")],
)
def test_a_ticket_of_a_file_that_names_no_channel_came_by_a_form(given: dict[str, Any], channel: str) -> None:
    assert case_of(SEEN, CASE.rules, ticket(**given), NOBODY).channel == channel


@pytest.mark.parametrize(
    ("given", "third", "led"),
    [
        (ticket(channel="email"), False, False),
        (ticket(channel="email", cc=(TONI,)), True, False),
        (ticket(comment(1), comment(2, ALEX), comment(3, CAMILLE), channel="email"), False, True),
    ],
    ids=["nobody else", "in copy", "answered by a person"],
)
def test_the_case_of_a_ticket_says_who_else_is_there(given: Ticket, third: bool, led: bool) -> None:
    seen = triage(trust=trust(given))
    made = case_of(seen, CASE.rules, given, NOBODY)
    assert (made.third_party, made.led_by_person) == (third, led)
    assert (made.triage, made.coverage, made.confidence) == (seen, "none", None)


PHOTO = (Attachment("photo.jpg", "image/jpeg"),)


@pytest.mark.parametrize(
    ("given", "unread"),
    [
        ((comment(1),), False),
        ((comment(1, attachments=PHOTO),), True),
        ((comment(1, attachments=PHOTO), comment(2, text="Is this covered?")), True),
        ((comment(1, attachments=PHOTO), comment(2, ALEX), comment(3)), False),
        ((comment(1, attachments=PHOTO), comment(2, ALEX, public=False), comment(3)), True),
        ((comment(1, ALEX, attachments=PHOTO), comment(2)), False),
        ((comment(1, attachments=PHOTO), comment(2, ALEX)), True),
    ],
    ids=["none", "here", "just before", "answered since", "noted only", "an agent's", "an answer crossed with it"],
)
def test_the_case_knows_of_files_that_nobody_has_answered(given: tuple[Comment, ...], unread: bool) -> None:
    asked_here = ticket(*given)
    assert case_of(SEEN, CASE.rules, asked_here, NOBODY).unread_attachments is unread
    request, _ = requested(asked_here, SEEN, OURS, FOUND, (), ("", NOTHING))
    assert (ATTACHED in material(request).ticket["ticket"], ATTACHED in request.text) == (unread, False)


def test_the_case_learns_all_that_a_decision_depends_on() -> None:
    told = verdict(Level.HOLD)
    known = weighed(CASE, replace(RIGHT, coverage="part"), told, UNJUDGED)
    assert (known.coverage, known.verdict, known.triage) == ("part", told, SEEN)


@pytest.mark.parametrize("coverage", ["none", "failed"])
def test_without_a_draft_there_is_nothing_to_be_sure_of(coverage: Coverage) -> None:
    assert weighed(CASE, DraftAnswer(coverage), verdict(), UNJUDGED) == replace(
        CASE, coverage=coverage, verdict=verdict()
    )


@pytest.mark.parametrize("missing", ["reply", "prompt"])
def test_half_a_draft_is_none(missing: str) -> None:
    assert weighed(CASE, replace(RIGHT, **{missing: None}), verdict(), UNJUDGED).confidence is None


def test_a_draft_that_its_judge_supports_is_likelier_than_one_that_nobody_judged() -> None:
    assert sure(RIGHT, judged(YES)) > 0.6 > sure(RIGHT)


@pytest.mark.parametrize("by", [judged(NO), judged(None), judged(YES, answered=False), judged(YES, trusted=False)])
def test_whatever_a_judge_misses_makes_a_draft_less_likely(by: Judged) -> None:
    assert sure(RIGHT, by) < sure(RIGHT, judged(YES))


def test_what_copies_its_source_is_as_likely_as_what_a_judge_supports() -> None:
    copied = drafted((BELGIUM, ["P1.1"]))
    assert sure(copied, judged(None)) == sure(RIGHT, judged(YES))


def test_half_of_a_draft_that_is_denied_makes_it_less_likely_than_none() -> None:
    two = drafted(("It takes three to five working days.", ["P1.1"]), ("Returns cost nothing.", ["P2.1"]))
    assert sure(two, judged(NO, NO)) < sure(two, judged(YES, NO)) < sure(two, judged(YES, YES))


def test_the_first_passage_that_is_cited_is_the_nearest_one_whatever_is_cited_first() -> None:
    both = drafted(("Returns cost nothing, and it takes five days.", ["P2.1", "P1.1"]))
    assert {one.name: one.value for one in weighed(CASE, both, verdict(), judged(YES)).signs}["first"] == 1.0


def test_a_passage_with_a_longer_number_is_another_one() -> None:
    many = asked(*(found(n, f"Shop number {n} is open on Sundays.", title="Shops") for n in range(2, 13)))
    last = read_as(completion(("Shop number 12 is open on Sundays.", ["P11.1"])), many)
    assert {one.name: one.value for one in weighed(CASE, last, verdict(), judged(YES)).signs}["first"] == 1 / 11


def test_what_is_left_open_makes_a_draft_less_likely() -> None:
    part = drafted(("It takes three to five working days.", ["P1.1"]), answerable=False)
    assert sure(part, judged(YES)) < sure(RIGHT, judged(YES))


def test_what_a_check_of_klarks_own_holds_makes_a_draft_less_likely() -> None:
    assert sure(RIGHT, judged(YES), verdict(Level.HOLD)) < sure(RIGHT, judged(YES), verdict())


def test_a_sentence_beside_the_question_never_makes_a_draft_likelier() -> None:
    assert sure(RIGHT, judged(BESIDE)) <= sure(RIGHT, judged(YES))


def test_a_passage_further_behind_never_makes_a_draft_likelier() -> None:
    behind = drafted(("Returns cost nothing.", ["P2.1"]))
    assert sure(behind, judged(YES)) <= sure(RIGHT, judged(YES))


@pytest.mark.parametrize(
    ("minimum", "kind", "reason"),
    [(0, "REPLY", "ready"), (60, "REPLY", "ready"), (100, "WAIT", "low_confidence")],
)
def test_a_right_draft_goes_out_unless_nothing_is_sure_enough(minimum: int, kind: str, reason: str) -> None:
    case = replace(CASE, rules=Rules(mode="reply", minimum_confidence=minimum))
    decided = decide(weighed(case, RIGHT, seen_by(RIGHT, judged(YES)), judged(YES)))
    assert (decided.kind, str(decided.reason)) == (kind, reason)


def test_what_the_confidence_was_read_from_is_known_with_what_costs_it_most_first() -> None:
    made = weighed(CASE, RIGHT, seen_by(RIGHT, UNJUDGED), UNJUDGED)
    gains = [one.otherwise for one in made.signs]
    assert gains == sorted(gains, reverse=True)
    assert weighed(CASE, DraftAnswer("none"), verdict(), UNJUDGED).signs == ()
