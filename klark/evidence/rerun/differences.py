"""What is different between two ends of one draft: as it was kept, or as it was replayed."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from klark.deciding.rollout import watched_for
from klark.delivery.record import finding_records, letter, sentence_records
from klark.delivery.stored_evidence import answer_record, case_record, judged_record, passages_record
from klark.evidence.rerun.playback import NotRecorded
from klark.evidence.rerun.replay import AS_IT_WAS, CannotReplay, Changes, Kept, kept, replayed
from klark.models import Decision
from klark.values.people import first_name
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from klark.values.storable_text import clip, storable

ASKED = ("system", "user")
STAGES: Mapping[str, Callable[["End"], Any]] = {
    "triage": lambda end: end.record["triage"],
    "passages": lambda end: end.record["passages"],
    "prompt": lambda end: [end.record["answer"][name] for name in ASKED],
    "draft": lambda end: {name: told for name, told in end.record["answer"].items() if name not in ASKED},
    "judge": lambda end: end.record["judged"],
    "checks": lambda end: [end.told["findings"], [each["state"] for each in end.sentences]],
    "decision": lambda end: [end.record["case"], *(end.told[name] for name in ("decision", "reason", "words", "confidence"))],
    "text": lambda end: [end.told["text"], end.sentences],
}  # fmt: skip
"""The stages of a run in their order, and what stands for each in the record."""
SAME = "nothing"
"""What differs where nothing does."""


@dataclass(frozen=True, slots=True)
class End:
    """What came of a draft. `told`: what a person sees of it; `record`: what it was made of."""

    told: Mapping[str, Any]
    sentences: list[Mapping[str, Any]]
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One draft: which stage first differs (SAME: none), and before and after of what a person sees. `cannot`: why nobody
    can say."""

    draft_id: int
    ticket_id: str = ""
    stage: str = ""
    changed: Mapping[str, tuple[Any, Any]] | None = None
    cannot: str = ""

    def as_json(self) -> dict[str, Any]:
        """Returns it as the command writes it."""
        return {
            "draft": self.draft_id, "ticket": self.ticket_id, "identical": self.stage == SAME, "stage": self.stage,
            "changed": {name: list(pair) for name, pair in (self.changed or {}).items()}, "cannot": self.cannot,
        }  # fmt: skip


def compared(tenant_id: int, draft_id: int, after: Changes, before: Changes | None = None) -> Difference:
    """Returns how the draft would end with these changes, beside its recorded end or that with the changes `before`. Raises
    BudgetSpent."""
    ticket_id = ""
    try:
        one = kept(tenant_id, draft_id)
        ticket_id = one.draft.ticket_id
        first = _recorded(one) if before is None else _again(one, before)
        return differences(one, first, _again(one, after))
    except CannotReplay as error:
        return Difference(draft_id, cannot=str(error))
    except NotRecorded as error:
        return Difference(draft_id, ticket_id, error.stage, cannot=str(error))


def differences(one: Kept, before: End, after: End) -> Difference:
    """Returns what differs, and from which stage on."""
    stage = next((name for name, of in STAGES.items() if of(before) != of(after)), SAME)
    pairs = {name: (before.told[name], after.told[name]) for name in before.told}
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Difference(one.draft.pk, one.draft.ticket_id, stage, changed)


def _recorded(one: Kept) -> End:
    draft, decision = one.draft, one.decision
    told = {
        "decision": decision.kind, "reason": decision.reason, "words": decision.words, "text": draft.reply_text,
        "findings": draft.findings, "confidence": draft.confidence,
    }  # fmt: skip
    return End(told, draft.sentences, draft.record)


def _again(one: Kept, changes: Changes = AS_IT_WAS) -> End:
    run, rules = replayed(one, changes)
    ended = replace(run, watched=_watched(one, rules) if changes.rules else _was_watched(one.decision)).told
    told = {
        "decision": ended.kind, "reason": str(ended.reason), "words": clip(ended.words, 500),
        "text": _letter(one, run, rules), "findings": storable(finding_records(run.verdict)), "confidence": run.confidence,
    }  # fmt: skip
    record = {
        "triage": asdict(run.triage), "passages": passages_record(run.found), "answer": answer_record(run.answer),
        "judged": judged_record(run.readings), "case": case_record(run.case),
    }  # fmt: skip
    return End(told, storable(sentence_records(run)), storable(record))


def _was_watched(decision: Decision) -> str:
    """Returns what left the ticket out of the roll-out then, if anything."""
    return decision.words.partition(" ")[0] if decision.reason == Reason.OUTSIDE_ROLLOUT else ""


def _watched(one: Kept, rules: Rules) -> str:
    """Returns what would have left it out under other rules. What a person asked for is written."""
    at = datetime.fromisoformat(one.record["settings"]["at"])
    asked = one.decision.event.asked_for
    return "" if asked else watched_for(one.ticket, one.draft.connection_id, rules, at)


def _letter(one: Kept, run: RunRecord, rules: Rules) -> str:
    from_record = one.record["settings"]
    signed = replace(rules, sign_off={}) if from_record["signs"] else rules
    return letter(run, first_name(one.ticket.requester), signed)
