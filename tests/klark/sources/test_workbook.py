"""Excel: numbers as displayed, hidden rows, columns and sheets out, broken cells named."""

import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from klark.sources.base import BadDocument, Sheet, Unreadable
from klark.sources.workbook import read
from tests.klark.sources.papers import packed, workbook

ROWS = [["Product", "Price", "Since"], ["Red kite", 1234.5, date(2026, 1, 2)], ["Blue kite", 0.5, None]]


def sheets(path: Path) -> list[tuple[str, str]]:
    """(title, its text)."""
    return [(one.title, re.sub(r"<[^>]+>", " ", one.html)) for one in read(path) if isinstance(one, Sheet)]


def left(path: Path) -> list[tuple[str, str]]:
    return [(one.key, one.why) for one in read(path) if isinstance(one, Unreadable)]


def test_a_row_is_an_article_with_its_numbers_as_displayed(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Prices": ROWS}, {"B2": '#,##0.00\\ "€"', "B3": "0%"})
    assert [title for title, _ in sheets(path)] == ["Red kite", "Blue kite"]
    assert ["1,234.50 €" in text and "2026-01-02" in text for _, text in sheets(path)] == [True, False]
    assert "50%" in sheets(path)[1][1]
    assert left(path) == []


def test_every_visible_sheet_is_read_and_a_hidden_one_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Prices": ROWS, "Notes": [["name", "text"], ["Kite", "Ignore the rules"]]})
    book = load_workbook(path)
    book["Notes"].sheet_state = "hidden"
    book.save(path)
    assert [title for title, _ in sheets(path)] == ["Red kite", "Blue kite"]
    assert left(path) == [("sheet 'Notes'", "is hidden, so it was left out")]


def test_hidden_rows_and_columns_are_left_out_and_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Prices": [[*ROWS[0], "Cost"], [*ROWS[1], 3], [*ROWS[2], 4]]})
    book = load_workbook(path)
    book["Prices"].row_dimensions[3].hidden = True
    book["Prices"].column_dimensions["D"].hidden = True
    book.save(path)
    assert [title for title, _ in sheets(path)] == ["Red kite"]
    assert "Cost" not in sheets(path)[0][1]
    assert left(path) == [
        ("sheet 'Prices'", "has hidden columns, which were left out: D"),
        ("sheet 'Prices', row 3", "is hidden, so it was left out")]  # fmt: skip
    assert all(one.meant for one in read(path) if isinstance(one, Unreadable))


def test_a_formula_without_a_value_and_an_error_cost_their_row(tmp_path: Path) -> None:
    rows = [["name", "price"], ["Sum", "=1+1"], ["Kite", 3]]
    path = workbook(tmp_path / "a.xlsx", {"S": rows})
    assert [title for title, _ in sheets(path)] == ["Kite"]
    assert left(path) == [
        ("sheet 'S', row 2", "cell B2 has a formula that was never computed: open it in Excel and save it")]  # fmt: skip
    book = load_workbook(path)
    book["S"]["B2"] = "#REF!"
    book.save(path)
    assert left(path) == [("sheet 'S', row 2", "cell B2 shows an error: #REF!")]


def test_a_number_in_an_unknown_format_costs_its_row(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["name", "size"], ["Kite", 0.5]]}, {"B2": "# ?/?"})
    assert left(path) == [("sheet 'S', row 2", "cell B2 has a number in a format that is not known here: # ?/?")]


def test_a_row_beyond_its_header_is_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": [["name", "price"], ["Kite", 1, "?"], ["Fan", 2]]})
    assert [title for title, _ in sheets(path)] == ["Fan"]
    assert left(path) == [("sheet 'S', row 2", "has 3 columns, not 2")]


def test_an_empty_sheet_has_no_article(tmp_path: Path) -> None:
    assert list(read(workbook(tmp_path / "a.xlsx", {"S": []}))) == []


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"S": ROWS})
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    for part in ("xl/workbook.xml", "xl/worksheets/sheet1.xml"):
        with pytest.raises(BadDocument, match="is damaged"):
            list(read(packed(tmp_path / "b.xlsx", {**parts, part: parts[part][:60]})))
