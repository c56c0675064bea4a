"""Serving: what a peer that does not read, does not answer or floods can hold, and how serving ends."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from broker import server as module
from broker.app import create_app, create_control_app
from broker.server import Server, make_config, remove_stale_socket, serve
from broker.service import session
from broker.service.hub import Hub
from broker.service.session import HubSession
from schemas import limits
from schemas.errors import Code
from tests.support.hub import open_line, resume_text
from tests.support.refusals import refused
from tests.support.world import KG, KZ, World
from tests.unit.broker.edges import dialled, enter, loaded_hub, port_of, present_world, served, until

REPORT = b"x" * 180_000


@pytest.fixture
def world() -> World:
    """KZ and KG, today."""
    return present_world([KZ, KG])


@pytest.fixture
def hub(tmp_path: Path, world: World) -> Iterator[Hub]:
    """A hub that is not served yet."""
    with loaded_hub(tmp_path, world) as loaded:
        yield loaded


@pytest.fixture
def laden(hub: Hub, world: World) -> Hub:
    """A hub at which more waits for KG than the buffers of a socket take."""
    for _ in range(2):
        enter(hub, *[world.dispatch(KZ, [KG], REPORT) for _ in range(25)])
    return hub


async def deaf(server: Server, token: str) -> ClientConnection:
    """A client that asks for everything and then reads no more, with as little buffer as there is."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    taken.connect(("127.0.0.1", port_of(server)))
    peer = await dialled(server, token, sock=taken, max_queue=1, ping_interval=None)
    await peer.recv()
    await peer.send(resume_text())
    return peer


def waiting_bytes(server: Server) -> int:
    """What is to be written on all connections of a server."""
    return sum(connection.transport.get_write_buffer_size() for connection in server.server_state.connections)


async def unwritable(server: Server) -> int:
    """Wait until a connection can take no more; gives how much waits."""
    await until(lambda: waiting_bytes(server) > 64 * 1024)
    return waiting_bytes(server)


# Peers that do not read


async def test_whoever_does_not_read_is_cut_off(laden: Hub, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow reader's line ends though neither mail nor close frame can be written, and its seat is free."""
    monkeypatch.setattr(session, "SEND_TIMEOUT_S", 0.1)
    async with served(laden) as server:
        peer = await deaf(server, world.token(KG))
        await unwritable(server)
        await until(lambda: laden.mailroom.count() == 0 and not server.server_state.connections)
        peer.transport.abort()


async def test_a_deaf_peer_cannot_fill_the_hub_with_pings(laden: Hub, world: World) -> None:
    """A peer that reads nothing and pings without end has one frame waiting at its socket, and no pongs."""
    async with served(laden) as server:
        peer = await deaf(server, world.token(KG))
        waiting = await unwritable(server)
        for _ in range(10):
            await asyncio.gather(*(peer.ping() for _ in range(1_000)))
        await peer.send("{}")
        [line] = laden.mailroom.sessions()
        assert isinstance(line, HubSession)
        await until(lambda: line._refused)
        assert [connection.conn.writes for connection in server.server_state.connections] == [[]]  # type: ignore[union-attr]
        assert waiting_bytes(server) <= waiting <= session.DELIVER_BYTES + 2 * len(REPORT)
        peer.transport.abort()


async def test_pings_of_a_peer_that_reads_are_answered(hub: Hub, world: World) -> None:
    """Every ping of an ordinary client gets its pong."""
    async with served(hub) as server, dialled(server, world.token(KG)) as peer:
        await open_line(peer)
        for pong in [await peer.ping() for _ in range(3)]:
            await asyncio.wait_for(pong, 5)


@pytest.mark.parametrize("reads", [True, False], ids=["idle", "deaf"])
async def test_a_half_open_line_is_found_and_cut(
    laden: Hub, world: World, monkeypatch: pytest.MonkeyPatch, reads: bool
) -> None:
    """A peer that answers no ping loses its line, whether or not something waits to be written."""
    monkeypatch.setattr(limits, "PING_S", 0.1)
    async with served(laden) as server:
        reader, writer = await upgraded(server, world.token(KG))
        if not reads:
            writer.write(masked(resume_text()))
            await unwritable(server)
        await until(lambda: laden.mailroom.count() == 0 and not server.server_state.connections)
        writer.close()
        del reader


async def test_a_line_that_has_ended_does_not_linger(laden: Hub, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once its line has ended by a fault in the protocol, a peer that reads nothing does not keep the connection."""
    monkeypatch.setattr(module, "LINGER_S", 0.1)
    async with served(laden) as server:
        reader, writer = await upgraded(server, world.token(KG))
        writer.write(masked(resume_text()))
        await unwritable(server)
        writer.write(b"\x81\x00")  # a frame that is not masked
        await until(lambda: not server.server_state.connections)
        writer.close()
        del reader


async def upgraded(server: Server, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A line on a bare socket that does nothing by itself."""
    taken = socket.socket()
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    taken.connect(("127.0.0.1", port_of(server)))
    reader, writer = await asyncio.open_connection(sock=taken, limit=1024)
    writer.write(
        "GET /v1/exchange HTTP/1.1\r\nHost: hub\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {base64.b64encode(bytes(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Protocol: serai.v1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    assert b"101" in await reader.readline()
    return reader, writer


def masked(text: str) -> bytes:
    """A text frame as a client sends it, under a mask of zeros."""
    data = text.encode()
    return bytes([0x81, 0xFE]) + len(data).to_bytes(2, "big") + bytes(4) + data


# How it is served


def test_serving_gives_nothing_away_and_bounds_what_it_reads(hub: Hub) -> None:
    """No compression, frames bounded while they are read, pings from our side, no trust in a proxy's word."""
    config = make_config(create_app(hub))
    assert (config.ws_max_size, config.ws_per_message_deflate) == (limits.FRAME_BYTES, False)
    assert (config.ws_ping_interval, config.ws_ping_timeout) == (limits.PING_S, limits.PING_S)
    assert (config.server_header, config.proxy_headers, config.access_log) == (False, False, False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_serving_cleanly(hub: Hub, tmp_path: Path, number: signal.Signals) -> None:
    """Once both doors answer it is said so; a signal closes both, and the hub has stopped when serving returns."""
    control = tmp_path / "control.sock"
    states: list[tuple[int, bool]] = []

    def started() -> None:
        hub.check_ready()
        states.append((stat.S_IMODE(control.stat().st_mode), control.is_socket()))
        os.kill(os.getpid(), number)

    public = make_config(create_app(hub), host="127.0.0.1", port=0)
    await asyncio.wait_for(serve(public, make_config(create_control_app(hub), uds=str(control)), started), 20)
    assert states == [(0o600, True)]
    with refused(Code.HUB_STOPPING):
        hub.check_ready()


def test_a_socket_left_behind_is_taken_away(tmp_path: Path) -> None:
    """A control socket of a hub that was killed does not keep the next one from starting."""
    left = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as taken:
        taken.bind(str(left))
    remove_stale_socket(left)
    remove_stale_socket(left)
    assert not left.exists()
