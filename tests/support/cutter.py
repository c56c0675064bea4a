"""A line that breaks again and again: every connection through it ends when its time is over, whatever it carries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_BLOCK = 1 << 16


class Cutter:
    """Carries connections to a port, and cuts all of them every so often.

    Args:
        target: port of the loopback interface.
        every_s: after so many seconds.
        bytes_s: how much it carries in a second, each way.

    Attributes:
        cuts: how many connections were cut while they were in use.
        port: where it listens.
    """

    def __init__(self, target: int, every_s: float, bytes_s: int) -> None:
        self._target = target
        self._every_s = every_s
        self._pause_s = _BLOCK / bytes_s
        self._open: set[asyncio.StreamWriter] = set()
        self.cuts = 0
        self.port = 0

    async def cut(self) -> None:
        """Cut, for as long as it lasts."""
        while True:
            await asyncio.sleep(self._every_s)
            for writer in list(self._open):
                writer.transport.abort()
                self.cuts += 1

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry one connection."""
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self._target)
            self._open |= {writer, back}
            try:
                await asyncio.gather(self._carry(reader, back), self._carry(there, writer))
            finally:
                self._open -= {writer, back}
                for each in (writer, back):
                    each.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(_BLOCK):
            writer.write(data)
            await writer.drain()
            await asyncio.sleep(self._pause_s * len(data) / _BLOCK)
        raise ConnectionResetError


@asynccontextmanager
async def cutting(port: int, target: int, every_s: float = 1.0, bytes_s: int = 24 << 20) -> AsyncIterator[Cutter]:
    """A line from one port of the loopback interface to another, that is cut every so often."""
    cutter = Cutter(target, every_s, bytes_s)
    cutter.port = port
    server = await asyncio.start_server(cutter.take, "127.0.0.1", port)
    task = asyncio.get_running_loop().create_task(cutter.cut())
    try:
        yield cutter
    finally:
        task.cancel()
        server.close()
