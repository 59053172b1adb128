"""Parses one JSON object that satisfies a schema, or nothing: there are no repairs."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from jsonschema import Draft202012Validator

_FENCES = frozenset({"```", "```json"})


class NotTheSchema(ValueError):
    """The text is no JSON object, or does not satisfy the schema; `str(error)` says which."""


def checked(text: str, schema: Mapping[str, Any], *, fenced: bool = False) -> Mapping[str, Any]:
    """Returns the object in `text`. `fenced` allows one ```json fence around it. Raises NotTheSchema."""
    content = _parsed(_unfenced(text.strip()) if fenced else text)
    if not Draft202012Validator(schema).is_valid(content):
        raise NotTheSchema("the model answered JSON of another shape")
    return content


def schema_text(schema: Mapping[str, Any]) -> str:
    """Returns the schema as one line of JSON."""
    return json.dumps(schema, ensure_ascii=False, separators=(",", ":"))


def _unfenced(text: str) -> str:
    first, _, rest = text.partition("\n")
    return rest[:-3] if first.strip() in _FENCES and rest.endswith("```") else text


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        content = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_no_twins)
        # No database column takes a lone surrogate or a NUL.
        unsafe = b"\\u0000" in json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise NotTheSchema("the model answered something other than one JSON object") from error
    if unsafe or not isinstance(content, dict):
        raise NotTheSchema("the model answered something other than one JSON object")
    return content


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a name stands twice")
    return dict(pairs)
