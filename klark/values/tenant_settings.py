"""What a run needs to know of its tenant."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from integrations.llms.base import LLM
from klark.values.draft import Judge
from klark.values.policy import Mode, Rules
from klark.values.triage import TopicWords


@dataclass(frozen=True, slots=True)
class TenantSettings:
    """What a run needs to know of its tenant. `drafters` are in the order in which they are called; `policy_id` is the policy
    that the decision is made under. `judge` reads a draft a second time, and `reader` a doubtful ticket, if there is a model
    that can; `has_model`: whether there is one, even if its budget is spent. `today` is the date where the tenant is;
    `stopped_topics` are those that a person has stopped, by key. `as_of`: the moment that a past ticket is answered at, so
    that nothing later is read; `None` is now. `rungs`: how far klark has earned to go, by topic and language; `None` where
    nothing needs to be earned. `made_with`: a digest of the models and prompts that drafts are made with; `first_model`: the
    one that drafts unless it is away. `policy_used`: whether a decision was made under the policy before. `assistant` helps
    people with a ticket, if there is a model that can. `prompt`: what the drafter is told in place of klark's own words, to try
    it ("": klark's own)."""

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
    has_model: bool = False
    stopped_topics: frozenset[str] = frozenset()
    as_of: datetime | None = None
    rungs: Mapping[tuple[str, str], Mode] | None = None
    made_with: str = ""
    first_model: str = ""
    policy_used: bool = False
    assistant: LLM | None = None
    prompt: str = ""

    def is_first(self, server: str) -> bool:
        """Returns whether no second model stood in; `server` as in `DraftAnswer`."""
        return server in ("", self.first_model)

    def earned_by(self, server: str) -> Mapping[tuple[str, str], Mode] | None:
        """Returns `rungs` for a draft of the first model (or of none). Where a second one stood in, no reply has been earned,
        and what was lost stays lost."""
        if self.rungs is None or self.is_first(server):
            return self.rungs
        return {about: "note" if rung == "note" else "queue" for about, rung in self.rungs.items()}
