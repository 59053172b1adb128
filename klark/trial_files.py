"""File input and output for `manage.py try` and `backtest`: articles and tickets come in as JSON lines, decisions go out so.

A malformed line is reported with its number and the reason; the others are processed.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast, get_args

from guardrails.text.contacts import find_links, find_mails
from guardrails.untrusted.clean import visible_html
from integrations.helpdesks.base import Channel, Comment, Person, Status, Ticket
from integrations.helpdesks.text import html_to_text
from klark.delivery.record import finding_records, sentence_records
from klark.knowledge.ingest import NewArticle
from klark.values.run_record import RunRecord
from klark.values.storable_text import clip

CHANNELS, STATUSES = frozenset(get_args(Channel)), frozenset(get_args(Status))
AGENT = Person("agent", "", "", "agent")
MOST = 10_000_000  # characters of any one text


def domains_in(article: NewArticle) -> frozenset[str]:
    """Returns the domains that an article visibly names. Without a policy these are trusted, since the text is the
    tenant's own."""
    text = html_to_text(visible_html(article.body_html))
    return frozenset(link.host for link in find_links(text)) | frozenset(
        mail.rpartition("@")[2] for mail in find_mails(text)
    )


class BadLine(ValueError):
    """Raised for a line that cannot be used; the message says what is missing or wrong."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: its number (from 1), and its value or what is wrong with it."""

    number: int
    value: Any = None
    wrong: str = ""


def read_lines(path: Path, read: Callable[[Mapping[str, Any]], object]) -> Iterator[Line]:
    """Yields every line that is not blank, with its value or its complaint. Raises OSError if the file cannot be read."""
    first: dict[object, int] = {}
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            if raw.strip():
                yield _first(_line(number, raw, read), first)


def _first(line: Line, first: dict[object, int]) -> Line:
    """Returns the line, or a complaint if its id occurred before: nobody could tell which article or ticket is meant."""
    if line.wrong:
        return line
    name = _name(line.value)
    earlier = first.setdefault(name, line.number)
    return line if earlier == line.number else replace(line, wrong=f'has the "id" of line {earlier}, {name[0]!r}')


def _name(value: object) -> tuple[str, str]:
    """Returns (id, language): an article may occur once in each language under one id."""
    return (value.key, value.language) if isinstance(value, NewArticle) else (cast("Ticket", value).id, "")


def _line(number: int, raw: bytes, read: Callable[[Mapping[str, Any]], object]) -> Line:
    try:
        value = json.loads(raw)
        if not isinstance(value, dict):
            raise BadLine("is not a JSON object")
        return Line(number, read(value))
    except BadLine as error:
        return Line(number, wrong=str(error))
    except RecursionError:
        return Line(number, wrong="is nested too deeply")
    except json.JSONDecodeError as error:
        return Line(number, wrong=f"is not JSON: {error.msg} at character {error.pos + 1}")
    except UnicodeDecodeError:
        return Line(number, wrong="is not in UTF-8")
    except ValueError:
        return Line(number, wrong="holds a number that is too long")


def read_article(given: Mapping[str, Any]) -> NewArticle:
    """Returns an article from `{"id","title","body_html","lang","url","updated","created"}`; the last four are optional.

    Raises BadLine.
    """
    return NewArticle(
        key=_id(given), title=_text(given, "title"), body_html=_text(given, "body_html"),
        language=_text(given, "lang", "")[:2].lower(), url=_text(given, "url", ""),
        updated_at=_moment(given, "updated"), created_at=_moment(given, "created"),
    )  # fmt: skip


def _moment(given: Mapping[str, Any], name: str) -> datetime | None:
    """Parses an ISO date or time; one without a time zone is taken as UTC."""
    text = _text(given, name, "")
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise BadLine(f'"{name}" takes a date such as 2026-11-25, not {text!r}') from None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None


def read_ticket(given: Mapping[str, Any]) -> Ticket:
    """Returns a ticket from `{"id","subject","body_html","channel","requester","cc","history","headers","tags"}`.

    Only the id and the body are required; the body may be empty. Raises BadLine.
    """
    name = _id(given)
    if "body_html" not in given:
        raise BadLine('"body_html" is missing: what the customer wrote last ("" if only the subject says something)')
    requester = _person(given.get("requester") or {}, "requester")
    history = [_entry(entry, number, requester) for number, entry in enumerate(_list(given, "history"), 1)]
    last = _comment(
        str(len(history) + 1), requester, _text(given, "body_html", ""), public=True, headers=_headers(given)
    )
    channel = given.get("channel")
    return Ticket(
        id=name, subject=_text(given, "subject", ""), requester=requester, comments=(*history, last), status="open",
        channel=cast("Channel", channel) if isinstance(channel, str) and channel in CHANNELS else None, tags=_tags(given),
        cc=tuple(_person(one, "cc") for one in _list(given, "cc")),
    )  # fmt: skip


def read_closed_ticket(given: Mapping[str, Any]) -> Ticket:
    """Returns a closed ticket from the same keys and `{"agent_answer","created_at","status","merged"}`, all optional; what the
    agent answered is its last comment. Raises BadLine."""
    ticket, answer = read_ticket(given), _text(given, "agent_answer", "")
    status, merged = given.get("status", "closed"), given.get("merged", False)
    if not isinstance(status, str) or status not in STATUSES:
        raise BadLine(f'"status" takes one of {", ".join(sorted(STATUSES))}')
    if not isinstance(merged, bool):
        raise BadLine('"merged" is not true or false')
    said = Comment(str(len(ticket.comments) + 1), AGENT, "", answer, public=True, from_customer=False)
    return replace(
        ticket, comments=(*ticket.comments, *([said] if answer.strip() else [])), status=cast("Status", status),
        merged=merged, created_at=_moment(given, "created_at"),
    )  # fmt: skip


def _tags(given: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(clip(str(tag), MOST) for tag in _list(given, "tags"))


def _headers(given: Mapping[str, Any]) -> dict[str, str]:
    headers = given.get("headers") or {}
    if not isinstance(headers, dict):
        raise BadLine('"headers" is not an object')
    return {clip(str(name), MOST): clip(str(value), MOST) for name, value in headers.items()}


def _entry(given: object, number: int, requester: Person) -> Comment:
    if not isinstance(given, dict) or given.get("from") not in (
        "customer",
        "agent",
    ):  # a tuple, not a set: the value may be a list
        raise BadLine(f'entry {number} of "history" is not an object with "from": "customer" or "agent"')
    author = requester if given["from"] == "customer" else AGENT
    public = given.get("public", True)
    if not isinstance(public, bool):
        raise BadLine(f'"public" of entry {number} of "history" is not true or false')
    return _comment(str(number), author, _text(given, "body_html", ""), public)


def _comment(
    comment_id: str, author: Person, body_html: str, public: bool, headers: Mapping[str, str] | None = None
) -> Comment:
    return Comment(
        id=comment_id, author=author, body_html=body_html, body_text=html_to_text(body_html), public=public,
        from_customer=author.role == "customer", headers=headers or {},
    )  # fmt: skip


def _person(given: object, name: str) -> Person:
    if isinstance(given, str):
        return Person(given, "", given, "customer")
    if not isinstance(given, dict):
        raise BadLine(f'"{name}" is not an object with a name and an email')
    email = _text(given, "email", "")
    return Person(email or name, _text(given, "name", ""), email, "customer")


def _id(given: Mapping[str, Any]) -> str:
    value = given.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise BadLine('"id" is missing')
    return clip(value, MOST)


def _text(given: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise BadLine(f'"{name}" is missing or not a text')
    return clip(value, MOST)


def _list(given: Mapping[str, Any], name: str) -> list[Any]:
    value = given.get(name) or []
    if not isinstance(value, list):
        raise BadLine(f'"{name}" is not a list')
    return value


def as_line(ticket: Ticket, run: RunRecord, reply_text: str, milliseconds: int) -> dict[str, Any]:
    """Returns a decision as a JSON object with the published keys."""
    triage, asked = run.triage, (
        run.answer.completion, *(each.completion for each in (*run.readings, run.second) if each),
    )  # fmt: skip
    return {
        "id": ticket.id, "decision": run.decided.kind, "reason": str(run.decided.reason),
        "language": triage.language, "topic": triage.topic, "priority": triage.priority, "sentiment": triage.mood,
        "sensitive": list(triage.sensitive), "reply_text": reply_text,
        "sentences": [
            {"text": one["text"], "state": one["state"],
             "sources": [{"article": source["article"], "text": source["text"]} for source in one["sources"]]}
            for one in sentence_records(run)
        ],
        "findings": [{"id": one["id"], "level": one["level"], "why": one["why"]} for one in finding_records(run.verdict)],
        "confidence": None if run.confidence is None else round(run.confidence, 3),
        "cost": float(sum(each.cost for each in asked if each)), "ms": milliseconds,
    }  # fmt: skip
