"""What agents ask for by a tag on a ticket: kept here once, when the ticket is read, and done by klark.ticket_acts."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now

from integrations.helpdesks.base import Ticket
from klark.models import Delivery, Draft, within
from klark.models.ticket.loaded_event import Loaded
from klark.values.policy import Rules

CAREFUL_FIRST = ("reject", "redo", "send")
"""The order in which the acts are done where several are asked for at once."""
MARGIN_S = 1.0


def keep_asked(loaded: Loaded, ticket: Ticket, rules: Rules, read_s: float) -> None:
    """Makes due what the tags on this ticket ask for, each once however many events tell of it: while a tag is there it asks
    once, and what was done since the reading of the ticket began, `read_s` seconds ago, is not asked for by it.

    It is about the draft that waits now; else about the ticket's last one, so that there is somewhere to say that none waits.
    A ticket that was never drafted for is left alone.
    """
    if rules.ticket_acts == "off" or loaded.connection.shadow:
        return
    tags = {act: rules.act_tags[act] for act in CAREFUL_FIRST if rules.act_tags[act] in ticket.tags}
    asked = {act: tag for act, tag in tags.items() if tag not in rules.own_tags()}
    if not asked:
        return
    with within(loaded.claim.tenant_id):
        drafts = Draft.of(loaded.claim.tenant_id).filter(connection=loaded.connection, ticket_id=ticket.id)
        waiting = drafts.filter(deliveries__state=Delivery.State.WAITING)
        draft = waiting.order_by("-pk").first() or drafts.order_by("-pk").first()
        if draft is not None:
            _keep(loaded, ticket, draft, {act: tag for act, tag in asked.items() if not _known(draft, act, read_s)})


def _known(draft: Draft, act: str, read_s: float) -> bool:
    since = Now() - timedelta(seconds=read_s + MARGIN_S)
    rows = Delivery.of(draft.tenant_id).filter(connection=draft.connection_id, ticket_id=draft.ticket_id)
    unfinished = ~Q(asked="") | Q(ended_at=None) | Q(ended_at__gte=since)
    return rows.filter(unfinished, kind=Delivery.Kind.ACT, changes__act=act).exists()


def _keep(loaded: Loaded, ticket: Ticket, draft: Draft, asked: dict[str, str]) -> None:
    seen = [comment.id for comment in ticket.comments]
    Delivery.objects.bulk_create(
        [
            Delivery(
                tenant_id=draft.tenant_id, connection=loaded.connection, ticket_id=ticket.id, draft=draft,
                kind=Delivery.Kind.ACT, asked=act, changes={"act": act, "tag": tag}, seen=seen,
            )
            for act, tag in asked.items()
        ],
        ignore_conflicts=True,  # another worker saw the tag at the same moment
    )  # fmt: skip
