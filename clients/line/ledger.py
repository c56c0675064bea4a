"""Reading a hub's ledger over HTTP (PROTOCOL 10); every answer is bounded and nothing is believed."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Annotated, Any, Final, Protocol, Self

import httpx
from pydantic import Field, TypeAdapter, ValidationError

from clients.line.http import HubHttp, bounded
from clients.line.transport import DialError, parse_refusal
from clients.mail.state import State
from clients.store import Head
from clients.trust.heads import verify_head
from schemas import limits
from schemas.checkpoint import MAX_NOTE_BYTES, parse_note
from schemas.encoding import decode_object
from schemas.errors import Code, SeraiError
from schemas.frames import DeliverItem
from schemas.leaf import MAX_LEAF_BYTES
from schemas.merkle import decode_proof, verify_consistency
from schemas.tiles import TILE_WIDTH, tile_path

_SILENCE_S: Final = 20.0
_SMALL_BYTES: Final = 16_384
_MEMBERS: Final = 65_536
_LENGTH_BYTES: Final = 2
_PAGE_BYTES: Final = 2 * limits.FRAME_BYTES
_PLACE: Final = TypeAdapter(Annotated[int, Field(strict=True, ge=0)])


@dataclass(frozen=True, slots=True)
class NetworkAnswer:
    """What ``/v1/network`` says.

    Attributes:
        epochs: epoch statements, oldest first.
        time_ms: the hub's time; ``None`` while it does not believe its clock.
    """

    epochs: tuple[str, ...]
    time_ms: int | None


@dataclass(frozen=True, slots=True)
class LeafAlone:
    """A step of an operation of which the hub shows the leaf alone; nothing of it is verified.

    Attributes:
        index: its place.
        leaf: as it travels.
        proof: inclusion proof as it travels.
    """

    index: int
    leaf: str
    proof: str


@dataclass(frozen=True, slots=True)
class ShownPage:
    """Steps of an operation as a hub shows them; nothing of it is verified.

    Attributes:
        steps: in the order of the ledger; without `sealed` what went to others and has to reach all.
        following: the place from which the next page is to be read; ``None`` if there is none.
        note: the checkpoint note that the proofs are under.
    """

    steps: tuple[DeliverItem | LeafAlone, ...]
    following: int | None
    note: str


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

    async def operation(self, digest: str, start: int) -> ShownPage:
        """Steps of the operation that a digest names, from a place in the ledger on."""

    async def close(self) -> None:
        """Let go of what it holds; it is not used after."""


class LedgerReader:
    """A `Reader` of one hub.

    Args:
        hub: its origin, as `clients.line.transport.parse_hub` gives it.
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
        self._http = HubHttp(hub, tls, transport, _SILENCE_S)
        self._token = token

    async def network(self) -> NetworkAnswer:
        """Every epoch statement; see `Reader.network`."""
        value = await self._object("/v1/network", limits.FRAME_BYTES, open_to_all=True)
        epochs, time_ms = value.get("epochs"), value.get("time")
        if (
            not isinstance(epochs, list)
            or not all(isinstance(text, str) for text in epochs)
            or not (time_ms is None or type(time_ms) is int)
        ):
            raise SeraiError(Code.MALFORMED_FRAME, "the network document")
        return NetworkAnswer(tuple(epochs), time_ms)

    async def checkpoint(self) -> str:
        """The newest signed note; see `Reader.checkpoint`."""
        return _utf8(await self._get("/v1/ledger/checkpoint", MAX_NOTE_BYTES))

    async def leaves(self, number: int, width: int) -> list[bytes]:
        """The leaves of a tile; see `Reader.leaves`."""
        path = f"/v1/ledger/{tile_path(None, number, width)}"
        leaves = _split(await self._get(path, TILE_WIDTH * (MAX_LEAF_BYTES + _LENGTH_BYTES)))
        if len(leaves) != width:
            raise SeraiError(Code.BAD_PROOF, "not the tile of leaves that was asked for")
        return leaves

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

    async def operation(self, digest: str, start: int) -> ShownPage:
        """Steps of an operation; see `Reader.operation`."""
        value = await self._object(f"/v1/operations/{digest}?from={start}", _PAGE_BYTES)
        steps, following, note = value.get("steps"), value.get("next"), value.get("checkpoint")
        is_whole = isinstance(steps, list) and isinstance(note, str) and (following is None or type(following) is int)
        if not is_whole or (following is not None and following <= start):
            raise SeraiError(Code.MALFORMED_FRAME, "not steps of an operation")
        return ShownPage(tuple(map(_shown, steps or ())), following, str(note))

    async def _object(self, path: str, most_bytes: int, *, open_to_all: bool = False) -> dict[str, Any]:
        return decode_object(await self._get(path, most_bytes, open_to_all=open_to_all), _MEMBERS)

    async def _get(self, path: str, most_bytes: int, *, open_to_all: bool = False) -> bytes:
        """The body of an answer.

        Raises:
            SeraiError: the hub's problem, or ``frame_too_large``.
            OSError: the hub could not be reached.
        """
        headers = {} if open_to_all else {"Authorization": f"Bearer {self._token()}"}
        answer = await self._http.send("GET", path, headers)
        body = await bounded(answer, most_bytes)
        if answer.status_code != httpx.codes.OK:
            refusal = parse_refusal(body, answer.status_code)
            raise DialError(refusal.code, refusal.detail, refusal.hub_time_ms)
        return body

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def _shown(step: Any) -> DeliverItem | LeafAlone:
    """A step as it was shown: whole, or its leaf alone.

    Raises:
        SeraiError: ``malformed_frame``.
    """
    try:
        if isinstance(step, dict) and "lane" not in step:
            return LeafAlone(_PLACE.validate_python(step.get("index")), str(step.get("leaf")), str(step.get("proof")))
        return DeliverItem.model_validate(step)
    except ValidationError:
        raise SeraiError(Code.MALFORMED_FRAME, "not a step") from None


async def head_of(state: State, reader: Reader, note: str) -> Head:
    """The head that a note shows, proven to follow from the trusted one.

    Args:
        state: what the client believes.
        reader: of the hub that showed the note.
        note: the checkpoint note.

    Raises:
        SeraiError: what `State.judge_head` raises, and why the hub could not prove it.
    """
    size = parse_note(note).checkpoint.size
    while True:
        trusted = state.head
        if trusted is not None and size < trusted.size:
            return await _older_head(state, reader, note, trusted)
        start = trusted.size if trusted else 0
        proof = await reader.consistency(start, size) if 0 < start < size else ""
        if state.head is trusted:  # else the line has brought a newer one meanwhile
            return state.judge_head(note, proof)


async def _older_head(state: State, reader: Reader, note: str, trusted: Head) -> Head:
    """The head that a note shows, from before the trusted one, which came over the line meanwhile."""
    size = parse_note(note).checkpoint.size
    proof = await reader.consistency(size, trusted.size)
    try:
        older = verify_head(None, state.epochs[-1], note, "")
        verify_consistency(older.size, older.root, trusted.size, trusted.root, decode_proof(proof))
    except SeraiError as error:
        kind = "bad_proof" if error.code is Code.BAD_CHECKPOINT else "fork"
        state.alarm(kind, str(error), {"trusted": trusted.note or "", "shown": note})
        raise
    return older


def _split(tile: bytes) -> list[bytes]:
    """The leaves of a tile, each after its length."""
    leaves, at = [], 0
    while at < len(tile):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(tile[at:start])
        leaves.append(tile[start:at])
    if at != len(tile):
        raise SeraiError(Code.BAD_PROOF, "a tile that ends within a leaf")
    return leaves


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise SeraiError(Code.BAD_CHECKPOINT, "not UTF-8") from None
