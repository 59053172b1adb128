"""What a CRM must be able to do: give facts about one person, by the address that their helpdesk knows them by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from integrations.http.transports import Outbound

Kind = Literal["text", "number", "date", "flag"]
KINDS: tuple[str, ...] = get_args(Kind)
Origin = Literal["crm", "user", "organization"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: "Order 1204 ships on", "2026-11-27". `value` is as the CRM writes it; a date is YYYY-MM-DD; a flag is yes or
    no. `source` is the host that told it; `origin` whether it is a CRM's answer or one of a helpdesk's own fields."""

    name: str
    value: str
    kind: Kind
    source: str
    origin: Origin = "crm"


@dataclass(frozen=True, slots=True)
class CrmAccount:
    """`facts`: the name of a fact → where its value stands ("orders.0.ships_on"), with its kind behind a colon where it
    is no text ("orders.0.ships_on:date"). `key` signs what is asked."""

    url: str
    facts: Mapping[str, str]
    key: bytes
    outbound: Outbound


class Crm(Protocol):
    """One account. Repeats nothing."""

    def __init__(self, account: CrmAccount) -> None: ...

    def lookup(self, email: str) -> Sequence[Fact]:
        """Facts in the order of the mapping; those that are not there are left out. Raises TryLater and Refused."""
        ...
