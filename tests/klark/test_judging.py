"""The operator's judge: asked with masked text, able to hold a draft, unable to clear one."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

import pytest
from pytest_django import Settings

from guardrails.base import Level, Options, Reply, Sentence, Source
from guardrails.guard import guard
from guardrails.pii import Known
from integrations.errors import TryLater
from klark.startup import check_judge
from klark.steps.judging import JUDGING_S, asking, judge

SOURCE = Source("a", "Parcels to Belgium take 3 days by road.", "Delivery")
REPLY = Reply((Sentence("A parcel to Belgium needs 3 days by road.", (SOURCE,)),), "en", "How long to Belgium?")
WRONG = Reply((Sentence("A parcel to Belgium needs 9 days by road.", (SOURCE,)),), "en", "How long to Belgium?")
CAMILLE = [Known("Camille Durand", "NAME")]
READ = Options(language="en", reader="verified")


@dataclass
class Witness:
    """A judge that says one thing and keeps what it was shown."""

    opinion: bool | Exception
    local: bool = False
    shown: list[str] = field(default_factory=list)

    def doubts(self, claim: str, sources: Sequence[str]) -> bool:
        self.shown += [claim, *sources]
        if isinstance(self.opinion, Exception):
            raise self.opinion
        return self.opinion


def ids(reply: Reply, one: Witness) -> list[tuple[str, Level]]:
    found = guard(reply, replace(READ, ask=asking(one, CAMILLE))).findings
    return [(finding.id, finding.level) for finding in found if finding.level > Level.INFO]


def test_without_a_judge_nobody_is_asked(settings: Settings) -> None:
    settings.KLARK_JUDGE = ""
    assert judge(CAMILLE) is None


def test_a_doubt_holds_the_reply() -> None:
    assert ("klark.G130", Level.HOLD) in ids(REPLY, Witness(opinion=True))


def test_a_judge_without_doubts_adds_nothing() -> None:
    assert "klark.G130" not in dict(ids(REPLY, Witness(opinion=False)))


def test_a_judge_without_doubts_clears_nothing() -> None:
    silent = guard(WRONG, READ).findings
    assert guard(WRONG, replace(READ, ask=asking(Witness(opinion=False), CAMILLE))).findings == silent
    assert silent != ()


def test_a_judge_that_fails_holds_the_reply() -> None:
    assert ("klark.G000", Level.HOLD) in ids(REPLY, Witness(TryLater("slow")))


class Clock:
    """Seconds that pass by `step` with each look."""

    def __init__(self, step: float) -> None:
        self.now, self.step = -step, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


@pytest.mark.parametrize(
    ("step", "asked"), [(0.0, 8), (JUDGING_S / 8, 7), (JUDGING_S / 2, 1), (JUDGING_S, 0), (9 * JUDGING_S, 0)]
)
def test_a_draft_is_judged_no_longer_than_its_time(step: float, asked: int) -> None:
    one = Witness(opinion=False)
    ask = asking(one, CAMILLE, Clock(step))
    for number in range(8):
        with suppress(TryLater):
            ask(f"It takes {number + 3} days.", [])
    assert one.shown == [f"It takes {number + 3} days." for number in range(asked)]


def test_what_is_not_judged_in_time_is_held_and_not_asked_about() -> None:
    one = Witness(opinion=False)
    late = Options(language="en", ask=asking(one, CAMILLE, Clock(JUDGING_S)))
    found = guard(replace(REPLY, sentences=REPLY.sentences * 40), late).findings
    assert (("klark.G000", Level.HOLD) in [(each.id, each.level) for each in found], one.shown) == (True, [])


def test_a_doubt_that_came_in_time_is_not_needed_to_hold_what_came_too_late() -> None:
    one = Witness(opinion=True)
    late = Options(language="en", ask=asking(one, CAMILLE, Clock(JUDGING_S / 2)))
    verdict = guard(replace(REPLY, sentences=REPLY.sentences * 3), late)
    assert (verdict.level, len(one.shown)) == (Level.HOLD, 2)


def test_each_draft_has_its_own_time() -> None:
    clock = Clock(0.0)
    asking(Witness(opinion=False), CAMILLE, clock)
    clock.now = 10 * JUDGING_S
    one = Witness(opinion=False)
    assert (asking(one, CAMILLE, clock)("It takes 3 days.", []), len(one.shown)) == (False, 1)


@pytest.mark.parametrize(("local", "named"), [(False, False), (True, True)])
def test_a_judge_elsewhere_is_shown_tokens_for_what_is_known_of_people(local: bool, named: bool) -> None:
    one = Witness(opinion=False, local=local)
    asking(one, CAMILLE)("Camille Durand gets it in 3 days.", ["It takes 3 days."])
    assert ("Camille" in one.shown[0], "3 days" in one.shown[0], one.shown[1]) == (named, True, "It takes 3 days.")


@pytest.mark.parametrize(
    ("kind", "name", "folder", "errors"),
    [
        ("", "", "", []),
        ("llm", "", "", ["klark.E004"]),
        ("llm", "m", "", []),
        ("onnx", "m", "", ["klark.E004"]),
        ("onnx", "", "/srv/judge", []),
    ],
)
def test_a_judge_that_is_asked_for_must_be_there(
    settings: Settings, kind: str, name: str, folder: str, errors: list[str]
) -> None:
    settings.KLARK_JUDGE, settings.KLARK_JUDGE_NAME, settings.KLARK_JUDGE_FOLDER = kind, name, folder
    assert [each.id for each in check_judge()] == errors
