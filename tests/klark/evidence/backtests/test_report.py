"""The report's page: in both languages, with nothing from elsewhere, and nothing half written."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from klark.evidence.backtests import report
from klark.evidence.figures import Tried
from klark.evidence.intervals import share_words
from tests.klark.evidence.test_figures import WRONG, row

ABOUT = {
    "source": "tickets.jsonl", "model": "none", "judge": "none", "articles": {"all": 3, "undated": 1, "later": 2},
    "currency": "EUR", "dial": "balanced", "topics": {"delivery": "Delivery"}, "policy": 1, "minutes_saved": 4,
    "minimum_confidence": 60, "titles": {"en": {}, "fr": {"delivery": "Livraison"}}, "language": "fr",
}  # fmt: skip
TEXTS = {
    "subject": "Late",
    "asked": "Where is it? <script>alert(1)</script>",
    "draft": "In 3 days.",
    "agent_answer": "In 9 days.",
}


def made(*rows: Tried) -> dict[str, Any]:
    return report.made([{**TEXTS, **one} for one in rows], {"deleted": 1}, ABOUT)


def bad() -> dict[str, Any]:
    return row(verdict=WRONG, contradicting=[["3 days", "9 days"]], edited_later=["returns"])


def test_the_page_stands_in_both_languages_and_loads_nothing() -> None:
    page = report.page(made({**bad(), "cost": "0.0554325"}))
    english, french = re.findall(r'<main lang="(?:en|fr)">(.*?)</main>', page, re.DOTALL)
    assert "The draft says “3 days”, the agent “9 days”." in english
    assert ("The worst drafts" in english, "0.0554 EUR at the policy" in english) == (True, True)
    assert "Le brouillon dit «\xa03 days\xa0»" in french
    assert ("Backtest on closed tickets" in english, "Test rétrospectif sur des tickets clos" in french) == (True, True)
    assert re.findall(r"<script|<link|<img|@import|url\(|src=|href=", page) == []
    assert "&lt;script&gt;" in english
    assert "<svg" in english


def test_topics_are_named_in_each_language_and_the_page_opens_in_the_tenants_or_the_readers(tmp_path: Path) -> None:
    report.write(tmp_path, made(bad()))
    page = (tmp_path / report.PAGE).read_text(encoding="utf-8")
    english, french = re.findall(r'<main lang="(?:en|fr)">(.*?)</main>', page, re.DOTALL)
    assert [("Livraison" in each, "Delivery" in each) for each in (english, french)] == [(False, True), (True, False)]
    with override("de"):
        pages = [page, report.page(made(bad()))]
    assert [re.findall(r'id="to-(\w+)" checked|<html lang="(\w+)"', each) for each in pages] == [
        [("", "fr"), ("fr", "")], [("", "en"), ("en", "")]]  # fmt: skip


def test_it_says_that_it_holds_tickets_and_what_was_left_out() -> None:
    page = report.page(made(bad()))
    assert "This report holds customers" in page
    assert "1 deleted" in page
    assert "rests on an article that was edited later: returns" in " ".join(page.split())


def test_it_says_what_would_have_been_saved_and_what_it_does_not_ask() -> None:
    page = " ".join(report.page(made(row(), row())).split())
    assert "Saved: 8 minutes, by 2 right drafts that would have been sent at 4 minutes each" in page
    assert "2 were first written after the last of these tickets came" in page
    assert "whether klark has earned that (autonomy) was not asked" in page
    assert "60 % (this policy)" in page
    unknown = report.made([{**TEXTS, **row()}], {}, {**ABOUT, "minutes_saved": 0})
    assert "What it would have saved is unknown" in report.page(unknown)


def test_a_report_of_before_it_knew_what_a_draft_saves_says_so_and_is_shown_all_the_same() -> None:
    older = {key: each for key, each in ABOUT.items() if key not in report.OLDER}
    page = " ".join(report.page(report.made([{**TEXTS, **row()}], {}, older)).split())
    assert "unknown: this backtest was run before klark kept" in page
    assert "judge: unknown" in page
    assert "(this policy)" not in page


def test_there_is_a_dash_and_no_percentage_where_nothing_was_compared() -> None:
    nothing = made(row("ESCALATE", None))["figures"]["all"]
    assert share_words(nothing["of_sent"]["right"]) == "—"
    assert share_words(nothing["handed_over"]) == "100 % (1 of 1; 21 to 100 %)"


def test_both_files_are_written_whole_and_no_other_is_left(tmp_path: Path) -> None:
    report.write(tmp_path, made(bad()))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json"]
    assert json.loads((tmp_path / "report.json").read_text())["worst"] == ["1"]


def test_a_report_that_cannot_be_drawn_leaves_the_earlier_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report.write(tmp_path, made(bad()))
    before = (tmp_path / "report.json").read_bytes()
    monkeypatch.setattr(report, "render_to_string", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        report.write(tmp_path, made(row()))
    assert (tmp_path / "report.json").read_bytes() == before
