"""Which drafts may become examples, by what people did with them; and in words why others are left out."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from klark.evidence.outcomes import Ending, Turn, ending
from klark.evidence.turns import turns_of
from klark.models import Judgement, Outcome
from klark.models.draft import APPROVALS

LEFT_OUT: Mapping[str, str] = {
    "rejected": "a person rejected the draft: it is no example of anything",
    "not_judged": "nobody looked at it by itself: klark sent it alone, or it was approved with others at once",
    "judged_wrong": "it was sent as it was, and a person said afterwards that it is wrong",
    "rated_bad": "the customer rated the help as bad",
    "deleted": "its content was deleted: its time was over, or somebody asked for it",
    "excluded": "the policy in force excludes its sender, somebody on the ticket, its tag or its channel",
    "sensitive": "the ticket touches a sensitive topic",
    "orders": "the ticket gives orders to a machine",
    "no_model": "no model wrote it: klark quoted sections of articles",
    "older_klark": "this klark would mask or ask otherwise than the one that drafted, so its prompt cannot be checked",
    "not_in_passages": "the person wrote what no passage of the prompt says: a model would learn to make things up",
    "unknown_data": "the person wrote a name or a number that the prompt does not hold",
    "unmasked": "something in it looks like personal data, and is not masked for sure",
}
"""Why a draft is left out. The first that holds counts."""
LOOKED_AT = (Ending.UNCHANGED, Ending.EDITED, Ending.REJECTED)


def candidates(tenant_id: int, since: datetime, until: datetime) -> tuple[list[Turn], Counter[str]]:
    """Returns the drafts of this time that were sent and judged good one by one, and of the others that a person or a customer
    has seen, how many are left out and why. Call inside `within(tenant_id)`."""
    singly = Outcome.of(tenant_id).filter(kind__in=APPROVALS, singly=True, at__gte=since)
    judged = dict(Judgement.of(tenant_id).exclude(verdict="").exclude(draft=None).values_list("draft", "verdict"))
    seen = {*singly.values_list("draft_id", flat=True), *judged}
    good, left_out = [], Counter[str]()
    for turn in turns_of(tenant_id, since, until):
        if ending(turn) in LOOKED_AT:
            if why := _left_out(turn, turn.draft_id in seen, judged.get(turn.draft_id, "")):
                left_out[why] += 1
            else:
                good.append(turn)
    return good, left_out


def _left_out(turn: Turn, seen: bool, verdict: str) -> str:
    """Returns why a draft is left out, or "". A judgement is of the draft, so it says nothing of what a person wrote instead."""
    ended = ending(turn)
    if ended == Ending.REJECTED:
        return "rejected"
    if ended == Ending.UNCHANGED and verdict in (Judgement.Verdict.WRONG, Judgement.Verdict.SERIOUS):
        return "judged_wrong"
    if turn.satisfaction == "bad":
        return "rated_bad"
    return "" if seen or ended == Ending.EDITED else "not_judged"
