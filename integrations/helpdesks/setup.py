"""The interface for connecting an account: which user klark is there, and how the helpdesk is made to report changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from integrations.errors import Refused
from integrations.helpdesks.base import Account, Person

KeepSecret = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Seat:
    """The helpdesk user that klark acts as. Sentences for people: what must be fixed (`missing`), and what to
    consider (`cautions`).

    `wrote`: the number of tickets that involve this user, `None` if the helpdesk could not be asked or does not tell;
    more than klark wrote means that a person uses the seat too. `signs`: whether the helpdesk adds the seat's signature
    to klark's replies; `None` if that is unknown. `at`: the time there, which comments have too. `brands`: the account's brands
    (Freshdesk: products), id → name; empty if this user may not list them.
    """

    person: Person
    missing: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    wrote: int | None = None
    signs: bool | None = None
    at: datetime | None = None
    brands: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extras:
    """Optional things to create during set-up, by name: a group for handovers, text fields on tickets."""

    group: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wiring:
    """What was created or changed (or would be), and a recipe if the helpdesk only accepts it from a person."""

    done: tuple[str, ...] = ()
    by_hand: str = ""
    cautions: tuple[str, ...] = ()


class Installer(Protocol):
    """Sets up one account. Every method may raise TryLater, Refused or Unsure."""

    def __init__(self, account: Account) -> None: ...

    def seat(self) -> Seat:
        """Returns the user that klark acts as, and whether it has the rights that it needs. Only reads."""
        ...

    def arrange(self, address: str, secret: str, keep: KeepSecret, *, only_show: bool = False) -> Wiring:
        """Creates what is missing so that changes are reported to `address`. `keep` is called with the webhook's secret
        before the first webhook can come. Running it twice creates nothing twice. With `only_show` nothing is changed."""
        ...

    def furnish(self, extras: Extras, *, only_show: bool = False) -> tuple[str, ...]:
        """Creates the extras that do not exist yet, and returns what that was. They stay when klark is removed:
        people use them by then."""
        ...

    def ring(self, address: str) -> str:
        """Makes the helpdesk send a test event; returns what a person should know about it, or ""."""
        ...

    def remove(self, address: str) -> tuple[str, ...]:
        """Removes what `arrange` created, and returns what that was."""
        ...


def allowed(ask: Callable[[], object]) -> bool:
    """Returns whether klark's user may do this read."""
    try:
        ask()
    except Refused:
        return False
    return True
