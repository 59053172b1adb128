"""Reading what others wrote: times, ids and hostile JSON."""

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
    """An ISO time, in UTC where it names no zone; `None` for anything else, and for a year that no helpdesk has seen."""
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    if read is None or read.year not in _YEARS:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def oldest_first(comments: Sequence[Comment]) -> tuple[Comment, ...]:
    """By time, then by id; as they came where one has no readable time, since both desks list the oldest first."""
    dated = [(comment.created_at, len(comment.id), comment.id, comment) for comment in comments if comment.created_at]
    if len(dated) < len(comments):
        return tuple(comments)
    return tuple(entry[-1] for entry in sorted(dated, key=lambda entry: entry[:3]))


def number(value: object) -> str | None:
    """An id of digits, at most 20, as text; `None` for anything else."""
    text = str(value) if type(value) in {int, str} else ""
    return text if _ID.fullmatch(text) else None


def chosen(text: str | None, what: str) -> int | None:
    """An id that a person typed into a policy, as a number. Raises Refused where it is none."""
    if text is None:
        return None
    known = number(text)
    if known is None:
        raise Refused(f"{text[:40]!r} is not the id of a {what}")
    return int(known)


def name_of(value: object) -> str:
    """An id as text whatever it looks like (Zendesk's system is -1); "" for none."""
    return str(value) if type(value) in {int, str} else ""


def whole(value: object) -> int | None:
    """A code number, also one in quotation marks; `None` for anything else, `true` included."""
    digits = number(value)
    return value if type(value) is int else int(digits) if digits else None


def token(value: object) -> str:
    """A short word of printable ASCII, as keys and kinds are; "" for anything else."""
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else ""


def words(value: object) -> str:
    return value if isinstance(value, str) else ""


def mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def mappings(value: object) -> list[Mapping[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def field_words(value: object) -> str | None:
    """A custom field as text: a tick box as true or false, several choices with commas; `None` when it is empty."""
    if value is None or value in ("", []):
        return None
    if isinstance(value, list):
        return ",".join(str(part) for part in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_json(raw: bytes) -> Any:
    """The JSON of a webhook. Raises BadPayload for what nobody can read: bad UTF-8, NaN, 10,000 levels, empty.

    A name that stands in an object with several values has a list of them: placeholders are not escaped, so that a
    customer's subject may write a second "ticket_id", and neither the first nor the last one is known to be the desk's.
    """
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number, object_pairs_hook=told)
    except (ValueError, RecursionError) as error:
        raise BadPayload("the webhook's body is not JSON") from error


def _no_number(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def told(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Named values; where the same name has several, a list of them. One walk: a body has room for 100,000 names."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    values: dict[str, list[Any]] = {name: [] for name in found}
    for name, value in pairs:
        values[name].append(value)
    return {
        name: several[0] if all(each == several[0] for each in several) else several for name, several in values.items()
    }
