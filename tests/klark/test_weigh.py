"""How a finished draft becomes something that `decide` can hold against the policy's minimum."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from guardrails.base import Level, Verdict
from integrations.helpdesks.base import Ticket
from integrations.llms.base import Completion, Prompt
from klark.models.rules import Rules
from klark.steps.brief import strict_drafter
from klark.steps.compose import Answer, Asked, Coverage, build, read
from klark.steps.decide import Case, decide, stop_before_model
from klark.steps.mine import Mine
from klark.steps.retrieve import Found
from klark.steps.trust import trust
from klark.steps.weigh import agreement, case_of, cites_of, weighed
from tests.klark.said import ALEX, CAMILLE, TONI, Drafter, comment, completion, found, ticket, triage, verdict

BELGIUM, FRANCE = "Delivery to Belgium takes 3 to 5 working days.", "Delivery to France takes 2 working days."
FOUND = (found(1), found(2, "Returns are free.", "A parcel is sent back from any post office.", title="Returns"))
SEEN = triage()
STRICT = strict_drafter()
CASE = Case(SEEN, Rules(mode="reply"))


def drafted(*sentences: tuple[str, Sequence[str]], among: Sequence[Found] = FOUND, answerable: bool = True) -> Answer:
    """As `compose` has it of a model that says so."""
    asked = Asked(SEEN, among, (), "a secret", "7/1")
    prompt, table = build(asked)
    return read(completion(*sentences, answerable=answerable), prompt, asked, table)


def by_ourselves(among: Sequence[Found] = FOUND) -> Answer:
    """As the drafter without a model answers."""
    asked = Asked(SEEN, among, (), "a secret", "7/1")
    prompt, table = build(asked)
    return read(STRICT.complete(prompt), prompt, asked, table)


def sure(answer: Answer, said: Verdict | None = None, case: Case = CASE) -> float:
    likely = weighed(case, answer, said or verdict(), STRICT).confidence
    assert likely is not None
    return likely


RIGHT = drafted((BELGIUM, ["P1.1"]))
NOBODY = Mine(frozenset())


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


def test_the_case_learns_all_that_a_decision_depends_on() -> None:
    told = verdict(Level.HOLD)
    known = weighed(CASE, replace(RIGHT, coverage="part", open=("And to Spain?",)), told, STRICT)
    assert (known.coverage, known.open, known.verdict, known.triage) == ("part", ("And to Spain?",), told, SEEN)


@pytest.mark.parametrize("coverage", ["none", "failed"])
def test_without_a_draft_there_is_nothing_to_be_sure_of(coverage: Coverage) -> None:
    assert weighed(CASE, Answer(coverage), verdict(), STRICT) == replace(CASE, coverage=coverage, verdict=verdict())


@pytest.mark.parametrize("missing", ["reply", "prompt", "completion"])
def test_half_a_draft_is_none(missing: str) -> None:
    assert weighed(CASE, replace(RIGHT, **{missing: None}), verdict(), STRICT).confidence is None


def test_a_right_answer_is_more_likely_than_one_about_something_else() -> None:
    assert sure(RIGHT) > 0.9
    assert sure(drafted(("Returns are free.", ["P2.1"]))) < 0.3


def test_an_answer_about_another_country_is_less_likely() -> None:
    assert sure(drafted((FRANCE, ["P1.2"]))) < 0.3 < sure(RIGHT)


def test_the_same_sentence_is_as_likely_whoever_drafted_it() -> None:
    assert sure(by_ourselves()) == sure(RIGHT)


def test_a_draft_in_other_words_that_rests_on_the_same_sentence_agrees() -> None:
    assert sure(drafted(("Three to five working days to Belgium for delivery.", ["P1.1"]))) > 0.9


def test_what_is_left_open_makes_a_draft_less_likely() -> None:
    assert sure(drafted((BELGIUM, ["P1.1"]), answerable=False)) < sure(RIGHT) - 0.1


def test_what_a_check_holds_makes_a_draft_less_likely() -> None:
    assert sure(RIGHT, verdict(Level.HOLD)) < sure(RIGHT)
    assert sure(RIGHT, verdict(Level.BLOCK)) < 0.2


def test_a_passage_further_behind_makes_a_draft_less_likely() -> None:
    behind = (*(found(n, f"Shop number {n} is open on Sundays.", title="Shops") for n in range(2, 6)), found(1))
    assert sure(drafted((BELGIUM, ["P5.1"]), among=behind)) < sure(RIGHT)


def test_a_draft_that_cites_nothing_stands_behind_every_passage() -> None:
    assert sure(drafted((BELGIUM, []))) < sure(RIGHT)


def test_the_second_question_of_two_must_be_answered_too() -> None:
    two = replace(CASE, triage=triage(questions=(*SEEN.questions, "Can I pay for a sofa by cheque?")))
    assert sure(RIGHT, case=two) < 0.5


@pytest.mark.parametrize(
    ("minimum", "kind", "reason"),
    [(0, "REPLY", "ready"), (75, "REPLY", "ready"), (100, "WAIT", "low_confidence")],
)
def test_a_right_draft_goes_out_unless_nothing_is_sure_enough(minimum: int, kind: str, reason: str) -> None:
    decided = decide(
        weighed(replace(CASE, rules=Rules(mode="reply", minimum_confidence=minimum)), RIGHT, verdict(), STRICT)
    )
    assert (decided.kind, str(decided.reason)) == (kind, reason)


def test_a_wrong_draft_without_any_finding_waits() -> None:
    decided = decide(weighed(CASE, drafted((FRANCE, ["P1.2"])), verdict(), STRICT))
    assert (decided.kind, str(decided.reason)) == ("WAIT", "low_confidence")


CITED = completion(("a", ["P1.1", "P2.2"]), ("b", ["P1.1"]))


def test_all_cites_count_once() -> None:
    assert cites_of(CITED.content) == {"P1.1", "P2.2"}
    assert cites_of(completion().content) == frozenset()


@pytest.mark.parametrize(
    ("strict", "cites", "share"),
    [
        (CITED, {"P1.1", "P2.2"}, 1.0),
        (CITED, {"P1.1", "P2.2", "P3.1"}, 1.0),
        (CITED, {"P1.1"}, 0.5),
        (CITED, {"P3.1"}, 0.0),
        (CITED, set(), 0.0),
        (completion(), {"P1.1"}, 0.0),
        (completion(("a", ["P1.1"]), answerable=False), {"P1.1"}, 0.0),
    ],
)
def test_agreement_is_with_all_that_a_strict_drafter_cites(strict: Completion, cites: set[str], share: float) -> None:
    assert agreement(strict, frozenset(cites)) == share


def test_a_passage_with_a_longer_number_is_another_one() -> None:
    many = tuple(found(n, f"Shop number {n} is open on Sundays.", title="Shops") for n in range(2, 13))
    last = drafted(("Shop number 12 is open on Sundays.", ["P11.1"]), among=many)
    first = drafted(("Shop number 2 is open on Sundays.", ["P1.1"]), among=many)
    assert sure(last) < sure(first)


@dataclass
class Counted:
    """The strict drafter, and how often it was asked."""

    times: int = 0
    dialect: str = ""

    def complete(self, prompt: Prompt) -> Completion:
        self.times += 1
        return STRICT.complete(prompt)


@pytest.mark.parametrize(("own", "times"), [(True, 0), (False, 1)])
def test_the_strict_drafter_is_not_asked_for_what_it_just_wrote(own: bool, times: int) -> None:
    strict = Counted()
    weighed(CASE, replace(RIGHT, by=strict if own else STRICT), verdict(), strict)
    assert strict.times == times


def test_a_server_that_calls_its_model_as_the_strict_drafter_is_called_is_no_second_opinion_on_itself() -> None:
    assert RIGHT.completion is not None
    boasting = replace(drafted((FRANCE, ["P1.2"])), by=Drafter(RIGHT.completion))
    named = replace(boasting, completion=replace(completion((FRANCE, ["P1.2"])), model="extractive"))
    assert sure(named) == sure(boasting) < 0.3


def test_what_the_confidence_was_read_from_is_known_with_what_costs_it_most_first() -> None:
    made = weighed(CASE, drafted((FRANCE, ["P1.2"])), verdict(), STRICT)
    assert (made.signs[0].name, made.signs[0].value) == ("agreed", 0.0)
    assert made.confidence is not None
    assert made.signs[0].otherwise > 0.9 > made.confidence
    assert weighed(CASE, Answer("none"), verdict(), STRICT).signs == ()


PERSONAL = found(3, "Contract runs until: 2027-01-01.", title="Known", personal=True)
HOPELESS_CASE = replace(CASE, chance=0.01, personal=True)


@pytest.mark.parametrize(
    ("sentences", "kind"),
    [
        ([("Your contract runs until 2027-01-01.", ["P3.1"])], "WAIT"),
        ([(BELGIUM, ["P1.1"]), ("Your contract runs until 2027-01-01.", ["P3.1"])], "WAIT"),
        ([(BELGIUM, ["P1.1"])], "ESCALATE"),
    ],
    ids=["the fact alone", "the fact too", "an article alone"],
)
def test_that_no_article_answers_counts_unless_the_draft_rests_on_something_else(
    sentences: Sequence[tuple[str, Sequence[str]]], kind: str
) -> None:
    answer = drafted(*sentences, among=(*FOUND, PERSONAL))
    case = replace(HOPELESS_CASE, rules=Rules(mode="queue"))
    assert stop_before_model(case) is None
    assert decide(weighed(case, answer, verdict(), STRICT)).kind == kind


def test_a_model_that_failed_is_told_though_no_article_answers() -> None:
    assert str(decide(weighed(HOPELESS_CASE, Answer("failed"), verdict(), STRICT)).reason) == "model_failed"
