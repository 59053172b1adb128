"""A second reading: each sentence judged once, each thing asked answered or not, and what does not hold left out where the rest
is enough."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from time import process_time
from typing import Any

import pytest

from guardrails.base import UNJUDGED, Opinion
from guardrails.pii.mask import Known
from integrations.errors import Refused, TryLater
from integrations.llms.base import Completion
from klark.delivery.stored_evidence import judged_record as as_record
from klark.drafting.draft import read
from klark.drafting.judge import judged, last_word, request
from klark.drafting.judge import read as read_verdicts
from klark.drafting.prompt import DraftRequest, Material, drafting, material
from klark.values.draft import DraftAnswer, Judge
from tests.klark.said import Drafter, completion, found

RULE, SIDE = "It takes 3 to 5 working days.", "France takes 2 days."
ASKED = DraftRequest(
    "I am Camille Durand. How long to Belgium?", ("How long to Belgium?",), "en", (found(1), found(2, "Never cited.")),
    (Known("NAME", "Camille Durand"),), "secret", "7/1", date(2026, 11, 25),
)  # fmt: skip
GIVEN: Material = material(ASKED)
YES, NO = Opinion("supported", relevant=True), Opinion("not_stated", relevant=True)


def drafted(*sentences: tuple[str, list[str]], answerable: bool = True) -> DraftAnswer:
    said = sentences or ((RULE, ["P1.1"]),)
    return read(completion(*said, answerable=answerable), drafting(GIVEN), ASKED, GIVEN)


def verdicts(*words: str, answered: tuple[bool, ...] = (True, True), beside: tuple[int, ...] = ()) -> dict[str, Any]:
    return {
        "verdicts": [
            {"claim": f"C{n}", "verdict": word, "relevant": n not in beside} for n, word in enumerate(words, 1)
        ],
        "answers": [{"ask": f"A{n}", "answered": each} for n, each in enumerate(answered, 1)],
    }


def judge(*said: Mapping[str, Any] | Exception, trusted: bool = True) -> tuple[Judge, Drafter]:
    """A judge that says these things one after the other."""
    answers = iter(said)

    class Turns(Drafter):
        def complete(self, prompt: Any) -> Completion:
            self.asked.append(prompt)
            one = next(answers)
            if isinstance(one, Exception):
                raise one
            return Completion(one, "{…}", "judge")

    model = Turns(completion())
    return Judge(model, "a judge", trusted), model


def test_all_sentences_are_judged_in_one_request() -> None:
    one, model = judge(verdicts("supported", "supported"))
    answer, readings = judged(one, drafted((RULE, ["P1.1"]), (SIDE, ["P1.2"])), GIVEN)
    assert (len(model.asked), last_word(readings).opinions, answer.left_out) == (1, (YES, YES), ())


def test_the_judge_reads_ticket_asks_claims_and_the_passages_that_are_cited() -> None:
    read_by = request(drafted((RULE, ["P1.1", "P1.2"])), GIVEN).user
    wanted = (
        "\nA1 How long to Belgium?",
        "\nC1 It takes 3 to 5 working days.\n  rests on: P1.1, P1.2",
        "\nP1.1 Delivery to",
    )
    assert [each for each in wanted if each not in read_by] == []
    assert ("Never cited" in read_by, "Camille" in read_by, "[NAME_1]" in read_by) == (False, False, True)


def test_the_judge_is_not_told_what_the_drafter_says_of_itself() -> None:
    assert request(drafted(answerable=True), GIVEN) == request(drafted(answerable=False), GIVEN)


SILENT = {
    "busy": TryLater("busy"), "no key": Refused("no key"), "a label of nobody": verdicts("supported", "supported"),
    "an ask of nobody": verdicts("supported", answered=(True, True, True)), "nothing": {"verdicts": [], "answers": []},
}  # fmt: skip


@pytest.mark.parametrize("name", SILENT)
def test_a_judge_that_says_nothing_usable_leaves_all_unjudged(name: str) -> None:
    one, _ = judge(SILENT[name])
    said = last_word(judged(one, drafted(), GIVEN)[1])
    assert (said.of(0), said.answers_all) == (None, False)


def test_a_label_said_twice_is_not_judged_and_the_others_are() -> None:
    twice = verdicts("supported", "supported", answered=(True,))
    twice["verdicts"].append({"claim": "C1", "verdict": "contradicted", "relevant": True})
    assert read_verdicts(twice, 2, 1).opinions == (None, YES)


def test_a_missing_label_is_not_judged() -> None:
    assert read_verdicts(verdicts("supported"), 2, 2).opinions == (YES, None)
    assert read_verdicts(verdicts("supported", answered=(True,)), 1, 2).answered == (True, False)


def test_sixty_thousand_labels_are_read_once() -> None:
    start = process_time()
    said = read_verdicts(verdicts(*["supported"] * 60_000), 60_000, 2)
    assert (process_time() - start < 2, len(said.opinions)) == (True, 60_000)


@pytest.mark.parametrize(("trusted", "opinion"), [(True, YES), (False, None)])
def test_what_a_judge_supports_counts_only_once_it_has_passed_its_check(trusted: bool, opinion: Opinion | None) -> None:
    one, _ = judge(verdicts("supported"), trusted=trusted)
    assert last_word(judged(one, drafted(), GIVEN)[1]).of(0) == opinion


def test_a_doubt_counts_though_the_judge_was_never_checked() -> None:
    one, _ = judge(verdicts("not_stated"), trusted=False)
    assert last_word(judged(one, drafted(), GIVEN)[1]).of(0) == NO


# Left out where the rest is enough

TWO = ((RULE, ["P1.1"]), (SIDE, ["P1.2"]))


@pytest.mark.parametrize(("first", "denied"), [
    (verdicts("supported", "not_stated"), True), (verdicts("supported", "contradicted"), True),
    (verdicts("supported", "supported", beside=(2,)), False),
])  # fmt: skip
def test_a_sentence_that_does_not_hold_or_help_is_left_out(first: dict[str, Any], denied: bool) -> None:
    one, model = judge(first, verdicts("supported"))
    answer, readings = judged(one, drafted(*TWO), GIVEN)
    assert answer.reply is not None
    assert [each.text for each in answer.reply.sentences] == [RULE]
    assert ([each.text for each in answer.left_out], last_word(readings).opinions, len(model.asked)) == (
        [SIDE],
        (YES,),
        2,
    )
    assert answer.denied is denied


def test_it_stays_where_the_rest_no_longer_answers() -> None:
    one, _ = judge(verdicts("supported", "not_stated"), verdicts("supported", answered=(False,)))
    answer, readings = judged(one, drafted(*TWO), GIVEN)
    assert answer.reply is not None
    assert (len(answer.reply.sentences), answer.left_out, last_word(readings).opinions) == (2, (), (YES, NO))


@pytest.mark.parametrize(("first", "answerable", "trusted"), [
    (verdicts("supported", "not_stated", answered=(False,)), True, True),
    (verdicts("not_stated", "not_stated"), True, True),
    (verdicts("supported", "not_stated"), False, True),
    (verdicts("supported", "not_stated"), True, False),
])  # fmt: skip
def test_nobody_is_asked_again_where_leaving_out_cannot_be_enough(
    first: dict[str, Any], answerable: bool, trusted: bool
) -> None:
    one, model = judge(first, trusted=trusted)
    judged(one, drafted(*TWO, answerable=answerable), GIVEN)
    assert len(model.asked) == 1


# Nobody to ask


def test_without_a_judge_nothing_is_judged() -> None:
    answer, readings = judged(None, drafted(), GIVEN)
    assert (answer.reply is None, readings, last_word(readings)) == (False, (), UNJUDGED)


def test_quoted_sections_are_not_judged() -> None:
    one, model = judge()
    quoted = drafted()
    assert quoted.reply is not None
    sections = replace(quoted, reply=replace(quoted.reply, sections=True))
    assert (judged(one, sections, GIVEN), model.asked) == ((sections, ()), [])


def test_what_was_asked_and_said_is_kept() -> None:
    one, _ = judge(verdicts("supported"))
    (kept,) = as_record(judged(one, drafted(), GIVEN)[1])
    assert (kept["raw"], kept["model"], kept["failed"], kept["trusted"]) == ("{…}", "judge", "", True)
    assert "C1 It takes" in kept["user"]
