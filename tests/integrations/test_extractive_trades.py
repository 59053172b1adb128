"""The drafter without a model over whole trades: articles in HTML, cut in several ways, tickets as customers write them."""

from pathlib import Path

import pytest

from tests.bench.drafter import CUTS, figures, judge, sections, short, trades, whole

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "extractive"
SEEN, HELD_OUT = FOLDER / "trades", FOLDER / "held-out"
# "Is the pharmacy open then too?" is told when it closes, not whether it opens on Saturdays.
WRONG = {("clinic-en", "10")}
# Two sentences a passage part a list from its end, and a rule from what goes on from it.
WRONG_IN_SHORT = {*WRONG, ("gym-en", "23"), ("saas-fr", "11")}
ANSWERED = {
    "airline-en": 15, "bank-fr": 18, "clinic-en": 13, "energie-fr": 17, "gym-en": 18, "hotel-en": 19, "insurance-en": 18,
    "mairie-fr": 15, "musee-fr": 16, "rental-en": 14, "saas-fr": 18, "university-en": 17,
}  # fmt: skip


def wrong(trade: str, way: str) -> set[tuple[str, str]]:
    return {(trade, str(one.ticket["id"])) for one in judge(SEEN, trade, way) if one.fault}


@pytest.mark.parametrize("trade", sorted(ANSWERED))
def test_a_trade_is_answered_as_often_as_it_was_and_never_wrongly(trade):
    judged = judge(SEEN, trade)
    assert {(trade, str(one.ticket["id"])) for one in judged if one.fault} == {
        each for each in WRONG if each[0] == trade
    }
    assert figures(judged)["answered"] == ANSWERED[trade]
    assert [one.held for one in judged if one.held] == []


@pytest.mark.parametrize("trade", ["gym-en", "hotel-en", "bank-fr", "saas-fr", "clinic-en", "airline-en"])
@pytest.mark.parametrize("way", sorted(set(CUTS) - {"sections"}))
def test_however_articles_are_cut_no_answer_turns_wrong(trade, way):
    known = WRONG_IN_SHORT if way == "short" else WRONG
    assert wrong(trade, way) <= {each for each in known if each[0] == trade}


def test_all_trades_are_looked_at():
    assert trades(SEEN) == sorted(ANSWERED)
    assert trades(HELD_OUT) == ["camp-en", "conduite-fr", "coworking-fr", "stream-en"]


def test_the_trades_held_out_are_told_as_they_are():
    """What README.md says of them; they are not worked on."""
    found = figures([one for trade in trades(HELD_OUT) for one in judge(HELD_OUT, trade)])
    assert (found["tickets"], found["answerable"], found["answered"], found["wrong"]) == (111, 88, 61, 3)


def test_an_article_is_cut_in_three_ways():
    article = {
        "title": "Arrival and departure", "lang": "en",
        "body_html": "<h2>Arrival</h2><p>From 3 pm. Use the key. Ring twice.</p><h2>Departure</h2><p>Until 11 am.</p>",
    }  # fmt: skip
    assert [(part.title, len(part.sentences)) for part in sections(article)] == [
        ("Arrival and departure › Arrival", 3),
        ("Arrival and departure › Departure", 1),
    ]
    assert [len(part.sentences) for part in short(article)] == [2, 1, 1]
    assert whole(article)[0].sentences == (
        "Arrival",
        "From 3 pm.",
        "Use the key.",
        "Ring twice.",
        "Departure",
        "Until 11 am.",
    )
