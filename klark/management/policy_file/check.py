"""Checks a policy's file by the rules of the admin's form and of `try --policy`, and tells every mistake with its line."""

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from guardrails.base import Level
from klark.management.policy_file.expectations import Expectation, read_expectation
from klark.management.policy_file.yaml_text import MOST_BYTES, Complaint, Node, Unusable, parse
from klark.models import Policy
from klark.models.policy import RULE_FIELDS
from klark.trial_files import BadLine
from klark.values.policy.rules import READERS, Rules
from klark.values.policy.validation import ANY, INSIDE, complaints, filled, read_new_rules, wrong_with

TESTS = "tests"
NAMES = (*READERS, TESTS)
MOST_TOLD = 100
"""How many mistakes are told of one field."""


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A file without mistakes: its text, where everything stands in it, its rules (what it leaves out is klark's default), and
    the tickets with the decision that each must get. `version`: the one that it starts from, if it says so."""

    text: str
    root: Node
    rules: Rules
    tests: tuple[Expectation, ...]

    @property
    def version(self) -> int | None:
        """The version that the file starts from, if it says so."""
        version: int | None = self.root.value.get("version")
        return version

    def columns(self) -> dict[str, Any]:
        """Returns the fields as a row has them."""
        return columns(self.root.value)


def read_policy_file(path: Path, topics: Collection[str] | None = None) -> PolicyFile:
    """Returns what a file holds. Raises CommandError with every mistake, a line each. `topics`: the keys of those that there
    are; None where that is not known."""
    try:
        with path.open("rb") as file:
            return read_policy(file.read(MOST_BYTES + 1), topics)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except Unusable as unusable:
        raise CommandError("\n".join(f"{path}, {one}" for one in unusable.complaints)) from None


def read_policy(raw: bytes, topics: Collection[str] | None = None) -> PolicyFile:
    """Returns what the bytes of a file hold. Raises Unusable with every mistake."""
    text, root = parse(raw)
    wrong = [*_fields(root, topics), *_tests(root)]
    if wrong:
        raise Unusable(*wrong)
    rules = read_new_rules(filled({name: value for name, value in root.value.items() if name != TESTS}))
    return PolicyFile(text, root, rules, tuple(map(read_expectation, root.value.get(TESTS, ()))))


def columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Returns valid fields of a file as a row has them."""
    return {name: _column(name, value) for name, value in values.items() if name in RULE_FIELDS}


def _column(name: str, value: Any) -> Any:
    read = READERS[name](name, value)
    if isinstance(read, Level):
        return read.name
    return value if isinstance(value, list | dict) else read


def _fields(root: Node, topics: Collection[str] | None) -> Iterator[Complaint]:
    good = dict(root.value)
    for name, node in root.parts.items():
        found = list(islice(_field(name, node, topics), MOST_TOLD))
        yield from found
        if found or name == TESTS:
            del good[name]
    yield from _row(root, good)


def _field(name: str, node: Node, topics: Collection[str] | None) -> Iterator[Complaint]:
    """Yields the mistakes inside a field, each by itself: what was told is left out, and the rest is read again."""
    if name not in NAMES:
        yield Complaint(node.line, _nearest("", name, NAMES) or str(wrong_with(name, node.value)))
        return
    if name == TESTS:
        return
    value = deepcopy(node.value)
    unknown = chain(_unknown_inside(name, value, INSIDE.get(name)), _unknown_topics(name, value, topics))
    for place, words in list(islice(unknown, MOST_TOLD)):  # whole, since what is told is taken out of the value
        yield Complaint(_inside(node, place), words)
        _leave_out(value, place)
    if isinstance(value, list) and not wrong_with(name, []):
        for entry in node.entries:
            if wrong := wrong_with(name, [entry.value]):
                yield Complaint(entry.line, str(wrong))
        return
    told: list[str] = []
    while (wrong := wrong_with(name, value)) and not any(f"{one}.".startswith(f"{wrong.place}.") for one in told):
        yield Complaint(_inside(node, wrong.place), str(wrong))
        told.append(wrong.place)
        _leave_out(value, wrong.place)


def _unknown_inside(place: str, value: Any, known: Any) -> Iterator[tuple[str, str]]:
    """Yields (place, words) for the names inside a field that there are none of (klark.values.policy.validation.INSIDE)."""
    if not isinstance(value, dict) or not isinstance(known, Mapping):
        return
    for name, inner in value.items():
        here = f"{place}.{name}"
        if name in known or ANY in known:
            yield from _unknown_inside(here, inner, known.get(name, known.get(ANY)))
        else:
            yield here, _nearest(place, name, known) or f"{here} is not known; known are: {', '.join(known)}."


def _unknown_topics(name: str, value: Any, topics: Collection[str] | None) -> Iterator[tuple[str, str]]:
    if name != "topics" or topics is None or not isinstance(value, dict):
        return
    for key in value:
        if key not in topics:
            known = f"There is no topic {key}; there are: {', '.join(topics) or 'none'}."
            yield f"{name}.{key}", _nearest(name, key, topics) or known


def _nearest(place: str, name: str, known: Collection[str]) -> str:
    """Returns the words for an unknown name in `place` that is like a known one, else ""."""
    inside = f"{place}." if place else ""
    near = get_close_matches(name, known, 1)
    return f"{inside}{name} is not known; did you mean {inside}{near[0]}?" if near else ""


def _row(root: Node, good: dict[str, Any]) -> Iterator[Complaint]:
    """Yields what the admin's form refuses as well: what a column cannot hold, and a budget that is never spent."""
    for name, wrong in complaints(good).items():
        yield Complaint(root.line_of(name), f"{name}: {wrong}")
    held = columns(good)
    try:
        Policy(**held).clean_fields(exclude={field.name for field in Policy._meta.fields} - set(held))
    except ValidationError as error:
        for name, words in error.message_dict.items():
            yield Complaint(root.line_of(name), f"{name}: {' '.join(words)}")


def _tests(root: Node) -> Iterator[Complaint]:
    node = root.parts.get(TESTS)
    if node is None:
        return
    if not isinstance(node.value, list):
        yield Complaint(node.line, "tests takes a list of tickets, each with the decision that it must get.")
    seen: dict[str, int] = {}
    for entry in node.entries:
        try:
            if not isinstance(entry.value, dict):
                raise BadLine("is not an object")
            name = read_expectation(entry.value).id
            if seen.setdefault(name, entry.line) != entry.line:
                raise BadLine(f'has the "id" of the one in line {seen[name]}, {name!r}')
        except BadLine as wrong:
            yield Complaint(entry.line, f"This test {wrong}" if str(wrong)[0] != '"' else f"In this test, {wrong}")


def _inside(node: Node, place: str) -> int:
    return node.line_of(place.partition(".")[2])


def _leave_out(value: Any, place: str) -> None:
    """Takes a place such as "updates.reply.status" out of the field's value."""
    name = _first_name(value, place := place.partition(".")[2])
    while name is not None and place != name:
        value, place = value[name], place[len(name) + 1 :]
        name = _first_name(value, place)
    if name is not None:
        del value[name]


def _first_name(value: Any, place: str) -> str | None:
    """Returns the name of the object's part that a place begins with, if there is one; names may have dots."""
    if not isinstance(value, dict):
        return None
    return next((name for name in value if place == name or place.startswith(f"{name}.")), None)
