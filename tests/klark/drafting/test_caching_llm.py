"""A completion is kept by model and prompt: a run that is done again is not billed twice."""

from decimal import Decimal

import pytest

from integrations.errors import Refused, TryLater
from integrations.llms.base import Completion, Unusable
from klark.drafting.caching_llm import CachingLLM, digest_of
from klark.drafting.prompt import DraftRequest
from tests.klark.drafting.test_draft import GOOD, SPARE, asked, build, compose
from tests.klark.said import Drafter


class Shelf:
    """What is kept."""

    def __init__(self, drafter: Drafter) -> None:
        self.kept: dict[str, Completion] = {}
        self.drafter = CachingLLM(lambda: drafter, self.kept.get, self.kept.__setitem__)


def test_a_kept_completion_is_not_asked_for_again() -> None:
    model = Drafter(GOOD)
    shelf = Shelf(model)
    answers = [compose([shelf.drafter], asked()) for _ in range(3)]
    assert (len(model.asked), {answer.completion == GOOD for answer in answers}) == (1, {True})


@pytest.mark.parametrize(
    "other", [asked("Something else"), asked(turn="7/2"), asked(instruction="Shorter."), asked(passages=2)]
)
def test_another_prompt_is_asked_for(other: DraftRequest) -> None:
    assert digest_of(build(asked())[0]) != digest_of(build(other)[0])


def test_an_unusable_answer_is_never_recalled() -> None:
    model = Drafter(Unusable("prose", 900, 300, Decimal("0.5")))
    shelf = Shelf(model)
    for _ in range(2):
        with pytest.raises(Unusable):
            shelf.drafter.complete(build(asked())[0])
    assert (len(model.asked), shelf.kept) == (2, {})


def test_a_completion_tells_which_server_wrote_it_also_when_it_is_recalled() -> None:
    kept: dict[str, Completion] = {}
    model = CachingLLM(lambda: Drafter(GOOD), kept.get, kept.__setitem__, server="https://llm.example.com small")
    said = [model.complete(build(asked())[0]).server for _ in range(2)]
    assert said == ["https://llm.example.com small"] * 2


def test_an_answer_that_never_came_is_not_kept() -> None:
    shelf = Shelf(Drafter(TryLater("slow")))
    with pytest.raises(TryLater):
        shelf.drafter.complete(build(asked())[0])
    assert shelf.kept == {}


def test_a_drafter_that_cannot_be_made_fails_like_one_that_cannot_answer() -> None:
    def make() -> Drafter:
        raise Refused("the model's address is not a URL")

    unmade = CachingLLM(make, lambda digest: None, lambda digest, completion: None)
    answer = compose([unmade, Drafter(SPARE)], asked())
    assert (answer.completion, answer.failed) == (SPARE, "the model's address is not a URL")


def test_another_model_is_asked_the_same_thing_anew() -> None:
    prompt = build(asked())[0]
    assert digest_of(prompt, "one") != digest_of(prompt, "another")
