"""How a customer rated the help, in Freshdesk's numbers. https://developers.freshdesk.com/api/#view_ticket_satisfaction_ratings"""

from collections.abc import Mapping, Sequence
from typing import Any

from integrations.helpdesks.base import Satisfaction
from integrations.helpdesks.untrusted_input import mapping, words

NEUTRAL = 100
"""From 103, extremely happy, over 100 and -101 to -103, extremely unhappy."""


def rating(listed: Sequence[Mapping[str, Any]]) -> Satisfaction | None:
    """Returns what the newest answer to the survey's first question says, or None without one."""
    newest = max(listed, key=lambda one: words(one.get("created_at")), default={})
    given = mapping(newest.get("ratings")).get("default_question")
    if not isinstance(given, int) or isinstance(given, bool):
        return None
    return "neutral" if given == NEUTRAL else "good" if given > NEUTRAL else "bad"
