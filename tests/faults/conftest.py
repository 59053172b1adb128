"""The sandbox of `tests/klark`."""

from tests.klark.conftest import sandbox, server, world

__all__ = ["sandbox", "server", "world"]
