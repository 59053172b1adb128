"""The bench of masking reads what it should, refuses what it should, and counts rightly."""

import json
import random
from pathlib import Path

import pytest

from guardrails.pii.mask import KINDS, restore
from guardrails.pii.spans import Span
from tests.bench import pii
from tests.bench.distortions import DISTORTIONS, Distortion, distorted

TABLE = {f"[{kind}_1]": f"value of {kind.lower()}" for kind in KINDS} | {"[NAME_2]": "Bo", "[NAME_12]": "Anna Meyer"}
MASKED = "Dear [NAME_1], " + " and ".join(f"[{kind}_1]" for kind in KINDS) + ", [NAME_2], [NAME_12]."
CASES = Path(__file__).parent / "cases" / "pii"


def row(text: str, *spans: tuple[str, int, int]) -> pii.Row:
    """A row of the form that the bench reads."""
    return {
        "id": "x",
        "text": text,
        "spans": [{"label": label, "start": start, "end": end} for label, start, end in spans],
    }


def write(path: Path, *rows: object) -> str:
    """A file of rows; its name."""
    path.write_text("".join(f"{json.dumps(each)}\n" for each in rows), encoding="utf-8")
    return str(path)


def test_the_figures_have_the_keys_of_the_bench(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    name = write(tmp_path / "a.jsonl", row("Write to a.b@example.com now", ("EMAIL", 9, 24)))
    pii.main(["--data", name, "--json"])
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (figures["recall"], figures["precision"], figures["leaked"], figures["reinsertion"]) == (
        {"EMAIL": 1.0},
        1.0,
        0,
        1.0,
    )
    assert (figures["restored"], figures["blocked"], figures["n"], figures["leaked_by_label"]) == (
        1.0,
        0.0,
        {"EMAIL": 1},
        {"EMAIL": 0},
    )


def test_people_read_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    pii.main(["--data", write(tmp_path / "a.jsonl", row("Write to a.b@example.com now", ("EMAIL", 9, 24)))])
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("EMAIL", "precision", "reinsertion", "restored", "blocked", "leaked"))


@pytest.mark.parametrize(
    "bad",
    [
        "not a row",
        {"id": "x", "text": "abc"},
        {"id": "x", "text": 3, "spans": []},
        {"id": "x", "text": "abc", "spans": {}},
        {"id": "x", "text": "abc", "spans": ["NAME"]},
        {"id": "x", "text": "abc", "spans": [{"start": 0, "end": 1}]},
        {"id": "x", "text": "abc", "spans": [{"label": "NAME", "start": 0}]},
        {"id": "x", "text": "abc", "spans": [{"label": "NAME", "start": 2, "end": 2}]},
        {"id": "x", "text": "abc", "spans": [{"label": "NAME", "start": -1, "end": 2}]},
        {"id": "x", "text": "abc", "spans": [{"label": "NAME", "start": 0, "end": 4}]},
    ],
)
def test_a_malformed_file_is_refused_in_one_line(bad: object, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        pii.main(["--data", write(tmp_path / "a.jsonl", bad)])
    assert (stop.value.code, capsys.readouterr().err.count("\n")) == (2, 1)


def test_a_missing_file_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        pii.main(["--data", str(tmp_path / "none")])
    assert (stop.value.code, capsys.readouterr().err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("masked", "left"),
    [
        ([Span(0, 9, "NAME")], 0),
        ([Span(0, 4, "NAME")], 4),
        ([Span(0, 4, "NAME"), Span(5, 9, "NAME")], 0),
        ([], 8),
        ([Span(9, 12, "NAME")], 8),
    ],
)
def test_letters_left_are_counted_and_blanks_are_not(masked: list[Span], left: int):
    assert pii.leaks(row("Anna Bell wrote", ("NAME", 0, 9)), masked) == [("NAME", left)]


@pytest.mark.parametrize(
    ("span", "touching"),
    [(Span(0, 1, "NAME"), True), (Span(3, 9, "IP"), True), (Span(4, 9, "IP"), False), (Span(0, 0, "IP"), False)],
)
def test_a_masked_span_is_right_when_it_touches_a_labelled_one(span: Span, touching: bool):
    assert pii.touches(span, [{"label": "NAME", "start": 0, "end": 4}]) is touching


def test_a_text_without_tokens_does_not_count_for_reinsertion():
    assert pii.returned(["no token here"]) == {"reinsertion": 1.0, "restored": 0.0, "blocked": 0.0}


def test_shares_of_nothing_missed_nothing():
    assert (pii.share([]), pii.share([True, False, True])) == (1.0, 0.6667)


def test_there_are_twelve_distortions_with_names_of_their_own():
    assert len({distortion.name for distortion in DISTORTIONS}) == 12


@pytest.mark.parametrize("distortion", DISTORTIONS, ids=lambda distortion: distortion.name)
def test_every_kind_of_token_comes_back_through_every_distortion(distortion: Distortion):
    for seed in range(12):
        wrote, right = distorted(MASKED, TABLE, distortion, random.Random(seed))
        assert (restore(wrote, TABLE), wrote != MASKED) == (right, True), seed


@pytest.mark.parametrize("distortion", DISTORTIONS, ids=lambda distortion: distortion.name)
def test_a_distortion_that_a_text_lost_the_table_of_is_blocked(distortion: Distortion):
    wrote, _ = distorted("Dear [NAME_1] and [NAME_1],", {"[NAME_1]": "Bo"}, distortion, random.Random(1))
    assert restore(wrote, {}) is None


def test_a_silently_wrong_text_is_told():
    wrong = Distortion("wrong", lambda _token, _draw: "Bob")
    assert pii.end("Dear [NAME_1]", {"[NAME_1]": "Anna"}, wrong, random.Random(1)) == "wrong"
    lost = Distortion("lost", lambda token, _draw: token.replace("1", "2"))
    assert pii.end("Dear [NAME_1]", {"[NAME_1]": "Anna", "[NAME_2]": "Eve"}, lost, random.Random(1)) == "wrong"
    assert pii.end("Dear [NAME_1]", {"[NAME_1]": "Anna"}, lost, random.Random(1)) == "blocked"


@pytest.mark.parametrize(
    ("name", "least"), [("fr", 74), ("fr_written", 400), ("fr_composed", 600), ("en", 74), ("en_written", 226)]
)
def test_our_own_cases_are_well_formed(name: str, least: int):
    rows = [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (len(rows) >= least, len({each["id"] for each in rows})) == (True, len(rows))
    assert all(0 <= span["start"] < span["end"] <= len(each["text"]) for each in rows for span in each["spans"])
    assert len({each["text"] for each in rows}) == len(rows)


@pytest.mark.parametrize("name", ["fr_written", "fr_composed", "en_written"])
def test_our_own_cases_are_masked_as_well_as_the_table_says(name: str):
    rows = [json.loads(line) for line in (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    figures = pii.measured(rows)
    structured = {
        label: figures["recall"][label]
        for label in ("CARD", "IBAN", "EMAIL", "SSN", "PHONE", "TAX")
        if label in figures["recall"]
    }
    assert set(structured.values()) == {1.0}
    assert (figures["recall"]["NAME"] >= 0.95, figures["precision"] >= 0.97, figures["reinsertion"]) == (
        True,
        True,
        1.0,
    )
