"""What a worker does with drafted articles: has a model write one, and tries the tickets of an accepted one again.

A ticket is run through the pipeline as it was when klark could not answer it, with the knowledge and the policy of today. Nothing
is written to a helpdesk. Each ticket tried is kept at once, so that a worker that stops loses nothing and nothing is paid twice.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from integrations.helpdesks.base import Ticket
from integrations.llms.base import BudgetSpent
from klark.assistance.no_assistance import NoAssistance
from klark.drafting.tenant_settings import settings_of
from klark.evidence.backtest import DRAFTED
from klark.evidence.trial_run import run_trial
from klark.gap_articles.agreement import agreement
from klark.gap_articles.answers import answers_to
from klark.gap_articles.drafted import Wanted, left_out_rows, sentence_rows, tickets_of, unread_rows
from klark.gap_articles.writing import written
from klark.knowledge.embedding import embedders, in_use
from klark.knowledge.gaps import UNANSWERED
from klark.models import EVERY_TENANT, Draft, DraftedArticle, Meaning, Passage, within
from klark.runtime.per_tenant import tried
from klark.values.revived import revived
from klark.values.storable_text import clip

LEASE = timedelta(minutes=15)
"""Longer than one request to a model and its judgement, or one run, take with every time-out."""
SLICE_S = 20.0
MOST_TRIED = 100
"""Tickets of a gap that are tried, the newest first."""
SPENT = gettext_noop(
    "The budget is spent. Try again tomorrow, or raise it in the policy: nothing is asked of a model twice."
)
BROKEN = gettext_noop("klark made a mistake of its own. The worker's log says which.")


def run_wanted() -> None:
    """Does what people have asked for and no worker does yet."""
    with within(EVERY_TENANT):
        rows = list(DraftedArticle.objects.filter(_free()).order_by("pk"))
    for row in rows:
        if _claimed(row) and not tried("a drafted article failed", _JOBS[row.wanted], row):
            _done(row, BROKEN)


def _free() -> Q:
    return ~Q(wanted=Wanted.NOTHING) & (Q(until=None) | Q(until__lt=Now()))


def _claimed(row: DraftedArticle) -> bool:
    with within(row.tenant_id):
        return bool(DraftedArticle.of(row.tenant_id).filter(_free(), pk=row.pk).update(until=Now() + LEASE))


def _write(row: DraftedArticle) -> None:
    with within(row.tenant_id):
        answers = answers_to(row.tenant_id, tickets_of(row), (row.asked or [row.title])[0], row.language)
    agreed = agreement(answers.read, row.language)
    try:
        made = written(row.tenant_id, row.asked or [row.title], agreed, row.language, f"gap/{row.pk}")
    except NoAssistance as error:
        _done(row, str(error))
        return
    left_out = [*unread_rows(answers), *left_out_rows(agreed, agreed.personal + made.personal), *made.left_out]
    _done(row, by_model=True, sentences=sentence_rows(made.statements), left_out=left_out)


def _try(row: DraftedArticle) -> None:
    """Tries tickets for SLICE_S seconds; the rest at the worker's next turn, as all where the article has no vectors yet."""
    ends = time.monotonic() + SLICE_S
    left = [each for each in row.tickets[:MOST_TRIED] if str(each[2]) not in row.answered]
    while left and _is_searchable(row) and time.monotonic() < ends:
        try:
            _try_ticket(row, left.pop(0)[2])
        except BudgetSpent:
            _done(row, SPENT)
            return
    if left:
        _keep(row, until=None)
    else:
        _done(row)


def _try_ticket(row: DraftedArticle, draft_id: int) -> None:
    row.answered[str(draft_id)] = _is_answered(row, draft_id)
    _keep(row, answered=row.answered, until=Now() + LEASE)


def _is_answered(row: DraftedArticle, draft_id: int) -> bool | None:
    """Returns whether the ticket has a draft now that rests on the article and answers all; None if it is kept no more."""
    with within(row.tenant_id):
        draft = Draft.of(row.tenant_id).filter(pk=draft_id).first()
    if draft is None or not draft.record.get("ticket", {}).get("comments"):
        return None
    ticket = revived(Ticket, draft.record["ticket"])
    ours = settings_of(row.tenant_id, about=(draft.connection_id, ticket.id[:40]))
    if ours.budget_spent:  # what quoted sections answer says nothing of the model
        raise BudgetSpent
    run = run_trial(ticket, replace(ours, rules=ours.rules.for_brand(ticket.brand_id)))
    if run.answer.budget_spent:
        raise BudgetSpent
    if run.answer.reply is None or run.decided.kind not in DRAFTED or run.decided.reason in UNANSWERED:
        return False
    return any(source.article == row.key for each in run.answer.reply.sentences for source in each.sources)


def _keep(row: DraftedArticle, **values: Any) -> None:
    with within(row.tenant_id):
        DraftedArticle.of(row.tenant_id).filter(pk=row.pk).update(**values)


def _done(row: DraftedArticle, trouble: str = "", **values: Any) -> None:
    _keep(row, wanted=Wanted.NOTHING, until=None, trouble=clip(trouble, 500), **values)


def _is_searchable(row: DraftedArticle) -> bool:
    """Returns whether the article has its vectors, or search goes by words alone."""
    with within(row.tenant_id):
        embedder = in_use(row.tenant_id, embedders())
        parts = Passage.of(row.tenant_id).filter(article__key=row.key, article__current=True)
        lacks = ~Exists(Meaning.objects.filter(passage=OuterRef("pk"), model=embedder.model if embedder else ""))
        return embedder is None or not parts.filter(lacks).exists()


_JOBS: Mapping[str, Callable[[DraftedArticle], None]] = {Wanted.WRITE: _write, Wanted.TRY: _try}
