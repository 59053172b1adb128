"""Converts a JSON Schema to a grammar for llama.cpp, which lets the model write nothing else.

It covers types, names, fixed values and the length of arrays. Anything else in a schema (a pattern, a range) is
checked once the completion is there. https://github.com/ggml-org/llama.cpp/blob/master/grammars/README.md
"""

import json
from collections.abc import Mapping
from typing import Any

from integrations.errors import Refused

# No \\u in strings: letters are written as they are, and neither a NUL nor half a character is possible.
_SCALARS = {
    "string": r'"\"" ( [^"\\\x00-\x1F\x7F] | "\\" ["\\/bfnrt] )* "\""',
    "boolean": '"true" | "false"',
    "null": '"null"',
    "integer": '"-"? ( "0" | [1-9] [0-9]{0,14} )',
    "number": '"-"? ( "0" | [1-9] [0-9]{0,14} ) ( "." [0-9]{1,14} )?',
}


def grammar(schema: Mapping[str, Any]) -> str:
    """Returns GBNF with the rule `root`: one line of JSON, spaced as by `json.dumps`. Raises Refused for a schema
    that it cannot express: objects must name all their properties, and every value needs one type or fixed values."""
    rules: dict[str, str] = {}
    rules["root"] = _rule(schema, "root", rules)
    return "".join(f"{name} ::= {body}\n" for name, body in rules.items())


def _rule(schema: Mapping[str, Any], name: str, rules: dict[str, str]) -> str:
    """Returns the body for a schema; rules for its parts are added to `rules`."""
    fixed = [schema["const"]] if "const" in schema else schema.get("enum", [])
    if fixed:
        return " | ".join(_literal(json.dumps(value, ensure_ascii=False)) for value in fixed)
    kind = schema.get("type")
    if kind == "object" and schema.get("properties"):
        return _object(schema["properties"], name, rules)
    if kind == "array" and "items" in schema:
        return _array(schema, name, rules)
    if not isinstance(kind, str) or kind not in _SCALARS:
        raise Refused(f"a model on this machine cannot be held to the schema {json.dumps(schema)[:200]}")
    return _SCALARS[kind]


def _object(properties: Mapping[str, Any], name: str, rules: dict[str, str]) -> str:
    members = []
    for number, (key, value) in enumerate(properties.items()):
        part = f"{name}-{number}"
        rules[part] = _rule(value, part, rules)
        members.append(f"{_literal(json.dumps(key, ensure_ascii=False) + ': ')} {part}")
    inside = ' ", " '.join(members)
    return f'"{{" {inside} "}}"'


def _array(schema: Mapping[str, Any], name: str, rules: dict[str, str]) -> str:
    part, least, most = f"{name}-item", schema.get("minItems", 0), schema.get("maxItems")
    rules[part] = _rule(schema["items"], part, rules)
    if most == 0:
        return '"[]"'
    more = f'( ", " {part} ){{{max(least - 1, 0)},{"" if most is None else most - 1}}}'
    return f'"[" ( {part} {more} ){"" if least else "?"} "]"'


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
