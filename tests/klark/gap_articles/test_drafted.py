"""An article from a gap, from agents' answers to the share of tickets that it answers; what is no answer; and who may do it."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from integrations.embeddings.base import Embedder, Vector
from integrations.errors import TryLater
from integrations.helpdesks.base import Ticket
from klark.connections import circuit_breaker
from klark.evidence import long_runs
from klark.evidence.rerun.replay import replayed
from klark.evidence.trial_run import run_trial
from klark.gap_articles import jobs
from klark.gap_articles.jobs import run_wanted
from klark.knowledge import embedding
from klark.models import (
    Article,
    ArticleRun,
    Charge,
    Connection,
    Decision,
    Draft,
    DraftedArticle,
    PastTicket,
    Policy,
    within,
)
from klark.personal_data.retention import tidy_tenant
from klark.values.reads import Reads
from klark.values.run_record import RunRecord
from klark.values.tenant_settings import TenantSettings
from tests.klark import rows
from tests.klark.admin.test_gaps import asked, quoting
from tests.klark.companies import company, login
from tests.klark.gap_articles.answered import QUESTION, answered, drafted, kept, run_of, texts, why
from tests.klark.modelled import Everything

pytestmark = pytest.mark.django_db
PRICE, WHERE = "Gift cards of 20 euros are sold in the shop.", "Each gift card is valid for one year."


@pytest.fixture
def lead() -> tuple[Client, Connection]:
    ours = company("alder")
    with within(ours.tenant):
        Policy.of(ours.tenant).update(mode="note", public_sections=True)
        account = Connection.of(ours.tenant).get()
    return login("lead", (ours, "lead")), account


def pressed(browser: Client, row: DraftedArticle, press: str, **form: object) -> str:
    return browser.post(
        reverse("admin:klark_article_drafted", args=(row.pk,)), {"press": press, **form}, follow=True
    ).content.decode()


def test_from_the_gap_to_the_share_that_the_accepted_article_answers(lead: tuple[Client, Connection]) -> None:
    browser, account = lead
    first = answered(account, 51, f"Hello Camille Durand,\n{PRICE}\nYour order 4711 is on its way.")
    answered(account, 52, f"{PRICE} {WHERE}", "Can I buy gift cards?")
    newest = answered(account, 53, "", "Are there any gift cards to buy?")
    gaps = reverse("admin:klark_article_gaps")
    page = browser.post(
        reverse("admin:klark_article_propose"), {"tenant": "alder", "draft": newest.pk}, follow=True
    ).content.decode()
    row = rows.get(DraftedArticle)
    assert texts(row) == [PRICE, WHERE]
    assert [each["tickets"] for each in row.sentences] == [
        [[str(account.pk), "52"], [str(account.pk), "51"]], [[str(account.pk), "52"]]]  # fmt: skip
    assert reverse("admin:klark_draft_change", args=(first.pk,)) in page
    assert ("Durand" in page, "4711" in page, "Nothing is published in the helpdesk." in page) == (False, False, True)
    assert reverse("admin:klark_article_drafted", args=(row.pk,)) in browser.get(gaps).content.decode()

    edited = [PRICE.replace("sold", "on sale"), ""]
    shown = pressed(browser, row, "accept", title="Gift cards", text=edited, more="They are sent by post as well.")
    assert "Nothing was published in the helpdesk." in shown
    assert "New tickets since then" not in shown  # the page asks every two seconds now
    with within(account.tenant_id):
        article = Article.of(account.tenant_id).get(title="Gift cards")
    assert article.body_html == f"<p>{edited[0]}</p><p>They are sent by post as well.</p>"
    assert (article.source, article.current, "# Gift cards\n" in shown) == ("manual", True, True)

    assert "changed by a person" in shown
    run_wanted()
    assert set(kept(row).answered.values()) == {True}
    newer = asked(account, 60, QUESTION, reason="ready", sentences=quoting(article.key))
    rows.change(Decision, {"draft": newer.pk}, kind="NOTE")
    asked(account, 61, QUESTION)
    page = browser.get(reverse("admin:klark_article_drafted", args=(row.pk,))).content.decode()
    assert "tickets of this gap whose draft rests on it now: 3 of 3" in page
    assert "tickets of this gap whose draft rests on it now: 3 of 3" in browser.get(gaps).content.decode()
    assert "New tickets since then with a draft that rests on it: 1; that asked the same and got none: 1." in page
    asked(account, 62, "Do you mend torn sails?")
    assert [draft == row for _gap, draft in browser.get(gaps).context["gaps"]] == [
        False,
        True,
    ]  # what is done comes last


def test_what_is_dismissed_is_no_article_and_may_be_drafted_again(lead: tuple[Client, Connection]) -> None:
    browser, account = lead
    answered(account, 51, PRICE)
    row = drafted(account)
    assert "It has changed since you opened it" in pressed(
        browser, row, "accept", title="Cards", text=["\0"], seen="older"
    )
    pressed(browser, row, "dismiss")
    assert "It has ended" not in pressed(browser, row, "save")
    assert "not possible now" in pressed(browser, row, "accept", title="Gift cards", text=[PRICE])
    assert (kept(row).state, rows.count(Article, title="Gift cards")) == ("dismissed", 0)
    assert "Draft an article" in browser.get(reverse("admin:klark_article_gaps")).content.decode()


@pytest.mark.parametrize(("reply", "language", "left_out"), [
    ("", "en", {"no_answer": 1}),
    ("Called her, all fine.", "en", {"by_phone": 1}),
    ("Nous vendons des cartes cadeaux de 20 euros dans notre boutique.", "en", {"other_language": 1}),
    ("Dear Camille Durand, your card 4711 is on its way.", "en", {"personal": 1}),
])  # fmt: skip
def test_without_an_answer_for_everybody_only_the_question_stands_and_it_is_said_why(
    lead: tuple[Client, Connection], reply: str, language: str, left_out: Mapping[str, int]
) -> None:
    browser, account = lead
    answered(account, 51, reply, language=language)
    row = drafted(account)
    assert (row.asked, row.sentences, why(row)) == ([QUESTION], [], left_out)
    page = browser.get(reverse("admin:klark_article_drafted", args=(row.pk,))).content.decode()
    assert "Write the answer yourself." in page
    assert "not possible now" in pressed(browser, row, "accept", title="Gift cards")


def test_contradicting_answers_are_shown_with_their_tickets_counted(lead: tuple[Client, Connection]) -> None:
    browser, account = lead
    for number, days in enumerate((14, 30, 14), 51):
        answered(account, number, f"An unused gift card goes back within {days} days in its own box.")
    page = browser.get(reverse("admin:klark_article_drafted", args=(drafted(account).pk,))).content.decode()
    assert "14 days (2), 30 days (1)" in page


def test_a_wording_stands_once_and_none_that_names_anybody(lead: tuple[Client, Connection]) -> None:
    _, account = lead
    for number, words in enumerate(
        ("Do you sell gift cards?", "do you sell  gift cards?", "Do you sell a gift card to Camille Durand?")
    ):
        answered(account, number, "", words)
    assert drafted(account).asked == ["do you sell gift cards?"]


def test_what_a_customer_asks_is_shown_beside_the_article_and_stands_nowhere_in_it(
    lead: tuple[Client, Connection],
) -> None:
    browser, account = lead
    planted = "Are gift cards always paid back for 90 days?"
    answered(account, 51, PRICE, planted)
    row = drafted(account)
    assert "not possible now" in pressed(browser, row, "accept", title=" ", text=[PRICE])
    shown = pressed(browser, row, "accept", title="Gift cards", text=[PRICE])
    assert shown.count(planted) == 1
    article = rows.get(Article, title="Gift cards")
    assert (article.body_html, f"# Gift cards\n\n{PRICE}\n" in shown) == (f"<p>{PRICE}</p>", True)


def test_no_answer_is_taken_from_an_unlike_ticket_of_the_same_number_at_another_helpdesk(
    lead: tuple[Client, Connection],
) -> None:
    _, account = lead
    answered(account, 12, "")
    answered(rows.connection(account.tenant_id, "freshdesk"), 12, "Kites are lost now and then.", "Where is my kite?")
    assert texts(drafted(account)) == []


def is_no_gap(number: int) -> None:
    rows.change(Decision, {"ticket_id": str(number)}, reason="ready")


def test_an_article_is_drafted_from_the_answers_for_one_brand_and_is_that_brands_alone(
    lead: tuple[Client, Connection],
) -> None:
    browser, account = lead
    answered(account, 51, PRICE)
    answered(account, 52, PRICE, "Can I buy gift cards?")
    answered(account, 53, WHERE, "Are there any gift cards to buy?")
    for number, brand in (("51", "7101"), ("52", "7101"), ("53", "7102")):
        rows.change(PastTicket, {"ticket_id": number}, brand=brand)
    row = drafted(account)
    assert (texts(row), why(row)) == ([PRICE], {"other_brand": 1})
    page = pressed(browser, row, "accept", title="Gift cards", text=[PRICE])
    assert "It is for customers of the brand 7101 alone." in page
    rows.change(Connection, brands={"7101": "Acme UK"})
    page = browser.get(reverse("admin:klark_article_drafted", args=(row.pk,))).content.decode()
    assert "It is for customers of the brand Acme UK alone." in page
    assert rows.get(Article, title="Gift cards").brand == "7101"


def test_tickets_without_a_brand_make_no_article_for_every_brand_where_others_have_one(
    lead: tuple[Client, Connection],
) -> None:
    _, account = lead
    for number, said in ((51, PRICE), (52, PRICE), (53, WHERE)):
        answered(account, number, said)
    rows.change(PastTicket, {"ticket_id": "53"}, brand="7102")
    row = drafted(account)
    assert (row.brand, texts(row), why(row)) == ("7102", [WHERE], {"other_brand": 2})


def test_where_nobody_answered_nothing_is_read_of_another_brand(lead: tuple[Client, Connection]) -> None:
    _, account = lead
    answered(account, 51, "")
    answered(account, 52, PRICE)
    rows.change(PastTicket, brand="7102")
    is_no_gap(52)
    assert texts(drafted(account)) == []


def test_a_gaps_own_answers_are_read_however_many_came_since(
    lead: tuple[Client, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, account = lead
    monkeypatch.setattr("klark.gap_articles.answers.LOOKED_AT", 1)
    answered(account, 51, PRICE)
    answered(account, 52, "Kites are lost now and then.", "Where is my kite?")
    is_no_gap(52)
    row = drafted(account)
    assert (texts(row), why(row)) == ([PRICE], {})


def test_who_is_no_lead_there_sees_and_accepts_nothing(lead: tuple[Client, Connection]) -> None:
    _, account = lead
    answered(account, 51, PRICE)
    row = drafted(account)
    place = reverse("admin:klark_article_drafted", args=(row.pk,))
    birch = company("birch")
    assert [
        login(f"no-{role}", (birch, role)).post(place, {"press": "accept"}).status_code for role in ("agent", "lead")
    ] == [403, 404]
    assert kept(row).state == "drafted"


def test_a_ticket_that_is_kept_no_more_is_not_counted(
    lead: tuple[Client, Connection],
) -> None:
    browser, account = lead
    gone = answered(account, 51, PRICE)
    answered(account, 52, PRICE)
    row = drafted(account)
    pressed(browser, row, "accept", title="Gift cards", text=[PRICE])
    rows.change(type(gone), {"pk": gone.pk}, record={})
    run_wanted()
    assert kept(row).answered[str(gone.pk)] is None
    page = browser.get(reverse("admin:klark_article_drafted", args=(row.pk,))).content.decode()
    assert "tickets of this gap whose draft rests on it now: 1 of 1; 1 is not kept any more" in page


def test_a_lead_cancels_while_tickets_are_tried_and_has_the_rest_tried_later(
    lead: tuple[Client, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, account = lead
    for number in (51, 52):
        answered(account, number, PRICE)
    row = drafted(account)
    pressed(browser, row, "accept", title="Gift cards", text=[PRICE])
    monkeypatch.setattr(long_runs, "SLICE_S", -1.0)  # one ticket, and the next one later
    run_wanted()
    first = kept(row).answered

    def cancelled_meanwhile(*given: Any) -> Any:
        pressed(browser, row, "cancel")
        return replayed(*given)

    monkeypatch.setattr(jobs, "replayed", cancelled_meanwhile)
    run_wanted()
    assert (len(first), kept(row).answered, run_of(row).state) == (1, first, "cancelled")
    monkeypatch.setattr(jobs, "replayed", replayed)
    assert "look again in a minute" in pressed(browser, row, "again")
    for _ in range(2):
        run_wanted()
    assert (list(kept(row).answered.values()), run_of(row).state, rows.count(ArticleRun)) == ([True, True], "done", 1)


def test_a_ticket_is_tried_on_its_own_day(lead: tuple[Client, Connection], monkeypatch: pytest.MonkeyPatch) -> None:
    browser, account = lead
    then = answered(account, 51, PRICE)
    record = rows.get(Draft, pk=then.pk).record
    rows.change(Draft, record={**record, "settings": {**record["settings"], "today": "2020-10-01"}})
    row = drafted(account)
    pressed(browser, row, "accept", title="Gift cards", text=[PRICE])
    days = []

    def watched(turn: Ticket, ours: TenantSettings, reads: Reads) -> RunRecord:
        days.append(ours.today)
        return run_trial(turn, ours, reads)

    monkeypatch.setattr("klark.evidence.rerun.replay.run_trial", watched)
    run_wanted()
    assert (days, kept(row).answered) == ([date(2020, 10, 1)], {str(then.pk): True})


class Away(Everything):
    """An embedding model that cannot be reached."""

    def passages(self, texts: Sequence[str]) -> list[Vector]:
        raise TryLater("the server cannot be reached")


def searched_by(embedder: Embedder, account: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """All passages that the tenant has by now count as having their vectors of this model."""
    own = circuit_breaker.BreakingEmbedder(embedder, circuit_breaker.OpenCircuits())
    monkeypatch.setattr(jobs, "embedders", lambda: (own,))
    monkeypatch.setattr(embedding, "_SEEN", {(account.tenant_id, own.model): (True, math.inf)})


def test_an_accepted_article_is_found_by_meaning_at_once_though_no_worker_has_looked_for_it(
    lead: tuple[Client, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, account = lead
    answered(account, 51, PRICE)
    row = drafted(account)
    searched_by(Everything(), account, monkeypatch)
    pressed(browser, row, "accept", title="Gift cards", text=[PRICE])
    run_wanted()
    assert (run_of(row).state, list(kept(row).answered.values())) == ("done", [True])


def test_an_article_is_not_waited_for_without_end_where_it_gets_no_vectors(
    lead: tuple[Client, Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, account = lead
    answered(account, 51, PRICE)
    row = drafted(account)
    searched_by(Away(), account, monkeypatch)
    pressed(browser, row, "accept", title="Gift cards", text=[PRICE])
    run_wanted()
    assert (run_of(row).state, run_of(row).failures) == ("running", 1)
    rows.change(ArticleRun, running_until=None, failures=long_runs.MOST_FAILURES - 1)
    run_wanted()
    assert (run_of(row).state, kept(row).answered) == ("failed", {})
    page = browser.get(reverse("admin:klark_article_drafted", args=(row.pk,))).content.decode()
    assert "Nothing came of it so far: search does not find the article by meaning yet." in page


def test_drafts_that_nobody_accepted_go_with_the_drafts_of_tickets(lead: tuple[Client, Connection]) -> None:
    browser, account = lead
    answered(account, 51, PRICE)
    first, second = drafted(account), drafted(account)
    pressed(browser, first, "accept", title="Gift cards", text=[PRICE])
    rows.change(DraftedArticle, made_at=timezone.now() - timedelta(days=366))
    tidy_tenant(account.tenant_id)
    with within(account.tenant_id):
        left = DraftedArticle.of(account.tenant_id).get()
    assert (left.pk, left.asked, texts(left)) == (first.pk, [], [PRICE])
    assert (second.pk, rows.count(Charge)) == (second.pk, 0)
