"""What masking does to a tenant's own tickets: names found, and spans masked that are no personal data.

The labels of tests/cases/pii/tenants are places in the tickets' raw HTML; the mask reads plain text. So each label is put
between two private-use characters before the HTML is read, and taken out of the text again.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import ready  # noqa: F401, isort: skip
from guardrails.pii.mask import Known, find_all
from guardrails.pii.spans import Span
from guardrails.pii.words import fold_in_place
from integrations.helpdesks.text import html_to_text
from klark.trial_files import read_ticket
from klark.values.people import known
from tests.bench import files
from tests.bench.files import Row

LABELS = Path(__file__).resolve().parents[1] / "cases" / "pii" / "tenants"
PERSONAL = frozenset({"NAME", "EMAIL", "PHONE", "ADDRESS", "ID", "BIRTH", "CARD", "IBAN", "URL", "SECRET"})
BY_FORM = frozenset({"EMAIL", "URL", "MR", "MRS", "DR"})
"""Masked by their form alone, whoever's they are; and titles before a name, each as a token that says the same."""
_OPEN, _SHUT = "\ue010", "\ue011"
_MARK = re.compile(f"[{_OPEN}{_SHUT}]")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label by its place in plain text."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a ticket as the mask reads it."""

    text: str
    labels: tuple[Labelled, ...]


def measured(folders: Sequence[Path], public: bool = False) -> dict[str, Any]:
    """The figures over all tickets of the tenants in `folders`, and the spans and names that are wrong."""
    masked, wrong, names, missed = 0, [], 0, []
    for folder in folders:
        for ticket, labels in _labelled(folder):
            parts, own = _parts(ticket, labels), _own_names(ticket)
            for part, spans in zip(parts, _found(ticket, parts, folder if public else None), strict=True):
                masked += len(spans)
                wrong += [
                    f"{ticket['id']}: {_around(part.text, span)}" for span in spans if not _is_personal(span, part, own)
                ]
                named = [each for each in part.labels if each.label == "NAME"]
                names += len(named)
                missed += [
                    f"{ticket['id']}: {_around(part.text, each)}" for each in named if not _is_found(each, spans)
                ]
    return {
        "spans_masked": masked,
        "not_personal": len(wrong),
        "not_personal_share": round(len(wrong) / max(1, masked), 4),
        "names": names,
        "names_found": names - len(missed),
        "names_recall": round(1 - len(missed) / max(1, names), 4),
        "wrong": wrong,
        "missed": missed,
    }


def lines(figures: Mapping[str, Any]) -> list[str]:
    """The figures for people, with what is wrong."""
    told = [f"{name:20} {value}" for name, value in figures.items() if not isinstance(value, list)]
    return [
        *told,
        *(f"masked for nothing   {one}" for one in figures["wrong"]),
        *(f"name left   {one}" for one in figures["missed"]),
    ]


def _labelled(folder: Path) -> Iterator[tuple[Row, list[Row]]]:
    rows = files.read_rows(LABELS / f"{folder.name}.jsonl", {"id": str, "spans": list})
    labels = {row["id"]: row["spans"] for row in rows}
    for ticket in files.read_rows(folder / "tickets.jsonl", {"id": str, "body_html": str}):
        if ticket["id"] in labels:
            yield ticket, labels[ticket["id"]]


def _parts(ticket: Row, labels: Sequence[Row]) -> list[Part]:
    raw = {"subject": ticket.get("subject", ""), "body": ticket["body_html"]}
    raw |= {f"history.{place}": each["body_html"] for place, each in enumerate(ticket.get("history", []))}
    return [
        _part(text, [each for each in labels if each["field"] == name], is_html=name != "subject")
        for name, text in raw.items()
    ]


def _part(raw: str, labels: Sequence[Row], *, is_html: bool) -> Part:
    ordered = sorted(labels, key=lambda each: each["start"])
    for each in reversed(ordered):
        start, end = each["start"], each["end"]
        raw = f"{raw[:start]}{_OPEN}{raw[start:end]}{_SHUT}{raw[end:]}"
    return _unmarked(html_to_text(raw) if is_html else raw, [each["label"] for each in ordered])


def _unmarked(text: str, kinds: Sequence[str]) -> Part:
    """The text without its marks; the marks, two a label, tell where each label stands."""
    places = [mark.start() - number for number, mark in enumerate(_MARK.finditer(text))]
    pairs = zip(places[::2], places[1::2], kinds, strict=True)
    return Part(_MARK.sub("", text), tuple(Labelled(*pair) for pair in pairs))


def _found(ticket: Row, parts: Sequence[Part], folder: Path | None) -> list[tuple[Span, ...]]:
    people: tuple[Known, ...] = known(read_ticket(ticket | {"history": _history(ticket)}))
    return find_all([part.text for part in parts], people, _articles(folder) if folder else "")


def _history(ticket: Row) -> list[Row]:
    return [each | {"from": each.get("from", each.get("author"))} for each in ticket.get("history", [])]


def _articles(folder: Path) -> str:
    rows = [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    return "\n".join(f"{row['title']}\n{html_to_text(row['body_html'])}" for row in rows)


def _is_personal(span: Span, part: Part, names: frozenset[str]) -> bool:
    """Labelled, or nothing but words of a name on the ticket, as in a firm that bears it; an address of mail or a link by
    its form."""
    if span.kind in BY_FORM or names.issuperset(fold_in_place(part.text[span.start : span.end]).split()):
        return True
    return any(each.label in PERSONAL and each.start < span.end and span.start < each.end for each in part.labels)


def _own_names(ticket: Row) -> frozenset[str]:
    people = [ticket.get("requester") or {}, *(one for one in ticket.get("cc", []) if isinstance(one, dict))]
    return frozenset(word for one in people for word in re.findall(r"[^\W\d_]+", fold_in_place(one.get("name", ""))))


def _is_found(label: Labelled, spans: Sequence[Span]) -> bool:
    return any(span.start < label.end and label.start < span.end for span in spans)


def _around(text: str, span: Span | Labelled) -> str:
    before, after = text[max(0, span.start - 30) : span.start], text[span.end : span.end + 20]
    return " ".join(f"{before}[{text[span.start : span.end]}]{after}".split())
