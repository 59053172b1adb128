"""One outbound policy for every request that leaves klark."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outbound:
    """What the operator allows. `private` lists hosts ("127.0.0.1:8800") or networks ("10.1.0.0/16") that may be
    reached although they are not public; it comes from the environment, never from a tenant's data.
    `read_only` refuses every request that is not a GET (shadow mode)."""

    private: tuple[str, ...] = ()
    connect_s: float = 5.0
    read_s: float = 20.0
    max_bytes: int = 16 * 1024 * 1024
    read_only: bool = False
