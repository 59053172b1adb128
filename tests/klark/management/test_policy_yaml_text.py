"""What is written as YAML is read as the same value, whatever is in it."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from klark.management.policy_file.yaml_text import parse, written

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30) | st.sampled_from(
    [
        "off",
        "null",
        "~",
        "1",
        "-1.5",
        "- x",
        "a: b",
        "# x",
        "&a",
        "*a",
        "!a",
        "[",
        "}",
        "? x",
        "<<",
        "a #b",
        " a ",
        "x\n\ny\n",
        "---",
    ]
)
FIGURES = st.integers(-(10**17), 10**17) | st.decimals(-1_000, 1_000, places=4).map(float) | st.booleans() | st.none()
LISTS = st.lists(WORDS | FIGURES, max_size=4)
VALUES = st.recursive(
    WORDS | FIGURES | LISTS, lambda inner: st.dictionaries(WORDS, inner, max_size=3), max_leaves=6
)  # no deeper than a policy is


@given(VALUES)
@settings(max_examples=200, deadline=None)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    text = f"name:{written(value, 2)}\n"
    assert parse(text.encode())[1].value == {"name": value}


def test_each_part_knows_its_line_and_where_it_ends() -> None:
    text = "a: 1 # one\nb:\n  - x\n\n  # more\n  - y\nc: |\n  z\n\nd: {e: {f: 1}}\n"
    _, root = parse(text.encode())
    spans = {name: text[part.start : part.end] for name, part in root.parts.items()}
    assert spans == {"a": "1", "b": "- x\n\n  # more\n  - y", "c": "|\n  z", "d": "{e: {f: 1}}"}
    assert [root.line_of(place) for place in ("a", "b", "c", "d.e.f", "d.e.g", "nothing")] == [1, 2, 7, 10, 10, 1]
