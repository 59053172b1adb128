"""What a person can do when klark gave a ticket the wrong topic: the ticket becomes an example of the right one, which
counts from the next ticket on."""

from django.utils.translation import gettext

from klark.models import Draft, Topic, within
from klark.models.ticket.corrections import give_topic
from klark.review import Unfit


def correct(draft: Draft, key: str) -> Topic:
    """Gives a draft and its decisions the topic `key` and returns the topic. Raises Unfit if there is no such topic."""
    with within(draft.tenant_id):
        try:
            return give_topic(draft, key)
        except KeyError:
            raise Unfit(gettext("There is no such topic: choose one of the list.")) from None
