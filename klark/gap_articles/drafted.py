"""Drafted articles from their beginning to their end: drafted from quotes, changed, accepted into the knowledge, or dismissed.

klark publishes nothing: what a lead accepts becomes an article of the tenant's own, as one written in the admin does.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models.functions import Now
from django.utils.html import escape

from guardrails.pii.tokens import TOKEN
from guardrails.text.words import fold
from klark.evidence import long_runs
from klark.gap_articles.agreement import Agreement, Statement, Ticket, agreement
from klark.gap_articles.answers import Answers, answers_to, brand_of
from klark.knowledge.gap import AskedTicket, Gap
from klark.knowledge.ingest import BY_HAND, NewArticle, ingest, new_key
from klark.models import ArticleRun, DraftedArticle, Topic, sha256
from klark.models.evidence.long_run import UNDER_WAY, LongRun
from klark.models.knowledge.drafted_article import in_turn
from klark.values.storable_text import clip

MOST_ASKED, LONGEST_ASKED = 4, 200
"""Wordings of the question that a lead sees beside the article, and the characters of each."""
LONGEST_TITLE, LONGEST_SENTENCE = 300, 1_200
NOBODYS: Mapping[str, Any] = {"text": "", "tickets": []}
"""A sentence that a person adds."""
State, Does = DraftedArticle.State, ArticleRun.Does
LeftOut = dict[str, Any]


def propose(tenant_id: int, gap: Gap, by: str) -> DraftedArticle:
    """Drafts an article from quotes, and keeps the draft. Its title is the topic's name in the gap's language; without
    one, a lead writes it. Call inside `within(tenant_id)`."""
    in_turn(tenant_id)
    own = {each.ticket for each in gap.asked}
    brand = brand_of(tenant_id, own)
    answers = answers_to(tenant_id, own, gap.question, gap.language, brand)
    agreed = agreement(answers.read, gap.language)
    topic = Topic.of(tenant_id).filter(key=gap.key).first()
    return DraftedArticle.objects.create(
        tenant_id=tenant_id, language=gap.language, brand=brand, title=topic.named(gap.language) if topic else gap.topic,
        asked=wordings(gap.asked), made_by=by[:150],
        tickets=[[str(each.connection_id), each.ticket_id, each.draft_id] for each in gap.asked],
        sentences=sentence_rows(agreed.statements),
        left_out=[*unread_rows(answers), *left_out_rows(agreed, agreed.personal + agreed.single)],
    )  # fmt: skip


def tickets_of(row: DraftedArticle) -> set[Ticket]:
    """Returns the gap's tickets."""
    return {(UUID(place), ticket) for place, ticket, _ in row.tickets}


def wordings(asked: Sequence[AskedTicket]) -> list[str]:
    """Returns how customers put the question, the shortest first, each once; none that names anybody."""
    texts = [" ".join(each.question.split()) for each in asked]
    free = [text for text in texts if not TOKEN.search(text) and len(text) <= LONGEST_ASKED]
    return sorted({" ".join(fold(text).split()): text for text in reversed(free)}.values(), key=len)[:MOST_ASKED]


def sentence_rows(statements: Iterable[Statement]) -> list[dict[str, Any]]:
    """Returns statements as they are kept."""
    return [{"text": each.text, "tickets": ticket_rows(each.tickets)} for each in statements]


def ticket_rows(tickets: Iterable[Ticket]) -> list[list[str]]:
    """Returns tickets as they are kept."""
    return [[str(place), ticket] for place, ticket in tickets]


def left_out_rows(agreed: Agreement, personal: int) -> list[LeftOut]:
    """Returns what the answers say and the article does not. Of what is `personal` the number alone is kept."""
    disputes = [
        {"why": "disagree", "text": each.text, "values": [list(pair) for pair in each.values],
         "tickets": ticket_rows(each.tickets)}
        for each in agreed.disputes
    ]  # fmt: skip
    return [*disputes, *([{"why": "personal", "count": personal}] if personal else [])]


def unread_rows(answers: Answers) -> list[LeftOut]:
    """Returns why answers were not read, as it is kept."""
    return [{"why": why, "count": count} for why, count in answers.unread.items()]


def change(row: DraftedArticle, title: str, texts: Sequence[str]) -> None:
    """Keeps what a lead made of the draft: a text for each of its sentences ("": left out), then those that they added. Call
    inside `within`."""
    said = [clip(" ".join(text.split()), LONGEST_SENTENCE) for text in texts]
    rows = [_changed(row.sentences[at] if at < len(row.sentences) else NOBODYS, text) for at, text in enumerate(said)]
    row.title = clip(" ".join(title.split()), LONGEST_TITLE) or row.title
    row.sentences = [each for each in rows if each["text"]]
    row.save(update_fields=["title", "sentences"])


def _changed(sentence: Mapping[str, Any], text: str) -> dict[str, Any]:
    edited = {"edited": True} if text != sentence["text"] and sentence["tickets"] else {}
    return {**sentence, **edited, "text": text}


def sign_of(row: DraftedArticle) -> str:
    """Returns what tells whether the draft has changed since somebody opened it."""
    return sha256(json.dumps([row.title, row.sentences]))[:16]


def accept(row: DraftedArticle, by: str) -> bool:
    """Makes the draft an article of its brand's, and asks for its tickets to be tried again; returns False for one that has
    ended, waits for a model, or says nothing. Call inside `within`."""
    if not row.sentences or not row.title or not _end(row, State.ACCEPTED, by):
        return False
    row.key = new_key(row.title)
    row.save(update_fields=["key"])
    want(row, Does.TRY, by)
    made = NewArticle(row.key, row.title, html_of(row), row.language, brand=row.brand)
    return ingest(row.tenant_id, BY_HAND, made)


def dismiss(row: DraftedArticle, by: str) -> bool:
    """Ends the draft without an article; returns False if it has ended, or waits for a model. Call inside `within`."""
    return _end(row, State.DISMISSED, by)


def _end(row: DraftedArticle, state: DraftedArticle.State, by: str) -> bool:
    if not _is_free(row, State.DRAFTED):
        return False
    ended = {"state": state, "ended_by": by[:150], "ended_at": Now()}
    return bool(DraftedArticle.of(row.tenant_id).filter(pk=row.pk).update(**ended))


def _is_free(row: DraftedArticle, state: DraftedArticle.State) -> bool:
    """Returns whether the draft is in this state and no worker has it. That stays so until the transaction ends."""
    mine = DraftedArticle.of(row.tenant_id).select_for_update().filter(pk=row.pk, state=state)
    return mine.first() is not None and run_of(row, *UNDER_WAY) is None


def run_of(row: DraftedArticle, *states: LongRun.State) -> ArticleRun | None:
    """Returns the newest run of the article, or the newest in one of these states. Call inside `within`."""
    runs = ArticleRun.of(row.tenant_id).filter(article=row, state__in=states or LongRun.State.values)
    return runs.order_by("-wanted_at", "-pk").first()


def want(row: DraftedArticle, does: ArticleRun.Does, by: str) -> bool:
    """Asks a worker to have a model write a draft, or to try an accepted one's tickets again: where that stopped before its end,
    it goes on. Returns whether a worker will. Call inside `within`."""
    if not _is_free(row, State.DRAFTED if does == Does.WRITE else State.ACCEPTED):
        return False
    last = run_of(row)
    if last and last.does == does == Does.TRY and last.state != LongRun.State.DONE:
        return long_runs.go_on(last)
    DraftedArticle.of(row.tenant_id).filter(pk=row.pk).update(answered={})
    return long_runs.want(ArticleRun, row.tenant_id, article=row, does=does, by=by[:150]) is not None


def stop(row: DraftedArticle) -> bool:
    """Cancels what a worker does; returns whether it did anything. Call inside `within`."""
    run = run_of(row, *UNDER_WAY)
    return run is not None and long_runs.cancel(run)


def html_of(row: DraftedArticle) -> str:
    """Returns the article's body, a paragraph for each sentence: nothing that a customer wrote."""
    return "".join(f"<p>{escape(each['text'])}</p>" for each in row.sentences)


def markdown_of(row: DraftedArticle) -> str:
    """Returns the article for pasting into a help centre."""
    title = [f"# {row.title}"] if row.title else []
    return "\n\n".join([*title, *(each["text"] for each in row.sentences)]) + "\n"


def of_gaps(tenant_id: int, gaps: Sequence[Gap]) -> Mapping[int, DraftedArticle]:
    """Returns the newest draft of each gap, by the gap's place; a dismissed one counts as none. A gap is known again by its
    tickets. Call inside `within(tenant_id)`."""
    rows = list(DraftedArticle.of(tenant_id).exclude(state=State.DISMISSED))
    held = [(tickets_of(row), row) for row in rows]
    found: dict[int, DraftedArticle] = {}
    for at, gap in enumerate(gaps):
        own = {each.ticket for each in gap.asked}
        row = next((row for tickets, row in held if tickets & own and row.language == gap.language), None)
        if row is not None:
            found[at] = row
    return found
