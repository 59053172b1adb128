"""Reads and checks the shop's content files. Errors name the file, the entry and the key."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Shape = Mapping[str, type]

HERE = Path(__file__).parent
LANGUAGES = ("fr", "en")
DESKS = ("zendesk", "freshdesk")


class ContentError(ValueError):
    """A content file cannot be used. The message names the file and the entry."""


def written(path: Path) -> str:
    """Returns the text of a content file. Raises ContentError if it is not UTF-8, and OSError."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ContentError(f"{path.name}: is not in UTF-8") from error


def parsed(text: str, where: str) -> object:
    """Returns the JSON value in `text`. Raises ContentError; here and below, `where` says in its message where the error is."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise ContentError(f"{where}: not JSON: {error}") from error


def checked(raw: object, where: str, required: Shape, optional: Shape | None = None) -> dict[str, Any]:
    """Returns `raw` as an object with every required key non-empty, no unknown key, and all values of their types.

    Raises ContentError.
    """
    if not isinstance(raw, dict):
        raise ContentError(f"{where}: an object is expected, not {type(raw).__name__}")
    known = {**required, **(optional or {})}
    complain(where, "lacks", [key for key in required if key not in raw])
    complain(where, "does not know", [key for key in raw if key not in known])
    complain(where, "has the wrong type in", [key for key in raw if type(raw[key]) is not known[key]])
    complain(where, "leaves empty", [key for key in required if raw[key] in ("", [], {})])
    return raw


def complain(where: str, what: str, names: list[str]) -> None:
    """Raises ContentError with the message "`where`: `what` `names`" if there are any names."""
    if names:
        raise ContentError(f"{where}: {what} {', '.join(names)}")


def one_of(value: str, choices: tuple[str, ...] | frozenset[str], where: str) -> None:
    """Raises ContentError if `value` is not among `choices`."""
    if value not in choices:
        raise ContentError(f"{where}: {value!r} is none of {', '.join(sorted(choices))}")


def unlike(ids: list[str], where: str) -> None:
    """Raises ContentError if an id occurs twice."""
    complain(where, "has more than once", sorted({one for one in ids if ids.count(one) > 1}))


def by_language(raw: object, where: str) -> dict[str, Any]:
    """Returns an object with one text for each language. Raises ContentError."""
    return checked(raw, where, dict.fromkeys(LANGUAGES, str))


def words_by_language(raw: object, where: str) -> dict[str, tuple[str, ...]]:
    """Returns an object with a list of words for each language. Raises ContentError."""
    lists = checked(raw, where, dict.fromkeys(LANGUAGES, list))
    return {language: texts(words, f"{where}, {language}") for language, words in lists.items()}


def texts(raw: list[object], where: str) -> tuple[str, ...]:
    """Returns a list of texts as a tuple. Raises ContentError if any of them is empty or not a text."""
    if not all(isinstance(text, str) and text.strip() for text in raw):
        raise ContentError(f"{where}: a list of texts is expected")
    return tuple(str(text) for text in raw)
