"""Reading a hub's ledger over HTTP (PROTOCOL 10); every answer is bounded and nothing is believed."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Protocol, Self

import httpx
from pydantic import ValidationError

from clients.transport import DialError, parse_refusal
from schemas import limits
from schemas.encoding import decode_object
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem
from schemas.leaf import LEAF_BYTES
from schemas.tlogproof import TILE_WIDTH, tile_path

_TIMEOUT_S: Final = 20.0
_SMALL_BYTES: Final = 16_384
_MEMBERS: Final = 65_536
_LENGTH: Final = LEAF_BYTES.to_bytes(2)


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """What ``/v1/network`` says.

    Attributes:
        epochs: epoch statements, oldest first.
        time_ms: the hub's time.
    """

    epochs: tuple[str, ...]
    time_ms: int


class Reader(Protocol):
    """Whatever can read a ledger."""

    async def network(self) -> NetworkAnswer:
        """Every epoch statement; needs no token."""

    async def checkpoint(self) -> str:
        """The newest signed note."""

    async def leaves(self, number: int, width: int) -> list[bytes]:
        """The leaves of an entries tile; ``width`` 1 to 256."""

    async def consistency(self, start: int, end: int) -> str:
        """The proof, as it travels, that the tree of one size extends that of another."""

    async def inclusion(self, index: int, size: int) -> str:
        """The inclusion proof, as it travels, of a leaf in the tree of a size."""

    async def statement(self, digest: str) -> tuple[DeliverItem, str]:
        """A statement as an item, and the checkpoint note that its proof is under."""

    async def close(self) -> None:
        """Let go of what it holds; it is not used after."""


class LedgerReader:
    """A `Reader` of one hub.

    Args:
        hub: its origin, as `clients.transport.parse_hub` gives it.
        token: makes a fresh ``read`` token.
        tls: how an ``https`` hub is verified; the system's way if ``None``.
        transport: what carries requests; the network if ``None``.
    """

    def __init__(
        self,
        hub: str,
        token: Callable[[], str],
        *,
        tls: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._base = hub.replace("ws", "http", 1)
        self._token = token
        self._tls = tls
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    def _connected(self) -> httpx.AsyncClient:
        """The client, made when it is first needed: most sessions never read over HTTP."""
        if self._client is None:
            # A context without authorities trusts nobody, and costs nothing where there is no TLS.
            bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            tls = self._tls or (ssl.create_default_context() if self._base.startswith("https:") else bare)
            options: dict[str, Any] = {"timeout": _TIMEOUT_S, "follow_redirects": False, "trust_env": False}
            self._client = httpx.AsyncClient(verify=tls, transport=self._transport, **options)
        return self._client

    async def network(self) -> NetworkAnswer:
        """Every epoch statement; see `Reader.network`."""
        value = await self._object("/v1/network", limits.FRAME_BYTES, open_to_all=True)
        epochs, time_ms = value.get("epochs"), value.get("time")
        if (
            not isinstance(epochs, list)
            or not all(isinstance(text, str) for text in epochs)
            or type(time_ms) is not int
        ):
            raise SeraiError(Code.MALFORMED_FRAME, "the network document")
        return NetworkAnswer(tuple(epochs), time_ms)

    async def checkpoint(self) -> str:
        """The newest signed note; see `Reader.checkpoint`."""
        return _utf8(await self._get("/v1/ledger/checkpoint", _SMALL_BYTES))

    async def leaves(self, number: int, width: int) -> list[bytes]:
        """The leaves of a tile; see `Reader.leaves`."""
        path = f"/v1/ledger/{tile_path(None, number, width)}"
        data = await self._get(path, TILE_WIDTH * (LEAF_BYTES + 2))
        step = LEAF_BYTES + 2
        parts = [data[at : at + step] for at in range(0, len(data), step)]
        if len(data) != width * step or any(part[:2] != _LENGTH for part in parts):
            raise SeraiError(Code.BAD_PROOF, "not the tile of leaves that was asked for")
        return [part[2:] for part in parts]

    async def consistency(self, start: int, end: int) -> str:
        """A consistency proof; see `Reader.consistency`."""
        value = await self._object(f"/v1/ledger/consistency?from={start}&to={end}", _SMALL_BYTES)
        return str(value.get("proof", ""))

    async def inclusion(self, index: int, size: int) -> str:
        """An inclusion proof; see `Reader.inclusion`."""
        value = await self._object(f"/v1/ledger/inclusion?index={index}&size={size}", _SMALL_BYTES)
        return str(value.get("proof", ""))

    async def statement(self, digest: str) -> tuple[DeliverItem, str]:
        """A statement; see `Reader.statement`."""
        value = await self._object(f"/v1/ledger/statements/{digest}", limits.FRAME_BYTES)
        try:
            return DeliverItem.model_validate(value.get("item")), str(value.get("checkpoint"))
        except ValidationError:
            raise SeraiError(Code.MALFORMED_FRAME, "not an item") from None

    async def _object(self, path: str, most_bytes: int, *, open_to_all: bool = False) -> dict[str, Any]:
        return decode_object(await self._get(path, most_bytes, open_to_all=open_to_all), _MEMBERS)

    async def _get(self, path: str, most_bytes: int, *, open_to_all: bool = False) -> bytes:
        """The body of an answer.

        Raises:
            SeraiError: the hub's problem, or ``frame_too_large``.
            OSError: the hub could not be reached.
        """
        headers = {"Accept-Encoding": "identity"}
        if not open_to_all:
            headers["Authorization"] = f"Bearer {self._token()}"
        try:
            async with self._connected().stream("GET", self._base + path, headers=headers) as answer:
                body = await _bounded(answer, most_bytes)
        except httpx.HTTPError as error:
            raise OSError(f"{type(error).__name__} from {self._base}") from error
        if answer.status_code != httpx.codes.OK:
            refusal = parse_refusal(body, answer.status_code)
            raise DialError(refusal.code, refusal.detail, refusal.hub_time_ms)
        return body

    async def close(self) -> None:
        """Let go of the connections."""
        if self._client is not None:
            await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


async def _bounded(answer: httpx.Response, most_bytes: int) -> bytes:
    if "Content-Encoding" in answer.headers:  # unpacked, a small answer could become a huge one
        raise SeraiError(Code.MALFORMED_FRAME, "a compressed answer, which was not asked for")
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > most_bytes:
            raise SeraiError(Code.FRAME_TOO_LARGE, f"an answer of more than {most_bytes} bytes")
    return bytes(body)


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise SeraiError(Code.BAD_CHECKPOINT, "not UTF-8") from None
