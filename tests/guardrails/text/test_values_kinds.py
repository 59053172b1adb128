"""Money, percentages, durations, quantities and codes: each spelling by what it means, and figures that are something else."""

import pytest

from guardrails.text.units import CURRENCIES, MEASURES, RATES, SPANS
from guardrails.text.values import Value, find_values, plain, rival, stands_in


def kinds(text: str, language: str = "en") -> list[str]:
    return [value.kind for value in find_values(text, language)]


def keys(text: str, language: str = "en") -> set[tuple[str | float | None, ...]]:
    """Every reading of every value in a text."""
    return {key for value in find_values(text, language) for key in value.keys}


def meets(left: str, right: str, language: str) -> bool:
    (ours,) = find_values(left, language)
    return stands_in(ours, find_values(right, language))


def test_every_written_unit_of_time_is_a_duration_in_seconds_months_or_working_days():
    wrong = {unit: keys(f"il faut 40 {unit}", "fr") for unit in SPANS}
    assert {unit: found for unit, found in wrong.items() if (SPANS[unit][0], 40.0 * SPANS[unit][1]) not in found} == {}
    assert keys("40 working days") == keys("40 jours ouvrés", "fr") == keys("40 j ouvrés", "fr") == {("workday", 40.0)}
    assert keys("40 jours ouvrables", "fr") == {("day but Sunday", 40.0)}


def test_every_written_unit_of_measure_is_a_quantity_in_its_base_unit():
    wrong = {unit: find_values(f"environ 40 {unit}", "fr") for unit in MEASURES}
    expected = {unit: (dimension, round(40.0 * factor, 6)) for unit, (dimension, factor) in MEASURES.items()}
    assert {
        unit: found for unit, found in wrong.items() if [v.keys for v in found] != [frozenset({expected[unit]})]
    } == {}
    assert {value.kind for found in wrong.values() for value in found} == {"quantity"}


def test_every_written_currency_is_money_in_its_code():
    wrong = {unit: find_values(f"il faut 40 {unit}", "fr") for unit in CURRENCIES}
    assert {
        unit: found for unit, found in wrong.items() if [v.keys for v in found] != [{(CURRENCIES[unit], 40.0)}]
    } == {}
    assert {value.kind for found in wrong.values() for value in found} == {"money"}


def test_an_amount_is_the_same_however_it_is_written():
    spellings = {
        "en": (
            "€1,250.50",
            "€ 1,250.50",
            "EUR 1,250.50",
            "1,250.50 euros",
            "1 250.50 €",
            "1250.5€",
            "one amount of 1.250,50 EUR",
        ),
        "fr": ("1 250,50 €", "1\u202f250,50\u00a0€", "1250,50€", "1.250,50 euros", "1 250€50", "EUR 1 250,50"),
    }
    for language, texts in spellings.items():
        assert {text: keys(text, language) for text in texts} == {text: {("EUR", 1250.5)} for text in texts}


def test_thousands_and_millions_are_written_out():
    said = {
        "5 k€": 5_000.0, "5k €": 5_000.0, "€5k": 5_000.0, "€ 5 million": 5_000_000.0, "5 M€": 5_000_000.0,
        "5 millions d'euros": 5_000_000.0, "5 million euros": 5_000_000.0, "five million euros": 5_000_000.0,
        "2.5 M€": 2_500_000.0,
    }  # fmt: skip
    assert {text: keys(text) for text in said if keys(text) != {("EUR", said[text])}} == {}


def test_amounts_in_words_are_amounts():
    assert keys("It costs twenty euros.") == keys("Cela coûte vingt euros.", "fr") == {("EUR", 20.0)}
    assert keys("It costs one dollar.") == {("USD", 1.0)}
    assert keys("Cela coûte un euro.", "fr") == {("EUR", 1.0)}
    assert keys("Cela coûte mille deux cents euros.", "fr") == {("EUR", 1200.0)}


def test_a_figure_and_a_word_make_one_number():
    assert keys("5 hundred euros") == keys("500 €") == {("EUR", 500.0)}
    assert keys("30 thousand euros") == keys("30 mille euros", "fr") == {("EUR", 30_000.0)}
    assert keys("2,5 mille euros", "fr") == {("EUR", 2500.0)}
    assert find_values("30 mille euros", "fr")[0].text == "30 mille euros"
    assert keys("40 cents", "fr") == keys("40 cents") == {("cent", 40.0)}
    assert keys("quarante cents", "fr") == {("cent", 40.0)}
    assert keys("quatre cents euros", "fr") == {("EUR", 400.0)}


def test_two_currencies_never_meet():
    amounts = ("5 €", "5 $", "5 £", "5 CHF", "5 ¥", "5 CAD")
    assert [(one, other) for one in amounts for other in amounts if one != other and meets(one, other, "fr")] == []


def test_a_percentage_is_read_in_signs_and_words():
    said = ("15 %", "15%", "15 percent", "15 per cent", "fifteen percent", "15 pct")
    assert [keys(text) for text in said] == [{("%", 15.0)}] * 6
    assert [keys(text, "fr") for text in ("15 pour cent", "quinze pour cent", "15 pour 100")] == [{("%", 15.0)}] * 3
    assert keys("7,5 %", "fr") == keys("7.5%") == {("%", 7.5)}
    assert kinds("15 points") == ["number"]


@pytest.mark.parametrize(
    ("text", "language", "both"),
    [
        ("3 to 5 days", "en", ["3 days", "5 days"]),
        ("3-5 days", "en", ["3 days", "5 days"]),
        ("between 3 and 5 days", "en", ["3 days", "5 days"]),
        ("3 or 5 days", "en", ["3 days", "5 days"]),
        ("3 à 5 jours", "fr", ["3 jours", "5 jours"]),
        ("entre 3 et 5 jours ouvrés", "fr", ["3 jours ouvrés", "5 jours ouvrés"]),
        ("10 à 20 %", "fr", ["10 %", "20 %"]),
        ("10 to 20 kg", "en", ["10 kg", "20 kg"]),
        ("10 – 20 €", "en", ["10 €", "20 €"]),
        ("three to five days", "en", ["3 days", "5 days"]),
    ],
)
def test_both_ends_of_a_range_are_values(text: str, language: str, both: list[str]):
    whole = find_values(text, language)
    assert [stands_in(find_values(end, language)[0], whole) for end in both] == [True, True]
    assert not stands_in(find_values(both[0].replace("3", "4").replace("10", "12"), language)[0], whole)


def test_a_price_for_a_period_has_its_period():
    monthly = ("29 € par mois", "29 €/mois", "29 € / mois", "29 € mensuels", "29 € chaque mois")
    assert [("per", "month", 1) in keys(text, "fr") for text in monthly] == [True] * 5
    assert [
        ("per", "month", 1) in keys(text) for text in ("$29 a month", "$29 per month", "$29 each month", "$29 monthly")
    ] == [True] * 4
    assert [keys(text) & {("per", "month", 12), ("per", "month", 1)} for text in ("$29 a year", "$29")] == [
        {("per", "month", 12)},
        set(),
    ]


def test_every_word_for_a_period_says_its_period():
    wrong = {word: keys(f"29 € {word}", "fr") for word in RATES}
    assert {word: found for word, found in wrong.items() if ("per", *SPANS[RATES[word]]) not in found} == {}


def test_a_month_is_not_thirty_days_nor_a_working_day_a_day():
    different = [
        ("30 days", "one month"), ("5 working days", "5 days"), ("5 days", "one week and two days"),
        ("12 months", "52 weeks"), ("5 minutes", "5 hours"), ("1 h", "100 minutes"), ("3 weeks", "3 months"),
    ]  # fmt: skip
    assert [pair for pair in different if meets(*pair, "en")] == []


def test_lengths_of_time_that_are_equal_meet():
    equal = [
        ("24 hours", "one day"), ("7 days", "one week"), ("two weeks", "14 days"), ("12 months", "one year"),
        ("90 min", "5400 seconds"), ("two quarters", "6 months"), ("five business days", "5 working days"),
        ("5 work days", "5-business-day delivery"),
    ]  # fmt: skip
    assert [pair for pair in equal if not meets(*pair, "en")] == []
    french = [
        ("48 heures", "deux jours"), ("un trimestre", "3 mois"), ("deux ans", "24 mois"), ("un semestre", "6 mois"),
        ("quinze jours", "15 j"), ("une semaine", "7 jours"), ("5 j ouvrés", "cinq jours ouvrés"),
    ]  # fmt: skip
    assert [pair for pair in french if not meets(f"sous {pair[0]}", f"dans {pair[1]}", "fr")] == []


def test_a_code_is_a_code_whatever_its_case_and_every_sign_of_it_counts():
    assert [
        kinds(text) for text in ("part RX-200", "version 2.3.1", "order #12345", "n° 12345", "model X200", "A1_B2")
    ] == [["code"]] * 6
    assert meets("part rx-200", "the RX-200", "en")
    pairs = [("RX-200", "RX-201"), ("RX-200", "RX200"), ("2.3.1", "2.3.10"), ("#12345", "#12354"), ("X200", "X2000")]
    assert [pair for pair in pairs if meets(f"part {pair[0]}", f"part {pair[1]}", "en")] == []


def test_a_number_with_four_figures_or_more_may_be_a_code():
    assert meets("order 12345", "your order #12345", "en")
    assert not meets("12 lamps", "lamp #13", "en")


def test_the_number_of_a_step_is_no_value_but_its_figures_are():
    said = {
        "1. Open it.": [],
        "Step 3: open it.": [],
        "Étape 2 : ouvrez.": [],
        "(4) Open it.": [],
        "2. Wait 5 minutes.": ["duration"],
    }
    assert {text: kinds(text) for text in said} == said


def test_what_has_a_form_of_its_own_holds_no_value():
    texts = (
        "https://shop.example/p/2025/12?q=5", "www.shop.example/14-days", "a12@shop.example", "+33 1 23 45 67 89",
        "FR76 3000 6000 0112 3456 7890 189", "shop.example/5",
    )  # fmt: skip
    assert {text: find_values(text, "fr") for text in texts if find_values(text, "fr")} == {}


def test_figures_of_any_script_and_any_space_are_figures():
    spellings = ("٢٠ lamps", "२० lamps", "２０ lamps", "20\u00a0lamps", "20\u202flamps", "20\tlamps")
    assert [keys(text) for text in spellings] == [{("number", 20.0)}] * 6
    assert plain("５\u00a0–\u202f７’") == "5 - 7'"


def test_signs_that_are_no_decimal_figures_are_none():
    assert {text: keys(text) for text in ("m²", "½ lamp", "①", "Ⅳ", "😀", "\ud800", "") if keys(text)} == {}


def test_a_figure_is_found_whatever_stands_beside_it():
    said = (
        "(20 lamps)",
        "«20 lamps»",
        "20 lamps.",
        "*20* lamps",
        "—20 lamps",
        "🙂20 lamps",
        "20, or so",
        "\ud80020 lamps",
    )
    assert {text: keys(text) for text in said} == {text: {("number", 20.0)} for text in said}


def test_a_rival_is_the_first_of_its_kind():
    source = find_values("It weighs 2 kg, costs 9 € and takes 3 days or 4 weeks.")
    duration, money, code = (Value(kind, "x", frozenset()) for kind in ("duration", "money", "code"))
    assert [getattr(rival(value, source), "text", None) for value in (duration, money, code)] == ["3 days", "9 €", None]


def test_only_so_much_of_a_text_is_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("guardrails.text.values.READ", 900)
    assert len(find_values("7 lamps " + "a" * 900 + " 8 lamps")) == 1
    assert len(find_values("7 lamps. " * 10_000)) == 900 // len("7 lamps. ")
