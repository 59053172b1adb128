"""Reads the shop's content files, and says plainly what is wrong with one: file, entry, key."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Shape = Mapping[str, type]

HERE = Path(__file__).parent
LANGUAGES = ("fr", "en")
DESKS = ("zendesk", "freshdesk")


class ContentError(ValueError):
    """A content file that cannot be played; `str(error)` names the file and the entry."""


def written(path: Path) -> str:
    """What stands in a content file."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(f"{path.name}: is not in UTF-8") from error


def parsed(text: str, where: str) -> object:
    """The JSON value in `text`."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise ContentError(f"{where}: not JSON: {error}") from error


def checked(raw: object, where: str, required: Shape, optional: Shape | None = None) -> dict[str, Any]:
    """`raw` as an object that has every required key, no unknown one, and each of its type."""
    if not isinstance(raw, dict):
        raise ContentError(f"{where}: an object is expected, not {type(raw).__name__}")
    known = {**required, **(optional or {})}
    complain(where, "lacks", [key for key in required if key not in raw])
    complain(where, "does not know", [key for key in raw if key not in known])
    complain(where, "has the wrong type in", [key for key in raw if type(raw[key]) is not known[key]])
    complain(where, "leaves empty", [key for key in required if raw[key] in ("", [], {})])
    return raw


def complain(where: str, what: str, names: list[str]) -> None:
    """Raises when there are names to complain about."""
    if names:
        raise ContentError(f"{where}: {what} {', '.join(names)}")


def one_of(value: str, choices: tuple[str, ...] | frozenset[str], where: str) -> None:
    """Raises when `value` is none of `choices`."""
    if value not in choices:
        raise ContentError(f"{where}: {value!r} is none of {', '.join(sorted(choices))}")


def unlike(ids: list[str], where: str) -> None:
    """Raises when an id stands twice."""
    complain(where, "has more than once", sorted({one for one in ids if ids.count(one) > 1}))


def by_language(raw: object, where: str) -> dict[str, Any]:
    """An object with one text for each language."""
    return checked(raw, where, dict.fromkeys(LANGUAGES, str))


def words_by_language(raw: object, where: str) -> dict[str, tuple[str, ...]]:
    """An object with a list of words for each language."""
    lists = checked(raw, where, dict.fromkeys(LANGUAGES, list))
    return {language: texts(words, f"{where}, {language}") for language, words in lists.items()}


def texts(raw: list[object], where: str) -> tuple[str, ...]:
    """A list of texts, none of them empty."""
    if not all(isinstance(text, str) and text.strip() for text in raw):
        raise ContentError(f"{where}: a list of texts is expected")
    return tuple(str(text) for text in raw)
