"""Inputs turn what is typed into what is kept, and back."""

import pytest

from klark.admin.choice_labels import above_info, worst
from klark.admin.fields import Lines, Pairs, Secret, Text
from klark.admin.nested_fields import Parts, Rows, by_language
from klark.admin.queue.claims import web_address

UPDATE = Parts({"tags": Lines(label="tags"), "fields": Pairs(label="fields")}, label="update")
SIGN_OFF = by_language([("en", "English"), ("fr", "French")], label="sign-off")


@pytest.mark.parametrize(("typed", "kept"), [
    ("", []), ("\r\n \n", []), ("a", ["a"]), (" a \r\n\r\nb\na", ["a", "b"]), ("[x]\n{y}", ["[x]", "{y}"]),
])  # fmt: skip
def test_lines_become_a_list_without_empty_ones_and_doubles(typed: str, kept: list[str]) -> None:
    assert Lines(label="words").clean(typed) == kept


def test_a_list_is_shown_as_lines_and_comes_back_the_same() -> None:
    field = Lines(label="words")
    shown = field.prepare_value(["a", "b c"])
    assert (shown, field.clean(shown)) == ("a\nb c", ["a", "b c"])


@pytest.mark.parametrize(("before", "typed", "changed"), [
    (["a", "b"], "a\r\nb\r\n", False), (["a"], "a\nb", True), (None, "", False), ([], "a", True),
])  # fmt: skip
def test_a_list_has_changed_only_if_its_texts_have(before: list[str] | None, typed: str, changed: bool) -> None:
    assert Lines(label="words").has_changed(before, typed) is changed


@pytest.mark.parametrize(("typed", "kept"), [
    ({}, {}), ({"en": "Bye", "fr": " \n"}, {"en": "Bye"}),
    ({"en": "Bye,\r\nus", "fr": "Salut"}, {"en": "Bye,\nus", "fr": "Salut"}),
])  # fmt: skip
def test_texts_are_kept_by_language_without_empty_ones(typed: dict[str, str], kept: dict[str, str]) -> None:
    assert SIGN_OFF.clean(typed) == kept


@pytest.mark.parametrize(("before", "typed", "changed"), [
    ({"en": "Bye"}, {"en": "Bye", "fr": ""}, False), ({"en": "Bye", "de": "Tschüss"}, {"en": "Bye"}, False),
    ({"en": "Bye"}, {"en": "", "fr": ""}, True), ({}, {"fr": "Salut"}, True), ({"en": " Bye\n"}, {"en": " Bye\r\n"}, False),
])  # fmt: skip
def test_texts_have_changed_only_in_the_languages_that_have_an_input(
    before: dict[str, str], typed: dict[str, str], changed: bool
) -> None:
    assert SIGN_OFF.has_changed(before, typed) is changed


@pytest.mark.parametrize("kept", [
    {"A = B": "x"}, {"7001": " x"}, {"7001": "b↵c"}, {"7001": "b\r\nc\r"}, {"a\nb": "x"}, {"7001": "a = b", "7002": ""},
])  # fmt: skip
def test_pairs_and_lines_that_nobody_touched_stay_as_they_were(kept: dict[str, str]) -> None:
    before = {"fields": kept, "tags": [" a", "a "]}
    shown = {key: text.replace("\n", "\r\n") for key, text in UPDATE.prepare_value(before).items()}
    assert (UPDATE.merged(before, UPDATE.clean(shown)), UPDATE.has_changed(before, shown)) == (before, False)
    touched = UPDATE.clean({**shown, "fields": "7001 = y"})
    assert UPDATE.merged(before, touched) == {**before, "fields": {"7001": "y"}}


def test_only_a_row_that_is_there_can_be_removed() -> None:
    field = Rows(Text(label="name"), {"text": Text(label="text")}, label="offers")
    shown = field.widget.get_context("offers", field.prepare_value({"Label": {"text": "Free."}}), {})["widget"]["rows"]
    inputs = [[part["widget"]["name"] for part in row["widget"]["parts"]] for row in shown]
    assert inputs == [["offers_0_name", "offers_0_text", "offers_0_remove"], ["offers_1_name", "offers_1_text"]]


def test_a_secret_is_not_written_into_the_page() -> None:
    field = Secret(label="key")
    assert "sk-secret" not in field.widget.render("key", "sk-secret")


def test_labels_begin_with_a_capital() -> None:
    assert str(Lines(label="excluded tags").label) == "Excluded tags"


@pytest.mark.parametrize(("given", "link"), [
    ("https://shop.example/a", "https://shop.example/a"), ("http://shop.example", "http://shop.example"),
    ("javascript:alert(1)", ""), ("data:text/html,x", ""), ("//shop.example", ""), ("", ""), (None, ""),
])  # fmt: skip
def test_only_web_addresses_become_links(given: str | None, link: str) -> None:
    assert web_address(given) == link


@pytest.mark.parametrize(("levels", "highest", "held"), [
    ([], "", 0), (["INFO"], "INFO", 0), (["INFO", "HOLD"], "HOLD", 1), (["BLOCK", "HOLD", "INFO"], "BLOCK", 2),
])  # fmt: skip
def test_findings_are_summed_up_by_the_worst(levels: list[str], highest: str, held: int) -> None:
    findings = [{"level": level} for level in levels]
    assert (worst(findings), len(above_info(findings))) == (highest, held)
