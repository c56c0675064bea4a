"""Lines as uvicorn makes them: from request to line, what may be said on it, its end."""

from __future__ import annotations

import asyncio
import gc
import weakref
from contextlib import suppress

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from broker.web import connections as module
from broker.web.connections import HttpConnection, LineConnection
from broker.web.strangers import Cut
from tests.support.world import KZ
from tests.unit.broker.edges import until
from tests.unit.broker.web.rig import (
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    SHORT_S,
    Rig,
    close_code,
    frame,
    upgrade,
)

pytestmark = pytest.mark.usefixtures("quiet")


# From HTTP to a line


@pytest.mark.usefixtures("quick")
async def test_a_line_goes_on_as_the_connection_that_it_was(rig: Rig) -> None:
    """It is counted once, no longer has to hurry, and nothing is left of the HTTP connection."""
    raw = await rig.connect(upgrade(b"/judge"))
    await until(lambda: any(isinstance(each, LineConnection) for each in rig.server.server_state.connections))
    assert len(rig.strangers) == 1
    assert not [each for each in gc.get_objects() if type(each) is HttpConnection and each.parser is not None]
    await asyncio.sleep(2 * SHORT_S)
    rig.may_answer.set()
    assert b" 101 " in await raw.head()
    raw.hang_up()
    await until(lambda: len(rig.strangers) == 0)
    assert rig.noted == []


async def test_nothing_is_left_of_a_connection_that_became_a_line(rig: Rig) -> None:
    """Without the help of the collector, which looks seldom in a hub."""
    gc.collect()
    gc.disable()
    try:
        raw = await rig.connect()
        await until(lambda: rig.server.server_state.connections)
        gone = [weakref.ref(each) for each in rig.server.server_state.connections]
        raw.send(upgrade())
        await raw.head()
        await until(lambda: [each() for each in gone] == [None])
        gone = [weakref.ref(each) for each in rig.server.server_state.connections]
        raw.hang_up()
        await until(lambda: [each() for each in gone] == [None])
    finally:
        gc.enable()


@pytest.mark.usefixtures("quick")
async def test_an_upgrade_that_is_refused_is_no_fault(rig: Rig) -> None:
    """It gets its answer, nothing is logged, and a peer that does not read it does not stay."""
    raw = await rig.connect(upgrade(b"/refuse"))
    assert (await raw.rest()).endswith(b"no")
    await until(lambda: len(rig.strangers) == 0)
    assert rig.noted == []


# Lines: what may be said


async def test_pings_of_an_ordinary_peer_are_answered(rig: Rig) -> None:
    """Some at once and then some each minute."""
    line = await rig.line()
    line.send(frame(b"p", PING) * (module.CONTROL_BURST // 2), frame(b"", PONG) * (module.CONTROL_BURST // 2 - 1))
    assert await line.reader.readexactly(3 * (module.CONTROL_BURST // 2)) == b"\x8a\x01p" * (module.CONTROL_BURST // 2)
    line.send(frame(b"still here"))
    await until(lambda: rig.messages == ["still here"])
    line.hang_up()


FLOODS = {
    "pings": frame(b"", PING),
    "pongs": frame(b"", PONG),
    "fragments": frame(b"x", CONTINUATION, fin=False),
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=list(FLOODS))
async def test_a_flood_of_small_frames_ends_the_line(rig: Rig, flood: bytes) -> None:
    """The line is closed with a code that says why, and it is noted with the member."""
    line = await rig.line()
    line.send(frame(b"", fin=False), flood * (module.CONTROL_BURST + 1))
    assert close_code(await line.rest()) == 4429
    assert rig.noted == [(Cut.FLOOD, KZ)]
    assert rig.messages == []


@pytest.mark.parametrize("flood", FLOODS.values(), ids=list(FLOODS))
async def test_of_a_flood_only_a_slice_is_looked_at(rig: Rig, flood: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much comes at once, what is parsed after the line is closed is a slice."""
    parsed = [0]
    receive = WebSocketsSansIOProtocol.data_received

    def counted(self: WebSocketsSansIOProtocol, data: bytes) -> None:
        parsed[0] += len(data)
        receive(self, data)

    monkeypatch.setattr(WebSocketsSansIOProtocol, "data_received", counted)
    line = await rig.line()
    parsed[0] = 0
    line.send(frame(b"", fin=False) + flood * 100_000)
    await line.rest()
    assert parsed[0] <= 2 * module.SLICE_BYTES


@pytest.mark.parametrize("flood", [FLOODS["pings"], FLOODS["pongs"]], ids=["pings", "pongs"])
async def test_a_stranger_whose_token_is_being_judged_cannot_flood_either(rig: Rig, flood: bytes) -> None:
    """It has no line yet that could be closed, so it is cut."""
    raw = await rig.connect(upgrade(b"/judge"))
    await until(lambda: any(isinstance(each, LineConnection) for each in rig.server.server_state.connections))
    raw.send(flood * 1_000)
    await raw.rest()
    assert rig.noted == [(Cut.FLOOD, None)]
    rig.may_answer.set()


async def test_a_large_message_may_come_in_large_fragments(rig: Rig) -> None:
    """Fragments of a kibibyte and more are as many as a message needs; the last one may be small."""
    line = await rig.line()
    part = b"x" * module.FRAGMENT_BYTES
    pieces = [frame(part, fin=False), *[frame(part, CONTINUATION, fin=False)] * 999, frame(b"x", CONTINUATION)]
    for _ in range(3):
        line.send(*pieces)
    await until(lambda: [len(text) for text in rig.messages] == [1_000 * len(part) + 1] * 3)
    line.hang_up()


async def test_messages_in_two_small_pieces_are_as_many_as_others(rig: Rig) -> None:
    """A last fragment costs nothing of its own."""
    line = await rig.line()
    line.send((frame(b"a", fin=False) + frame(b"b", CONTINUATION)) * 300)
    await until(lambda: len(rig.messages) == 300)
    line.hang_up()


# Lines: their end


@pytest.mark.parametrize("flood", [frame(b"late"), FLOODS["pings"]], ids=["messages", "pings"])
async def test_a_peer_cannot_flood_a_line_that_is_being_closed(rig: Rig, flood: bytes) -> None:
    """What was on its way may come, and no more: the connection is cut."""
    line = await rig.line()
    line.send(frame(b"close"))
    assert close_code(await line.reader.readexactly(12)) == 4410
    line.send(*[flood * 1_000] * 20)
    await line.rest()
    assert rig.noted == [(Cut.FLOOD, KZ)]
    assert rig.messages == ["close"]


async def test_what_was_on_its_way_when_the_line_was_closed_does_no_harm(rig: Rig) -> None:
    """A peer that had sent before it knew ends the line in the ordinary way."""
    line = await rig.line()
    line.send(frame(b"close"), frame(b"late") * 100, frame((4410).to_bytes(2), CLOSE))
    assert close_code(await line.rest()) == 4410
    assert (rig.noted, rig.messages) == ([], ["close"])


async def test_a_line_that_cannot_be_closed_is_cut(rig: Rig) -> None:
    """A peer that reads nothing is not waited for with the close frame, nor does it get a pong."""
    line = await rig.line()
    line.writer.transport.pause_reading()  # type: ignore[attr-defined]
    line.send(frame(b"fill"))
    [connection] = rig.server.server_state.connections
    assert isinstance(connection, LineConnection)
    await until(lambda: not connection.writable.is_set())
    waiting = connection.transport.get_write_buffer_size()
    for _ in range(module.CONTROL_BURST - 1):
        connection.handle_ping()
    assert connection.conn.writes == []
    assert connection.transport.get_write_buffer_size() <= waiting
    with suppress(Exception):  # uvicorn's own, which nobody sees
        await connection.send({"type": "websocket.close", "code": 1000})
    assert connection.transport.is_closing()
    line.hang_up()


@pytest.mark.usefixtures("quick")
async def test_a_line_that_has_ended_does_not_linger(rig: Rig) -> None:
    """What waits has a while to be read; then the connection is cut."""
    line = await rig.connect(upgrade(b"/full"))
    line.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await until(lambda: any(isinstance(each, LineConnection) for each in rig.server.server_state.connections))
    await until(lambda: not rig.server.server_state.connections)
