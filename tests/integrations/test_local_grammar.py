"""A schema becomes a grammar that allows its instances on one line, and nothing of another shape."""

from typing import Any

import pytest

from integrations.errors import Refused
from integrations.llms.base import REPLY_SCHEMA
from integrations.llms.local_grammar import grammar


def test_an_object_names_its_parts_in_order() -> None:
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}, "n": {"type": "null"}}}
    assert grammar(schema).splitlines() == [
        'root-0 ::= "true" | "false"',
        'root-1 ::= "null"',
        'root ::= "{" "\\"ok\\": " root-0 ", " "\\"n\\": " root-1 "}"',
    ]


@pytest.mark.parametrize(
    ("bounds", "body"),
    [
        ({}, '"[" ( root-item ( ", " root-item ){0,} )? "]"'),
        ({"minItems": 1}, '"[" ( root-item ( ", " root-item ){0,} ) "]"'),
        ({"minItems": 2, "maxItems": 2}, '"[" ( root-item ( ", " root-item ){1,1} ) "]"'),
        ({"maxItems": 3}, '"[" ( root-item ( ", " root-item ){0,2} )? "]"'),
        ({"maxItems": 0}, '"[]"'),
    ],
)
def test_an_array_has_as_many_items_as_it_may(bounds: dict[str, int], body: str) -> None:
    told = grammar({"type": "array", "items": {"type": "boolean"}, **bounds})
    assert told.splitlines()[-1] == f"root ::= {body}"


@pytest.mark.parametrize(
    ("schema", "body"),
    [
        ({"enum": ["a", 'é"', 3]}, r'"\"a\"" | "\"é\\\"\"" | "3"'),
        ({"const": True}, '"true"'),
        ({"type": "string", "pattern": "^P"}, r'"\"" ( [^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt] )* "\""'),
    ],
)
def test_values_stand_as_json_writes_them(schema: dict[str, Any], body: str) -> None:
    assert grammar(schema) == f"root ::= {body}\n"


def test_a_reply_has_a_rule_for_each_of_its_parts() -> None:
    assert [line.split(" ::= ")[0] for line in grammar(REPLY_SCHEMA).splitlines()] == [
        "root-0", "root-1-item-0", "root-1-item-1-item", "root-1-item-1", "root-1-item", "root-1", "root",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "schema", [{}, {"type": "object"}, {"type": "array"}, {"type": ["string", "null"]}, {"$ref": "#"}]
)
def test_a_schema_that_no_grammar_can_hold_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="cannot be held to the schema"):
        grammar(schema)
