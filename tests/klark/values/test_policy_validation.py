"""What is of the right form and means nothing is refused where it is given, and still read where it stands."""

from collections.abc import Iterable
from typing import Any

import pytest
from django.utils.translation import override

from klark.values.policy.fields import KEEP_DAYS, BadRules, given
from klark.values.policy.office_hours import DAYS
from klark.values.policy.part_words import CHOICES, PARTS, labelled
from klark.values.policy.parts import ACT_TAGS, BRAND, KINDS, OFFER, OWN_WAY, STATUSES, UPDATE
from klark.values.policy.rules import READERS, Rules, read_rules
from klark.values.policy.validation import CHANNELS, read_new_rules
from klark.values.triage import PRIORITIES

# A field, what somebody gives, the place that is named, and the beginning of what is said of it in a trial.
MEANT: tuple[tuple[str, Any, str, str], ...] = (
    ("languages", ["klingon"], "languages", 'languages: klark knows no language "klingon"; it takes codes such as en or fr.'),
    ("languages", ["en", "EN"], "languages", 'languages: klark knows no language "EN";'),
    ("languages", ["fr-CH"], "languages", 'languages: klark knows no language "fr-CH";'),
    ("languages", [""], "languages", 'languages: klark knows no language "";'),
    ("offers", {"Label": {"topics": [], "text": {"en": "So."}}}, "offers.Label", "offers.Label takes both its topics and"),
    ("offers", {"Label": {"topics": ["returns"], "text": {"tlh": "So."}}}, "offers.Label.text",
     'offers.Label.text: klark knows no language "tlh";'),
    ("brands", {"5": {"languages": ["tlh"]}}, "brands.5.languages",
     'brands.5.languages: klark knows no language "tlh";'),
    ("trusted_domains", ["https://fanalou.example/x"], "trusted_domains",
     'trusted_domains: "https://fanalou.example/x" is no domain; give the bare name, as in shop.example, without'),
    ("trusted_domains", ["shop.example", "shop"], "trusted_domains", 'trusted_domains: "shop" is no domain;'),
    ("trusted_domains", ["*.shop.example"], "trusted_domains", 'trusted_domains: "*.shop.example" is no domain;'),
    ("trusted_domains", ["a@shop.example"], "trusted_domains", 'trusted_domains: "a@shop.example" is no domain;'),
    ("trusted_domains", ["shop.example:8000"], "trusted_domains", 'trusted_domains: "shop.example:8000" is no domain;'),
    ("excluded_channels", ["chat", "telepathy"], "excluded_channels",
     'excluded_channels: there is no channel "telepathy"; known are: email, web, '),
    ("excluded_channels", ["Chat"], "excluded_channels", 'excluded_channels: there is no channel "Chat";'),
    ("rollout_channels", ["none"], "rollout_channels", "rollout_channels: none is no channel; to write on no ticket, "),
    ("rollout_channels", ["mail"], "rollout_channels", 'rollout_channels: there is no channel "mail"; known are: '),
    ("country", "ZZ", "country", 'country: there is no country "ZZ"; it takes a code of two letters, as in FR.'),
    ("country", "France", "country", 'country: there is no country "France";'),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "place", "said"), MEANT)
def test_nonsense_is_named_where_it_is_given(name: str, value: Any, place: str, said: str) -> None:
    with pytest.raises(BadRules) as complaint:
        read_new_rules({name: value})
    assert (complaint.value.place, complaint.value.field) == (place, name)
    assert str(complaint.value).startswith(said)


@pytest.mark.parametrize(("name", "value", "place", "said"), MEANT)
def test_nonsense_that_stands_in_a_row_stops_no_tenant(name: str, value: Any, place: str, said: str) -> None:
    assert name in {each for each in Rules.__dataclass_fields__ if getattr(read_rules({name: value}), each)}


@pytest.mark.parametrize(("name", "value"), [
    ("languages", ["en", "fr", "de", "ja", "zh"]), ("languages", []), ("brands", {"5": {"languages": ["fr"]}}),
    ("brands", {"5": {"sign_off": {"fr": "Bien à vous"}}}), ("trusted_domains", ["shop.example", "WWW.shop.example"]),
    ("trusted_domains", ["boutique-été.example"]), ("trusted_domains", []), ("excluded_channels", list(CHANNELS)),
    ("excluded_channels", []), ("country", "FR"), ("country", "fr"), ("country", ""), ("mode", "reply"),
])  # fmt: skip
def test_what_means_something_is_taken_as_it_is_read(name: str, value: Any) -> None:
    assert read_new_rules({name: value}) == read_rules({name: value})


def test_what_is_of_the_wrong_form_is_told_first() -> None:
    with pytest.raises(BadRules, match="languages takes a list of texts"):
        read_new_rules({"languages": "klingon", "country": "ZZ"})


@pytest.mark.parametrize(("place", "told"), [
    ("minimum_confidence", "“Lowest confidence” takes a list of texts."),
    ("updates.reply.status", "“Lowest confidence” (after a reply, status) takes a list of texts."),
])  # fmt: skip
def test_a_complaint_calls_its_field_as_the_page_does(place: str, told: str) -> None:
    wrong = BadRules(place, "%(name)s takes a list of texts.")
    assert (str(wrong), labelled(wrong, "Lowest confidence")) == (f"{place} takes a list of texts.", told)


def test_what_the_rules_know_inside_a_field_has_a_name_and_nothing_else_has() -> None:
    rules: dict[str, Iterable[str]] = {
        "office_hours": DAYS, "act_tags": ACT_TAGS, "keep_days": KEEP_DAYS, "updates": (*KINDS, *UPDATE), "brands": BRAND,
        "offers": OFFER, "crm": READERS["crm"].schema["properties"].keys() - {"kind"}, "sensitive": OWN_WAY,
    }  # fmt: skip
    assert {field: set(names) for field, names in PARTS.items()} == {
        field: set(names) for field, names in rules.items()
    }
    assert set(CHOICES) == {*STATUSES, *PRIORITIES}


def test_a_complaint_is_told_in_the_language_of_whoever_reads_it() -> None:
    with pytest.raises(BadRules) as complaint:
        read_rules({"minimum_confidence": 140})
    said = []
    for language in ("en", "fr"):
        with override(language):
            said.append(labelled(complaint.value, "Confiance"))
    assert said == ["“Confiance” takes a whole number from 0 to 100, not 140.",
                    "«\xa0Confiance\xa0» attend un nombre entier de 0 à 100, et non 140."]  # fmt: skip


def test_a_percent_sign_in_what_was_given_is_only_that() -> None:
    with pytest.raises(BadRules) as complaint:
        read_rules({"mode": "%(name)s 100 %d"})
    assert str(complaint.value) == 'mode takes one of off, note, queue, reply, not "%(name)s 100 %d".'


@pytest.mark.parametrize(("value", "shown"), [
    (-5, "-5"), (True, "true"), (None, "null"), ("été", '"été"'), ([1], "[1]"), (frozenset(), '"frozenset()"'),
])  # fmt: skip
def test_a_value_is_shown_as_its_writer_wrote_it(value: Any, shown: str) -> None:
    assert given(value) == shown
