"""What a person does when klark took a ticket for another topic than it has: the ticket becomes an example of the right one, and
counts from the next ticket on."""

from django.utils.translation import gettext

from guardrails.pii.mask import mask
from klark.knowledge.gaps import people_of
from klark.models import Decision, Draft, Topic, within
from klark.review import Unfit

MOST, LONGEST = 50, 600
"""Examples that a topic keeps, the newest, and characters of one."""


def correct(draft: Draft, key: str) -> Topic:
    """Give a draft and its decisions the right topic. Raises Unfit where there is no such topic."""
    with within(draft.tenant_id):
        topics = {topic.key: topic for topic in Topic.of(draft.tenant_id).select_for_update()}
        if key not in topics:
            raise Unfit(gettext("There is no such topic: choose one of the list."))
        if text := example_of(draft):
            for topic in topics.values():
                _learn(topic, text, is_one=topic.key == key)
        for rows in (Draft.of(draft.tenant_id).filter(pk=draft.pk), Decision.of(draft.tenant_id).filter(draft=draft)):
            rows.update(topic=key)
    return topics[key]


def _learn(topic: Topic, text: str, *, is_one: bool) -> None:
    """An earlier correction of the same ticket was wrong."""
    others = [one for one in topic.examples if one != text]
    examples = [*others, text][-MOST:] if is_one else others
    if examples != topic.examples:
        topic.examples = examples
        topic.save(update_fields=["examples"])


def example_of(draft: Draft) -> str:
    """What the customer wrote, in one line and without personal data; "" where it was not kept."""
    text = " ".join(str(draft.record.get("triage", {}).get("text", "")).split())
    return mask(text, people_of(draft.record.get("ticket", {}))).text[:LONGEST]
