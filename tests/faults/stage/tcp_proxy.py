"""A proxy that only passes bytes on, and can be closed or frozen: for the broker."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.stage.switchboard import Switchboard


@dataclass
class TcpProxy:
    """Listens before one server; `name` is what it is called on the switchboard."""

    name: str
    board: Switchboard
    upstream: int
    port: int = 0
    lines: list[asyncio.StreamWriter] = field(default_factory=list)

    async def open(self) -> None:
        """Starts to listen."""
        server = await asyncio.start_server(self._taken, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.name in self.board.closed:
            writer.transport.abort()
            return
        with suppress(OSError):
            server, upward = await asyncio.open_connection("127.0.0.1", self.upstream)
            self.lines += [writer, upward]
            await asyncio.gather(self._pass(reader, upward), self._pass(server, writer), return_exceptions=True)
            self.lines = [one for one in self.lines if one not in (writer, upward)]

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(1 << 16):
            while self.name in self.board.frozen:
                await asyncio.sleep(0.05)
            writer.write(chunk)
        writer.transport.abort()

    def cut(self) -> None:
        """Closes all connections."""
        for line in list(self.lines):
            line.transport.abort()
