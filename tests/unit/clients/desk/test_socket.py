"""What a page is told over its socket."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator

import pytest

from clients.network.maker import MadeNetwork
from tests.support.web_desk import KZ, ServedDesk, Window, closed_by, next_frame, open_socket, serve_desk


@pytest.fixture
def served(made: MadeNetwork) -> Iterator[ServedDesk]:
    """The desk of KZ/NFP, which listens."""
    with serve_desk(made.home(KZ)) as found:
        yield found


async def test_a_page_is_told_what_there_is_and_beats(served: ServedDesk) -> None:
    """A snapshot comes first, then a beat each second, in which the worker has got further."""
    window = await (await Window(served.desk, served=True).open()).unlock()
    async with open_socket(served, window) as socket:
        first = await next_frame(socket, "snapshot")
        assert first["seq"] == 1
        assert first["state"]["session"]["officer"] == "KZ/NFP/DUTY-1"
        assert first["state"]["line"]["held"] is False
        one, two = await next_frame(socket, "beat"), await next_frame(socket, "beat")
        assert one["hub"]["connected"] is False
        assert two["desk_ms"] > one["desk_ms"]


async def test_a_lost_count_brings_a_new_snapshot(served: ServedDesk) -> None:
    """A page that asks for it is told everything anew, with the next number."""
    window = await (await Window(served.desk, served=True).open()).unlock()
    async with open_socket(served, window) as socket:
        first = await next_frame(socket, "snapshot")
        await socket.send(json.dumps({"type": "resync"}))
        assert (await next_frame(socket, "snapshot"))["seq"] == first["seq"] + 1


async def test_locking_ends_the_socket(served: ServedDesk) -> None:
    """Where the screen locks, its sockets end with 4401; the next one is told the line and the counts alone."""
    window = await (await Window(served.desk, served=True).open()).unlock()
    async with open_socket(served, window) as socket:
        await next_frame(socket, "snapshot")
        await window.post("/api/session/lock")
        assert await closed_by(socket) == 4401
    async with open_socket(served, window) as socket:
        assert set((await next_frame(socket, "snapshot"))["state"]) == {"line", "counts", "session"}


async def test_a_stuck_worker_shows_in_the_beat(served: ServedDesk) -> None:
    """While the worker gets no further the beat goes on, and says so: its progress stands still."""
    window = await (await Window(served.desk, served=True).open()).unlock()
    is_over = threading.Event()
    async with open_socket(served, window) as socket:
        await next_frame(socket, "snapshot")
        stuck = asyncio.run_coroutine_threadsafe(served.desk.do(lambda _client: is_over.wait(30)), served.loop)
        try:
            await next_frame(socket, "beat")
            beats = [await next_frame(socket, "beat") for _beat in range(3)]
            assert len({beat["desk_ms"] for beat in beats}) == 1
        finally:
            is_over.set()
        assert await asyncio.wrap_future(stuck)
        assert [await next_frame(socket, "beat") for _beat in range(2)][-1]["desk_ms"] > beats[-1]["desk_ms"]
