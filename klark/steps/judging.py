"""Ask the operator's judge about each sentence of a draft. It can only raise a doubt, and sees masked text unless it runs
on this machine."""

import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from guardrails.pii import Known, mask_all
from integrations.errors import TryLater
from integrations.http import Outbound
from integrations.judges import JUDGES, Judge, JudgeAccount
from integrations.llms import LLMS
from integrations.llms.base import LLM, ModelAccount

JUDGE_S = 10.0  # a sentence
JUDGING_S = 30.0  # all of them together: what is asked last may take JUDGE_S longer

Ask = Callable[[str, Sequence[str]], bool]


def judge(known: Sequence[Known]) -> Ask | None:
    """What the guard asks; `None` where the operator has set no judge."""
    return asking(_judge(), known) if settings.KLARK_JUDGE else None


def asking(one: Judge, known: Sequence[Known], clock: Callable[[], float] = time.monotonic) -> Ask:
    """A judge that is shown what it may see, and one draft's time, from now on. Raises TryLater once that is over, which
    holds the draft as any failure of the judge does."""
    ends = clock() + JUDGING_S

    def ask(claim: str, sources: Sequence[str]) -> bool:
        if clock() >= ends:
            raise TryLater(f"the judge had {JUDGING_S:g} s for the whole draft, and they are over")
        if one.local:
            return one.doubts(claim, sources)
        (masked, *rest), _table = mask_all([claim, *sources], known)
        return one.doubts(masked, rest)

    return ask


@cache
def _judge() -> Judge:
    """One a process: a model on this machine is loaded once."""
    folder = Path(settings.KLARK_JUDGE_FOLDER) if settings.KLARK_JUDGE_FOLDER else None
    return JUDGES[settings.KLARK_JUDGE](JudgeAccount(_llm(), folder))


def _llm() -> LLM | None:
    if not settings.KLARK_JUDGE_NAME:
        return None
    outbound = Outbound(private=settings.KLARK_PRIVATE_HOSTS)
    account = ModelAccount(
        settings.KLARK_JUDGE_NAME, settings.KLARK_JUDGE_URL, settings.KLARK_JUDGE_KEY, outbound, timeout_s=JUDGE_S
    )
    return LLMS["openai"](account)
