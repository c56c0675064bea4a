"""Reading and verifying frames: here, or in processes of their own (port `broker.ports.Verifier`).

Signature and seal of an alert cost half of what a hub does for it, and nothing of that needs
the ledger. `VerifierProcesses` hands large frames to helpers over a socket each; a frame that
takes its helper down is answered ``internal``, and the rest are read again. Helpers are the same
program under the same user, so they spread the work and are no boundary of trust.
"""

from __future__ import annotations

import asyncio
import io
import pickle
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from operator import attrgetter
from typing import Any, cast

import structlog

from broker.core.verification import (
    KeyTable,
    ReadSubmission,
    StoredEntry,
    SubmittedContent,
    VerifiedSubmission,
    read_frame,
)
from broker.ports import Read
from schemas.addresses import Address
from schemas.directory import Directory
from schemas.errors import Code, SeraiError
from schemas.keys import Kid
from schemas.sealing import ContentClaim
from schemas.statements import VerifiedStatement

SMALL = 6_000
"""Characters of a frame that is sooner read than handed over; an alert has more."""

RESTART_S = 1.0
"""A helper that ended is started anew after so long: one that cannot start must not keep the hub busy with it."""

HEADER = struct.Struct(">I")
"""Before each message to and from a helper: its length in bytes."""

log = structlog.get_logger("serai.verifier")

Answer = Callable[[Read], None]


def read_or_refuse(text: str, keys: Directory | KeyTable) -> Read:
    """What a frame amounts to, or the error that says why it is none."""
    try:
        return read_frame(text, keys)
    except SeraiError as error:
        return error


class InlineVerifier:
    """Reads every frame at once, on the event loop."""

    def __init__(self) -> None:
        self._directory: Directory | None = None

    async def start(self) -> None:
        """Nothing is to be done."""

    async def stop(self) -> None:
        """Nothing is held."""

    def learn(self, directory: Directory) -> None:
        """Know the keys of a newer directory."""
        self._directory = directory

    def read(self, text: str, answer: Answer) -> None:
        """Read a frame; the answer comes at once."""
        answer(self.read_now(text))

    def read_now(self, text: str) -> Read:
        """What a frame amounts to."""
        if self._directory is None:
            return SeraiError(Code.HUB_NOT_READY, "no directory yet")
        return read_or_refuse(text, self._directory)


class _Helper(asyncio.Protocol):
    """One helper process, as the hub sees it.

    Attributes:
        waiting: frames handed over and not yet read, in order; the first is being read.
    """

    def __init__(self, network: str, ended: Callable[[_Helper], None]) -> None:
        self._network = network
        self._ended = ended
        self._known: set[Kid] = set()
        self._buffer = bytearray()
        self._transport: asyncio.WriteTransport | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.waiting: deque[tuple[str, Answer]] = deque()

    async def start(self) -> None:
        """Start the process."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)  # noqa: FBT003 - the library's signature
        command = (sys.executable, "-m", "broker.adapters.verifier_process", str(theirs.fileno()), self._network)
        try:
            with theirs:
                self._process = await asyncio.to_thread(_start, command, theirs.fileno())
        except BaseException:
            ours.close()
            raise
        await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=ours)

    @property
    def pid(self) -> int:
        """Number of the process; 0 before it is started."""
        return self._process.pid if self._process else 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is ours to write to."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        """The process has ended."""
        self._transport = None
        self._ended(self)

    def _send(self, message: object) -> None:
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        if self._transport is not None:
            self._transport.write(HEADER.pack(len(data)) + data)

    def learn(self, directory: Directory) -> None:
        """Send what keys it lacks."""
        keys = [key.raw for kid, key in directory.keys.items() if kid not in self._known]
        self._known |= set(directory.keys)
        if keys:
            self._send(keys)

    def read(self, text: str, answer: Answer) -> None:
        """Hand a frame over."""
        self.waiting.append((text, answer))
        self._send(text)

    def data_received(self, data: bytes) -> None:
        """Answers have come, in the order of the frames."""
        self._buffer += data
        at = 0
        while len(self._buffer) >= at + HEADER.size:
            (size,) = HEADER.unpack_from(self._buffer, at)
            if len(self._buffer) < at + HEADER.size + size:
                break
            at += HEADER.size
            _, answer = self.waiting.popleft()
            answer(_decode(self._buffer[at : at + size]))
            at += size
        del self._buffer[:at]

    async def stop(self) -> None:
        """End the process; it goes by itself once the socket is closed."""
        if self._transport is not None:
            self._transport.close()
        if self._process is not None:
            await asyncio.to_thread(self._process.wait)


def _start(command: tuple[str, ...], fd: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, pass_fds=[fd], stdin=subprocess.DEVNULL)  # noqa: S603 - this program itself


def encode_read(read: Read) -> bytes:
    """What a helper answers: an error as its code and detail, anything else as it is."""
    value = (read.code.value, read.detail) if isinstance(read, SeraiError) else read
    data = io.BytesIO()
    _Pickler(data, pickle.HIGHEST_PROTOCOL).dump(value)
    return data.getvalue()


def _as_call(*names: str) -> Callable[[Any], tuple[Any, ...]]:
    values = attrgetter(*names)
    return lambda instance: (type(instance), values(instance))


def _reduce_content(content: SubmittedContent) -> tuple[Any, ...]:
    data, proofs = [each.data for each in content.entries], [each.proof for each in content.entries]
    return _join_content, (content.body, tuple(content.claim), content.recipients, content.kids, data, proofs)


def _join_content(
    body: bytes,
    claim: tuple[Any, ...],
    recipients: tuple[Address, ...],
    kids: tuple[tuple[Kid, str], ...],
    data: list[bytes],
    proofs: list[bytes],
) -> SubmittedContent:
    return SubmittedContent(body, ContentClaim(*claim), recipients, kids, tuple(map(StoredEntry, data, proofs)))


class _Pickler(pickle.Pickler):
    """Writes what every answer consists of as one call each, which is quicker to read than field by field."""

    dispatch_table = {  # noqa: RUF012 - as the library has it
        ReadSubmission: _as_call("digest", "submission"),
        VerifiedSubmission: _as_call("statement", "content"),
        VerifiedStatement: _as_call("text", "digest", "kid", "claims"),
        SubmittedContent: _reduce_content,
    }


def _decode(data: bytes | bytearray) -> Read:
    value = pickle.loads(data)  # noqa: S301 - the hub's own process wrote it
    return SeraiError(Code(value[0]), value[1]) if isinstance(value, tuple) else value


class VerifierProcesses:
    """Reads small frames here and large ones in helpers.

    Args:
        network: network id.
        count: how many helpers.
    """

    def __init__(self, network: str, count: int) -> None:
        self._network = network
        self._count = count
        self._inline = InlineVerifier()
        self._directory: Directory | None = None
        self._helpers: list[_Helper] = []
        self._starting: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()

    @property
    def pids(self) -> list[int]:
        """Numbers of the helpers' processes."""
        return [helper.pid for helper in self._helpers]

    async def start(self) -> None:
        """Start the helpers."""
        for _ in range(self._count):
            await self._add()

    async def _add(self) -> None:
        helper = _Helper(self._network, self._lost)
        await helper.start()
        if self._directory is not None:
            helper.learn(self._directory)
        self._helpers.append(helper)

    async def stop(self) -> None:
        """End the helpers."""
        self._stopping.set()
        # Whoever is being replaced is waited for: a process that nobody knows of would stay.
        await asyncio.gather(*self._starting, return_exceptions=True)
        helpers, self._helpers = self._helpers, []
        for helper in helpers:
            await helper.stop()

    def learn(self, directory: Directory) -> None:
        """Know the keys of a newer directory."""
        self._directory = directory
        self._inline.learn(directory)
        for helper in self._helpers:
            helper.learn(directory)

    def read(self, text: str, answer: Answer) -> None:
        """Read a frame, in the helper that has least to do."""
        if len(text) < SMALL or not self._helpers:
            self._inline.read(text, answer)
        else:
            min(self._helpers, key=lambda helper: len(helper.waiting)).read(text, answer)

    def _lost(self, helper: _Helper) -> None:
        """A helper has ended: what it was reading may be why, so that is answered and not tried again."""
        if self._stopping.is_set() or helper not in self._helpers:
            return
        log.error("verifier_ended", waiting=len(helper.waiting))
        self._helpers.remove(helper)
        if helper.waiting:
            helper.waiting.popleft()[1](SeraiError(Code.INTERNAL))
        while helper.waiting:
            self.read(*helper.waiting.popleft())
        task = asyncio.get_running_loop().create_task(self._replace(helper))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _replace(self, helper: _Helper) -> None:
        await helper.stop()
        while not await self._stops_within(RESTART_S):
            try:
                await self._add()
            except Exception:  # the machine is short of something; until it is not, the hub reads by itself
                log.exception("verifier_not_started")
            else:
                return

    async def _stops_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)
        return self._stopping.is_set()
