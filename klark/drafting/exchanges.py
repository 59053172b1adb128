"""Notes what the models of a run are asked and what comes back, so that the run can be repeated without them."""

from collections.abc import Callable
from dataclasses import replace

from integrations.errors import IntegrationError
from integrations.llms.base import LLM, Completion, Prompt
from integrations.llms.sections import Sections
from klark.drafting.caching_llm import digest_of
from klark.drafting.tenant_settings import DRAFT, JUDGE, READER, section_drafter
from klark.values.draft import Exchange, Judge
from klark.values.tenant_settings import TenantSettings


class Overheard:
    """A model whose exchanges are noted."""

    def __init__(self, llm: LLM, purpose: str, heard: list[Exchange]) -> None:
        self.llm, self.purpose, self.heard = llm, purpose, heard

    @property
    def dialect(self) -> str:
        """The model's own."""
        return self.llm.dialect

    def complete(self, prompt: Prompt) -> Completion:
        """Returns the completion. Raises what the model raises."""
        asked = Exchange(self.purpose, digest_of(prompt))
        try:
            done = self.llm.complete(prompt)
        except IntegrationError as error:
            self.heard.append(replace(asked, error=type(error).__name__, words=str(error)))
            raise
        self.heard.append(replace(asked, completion=done))
        return done


def overheard(ours: TenantSettings, heard: list[Exchange]) -> TenantSettings:
    """Returns the settings with models whose exchanges are added to `heard`."""
    return with_models(ours, lambda llm, purpose: Overheard(llm, purpose, heard))


def without_models(ours: TenantSettings) -> TenantSettings:
    """Returns the settings with no model at all: sections are quoted, and nothing is judged or read a second time."""
    return replace(ours, drafters=(section_drafter(),), judge=None, reader=None, has_model=False, first_model="")


def with_models(ours: TenantSettings, changed: Callable[[LLM, str], LLM]) -> TenantSettings:
    """Returns the settings with every paid model changed; it is given with its purpose. What quotes sections costs nothing, and
    is left as it is."""
    return replace(
        ours, drafters=tuple(changed(each, DRAFT) if not isinstance(each, Sections) else each for each in ours.drafters),
        judge=_judge(ours.judge, changed, 1), reader=changed(ours.reader, READER) if ours.reader else None,
    )  # fmt: skip


def _judge(judge: Judge | None, changed: Callable[[LLM, str], LLM], place: int) -> Judge | None:
    if judge is None:
        return None
    return replace(
        judge, llm=changed(judge.llm, judge_purpose(place)), fallback=_judge(judge.fallback, changed, place + 1)
    )


def judge_purpose(place: int) -> str:
    """Returns what tells the judges of a run apart: `place` is from 1 on, in the order in which they are asked."""
    return f"{JUDGE} {place}"
