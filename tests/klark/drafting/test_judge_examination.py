"""klark's own claims before judges who do not judge, and before one who does."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from guardrails.base import Opinion
from integrations.errors import Refused, TryLater
from integrations.llms.base import Completion, ModelAccount, Prompt, Unusable
from klark.demo.model_server import CLAIMS
from klark.demo.recorded_model import Play, RecordedModel, blocks_of, labelled
from klark.demo.recordings import load, words_of
from klark.drafting.judge_examination import Examined, accepts, examine, groups
from klark.drafting.judge_qualification import passes
from klark.drafting.prompt import WHOLE
from klark.models import JudgeCheck

Says = Callable[[str, str], tuple[str, bool]]
"""What is said of a claim beside the whole prompt."""


class Judging:
    """A judge that follows one rule, and keeps what it was asked."""

    dialect = ""

    def __init__(
        self, account: ModelAccount | None = None, says: Says = lambda claim, page: ("supported", True)
    ) -> None:
        self.says = says
        self.asked: list[Prompt] = []

    def complete(self, prompt: Prompt) -> Completion:
        self.asked.append(prompt)
        claims = labelled(blocks_of(prompt.user)["claims"], "C")
        said = [(label, *self.says(claim, prompt.user)) for label, claim in claims]
        verdicts = [{"claim": label, "verdict": word, "relevant": relevant} for label, word, relevant in said]
        return Completion({"verdicts": verdicts, "answers": [{"ask": "A1", "answered": True}]}, "", "rule")


class Recorded(Judging):
    """The demo's recorded model, asked in this process."""

    def __init__(self, play: Play | None = None) -> None:
        super().__init__()
        self.model = RecordedModel(load([], CLAIMS), play)

    def complete(self, prompt: Prompt) -> Completion:
        self.asked.append(prompt)
        content = self.model.answer(prompt.user, prompt.schema)
        return Completion(content or {}, "", "recorded")


class Failing(Judging):
    """A judge that cannot be asked, from the first group that is past `after`."""

    def __init__(self, error: Exception, after: int = 0) -> None:
        super().__init__(says=lambda claim, page: ("supported", True))
        self.error, self.after = error, after

    def complete(self, prompt: Prompt) -> Completion:
        if len(self.asked) >= self.after:
            raise self.error
        return super().complete(prompt)


def passed(examined: Examined) -> bool:
    figures = {name: getattr(examined, name) for name in ("wrong", "caught", "right", "passed")}
    return passes(JudgeCheck(**figures))


def comparing_words(claim: str, page: str) -> tuple[str, bool]:
    """Supported where most words of the claim stand elsewhere in the prompt."""
    before = page[: page.rindex(" claims>")]
    words = words_of(claim)
    return ("supported" if len(words & words_of(before)) >= 0.6 * len(words) else "not_stated"), True


# The claims


def test_half_of_the_claims_are_wrong_and_each_rests_on_lines_of_its_group() -> None:
    claims = [claim for group in groups() if group.complete is None for claim in group.claims]
    lines = [
        {f"{each.id}.{n}" for each in group.passages for n, _ in enumerate(each.sentences, 1)} for group in groups()
    ]
    assert Counter(claim.right for claim in claims) == {True: 130, False: 129}
    assert Counter(group.complete for group in groups()) == {None: 40, True: 15, False: 15}
    said = [(own, claim.said.cites) for own, group in zip(lines, groups(), strict=True) for claim in group.claims]
    assert all(cites and own.issuperset(cites) for own, cites in said)


def test_a_group_is_asked_about_as_a_draft_is() -> None:
    judge = Judging()
    examine(judge)
    first, group = judge.asked[0], groups()[0]
    blocks = blocks_of(first.user)
    assert list(blocks) == ["ticket", "asked", *(each.id for each in group.passages), "claims"]
    assert (blocks["ticket"], blocks["asked"]) == (group.ticket, f"A1 {WHOLE}")
    assert blocks["claims"].startswith(f"C1 {group.claims[0].said.text}\n  rests on: P1.1, P1.2")
    assert f"{group.today:%A %Y-%m-%d}" in first.system
    assert blocks["P1"].splitlines()[0].endswith("(updated 2026-03-01)")


def test_each_check_asks_anew_and_tells_how_far_it_is() -> None:
    judge, told = Judging(), list[tuple[int, int]]()
    examine(judge, lambda done, of: told.append((done, of)))
    examine(judge)
    assert len({prompt.user for prompt in judge.asked}) == 2 * len(groups())
    assert (told[0], told[-1], len(told)) == ((1, len(groups())), (len(groups()),) * 2, len(groups()))


# Judges


@pytest.mark.parametrize(("judge", "caught", "let_pass"), [
    (Judging(), 0, 145),
    (Judging(says=lambda claim, page: ("not_stated", True)), 129, 15),
    (Judging(says=lambda claim, page: ("contradicted", True)), 129, 15),
    (Judging(says=lambda claim, page: ("supported", False)), 129, 15),
])  # fmt: skip
def test_a_judge_who_always_says_the_same_does_not_pass(judge: Judging, caught: int, let_pass: int) -> None:
    examined = examine(judge)
    assert (examined.caught, examined.passed, passed(examined)) == (caught, let_pass, False)


def test_a_judge_who_calls_every_true_reply_complete_does_not_pass() -> None:
    class Easy(Recorded):
        def complete(self, prompt: Prompt) -> Completion:
            said = super().complete(prompt)
            return replace(said, content={**said.content, "answers": [{"ask": "A1", "answered": True}]})

    examined = examine(Easy())
    assert (examined.by_kind["incomplete"], examined.caught, passed(examined)) == ([0, 15], 129, False)


def test_a_judge_who_compares_words_does_not_pass() -> None:
    examined = examine(Judging(says=comparing_words))
    assert passed(examined) is False


def test_the_recorded_judge_passes_and_errs_in_no_kind() -> None:
    examined = examine(Recorded())
    assert (examined.wrong, examined.caught, examined.right, examined.passed) == (144, 144, 145, 145)
    assert all(caught == of for caught, of in examined.by_kind.values())
    assert (sum(of for _, of in examined.by_kind.values()), "honest" in examined.by_kind) == (144, False)
    assert passed(examined) is True


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_judge_who_errs_in_one_claim_of_eight_does_not_pass(seed: int) -> None:
    assert passed(examine(Recorded(Play(noise=0.125, seed=seed)))) is False


def test_silence_catches_nothing_and_passes_nothing() -> None:
    class Silent(Judging):
        def complete(self, prompt: Prompt) -> Completion:
            return Completion({"verdicts": [], "answers": []}, "", "silent")

    examined = examine(Silent())
    assert (examined.caught, examined.passed, examined.trouble) == (0, 0, "")


def test_an_answer_that_is_none_is_the_judges_own_fault_and_a_server_that_is_away_is_not() -> None:
    unusable = examine(Failing(Unusable("prose", 10, 10, Decimal(1))))
    away = examine(Failing(TryLater("busy")))
    refused = examine(Failing(Refused("no credit"), after=1))
    assert [(each.caught, each.trouble) for each in (unusable, away, refused)] == [
        (0, ""),
        (0, "busy"),
        (0, "no credit"),
    ]
    assert refused.passed == sum(claim.right for claim in groups()[0].claims)


@pytest.mark.parametrize(("opinion", "accepted"), [
    (Opinion("supported", relevant=True), True), (Opinion("supported", relevant=False), False),
    (Opinion("not_stated", relevant=True), False), (Opinion("contradicted", relevant=True), False), (None, None),
])  # fmt: skip
def test_only_what_is_supported_and_helps_is_let_pass(opinion: Opinion | None, accepted: bool | None) -> None:
    assert accepts(opinion) == accepted


def figures(wrong: int, caught: int, right: int, let_pass: int) -> Mapping[str, Any]:
    return {"wrong": wrong, "caught": caught, "right": right, "passed": let_pass}


@pytest.mark.parametrize(("figures", "enough"), [
    (figures(100, 95, 100, 90), True), (figures(100, 94, 100, 100), False), (figures(100, 100, 100, 89), False),
    (figures(0, 0, 9, 9), False), (figures(9, 9, 0, 0), False),
])  # fmt: skip
def test_95_in_100_wrong_claims_are_to_be_caught_and_90_right_ones_passed(
    figures: Mapping[str, Any], enough: bool
) -> None:
    assert passes(JudgeCheck(**figures)) is enough
