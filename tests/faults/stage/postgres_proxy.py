"""A proxy between one of klark's processes and PostgreSQL, which reads the statements that pass and lets faults strike at them.

https://www.postgresql.org/docs/current/protocol-flow.html: after an unnumbered start, each message is a letter, a length
and its content. `Q` and `P` carry SQL; the server's answer to either ends with `Z`.
"""

import asyncio
import struct
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.stage.switchboard import Switchboard, Trigger

SSL, GSS = 80877103, 80877104
END = (b"COMMIT", b"ROLLBACK")


@dataclass
class Line:
    """One client's connection. `said`: the statements of its open transaction. `awaits`: those whose answer is to come."""

    process: str
    board: Switchboard
    client: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    server: tuple[asyncio.StreamReader, asyncio.StreamWriter]
    said: list[str] = field(default_factory=list)
    awaits: list[tuple[str, bool]] = field(default_factory=list)

    async def run(self) -> None:
        """Passes on what comes from either side until one of them ends."""
        try:
            await self._start()
            done, rest = await asyncio.wait(
                [asyncio.ensure_future(self._up()), asyncio.ensure_future(self._down())],
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in (*done, *rest):
                task.cancel()
        except (OSError, asyncio.IncompleteReadError, EOFError):
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Closes both sides."""
        for _, writer in (self.client, self.server):
            with suppress(OSError, RuntimeError):
                writer.transport.abort()

    async def _start(self) -> None:
        reader, writer = self.client
        while True:
            head = await reader.readexactly(8)
            size, code = struct.unpack("!II", head)
            if code not in (SSL, GSS):
                self.server[1].write(head + await reader.readexactly(size - 8))
                return
            writer.write(b"N")

    async def _up(self) -> None:
        reader = self.client[0]
        while True:
            head = await reader.readexactly(5)
            size = struct.unpack("!I", head[1:])[0]
            body = await reader.readexactly(size - 4)
            while "database" in self.board.frozen:
                await asyncio.sleep(0.05)
            struck = await self._strike(head[:1], body)
            if struck is None or struck.act in ("hold", "stop"):
                self.server[1].write(head + body)
            elif struck.act == "full":
                await self._refuse(head[:1])
            else:
                return

    async def _strike(self, letter: bytes, body: bytes) -> Trigger | None:
        if letter not in (b"Q", b"P"):
            return None
        sql = (body if letter == b"Q" else body.partition(b"\0")[2]).partition(b"\0")[0]
        if sql.startswith(END):
            told, self.said = "\n".join(self.said), []
            commit = sql.startswith(b"COMMIT")
        else:
            told, commit = sql.decode(errors="replace"), False
            self.said.append(told)
        if not told:
            return None
        self.awaits.append((told, commit))
        return await self._held(self.board.at(self.process, "database", told, "before", commit=commit))

    async def _held(self, struck: Trigger | None) -> Trigger | None:
        if struck and struck.act == "hold":
            await asyncio.sleep(struck.seconds)
        return struck

    async def _refuse(self, letter: bytes) -> None:
        """Answers as a database whose disk is full, after the rest of the request has come."""
        while letter == b"P":
            head = await self.client[0].readexactly(5)
            await self.client[0].readexactly(struct.unpack("!I", head[1:])[0] - 4)
            if head[:1] == b"S":
                break
        told = b"SERROR\0VERROR\0C53100\0Mcould not extend file: No space left on device\0\0"
        status = b"E" if len(self.said) > 1 else b"I"
        self.awaits.clear()
        self.client[1].write(b"E" + struct.pack("!I", len(told) + 4) + told + b"Z" + struct.pack("!I", 5) + status)

    async def _down(self) -> None:
        while chunk := await self.server[0].read(1 << 16):
            if self.awaits and b"Z\0\0\0\5" in chunk:
                told, commit = self.awaits.pop()
                self.awaits.clear()
                struck = await self._held(self.board.at(self.process, "database", told, "after", commit=commit))
                if struck and struck.act not in ("hold", "stop"):
                    return
            self.client[1].write(chunk)


@dataclass
class PostgresProxy:
    """Listens for one of klark's processes; `port` is known once it is open."""

    process: str
    board: Switchboard
    upstream: int
    port: int = 0
    lines: list[Line] = field(default_factory=list)

    async def open(self) -> None:
        """Starts to listen."""
        server = await asyncio.start_server(self._taken, "127.0.0.1", 0, limit=1 << 22)
        self.port = server.sockets[0].getsockname()[1]

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if "database" in self.board.closed:
            writer.transport.abort()
            return
        while "database" in self.board.frozen:
            await asyncio.sleep(0.05)
        try:
            server = await asyncio.open_connection("127.0.0.1", self.upstream, limit=1 << 22)
        except OSError:
            writer.transport.abort()
            return
        line = Line(self.process, self.board, (reader, writer), server)
        self.lines.append(line)
        await line.run()
        self.lines.remove(line)

    def cut(self) -> None:
        """Closes all connections."""
        for line in list(self.lines):
            line.close()
