"""The benches read what they should, refuse what they should, and count rightly. No figure of theirs is asserted here."""

import json
import random
from pathlib import Path

import pytest

from guardrails.base import Source
from tests.bench import forgeries, grounding
from tests.bench.faithful import Faithful, is_prose
from tests.bench.forging import FORGERS
from tests.bench.rewording import reworded

RULE = "You can return the kettle within 14 days, unless the seal is broken."
REGLE = "Vous pouvez retourner la bouilloire sous 14 jours, sauf si le sceau est rompu."


def one(text: str, language: str = "en") -> Faithful:
    """A faithful copy of a sentence."""
    return Faithful(text, Source("a", text, "Kettles", around=text), language)


@pytest.mark.parametrize("bench", [grounding.main, forgeries.main])
def test_a_missing_file_is_refused_in_one_line(bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        bench(["--data", str(tmp_path / "none")])
    assert (stop.value.code, capsys.readouterr().err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    "line",
    [
        "not json",
        "[]",
        '{"id": "a"}',
        '{"id":"a","set":"s","lang":"en","context":1,"claim":"c","supported":true}',
        "\n",
    ],
)
def test_a_malformed_line_is_refused_in_one_line(line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "claims.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        grounding.main(["--data", str(path), "--json"])
    assert (stop.value.code, capsys.readouterr().err.count("\n")) == (2, 1)


def test_grounding_prints_one_object_by_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    row = {
        "id": "1",
        "set": "own",
        "lang": "en",
        "context": "The lamp is red.",
        "claim": "The lamp is red.",
        "supported": True,
    }
    other = {**row, "id": "2", "claim": "Whales sing at night.", "supported": False}
    path = tmp_path / "claims.jsonl"
    path.write_text(f"{json.dumps(row)}\n{json.dumps(other)}\n", encoding="utf-8")
    grounding.main(["--data", str(path), "--json"])
    figures = json.loads(capsys.readouterr().out)["own"]
    assert (figures["n"], figures["auroc"], figures["bacc"]) == (2, 1.0, 1.0)
    assert set(figures) == {"n", "auroc", "bacc", "ms_per_claim"}


def test_the_area_counts_ties_half():
    assert grounding.auroc([(True, 0.9), (True, 0.5), (False, 0.5), (False, 0.1)]) == 0.875
    assert grounding.auroc([(True, 0.9)]) == 0.5


def test_chunks_of_one_claim_count_once():
    rows = [
        ({"set": "wice-x", "id": str(at), "claim": "c", "supported": True}, score) for at, score in ((1, 0.2), (2, 0.6))
    ]
    assert grounding.clustered(rows) == [(True, pytest.approx(0.4))]


@pytest.mark.parametrize(("text", "language"), [(RULE, "en"), (REGLE, "fr")])
@pytest.mark.parametrize("kind", FORGERS)
def test_every_forger_changes_a_rule_that_has_it_all(kind: str, text: str, language: str):
    forged = FORGERS[kind](one(text, language), random.Random(1))
    assert forged is not None
    assert forged != text


def test_a_dropped_condition_leaves_the_rest():
    assert FORGERS["dropped condition"](one(RULE), random.Random(1)) == "You can return the kettle within 14 days."


@pytest.mark.parametrize(("text", "language"), [(RULE, "en"), (REGLE, "fr")])
def test_other_words_keep_the_condition_and_differ(text: str, language: str):
    said = {other.text for seed in range(20) if (other := reworded(text, language, random.Random(seed)))}
    assert len(said) >= 5
    assert text not in said
    assert all("seal" in other or "sceau" in other for other in said)


def test_the_same_seed_says_the_same():
    assert reworded(RULE, "en", random.Random(4)) == reworded(RULE, "en", random.Random(4))


@pytest.mark.parametrize(
    "text", ["Short one.", "## A heading of a page with words.", "Is this a question that has many words?"]
)
def test_only_whole_plain_sentences_stand_in_replies(text: str):
    assert not is_prose(text)
    assert is_prose(RULE)


def test_forgeries_give_every_kind_and_the_alarms():
    body = " ".join(
        (RULE, "Parcels are weighed at the counter before they leave.", "You must keep the receipt if you pay in cash.")
    )
    figures = forgeries.measured([{"id": "a", "title": "Kettles", "body": body, "lang": "en"}])
    assert set(figures["kinds"]) == set(FORGERS)
    assert all(set(found) == {"n", "caught"} for found in figures["kinds"].values())
    assert figures["false_alarm_verbatim"] == 0.0
