"""The ordinary questions keep their form, and whoever adds one that does not is told which line it is."""

from pathlib import Path

import pytest

from scripts import check_sensitive_questions as check

FORM = "line 1: not `en! text` or `fr! text`: "
LENGTH = "line 1: not 3 to 25 words: "


def told(*lines: str) -> list[str]:
    return list(check.faults(lines))


def test_the_ordinary_questions_have_no_fault():
    lines = check.QUESTIONS.read_text(encoding="utf-8").splitlines()
    assert told(*lines) == []


@pytest.mark.parametrize(
    "line",
    [
        "",
        "where is my parcel",
        "en: where is my parcel",
        "de! wo ist mein Paket",
        "en!where is my parcel",
        "en!  where is my parcel",
        "en! where is my  parcel",
        "en! where is my parcel ",
    ],
)
def test_a_line_of_another_form_is_told(line: str):
    assert told(line) == [FORM + repr(line)]


@pytest.mark.parametrize("words", [2, 26])
def test_a_line_with_too_few_or_too_many_words_is_told(words: int):
    line = "en!" + " word" * words
    assert told(line) == [LENGTH + repr(line)]


@pytest.mark.parametrize("words", [3, 25])
def test_the_shortest_and_the_longest_question_pass(words: int):
    assert told("fr!" + " mot" * words) == []


def test_capitals_and_punctuation_make_no_new_question():
    twice = "en! Where is my parcel?"
    assert told("en! where is my parcel", "en! where is your parcel", twice) == [
        f"line 3: the same as line 1: {twice!r}"
    ]


def test_the_same_words_in_two_languages_are_two_questions():
    assert told("en! wifi code ok", "fr! wifi code ok") == []


@pytest.mark.parametrize(("text", "status"), [("en! is it open\n", 0), ("en! open\nen! shut\n", 1)])
def test_the_exit_status_says_whether_there_are_faults(
    text: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "questions.txt"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(check, "QUESTIONS", path)
    assert check.main() == status


def test_the_faults_and_the_numbers_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "questions.txt"
    path.write_text("en! is it open\nen! open\n", encoding="utf-8")
    monkeypatch.setattr(check, "QUESTIONS", path)
    check.main()
    assert capsys.readouterr().out.splitlines() == ["line 2: not 3 to 25 words: 'en! open'", "{'en': 2}"]
