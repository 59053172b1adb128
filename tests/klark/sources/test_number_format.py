"""Numbers as a spreadsheet displays them; what is not known is said to be so, never guessed."""

from datetime import date, datetime, time, timedelta

import pytest

from klark.sources.number_format import displayed


@pytest.mark.parametrize(("value", "code", "shown"), [
    (1234.5, "#,##0.00 €", "1,234.50 €"),
    (1234.5, '#,##0.00\\ "€"', "1,234.50 €"),
    (1234.5, "[$€-40C] #,##0.00", "€ 1,234.50"),
    (1234, "# ##0", "1 234"),
    (0.125, "0.0%", "12.5%"),
    (0.2, "0 %", "20 %"),
    (12, "00000", "00012"),
    (1.5, "0.##", "1.5"),
    (2, "0.##", "2"),
    (2.5, "0", "3"),
    (1234567, '0.0,,"M"', "1.2M"),
    (-3, "0.00;(0.00)", "(3.00)"),
    (-3, "0.00", "-3.00"),
    (0, '0.00;-0.00;"free"', "free"),
    (5, '"from "0" pieces"', "from 5 pieces"),
    (3, "_-* #,##0.00_-", "3.00"),
    (3, "[Red]0.0", "3.0"),
    (12.5, "General", "12.5"),
    (0.1 + 0.2, "General", "0.3"),
    (10_000_000, "General", "10000000"),
    (-0.001, "0.0", "0.0"),
])  # fmt: skip
def test_a_number_is_displayed_by_its_code(value: float, code: str, shown: str) -> None:
    assert displayed(value, code) == shown


@pytest.mark.parametrize("code", ["# ?/?", "0.00E+00", "yyyy", '0" or "0'])
def test_a_code_that_is_not_known_shows_nothing(code: str) -> None:
    assert displayed(1.5, code) is None


@pytest.mark.parametrize(("value", "shown"), [
    (None, ""), (True, "TRUE"), ("12", "12"), (date(2026, 1, 2), "2026-01-02"), (time(9, 30), "09:30"),
    (datetime(2026, 1, 2), "2026-01-02"), (datetime(2026, 1, 2, 9, 5), "2026-01-02 09:05"),
    (timedelta(hours=2), "2:00:00"),
])  # fmt: skip
def test_other_values_are_read_alike_everywhere(value: object, shown: str) -> None:
    assert displayed(value, "General") == shown
