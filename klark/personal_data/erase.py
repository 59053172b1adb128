"""Deletes everything that klark keeps of one person. Decisions stay as numbers: that a turn was answered, when, and at
what cost."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Now

from integrations.helpdesks.base import TicketEvent
from klark.models import (
    COMMAND_LINE,
    Actor,
    ArticleRun,
    AuditAct,
    BacktestedTicket,
    BacktestRun,
    Decision,
    Delivery,
    Draft,
    DraftedArticle,
    KeptCompletion,
    PastTicket,
    Topic,
    WebhookEvent,
    record,
    within,
)
from klark.models.delivery import NO_COMMENT
from klark.models.event import ANEW, REGENERATE, keep
from klark.models.evidence.long_run import UNDER_WAY
from klark.models.knowledge.drafted_article import in_turn
from klark.models.ticket.corrections import learned_from
from klark.personal_data.content import DELETED, Counts, blank, blank_drafts, unsent
from klark.personal_data.person import Tickets, drafted_from, drafts_quoting, find_person, rests_on, rows_of

DUE, PARKED = WebhookEvent.State.DUE, WebhookEvent.State.PARKED
_RAW_TEXT = Func(F("raw"), Value("escape"), function="encode", output_field=TextField())


def erase(tenant_id: int, address: str, by: Actor = COMMAND_LINE) -> Counts:
    """Erases what is kept of the person with this address, in one transaction; returns how many rows of each table.

    Work on their tickets that is not done yet is left to a person. A draft for another ticket that was told how theirs was
    answered is made anew. The audit chain says who erased and how many rows, not whose.
    """
    with within(tenant_id):
        person = find_person(tenant_id, address)
        # What a backtest is about to keep of them is lost: it goes on by reading the helpdesk again.
        BacktestRun.of(tenant_id).filter(state=BacktestRun.State.RUNNING).update(runner=None, running_until=None)
        in_turn(tenant_id)
        counts = _blank_others(tenant_id, person.tickets)
        counts[Topic] = _unlearn(tenant_id, person.tickets)
        counts[DraftedArticle] = _take_out_of_articles(tenant_id, person.tickets)
        counts += _blank_tickets(tenant_id, person.tickets)
        counts[KeptCompletion] += blank(
            KeptCompletion.of(tenant_id).filter(connection=None)
        )  # nobody knows whose they are
        named = WebhookEvent.of(tenant_id).annotate(text=_RAW_TEXT).filter(text__icontains=person.address)
        counts[WebhookEvent] += named.update(raw=b"")
        record(tenant_id, by, AuditAct.ERASED, rows=counts.total())
    return counts


def _blank_others(tenant_id: int, tickets: Tickets) -> Counts:
    drafts = drafts_quoting(tenant_id, tickets)
    theirs, stopped = Tickets(drafts.values_list("connection_id", "ticket_id")), _stopped(drafts)
    counts = blank_drafts(drafts)
    counts[KeptCompletion] = blank(rows_of(KeptCompletion, tenant_id, theirs))
    _draft_again(stopped, DUE)
    return counts


def _blank_tickets(tenant_id: int, tickets: Tickets) -> Counts:
    drafts, events = rows_of(Draft, tenant_id, tickets), rows_of(WebhookEvent, tenant_id, tickets)
    stopped = _stopped(drafts)
    counts = blank_drafts(drafts)
    for rows in (
        events,
        *(rows_of(model, tenant_id, tickets) for model in (Decision, KeptCompletion, BacktestedTicket)),
    ):
        counts[rows.model] += blank(rows)
    counts[PastTicket] = rows_of(PastTicket, tenant_id, tickets).delete()[0]
    events.filter(state=DUE).update(state=PARKED, ended_at=Now())
    events.filter(state=PARKED).update(trouble=DELETED)  # also where an erasure before this one has parked it
    _draft_again(stopped, PARKED)
    return counts


def _stopped(drafts: QuerySet[Draft]) -> list[Delivery]:
    """Returns the deliveries that will stop, except those that may have reached their ticket, and what only says that a reply
    waits: the reply itself may have been sent, and must not be drafted again."""
    rows = unsent(Delivery.objects.filter(draft__in=drafts, adds=False))
    rows = rows.filter(sending_at=None).exclude(kind__in=NO_COMMENT)
    replies = Delivery.objects.filter(draft=OuterRef("draft"), kind=Delivery.Kind.REPLY)
    beside = Exists(replies.filter(~Q(pk=OuterRef("pk"))))
    return list(rows.exclude(Q(kind=Delivery.Kind.NOTE) & Q(beside)).select_related("connection"))


def _draft_again(stopped: Iterable[Delivery], state: WebhookEvent.State) -> None:
    """Makes an event for each ticket whose delivery was stopped, so that none is lost: due, or parked for a person."""
    for row in stopped:
        Draft.of(row.tenant_id).filter(pk=row.draft_id).update(live=False)
        event = TicketEvent(row.ticket_id, key=f"{ANEW}:{row.pk}", kind=REGENERATE)
        keep(row.connection, event, WebhookEvent.Origin.KLARK)
        WebhookEvent.of(row.tenant_id).filter(connection=row.connection, key=event.key).update(
            state=state, trouble=DELETED if state == PARKED else ""
        )


def _unlearn(tenant_id: int, tickets: Tickets) -> int:
    """Removes the examples of topics that people made of these tickets; returns how many topics had any."""
    asked = rows_of(PastTicket, tenant_id, tickets).values_list("asked", flat=True)
    read = rows_of(Draft, tenant_id, tickets).values_list("record__triage__text", flat=True)
    texts = [" ".join(text.split()) for text in chain(asked, read) if text]
    changed = 0
    for topic in Topic.of(tenant_id).select_for_update():
        examples = [one for one in topic.examples if not any(learned_from(one, text) for text in texts)]
        changed += examples != topic.examples
        Topic.of(tenant_id).filter(pk=topic.pk).update(examples=examples)
    return changed


def _take_out_of_articles(tenant_id: int, tickets: Tickets) -> int:
    """Removes these tickets from drafted articles, also accepted ones, with every sentence that rests on them alone. Wordings and
    what was left out go too: nobody knows whose a wording is. Returns how many articles had anything."""
    # What a model writes just now may rest on them. Its run goes before the rows are locked: in that order a worker takes them.
    ArticleRun.of(tenant_id).filter(does=ArticleRun.Does.WRITE, state__in=UNDER_WAY).delete()
    found = drafted_from(DraftedArticle.of(tenant_id).select_for_update(), tickets)
    for row in found:
        row.asked, row.tickets = [], _others(row.tickets, tickets)
        said = [{**each, "tickets": _others(each["tickets"], tickets)} for each in row.sentences]
        row.sentences = [
            now for now, was in zip(said, row.sentences, strict=True) if now["tickets"] or not was["tickets"]
        ]
        row.left_out = [each for each in row.left_out if "text" not in each]
        row.save(update_fields=["asked", "tickets", "sentences", "left_out"])
    return len(found)


def _others(kept: Sequence[Sequence[Any]], tickets: Tickets) -> list[Sequence[Any]]:
    return [each for each in kept if not rests_on([each], tickets)]
