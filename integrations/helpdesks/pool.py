"""A rate limit that a helpdesk has for some of its requests, beside the account's own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pool:
    """At most `most` requests of one sort in any `seconds`; `name` is unique within the account.

    `endpoint` names the pool in response headers that tell its size (`Stated.endpoints`), "" if none does. A header that tells
    `another` is about another limit of the same requests.
    """

    name: str
    most: int
    seconds: float = 60.0
    endpoint: str = ""
    another: int = 0

    def size(self, total: int) -> int:
        """Returns how many, where the account as a whole may make `total` requests a minute."""
        return self.most
