"""WebSocket ``/v1/exchange``: the upgrade, and a line over Starlette's socket (PROTOCOL 9)."""

from __future__ import annotations

from contextlib import suppress

import structlog
from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect, WebSocketState

from broker.service.gate import Pass
from broker.service.hub import Hub
from broker.service.peer import PeerGone
from broker.web.problems import problem_response
from broker.web.strangers import welcome
from schemas.errors import Code, SeraiError
from schemas.frames import PROTOCOL

router = APIRouter()
log = structlog.get_logger("serai.exchange")


class SocketLine:
    """A `broker.service.peer.PeerLine` over a WebSocket that has been accepted."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def receive(self) -> str:
        """The next text frame; a binary one ends the line."""
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise PeerGone
        text = message.get("text")
        if text is None:
            raise SeraiError(Code.MALFORMED_FRAME, "a binary frame")
        return str(text)

    async def send(self, text: str) -> None:
        """Send a text frame; returns once the transport has room."""
        try:
            await self._socket.send({"type": "websocket.send", "text": text})
        except (WebSocketDisconnect, RuntimeError) as error:
            raise PeerGone from error

    async def close(self, code: int, reason: str) -> None:
        """End the line."""
        if self._socket.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect, RuntimeError):
                await self._socket.close(code, reason)


@router.websocket("/v1/exchange")
async def exchange(socket: WebSocket) -> None:
    """Judge the upgrade, then serve the line until it ends."""
    hub: Hub = socket.app.state.hub
    try:
        holder = await _admit(socket, hub)
    except SeraiError as error:
        await _deny(socket, hub, error)
        return
    except Exception:
        log.exception("upgrade_failed")
        await _deny(socket, hub, SeraiError(Code.INTERNAL))
        return
    hub.metrics.upgrades.labels("accepted").inc()
    welcome(socket.scope, holder.member)
    await socket.accept(subprotocol=PROTOCOL)
    line = SocketLine(socket)
    try:
        await hub.serve(line, holder)
    except Exception:
        log.exception("line_failed", member=holder.member)
        await line.close(1011, Code.INTERNAL.value)


async def _deny(socket: WebSocket, hub: Hub, error: SeraiError) -> None:
    hub.metrics.upgrades.labels(error.code.value).inc()
    hub.refusals.note("upgrade_refused", error.code.value)
    await socket.send_denial_response(problem_response(error, hub.time_ms()))


async def _admit(socket: WebSocket, hub: Hub) -> Pass:
    if PROTOCOL not in socket.scope["subprotocols"]:
        raise SeraiError(Code.UNSUPPORTED_PROTOCOL)
    return await hub.admit_line(bearer(socket.headers.get("authorization")))


def bearer(header: str | None) -> str:
    """The token of an ``Authorization`` header.

    Raises:
        SeraiError: ``token_missing``.
    """
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SeraiError(Code.TOKEN_MISSING)
    return token.strip()
