"""Overrides of uvicorn's classes: each is called, by real connections; requests, and what ends them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from broker.web import connections as module
from broker.web.connections import HttpConnection, LineConnection, Server
from broker.web.strangers import Cut
from tests.support.world import KZ
from tests.unit.broker.edges import until
from tests.unit.broker.web.rig import (
    CONTINUATION,
    GET,
    PING,
    PONG,
    SHORT_S,
    Rig,
    frame,
    serving,
    upgrade,
)

pytestmark = pytest.mark.usefixtures("quiet")


# All of them


BASES: dict[type, type] = {
    HttpConnection: HttpToolsProtocol,
    LineConnection: WebSocketsSansIOProtocol,
    Server: uvicorn.Server,
}
OVERRIDES = [
    (kind, name)
    for kind, base in BASES.items()
    for name in vars(kind)
    if name in vars(base) and (name == "__init__" or not name.startswith("__"))
]
"""Class and method."""


def test_what_is_overridden_is_there() -> None:
    """Every public method of the classes is one of uvicorn's: none has been renamed."""
    for kind, base in BASES.items():
        methods = {name for name, value in vars(kind).items() if callable(value) and not name.startswith("_")}
        assert methods <= set(vars(base))
    assert len(OVERRIDES) == 21


@pytest.mark.usefixtures("quick")
async def test_every_override_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request, a line and its end, and a peer that answers no ping reach every one of them."""
    called: set[tuple[str, str]] = set()

    def spy(kind: type, name: str) -> None:
        method = getattr(kind, name)

        def spied(self: object, *args: Any, **more: Any) -> Any:
            called.add((kind.__name__, name))
            return method(self, *args, **more)

        monkeypatch.setattr(kind, name, spied)

    for kind, name in OVERRIDES:
        spy(kind, name)
    monkeypatch.setattr(uvicorn.Config, "__init__", pinging(uvicorn.Config.__init__))
    async with serving(Rig()) as rig:
        raw = await rig.connect(GET % (b"/known", b""))
        await raw.answer()
        raw.hang_up()
        line = await rig.line()
        line.send(frame(b"a", fin=False), frame(b"b", CONTINUATION), frame(b"", PING), frame(b"", PONG))
        await until(lambda: rig.messages == ["ab"])
        await until(lambda: ("LineConnection", "keepalive_timeout") in called)
        await line.rest()
        line.hang_up()
    assert {(kind.__name__, name) for kind, name in OVERRIDES} - called == set()


def pinging(init: Callable[..., None]) -> Callable[..., None]:
    """A configuration that pings at once, and waits for nobody."""
    return lambda self, *args, **more: init(self, *args, **more, ws_ping_interval=SHORT_S, ws_ping_timeout=SHORT_S)


# Requests, coming and going


async def test_a_connection_is_counted_while_it_is_there(rig: Rig) -> None:
    """A stranger counts from the first moment to the last, a member's connection from its token on as a member's."""
    stranger, member = await rig.connect(), await rig.connect(GET % (b"/known", b""))
    await member.answer()
    await until(lambda: len(rig.strangers) == 1)
    stranger.hang_up()
    member.hang_up()
    await until(lambda: not rig.server.server_state.connections)
    assert (len(rig.strangers), rig.strangers._known.count, rig.noted) == (0, 0, [])


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("said", [b"", b"\r\n", b"GET /", GET[:-2] % (b"/", b"X: ")])
async def test_a_request_comes_in_time(rig: Rig, said: bytes) -> None:
    """Whatever is said before, a connection whose request does not come is cut without an answer."""
    raw = await rig.connect(said)
    assert await raw.rest() == b""
    assert rig.noted == [(Cut.TOO_LATE, None)]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("said", [b"\r\n", b"GET"])
async def test_the_next_request_comes_in_time_too(rig: Rig, said: bytes) -> None:
    """A connection that is kept is not kept for nothing, though a byte comes now and then; a member's neither."""
    raw = await rig.connect(GET % (b"/known", b""))
    await raw.answer()
    raw.send(said)
    assert await raw.rest() == b""
    assert rig.noted == [(Cut.TOO_LATE, KZ)]


@pytest.mark.usefixtures("quick")
async def test_an_answer_that_does_not_come_ends_the_connection(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    """Neither an application that hangs keeps a connection for ever."""
    raw = await rig.connect(GET % (b"/wait", b""))
    assert await raw.rest() == b""
    assert rig.noted == [(Cut.TOO_LATE, None)]
    rig.may_answer.set()


@pytest.mark.usefixtures("quick")
async def test_an_answer_that_is_not_read_ends_the_connection(rig: Rig) -> None:
    """Whoever asks for much and reads none of it is cut."""
    raw = await rig.connect()
    raw.writer.transport.pause_reading()  # type: ignore[attr-defined]
    raw.send(GET % (b"/large", b""))
    await until(lambda: rig.noted == [(Cut.TOO_LATE, None)])
    raw.hang_up()


async def test_an_answer_may_take_longer_than_a_request(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request that is whole no longer has to hurry."""
    monkeypatch.setattr(module, "REQUEST_S", SHORT_S)
    raw = await rig.connect(GET % (b"/wait", b""))
    await asyncio.sleep(2 * SHORT_S)
    rig.may_answer.set()
    assert (await raw.answer()).endswith(b"xx")
    raw.hang_up()


# What a request may be


async def test_requests_one_after_another_are_answered(rig: Rig) -> None:
    """A connection is good for many requests, in any pieces, up to the limits."""
    headers = b"".join(b"X-%d: y\r\n" % number for number in range(module.HEADERS - 1))
    long = b"X: %s\r\n" % (b"y" * (module.REQUEST_BYTES - 40))
    raw = await rig.connect()
    for each in (b"", headers, long):
        raw.send(*(bytes([byte]) for byte in GET % (b"/", each)) if not each else (GET % (b"/", each),))
        assert (await raw.answer()).endswith(b"xx")
    raw.hang_up()
    assert rig.noted == []


@pytest.mark.parametrize(
    ("said", "why"),
    [
        pytest.param(b"\x16\x03\x01 not HTTP\r\n\r\n", Cut.MALFORMED, id="rubbish"),
        pytest.param(GET % (b"/", b"Content-Length: x\r\n"), Cut.MALFORMED, id="header"),
        pytest.param(GET % (b"/", b"X: y\r\n" * module.HEADERS), Cut.TOO_LARGE, id="headers"),
        pytest.param(GET % (b"/", b"X: %s\r\n" % (b"y" * module.REQUEST_BYTES)), Cut.TOO_LARGE, id="head"),
        pytest.param(GET[:-2] % (b"/", b"X: %s" % (b"y" * module.REQUEST_BYTES)), Cut.TOO_LARGE, id="head without end"),
        pytest.param(
            GET % (b"/wait", b"Content-Length: 9000\r\n") + b"y" * module.REQUEST_BYTES, Cut.TOO_LARGE, id="body"
        ),
        pytest.param(GET % (b"/wait", b"") * 2, Cut.PIPELINED, id="pipelined"),
        pytest.param(GET % (b"/", b"Upgrade: h2c\r\nConnection: Upgrade\r\n"), Cut.UPGRADE, id="upgrade"),
    ],
)
async def test_what_breaks_the_rules_is_cut(rig: Rig, said: bytes, why: Cut) -> None:
    """It gets no answer, is noted once, and the server goes on."""
    raw = await rig.connect(said)
    assert await raw.rest() == b""
    assert rig.noted == [(why, None)]
    other = await rig.connect(GET % (b"/", b""))
    assert (await other.answer()).endswith(b"xx")
    other.hang_up()
    rig.may_answer.set()


async def test_a_request_that_begins_before_the_last_is_answered_ends_the_connection(rig: Rig) -> None:
    """It is not kept for later, whether it comes together with the one before or after it."""
    raw = await rig.connect(GET % (b"/wait", b""))
    await until(
        lambda: any(isinstance(each, HttpConnection) and each.cycle for each in rig.server.server_state.connections)
    )
    raw.send(GET % (b"/", b""))
    assert await raw.rest() == b""
    assert rig.noted == [(Cut.PIPELINED, None)]
    rig.may_answer.set()


async def test_nothing_is_parsed_of_a_connection_that_is_cut(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system still hands over is dropped."""
    raw = await rig.connect()
    await until(lambda: len(rig.strangers) == 1)
    [connection] = rig.server.server_state.connections
    assert isinstance(connection, HttpConnection)
    connection.transport.abort()
    connection.data_received(GET % (b"/", b""))
    assert connection._size_bytes == 0
    assert await raw.rest() == b""


async def test_strangers_that_ask_too_often_are_cut_and_members_are_not(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once strangers have used up what they may ask, their next request ends its connection."""
    member = await rig.connect(GET % (b"/known", b""))
    await member.answer()
    monkeypatch.setattr(rig.strangers, "spend", lambda _: False)
    for path in (b"/", b"/known"):
        raw = await rig.connect(GET % (path, b""))
        assert await raw.rest() == b""
    raw = await rig.connect(upgrade())
    assert await raw.rest() == b""
    assert rig.noted == [(Cut.TOO_OFTEN, None)] * 3
    member.send(GET % (b"/", b""))
    assert (await member.answer()).endswith(b"xx")
    member.hang_up()
