"""Gaps whose tickets agents have answered, for the tests of drafted articles."""

from dataclasses import asdict, replace

from klark.context.ticket_history import keep_history
from klark.delivery.record import storable
from klark.delivery.stored_evidence import settings_record
from klark.drafting.tenant_settings import settings_of
from klark.gap_articles.drafted import propose
from klark.knowledge.gaps import DAYS, gaps
from klark.models import ArticleRun, Connection, Draft, DraftedArticle, within
from klark.models.ticket.loaded_event import NOTHING_WRITTEN
from klark.values.decision import Decided
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from tests.klark.admin.test_gaps import asked
from tests.klark.said import ALEX, CAMILLE, comment, ticket, triage

QUESTION = "Do you sell gift cards?"


def answered(account: Connection, number: int, reply: str, question: str = QUESTION, language: str = "en") -> Draft:
    """A ticket that klark could not answer, with what an agent then wrote ("": nothing); klark keeps it as it was read."""
    draft = asked(account, number, question, days=1, language=language)
    turn = replace(ticket(comment(1, CAMILLE, question), subject="", channel="email"), id=str(number))
    run = RunRecord(triage(asks=(question,), language=language), Decided("ESCALATE", Reason.NOT_ANSWERABLE))
    record = {
        "triage": asdict(run.triage), "ticket": asdict(turn), "earlier": "", "memory": asdict(run.memory), "card": [],
        "passages": [], "exchanges": [],
        "settings": settings_record(turn, settings_of(account.tenant_id), run, NOTHING_WRITTEN, signs=False),
    }  # fmt: skip
    with within(account.tenant_id):
        Draft.of(account.tenant_id).filter(pk=draft.pk).update(record=storable(record))
    if reply:
        closed = replace(
            turn, comments=(*turn.comments, comment(2, ALEX, reply.replace("\n", "<br>"))), status="solved"
        )
        with within(account.tenant_id):
            keep_history(account, closed, NOTHING_WRITTEN)
    return draft


def drafted(account: Connection) -> DraftedArticle:
    """The article that is drafted for the most asked gap."""
    with within(account.tenant_id):
        return propose(account.tenant_id, gaps(account.tenant_id, DAYS).gaps[0], "camille")


def kept(row: DraftedArticle) -> DraftedArticle:
    """The row as it is now."""
    with within(row.tenant_id):
        return DraftedArticle.of(row.tenant_id).get(pk=row.pk)


def run_of(row: DraftedArticle) -> ArticleRun:
    """What a worker was asked for last."""
    with within(row.tenant_id):
        return ArticleRun.of(row.tenant_id).filter(article=row).latest("pk")


def texts(row: DraftedArticle) -> list[str]:
    return [each["text"] for each in row.sentences]


def why(row: DraftedArticle) -> dict[str, object]:
    """What was left out: how many of each, or the text."""
    return {each["why"]: each.get("count", each.get("text")) for each in row.left_out}
