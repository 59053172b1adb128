"""A rate limit that a helpdesk has for some of its requests, beside the account's own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pool:
    """At most `most` requests of one sort in any `seconds`; `name` is unique within the account."""

    name: str
    most: int
    seconds: float = 60.0

    def size(self, total: int) -> int:
        """Returns how many, where the account as a whole may make `total` requests a minute."""
        return self.most
