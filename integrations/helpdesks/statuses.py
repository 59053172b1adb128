"""Finds a status by the name that the account itself gave it."""

from collections.abc import Mapping

from integrations.errors import Refused


def status_id(name: str, known: Mapping[str, str], desk: str) -> int:
    """Returns the id of the status with this name, in any case. `known`: name → id. Raises Refused, which lists the names."""
    ids = {label.casefold(): each for label, each in known.items()}
    found = ids.get(name.strip().casefold())
    if found is None:
        raise Refused(f"{desk} has no status “{name[:60]}”; it has {', '.join(f'“{label}”' for label in known)}")
    return int(found)
