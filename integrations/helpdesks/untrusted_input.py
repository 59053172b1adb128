"""Reads untrusted input: times, ids and hostile JSON."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from integrations.errors import BadPayload, Refused
from integrations.helpdesks.base import Comment

_ID = re.compile(r"[0-9]{1,20}")
_YEARS = range(1970, 2300)
_TOKEN = re.compile(r"[\x21-\x7e]{1,255}")


def moment(text: object) -> datetime | None:
    """Returns an ISO time, in UTC if it names no zone; `None` for anything else, and for a year before 1970 or after 2299."""
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if read is None or read.year not in _YEARS:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def oldest_first(comments: Sequence[Comment]) -> tuple[Comment, ...]:
    """Returns the comments by time, then by id; in the given order if one has no readable time, since both helpdesks
    list the oldest first."""
    dated = [(comment.created_at, len(comment.id), comment.id, comment) for comment in comments if comment.created_at]
    if len(dated) < len(comments):
        return tuple(comments)
    return tuple(entry[-1] for entry in sorted(dated, key=lambda entry: entry[:3]))


def number(value: object) -> str | None:
    """Returns an id of up to 20 digits, as text; `None` for anything else."""
    text = str(value) if type(value) in {int, str} else ""
    return text if _ID.fullmatch(text) else None


def chosen(text: str | None, what: str) -> int | None:
    """Returns an id that a person typed into a policy, as a number. Raises Refused if it is no number."""
    if text is None:
        return None
    known = number(text)
    if known is None:
        raise Refused(f"{text[:40]!r} is not the id of a {what}")
    return int(known)


def name_of(value: object) -> str:
    """Returns an id as text, whatever it looks like (Zendesk's system user is -1); "" for anything else."""
    return str(value) if type(value) in {int, str} else ""


def whole(value: object) -> int | None:
    """Returns a code number, also from a string of digits; `None` for anything else, `true` included."""
    digits = number(value)
    return value if type(value) is int else int(digits) if digits else None


def token(value: object) -> str:
    """Returns a short string of printable ASCII, as used for keys and kinds; "" for anything else."""
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else ""


def words(value: object) -> str:
    """Returns a string, or "" for anything else."""
    return value if isinstance(value, str) else ""


def mapping(value: object) -> Mapping[str, Any]:
    """Returns a JSON object, or {} for anything else."""
    return value if isinstance(value, dict) else {}


def strings(value: object) -> list[str]:
    """Returns the strings in a JSON list; [] for anything else."""
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def mappings(value: object) -> list[Mapping[str, Any]]:
    """Returns the objects in a JSON list; [] for anything else."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def field_words(value: object) -> str | None:
    """Returns a custom field as text: a tick box as true or false, several choices separated by commas; `None` if it
    is empty."""
    if value is None or value in ("", []):
        return None
    if isinstance(value, list | tuple):
        return ",".join(str(part) for part in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_json(raw: bytes) -> Any:
    """Returns the JSON of a webhook. Raises BadPayload for what cannot be parsed: bad UTF-8, NaN, 10,000 levels, an
    empty body.

    A name that occurs in an object with several values gets a list of them: placeholders are not escaped, so a
    customer's subject may add a second "ticket_id", and neither the first nor the last one is known to be the
    helpdesk's.
    """
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=told)
    except (ValueError, RecursionError) as error:
        raise BadPayload("the webhook's body is not JSON") from error


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def told(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Returns the pairs as a dict; a name with several different values gets a list of them. Linear in time: a body
    has room for 100,000 names."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    values: dict[str, list[Any]] = {name: [] for name in found}
    for name, value in pairs:
        values[name].append(value)
    return {
        name: several[0] if all(each == several[0] for each in several) else several for name, several in values.items()
    }
