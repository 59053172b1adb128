"""What a CRM is asked and tells: facts about one person, looked up by the e-mail address that the helpdesk knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from integrations.http.transports import Outbound

Kind = Literal["text", "number", "date", "flag"]
KINDS: tuple[str, ...] = get_args(Kind)
Origin = Literal["crm", "user", "organization"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: "Order 1204 ships on", "2026-11-27". `value` is as the CRM writes it; a date is YYYY-MM-DD; a flag is
    yes or no. `source` is the host it came from; `origin` tells a CRM's response from the helpdesk's own user or
    organization fields."""

    name: str
    value: str
    kind: Kind
    source: str
    origin: Origin = "crm"


@dataclass(frozen=True, slots=True)
class CrmAccount:
    """Access to one CRM. `facts`: name of a fact → path of its value ("orders.0.ships_on"), with its kind after a
    colon unless it is text ("orders.0.ships_on:date"). `key` signs the requests."""

    url: str
    facts: Mapping[str, str]
    key: bytes
    outbound: Outbound
