"""A helpdesk's own fields about a requester and the organization they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Profile:
    """Values by the helpdesk's own field names, as the helpdesk writes them. `source` is the account's host."""

    source: str
    user: Mapping[str, Any] = field(default_factory=dict)
    organization: Mapping[str, Any] = field(default_factory=dict)
