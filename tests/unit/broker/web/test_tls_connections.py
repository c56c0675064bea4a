"""Connections that speak TLS: counted from the first moment, ended if the handshake hangs."""

from __future__ import annotations

import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from broker.server import make_context
from broker.web import connections as module
from broker.web.connections import TlsConnection
from broker.web.strangers import Cut, StrangerLimits
from tests.support.tls import certificate
from tests.unit.broker.edges import until
from tests.unit.broker.web.rig import (
    GET,
    SHORT_S,
    Rig,
    serving,
)

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.fixture
async def secure(tmp_path: Path) -> AsyncIterator[tuple[Rig, ssl.SSLContext]]:
    """A server that speaks TLS, and what a client trusts."""
    chain, key = certificate(tmp_path)
    async with serving(Rig(), make_context(chain, key)) as made:
        yield made, ssl.create_default_context(cafile=str(chain))


async def test_requests_and_lines_go_over_tls(secure: tuple[Rig, ssl.SSLContext]) -> None:
    """A connection is counted once, a stranger's or a member's, and is gone when it ends."""
    rig, trust = secure
    raw = await rig.dial(trust)
    for _ in range(2):
        raw.send(GET % (b"/", b""))
        assert (await raw.answer()).endswith(b"xx")
    assert len(rig.strangers) == 1
    async with connect(f"wss://127.0.0.1:{rig.port}/known", ssl=trust, compression=None) as line:
        await line.send("x" * 1_000_000)
        await until(lambda: [len(text) for text in rig.messages] == [1_000_000])
        assert (len(rig.strangers), rig.strangers._known.count) == (1, 1)
    raw.hang_up()
    await until(lambda: len(rig.strangers) + rig.strangers._known.count == 0)
    assert rig.noted == []


async def test_a_handshake_that_hangs_is_counted_and_ended(
    secure: tuple[Rig, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first moment it is a stranger like any other, and it has as long as a request."""
    monkeypatch.setattr(module, "REQUEST_S", SHORT_S)
    rig, _ = secure
    for said, why in ((b"", Cut.TOO_LATE), (b"\x16\x03\x01", Cut.HANDSHAKE)):
        raw = await rig.connect(said)
        await until(lambda: len(rig.strangers) == 1)
        assert await raw.rest() == b""
        await until(lambda: len(rig.strangers) == 0)
        assert rig.noted.pop() == (why, None)


async def test_handshakes_that_hang_make_room_for_others(
    secure: tuple[Rig, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest is cut when there are too many, and a member gets its line meanwhile."""
    rig, trust = secure
    monkeypatch.setattr(rig.strangers, "_limits", StrangerLimits(most=20))
    hanging = [await rig.connect() for _ in range(60)]
    await until(lambda: len(rig.noted) == 40)
    assert len(rig.strangers) == 20
    async with connect(f"wss://127.0.0.1:{rig.port}/known", ssl=trust, compression=None) as line:
        await line.send("x")
        await until(lambda: rig.messages == ["x"])
    assert [await raw.rest() for raw in hanging[:40]] == [b""] * 40
    assert set(rig.noted) == {(Cut.TOO_MANY, None)}
    for raw in hanging:
        raw.hang_up()


async def test_a_handshake_that_fails_ends_the_connection(secure: tuple[Rig, ssl.SSLContext]) -> None:
    """Rubbish instead of TLS, or a peer that goes, leaves nothing behind and logs nothing."""
    rig, _ = secure
    raw = await rig.connect(GET % (b"/", b""))
    await raw.rest()
    for _ in range(5):
        (await rig.connect()).hang_up()
    await until(lambda: len(rig.noted) == 6)
    assert (len(rig.strangers), set(rig.noted)) == (0, {(Cut.HANDSHAKE, None)})


async def test_handshakes_cost_what_requests_cost(
    secure: tuple[Rig, ssl.SSLContext], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers that have asked too often do not even get a handshake."""
    rig, _ = secure
    monkeypatch.setattr(rig.strangers, "spend", lambda _: False)
    silent = await rig.connect()
    raw = await rig.connect(b"\x16")
    assert await raw.rest() == b""
    await until(lambda: rig.noted == [(Cut.TOO_OFTEN, None)])
    assert len(rig.strangers) == 1  # one that says nothing costs nothing
    silent.hang_up()
    await until(lambda: len(rig.strangers) == 0)


async def test_a_server_that_stops_does_not_wait_for_handshakes(tmp_path: Path) -> None:
    """They are ended at once."""
    rig = Rig()
    async with serving(rig, make_context(*certificate(tmp_path))):
        raw = await rig.connect()
        await until(lambda: any(isinstance(each, TlsConnection) for each in rig.server.server_state.connections))
        began = time.monotonic()
    assert time.monotonic() - began < 1
    assert await raw.rest() == b""
