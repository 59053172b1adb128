"""A proxy before an HTTP server, which lets faults strike at requests and makes answers worse.

status   answered with `Trigger.status` and `headers`; with the moment "after", though the server has carried it out
half     the answer ends in the middle, and with it the connection
drip     the answer comes byte by byte, `seconds` apart
garbage  the answer is 200 with half a JSON document
page     the answer is 200 with a page of HTML
"""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass

from tests.faults.stage.switchboard import Switchboard, Trigger, Way

SIGNALS = ("kill", "cut", "end")
LIMIT = 1 << 22


@dataclass(frozen=True, slots=True)
class Passage:
    """One request or answer as it came: its head with the empty line, and its body."""

    head: bytes
    body: bytes

    @property
    def told(self) -> str:
        """The first line, as in "POST /zendesk/api/v2/tickets/1 HTTP/1.1", and the body."""
        return (self.head.partition(b"\r\n")[0] + b"\n" + self.body).decode(errors="replace")


async def read(reader: asyncio.StreamReader) -> Passage | None:
    """Returns the next request or answer; `None` at the end of the connection."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    fields = dict(line.lower().partition(b":")[::2] for line in head.split(b"\r\n")[1:])
    if b"chunked" in fields.get(b"transfer-encoding", b""):
        return Passage(head, await _chunks(reader))
    return Passage(head, await reader.readexactly(int(fields.get(b"content-length", b"0"))))


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    whole = b""
    while True:
        line = await reader.readuntil(b"\r\n")
        whole += line + await reader.readexactly(int(line.split(b";")[0], 16) + 2)
        if whole.endswith(b"0\r\n\r\n") and line.strip() == b"0":
            return whole


def answer(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    """Returns an answer of the proxy's own."""
    told = {"Content-Type": "application/json", **headers, "Content-Length": str(len(body)), "Connection": "close"}
    lines = "".join(f"{name}: {text}\r\n" for name, text in told.items())
    return f"HTTP/1.1 {status} Told\r\n{lines}\r\n".encode() + body


@dataclass
class HttpProxy:
    """Listens before one server. `process`: whose requests pass, or, at klark's own door, who answers them."""

    process: str
    way: Way
    board: Switchboard
    upstream: int
    port: int = 0

    async def open(self) -> None:
        """Starts to listen."""
        server = await asyncio.start_server(self._taken, "127.0.0.1", 0, limit=LIMIT)
        self.port = server.sockets[0].getsockname()[1]

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            while (asked := await read(reader)) and await self._one(asked, writer):
                pass
        writer.transport.abort()

    async def _one(self, asked: Passage, writer: asyncio.StreamWriter) -> bool:
        """Passes one request on and its answer back; returns whether the connection stays open."""
        struck = await self._at(asked, "before")
        if struck and struck.act in SIGNALS:
            return False
        if struck and struck.act == "status":
            writer.write(answer(struck.status, json.dumps({"error": "asked to"}).encode(), dict(struck.headers)))
            await writer.drain()
            return False
        server, upward = await asyncio.open_connection("127.0.0.1", self.upstream, limit=LIMIT)
        upward.write(asked.head + asked.body)
        await upward.drain()
        struck = await self._at(asked, "sent")
        if struck and struck.act in SIGNALS:
            await read(server)  # the server carries it out, whoever has gone
            upward.close()
            return False
        got = await read(server)
        upward.close()
        struck = await self._at(asked, "after")
        if got is None or (struck and struck.act in SIGNALS):
            return False
        return await self._told(got, struck, writer)

    async def _at(self, asked: Passage, moment: str) -> Trigger | None:
        struck = self.board.at(self.process, self.way, asked.told, moment)  # type: ignore[arg-type]
        if struck and struck.act == "hold":
            await asyncio.sleep(struck.seconds)
        return struck

    async def _told(self, got: Passage, struck: Trigger | None, writer: asyncio.StreamWriter) -> bool:
        """Gives the answer back, as it came or worse; returns whether the connection stays open."""
        act, whole = struck.act if struck else "", got.head + got.body
        if act == "drip" and struck:
            for place in range(0, len(whole), 8):
                writer.write(whole[place : place + 8])
                await writer.drain()
                await asyncio.sleep(struck.seconds)
            return True
        made = {
            "half": whole[: len(got.head) + len(got.body) // 2],
            "garbage": answer(200, got.body[: len(got.body) // 2] or b"{", {}),
            "page": answer(200, b"<!DOCTYPE html><p>Just a moment", {"Content-Type": "text/html"}),
        }
        if struck and act == "status":
            made["status"] = answer(struck.status, b'{"error": "asked to"}', dict(struck.headers))
        writer.write(made.get(act, whole))
        await writer.drain()
        return act not in made
