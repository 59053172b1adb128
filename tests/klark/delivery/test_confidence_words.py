"""How sure klark is of a draft, in the words of a note, a page and a list."""

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from guardrails.base import Reply, Sentence, Source
from guardrails.confidence import SIGNS, band_of, fitted, probability
from guardrails.grounding.colleague_answers import Answered
from klark.delivery.record import letter, written
from klark.delivery.render import render_note
from klark.models import DecisionKind
from klark.trial_files import as_line
from klark.values.decision import Decided
from klark.values.policy.rules import Rules
from klark.values.reasons import Reason
from klark.values.run_record import RunRecord
from klark.values.wording import confidence_words, days_words, measured_words, percent_of, percent_words, titled
from tests.klark.said import noted, ticket, verdict

REPLY = Reply((Sentence("It takes 3 days.", (Source("1", "It takes 3 days.", "Delivery"),)),), "en")


def thought(confidence: float | None, kind: str = "NOTE") -> RunRecord:
    decided = Decided(DecisionKind(kind).value, Reason.LOW_CONFIDENCE)  # type: ignore[arg-type]  # one of the five
    return replace(noted(REPLY, verdict(), sure=confidence), decided=decided)


@pytest.mark.parametrize(
    ("likely", "english", "french"),
    [
        (1.0, "high, 99 %", "élevée, 99\u202f%"),
        (0.97, "high, 97 %", "élevée, 97\u202f%"),
        (0.9, "high, 90 %", "élevée, 90\u202f%"),
        (0.89, "fair, 89 %", "moyenne, 89\u202f%"),
        (0.5, "fair, 50 %", "moyenne, 50\u202f%"),
        (0.49, "low, 49 %", "faible, 49\u202f%"),
        (0.0, "low, 1 %", "faible, 1\u202f%"),
    ],
)
def test_a_word_and_a_percentage_in_both_languages(likely: float, english: str, french: str) -> None:
    assert confidence_words(likely, "en").split(" (")[0] == english
    assert confidence_words(likely, "fr").split(" (")[0] == french


def test_it_is_said_what_that_was_worth_on_labelled_drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("klark.values.wording.fitted", lambda: replace(fitted(), on=date(2031, 3, 1), drafts=77))
    right = band_of(0.97).of_hundred
    assert measured_words(0.97, "en") == (
        f"of 100 drafts that klark was about as sure of, {right} were right (a check of 77 drafts on Mar 1, 2031)"
    )
    assert "on 1 Mar 2031)" in measured_words(0.97, "en-gb")
    assert measured_words(0.97, "fr") == (
        f"sur 100 brouillons dont klark était à peu près aussi sûr, {right} étaient justes "
        "(contrôle de 77 brouillons le 01/03/2031)"
    )
    assert measured_words(None, "en") == ""


def test_one_figure_stands_in_a_line_and_no_draft_is_given_more_than_the_page_for_leads_says() -> None:
    assert confidence_words(0.95, "en") == "high, 95 % (how likely klark finds it that the draft is right and complete)"
    best = percent_of(probability({name: sign.best or 0.0 for name, sign in SIGNS.items()}, fitted()))
    assert f"No draft is given more than {best} %" in Path("docs/lead.md").read_text(encoding="utf-8").replace(
        "\n", " "
    )


def test_other_languages_read_english() -> None:
    assert confidence_words(0.3, "de") == confidence_words(0.3, "en")


def test_a_regional_french_is_french() -> None:
    assert confidence_words(0.3, "fr-ca") == confidence_words(0.3, "fr")


def test_nothing_is_said_where_nobody_can_tell() -> None:
    assert confidence_words(None, "en") == ""


@pytest.mark.parametrize(
    ("likely", "percent"),
    [
        (0.0, 1),
        (0.004, 1),
        (0.016, 1),
        (0.29, 29),
        (0.499, 49),
        (0.5, 50),
        (0.57, 57),
        (0.8999, 89),
        (0.9, 90),
        (0.994, 99),
        (1.0, 99),
    ],
)
def test_a_figure_says_no_more_than_it_is_and_nobody_is_wholly_sure(likely: float, percent: int) -> None:
    assert (percent_of(likely), percent_words(likely)) == (percent, f"{percent} %")


def test_where_nobody_can_tell_stands_a_dash() -> None:
    assert percent_words(None) == "—"


def test_a_note_says_it_below_the_fold() -> None:
    text = render_note("x", noted(REPLY, verdict(), sure=0.97), "en").text
    assert "Confidence:\n- high, 97 %" in text
    assert text.index("Sources:") < text.index("— More —") < text.index("Confidence:")


def test_a_note_that_cannot_tell_does_not_speak_of_it() -> None:
    assert "Confidence" not in render_note("x", noted(REPLY, verdict()), "en").text


@pytest.mark.parametrize(
    ("languages", "heading", "colon", "word"),
    [(("en",), "Confidence", ":", "fair, 72 %"), (("fr",), "Confiance", "\xa0:", "moyenne, 72\u202f%")],
)
def test_a_written_note_says_it_in_the_tenants_language(
    languages: tuple[str, ...], heading: str, colon: str, word: str
) -> None:
    note = written(Rules(languages=languages), thought(0.72), "It takes 3 days.")[1]
    assert f"{heading}{colon}\n- {word} (" in note.text
    assert re.search(rf"<p>{heading}</p><ul><li>{word} \(", note.html)


def test_a_customer_is_not_told() -> None:
    for kind in ("REPLY", "WAIT"):
        run = thought(0.72, kind)
        assert "72" not in written(Rules(), run, letter(run, "Camille", Rules()))[1].text, kind


@pytest.mark.parametrize(
    ("days", "english", "french"),
    [(0, "0 days", "0 jour"), (1, "1 day", "1 jour"), (2, "2 days", "2 jours"), (21, "21 days", "21 jours")],
)
def test_a_single_day_is_one(days: int, english: str, french: str) -> None:
    assert (days_words(days, "en"), days_words(days, "fr"), days_words(days, "de")) == (english, french, english)


@pytest.mark.parametrize(("language", "told"), [("en", "1 day"), ("fr", "1 jour")])
def test_a_colleagues_answer_of_yesterday_is_a_day_old(language: str, told: str) -> None:
    assert titled("An answer", Answered("7", "2026-11-24", 1), language) == f"An answer (#7, 2026-11-24, {told})"


@pytest.mark.parametrize(("likely", "told"), [(0.72349, 0.723), (None, None)])
def test_a_line_of_a_trial_has_it_as_a_number(likely: float | None, told: float | None) -> None:
    line = as_line(ticket(), thought(likely), "x", 1)
    assert line["confidence"] == told
    assert json.loads(json.dumps(line))["confidence"] == told
