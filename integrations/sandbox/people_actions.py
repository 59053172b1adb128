"""What people other than klark do to a ticket or a help centre: write, reply, assign, solve, merge, delete."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from integrations.sandbox import records, store
from integrations.sandbox.records import (
    AGENT_ID,
    SYSTEM_ID,
    Article,
    By,
    Change,
    Desk,
    NewComment,
    Organization,
    Ticket,
    User,
)

AUTO_HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "Precedence": "auto_reply"}
FIELDS = ("status", "priority", "type", "assignee_id", "group_id", "tags", "subject", "deleted", "custom_fields",
          "satisfaction")  # fmt: skip
OPENING = ("status", "priority", "type", "assignee_id", "group_id", "tags", "custom_fields", "parent_id", "brand_id",
           "mailbox")  # fmt: skip


def html_of(sent: Mapping[str, Any]) -> str:
    """Returns the HTML of a comment: `body_html`, or `body` converted."""
    return str(sent.get("body_html") or store.to_html(str(sent.get("body", ""))))


def open_ticket(desk: Desk, sent: Mapping[str, Any]) -> tuple[Ticket, list[Change]]:
    """Opens a customer's ticket (with `as`: "agent" one that an agent opened for them), including earlier comments
    (`history`). Returns the ticket and the changes."""
    asker = _person(desk, sent.get("requester") or {"name": "Camille Customer", "email": "camille@example.org"})
    asker.language = sent.get("language", asker.language)
    channel, subject = str(sent.get("channel", "email")), str(sent.get("subject", "Question"))
    last = {"as": _by(sent), "headers": sent.get("headers", {}), "body_html": html_of(sent),
            "flags": sent.get("flags", ())}  # fmt: skip
    thread: list[Mapping[str, Any]] = [*sent.get("history", []), last]
    first, rest = thread[0], thread[1:]
    wanted = {name: sent[name] for name in OPENING if name in sent}
    copied = [_person(desk, person).id for person in sent.get("cc", [])]
    opener = desk.users[AGENT_ID] if _by(first) == "agent" else asker
    new = _comment(first, channel)
    ticket, changes = store.open_ticket(
        desk, asker, new, subject=subject, submitter=opener, channel=channel, cc_ids=copied, **_named(wanted)
    )
    for said in rest:
        store.update(desk, ticket, _author(desk, ticket, said), comment=_comment(said, channel), channel=channel)
    return ticket, changes


def _person(desk: Desk, sent: Any) -> User:
    """Returns a user given as {name, email}, or as an address only."""
    named = {"email": sent} if isinstance(sent, str) else sent
    known = store.person(desk, str(named.get("name", "")), str(named.get("email", "")))
    known.verified = bool(named.get("verified", known.verified))
    known.suspended = bool(named.get("suspended", known.suspended))
    return known


def _by(said: Mapping[str, Any]) -> By:
    return cast(By, said.get("as") or said.get("from") or "customer")


def _comment(said: Mapping[str, Any], channel: str) -> NewComment:
    by = _by(said)
    headers = {**(AUTO_HEADERS if by == "auto" else {}), **said.get("headers", {})}
    public = bool(said.get("public", True))
    heard = "rule" if by == "rule" else "web" if by == "agent" and not public else channel
    return NewComment(html_of(said), public, by, heard, "trigger" if by == "rule" else None, headers,
                      tuple(said.get("flags", ())))  # fmt: skip


def _author(desk: Desk, ticket: Ticket, said: Mapping[str, Any]) -> User:
    if said.get("author"):
        staff = _by(said) == "agent"
        named = {"email": said["author"]} if isinstance(said["author"], str) else said["author"]
        return store.person(desk, named.get("name", ""), named["email"], "agent" if staff else "end-user")
    fixed = {"agent": AGENT_ID, "rule": SYSTEM_ID}.get(_by(said))
    if fixed is not None:
        return desk.users[fixed]
    if _by(said) == "third_party":
        return store.person(desk, "Toni Thirdparty", "toni@partner.example")
    return desk.users[ticket.requester_id]


def say(desk: Desk, ticket: Ticket, sent: Mapping[str, Any]) -> tuple[Ticket, list[Change]]:
    """Adds a comment by customer, agent, third_party, auto or rule. A customer's comment reopens a pending or solved
    ticket; on a closed Zendesk ticket it becomes a follow-up, which is then the ticket returned."""
    author, new = _author(desk, ticket, sent), _comment(sent, ticket.channel)
    outside = new.by in ("customer", "third_party", "auto")
    if outside and ticket.status == "closed" and desk.name == "zendesk":
        subject = f"Re: {ticket.subject}"
        return store.open_ticket(desk, author, new, subject=subject, channel=ticket.channel, parent_id=ticket.id)
    reopened = {"status": "open"} if outside and ticket.status in ("pending", "solved", "closed", "hold") else {}
    fields = {**reopened, **_named({name: sent[name] for name in FIELDS if name in sent})}
    return ticket, store.update(desk, ticket, author, comment=new, fields=fields, channel=new.channel)


def _named(sent: Mapping[str, Any]) -> dict[str, Any]:
    fields = dict(sent)
    if "tags" in fields:
        fields["tags"] = sorted(set(fields["tags"]))
    return fields


def change(desk: Desk, ticket: Ticket, sent: Mapping[str, Any]) -> list[Change]:
    """Changes fields as an agent: {status, assignee ("agent", an id or null), tags, deleted, merged_into, cc and
    requester as when a ticket is opened, …}. Returns the changes."""
    actor = desk.users[int(sent.get("actor_id", AGENT_ID))]
    if sent.get("merged_into"):
        return merge(desk, ticket, desk.tickets[int(sent["merged_into"])], actor)
    fields = {name: sent[name] for name in FIELDS if name in sent}
    if "assignee" in sent:
        fields["assignee_id"] = AGENT_ID if sent["assignee"] == "agent" else sent["assignee"]
    if "cc" in sent:
        fields["cc_ids"] = [_person(desk, person).id for person in sent["cc"]]
    if "requester" in sent:
        fields["requester_id"] = _person(desk, sent["requester"]).id
    return store.update(desk, ticket, actor, fields=_named(fields), channel="web")


def merge(desk: Desk, ticket: Ticket, target: Ticket, actor: User) -> list[Change]:
    """Merges a ticket into another, as an agent: the source is closed with a private note, and the target gets one
    with the last comment."""
    last = ticket.comments[-1].html if ticket.comments else ""
    here = _merge_note(f"<p>This request was closed and merged into request #{target.id}</p>")
    there = _merge_note(f"<p>Request #{ticket.id} was closed and merged into this request.</p>{last}")
    closing = {"status": "closed", "merged_into": target.id, "tags": sorted({*ticket.tags, "closed_by_merge"})}
    return [
        *store.update(desk, target, actor, comment=there, channel="web"),
        *store.update(desk, ticket, actor, comment=here, fields=closing, channel="web"),
    ]


def _merge_note(html: str) -> NewComment:
    return NewComment(html, public=False, by="agent", channel="web", relation="merge")


def describe(desk: Desk, sent: Mapping[str, Any]) -> User:
    """Sets the fields of a user and of their organization: {name, email, fields, organization: {name, fields}}."""
    user = _person(desk, sent)
    user.fields |= sent.get("fields", {})
    if told := sent.get("organization"):
        found = (each for each in desk.organizations.values() if each.name == told["name"])
        organization = next(found, None) or Organization(next(desk.ids), str(told["name"]))
        organization.fields |= told.get("fields", {})
        desk.organizations[organization.id], user.organization_id = organization, organization.id
    return user


def load_articles(desk: Desk, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Stores articles (same id and language: replaced), and returns their ids. An id that is no number is replaced by
    one, and kept as a label."""
    known: dict[str, int] = {}
    return [_load(desk, row, known) for row in rows]


def _load(desk: Desk, row: Mapping[str, Any], known: dict[str, int]) -> int:
    given = str(row["id"])
    number = int(given) if given.isdigit() else known.setdefault(given, next(desk.ids))
    language = str(row.get("language") or row.get("lang") or "en-us").lower()
    labels = [*row.get("labels", []), *([] if given.isdigit() else [given])]
    moment = _when(row.get("updated"))
    desk.articles[number, language] = Article(
        number, str(row["title"]), str(row.get("body_html", "")), language, str(row.get("category", "General")),
        str(row.get("section", "Guides")), bool(row.get("draft", False)), labels, str(row.get("brand", "")),
        row.get("user_segment_id"), moment, moment,
    )  # fmt: skip
    return number


def _when(text: Any) -> datetime:
    if not text:
        return records.now()
    moment = datetime.fromisoformat(str(text)).replace(microsecond=0)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def change_article(desk: Desk, number: int, sent: Mapping[str, Any]) -> int:
    """Changes an article in one language, or in all it has; returns how many texts changed."""
    wanted = sent.get("language")
    found = [a for (n, lang), a in desk.articles.items() if n == number and wanted in (None, lang)]
    for article in found:
        for name in ("title", "body_html", "draft", "section", "category", "user_segment_id"):
            setattr(article, name, sent.get(name, getattr(article, name)))
        article.updated_at = records.now()
    return len(found)


def drop_article(desk: Desk, number: int) -> int:
    """Deletes an article in all languages; returns how many texts were deleted."""
    gone = [key for key in desk.articles if key[0] == number]
    for key in gone:
        del desk.articles[key]
    return len(gone)


def race_act(desk: Desk, ticket: Ticket, sent: Mapping[str, Any]) -> Callable[[], Sequence[Change]]:
    """Returns the action of a race: a comment if there is text, else a change of fields."""
    speaks = bool(sent.get("body_html") or sent.get("body"))
    return lambda: say(desk, ticket, sent)[1] if speaks else change(desk, ticket, sent)
