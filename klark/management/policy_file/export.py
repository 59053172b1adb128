"""Writes a policy as a commented file, or brings a file up to a policy: its comments and its order stay."""

import textwrap
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from klark.management.policy_file.check import PolicyFile, read_policy
from klark.management.policy_file.explained import explained
from klark.management.policy_file.yaml_text import Node, Unusable, in_line, written
from klark.values.policy.plain_rules import as_plain
from klark.values.policy.rules import READERS, Rules

WIDTH = 100
Edit = tuple[int, int, str]
"""From which character to which one, and what comes there instead."""


def as_yaml(rules: Rules) -> str:
    """Returns a file with every field, each under a comment that explains it."""
    plain = as_plain(rules)
    return "\n".join(_explained_field(name, plain[name]) for name in READERS)


def _explained_field(name: str, value: Any) -> str:
    comment = textwrap.fill(explained(name), WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
    return f"{comment}\n{name}:{written(value, 2)}\n"


def brought_up(file: PolicyFile, rules: Rules) -> str:
    """Returns the file's text with the values of these rules: only what differs is written anew, and what the file lacks is
    added at its end. Raises CommandError for a file written in a way that klark cannot change."""
    plain, said = as_plain(rules), as_plain(file.rules)
    changed = {name for name in plain if plain[name] != said[name] and name != "version"}
    for name in changed & set(file.root.value):
        if isinstance(getattr(rules, name), frozenset):
            plain[name] = _in_its_order(file.root.value[name], plain[name])
    wanted = {name: plain[name] if name in changed else value for name, value in file.root.value.items()}
    if file.version is not None:
        wanted["version"] = rules.version
    text = _edited(file.text, list(_edits(file.text, file.root, wanted)))
    for name in READERS:
        if name in changed and name not in wanted:
            text = f"{text.rstrip()}\n\n{_explained_field(name, plain[name])}"
    _must_say(text, rules)
    return text


def with_version(file: PolicyFile, version: int) -> str:
    """Returns the file's text with this version as the one that it starts from; without one if it has none."""
    if file.version is None:
        return file.text
    return _edited(file.text, list(_edits(file.text, file.root, {**file.root.value, "version": version})))


def _edits(text: str, node: Node, value: dict[str, Any]) -> Iterator[Edit]:
    """Yields the edits inside an object that is written in lines of its own."""
    for name, part in node.parts.items():
        if name not in value:
            yield _without_line(text, part.name_start, part.end)
        elif part.value != value[name]:
            yield from _edits_of_part(text, part, value[name], node.in_flow)
    if added := {name: inner for name, inner in value.items() if name not in node.parts}:
        end = _line_end(text, node.end)
        yield end, end, written(added, _column(text, next(iter(node.parts.values()))))


def _edits_of_part(text: str, part: Node, value: Any, in_flow: bool) -> Iterator[Edit]:
    in_lines = not in_flow and not part.in_flow
    if in_lines and part.parts and isinstance(value, dict) and value:
        yield from _edits(text, part, value)
    elif in_lines and part.entries and isinstance(value, list) and value == _in_its_order(part.value, value):
        yield from _edits_of_list(text, part, value)
    else:
        new = f" {in_line(value)}" if in_flow else written(value, _column(text, part) + 2)
        yield text.index(":", part.name_end) + 1, part.end, new


def _edits_of_list(text: str, part: Node, value: list[Any]) -> Iterator[Edit]:
    """Yields the edits of a list, an entry a line, where entries only go, or come at its end."""
    for entry in part.entries:
        if entry.value not in value:
            yield _without_line(text, entry.start, entry.end)
    if added := [one for one in value if one not in part.value]:
        end, first = _line_end(text, part.end), part.entries[0].start
        dash = text.rindex("-", _line_start(text, first), first)
        yield end, end, written(added, dash - _line_start(text, first))


def _in_its_order(old: list[Any], new: list[Any]) -> list[Any]:
    return [*(one for one in old if one in new), *(one for one in new if one not in old)]


def _edited(text: str, edits: list[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _column(text: str, part: Node) -> int:
    return part.name_start - _line_start(text, part.name_start)


def _without_line(text: str, start: int, end: int) -> Edit:
    return _line_start(text, start), _line_end(text, end) + 1, ""


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_end(text: str, place: int) -> int:
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _must_say(text: str, rules: Rules) -> None:
    try:
        said = as_plain(read_policy(text.encode()).rules)
    except Unusable:
        said = {}
    if {**said, "version": 0} != {**as_plain(rules), "version": 0}:
        raise CommandError("The file is written in a way that klark cannot change. Export into a new file.")
