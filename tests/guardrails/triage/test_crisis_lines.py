"""Help lines: every country that is named can be rung, and the country is found by the time zone."""

import re

import pytest
import pytz

from guardrails.triage.crisis_lines import EMERGENCY, HELP, country_of, help_line, with_numbers

WANTED = [
    "FR", "BE", "CH", "LU", "CA", "US", "GB", "IE", "AU", "NZ", "DE", "AT", "ES", "IT", "PT", "NL", "PL", "SE", "DK", "NO", "FI",
]  # fmt: skip


def test_the_countries_of_klarks_languages_and_their_neighbours_have_a_line():
    assert [country for country in WANTED if country not in HELP or not HELP[country].line] == []


def test_every_country_is_one_and_every_number_can_be_dialled():
    assert [country for country in HELP if country not in pytz.country_names] == []
    assert [known for known in HELP.values() if not re.fullmatch(r"[\d ]{3,15}( \([^()]+\))?", known.line)] == []
    assert [known for known in HELP.values() if not re.fullmatch(r"\d{3}", known.emergency)] == []


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Paris", "FR"), ("Europe/Brussels", "BE"), ("Europe/Zurich", "CH"), ("Europe/Luxembourg", "LU"),
        ("America/Montreal", ""), ("America/Toronto", "CA"), ("America/Vancouver", "CA"), ("America/New_York", "US"),
        ("America/Los_Angeles", "US"), ("Europe/London", "GB"), ("Europe/Dublin", "IE"), ("Australia/Sydney", "AU"),
        ("Pacific/Auckland", "NZ"), ("Europe/Berlin", "DE"), ("Europe/Madrid", "ES"), ("Europe/Rome", "IT"),
        ("Europe/Lisbon", "PT"), ("Europe/Amsterdam", "NL"), ("UTC", ""), ("", ""), ("Mars/Base", ""),
    ],
)  # fmt: skip
def test_a_time_zone_names_its_country(zone: str, country: str):
    assert country_of(zone) == country


def test_a_known_country_has_its_own_line_whatever_the_language():
    assert {help_line("DE", language) for language in ("en", "fr", "it")} == {"0800 111 0 111 (TelefonSeelsorge)"}


def test_an_unknown_country_has_the_lines_where_the_language_is_spoken_each_once():
    assert help_line("", "fr").startswith("FR, GP, MQ, GF, RE, YT: 3114 · BE: 0800 32 123")
    assert help_line("XX", "en").count("988") == 1
    assert help_line("", "ja") == ""


def test_numbers_take_the_place_of_their_names_and_other_braces_stay():
    assert with_numbers("{help_line}, {emergency}, {else} {}", "US", "en") == "988, 911, {else} {}"
    assert with_numbers("{emergency}", "", "en") == EMERGENCY
