"""The line to a hub."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from clients.line.transport import DialError, LineClosed, WebSocketTransport, parse_hub, parse_refusal
from schemas import limits
from schemas.errors import Code
from tests.support.refusals import refused

Handler = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def server(
    handler: Handler,
    refuse: Callable[[ServerConnection, Request], Response | None] | None = None,
    subprotocols: list[str] | None = None,
) -> AsyncIterator[str]:
    """A WebSocket server on the loopback interface; gives its origin."""
    names = [Subprotocol(name) for name in (subprotocols if subprotocols is not None else ["serai.v1"])]
    async with serve(handler, "127.0.0.1", 0, process_request=refuse, subprotocols=names or None) as listening:
        port = next(iter(listening.sockets)).getsockname()[1]
        yield f"ws://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("wss://hub.example", "wss://hub.example:443"),
        ("ws://127.0.0.1:8443/v1/exchange", "ws://127.0.0.1:8443"),
        ("ws://[::1]:80", "ws://[::1]:80"),
        ("WSS://HUB.example:9", "wss://hub.example:9"),
    ],
)
def test_origin_names_scheme_host_and_port(address: str, origin: str) -> None:
    """The origin is what the token names, however the address was written."""
    assert parse_hub(address) == origin


@pytest.mark.parametrize("address", ["hub.example", "https://hub.example", "ws://", "ws://a:b@c", "ws://a:99999"])
def test_other_addresses_are_refused(address: str) -> None:
    """What is not the address of a hub is refused; a password in it too."""
    with refused(Code.MALFORMED_ADDRESS):
        parse_hub(address)


@pytest.mark.parametrize(
    ("body", "status", "code", "time_ms"),
    [
        (b'{"code":"token_expired","title":"x","detail":"y","time":5}', 401, Code.TOKEN_EXPIRED, 5),
        (b'{"code":"suspended","time":"soon"}', 403, Code.SUSPENDED, None),
        (b'{"code":"of_tomorrow"}', 403, Code.UNSUPPORTED_PROTOCOL, None),
        (b"<html>", 502, Code.HUB_NOT_READY, None),
        (b"[]", 404, Code.UNSUPPORTED_PROTOCOL, None),
    ],
)
def test_refusal_is_read(body: bytes, status: int, code: Code, time_ms: int | None) -> None:
    """A problem gives its code and the hub's time; anything else the meaning of its status."""
    error = parse_refusal(body, status)
    assert (error.code, error.hub_time_ms) == (code, time_ms)


def test_refusal_with_a_code_of_a_later_version() -> None:
    """A code that this program does not know is told as the hub wrote it."""
    error = parse_refusal(b'{"code":"of_tomorrow","detail":"words","time":5}', 403)
    assert (error.code, error.detail, error.hub_time_ms) == (Code.UNSUPPORTED_PROTOCOL, "of_tomorrow: words", 5)


@pytest.mark.parametrize("where", ["/v1/elsewhere", "//127.0.0.1:{port}/v1/exchange"])
async def test_redirect_is_not_followed(where: str) -> None:
    """A hub that sends a client elsewhere, to itself or to others, is answered nothing more: the token stays."""
    asked: list[str] = []

    def send_elsewhere(connection: ServerConnection, request: Request) -> Response:
        asked.append(request.path)
        response = connection.respond(HTTPStatus.TEMPORARY_REDIRECT, "")
        response.headers["Location"] = where.format(port=connection.local_address[1])
        return response

    async def never(_: ServerConnection) -> None:
        raise AssertionError

    async with server(never, send_elsewhere) as origin:
        with refused(Code.UNSUPPORTED_PROTOCOL):
            await WebSocketTransport().dial(origin, "token")
    assert asked == ["/v1/exchange"]


async def test_line_carries_texts_both_ways() -> None:
    """What is sent arrives, with the token in the upgrade and nothing compressed."""
    headers: dict[str, str | None] = {}

    async def echo(connection: ServerConnection) -> None:
        request = connection.request
        assert request is not None
        headers["token"] = request.headers.get("Authorization")
        headers["compression"] = request.headers.get("Sec-WebSocket-Extensions")
        async for text in connection:
            await connection.send(text)

    async with server(echo) as hub:
        line = await WebSocketTransport().dial(hub, "a.b.c")
        await line.send("ж" * 9)
        assert await line.recv() == "ж" * 9
        await line.close()
        await line.close()
    assert headers == {"token": "Bearer a.b.c", "compression": None}


async def test_close_code_is_told() -> None:
    """How the hub ended the line is known to whoever reads and whoever writes."""

    async def end(connection: ServerConnection) -> None:
        await connection.close(4410, "replaced")

    async with server(end) as hub:
        line = await WebSocketTransport().dial(hub, "a.b.c")
        with pytest.raises(LineClosed) as caught:
            await line.recv()
        assert (caught.value.code, caught.value.reason) == (4410, "replaced")
        with pytest.raises(LineClosed):
            await line.send("x")


async def test_broken_line_is_told() -> None:
    """A line that just breaks ends with 1006."""

    async def drop(connection: ServerConnection) -> None:
        connection.transport.abort()

    async with server(drop) as hub:
        line = await WebSocketTransport().dial(hub, "a.b.c")
        with pytest.raises(LineClosed) as caught:
            await line.recv()
        assert caught.value.code == 1006


@pytest.mark.parametrize("message", [b"binary", "x" * (limits.FRAME_BYTES + 1)], ids=["binary", "too large"])
async def test_unlawful_frames_end_the_line(message: bytes | str) -> None:
    """A binary frame, or one over the limit, is not handed on."""

    async def shout(connection: ServerConnection) -> None:
        await connection.send(message)
        await connection.wait_closed()

    async with server(shout) as hub:
        line = await WebSocketTransport().dial(hub, "a.b.c")
        with pytest.raises(LineClosed):
            await line.recv()


async def test_refused_upgrade_says_why() -> None:
    """The problem of a refused upgrade becomes an error with code and time."""

    def refuse(connection: ServerConnection, request: Request) -> Response:
        response = connection.respond(HTTPStatus.UNAUTHORIZED, '{"code":"token_expired","time":7}')
        assert request.path == "/v1/exchange"
        return response

    async def never(connection: ServerConnection) -> None:
        raise AssertionError

    async with server(never, refuse) as hub:
        with pytest.raises(DialError) as caught:
            await WebSocketTransport().dial(hub, "a.b.c")
    assert (caught.value.code, caught.value.hub_time_ms) == (Code.TOKEN_EXPIRED, 7)


async def test_peer_of_another_protocol_is_refused() -> None:
    """A server that does not speak serai.v1 is no hub."""

    async def wait(connection: ServerConnection) -> None:
        await connection.wait_closed()

    async with server(wait, subprotocols=[]) as hub:
        with refused(Code.UNSUPPORTED_PROTOCOL):
            await WebSocketTransport().dial(hub, "a.b.c")


async def test_nobody_there_is_an_os_error() -> None:
    """Where nobody listens, dialling fails as sockets do."""
    with pytest.raises(ConnectionRefusedError):
        await WebSocketTransport(open_timeout_s=2).dial("ws://127.0.0.1:9", "a.b.c")


async def test_silence_times_out() -> None:
    """A peer that accepts and says nothing does not hold the client for ever."""
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(TimeoutError):
        await WebSocketTransport(open_timeout_s=0.05).dial(f"ws://127.0.0.1:{mute.getsockname()[1]}", "a.b.c")
