"""Sending a text beside a reply that a colleague was faster to approve: as a further reply on the same ticket, once the first
one is there, and never over anybody who has answered since."""

from dataclasses import replace
from datetime import timedelta

from django.contrib.postgres.functions import TransactionNow
from django.db import transaction
from django.utils.translation import gettext

from klark import wakeup
from klark.delivery.whose_text import drafted_text, lines
from klark.models import Delivery, Draft, Outcome, policy_in_force, rules_of, within
from klark.models.draft import APPROVALS
from klark.review import (
    UNDO_S,
    Checked,
    Reviewed,
    TooLate,
    Unfit,
    as_edited,
    checked,
    keep_outcome,
    refuse_in_shadow,
)
from klark.values.words_kept import contains, without

STATE = Delivery.State
AS_FIRST = ("connection_id", "ticket_id", "draft_id", "kind", "tags", "group_id", "changes", "seen", "assignee_seen",
            "readers_seen", "corrects", "customer_wrote_at")  # fmt: skip
"""What an addition has of the reply that it adds to: above all the ticket as it was seen, so that who answered since counts."""


def approved_reply(draft: Draft) -> Delivery | None:
    """Returns the reply of a draft that a person approved and that is on its way or sent. Call inside `within(tenant_id)`."""
    if not draft.outcomes.filter(kind__in=APPROVALS).exists():
        return None
    replies = Delivery.of(draft.tenant_id).filter(draft=draft, kind=Delivery.Kind.REPLY, adds=False)
    return replies.filter(state__in=(STATE.DUE, STATE.SENDING, STATE.SENT)).order_by("-pk").first()


def reply_added_to(draft: Draft, text: str, whole: str) -> Delivery:
    """Returns the reply that a text adds to. `whole`: the text before what that reply says already was taken out of it, as its
    writer saw it; "" if nobody has. Raises TooLate without a reply, and Unfit where something has to be taken out first."""
    first = approved_reply(draft)
    if first is None:
        raise TooLate(gettext("There is no reply that this could add to."))
    if not whole and beyond(draft, text, first.text) != text.strip():
        raise Unfit(gettext("What the first reply says already was taken out of your text: read it, then send it."))
    return first


def beyond(draft: Draft, text: str, first: str) -> str:
    """Returns what a letter says beside the first reply, which has greeted already, and its sign-off: these are the paragraphs
    of the draft that have none of its sentences."""
    said, drafted = [each["text"] for each in draft.sentences], drafted_text(draft)
    parts = text.replace("\r\n", "\n").strip().split("\n\n")
    frames = [contains(drafted, part) and not any(contains(part, each) for each in said) for part in parts]
    if frames[0] and len(parts) > 1:
        del parts[0], frames[0]
    left = (part if frame else without(part, first) for part, frame in zip(parts, frames, strict=True))
    return "\n\n".join(filter(None, left))


def add(reviewed: Reviewed, text: str, overrule: str = "") -> Checked:
    """Makes a further reply due beside the one under review, in UNDO_S seconds; returns what the checks object to in it.

    Raises Unfit for an empty text and in shadow mode, Objected where the checks object and there is no reason to `overrule`
    them, and TooLate where the first reply is not sent, or the customer gets this text already.
    """
    if not text.strip():
        raise Unfit(gettext("The reply is empty: write something first."))
    with within(reviewed.tenant_id):
        rows = Delivery.of(reviewed.tenant_id).select_related("draft")
        # locked, so that of two presses the second sees the first's
        first = rows.select_for_update(of=("self",)).get(pk=reviewed.delivery_id)
        refuse_in_shadow(first)
        rules = rules_of(policy_in_force(reviewed.tenant_id))
        said = as_edited(text, rules)
        if approved_reply(first.draft) != first:
            raise TooLate(gettext("The reply that this would add to is not being sent any more."))
        replies = rows.filter(draft=first.draft_id, kind=Delivery.Kind.REPLY).exclude(state=STATE.RETIRED)
        if lines(said["text"]) in [lines(row.text) for row in replies]:
            raise TooLate(gettext("The customer gets this text already."))
        found = checked(reviewed, first.draft, said["text"], rules, overrule)
        row = Delivery.objects.create(
            tenant_id=reviewed.tenant_id, adds=True, due_at=TransactionNow() + timedelta(seconds=UNDO_S), **said,
            **{name: getattr(first, name) for name in AS_FIRST},
        )  # fmt: skip
        who = replace(reviewed, delivery_id=row.pk, singly=False)  # it says nothing of the draft
        keep_outcome(who, first.draft, Outcome.Kind.ADDED, overrule if found else "", said["text"], found)
    transaction.on_commit(wakeup.wake)
    return found
