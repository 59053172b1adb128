"""Numbers in words, French and English: every one to a hundred, the larger ones, and articles that count nothing."""

import pytest

from guardrails.text.numbers import digits_for_words, readings

EN_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
EN_TENS = ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
FR_ONES = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf",
]  # fmt: skip
FR_TENS = ["-", "-", "vingt", "trente", "quarante", "cinquante", "soixante"]


def english(number: int) -> str:
    """A number under a hundred in English words."""
    if number < 20:
        return EN_ONES[number]
    tens, ones = divmod(number, 10)
    return f"{EN_TENS[tens]}-{EN_ONES[ones]}" if ones else EN_TENS[tens]


def french(number: int) -> str:
    """A number under a hundred in French words, as France says it."""
    if number < 20:
        return FR_ONES[number]
    if number >= 80:
        return f"quatre-vingt-{FR_ONES[number - 80]}" if number > 80 else "quatre-vingts"
    tens = min(number // 10, 6)
    ones = number - tens * 10
    if not ones:
        return FR_TENS[tens]
    return f"{FR_TENS[tens]}{' et ' if ones in (1, 11) else '-'}{FR_ONES[ones]}"


def read(text: str, language: str) -> str:
    return digits_for_words(text, language).text


def test_every_number_from_two_to_ninety_nine_is_read_in_english():
    wrong = {n: read(f"it takes {english(n)} boxes", "en") for n in range(2, 100)}
    assert {n: text for n, text in wrong.items() if text != f"it takes {n} boxes"} == {}


def test_every_number_from_two_to_ninety_nine_is_read_in_french():
    wrong = {n: read(f"il faut {french(n)} colis", "fr") for n in range(2, 100)}
    assert {n: text for n, text in wrong.items() if text != f"il faut {n} colis"} == {}


def test_the_tens_of_belgium_and_switzerland_are_read():
    said = {"septante": "70", "nonante": "90", "huitante": "80", "septante-deux": "72", "nonante-neuf": "99"}
    assert {words: read(f"il faut {words} euros", "fr") for words in said} == {
        words: f"il faut {digits} euros" for words, digits in said.items()
    }


def test_hundreds_and_thousands_are_put_together():
    english_said = {
        "one hundred": "100", "a hundred": "100", "two hundred": "200", "two hundred and fifty": "250",
        "one hundred and one": "101", "a thousand": "1000", "three thousand": "3000",
        "two thousand five hundred": "2500", "twelve hundred": "1200",
    }  # fmt: skip
    french_said = {
        "cent": "100", "deux cents": "200", "deux cent cinquante": "250", "cent un": "101", "mille": "1000",
        "trois mille": "3000", "deux mille cinq cents": "2500", "mille deux cents": "1200",
        "mille neuf cent quatre-vingt-dix": "1990",
    }  # fmt: skip
    assert {words: read(f"about {words} euros", "en") for words in english_said} == {
        words: f"about {digits} euros" for words, digits in english_said.items()
    }
    assert {words: read(f"environ {words} euros", "fr") for words in french_said} == {
        words: f"environ {digits} euros" for words, digits in french_said.items()
    }


def test_two_numbers_side_by_side_stay_two():
    said = {
        ("two and three boxes", "en"): "2 and 3 boxes",
        ("two or three boxes", "en"): "2 or 3 boxes",
        ("two to three boxes", "en"): "2 to 3 boxes",
        ("deux et trois colis", "fr"): "2 et 3 colis",
        ("deux ou trois colis", "fr"): "2 ou 3 colis",
        ("deux à trois colis", "fr"): "2 à 3 colis",
        ("cinq, six colis", "fr"): "5, 6 colis",
    }
    assert {key: read(*key) for key in said} == said


def test_an_article_counts_only_before_what_is_measured():
    said = {
        ("within a day", "en"): "within 1 day", ("in an hour", "en"): "in 1 hour",
        ("one business day", "en"): "1 business day", ("one euro", "en"): "1 euro", ("for a year", "en"): "for 1 year",
        ("at least a week", "en"): "at least 1 week", ("dans un jour", "fr"): "dans 1 jour",
        ("sous une heure", "fr"): "sous 1 heure", ("un euro", "fr"): "1 euro", ("jusqu'à un an", "fr"): "jusqu'à 1 an",
        ("pendant une semaine", "fr"): "pendant 1 semaine",
    }  # fmt: skip
    assert {key: read(*key) for key in said} == said


def test_an_article_before_anything_else_stays_an_article():
    texts = [
        ("a lamp", "en"), ("one of us", "en"), ("no one knows", "en"), ("someone", "en"), ("a and b", "en"),
        ("and", "en"), ("once a customer", "en"), ("un colis", "fr"), ("une lampe", "fr"), ("l'un de nous", "fr"),
        ("et", "fr"), ("quelqu'un", "fr"), ("un à un", "fr"),
    ]  # fmt: skip
    assert [read(*key) for key in texts] == [text for text, _ in texts]


def test_a_word_that_only_holds_a_number_is_none():
    texts = [
        "tenant",
        "often",
        "weight",
        "height",
        "stone",
        "dixième",
        "centre",
        "septembre",
        "huitaine",
        "setting",
        "canine",
    ]
    assert [read(text, language) for text in texts for language in ("en", "fr")] == [
        text for text in texts for _ in "ab"
    ]


def test_a_text_of_neither_language_is_read_in_both():
    assert read("trois boxes and four colis", "de") == "3 boxes and 4 colis"
    assert read("trois boxes and four colis", "en") == "trois boxes and 4 colis"
    assert read("trois boxes and four colis", "fr") == "3 boxes and four colis"


def test_case_does_not_matter():
    assert [read(text, "en") for text in ("Twenty Boxes", "TWENTY boxes")] == ["20 Boxes", "20 boxes"]


def test_what_was_found_can_be_shown_as_it_stood():
    text = "Il faut vingt-deux jours, ou mille deux cents heures."
    digits = digits_for_words(text, "fr")
    for number, words in (("22", "vingt-deux"), ("1200", "mille deux cents")):
        start = digits.text.index(number)
        spans = {digits.origin[place] for place in range(start, start + len(number))}
        assert [text[left:right] for left, right in spans] == [words]


@pytest.mark.parametrize("space", [" ", "'", "’", "_"])
def test_thousands_may_be_parted_by_a_space_or_an_apostrophe(space: str):
    assert [readings(f"12{space}345"), readings(f"1{space}234{space}567,89")] == [(12345.0,), (1234567.89,)]


def test_one_group_of_three_may_be_thousands_or_decimals_and_only_then():
    assert readings("1.234") == readings("1,234") == (1234.0, 1.234)
    assert readings("12.34") == (12.34,)
    assert readings("1234.567") == (1234.567,)
    assert readings("1,234,567") == (1234567.0,)
    assert readings("0.5") == readings("0,5") == (0.5,)


def test_ten_thousand_number_words_come_to_an_end():
    assert read("two " * 10_000, "en").split() == ["2"] * 10_000
    assert len(read("et un " * 10_000, "fr")) == len("et un " * 10_000)
