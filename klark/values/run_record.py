"""Everything that one run produced: what is recorded, written, and shown."""

from dataclasses import dataclass

from guardrails.base import Verdict
from guardrails.pii.known import Known
from integrations.crm.base import Fact
from klark.values.decision import NO_VERDICT, Case, Decided
from klark.values.draft import DraftAnswer, Exchange, JudgeReading
from klark.values.passages import FoundArticle
from klark.values.reasons import Reason
from klark.values.recalled_tickets import NOTHING as NO_MEMORY
from klark.values.recalled_tickets import Memory
from klark.values.triage import SecondReading, Triage

NO_ANSWER = DraftAnswer("none")


@dataclass(frozen=True, slots=True)
class RunRecord:
    """Everything that one run produced.

    `earlier`  the ticket that a follow-up continues
    `readings` a judge's prompts and what it said; the first is that of the reply as it stands
    `facts`    what the CRM and the helpdesk know of the requester
    `second`   a second reader's prompt for a doubtful ticket, and what it said
    `watched`  the field of the policy that leaves the ticket out of the roll-out; "" for one that klark writes on
    `case`     everything that the decision depended on; None for what was skipped
    `people`   who is masked: those on the ticket, and those on the one that it follows up
    `exchanges` what each model was asked and what came back
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
    people: tuple[Known, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    watched: str = ""

    @property
    def told(self) -> Decided:
        """The decision as it stands in the log: of a ticket that is only watched, that nothing was done, and what would have
        been."""
        return watched(self.decided, self.watched)

    @property
    def confidence(self) -> float | None:
        """The probability (0 to 1) that the draft is right and complete; None if it is not known."""
        return self.case.confidence if self.case else None

    @property
    def goes_on_from(self) -> str:
        """The ticket that a follow-up continues, in one line; "" for any other."""
        return self.earlier.partition("\n")[0]


def watched(decided: Decided, by: str) -> Decided:
    """Returns a decision as it is told where the policy's field `by` leaves the ticket out of the roll-out ("": none does)."""
    if not by or decided.kind == "SKIP":
        return decided
    return Decided("SKIP", Reason.OUTSIDE_ROLLOUT, f"{by} {decided.kind} {decided.reason}")
