"""A sentence is a copy, or judged, or unjudged; and what is asked is answered, or nobody has said so."""

import pytest

from guardrails.base import UNJUDGED, Judged, Level, Opinion, Options, Reply, Sentence, Source, State
from guardrails.checks.groundedness import BESIDE, CONTRADICTED, NOT_STATED, OPEN, UNCITED, is_fit, support
from guardrails.checks.groundedness import UNJUDGED as NOBODY
from guardrails.guard import guard

RULE = Source("a", "An unused bike can be returned within 14 days.", "Returns")
SAID = Sentence("Yours can go back until 9 December.", (RULE,))
COPY = Sentence(RULE.text, (RULE,))
YES, BESIDE_IT = Opinion("supported", relevant=True), Opinion("supported", relevant=False)
NO, UNKNOWN = Opinion("contradicted", relevant=True), Opinion("not_stated", relevant=True)


def reply(*sentences: Sentence, sections: bool = False) -> Reply:
    return Reply(sentences or (SAID,), "en", "Can I return my bike?", sections)


def judged(*opinions: Opinion | None, answered: tuple[bool, ...] = (True,), trusted: bool = True) -> Judged:
    return Judged(opinions, answered, trusted)


def ids(one: Reply, by: Judged) -> list[str]:
    return [finding.id for finding in support(one, Options(judged=by))]


@pytest.mark.parametrize(("by", "found"), [
    (judged(YES), []), (judged(NO), [CONTRADICTED]), (judged(UNKNOWN), [NOT_STATED]), (judged(BESIDE_IT), [BESIDE]),
    (judged(None), [NOBODY]), (judged(YES, answered=(False,)), [OPEN]), (judged(YES, answered=()), [OPEN]),
    (judged(YES, answered=(True, False)), [OPEN]), (UNJUDGED, [NOBODY, OPEN]),
    (judged(YES, trusted=False), [NOBODY, OPEN]), (judged(NO, trusted=False), [CONTRADICTED, OPEN]),
])  # fmt: skip
def test_what_a_judge_says_of_a_sentence(by: Judged, found: list[str]) -> None:
    assert ids(reply(), by) == found


@pytest.mark.parametrize(
    ("by", "found"), [(judged(NO), []), (judged(None), []), (judged(BESIDE_IT), [BESIDE]), (UNJUDGED, [OPEN])]
)
def test_a_copy_is_supported_whatever_a_judge_says(by: Judged, found: list[str]) -> None:
    assert ids(reply(COPY), by) == found


def test_a_sentence_without_a_source_is_held_though_a_judge_supports_it() -> None:
    assert ids(reply(Sentence("All is well.")), judged(YES)) == [UNCITED]


def test_quoted_sections_need_nobody_to_say_that_they_answer() -> None:
    assert ids(reply(COPY, sections=True), UNJUDGED) == []


def test_everything_found_holds_and_no_policy_lets_it_out_alone() -> None:
    found = support(reply(SAID, COPY), Options(judged=judged(NO, BESIDE_IT, answered=())))
    assert {(each.level, each.never_alone) for each in found} == {(Level.HOLD, True)}


@pytest.mark.parametrize(("sentence", "opinion", "state"), [
    (SAID, YES, "SUPPORTED"), (SAID, NO, "CONTRADICTED"), (SAID, UNKNOWN, "UNSUPPORTED"), (SAID, None, "UNJUDGED"),
    (COPY, NO, "COPIED"), (COPY, None, "COPIED"),
])  # fmt: skip
def test_a_sentence_has_the_state_that_its_witness_gives_it(
    sentence: Sentence, opinion: Opinion | None, state: State
) -> None:
    assert guard(reply(sentence), Options(judged=judged(opinion))).states == (state,)


def test_a_check_that_breaks_leaves_nobodys_word_standing() -> None:
    def broken(one: Reply, options: Options) -> list[object]:
        raise ZeroDivisionError

    seen = guard(reply(), Options(judged=judged(YES)), {"broken": broken})  # type: ignore[dict-item]  # on purpose
    assert (seen.states, seen.level) == (("UNJUDGED",), Level.HOLD)


@pytest.mark.parametrize(
    ("by", "fit"), [(judged(YES), True), (judged(NO), False), (judged(BESIDE_IT), False), (UNJUDGED, False)]
)
def test_a_reply_is_fit_where_all_is_supported_helps_and_is_answered(by: Judged, fit: bool) -> None:
    assert is_fit(reply(), by) == fit
