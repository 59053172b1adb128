"""Decides kept tickets again under other rules, by the function that decided them first: what a policy would change.

Nothing is drafted, asked of a model or written. What cannot be decided from what is kept is counted, with why. Call inside
`within(tenant_id)`.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from guardrails.triage.classify import Dial
from guardrails.triage.sensitive_topics import CATEGORIES
from klark.deciding.decide import decide, stop_before_drafting
from klark.deciding.rollout import watched_for
from klark.evidence.rerun.kept_case import Kept, kept_of, newest_decisions
from klark.intake.skip import excluded
from klark.models import Policy, rules_of
from klark.triage.sensitivity_dial import handed_over, topics_at
from klark.values.decision import Decided
from klark.values.people import excluded_in_copy
from klark.values.policy.rules import Mode, Rules
from klark.values.reasons import Reason
from klark.values.run_record import watched
from klark.values.triage import Triage

MOST = 200
SECONDS = 5.0
Rungs = Mapping[tuple[str, str], Mode] | None
"""As in klark.values.tenant_settings."""


class Unknown(StrEnum):
    """Why a ticket cannot be decided again."""

    NOT_KEPT = "not_kept"
    OTHERWISE = "otherwise"
    UNDRAFTED = "undrafted"
    READ_AGAIN = "read_again"


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a decision is made under: the rules, and how far klark has earned to go."""

    rules: Rules
    rungs: Rungs = None


@dataclass(frozen=True, slots=True)
class Change:
    """A ticket that would be decided otherwise."""

    kept: Kept
    before: Decided
    after: Decided


@dataclass(slots=True)
class Tried:
    """What came of the tickets that were `looked_at`. `unknown`: those of which it cannot be told, by why, each as (draft's id,
    ticket); `in_time`: whether all were that should be."""

    looked_at: int = 0
    changes: list[Change] = field(default_factory=list)
    unknown: dict[Unknown, list[tuple[int, str]]] = field(default_factory=lambda: defaultdict(list))
    in_time: bool = True


def tried(tenant_id: int, now: Allowed, then: Allowed, most: int = MOST, seconds: float = SECONDS) -> Tried:
    """Decides the tenant's last tickets under what is in force `now` and under what would be `then`, and returns what differs.
    Stops after so many seconds."""
    end, found = time.monotonic() + seconds, Tried()
    rows = newest_decisions(tenant_id, most)
    versions = {
        each.pk: each.rules() for each in Policy.of(tenant_id).filter(pk__in={row["policy_id"] for row in rows})
    }
    for row in rows:
        if time.monotonic() > end:
            found.in_time = False
            break
        found.looked_at += 1
        kept = kept_of(row)
        if kept is None:
            found.unknown[Unknown.NOT_KEPT].append((row["draft_id"], row["ticket_id"]))
        else:
            _try(found, kept, versions.get(kept.policy_id or 0, rules_of(None)), now, then)
    return found


def _try(found: Tried, kept: Kept, first: Rules, now: Allowed, then: Allowed) -> None:
    named = kept.draft_id, kept.ticket.id
    if not _is_repeated(kept, first):
        found.unknown[Unknown.OTHERWISE].append(named)
        return
    drafted = stop_before_drafting(replace(kept.case, rules=first.for_brand(kept.ticket.brand_id))) is None
    before, after = (_decided(kept, first.dial, each, drafted) for each in (now, then))
    if isinstance(before, Unknown) or isinstance(after, Unknown):
        if before != after:
            found.unknown[after if isinstance(after, Unknown) else Unknown.UNDRAFTED].append(named)
    elif before.kind != after.kind:
        found.changes.append(Change(kept, before, after))


def _is_repeated(kept: Kept, rules: Rules) -> bool:
    """Returns whether the record leads to the recorded decision once more. What klark had earned then is not recorded: it was
    enough, unless the decision says that it was not."""
    was: Mapping[str, Mode] = {"NOTE": "note", "WAIT": "queue"}
    case, recorded = kept.case, kept.decided
    about = (case.triage.topic, case.triage.language or "")
    earned = {about: was[recorded.kind]} if recorded.reason is Reason.NOT_YET_EARNED else None
    stopped = frozenset({case.triage.topic} if recorded.reason is Reason.TOPIC_STOPPED else ())
    case = replace(case, rules=rules.for_brand(kept.ticket.brand_id), rungs=earned, stopped_topics=stopped)
    again = decide(case)
    return (again.kind, again.reason) == (recorded.kind, recorded.reason)


def _decided(kept: Kept, first: Dial, allowed: Allowed, drafted: bool) -> Decided | Unknown:
    """Returns the decision under what is `allowed`. `first`: the dial when the ticket came; `drafted`: whether it was drafted
    for then."""
    ticket, rules = kept.ticket, allowed.rules.for_brand(kept.ticket.brand_id)
    if skipped := excluded(ticket, ticket.last_from_customer(), rules):
        return Decided("SKIP", skipped.reason, skipped.words)
    if kept.decided.reason is Reason.TOPIC_STOPPED:
        return kept.decided
    seen = _at_dial(kept, first, rules.dial)
    if seen is None:
        return Unknown.READ_AGAIN
    case = replace(
        kept.case, triage=seen, rules=rules, rungs=allowed.rungs,
        excluded_in_copy=excluded_in_copy(ticket, rules.excluded_senders),
    )  # fmt: skip
    stopped = stop_before_drafting(case)
    if stopped is None and not drafted:
        return Unknown.UNDRAFTED
    by = "" if kept.asked_for else watched_for(ticket, kept.connection_id, rules, kept.at)
    return watched(stopped or decide(case), by)


def _at_dial(kept: Kept, before: Dial, after: Dial) -> Triage | None:
    """Returns the triage as another position of the dial has it; None where a second reader had a say in it."""
    seen = kept.case.triage
    if handed_over(seen.chances, before) == handed_over(seen.chances, after):
        return seen
    if kept.was_read_again:
        return None
    topics = sorted(topics_at(seen.chances, after), key=lambda name: not CATEGORIES[name].critical)
    return replace(seen, sensitive=tuple(topics), doubtful=bool(topics) and not handed_over(seen.chances, "open"))


def by_change(changes: Sequence[Change]) -> Mapping[tuple[str, str], list[Change]]:
    """Returns the changes by the kinds of decision before and after, the most frequent pair first."""
    pairs = Counter((str(each.before.kind), str(each.after.kind)) for each in changes)
    return {
        pair: [each for each in changes if (each.before.kind, each.after.kind) == pair]
        for pair, _ in pairs.most_common()
    }
