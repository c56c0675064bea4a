"""Serving: what a peer that does not read, does not answer or floods can hold, and how serving ends."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import resource
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from websockets.asyncio.client import ClientConnection

from broker.adapters.sockets import short_address
from broker.app import create_app, create_control_app, create_metrics_app
from broker.server import (
    DESCRIPTORS,
    make_config,
    make_local_config,
    raise_descriptors,
    remove_stale_socket,
    serve,
)
from broker.service import session
from broker.service.hub import Hub
from broker.service.session import HubSession
from broker.web import connections
from broker.web.connections import Server
from schemas import limits
from schemas.errors import Code
from tests.support.hub import open_line, resume_text
from tests.support.refusals import refused
from tests.support.world import KG, KZ, World
from tests.unit.broker.edges import (
    ALL,
    WAIT_S,
    ack_text,
    dialled,
    enter,
    loaded_hub,
    port_of,
    present_world,
    served,
    until,
)

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
    """A peer that reads nothing and pings has one frame waiting at its socket, and no pongs."""
    async with served(laden) as server:
        peer = await deaf(server, world.token(KG))
        waiting = await unwritable(server)
        await asyncio.gather(*(peer.ping() for _ in range(connections.CONTROL_BURST)))
        await peer.send("{}")
        [line] = laden.mailroom.sessions()
        assert isinstance(line, HubSession)
        await until(lambda: line._refused)
        assert [connection.conn.writes for connection in server.server_state.connections] == [[]]  # type: ignore[union-attr]
        assert waiting_bytes(server) <= waiting <= session.DELIVER_BYTES + 2 * len(REPORT)
        peer.transport.abort()


@pytest.mark.parametrize("reads", [True, False], ids=["reads", "deaf"])
async def test_a_flood_of_acks_ends_the_line(
    laden: Hub, world: World, monkeypatch: pytest.MonkeyPatch, reads: bool
) -> None:
    """Acks beyond what was delivered end the line: with a code for a peer that reads, else without."""
    monkeypatch.setattr(session, "SEND_TIMEOUT_S", 0.3)
    async with served(laden) as server:
        reader, writer = await upgraded(server, world.token(KG))
        writer.write(masked(resume_text()))
        if not reads:
            await unwritable(server)
        writer.write(masked(ack_text(ALL)) * 2_000)
        if reads:
            await asyncio.wait_for(reader.readuntil((4429).to_bytes(2)), WAIT_S)
            writer.write(b"\x88\x80" + bytes(4))
        await until(lambda: laden.mailroom.count() == 0 and not server.server_state.connections)
        code = Code.RATE_LIMITED.value if reads else Code.SLOW_READER.value
        assert f'serai_lines_ended_total{{code="{code}"}} 1.0' in laden.metrics.text().decode()
        writer.close()
        del reader


async def test_an_honest_peer_acknowledges_each_deliver(laden: Hub, world: World) -> None:
    """As many acks as frames are never too many."""
    async with served(laden) as server, dialled(server, world.token(KG)) as peer:
        await open_line(peer)
        items = 0
        while items < 50:
            items += len(json.loads(await asyncio.wait_for(peer.recv(), WAIT_S))["items"])
            await peer.send(ack_text(ALL))
        for _ in range(session.FAULTS):
            await peer.send(ack_text(ALL))
        await (await peer.ping())


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
    monkeypatch.setattr(connections, "LINGER_S", 0.1)
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
    size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2)
    return b"\x81" + size + bytes(4) + data


# How it is served


def test_serving_gives_nothing_away_and_bounds_what_it_reads(hub: Hub) -> None:
    """No compression, frames bounded while they are read, pings from our side, no trust in a proxy's word."""
    config = make_config(create_app(hub))
    assert (config.ws_max_size, config.ws_per_message_deflate) == (limits.FRAME_BYTES, False)
    assert (config.ws_ping_interval, config.ws_ping_timeout) == (limits.PING_S, limits.PING_S)
    assert (config.server_header, config.proxy_headers, config.access_log) == (False, False, False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_serving_cleanly(hub: Hub, tmp_path: Path, number: signal.Signals) -> None:
    """Once all doors answer it is said so; a signal closes all, and the hub has stopped when serving returns."""
    control = tmp_path / "control.sock"
    states: list[tuple[int, bool]] = []

    def started() -> None:
        hub.check_ready()
        states.append((stat.S_IMODE(control.stat().st_mode), control.is_socket()))
        os.kill(os.getpid(), number)

    public = make_config(create_app(hub), host="127.0.0.1", port=0)
    metrics = make_local_config(create_metrics_app(hub), host="127.0.0.1", port=0)
    with short_address(control) as address:
        control_config = make_local_config(create_control_app(hub), uds=address)
        await asyncio.wait_for(serve(started, hub.wait_failed, public, control_config, metrics), 20)
    assert states == [(0o600, True)]
    with refused(Code.HUB_STOPPING):
        hub.check_ready()


async def test_serving_ends_with_an_error_when_the_hub_fails(hub: Hub, tmp_path: Path) -> None:
    """A hub whose one writer has died does not go on serving: its unit is to start it again."""

    def started() -> None:
        hub.check_ready()
        hub.sequencer._queue = None  # type: ignore[assignment]

    public = make_config(create_app(hub), host="127.0.0.1", port=0)
    with short_address(tmp_path / "control.sock") as control, refused(Code.INTERNAL, "a task of the hub has failed"):
        doors = public, make_local_config(create_control_app(hub), uds=control)
        await asyncio.wait_for(serve(started, hub.wait_failed, *doors), 20)


def test_the_soft_limit_of_open_files_is_raised() -> None:
    """A hub takes what the hard limit lets it have, up to a line for each of ten thousand seats, and never less."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 200), hard))
        most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
        assert raise_descriptors() == most == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        assert raise_descriptors() == most
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


OUT_OF_DESCRIPTORS = """
import asyncio, resource, socket, sys, time, uvicorn, uvloop
from broker.web.connections import Server, protocols
from broker.web.strangers import StrangerLimits, Strangers

async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})

async def main():
    strangers = Strangers(time.monotonic, lambda *_: None, StrangerLimits(most=10_000, room=10_000))
    listen = {"fd": int(sys.argv[1]), "interface": "asgi3", "lifespan": "off", "log_config": None}
    server = Server(uvicorn.Config(app, **listen, **protocols(strangers, None)))
    await asyncio.gather(server.serve(), watch(server))

async def watch(server):
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    began = time.process_time()
    await asyncio.sleep(1)
    print(time.process_time() - began, len(server.server_state.connections), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    server.should_exit = True

resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
uvloop.run(main())
"""


def test_a_server_without_descriptors_goes_on() -> None:
    """One that has used them all up, whatever its limits, neither spins nor ends, and answers when there is room."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port, script = listener.getsockname()[1], [sys.executable, "-c", OUT_OF_DESCRIPTORS, str(listener.fileno())]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(script, pass_fds=[listener.fileno()], text=True, **pipes) as process:  # type: ignore[call-overload]
            silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(200)]
            print(file=process.stdin, flush=True)
            spent_s, connections_ = process.stdout.readline().split()
            assert float(spent_s) < 0.5
            assert 30 < int(connections_) < 64
            for each in silent:
                each.close()
            assert httpx.get(f"http://127.0.0.1:{port}/").text == "ok"
            print(file=process.stdin, flush=True)
            assert process.wait(20) == 0


def test_a_socket_left_behind_is_taken_away(tmp_path: Path) -> None:
    """A control socket of a hub that was killed does not keep the next one from starting."""
    left = tmp_path / "control.sock"
    with socket.socket(socket.AF_UNIX) as taken, short_address(left) as address:
        taken.bind(address)
    remove_stale_socket(left)
    remove_stale_socket(left)
    assert not left.exists()
