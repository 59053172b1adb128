"""The benches of sensitive topics and of triage read what they should, refuse what they should, and count rightly."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench import files, sensitive, triage
from tests.bench.sensitive import LEFT_OUT, Judged, figures_of, measured

PLAIN = {"id": "n1", "lang": "en", "category": None, "text": "Where is my parcel?"}
GRAVE = {"id": "s1", "lang": "en", "category": "self_harm", "text": "I want to kill myself."}
LEGAL = {"id": "l1", "lang": "en", "category": "legal_threat", "text": "My lawyer will take you to court."}
KEYS = ["recall", "macro", "critical", "category_accuracy", "false_escalation", "ms_per_ticket"]


def written(path: Path, *rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def judged(category: str | None, *seen: str) -> Judged:
    return Judged("x", category, frozenset(seen), 0.002)


def refused(bench: Any, path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stop:
        bench(["--data", str(path), "--json"])
    told = capsys.readouterr()
    assert (stop.value.code, told.err.count("\n"), told.out) == (2, 1, "")
    return told.err


@pytest.mark.parametrize("bench", [sensitive.main, triage.main])
def test_a_missing_file_is_refused_in_one_line(bench: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert "cannot be read" in refused(bench, tmp_path / "none.jsonl", capsys)


@pytest.mark.parametrize("bench", [sensitive.main, triage.main])
def test_a_folder_without_files_is_refused_in_one_line(bench: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert "no .jsonl file" in refused(bench, tmp_path, capsys)


@pytest.mark.parametrize("bench", [sensitive.main, triage.main])
@pytest.mark.parametrize(
    "line", ["not json", "[]", "7", '{"id": "a"}', '{"text": "a"}', '{"id": "a", "text": 7}', "\n"]
)
def test_a_malformed_line_is_refused_in_one_line(
    bench: Any, line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    refused(bench, written(tmp_path / "a.jsonl", line), capsys)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"id": "a", "text": "b"}, "neither 'category' nor 'intent'"),
        ({"id": "a", "text": "b", "intent": None}, "neither 'category' nor 'intent'"),
        ({"id": "a", "text": "b", "category": "weather"}, "'weather' is no sensitive topic"),
    ],
)
def test_a_line_that_says_nothing_of_its_topic_is_refused(
    row: dict[str, Any], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert why in refused(sensitive.main, written(tmp_path / "a.jsonl", PLAIN, row), capsys)


def test_the_bench_prints_one_object_with_its_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(tmp_path / "a.jsonl", PLAIN, GRAVE, LEGAL)
    sensitive.main(["--data", str(path), "--json", "--words-only"])
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == KEYS
    assert {key: figures[key] for key in KEYS[:-1]} == {
        "recall": {"self_harm": 1.0, "legal_threat": 1.0},
        "macro": 1.0,
        "critical": 1.0,
        "category_accuracy": 1.0,
        "false_escalation": 0.0,
    }


def test_without_json_each_topic_has_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    sensitive.main(["--data", str(written(tmp_path / "a.jsonl", PLAIN, GRAVE)), "--words-only"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["self_harm", *KEYS[1:]]


def test_a_folder_is_read_with_the_folders_in_it(tmp_path: Path):
    written(tmp_path / "b" / "two.jsonl", GRAVE)
    written(tmp_path / "one.jsonl", PLAIN)
    written(tmp_path / "notes.txt", "not a bench's file")
    assert [row["id"] for row in files.read_all(tmp_path, sensitive.FIELDS)] == ["s1", "n1"]


def test_a_file_of_intents_is_all_ordinary_but_for_those_left_out():
    rows = [
        {"id": str(at), "text": "I want to kill myself.", "intent": name} for at, name in enumerate(sorted(LEFT_OUT))
    ]
    figures = measured([*rows, {"id": "x", "text": "Where is my parcel?", "intent": "card_arrival"}])
    assert (len(LEFT_OUT), figures["recall"], figures["false_escalation"]) == (14, {}, 0.0)


def test_what_cannot_be_divided_is_null():
    figures = figures_of([judged(None)])
    assert [figures[key] for key in ("macro", "critical", "category_accuracy")] == [None, None, None]
    assert figures_of([judged("minors", "minors")])["false_escalation"] is None


def test_a_ticket_counts_as_found_under_any_topic_but_as_right_only_under_its_own():
    figures = figures_of([judged("minors", "regulator"), judged("minors"), judged("minors", "minors", "regulator")])
    assert (figures["recall"], figures["category_accuracy"]) == ({"minors": 0.6667}, 0.3333)


def test_macro_weighs_topics_alike_and_critical_weighs_tickets_alike():
    figures = figures_of(
        [
            judged("self_harm", "x"),
            judged("self_harm", "x"),
            judged("self_harm"),
            judged("data_breach", "x"),
            judged("minors"),
        ]
    )
    assert (figures["macro"], figures["critical"]) == (round((2 / 3 + 1 + 0) / 3, 4), 0.75)


def test_false_escalation_is_a_share_of_the_ordinary_ones():
    figures = figures_of([judged(None, "minors"), judged(None), judged(None), judged(None), judged("minors")])
    assert (figures["false_escalation"], figures["ms_per_ticket"]) == (0.25, 2.0)


def test_vectors_are_asked_for_each_ticket():
    asked: list[int] = []

    def none(texts: Any) -> list[Any]:
        asked.append(len(texts))
        return []

    measured([PLAIN, GRAVE], none)
    assert asked == [1, 1, 1]


TOPICS = [
    {
        "set": "shop",
        "name": "parcels",
        "description": "Where a parcel is, delivery and tracking.",
        "intents": ["where"],
    },
    {"set": "shop", "name": "money", "description": "Refunds and invoices.", "intents": ["refund", "invoice"]},
    {"set": "zoo", "name": "animals", "description": "Parcels for lions.", "intents": ["lion"]},
]


def asked(text: str, intent: str = "", **more: Any) -> dict[str, Any]:
    return {"id": "1", "set": "shop", "text": text, "intent": intent, **more}


def test_topics_are_chosen_among_those_of_the_same_set():
    rows = [
        asked("Where is my parcel?", "where"),
        asked("I want a refund", "refund"),
        asked("Send the invoice", "where"),
    ]
    assert triage.measured(rows, TOPICS)["topic_accuracy"] == 0.6667


def test_an_intent_that_no_topic_lists_is_not_judged():
    figures = triage.measured([asked("Where is my parcel?", "where"), asked("Do lions sing?", "song")], TOPICS)
    assert (figures["n"], figures["topic_accuracy"], figures["language_accuracy"]) == (2, 1.0, None)


def test_a_topic_of_its_own_is_judged_by_the_standard_ones():
    rows = [{"id": "1", "text": "Where is my parcel?", "topic": "delivery", "language": "en"}]
    assert triage.measured(rows, TOPICS)["topic_accuracy"] == 1.0


def test_languages_are_counted_under_either_name():
    rows = [
        {"id": "1", "text": "Is an instant transfer free?", "lang": "en"},
        {"id": "2", "text": "Un virement instantané est-il gratuit ?", "language": "fr"},
        {"id": "3", "text": "Wo ist mein Paket und wann kommt es?", "lang": "en"},
        {"id": "4", "text": "Où est mon colis ?"},
    ]
    assert triage.measured(rows, TOPICS)["language_accuracy"] == 0.6667


def test_triage_prints_one_object_with_its_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data, topics = (
        written(tmp_path / "a.jsonl", asked("My parcel?", "where", lang="en")),
        written(tmp_path / "t", *TOPICS),
    )
    triage.main(["--data", str(data), "--topics", str(topics), "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == ["n", "topic_accuracy", "language_accuracy", "ms_per_ticket"]
    assert (figures["n"], figures["topic_accuracy"], figures["language_accuracy"]) == (1, 1.0, 1.0)


def test_topics_that_cannot_be_read_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    data = written(tmp_path / "a.jsonl", asked("My parcel?", "where"))
    with pytest.raises(SystemExit) as stop:
        triage.main(["--data", str(data), "--topics", str(written(tmp_path / "t", {"set": "shop"}))])
    assert (stop.value.code, "'name' is missing" in capsys.readouterr().err) == (2, True)


def test_klarks_own_topics_list_each_intent_once():
    topics = files.read_rows(triage.OURS, triage.TOPIC_FIELDS)
    listed = [(row["set"], intent) for row in topics for intent in row["intents"]]
    assert (len(listed), len(set(listed))) == (254, 254)
    assert all("\n" not in row["description"] and row["description"] for row in topics)


def test_the_file_of_languages_is_mixed_and_has_short_lines():
    rows = files.read_rows(Path(__file__).parent / "cases/triage/language.jsonl", {"id": str, "lang": str, "text": str})
    counts = {code: sum(row["lang"] == code for row in rows) for code in ("en", "fr")}
    short = sum(len(row["text"].split()) <= 3 for row in rows)
    assert (len(rows) >= 600, min(counts.values()) >= 300, short >= 150) == (True, True, True)
    assert len({row["id"] for row in rows}) == len(rows)
