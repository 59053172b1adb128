"""What a run of a regression set comes to: counts with their intervals, cost and time, and what is better or worse than in
another run."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from klark.evidence.figures import HELD
from klark.evidence.intervals import median, share
from klark.evidence.regression.case_results import VERDICTS, CaseResult, money


def figures(results: Sequence[CaseResult]) -> dict[str, Any]:
    """Returns the figures of a run, as JSON: each share is of all cases, and the verdicts together are all of them."""
    verdicts, ends = Counter(each.verdict for each in results), Counter(each.decision for each in results)
    wrong = sum(each.verdict == "wrong" and each.decision == "REPLY" for each in results)
    held = sum(ends[kind] for kind in HELD)
    counts: dict[str, int] = {name: verdicts[name] for name in VERDICTS}
    counts |= {"sent": ends["REPLY"], "held": held, "sent_wrong": wrong}
    return {
        "cases": len(results), **{name: share(count, len(results)) for name, count in counts.items()},
        "silent": sum(each.silent for each in results), "unjudged": sum(each.unjudged for each in results),
        "cost": total(each.cost for each in results),
        "cost_of_comparing": total(each.cost_of_comparing for each in results),
        "seconds": _seconds([each.seconds for each in results if each.seconds is not None]),
    }  # fmt: skip


def total(amounts: Iterable[Decimal]) -> str:
    return money(sum(amounts, Decimal(0)))


def _seconds(waited: Sequence[float]) -> dict[str, Any]:
    """Returns how long models took for a case: the median, and what 95 % of the cases do not exceed (nearest rank); None where
    there is none."""
    most = sorted(waited)[math.ceil(len(waited) * 0.95) - 1] if waited else None
    return {"p50": median(waited)["value"], "p95": most, "of": len(waited)}


@dataclass(frozen=True, slots=True)
class Worth:
    """How good a result is (klark.evidence.regression.case_results.worth).

    `by_judge`  whether the judge said so, which finds more than figures do; None where it would have made no difference
    """

    rank: int
    by_judge: bool | None

    def is_comparable_with(self, other: "Worth | None") -> bool:
        """Returns whether both can be told, and by the same means."""
        if other is None or min(self.rank, other.rank) < 0:
            return False
        return None in (self.by_judge, other.by_judge) or self.by_judge == other.by_judge


def compared_with(before: Mapping[int, Worth], after: Mapping[int, Worth]) -> dict[str, list[int]]:
    """Returns the drafts whose result is better, worse or the same, of those that both runs could tell, and the others."""
    then = {pk: before[pk].rank for pk, now in after.items() if now.is_comparable_with(before.get(pk))}
    return {
        "better": [pk for pk in then if after[pk].rank > then[pk]], "worse": [pk for pk in then if after[pk].rank < then[pk]],
        "same": [pk for pk in then if after[pk].rank == then[pk]], "untold": [pk for pk in after if pk not in then],
    }  # fmt: skip
