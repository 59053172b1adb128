"""Models that say what was recorded, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from integrations.errors import IntegrationError, Invalid, NoAnswer, Refused, TryLater
from integrations.llms.base import LLM, BudgetSpent, Completion, Prompt, Unusable
from klark.drafting.caching_llm import digest_of
from klark.drafting.exchanges import judge_purpose
from klark.drafting.tenant_settings import DRAFT, READER, section_drafter
from klark.values.draft import Judge
from klark.values.revived import revived

ERRORS: Mapping[str, type[IntegrationError]] = {
    each.__name__: each for each in (TryLater, NoAnswer, Refused, Invalid, Unusable)
}


class NotRecorded(Exception):
    """Raised where a run comes to something that the recorded one did not. `stage` is where; the message says what is missing."""

    def __init__(self, stage: str, words: str) -> None:
        super().__init__(words)
        self.stage = stage


class Playback:
    """A model that answers as the recorded one did. `strict`: only to the very prompt that was recorded."""

    dialect = ""

    def __init__(self, exchanges: Sequence[Mapping[str, Any]], purpose: str, *, strict: bool = True) -> None:
        self.purpose, self.strict = purpose, strict
        self.rows = [each for each in exchanges if each["purpose"] == purpose]

    def complete(self, prompt: Prompt) -> Completion:
        """Returns the completion. Raises what the recorded model raised, and NotRecorded for another prompt."""
        digest = digest_of(prompt)
        for row in self.rows:
            if row["digest"] == digest or not self.strict:
                return _said(row)
        raise NotRecorded(
            "prompt" if self.purpose == DRAFT else self.purpose.partition(" ")[0],
            "A model would now be asked something else, and what it would say is not known: --llm now asks it.",
        )


def _said(row: Mapping[str, Any]) -> Completion:
    if row["completion"] is not None:
        return replace(revived(Completion, row["completion"]), kept=True)
    if row["error"] == BudgetSpent.__name__:
        raise BudgetSpent
    raise ERRORS.get(row["error"], Refused)(row["words"])


def drafters_of(record: Mapping[str, Any]) -> tuple[LLM, ...]:
    """Returns the recorded run's drafters: the model that was asked, if any, and what quotes sections."""
    paid = [Playback(record["exchanges"], DRAFT)] * (record["settings"]["drafters"] - 1)
    return (*paid, section_drafter())


def reader_of(record: Mapping[str, Any], *, strict: bool) -> LLM | None:
    """Returns the recorded run's second reader, if it had one."""
    return Playback(record["exchanges"], READER, strict=strict) if record["settings"]["reader"] else None


def judge_of(record: Mapping[str, Any]) -> Judge | None:
    """Returns the recorded run's judges, in the order in which they were asked."""
    judge: Judge | None = None
    for place, (name, trusted) in reversed([*enumerate(record["settings"]["judges"], 1)]):
        judge = Judge(Playback(record["exchanges"], judge_purpose(place)), name, trusted, judge)
    return judge
