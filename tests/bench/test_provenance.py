"""The bench on provenance reads a tenant's folder and counts."""

import json
from pathlib import Path

import pytest

from tests.bench import provenance

ARTICLE = {
    "id": "a",
    "title": "Returns",
    "lang": "en",
    "body_html": "<h2>Time</h2><table><tr><th>Item</th><th>Days</th></tr><tr><td>Kettle</td><td>14 days</td></tr></table>",
}
TICKET = {
    "id": "t1",
    "subject": "Kettle",
    "body_html": "<p>It came on 3 November.</p>",
    "history": [
        {"from": "agent", "public": True, "body_html": "<p>Order 77123</p>"},
        {"public": False, "body_html": "x 9"},
    ],
    "expect": {"lang": "en"},
}
ROW = "Item: Kettle; Days: 14 days."
REPLY = {
    "id": "t1",
    "sentences": [
        {"text": "Order 77123 has 14 days.", "quotes": [ROW]},
        {"text": "You have 14 days from 3 November, so until 17 November.", "quotes": [ROW]},
    ],
}
LIE = {"id": "t1", "n": 2, "kind": "applied", "text": "You have 14 days from 3 November, so until 20 November."}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = {"articles": [ARTICLE], "tickets": [TICKET], "replies": [REPLY], "lies": [LIE, {**LIE, "kind": "scope"}]}
    for name, each in rows.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, each)), encoding="utf-8")
    return tmp_path


def test_values_are_counted_by_origin(folder: Path, capsys: pytest.CaptureFixture[str]):
    provenance.main(["--data", str(folder), "--json"])
    assert json.loads(capsys.readouterr().out) == {
        "values": 5,
        "with_provenance": 5,
        "share": 1.0,
        "by_origin": {"source": 2, "customer": 2, "derived": 1, "refuted": 0, "none": 0},
        "refuted_honest": 0,
        "honest_held": 0,
        "refuted_lies": 1,
        "lies_held": 1,
        "lies": 1,
        "refuted_other_lies": 1,
    }


def test_what_is_open_is_shown(folder: Path, capsys: pytest.CaptureFixture[str]):
    provenance.main(["--data", str(folder), "--show"])
    assert [line.partition(" |")[0] for line in capsys.readouterr().out.splitlines() if " | " in line] == [
        "honest t1 2",
        "applied t1 2",
        "scope t1 2",
    ]


def test_a_folder_without_articles_is_refused(tmp_path: Path):
    with pytest.raises(SystemExit) as stop:
        provenance.main(["--data", str(tmp_path)])
    assert stop.value.code == 2
