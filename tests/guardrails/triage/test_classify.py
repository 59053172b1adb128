"""What the heads make of vectors: windows, the loudest, the dial, and the sentence that is quoted."""

from collections.abc import Sequence

import pytest

from guardrails.triage import classifier_heads, classify, phrases
from guardrails.triage.classifier_heads import Head, Heads, Vector, probability
from guardrails.triage.classify import LONGEST, READ, WINDOW, Reading, asked, quoted, read, sensitive, windows
from guardrails.triage.phrases import MOST, blunt
from guardrails.triage.sensitive_topics import CATEGORIES

TOPICS = tuple(CATEGORIES)
DANGER, SUM, SAD, HASTE, ORDER, ASK = (tuple(float(at == place) for at in range(6)) for place in range(6))
QUIET = (0.0,) * 6
WORDS = {"blade": DANGER, "invoice": SUM, "crying": SAD, "today": HASTE, "obey": ORDER, "please": ASK}


def head(classes: Sequence[str], **loud: Vector) -> Head:
    """Each class at rest, but those that a direction makes loud."""
    rows = tuple(tuple(8 * one for one in loud.get(name or "none", QUIET)) for name in classes)
    return Head(tuple(classes), rows, tuple(4.0 if name in {"", "calm", "0", "False"} else 0.0 for name in classes))


SMALL = Heads(
    {
        "topic": head((*TOPICS, ""), self_harm=DANGER, bereavement=SAD),
        "kind": head(("supplier", "advert", ""), supplier=SUM),
        "injection": head(("polite", "rude", ""), rude=ORDER),
        "mood": head(("calm", "worried", "upset", "angry"), upset=SAD),
        "urgent": head(("0", "1", "2"), **{"2": HASTE}),
        "asked": head(("True", "False"), **{"True": ASK}),
    },
    (1.0, 0.0),
    {dial: dict.fromkeys(TOPICS, least) for dial, least in (("careful", 0.01), ("balanced", 0.5), ("open", 0.99))},
    {"kind": 0.9, "injection": 0.9, "asked": 0.5, "distress": 0.2},
    {},
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classify, "shipped", lambda: SMALL)


def vectors(texts: Sequence[str]) -> list[Vector]:
    """The sum of the directions of a text's words."""
    said = ([WORDS.get(word.strip(".?"), QUIET) for word in text.split()] for text in texts)
    return [tuple(map(sum, zip(QUIET, *set(each), strict=True))) for each in said]


def test_each_head_says_its_own_of_a_text() -> None:
    found = read("crying over a blade today", vectors)
    assert (found.mood, found.urgent, found.kind[0], round(found.injection, 2)) == ("upset", 2, "supplier", 0.04)
    assert {name for name, chance in found.topics.items() if chance > 0.5} == {"self_harm", "bereavement"}


def test_a_text_without_words_is_nothing() -> None:
    assert (read(" \n", vectors).topics, read("", vectors).mood) == ({}, "calm")


def test_the_dial_says_from_which_probability_a_topic_counts_and_the_critical_come_first() -> None:
    found = read("crying over a blade", vectors)
    assert [sensitive(found, dial) for dial in ("balanced", "open")] == [("self_harm", "bereavement"), ()]
    assert sensitive(found, "careful")[0] == "self_harm"


def test_what_stands_in_the_last_window_of_a_long_text_is_heard() -> None:
    assert read("word " * 3 * WINDOW + "blade", vectors).topics["self_harm"] > 0.9
    assert len(windows("word " * 3 * WINDOW)) == 5
    assert read("x" * (READ + 10) + " blade", vectors).topics["self_harm"] > 0.9


@pytest.mark.parametrize("word", ["a", "word", "x" * 30, "もう"])
def test_windows_leave_no_word_out_and_none_is_longer_than_is_read(word: str) -> None:
    words = [f"{word}{number}" for number in range(20_000 // (len(word) + 5))]
    found = windows(" ".join(words))
    assert (max(map(len, found)) <= 1_900, len(found) <= 100) == (True, True)
    assert [
        each
        for each in (words[0][-5:], words[len(words) // 2][-5:], words[-1][-5:])
        if not any(each in one for one in found)
    ] == []


def test_a_run_of_one_sign_is_read_once_however_long_it_is() -> None:
    assert windows(f"Where is it? {'&' * 20_000} Thanks") == [f"Where is it? {'&' * LONGEST} Thanks"]


def test_a_long_text_is_not_for_us_only_if_no_window_speaks_like_a_customer() -> None:
    bill, question = "invoice " * WINDOW, "where is it " * WINDOW
    assert (read(bill, vectors).kind[1] > 0.9, read(bill + question, vectors).kind[1] < 0.1) == (True, True)


def test_worry_and_grief_are_not_calm_even_if_calm_is_likelier() -> None:
    mild = [(0.0, 0.0, 0.45, 0.0, 0.0, 0.0)]
    assert read("a text", lambda _: mild).mood == "upset"
    assert read("a text", lambda _: [QUIET]).mood == "calm"


def test_the_sentence_that_speaks_most_of_a_topic_is_quoted() -> None:
    (told,) = quoted("Where is my parcel? I have a blade. Thanks.", ("self_harm",), vectors)
    assert (told.category, told.words, quoted("I have a blade.", (), vectors)) == ("self_harm", "I have a blade.", ())


def test_sentences_that_ask_are_told_from_others() -> None:
    assert (asked(["please send it", "I am Ann"], vectors), asked([], vectors)) == ((True, False), ())


def test_blunt_phrases_are_heard_without_the_model() -> None:
    assert (blunt("JE VEUX MOURIR !"), blunt("I will kill you."), blunt("Where is it?")) == (
        {"self_harm"}, {"violence_threat"}, frozenset(),
    )  # fmt: skip
    assert read("i want to die", lambda _: [QUIET]).topics["self_harm"] == 1.0


def test_there_are_no_more_blunt_phrases_than_allowed_and_only_of_two_topics() -> None:
    assert (len(phrases.phrases()) <= MOST, set(phrases.phrases().values())) == (True, {"self_harm", "violence_threat"})


def test_a_topic_far_less_likely_than_the_first_is_not_told_beside_it() -> None:
    found = Reading({"bereavement": 0.999, "minors": 0.9, "regulator": 0.998}, ("", 0.0), 0.0, "calm", 0)
    assert sensitive(found, "balanced") == ("bereavement", "regulator")


def test_odds_beyond_all_numbers_are_still_a_probability() -> None:
    assert (probability(1e9), probability(-1e9) < 1e-9, probability(0.0)) == (pytest.approx(1.0), True, 0.5)


def test_the_shipped_heads_know_every_topic_and_every_position_of_the_dial() -> None:
    shipped = classifier_heads.shipped()
    assert set(shipped.heads["topic"].classes) == {*TOPICS, ""}
    assert {dial: set(least) for dial, least in shipped.thresholds.items()} == {
        dial: set(TOPICS) for dial in classify.DIALS
    }
    assert set(shipped.least) == {"kind", "alone", "injection", "asked", "distress"}
    assert classifier_heads.ENCODER.stat().st_size + classifier_heads.FILE.stat().st_size < 30_000_000
