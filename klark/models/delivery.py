"""The outbox: every write to a helpdesk is stored as a row before it is sent."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from klark.models.draft import Draft
from klark.models.notification import OutgoingWebhook, notify
from klark.models.tenant import Stop
from klark.models.work_queue import Claim, Work, queue_indexes
from klark.values.triage import USUAL

CLAIMABLE = ("due", "sending")
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Until when a draft is snoozed that comes back only once the customer writes: then as another draft."""
SAYS_IT_WAITS = {"waits": True}
"""The changes of the note that says on a ticket that a draft of it waits in klark's queue; no other delivery has them."""


class Delivery(Work):
    """One write to a ticket, and its state.

    waiting   waits in the queue for a person's decision
    due       to be written: the ticket is read first, then the row moves one way to `sending`
    sending   the request may have left; only reading the ticket back can tell whether it was applied
    sent      seen on the ticket, or confirmed by the response
    retired   no longer wanted: a person was faster, or the customer wrote again
    parked    needs a person: `trouble` says why

    While it waits, `taken_by` names who works on it, and until `snoozed_until` it is out of the queue (klark.taking).
    `customer_wrote_at` is the draft's own, `urgency` the ticket's (klark.values.triage): the queue is read in the order of
    both, or of the former, each from one index.
    """

    class State(models.TextChoices):
        """The states described above."""

        WAITING = "waiting", _("waiting for a person")
        DUE = "due", _("due")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        RETIRED = "retired", _("retired")
        PARKED = "parked", _("parked")

    class Kind(models.TextChoices):
        """The kind of comment that is written; a tag comes without one. An act is first done, then told in a note."""

        REPLY = "reply", _("public reply")
        NOTE = "note", _("internal note")
        HANDOVER = "handover", _("handover note")
        TAG = "tag", _("tag alone")
        ACT = "act", _("what an agent asked for by a tag")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DUE)
    html = models.TextField(_("text"))
    text = models.TextField(blank=True, editable=False)
    tags = models.JSONField(_("tags"), default=list, blank=True)
    group_id = models.CharField(_("group"), max_length=40, blank=True)
    changes = models.JSONField(
        _("changes"), default=dict, blank=True
    )  # klark.values.policy.rules.Rules.updates, without tags
    marker = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seen = models.JSONField(default=list, editable=False)  # comment ids on the ticket when the draft was made
    assignee_seen = models.CharField(max_length=40, blank=True, editable=False)
    readers_seen = models.CharField(
        max_length=64, blank=True, editable=False
    )  # see ticket.staleness.readers; "" if not recorded
    corrects = models.BooleanField(default=False, editable=False)  # what was sent before: also on a solved ticket
    adds = models.BooleanField(default=False, db_default=False, editable=False)  # to the draft's reply: klark.adding
    stamp = models.CharField(max_length=60, blank=True, editable=False)  # the ticket's version when it was written to
    sending_at = models.DateTimeField(null=True, editable=False)
    read_backs = models.PositiveIntegerField(default=0, editable=False)
    comment_id = models.CharField(_("comment"), max_length=40, blank=True, editable=False)
    # a key of klark.values.policy.parts.ACT_TAGS, until its tag is off the ticket or the act is given up; then ""
    asked = models.CharField(max_length=10, blank=True, default="", db_default="", editable=False)
    customer_wrote_at = models.DateTimeField(db_default=Now(), editable=False)
    urgency = models.SmallIntegerField(default=USUAL, db_default=USUAL, editable=False)
    taken_by = models.CharField(max_length=150, blank=True, default="", db_default="", editable=False)
    taken_at = models.DateTimeField(null=True, editable=False)
    snoozed_by = models.CharField(max_length=150, blank=True, default="", db_default="", editable=False)
    snoozed_until = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    claimable = CLAIMABLE
    led_to_by = "(SELECT min(event_id) FROM klark_decision WHERE draft_id = work.draft_id)"
    # a topic's stop leaves handovers, which are how its tickets reach a person, and the tags that go before them
    topic_stopped = """(topic = '' OR candidate.kind NOT IN ('handover', 'tag') AND topic = (
                        SELECT draft.topic FROM klark_draft AS draft WHERE draft.id = candidate.draft_id))"""

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ("-created_at",)
        constraints = (
            models.UniqueConstraint(
                fields=["connection", "ticket_id", "asked"], condition=~models.Q(asked=""), name="one_act_at_a_time"
            ),
        )
        indexes = (
            *queue_indexes("delivery", CLAIMABLE),
            models.Index(
                fields=["tenant", "customer_wrote_at", "draft"],
                include=["snoozed_until"],
                condition=models.Q(state="waiting"),
                name="delivery_queue",
            ),
            models.Index(
                fields=["tenant", "urgency", "customer_wrote_at", "draft"],
                include=["snoozed_until"],
                condition=models.Q(state="waiting"),
                name="delivery_by_urgency",
            ),
            models.Index(
                fields=["tenant", "ended_at"],
                include=["draft"],
                condition=models.Q(kind="reply", state="sent"),
                name="delivery_replied",
            ),
        )

    def __str__(self) -> str:
        return f"#{self.ticket_id} {self.get_kind_display()} · {self.get_state_display()}"

    @classmethod
    def stopped(cls) -> models.Q:
        """Returns what it does for any work, and whether the draft's topic is stopped, as `topic_stopped` says it."""
        topics = Stop.in_force().exclude(topic="").filter(tenant=models.OuterRef("tenant"))
        of_topic = models.Exists(topics.filter(topic=models.OuterRef("draft__topic")))
        return super().stopped() | (models.Q(of_topic) & ~models.Q(kind__in=(cls.Kind.HANDOVER, cls.Kind.TAG)))


OPEN = (Delivery.State.WAITING, Delivery.State.DUE)
NOT_SNOOZED = models.Q(snoozed_until=None) | models.Q(snoozed_until__lte=Now())
"""Whether what waits is not snoozed."""
NO_COMMENT = (Delivery.Kind.TAG, Delivery.Kind.ACT)
"""What says nothing of a draft's own."""


def first_reply(row: Delivery) -> Delivery | None:
    """Returns the draft's own reply, which an addition waits for; None if `row` is none, or that reply is on the ticket. Call
    inside `within(tenant_id)`."""
    if not row.adds:
        return None
    first = Delivery.of(row.tenant_id).filter(draft=row.draft_id, kind=Delivery.Kind.REPLY, adds=False).latest("pk")
    return first if first.state != Delivery.State.SENT else None


def step_through(claim: Claim, stamp: str, lease_s: int) -> bool:
    """Moves a delivery from due to sending just before the request leaves, and renews the lease for `lease_s` seconds.

    There is no way back to due. Returns False if the claim's lease has been lost; then nothing may be sent.
    """
    mine = Delivery.of(claim.tenant_id).filter(pk=claim.id, lease_token=claim.token, lease_until__gt=Now())
    return bool(
        mine.filter(state__in=Delivery.claimable).update(
            state=Delivery.State.SENDING, stamp=stamp, sending_at=Now(), lease_until=Now() + timedelta(seconds=lease_s)
        )
    )


def move(delivery_id: int, tenant_id: int, before: tuple[str, ...], after: str, **changes: object) -> bool:
    """Moves a delivery from one of the states `before` to `after`, and returns whether it did.

    This is one conditional UPDATE, which leaves a delivery alone while a worker holds its lease. An act that ends so lets its
    tag ask again.
    """
    if after in (Delivery.State.SENT, Delivery.State.RETIRED):
        changes["asked"] = ""
    rows = Delivery.free(tenant_id).filter(pk=delivery_id, state__in=before)
    return bool(rows.update(state=after, **changes))


TOLD: Mapping[str, str] = {
    Delivery.State.WAITING: OutgoingWebhook.Kind.WAITING,
    Delivery.State.SENT: OutgoingWebhook.Kind.SENT,
    Delivery.State.PARKED: OutgoingWebhook.Kind.PARKED,
}
"""What a tenant's programs are told when a delivery comes into a state."""


HANDED_OVER: Mapping[str, str] = {Delivery.Kind.HANDOVER: OutgoingWebhook.Kind.HANDED_OVER}


def tell(row: Delivery, what: str, **more: str) -> None:
    """Tells the tenant's programs of a delivery, by ids alone. Of a tag or an act nothing is told. Call inside `within`."""
    if row.kind not in NO_COMMENT:
        ids = {
            "delivery": row.pk,
            "draft": row.draft_id,
            "ticket_id": row.ticket_id,
            "connection": str(row.connection_id),
        }
        notify(row.tenant_id, what, kind=row.kind, **ids, **more)


def no_longer_waits(row: Delivery) -> None:
    """Takes back the note that says that this reply waits, unless it is written, and makes the ticket's tag due. Call inside
    `within(tenant_id)`, once the reply has left the queue."""
    notes = Delivery.free(row.tenant_id).filter(draft_id=row.draft_id, kind=Delivery.Kind.NOTE, sending_at=None)
    told = notes.filter(changes=SAYS_IT_WAITS)
    told.filter(state__in=(Delivery.State.DUE, Delivery.State.PARKED)).update(
        state=Delivery.State.RETIRED, ended_at=Now(), trouble=gettext("The draft does not wait any more.")
    )
    tag_anew(row)


def tag_anew(row: Delivery) -> None:
    """Makes due that the ticket's tag says whether a draft of it waits (klark.delivery.waiting_tag), unless that is due
    already. Call inside `within(tenant_id)`."""
    ticket = {"connection_id": row.connection_id, "ticket_id": row.ticket_id, "kind": Delivery.Kind.TAG}
    due = Delivery.free(row.tenant_id).filter(**ticket, state=Delivery.State.DUE, attempts=0)
    if due.select_for_update(skip_locked=True).values_list("pk").first() is None:  # locked: not claimed until we commit
        Delivery.objects.create(**ticket, tenant_id=row.tenant_id, draft_id=row.draft_id)
