"""Recognises the webhook that a helpdesk sends for klark's own comment, so that nothing is fetched for it."""

from integrations.errors import BadPayload
from integrations.helpdesks import HELPDESKS
from klark.models import within
from klark.models.ticket.loaded_event import Loaded
from klark.models.ticket.own_comments import own_comments


def is_echo(loaded: Loaded) -> bool:
    """Returns whether the event says, signed by the helpdesk, that klark's own seat wrote a comment, and klark has stored that
    it wrote this one. Anything else has to be read: the seat may be a person's too, and the answer that told klark the
    comment's id may have been lost. A customer's comment has an event of its own."""
    try:
        told = HELPDESKS[loaded.connection.helpdesk].parse(bytes(loaded.event.raw), {})
    except BadPayload:
        return False
    if told is None or not told.comment_id or told.actor_id != loaded.connection.own_user_id:
        return False
    with within(loaded.claim.tenant_id):
        return told.comment_id in own_comments(loaded.connection, loaded.event.ticket_id).comment_ids
