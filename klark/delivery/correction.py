"""A correction of an answer that klark sent: asked for by a person, because a sentence that the answer rests on is different now,
and put into words by code alone, from what was sent and what the article says now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django.db.models import Exists, OuterRef, Q, QuerySet

from guardrails.base import Reply, Sentence, Source, Verdict
from guardrails.checks.claimed_actions import DEED
from guardrails.checks.groundedness import OPEN, UNJUDGED
from guardrails.text.words import bare
from integrations.helpdesks.base import Ticket, TicketEvent
from klark.models import Article, Delivery, Recall, WebhookEvent, within
from klark.models.event import CORRECTION, keep
from klark.models.ticket.loaded_event import Loaded
from klark.values.decision import Decided
from klark.values.passages import FoundArticle, Section
from klark.values.reasons import Reason
from klark.values.ticket_text import customers_words

WORDS: Mapping[str, tuple[str, str]] = {
    "en": (
        "We need to correct what we wrote to you: “{said}”",
        "What we wrote to you does not hold any more: “{said}”",
    ),
    "fr": (
        "Nous devons corriger ce que nous vous avons écrit\u00a0: «\u00a0{said}\u00a0»",
        "Ce que nous vous avons écrit n'est plus valable\u00a0: «\u00a0{said}\u00a0»",
    ),
}
"""What stands before the sentence that was sent: where the article says something else, and where it says nothing any more."""
UNQUOTED: Mapping[str, tuple[str, str]] = {
    "en": ("We need to correct what we wrote to you.", "Part of what we wrote to you does not hold any more."),
    "fr": (
        "Nous devons corriger ce que nous vous avons écrit.",
        "Une partie de ce que nous vous avons écrit n'est plus valable.",
    ),
}
"""The same where the sentence was sent in other words."""
SENT = "klark:sent"  # no key of an article
STATE = Delivery.State
DONE = WebhookEvent.State.DONE


def ask_for_correction(row: Recall, by: str) -> bool:
    """Has a worker draft a correction; returns False if one is under way or was sent. Call inside `within(tenant_id)`."""
    row = Recall.of(row.tenant_id).select_for_update(of=("self",)).select_related("draft__connection").get(pk=row.pk)
    if under_way([row]):
        return False
    draft = row.draft
    key = f"{CORRECTION}:{row.pk}:{uuid4().hex[:16]}"  # another one for each request; a draft's turn has place for it
    if not keep(draft.connection, TicketEvent(draft.ticket_id, key=key, kind=CORRECTION), WebhookEvent.Origin.KLARK):
        return False
    event = WebhookEvent.of(row.tenant_id).get(connection=draft.connection, key=key)
    Recall.of(row.tenant_id).filter(pk=row.pk).update(state=Recall.State.CORRECTED, by=by[:150], event=event)
    return True


def under_way(rows: Sequence[Recall]) -> set[int]:
    """Returns the ids of those whose correction is being made, waits for a person, or was sent. Call inside `within`."""
    events = [row.event_id for row in rows if row.event_id]
    replies = Delivery.objects.filter(draft__decisions__event__in=events, kind=Delivery.Kind.REPLY)
    drafted = set(replies.exclude(state=STATE.RETIRED).values_list("draft__decisions__event", flat=True))
    return {row.pk for row in rows if row.event and (row.event.state != DONE or row.event_id in drafted)}


def unsent(rows: "QuerySet[Recall]") -> "QuerySet[Recall]":
    """Returns those whose correction is being made, or waits for a person or a worker. Call inside `within`."""
    replies = Delivery.objects.filter(draft__decisions__event=OuterRef("event"), kind=Delivery.Kind.REPLY)
    on_the_way = Exists(replies.filter(state__in=(STATE.WAITING, STATE.DUE, STATE.SENDING)))
    return rows.exclude(event=None).filter(~Q(event__state=DONE) | on_the_way)


def ended(ticket: Ticket) -> Decided | None:
    """Returns why nothing can be corrected on this ticket any more; None if something can."""
    if ticket.merged or ticket.status == "deleted":
        return Decided("SKIP", Reason.GONE, ticket.status or "")
    return Decided("SKIP", Reason.CLOSED, ticket.status) if ticket.status == "closed" else None


def correction(loaded: Loaded, ticket: Ticket) -> tuple[Reply, tuple[FoundArticle, ...]] | None:
    """Returns the correction that this event asks for, and the articles that it rests on; None if there is nothing to correct any
    more. Opens its own transaction."""
    with within(loaded.claim.tenant_id):
        rows = Recall.of(loaded.claim.tenant_id).select_related("draft")
        row = rows.filter(event=loaded.event).first()
        if row is None or not row.draft.sentences:
            return None
        articles = Article.of(row.tenant_id).in_bulk([pair["article"] for pair in row.pairs])
        sentences = tuple(_sentences(row, articles))
        found = tuple(
            _found(articles[pair["article"]], pair["new"])
            for pair in row.pairs if pair["new"] and pair["article"] in articles
        )  # fmt: skip
    return Reply(sentences, row.draft.language or "en", customers_words(ticket)), found


def without_frames(verdict: Verdict, reply: Reply) -> Verdict:
    """Returns what the checks found, without what concerns the words around a quotation, which are klark's own and no model's,
    and without the remark that nothing was answered: a correction answers no question."""
    framed = {place for place, each in enumerate(reply.sentences) if any(one.article == SENT for one in each.sources)}
    findings = (
        one
        for one in verdict.findings
        if one.id != OPEN and not (one.id in (DEED, UNJUDGED) and one.sentence in framed)
    )
    return replace(verdict, findings=tuple(findings))


def _sentences(row: Recall, articles: Mapping[int, Article]) -> Iterator[Sentence]:
    """Yields each sentence that was sent and does not hold any more, and what the articles say in its place. Quoted is only what
    was sent word for word."""
    replies = Delivery.of(row.tenant_id).filter(draft=row.draft, kind=Delivery.Kind.REPLY).exclude(state=STATE.RETIRED)
    sent = " ".join(bare(text) for text in replies.values_list("text", flat=True))
    for place in dict.fromkeys(pair["place"] for pair in row.pairs):
        said = row.draft.sentences[place]["text"]
        now = [pair for pair in row.pairs if pair["place"] == place and pair["new"]]
        table = WORDS if bare(said) in sent else UNQUOTED
        words = table.get(row.draft.language, table["en"])[0 if now else 1]
        yield Sentence(words.format(said=said), (Source(SENT, said, title=str(row.draft), around=said),))
        for pair in {pair["new"]: pair for pair in now}.values():
            yield Sentence(pair["new"], (_source(pair, articles[pair["article"]]),))


def _source(pair: Mapping[str, Any], article: Article) -> Source:
    return Source(article.key, pair["new"], article.title, article.url, pair["new"])


def _found(article: Article, line: str) -> FoundArticle:
    updated = article.updated_at.date() if article.updated_at else None
    return FoundArticle(
        article.pk, article.key, article.version, article.title, article.url, article.language, (Section("", (line,)),),
        updated=updated,
    )  # fmt: skip
