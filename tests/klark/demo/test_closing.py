"""What a newcomer finds at the demo's end: an answer to recall, and what agents answered on the gaps."""

from uuid import UUID

import pytest

from guardrails.text.sentences import split_sentences
from integrations.sandbox.client import Sandbox
from integrations.sandbox.store import to_text
from klark.demo import shop
from klark.demo.closing import CHANGED, IS, WAS, change_article
from klark.demo.model_server import RECORDED
from klark.demo.recordings import load
from klark.demo.seed import Seeded, _article
from klark.gap_articles.agreement import Answer, agreement
from klark.knowledge.sync_help_centre import sync
from klark.models import Article, Recall
from tests.klark import rows


@pytest.mark.django_db
def test_an_article_changes_after_an_answer_was_sent_that_rests_on_it(sandbox: Sandbox) -> None:
    row = rows.connection(rows.tenant(), "zendesk", sandbox)
    sandbox.articles("zendesk", [_article(each) for each in shop.articles() if each.subject == CHANGED])
    sync(row)
    kept, said = rows.get(Article, language="fr"), f"La livraison en Belgique est offerte à partir de{WAS} d'achat."
    source = {"article": kept.key, "version": kept.version, "title": kept.title, "url": "", "text": said}
    draft = rows.draft(row, language="fr", rests_on=[kept.pk],
                       sentences=[{"text": said, "state": "COPIED", "sources": [source]}])  # fmt: skip
    rows.delivery(row, draft=draft, text=said, state="sent")
    change_article(Seeded(row.tenant_id, {"zendesk": row}, ""), sandbox)
    (pair,) = rows.get(Recall).pairs
    assert (pair["old"], pair["new"]) == (said, said.replace(WAS, IS))


@pytest.mark.parametrize(("number", "language"), [("Z12", "fr"), ("Z13", "en")])
def test_what_an_agent_answers_on_a_gap_gives_an_article_the_sentences_that_the_model_knows(
    number: str, language: str
) -> None:
    ticket = next(each for each in shop.tickets() if each.id == number)
    said = [one for line in to_text(ticket.events[0].body).splitlines() for one in split_sentences(line, language)]
    drafted = agreement([Answer((UUID(int=1), "1"), tuple(said), to_text(ticket.body_html))], language)
    known = next(each for each in load([RECORDED]).replies if each.id == number)
    written = {to_text(each.body_html) for each in shop.articles()}
    quotes = [quote for each in known.sentences for quote in each.quotes]
    missing = [quote for quote in quotes if not any(quote in text for text in written)]
    assert [each.text for each in drafted.statements] == missing
    assert len(said) > len(missing)  # what was done for the customer is left out
