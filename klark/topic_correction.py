"""What a person can do when klark gave a ticket the wrong topic: the ticket becomes an example of the right one, which
counts from the next ticket on."""

from django.utils.translation import gettext

from guardrails.pii.mask import mask
from klark.models import Decision, Draft, Topic, within
from klark.review import Unfit
from klark.values.people import known_on_record

MOST, LONGEST = 50, 600
"""How many examples a topic keeps (the newest), and how many characters of each."""


def correct(draft: Draft, key: str) -> Topic:
    """Gives a draft and its decisions the topic `key` and returns the topic. Raises Unfit if there is no such topic."""
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
