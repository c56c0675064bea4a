"""HTTP to one hub (PROTOCOL 10): no redirect, no compression, no proxy of the environment; every answer is bounded."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Final

import httpx

from clients.line.tls import make_context
from schemas.errors import Code, SeraiError

_CONNECT_S: Final = 10.0
_PIECE_BYTES: Final = 1 << 16


class HubHttp:
    """The connections to one hub, made when they are first needed: most sessions need none.

    Args:
        hub: its origin, as `clients.line.transport.parse_hub` gives it.
        tls: how an ``https`` hub is verified; the system's way if ``None``.
        transport: what carries requests; the network if ``None``.
        silence_s: how long the hub may be silent, in seconds.
    """

    def __init__(
        self, hub: str, tls: ssl.SSLContext | None, transport: httpx.AsyncBaseTransport | None, silence_s: float
    ) -> None:
        self._base = hub.replace("ws", "http", 1)
        self._tls = tls
        self._transport = transport
        self._timeout = httpx.Timeout(silence_s, connect=_CONNECT_S)
        self._client: httpx.AsyncClient | None = None

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], content: AsyncIterator[bytes] | None = None
    ) -> httpx.Response:
        """Send a request; its answer has begun, is read with `streamed` or `bounded`, and must be closed.

        Raises:
            OSError: the hub could not be reached.
        """
        client = self._connected()
        request = client.build_request(
            method, self._base + path, headers={"Accept-Encoding": "identity", **headers}, content=content
        )
        try:
            return await client.send(request, stream=True)
        except httpx.HTTPError as error:
            raise OSError(f"{type(error).__name__} from {self._base}") from error

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.aclose()

    def _connected(self) -> httpx.AsyncClient:
        if self._client is None:
            # A context without authorities trusts nobody, and costs nothing where there is no TLS.
            bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            self._client = httpx.AsyncClient(
                verify=self._tls or (make_context() if self._base.startswith("https:") else bare),
                transport=self._transport,
                timeout=self._timeout,
                follow_redirects=False,
                trust_env=False,
            )
        return self._client


async def streamed(answer: httpx.Response) -> AsyncIterator[bytes]:
    """The body of an answer as it comes.

    Raises:
        SeraiError: ``malformed_frame`` if it is compressed.
        OSError: the line broke.
    """
    if "Content-Encoding" in answer.headers:  # unpacked, a small answer could become a huge one
        raise SeraiError(Code.MALFORMED_FRAME, "a compressed answer, which was not asked for")
    try:
        async for piece in answer.aiter_bytes(_PIECE_BYTES):
            yield piece
    except httpx.HTTPError as error:
        raise OSError(f"{type(error).__name__} while an answer came") from error


async def bounded(answer: httpx.Response, most_bytes: int) -> bytes:
    """The whole body of an answer, which is closed then.

    Raises:
        SeraiError: ``frame_too_large``; ``malformed_frame`` if it is compressed.
        OSError: the line broke.
    """
    body = bytearray()
    try:
        async for piece in streamed(answer):
            body += piece
            if len(body) > most_bytes:
                raise SeraiError(Code.FRAME_TOO_LARGE, f"an answer of more than {most_bytes} bytes")
    finally:
        await answer.aclose()
    return bytes(body)
