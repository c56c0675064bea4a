"""What protects a line to a hub."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest

from broker.server import make_context as make_hub_context
from clients.line.tls import make_context
from tests.support.tls import certificate


async def _shake_hands(server: ssl.SSLContext, client: ssl.SSLContext) -> str:
    """The version that both agree on."""
    listening = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=server)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client)
        version = writer.get_extra_info("ssl_object").version()
        writer.close()
    return str(version)


async def test_older_tls_is_refused_by_both(tmp_path: Path) -> None:
    """Hub and client agree on TLS 1.3; neither speaks to a peer that can do no more than 1.2."""
    chain, key = certificate(tmp_path)
    hub, client = make_hub_context(chain, key), make_context(chain)
    assert await _shake_hands(hub, client) == "TLSv1.3"
    for side in ("hub", "client"):
        old_hub, old_client = make_hub_context(chain, key), make_context(chain)
        old = old_hub if side == "hub" else old_client
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_2
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await _shake_hands(old_hub, old_client)
