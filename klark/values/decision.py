"""Everything that a decision may depend on, and the decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from guardrails.base import Verdict
from guardrails.confidence import SignValue
from klark.values.draft import Coverage
from klark.values.policy.rules import Mode, Rules
from klark.values.reasons import Reason
from klark.values.triage import Triage

Kind = Literal["SKIP", "ESCALATE", "WAIT", "NOTE", "REPLY"]


NO_VERDICT = Verdict((), ())


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its reason from the closed list, and the words that a person needs to follow it. `counts`: nothing but
    the policy's mode or klark's rung keeps the draft from being sent, so a person's judgement of it is evidence for or against
    autonomy."""

    kind: Kind
    reason: Reason
    words: str = ""
    counts: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        """Returns it without the words, which may be the customer's."""
        return f"{self.kind} {self.reason}"


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a decision may depend on. `unread_attachments`: whether files came with what nobody has answered yet,
    which klark never reads; `excluded_in_copy`: whether a reply would reach somebody whom the policy excludes; `has_model`:
    whether the tenant has one, even if it is away or its budget is spent; `by_meaning`: whether the search used vectors;
    `repaired`: whether sentences that the judge denied were left out of the draft; `confidence`: the probability (0 to 1)
    that the draft is right and complete, None if it is not known; `signs`: what that was computed from; `stopped_topics`:
    the topics that a person has stopped, by key; `rungs`: as in `TenantSettings`."""

    triage: Triage
    rules: Rules
    coverage: Coverage = "none"
    verdict: Verdict = NO_VERDICT
    third_party: bool = False
    excluded_in_copy: bool = False
    led_by_person: bool = False
    unread_attachments: bool = False
    has_model: bool = False
    budget_spent: bool = False
    channel: str = "email"  # "" if it is not known
    by_meaning: bool = True
    repaired: bool = False
    confidence: float | None = None
    signs: tuple[SignValue, ...] = ()
    stopped_topics: frozenset[str] = frozenset()
    rungs: Mapping[tuple[str, str], Mode] | None = None

    @property
    def mode(self) -> Mode:
        """What the policy allows for this topic."""
        return self.rules.mode_of(self.triage.topic)

    @property
    def rung(self) -> Mode:
        """How far klark has earned to go with this topic in this language; where nothing is known of it, to the queue."""
        return (
            "reply" if self.rungs is None else self.rungs.get((self.triage.topic, self.triage.language or ""), "queue")
        )
