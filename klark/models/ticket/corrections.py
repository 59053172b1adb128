"""Notes what people say a ticket is, and klark may have taken it for something else: its topic, priority and language. What a
reviewer says in klark stands, whatever is set on the ticket later. Only there a topic becomes an example, which counts from the
next ticket on, and a language (klark.context.corrected_language) and a priority (klark.intake.earlier_runs) are remembered: rules
of the helpdesk, and customers, can set tags and fields too. Priorities lead to suggestions wherever they were set. Call all of it
inside `within(tenant_id)`."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F
from django.db.models.functions import Now

from guardrails.pii.mask import mask
from guardrails.pii.tokens import TOKEN
from guardrails.text.language import detect
from integrations.helpdesks.base import Ticket
from klark.models import Connection, Correction, Decision, Delivery, Draft, Topic
from klark.values.people import known_on_record
from klark.values.triage import urgency

MOST, LONGEST = 50, 600
"""How many examples a topic keeps (the newest), and how many characters of each."""
WHAT = Correction.What
AS_READ: Mapping[str, Any] = {
    "priority_read": F("record__ticket__priority"), "tags_read": F("record__ticket__tags"),
    "fields_read": F("record__ticket__custom_fields"), "priority_taken": F("record__triage__priority"),
}  # fmt: skip
"""What stood on the ticket when klark drafted, and the priority that klark took it to have."""


def note_corrections(connection: Connection, ticket: Ticket) -> None:
    """Notes what was set on the ticket since klark drafted for it last: a tag or the value of a field that names one of the
    tenant's topics, and a priority. What klark has set itself, and two topics at once, say nothing. Draft and topics stay as
    they are."""
    drafts = Draft.of(connection.tenant_id).filter(connection=connection, ticket_id=ticket.id, live=True)
    row: Any = drafts.exclude(record={}).order_by("-pk").values("pk", "topic", **AS_READ).first()
    if row is None:
        return
    draft = Draft(pk=row["pk"], tenant_id=connection.tenant_id, topic=row["topic"])
    before = {_name(each) for each in _said(row["tags_read"] or (), row["fields_read"] or {})}
    fresh = {_name(each) for each in _said(ticket.tags, ticket.custom_fields)} - before - {""}
    if not fresh and ticket.priority in (None, row["priority_read"]):
        return
    own = _set_by_klark(draft)
    set_there = ticket.priority not in (None, row["priority_read"], *own)
    if ticket.priority and set_there and not _noted(draft, WHAT.PRIORITY, by_reviewer=True):
        note(draft, WHAT.PRIORITY, row["priority_taken"] or "", ticket.priority)
    fresh -= {_name(each) for each in own}
    if fresh and not _noted(draft, WHAT.TOPIC):
        topics = list(Topic.of(connection.tenant_id))
        named = [topic.key for topic in topics if not fresh.isdisjoint((_name(topic.key), _name(topic.name)))]
        if len(named) == 1:
            note(draft, WHAT.TOPIC, draft.topic, named[0])


def note_language(draft: Draft, answer: str) -> None:
    """Notes in which language a colleague answered, where that can be told."""
    language, _ = detect(answer)
    if language and not _noted(draft, WHAT.LANGUAGE):
        note(draft, WHAT.LANGUAGE, draft.language, language)


def note(draft: Draft, what: str, was: str, now: str, *, by_reviewer: bool = False) -> None:
    """Notes what a person says that it is. What klark took it for stays as it was noted first."""
    said = {"now": now, "at": Now(), "by_reviewer": by_reviewer}
    made = {"tenant_id": draft.tenant_id, "was": was, **said}
    Correction.objects.update_or_create(draft_id=draft.pk, what=what, create_defaults=made, defaults=said)


def give_topic(draft: Draft, key: str) -> Topic:
    """Gives a draft and its decisions the topic `key` and returns it; what the customer wrote becomes an example of it. Raises
    KeyError if there is no such topic."""
    topics = {topic.key: topic for topic in Topic.of(draft.tenant_id).select_for_update()}
    right = topics[key]
    if text := example_of(draft):
        for topic in topics.values():
            _learn(topic, text, is_one=topic is right)
    note(draft, WHAT.TOPIC, draft.topic, key, by_reviewer=True)
    _give(draft, topic=key)
    return right


def give_language(draft: Draft, code: str) -> None:
    """Gives a draft and its decisions the language that its ticket is in."""
    note(draft, WHAT.LANGUAGE, draft.language, code, by_reviewer=True)
    _give(draft, language=code)


def give_priority(draft: Draft, priority: str) -> None:
    """Notes how urgent a draft's ticket is: what waits of it takes that place in the queue, and its next drafts have it. A
    priority that was set in the helpdesk meanwhile is what the reviewer says otherwise than."""
    waiting = Delivery.of(draft.tenant_id).filter(draft=draft, state=Delivery.State.WAITING)
    waiting.update(urgency=urgency(priority, draft.mood))
    set_there = Correction.of(draft.tenant_id).filter(draft=draft, what=WHAT.PRIORITY, by_reviewer=False)
    set_there.exclude(now=priority).update(was=F("now"))
    note(draft, WHAT.PRIORITY, draft.record.get("triage", {}).get("priority") or "", priority, by_reviewer=True)


def _give(draft: Draft, **said: str) -> None:
    for rows in (Draft.of(draft.tenant_id).filter(pk=draft.pk), Decision.of(draft.tenant_id).filter(draft=draft)):
        rows.update(**said)


def _learn(topic: Topic, text: str, *, is_one: bool) -> None:
    """Adds the text to the right topic and removes it from any other, where an earlier correction has put it."""
    others = [one for one in topic.examples if one != text]
    examples = [*others, text][-MOST:] if is_one else others
    if examples != topic.examples:
        topic.examples = examples
        topic.save(update_fields=["examples"])


def example_of(draft: Draft) -> str:
    """Returns what the customer wrote, on one line and masked; "" if it was not kept."""
    text = " ".join(str(draft.record.get("triage", {}).get("text", "")).split())
    return mask(text, known_on_record(draft.record.get("ticket", {}))).text[:LONGEST]


def learned_from(example: str, text: str) -> bool:
    """Returns whether a masked example was made of this text: what stands between its tokens stands there, in its order.

    An example may be cut anywhere, also inside a token.
    """
    place = 0
    for part in re.split(rf"{TOKEN.pattern}|\[[A-Z]*_?\d*$", example):
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return True


def _set_by_klark(draft: Draft) -> list[str]:
    """Returns the tags, fields' values and priorities that klark's writes for a draft set."""
    found: list[str] = []
    for tags, changes in Delivery.of(draft.tenant_id).filter(draft=draft).values_list("tags", "changes"):
        found += [*_said(tags, changes.get("fields") or {}), str(changes.get("priority") or "")]
    return found


def _noted(draft: Draft, what: str, **said: bool) -> bool:
    return Correction.of(draft.tenant_id).filter(draft=draft, what=what, **said).exists()


def _said(tags: Sequence[str], fields: Mapping[str, Any]) -> Iterable[str]:
    yield from tags
    for value in fields.values():
        yield from map(str, value if isinstance(value, list | tuple) else (value,))


def _name(text: str) -> str:
    """Returns a name as a tag would have it, so that "Returns & refunds" is `returns_refunds`."""
    return "_".join(re.findall(r"\w+", text.casefold().replace("_", " ")))
