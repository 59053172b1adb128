"""What a person does with a draft that waits without deciding on it: take it, give it back, snooze it, bring it back.

Others see who has taken a draft, and may decide on it or take it over all the same. A snoozed draft leaves the queue for a while;
it is handed over at its time all the same.
"""

from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext

from klark.delivery.handing_over import COUNTS_FROM, hands_over_at
from klark.models import AuditAct, Delivery, policy_in_force, record, rules_of, within
from klark.models.delivery import NEVER
from klark.review import Reviewed, TooLate, Unfit


def take(who: Reviewed) -> None:
    """Says that this person works on the draft, whoever did before; one that is snoozed comes back. Raises TooLate."""
    _change(who, AuditAct.TOOK, taken_by=who.by[:150], taken_at=Now(), snoozed_by="", snoozed_until=None)


def give_back(who: Reviewed) -> None:
    """Says that this person works on it no more. Raises TooLate, also where somebody else has taken it over."""
    _change(who, AuditAct.GAVE_BACK, Q(taken_by=who.by[:150]), taken_by="", taken_at=None)


def snooze(who: Reviewed, until: datetime) -> datetime:
    """Takes the draft out of the queue until a moment, NEVER until the customer writes; at most until it is handed over. Returns
    until when. Raises TooLate, and Unfit for a moment that is over."""
    if until <= timezone.now():
        raise Unfit(gettext("This moment is over: choose a later one."))
    with within(who.tenant_id):
        row = Delivery.of(who.tenant_id).filter(pk=who.delivery_id).annotate(counts_from=COUNTS_FROM).first()
        last = hands_over_at(row, rules_of(policy_in_force(who.tenant_id))) if row else None
        until = min(until, last or NEVER)
        _change(who, AuditAct.SNOOZED, snoozed_by=who.by[:150], snoozed_until=until)
    return until


def bring_back(who: Reviewed) -> None:
    """Brings a snoozed draft back. Raises TooLate."""
    _change(who, AuditAct.BROUGHT_BACK, snoozed_by="", snoozed_until=None)


def _change(who: Reviewed, act: AuditAct, which: Q | None = None, **changes: object) -> None:
    """Changes what waits, if it still does and is as `which` says."""
    with within(who.tenant_id):
        waiting = Delivery.of(who.tenant_id).filter(pk=who.delivery_id, state=Delivery.State.WAITING)
        row = waiting.select_related("draft").defer("draft__record").first()
        if row is None:
            raise TooLate(gettext("This draft is not waiting any more: nothing was done."))
        if not waiting.filter(which or Q()).update(**changes):
            raise TooLate(gettext("It is not yours any more: nothing was done."))
        told = {name: changes[name] for name in ("snoozed_until",) if changes.get(name)}
        record(who.tenant_id, who.actor, act, row.draft, delivery=row.pk, **told)
