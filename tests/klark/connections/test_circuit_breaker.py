"""A model's server that hangs is left alone for a while, and asked again afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from integrations.embeddings.base import Vector
from integrations.errors import Refused, TryLater
from integrations.llms.base import REPLY_SCHEMA, Completion, Prompt
from klark.connections.circuit_breaker import FAILURES, LONG_REST_S, REST_S, BreakingEmbedder, BreakingLLM, OpenCircuits
from tests.klark.said import Drafter, completion

PROMPT = Prompt("system", "user", REPLY_SCHEMA)
DONE = completion(("It takes 3 days.", ["P1.1"]))


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rests(clock: Clock) -> OpenCircuits:
    return OpenCircuits(clock)


def asked(rests: OpenCircuits, answer: Completion | Exception, times: int = 1, server: str = "a") -> Drafter:
    """The drafter after it was asked `times` times; how each ended is of no matter."""
    drafter = Drafter(answer)
    for _ in range(times):
        try:
            BreakingLLM(drafter, server, rests).complete(PROMPT)
        except (TryLater, Refused):
            continue
    return drafter


def test_a_server_that_answers_is_always_asked(rests: OpenCircuits) -> None:
    assert len(asked(rests, DONE, times=10).asked) == 10


def test_after_three_failures_in_a_row_it_is_asked_no_more(rests: OpenCircuits) -> None:
    assert len(asked(rests, TryLater("slow"), times=10).asked) == FAILURES


def test_while_it_rests_the_next_drafter_hears_so_and_for_how_long(rests: OpenCircuits, clock: Clock) -> None:
    asked(rests, TryLater("slow"), times=FAILURES)
    clock.now += 20
    with pytest.raises(TryLater, match="left alone for a minute") as told:
        BreakingLLM(Drafter(DONE), "a", rests).complete(PROMPT)
    assert told.value.after == REST_S - 20


def test_after_the_rest_it_is_asked_once_and_rests_again_when_it_fails(rests: OpenCircuits, clock: Clock) -> None:
    asked(rests, TryLater("slow"), times=FAILURES)
    clock.now += REST_S
    assert len(asked(rests, TryLater("slow"), times=10).asked) == 1


def test_after_the_rest_it_is_asked_as_ever_when_it_answers(rests: OpenCircuits, clock: Clock) -> None:
    asked(rests, TryLater("slow"), times=FAILURES)
    clock.now += REST_S
    asked(rests, DONE)
    assert len(asked(rests, TryLater("slow"), times=10).asked) == FAILURES


def test_failures_with_an_answer_between_them_are_not_in_a_row(rests: OpenCircuits) -> None:
    for _ in range(FAILURES):
        asked(rests, TryLater("slow"), times=FAILURES - 1)
        asked(rests, DONE)
    assert len(asked(rests, DONE, times=2).asked) == 2


def test_a_refusal_is_an_answer(rests: OpenCircuits) -> None:
    assert len(asked(rests, Refused("no credit"), times=10).asked) == 10


def test_one_server_rests_alone(rests: OpenCircuits) -> None:
    asked(rests, TryLater("slow"), times=FAILURES, server="a")
    assert len(asked(rests, DONE, server="b").asked) == 1


def test_the_form_that_a_server_takes_is_the_models_own() -> None:
    drafter = Drafter(DONE, dialect="json_object")
    assert BreakingLLM(drafter, "a").dialect == "json_object"


@dataclass
class Embedder:
    """A model that gives one vector a text, or raises."""

    error: Exception | None = None
    asked: int = 0
    model: str = "invented"
    remote: bool = False

    def questions(self, texts: Sequence[str]) -> list[Vector]:
        self.asked += 1
        if self.error:
            raise self.error
        return [(1.0, 0.0)] * len(texts)

    passages = questions


def embedded(rests: OpenCircuits, one: Embedder, times: int) -> int:
    """How often the model was asked when klark wanted vectors `times` times, of questions and passages in turn."""
    before, rested = one.asked, BreakingEmbedder(one, rests)
    for number in range(times):
        try:
            (rested.questions if number % 2 else rested.passages)(["x"])
        except (TryLater, Refused):
            continue
    return one.asked - before


def test_an_embedding_server_that_hangs_holds_up_one_search_a_minute(rests: OpenCircuits, clock: Clock) -> None:
    one = Embedder(TryLater("slow"))
    assert embedded(rests, one, times=20) == 1
    clock.now += REST_S
    assert embedded(rests, one, times=20) == 1


def test_one_that_refuses_is_left_alone_at_once_and_for_longer(rests: OpenCircuits, clock: Clock) -> None:
    one = Embedder(Refused("bad key"))
    assert embedded(rests, one, times=20) == 1
    clock.now += REST_S
    assert embedded(rests, one, times=1) == 0
    clock.now += LONG_REST_S - REST_S
    assert embedded(rests, one, times=20) == 1


def test_a_refusal_of_one_tenants_texts_is_no_rest_for_another_or_for_questions(
    rests: OpenCircuits, clock: Clock
) -> None:
    one = Embedder(Refused("too long"))
    rested = BreakingEmbedder(one, rests)
    first, second = rested.with_texts_of("1"), rested.with_texts_of("2")
    for _ in range(5):
        with pytest.raises((Refused, TryLater)):
            first.passages(["x"])
    one.error = None
    assert (one.asked, len(second.passages(["x"])), len(rested.questions(["x"]))) == (1, 1, 1)
    with pytest.raises(TryLater):
        first.passages(["x"])
    clock.now += LONG_REST_S
    assert len(first.passages(["x"])) == 1


def test_one_that_answers_gives_its_vectors_by_its_own_name(rests: OpenCircuits) -> None:
    rested = BreakingEmbedder(Embedder(), rests)
    assert (rested.model, rested.questions(["a", "b"]), rested.passages(["c"])) == (
        "invented", [(1.0, 0.0)] * 2, [(1.0, 0.0)])  # fmt: skip
    assert embedded(rests, Embedder(), times=20) == 20
