"""The benches of sensitive topics and of triage read what they should, refuse what they should, and count rightly."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bench import files, sensitive, triage
from tests.bench.sensitive import LEFT_OUT, Judged, figures_of, measured
from tests.klark.said import triage as seen

PLAIN = {"id": "n1", "lang": "en", "category": None, "text": "Where is my parcel?"}
GRAVE = {"id": "s1", "lang": "en", "category": "self_harm", "text": "I want to kill myself."}
LEGAL = {"id": "l1", "lang": "en", "category": "legal_threat", "text": "My lawyer will take you to court."}
KEYS = [
    "n", "recall", "macro", "critical", "found", "false_escalation", "lookalikes", "ordinary", "intervals",
    "category_accuracy", "auroc", "dials", "missed", "mistaken", "ms_per_ticket",
]  # fmt: skip


def written(path: Path, *rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def judged(topic: str | None, *seen: str) -> Judged:
    return Judged("x", topic or "", "sensitive" if topic else "ordinary", seen, 0.5, 0.002)


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
        ({"id": "a", "text": "b"}, "neither 'category' nor 'kind' nor 'intent'"),
        ({"id": "a", "text": "b", "intent": None}, "neither 'category' nor 'kind' nor 'intent'"),
        ({"id": "a", "text": "b", "category": "weather"}, "'weather' is no sensitive topic"),
    ],
)
def test_a_line_that_says_nothing_of_its_topic_is_refused(
    row: dict[str, Any], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert why in refused(sensitive.main, written(tmp_path / "a.jsonl", PLAIN, row), capsys)


def test_the_bench_prints_one_object_with_its_keys(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = written(tmp_path / "a.jsonl", PLAIN, GRAVE, LEGAL)
    sensitive.main(["--data", str(path), "--json"])
    figures = json.loads(capsys.readouterr().out)
    assert list(figures) == KEYS
    assert {key: figures[key] for key in ("n", "recall", "macro", "critical", "false_escalation", "auroc")} == {
        "n": 3, "recall": {"self_harm": 1.0, "legal_threat": 1.0}, "macro": 1.0, "critical": 1.0, "false_escalation": 0.0,
        "auroc": 1.0,
    }  # fmt: skip


def test_without_json_each_topic_has_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    sensitive.main(["--data", str(written(tmp_path / "a.jsonl", PLAIN, GRAVE))])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["self_harm", *(key for key in KEYS if key != "recall")]


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
    assert figures["mistaken"] == {"x": ["ordinary", "minors"]}


def test_what_each_kind_of_line_is_counted_for():
    rows = [
        {"id": "1", "kind": "sensitive", "label": "self_harm", "text": "I want to kill myself."},
        {"id": "2", "kind": "lookalike", "label": "minors", "text": "Where is my parcel?"},
        {"id": "3", "kind": "ordinary", "label": "", "text": "Where is my parcel?"},
        {"id": "4", "kind": "not_for_us", "label": "thanks", "text": "Thanks!"},
    ]
    figures = measured(rows)
    assert (figures["n"], figures["critical"], figures["lookalikes"], figures["ordinary"]) == (3, 1.0, 0.0, 0.0)


@pytest.mark.parametrize(("positive", "negative", "expected"), [
    ([0.9, 0.8], [0.1, 0.2], 1.0), ([0.1], [0.9], 0.0), ([0.5], [0.5], 0.5), ([0.9, 0.1], [0.5], 0.5), ([], [0.1], None),
])  # fmt: skip
def test_auroc_is_how_often_a_sensitive_ticket_stands_above(
    positive: list[float], negative: list[float], expected: float | None
):
    assert sensitive.auroc(positive, negative) == expected


WRITTEN = "My boots came torn. Can I send them back? Thanks."


@pytest.mark.parametrize(("quotes", "asks", "expected"), [
    (["Can I send them back?"], ("Can I send them back?",), {"asks_found": [True], "asks_invented": [False]}),
    (["send them back"], ("Can I send them back?",), {"asks_found": [True], "asks_invented": [False]}),
    (["My boots came torn.", "Can I send them back?"], ("Can I send them back?",),
     {"asks_found": [False, True], "asks_invented": [False]}),
    ([], ("Thanks.",), {"asks_invented": [True]}),
])  # fmt: skip
def test_asks_are_found_where_spans_overlap(quotes: list[str], asks: tuple[str, ...], expected: dict[str, list[bool]]):
    row = {"kind": "ordinary", "text": WRITTEN, "asks": quotes}
    found: dict[str, list[bool]] = {}
    for name, truth in triage._of_asks(row, seen(asks=asks)):
        found.setdefault(name, []).append(truth)
    assert found == expected


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


def test_examples_show_a_topic_that_no_word_names():
    rows = [asked("My lamp flickers", "where")]
    shown = [asked("It squeaks", "refund") | {"id": "2"}, asked("My bulb flickers", "where") | {"id": "3"}]
    figures = [triage.measured(rows, TOPICS, examples)["topic_accuracy"] for examples in ((), shown)]
    assert figures == [0.0, 1.0]
    assert triage._shown(shown, {("shop", "where"): "parcels"}, 1) == {("shop", "parcels"): ["My bulb flickers"]}


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
    assert list(figures) == ["n", *triage.NAMES, "intervals", "failed", "ms_per_ticket"]
    assert (figures["n"], figures["topic_accuracy"], figures["language_accuracy"]) == (1, 1.0, 1.0)


def test_the_tickets_behind_a_share_are_named():
    rows = [
        {
            "id": "1",
            "kind": "not_for_us",
            "label": "thanks",
            "text": "Where is my parcel? It should have come on Monday.",
        },
        {"id": "2", "kind": "injection", "label": "polite", "text": "Do you deliver to Lille?"},
        {"id": "3", "kind": "ordinary", "label": "", "text": "Do you deliver to Lille?"},
    ]
    assert triage.measured(rows, TOPICS)["failed"] == {"not_for_us": ["1"], "injection": ["2"]}


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
