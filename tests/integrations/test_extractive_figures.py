"""A figure that the customer names with its unit, and whether a sentence gives it."""

import pytest

from integrations.llms.extractive_figures import figures_of, told
from tests.integrations.test_extractive import cited, passage

POWER = passage(
    "Mains power at the berth is 6 A and is included in the berth fee.",
    "A supply of 16 A costs 4 € a day.",
    "Water is free.",
    title="Power at the berth",
)


@pytest.mark.parametrize(("text", "figures"), [
    ("my heater needs 16 amps", {("16", "amps")}), ("a 2kW oven and 3 bikes", {("2", "kW"), ("3", "bikes")}),
    ("it costs 4 € a day", set()), ("1.5 litres", set()), ("room 12", set()), ("", set()),
])  # fmt: skip
def test_a_figure_is_a_number_with_its_unit(text: str, figures: set[tuple[str, str]]):
    assert figures_of(text) == figures


@pytest.mark.parametrize(("sentence", "asked", "gives"), [
    ("A supply of 16 A costs 4 €.", ("16", "amps"), True), ("16 amps cost 4 €.", ("16", "amp"), True),
    ("Une prise de 16 A coûte 4 €.", ("16", "amperes"), True), ("Power is 6 A.", ("16", "amps"), False),
    ("It takes 16 days.", ("16", "amps"), False), ("It takes 16 a week.", ("16", "amps"), False),
    ("It weighs 2 kg.", ("2", "kites"), False), ("Up to 3 bikes.", ("3", "bikes"), True),
])  # fmt: skip
def test_a_sentence_gives_a_figure_with_its_unit_in_full_or_as_a_symbol(
    sentence: str, asked: tuple[str, str], gives: bool
):
    assert told(sentence, asked) is gives


def test_the_line_with_the_figure_that_is_named_goes_along():
    assert cited("My heater needs 16 amps. Is power included?", of=(POWER,)) == ["P1.1", "P1.2"]
    assert cited("My heater needs 6 amps. Is power included?", of=(POWER,)) == ["P1.1"]
    assert cited("Is power included?", of=(POWER,)) == ["P1.1"]
