"""What connecting an account takes beyond answering its tickets: who klark is there, and what tells klark of changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from integrations.errors import Refused
from integrations.helpdesks.base import Account, Person

KeepSecret = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Seat:
    """Who klark is. Sentences for people: what it cannot do without (`missing`), what to think about (`cautions`).

    `wrote`: tickets that this user has to do with, as far as the helpdesk tells; more than klark wrote means that a
    person uses the seat, too. `signs`: whether the helpdesk adds a signature of the seat to what klark writes; `None` where
    nobody can tell.
    """

    person: Person
    missing: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    wrote: int | None = None
    signs: bool | None = None


@dataclass(frozen=True, slots=True)
class Extras:
    """What a person may want made along with it, by name: a group for handovers, text fields on tickets."""

    group: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wiring:
    """What was made or changed (or would be), and, where the helpdesk takes it from a person only, the recipe."""

    done: tuple[str, ...] = ()
    by_hand: str = ""
    cautions: tuple[str, ...] = ()


class Installer(Protocol):
    """One account. Every method may raise TryLater, Refused or Unsure."""

    def __init__(self, account: Account) -> None: ...

    def seat(self) -> Seat:
        """Who klark is, and whether it may do what it must. Reads only."""
        ...

    def arrange(self, address: str, secret: str, keep: KeepSecret, *, only_show: bool = False) -> Wiring:
        """Make what is missing so that changes are told to `address`; `keep` is given the secret that will prove them,
        before the first can come. Run twice, nothing doubles. With `only_show` nothing is changed."""
        ...

    def furnish(self, extras: Extras, *, only_show: bool = False) -> tuple[str, ...]:
        """Make what of it is not there yet; what that was. It stays when klark goes: people use it by then."""
        ...

    def ring(self, address: str) -> str:
        """Have the helpdesk send a test event; what a person should know of it, "" where there is nothing."""
        ...

    def remove(self, address: str) -> tuple[str, ...]:
        """Take away what `arrange` made; what that was."""
        ...


def allowed(ask: Callable[[], object]) -> bool:
    """Whether a read is allowed to klark's user."""
    try:
        ask()
    except Refused:
        return False
    return True
