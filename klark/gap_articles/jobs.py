"""What a worker does with drafted articles: has a model write one, and tries the tickets of an accepted one again.

A ticket is run again as its draft's record keeps it, with the knowledge, the policy and the models of today. Nothing is written
to a helpdesk. Each ticket tried is kept at once, so that a worker that stops loses nothing and nothing is paid twice.
"""

import time
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_noop

from integrations.errors import Refused, TryLater
from integrations.llms.base import BudgetSpent
from klark.assistance.no_assistance import NoAssistance
from klark.evidence import long_runs
from klark.evidence.figures import DRAFTED
from klark.evidence.long_runs import Held, State
from klark.evidence.rerun.replay import CannotReplay, Changes, kept, replayed
from klark.gap_articles.agreement import agreement
from klark.gap_articles.answers import answers_to
from klark.gap_articles.drafted import left_out_rows, sentence_rows, tickets_of, unread_rows
from klark.gap_articles.writing import written
from klark.knowledge.embedding import embed_tenant, embedders, in_use
from klark.knowledge.gaps import UNANSWERED
from klark.models import ArticleRun, DraftedArticle, Meaning, Passage, policy_in_force, rules_of, within
from klark.values.policy.rules import Rules

MOST_TRIED = 100
"""Tickets of a gap that are tried, the newest first."""
AWAY = gettext_noop("Nothing came of it so far:")
NO_VECTORS = gettext_noop("search does not find the article by meaning yet.")


def run_wanted() -> None:
    """Goes on with what people have asked for and no worker does."""
    long_runs.run_wanted(ArticleRun, _is_over, _finish, AWAY)


def _is_over(held: Held[ArticleRun]) -> bool:
    """Does what there is time for; returns False if tickets are left. Raises Lost, BudgetSpent and IntegrationError."""
    run = held.run
    with within(run.tenant_id):
        row = DraftedArticle.of(run.tenant_id).get(pk=run.article_id)
    return _write(held, row) if run.does == ArticleRun.Does.WRITE else _try(held, row)


def _finish(held: Held[ArticleRun]) -> None:
    held.end(State.DONE)


def _write(held: Held[ArticleRun], row: DraftedArticle) -> bool:
    with within(row.tenant_id):
        answers = answers_to(row.tenant_id, tickets_of(row), (row.asked or [row.title])[0], row.language, row.brand)
    agreed = agreement(answers.read, row.language)
    try:
        made = written(row.tenant_id, row.asked or [row.title], agreed, row.language, f"gap/{row.pk}")
    except NoAssistance as error:
        raise Refused(error.whole) from error
    left_out = [*unread_rows(answers), *left_out_rows(agreed, agreed.personal + made.personal), *made.left_out]
    _keep(held, by_model=True, sentences=sentence_rows(made.statements), left_out=left_out)
    return True


def _try(held: Held[ArticleRun], row: DraftedArticle) -> bool:
    """Tries tickets until the time or the tickets are over. Raises TryLater where the article has no vectors yet."""
    ends = time.monotonic() + long_runs.SLICE_S
    left = [draft_id for *_, draft_id in row.tickets[:MOST_TRIED] if str(draft_id) not in row.answered]
    if left and not _is_searchable(row):
        raise TryLater(NO_VECTORS)
    with within(row.tenant_id):
        rules = rules_of(policy_in_force(row.tenant_id))
    for draft_id in left:
        row.answered[str(draft_id)] = _is_answered(row, draft_id, rules)
        _keep(held, answered=row.answered)
        if time.monotonic() > ends:
            return False
    return True


def _is_answered(row: DraftedArticle, draft_id: int, rules: Rules) -> bool | None:
    """Returns whether the ticket has a draft now that rests on the article and answers all; None if it is kept no more."""
    try:
        run, _ = replayed(kept(row.tenant_id, draft_id), Changes(rules, models="now", knowledge="now"))
    except CannotReplay:
        return None
    if run.answer.budget_spent:  # what quoted sections answer says nothing of the model
        raise BudgetSpent
    if run.answer.reply is None or run.decided.kind not in DRAFTED or run.decided.reason in UNANSWERED:
        return False
    return any(source.article == row.key for each in run.answer.reply.sentences for source in each.sources)


def _keep(held: Held[ArticleRun], **values: Any) -> None:
    """Changes the article. Raises Lost, where the run was cancelled or is another worker's by now."""
    with within(held.run.tenant_id):
        held.renew()
        DraftedArticle.of(held.run.tenant_id).filter(pk=held.run.article_id).update(**values)


def _is_searchable(row: DraftedArticle) -> bool:
    """Returns whether the article has its vectors, or search goes by words alone. Those that it lacks are made now, and not when
    the worker next looks for passages without: a person waits."""
    with within(row.tenant_id):
        embedder = in_use(row.tenant_id, embedders())
    if embedder and _lacks_vectors(row, embedder.model):
        embed_tenant(row.tenant_id, embedder)
        return not _lacks_vectors(row, embedder.model)
    return True


def _lacks_vectors(row: DraftedArticle, model: str) -> bool:
    with within(row.tenant_id):
        parts = Passage.of(row.tenant_id).filter(article__key=row.key, article__current=True)
        return parts.exclude(Exists(Meaning.objects.filter(passage=OuterRef("pk"), model=model))).exists()
