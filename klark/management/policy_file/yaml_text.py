"""Reads YAML as plain values, each with its place in the text, and writes values as YAML.

Only what JSON has is taken: a policy needs no more, and nothing is built from aliases, tags or merge keys. ruamel.yaml finds
the parts of the text (YAML 1.2, in which `off` and `no` are words); values are made here, so that no rule of YAML turns a
word into a date or a number into a name.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

MOST_BYTES, MOST_DEPTH, MOST_WORDS = 1_000_000, 12, 400
CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}
SIMPLE = re.compile(r"[^\W\d_][\w .@/'’()-]*")
WHOLE, DECIMAL = re.compile(r"[-+]?[0-9]{1,18}"), re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong, and in which line (from 1)."""

    line: int
    words: str

    def __str__(self) -> str:
        words = self.words if len(self.words) <= MOST_WORDS else f"{self.words[:MOST_WORDS]}…"
        return f"line {self.line}: {words}"


class Unusable(ValueError):
    """Raised for a text that cannot be used, with every complaint about it."""

    def __init__(self, *complaints: Complaint) -> None:
        super().__init__(*complaints)
        self.complaints = sorted(complaints, key=lambda one: one.line)


@dataclass(slots=True)
class Node:
    """A value in the text, from character `start` to `end`. `name_start` and `name_end`: where its name stands, if it has one;
    `line` is the name's then. `parts`: what is in an object, by name; `entries`: what is in a list."""

    line: int
    start: int
    end: int
    value: Any = None
    in_flow: bool = False
    name_start: int = 0
    name_end: int = 0
    parts: dict[str, "Node"] = field(default_factory=dict)
    entries: list["Node"] = field(default_factory=list)

    def line_of(self, place: str) -> int:
        """Returns the line of a place such as "reply.status", or of what it is in."""
        for name, node in self.parts.items():
            if place == name or place.startswith(f"{name}."):
                return node.line_of(place[len(name) + 1 :])
        return self.line


def parse(raw: bytes) -> tuple[str, Node]:
    """Returns the text and the object that it holds. Raises Unusable before anything is built of what is refused."""
    if len(raw) > MOST_BYTES:
        raise Unusable(Complaint(1, f"The file has {len(raw):,} bytes; at most {MOST_BYTES:,} are read."))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(Complaint(raw.count(b"\n", 0, error.start) + 1, "This is not in UTF-8.")) from None
    walk = _Walk(text)
    try:
        root = walk.document()
    except ReaderError as error:
        raise Unusable(Complaint(text.count("\n", 0, error.position) + 1, "A character here is not allowed.")) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unusable(Complaint(mark.line + 1 if mark else 1, f"This is not YAML: {error.problem}.")) from None
    except YAMLError as error:
        raise Unusable(Complaint(1, f"This is not YAML: {error}.")) from None
    if walk.wrong:
        raise Unusable(*walk.wrong)
    return text, root


class _Walk:
    """One walk through the parts of a text: the complaints so far."""

    def __init__(self, text: str) -> None:
        self.text, self.wrong, self.ended = text, list[Complaint](), 0
        self.events: Iterator[Any] = YAML(typ="safe", pure=True).parse(text)

    def document(self) -> Node:
        root: Node | None = None
        for event in self.events:
            if isinstance(event, DocumentStartEvent):
                if root:
                    raise Unusable(Complaint(event.start_mark.line + 1, "A second document begins here: one is read."))
                if event.version or event.tags:
                    self.wrong.append(Complaint(event.start_mark.line + 1, "Directives such as %YAML are not read."))
                root = self.node(next(self.events), 1)
        if root is None or not (isinstance(root.value, dict) or self.wrong):
            raise Unusable(Complaint(1, "The file does not hold fields, as in `mode: note`."))
        return root

    def node(self, event: Any, depth: int) -> Node:
        line, start = event.start_mark.line + 1, event.start_mark.index
        if depth > MOST_DEPTH:
            raise Unusable(Complaint(line, f"This is nested more than {MOST_DEPTH} levels deep."))
        if isinstance(event, AliasEvent):
            self.wrong.append(Complaint(line, f"The alias *{event.anchor} is refused: write the value itself."))
            return Node(line, start, start)
        if event.anchor:
            self.wrong.append(
                Complaint(line, f"The anchor &{event.anchor} is refused: write each value where it belongs.")
            )
        if event.tag:
            self.wrong.append(Complaint(line, f"The tag {event.tag} is refused: write a plain value."))
        node = Node(line, start, event.end_mark.index, in_flow=bool(getattr(event, "flow_style", False)))
        self.fill(node, event, depth)
        while node.end > start and self.text[node.end - 1 : node.end] in " \r\n":  # of a text in a block of lines
            node.end -= 1
        return node

    def fill(self, node: Node, event: Any, depth: int) -> None:
        if isinstance(event, ScalarEvent):
            node.value = scalar(event.value) if event.implicit[0] and not event.style else event.value
        elif isinstance(event, SequenceStartEvent):
            for entry in self.until_end():
                node.entries.append(self.node(entry, depth + 1))
            node.value = [entry.value for entry in node.entries]
        elif isinstance(event, MappingStartEvent):
            for name in self.until_end():
                self.named(node, name, depth)
            node.value = {name: part.value for name, part in node.parts.items()}
        inner = [*node.parts.values(), *node.entries]
        if node.in_flow or inner:  # a block ends with what is in it; YAML says: where the next one begins
            node.end = self.ended if node.in_flow else inner[-1].end

    def named(self, node: Node, event: Any, depth: int) -> None:
        line, name = event.start_mark.line + 1, getattr(event, "value", None)
        if not isinstance(name, str) or event.anchor or event.tag:
            raise Unusable(Complaint(line, "A name is a plain word here, without anchors, tags or aliases."))
        part = self.node(next(self.events), depth + 1)
        if name in node.parts:
            first = node.parts[name].line
            self.wrong.append(Complaint(line, f"{name} stands here again; it is in line {first} already."))
            return
        part.line, part.name_start, part.name_end = line, event.start_mark.index, event.end_mark.index
        node.parts[name] = part

    def until_end(self) -> Iterator[Any]:
        """Yields the events at this level, and notes where the list or object ends."""
        for event in self.events:
            if isinstance(event, SequenceEndEvent | MappingEndEvent):
                self.ended = event.end_mark.index
                return
            yield event


def scalar(word: str) -> Any:
    """Returns what a word without quotes stands for, as in JSON: true, false, null, a number; else itself."""
    if word in CONSTANTS:
        return CONSTANTS[word]
    if WHOLE.fullmatch(word):
        return int(word)
    return float(word) if DECIMAL.fullmatch(word) else word


def written(value: Any, indent: int) -> str:
    """Returns a value as it follows "name:", in lines of their own for lists and objects, `indent` deep."""
    margin = f"\n{' ' * indent}"
    if isinstance(value, dict) and value:
        return "".join(f"{margin}{in_line(name)}:{written(inner, indent + 2)}" for name, inner in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{margin}- {in_line(one)}" for one in value)
    return f" {in_line(value)}"


def in_line(value: Any) -> str:
    """Returns a value in one line: as in a list, without its brackets, since a value alone may be written otherwise."""
    out = io.StringIO()
    writer = YAML(pure=True)
    writer.default_flow_style, writer.width, writer.allow_unicode = True, 2**31, True
    writer.dump([_quoted(value)], out)
    return out.getvalue().strip()[1:-1]


def _quoted(value: Any) -> Any:
    """Returns the value with quotes around every text that is not simply words: ruamel.yaml leaves some out, as of "? x"."""
    if isinstance(value, dict):
        return {_quoted(name): _quoted(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_quoted(one) for one in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not SIMPLE.fullmatch(value) else value
