"""The bench of masking on a tenant's tickets: labels in raw HTML are found again in plain text, and counted rightly."""

import json
from pathlib import Path

import pytest

from guardrails.pii.spans import Span
from tests.bench import pii, pii_tenants

TICKET = {
    "id": "t1",
    "subject": "Question of Zoé",
    "body_html": "<p>Hello &amp; thanks,<br>my sister <b>Anne</b> lives in Nancy.</p><p>Oscar</p>",
    "channel": "email",
    "requester": {"name": "Oscar Bell", "email": "oscar@bell.example"},
    "cc": [],
    "history": [{"author": "agent", "public": True, "body_html": "<p>Dear Oscar</p>"}],
}


def label(name: str, text: str, kind: str) -> dict[str, object]:
    raw = {"body": TICKET["body_html"], "history.0": "<p>Dear Oscar</p>"}[name]
    start = str(raw).index(text)
    return {"field": name, "start": start, "end": start + len(text), "label": kind}


def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *labels: dict[str, object]) -> Path:
    """A tenant with one ticket and these labels."""
    tenant, written = tmp_path / "shop", tmp_path / "labels"
    tenant.mkdir()
    written.mkdir()
    (tenant / "tickets.jsonl").write_text(json.dumps(TICKET), encoding="utf-8")
    (written / "shop.jsonl").write_text(json.dumps({"id": "t1", "spans": labels}), encoding="utf-8")
    monkeypatch.setattr(pii_tenants, "LABELS", written)
    return tenant


def test_the_figures_have_the_keys_of_the_bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    labels = label("body", "Anne", "NAME"), label("body", "Nancy", "NOT"), label("history.0", "Oscar", "NAME")
    pii.main(["--tenants", str(folder(tmp_path, monkeypatch, *labels)), "--json"])
    assert json.loads(capsys.readouterr().out) == {
        "spans_masked": 4,
        "not_personal": 1,
        "not_personal_share": 0.25,
        "names": 2,
        "names_found": 2,
        "names_recall": 1.0,
    }


def test_people_read_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    pii.main(["--tenants", str(folder(tmp_path, monkeypatch, label("body", "lives", "NAME")))])
    shown = capsys.readouterr().out
    assert ("[Anne]" in shown, "[lives]" in shown, "[Oscar]" in shown) == (True, True, False)


def test_a_label_is_found_again_behind_tags_and_entities():
    part = pii_tenants._part(str(TICKET["body_html"]), [label("body", "Nancy", "NOT")], is_html=True)
    assert [part.text[each.start : each.end] for each in part.labels] == ["Nancy"]


def test_an_address_counts_by_its_form_and_a_name_of_the_ticket_by_its_words():
    part = pii_tenants.Part("Chez Oscar, a@b.example", ())
    names = frozenset({"oscar", "bell"})
    found = [Span(12, 23, "EMAIL"), Span(5, 10, "NAME"), Span(0, 4, "NAME")]
    assert [pii_tenants._is_personal(span, part, names) for span in found] == [True, True, False]


def test_neither_data_nor_tenants_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as stop:
        pii.main([])
    assert (stop.value.code, capsys.readouterr().err.count("\n")) == (2, 1)


@pytest.mark.parametrize("name", ["nimbel", "ondaval"])
def test_labels_copy_no_text(name: str):
    lines = (pii_tenants.LABELS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    spans = [span for line in lines for span in json.loads(line)["spans"]]
    assert {key for span in spans for key in span} == {"field", "start", "end", "label"}
    assert all(0 <= span["start"] < span["end"] for span in spans)
