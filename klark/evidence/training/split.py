"""Draws the customers whose examples are kept for validation."""

import hashlib
from collections.abc import Iterable, Set

VALIDATION = 10
"""One customer in so many is kept for validation."""


def kept_for_validation(tenant: str, customers: Iterable[frozenset[str]]) -> set[int]:
    """Returns the places of the examples kept for validation. `customers`: of each example, by what its customer is known."""
    drawn = (places for names, places in groups(customers) if is_drawn(tenant, names))
    return {place for places in drawn for place in places}


def is_drawn(tenant: str, names: Set[str]) -> bool:
    """Draws lots by the tenant's short name and the customer's, so that an export made again falls the same way."""
    digest = hashlib.sha256(f"{tenant}/{min(names)}".encode()).hexdigest()
    return int(digest, 16) % VALIDATION == 0


def groups(customers: Iterable[frozenset[str]]) -> list[tuple[set[str], list[int]]]:
    """Returns each customer's names and places. Who is known by an address here and by a helpdesk's id there is one."""
    found: dict[str, tuple[set[str], list[int]]] = {}
    for place, known_by in enumerate(customers):
        names, theirs = set(known_by), [place]
        for other in _each_once(found[name] for name in known_by if name in found):
            names |= other[0]
            theirs = other[1] + theirs
        found.update(dict.fromkeys(names, (names, theirs)))
    return _each_once(found.values())


def _each_once(some: Iterable[tuple[set[str], list[int]]]) -> list[tuple[set[str], list[int]]]:
    """Returns each customer once, however many names lead there: else every example with two names would double the places."""
    return list({id(one): one for one in some}.values())
