"""All that one run came to: what is recorded, written, and shown."""

from dataclasses import dataclass

from guardrails.base import Verdict
from integrations.crm.base import Fact
from klark.values.decision import NO_VERDICT, Case, Decided
from klark.values.draft import DraftAnswer, JudgeReading
from klark.values.memory import NOTHING as NO_MEMORY
from klark.values.memory import Memory
from klark.values.passages import FoundArticle
from klark.values.triage import SecondReading, Triage

NO_ANSWER = DraftAnswer("none")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """`earlier`  what a follow-up goes on from
    `readings` what a judge was asked and said; the first is that of the reply as it stands
    `facts`    what the CRM and the helpdesk know of the requester
    `second`   what a second reader of a doubtful ticket was asked and said
    `case`     all that the decision depended on; None for what was skipped
    """

    triage: Triage
    decided: Decided
    found: tuple[FoundArticle, ...] = ()
    answer: DraftAnswer = NO_ANSWER
    verdict: Verdict = NO_VERDICT
    earlier: str = ""
    readings: tuple[JudgeReading, ...] = ()
    memory: Memory = NO_MEMORY
    facts: tuple[Fact, ...] = ()
    case: Case | None = None
    second: SecondReading | None = None

    @property
    def confidence(self) -> float | None:
        """That the draft is right and complete; None where nobody can tell."""
        return self.case.confidence if self.case else None

    @property
    def goes_on_from(self) -> str:
        """The ticket that a follow-up goes on from, in one line; "" for any other."""
        return self.earlier.partition("\n")[0]
