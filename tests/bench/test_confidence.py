"""The bench of the confidence in drafts: what it reads, what it says, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from guardrails.base import Level
from tests.bench.confidence import LABELS, main, read_folder

CASES = Path(__file__).parents[1] / "cases" / "confidence"
DRAFT = {
    "id": "01 strict", "label": "right", "questions": ["How much is delivery to Belgium?"], "open": 0, "first": 0,
    "agreed": 1.0, "sentences": [{"text": "Delivery to Belgium costs 5 €.", "cites": ["0.1"]}],
    "passages": [{"title": "Delivery", "sentences": ["Delivery to Belgium costs 5 €.", "It takes 3 days."]}],
}  # fmt: skip
FORGED = {**DRAFT, "id": "01 forged", "label": "wrong", "agreed": 0.0,
          "sentences": [{"text": "Delivery to Belgium costs 9 €.", "cites": ["0.1"]}]}  # fmt: skip


def folder(path: Path, *drafts: dict[str, Any], trade: str = "shop-en") -> Path:
    (path / f"drafts-{trade}.jsonl").write_text("".join(json.dumps(each) + "\n" for each in drafts))
    return path


def test_a_draft_is_read_with_its_sources_and_goes_through_the_guard(tmp_path: Path):
    right, forged = read_folder(folder(tmp_path, DRAFT, FORGED))
    source = right.finished.reply.sentences[0].sources[0]
    assert (source.text, source.title, source.around) == (
        "Delivery to Belgium costs 5 €.", "Delivery", "Delivery to Belgium costs 5 €.\nIt takes 3 days.",
    )  # fmt: skip
    assert (right.trade, right.id, right.right, forged.right) == ("shop-en", "01 strict", True, False)
    assert (right.finished.verdict.findings, forged.finished.verdict.level) == ((), Level.BLOCK)


def test_a_draft_is_read_with_its_signs(tmp_path: Path):
    (one,) = read_folder(folder(tmp_path, {**DRAFT, "open": 2, "first": 3, "agreed": 0.5}, trade="boutique-fr"))
    assert (one.finished.open, one.finished.first, one.finished.agreed) == (True, 3, 0.5)
    assert (one.finished.questions, one.finished.reply.language) == (tuple(DRAFT["questions"]), "fr")


def test_only_what_is_right_and_complete_counts_as_right(tmp_path: Path):
    drafts = [{**DRAFT, "label": label} for label in LABELS]
    assert [one.right for one in read_folder(folder(tmp_path, *drafts))] == [True, False, False]


def test_one_json_object_comes_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    main(["--data", str(folder(tmp_path, DRAFT, FORGED)), "--json"])
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(found) == ["n", "ece", "brier", "auroc", "bins"]
    assert (found["n"], found["auroc"], sum(row["n"] for row in found["bins"])) == (2, 1.0, 2)


def test_people_read_a_line_for_each_figure_and_each_tenth(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    main(["--data", str(folder(tmp_path, DRAFT))])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["n", "ece", "brier", "auroc", "0.9-1.0"]


MALFORMED: dict[str, dict[str, Any]] = {
    "an unknown label": {"label": "fine"},
    "no questions": {"questions": None},
    "a question that is no text": {"questions": [7]},
    "a cite of another form": {"sentences": [{"text": "x", "cites": ["P1.1"]}]},
    "a cite that is no text": {"sentences": [{"text": "x", "cites": [1]}]},
    "a passage that is not there": {"sentences": [{"text": "x", "cites": ["4.1"]}]},
    "a sentence that is not there": {"sentences": [{"text": "x", "cites": ["0.9"]}]},
    "a sentence without a text": {"sentences": [{"cites": []}]},
    "a sentence that is no object": {"sentences": ["x"]},
    "a passage without a title": {"passages": [{"sentences": ["x"]}]},
    "a passage that is no object": {"passages": ["x"]},
    "a place before the first": {"first": -1},
    "more than all": {"agreed": 1.5},
    "not a number": {"agreed": float("nan")},
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_draft_is_refused_in_one_line(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(folder(tmp_path, DRAFT, {**DRAFT, **MALFORMED[name]}))])
    told = capsys.readouterr()
    assert (ended.value.code, told.out, len(told.err.splitlines())) == (2, "", 1)
    assert "drafts-shop-en.jsonl" in told.err


@pytest.mark.parametrize("text", ["", "nonsense\n", "[]\n", "{}\n", "\udcff"])
def test_a_file_that_holds_no_drafts_is_refused(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "drafts-shop-en.jsonl").write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(tmp_path)])
    assert (ended.value.code, len(capsys.readouterr().err.splitlines())) == (2, 1)


@pytest.mark.parametrize("name", ["empty", "missing"])
def test_a_folder_without_drafts_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "empty").mkdir()
    with pytest.raises(SystemExit) as ended:
        main(["--data", str(tmp_path / name)])
    assert (ended.value.code, "no drafts-*.jsonl" in capsys.readouterr().err) == (2, True)


def labels() -> dict[str, list[tuple[str, str]]]:
    rows = (
        (path, json.loads(line)) for path in sorted(CASES.glob("*.jsonl")) for line in path.read_text().splitlines()
    )
    by_trade: dict[str, list[tuple[str, str]]] = {}
    for path, row in rows:
        by_trade.setdefault(path.stem.removeprefix("drafts-"), []).append((row["id"], row["label"]))
    return by_trade


def test_there_are_enough_labelled_drafts_of_each_kind_in_both_languages():
    for code in ("en", "fr"):
        own = [label for trade, rows in labels().items() if trade.endswith(code) for _, label in rows]
        assert min(own.count(label) for label in LABELS) >= 50
        assert len(own) >= 300


def test_no_draft_stands_twice():
    assert [trade for trade, rows in labels().items() if len({name for name, _ in rows}) != len(rows)] == []


def test_one_trade_is_still_judged_as_it_was(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    (tmp_path / "drafts-gym-en.jsonl").write_bytes((CASES / "drafts-gym-en.jsonl").read_bytes())
    main(["--data", str(tmp_path), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["n"] >= 60, found["auroc"] >= 0.93, found["brier"] <= 0.1) == (True, True, True)
