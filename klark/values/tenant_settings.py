"""What a run needs to know of its tenant."""

from dataclasses import dataclass
from datetime import date

from integrations.llms.base import LLM
from klark.values.draft import Judge
from klark.values.rules import Rules
from klark.values.triage import TopicWords


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """`drafters` in the order they are asked; `policy_id` and `version` say under what the decision was taken. `judge` reads a
    draft a second time, where there is a model that can, `reader` a doubtful ticket; `today` is the day where the tenant is."""

    tenant_id: int
    rules: Rules
    topics: tuple[TopicWords, ...]
    drafters: tuple[LLM, ...]
    today: date
    policy_id: int | None = None
    budget_spent: bool = False
    instruction: str = ""
    judge: Judge | None = None
    reader: LLM | None = None
