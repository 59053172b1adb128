"""What a policy's choices cost, in the tenant's own figures: what became of its last drafts, and what its models cost."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from klark.admin.once import once
from klark.admin.policy.read_once import policy_now_of
from klark.drafting.budget import COMPARE, REGRESSION
from klark.drafting.tenant_settings import DRAFT, JUDGE
from klark.evidence.outcomes import KNOWN, Ending, Turn, ending
from klark.evidence.regression.run_sets import ASKED
from klark.evidence.turns import turns_of
from klark.models import Charge, Draft, Policy
from klark.values.wording import percent_of

LOOKED_AT = 1_000
"""How many of the tenant's latest drafts are counted."""
MINIMA = (50, 60, 70, 80, 90)
LATELY = timedelta(days=30)
COMPARED = frozenset({Ending.EDITED, Ending.OTHER_WORDS})
"""The endings after which what a person wrote is compared with the draft."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A draft whose end is known. `confidence` in percent, None where no answer is claimed; `topic`: its key, "" for none."""

    ending: Ending
    confidence: int | None
    topic: str = ""


def ended_drafts(policy: Policy) -> list[Ended]:
    """Returns the tenant's latest drafts that ended, of at most LOOKED_AT; read once for this row, since its form and the modes
    by topic both tell of them. Call inside `within(tenant_id)`."""
    return once(policy, "ended", lambda: _ended_of(policy))


def _ended_of(policy: Policy) -> list[Ended]:
    tenant_id = policy.tenant_id
    newest = Draft.of(tenant_id).filter(live=True).order_by("-created_at") if tenant_id else Draft.objects.none()
    rows = {row["pk"]: row for row in newest.values("pk", "confidence", "topic", "created_at")[:LOOKED_AT]}
    if not tenant_id or not rows:
        return []
    first, zone = min(row["created_at"] for row in rows.values()), (policy_now_of(policy) or policy).time_zone
    turns = turns_of(tenant_id, first, timezone.now(), zone)
    return [_ended(turn, rows[turn.draft_id]) for turn in turns if turn.draft_id in rows and ending(turn) in KNOWN]


def _ended(turn: Turn, row: Mapping[str, Any]) -> Ended:
    sure = row["confidence"]
    return Ended(ending(turn), None if sure is None else percent_of(sure), row["topic"])


def topic_help(drafts: Sequence[Ended], topic: str) -> str:
    """Returns what became of a topic's drafts, in a few words; a dash where none has ended."""
    ends = [each.ending for each in drafts if each.topic == topic]
    if not ends:
        return "—"
    told = ngettext(
        "%(of)d draft, %(unchanged)d sent unchanged", "%(of)d drafts, %(unchanged)d sent unchanged", len(ends)
    )
    return told % {"of": len(ends), "unchanged": ends.count(Ending.UNCHANGED)}


def mode_help(drafts: Sequence[Ended]) -> str:
    """Returns what became of the drafts, in a sentence; "" where none has ended."""
    if not drafts:
        return ""
    ends = Counter(each.ending for each in drafts)
    named = {"unchanged": ends[Ending.UNCHANGED], "edited": ends[Ending.EDITED], "rejected": ends[Ending.REJECTED]}
    return _(
        "Of your last %(of)s drafts that ended, %(unchanged)s were sent unchanged, %(edited)s edited and sent, %(rejected)s "
        "rejected; %(others)s ended otherwise."
    ) % {**named, "of": len(drafts), "others": len(drafts) - sum(named.values())}


def confidence_help(drafts: Sequence[Ended]) -> SafeString:
    """Returns for some minima what each would have held back, on a line each; nothing without a draft that has a confidence."""
    sure = [each for each in drafts if each.confidence is not None]
    return format_html_join("", "<br>{}", ((_at(minimum, sure),) for minimum in MINIMA if sure))


def _at(minimum: int, drafts: Sequence[Ended]) -> str:
    held = [each for each in drafts if (each.confidence or 0) < minimum]
    told = {"minimum": minimum, "held": len(held), "of": len(drafts)}
    told["good"] = sum(1 for each in held if each.ending is Ending.UNCHANGED)
    return (
        _(
            "%(minimum)s %%: would have held back %(held)s of your last %(of)s drafts, of which %(good)s were sent unchanged in "
            "the end."
        )
        % told
    )


@dataclass(frozen=True, slots=True)
class Spent:
    """What a tenant's models cost lately for one purpose. `billed`: how many requests have a final price; `settled`: what
    they cost together."""

    cost: Decimal = Decimal(0)
    settled: Decimal = Decimal(0)
    billed: int = 0


def spent_lately(policy: Policy) -> dict[str, Spent]:
    """Returns what models cost in the last 30 days, by purpose. Call inside `within(tenant_id)`."""
    lately = Charge.of(policy.tenant_id).filter(at__gte=timezone.now() - LATELY) if policy.pk else Charge.objects.none()
    paid = Q(state=Charge.State.SETTLED)
    sums = {"all": Sum("cost"), "settled": Sum("cost", filter=paid, default=0), "billed": Count("pk", filter=paid)}
    rows: Any = lately.values("purpose").annotate(**sums)
    return {each["purpose"]: Spent(each["all"], each["settled"], each["billed"]) for each in rows}


def spending_helps(policy: Policy, drafts: Sequence[Ended]) -> dict[str, str]:
    """Returns what models cost lately, by the field that it concerns; {} where none was paid. Call inside `within(tenant_id)`."""
    spent = spent_lately(policy)
    of_all = sum((each.cost for each in spent.values()), Decimal(0))
    if not of_all:
        return {}
    judge, draft = spent.get(JUDGE, Spent()), spent.get(DRAFT, Spent())
    told = {"of_all": number_format(of_all, 4), "currency": policy.currency, "judging": number_format(judge.cost, 4)}
    helps = {
        "budget_month": _("In the last 30 days models cost %(of_all)s %(currency)s.") % told,
        "judge_model": _("In the last 30 days judging cost %(judging)s %(currency)s of %(of_all)s.") % told,
        "compare_percent": _compare_help(policy, drafts, spent, of_all),
    }
    if draft.billed:
        told["each"] = number_format(draft.settled / draft.billed, 4)
        told["cases"] = str(ASKED)
        told["run"] = number_format(ASKED * (draft.settled + judge.settled) / draft.billed, 4)
        told["trying"] = number_format(spent.get(REGRESSION, Spent()).cost, 4)
        helps["source_tokens"] = _("In the last 30 days a draft cost about %(each)s %(currency)s.") % told
        helps["regression_percent"] = (
            _(
                "A run asks about %(cases)s cases at most, which costs about %(run)s %(currency)s; in the last 30 days such runs "
                "cost %(trying)s %(currency)s."
            )
            % told
        )
    return helps


def _compare_help(policy: Policy, drafts: Sequence[Ended], spent: Mapping[str, Spent], of_all: Decimal) -> str:
    """Returns how many texts there were to compare and what one costs, and what comparing cost lately; "" where no draft has
    ended or no judge was paid lately."""
    reading = [spent[purpose] for purpose in (COMPARE, JUDGE) if purpose in spent]
    billed, settled = sum(one.billed for one in reading), sum(one.settled for one in reading)
    if not settled or not drafts:
        return ""
    comparing = spent.get(COMPARE, Spent()).cost
    costs = {"each": settled / billed, "comparing": comparing, "of_all": of_all}
    return _(
        "Of your last %(of)s drafts that ended, %(texts)s were edited or answered in other words: one request each, at about "
        "%(each)s %(currency)s. In the last 30 days comparing cost %(comparing)s %(currency)s of %(of_all)s."
    ) % {
        **{name: number_format(value, 4) for name, value in costs.items()}, "currency": policy.currency, "of": len(drafts),
        "texts": sum(one.ending in COMPARED for one in drafts),
    }  # fmt: skip
