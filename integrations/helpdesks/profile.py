"""What a helpdesk's own fields say of a requester and of the organization they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Profile:
    """Values by the desk's own names for its fields, as the desk writes them. `source` is the account's host."""

    source: str
    user: Mapping[str, Any] = field(default_factory=dict)
    organization: Mapping[str, Any] = field(default_factory=dict)
