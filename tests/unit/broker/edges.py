"""The hub's edges for tests: a world of today, a hub that takes turns, a peer at the other end of a line."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import connect

from broker.adapters.db.store import SqlStore
from broker.app import create_app
from broker.core.verification import verify_submission
from broker.server import make_config
from broker.service.gate import Pass
from broker.service.hub import Hub
from broker.service.sequencer import AcceptedAt, Candidate, Verdict
from broker.service.session import HubSession
from broker.web.connections import Server
from schemas import limits
from schemas.addresses import member_of
from schemas.checkpoint import Checkpoint, parse_note
from schemas.encoding import decode_base64url, encode_base64url, encode_json, sha256
from schemas.frames import PROTOCOL, parse_frame
from schemas.leaf import Leaf, parse_leaf
from schemas.merkle import decode_proof, verify_consistency, verify_inclusion
from schemas.statements import parse_statement
from tests.support.hub import MemoryLine, hub_in_memory, resume_text
from tests.support.world import KG, KZ, TJ, Sent, World

WAIT_S = 10.0
"""How long a test waits for what must come; only a failure takes so long."""

ALL = (0, 0, 0)
"""Cursors of a newcomer."""


def present_world(members: Sequence[str] = (KZ, KG, TJ)) -> World:
    """A world whose credentials are good by this machine's clock, each member with the officer ``DUTY-1``."""
    world = World([])
    catch_up(world)
    for member in members:
        world.enrol(member)
        world.enrol(f"{member}/DUTY-1")
    return world


def catch_up(world: World) -> World:
    """Set a world's time to this machine's."""
    world.time_ms = max(world.time_ms, time.time_ns() // 1_000_000)
    return world


@contextmanager
def loaded_hub(path: Path, world: World) -> Iterator[Hub]:
    """A hub of a world over a real folder, loaded and not started."""
    with hub_in_memory(path / "hub", world) as hub:
        yield hub


@asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[Hub]:
    """A loaded hub that takes turns."""
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


@asynccontextmanager
async def served(hub: Hub) -> AsyncIterator[Server]:
    """A loaded hub behind a real socket of this process, as `serai-hub serve` would serve it."""
    server = Server(make_config(create_app(hub), host="127.0.0.1", port=0))
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started or task.done())
    try:
        yield server
    finally:
        server.should_exit = True
        await task


def port_of(server: Server) -> int:
    """Where a server listens."""
    return int(server.servers[0].sockets[0].getsockname()[1])


def dialled(server: Server, token: str, **changes: Any) -> connect:
    """A WebSocket to a hub's exchange, as an async context manager; ``changes`` to how it is dialled."""
    options: dict[str, Any] = {
        "subprotocols": [PROTOCOL],
        "additional_headers": {"Authorization": f"Bearer {token}"},
        "compression": None,
        "max_size": 4 * limits.FRAME_BYTES,
    }
    return connect(f"ws://127.0.0.1:{port_of(server)}/v1/exchange", **{**options, **changes})


def candidate(hub: Hub, item: Sent | str, answer: Callable[[Verdict], None] = lambda _: None) -> Candidate:
    """A statement as a session of its signer's member submits it."""
    text, sealed = (item, None) if isinstance(item, str) else (item.text, item.sealed.to_json())
    statement = parse_statement(text)
    submission = verify_submission(statement, sealed, hub.directory)
    submitter = member_of(submission.statement.claims.iss)
    return Candidate(statement.digest, submission, submitter, answer, len(text))


def enter(hub: Hub, *items: Sent | str) -> None:
    """Put statements into the ledger of a hub that does not serve, in one commit, and load it anew."""
    commit = hub.sequencer.take_turn([candidate(hub, item) for item in items])
    assert all(isinstance(verdict, AcceptedAt) for verdict in commit.verdicts), commit.verdicts
    hub.load()


async def submit_all(hub: Hub, *items: Sent | str) -> None:
    """Submit statements at once to a hub that takes turns, so that one commit takes them."""
    verdicts: list[Verdict] = []
    for item in items:
        hub.sequencer.submit(candidate(hub, item, verdicts.append))
    await until(lambda: len(verdicts) == len(items))
    assert all(isinstance(verdict, AcceptedAt) for verdict in verdicts), verdicts


def change(hub: Hub, statement: str, *parameters: object) -> None:
    """Change the database behind the hub's back."""
    assert isinstance(hub.store, SqlStore)
    with hub.store._engine.begin() as connection:
        connection.exec_driver_sql(statement, parameters)


def submit_text(sent: Sent | str, **changes: Any) -> str:
    """A `submit` frame of a dispatch or of a statement without content."""
    frame: dict[str, Any] = {"type": "submit", "statement": sent if isinstance(sent, str) else sent.text}
    if isinstance(sent, Sent):
        frame["sealed"] = sent.sealed.to_json()
    return encode_json({**frame, **changes})


def check_frame(frame: Mapping[str, Any], before: Checkpoint) -> Checkpoint:
    """Demand what a client demands of a `deliver` or `accepted`; gives the checkpoint to go on from.

    The frame is of the form of the contract, its checkpoint extends the one before, every leaf
    is in the tree, and what is delivered is what its leaf names.
    """
    parse_frame(encode_json(frame))
    now = parse_note(frame["checkpoint"]).checkpoint
    if before.size in (0, now.size):
        assert frame["consistency"] == ""
        assert before.size == 0 or now.root == before.root
    else:
        verify_consistency(before.size, before.root, now.size, now.root, decode_proof(frame["consistency"]))
    for item in frame["items"]:
        leaf = leaf_of(item)
        verify_inclusion(leaf.hash, item["index"], now.size, decode_proof(item["proof"]), now.root)
    return now


def leaf_of(item: Mapping[str, Any]) -> Leaf:
    """The leaf of an item, which is its statement's."""
    leaf = parse_leaf(decode_base64url(item["leaf"]))
    if "digest" in item:
        assert encode_base64url(leaf.digest) == item["digest"]
    else:
        assert "gone" in item or leaf.digest == sha256(item["statement"].encode())
    return leaf


def ack_text(cursors: tuple[int, int, int]) -> str:
    """An `ack` frame."""
    return encode_json({"type": "ack", "cursors": dict(zip(("public", "urgent", "normal"), cursors, strict=True))})


async def until(condition: Any) -> None:
    """Let other tasks run until something holds."""
    async with asyncio.timeout(WAIT_S):
        while not condition():  # noqa: ASYNC110 - what is waited for announces itself in many ways
            await asyncio.sleep(0.001)


class Peer:
    """A client at the other end of a line in memory.

    Args:
        hub: what serves the line.
        holder: what its token stands for.
        room: frames that wait unread before the hub has to.
    """

    def __init__(self, hub: Hub, holder: Pass, room: int = 16) -> None:
        self.line = MemoryLine(room)
        self.session = HubSession(hub, self.line, holder)
        self._hub = hub
        self._task = asyncio.create_task(self.session.run())

    @classmethod
    async def dial(cls, hub: Hub, world: World, iss: str = KZ, seat: str = "main", room: int = 16) -> Peer:
        """Show a token at the gate and open a line."""
        token = catch_up(world).token(iss, seat=seat)
        return cls(hub, await hub.admit_line(token), room)

    @classmethod
    async def resumed(
        cls, hub: Hub, world: World, iss: str = KZ, cursors: tuple[int, int, int] | None = None, **changes: Any
    ) -> Peer:
        """A line that is live, at the end of the ledger unless ``cursors`` say else, the first `deliver` read."""
        peer = await cls.dial(hub, world, iss, **changes)
        assert (await peer.hear())["type"] == "welcome"
        peer.say(resume_text(cursors or (hub.mailroom.head.size,) * 3))
        assert (await peer.hear())["type"] == "deliver"
        return peer

    def say(self, *frames: str | Mapping[str, Any]) -> None:
        """Send frames."""
        for frame in frames:
            self.line.to_hub.put_nowait(frame if isinstance(frame, str) else encode_json(frame))

    async def hear(self) -> dict[str, Any]:
        """The next frame of the hub."""
        async with asyncio.timeout(WAIT_S):
            text = await self.line.to_client.get()
        assert text is not None, f"the line was closed: {self.line.closed}"
        frame: dict[str, Any] = json.loads(text)
        return frame

    async def hear_items(self, count: int) -> list[dict[str, Any]]:
        """Items of `deliver` frames until there are so many."""
        items: list[dict[str, Any]] = []
        while len(items) < count:
            frame = await self.hear()
            assert frame["type"] == "deliver", frame
            items += frame["items"]
        return items

    async def ended(self) -> tuple[int, str]:
        """Code and reason with which the hub ends the line; what it sent before is read and dropped."""
        async with asyncio.timeout(WAIT_S):
            while await self.line.to_client.get() is not None:
                pass
            await self._task
        assert self.line.closed is not None
        return self.line.closed

    async def leave(self) -> None:
        """Break off."""
        self.line.to_hub.put_nowait(None)
        async with asyncio.timeout(WAIT_S):
            await self._task

    def break_off(self) -> None:
        """Take the line away under the hub, which notices when it sends or reads."""
        self.line.closed = (1006, "")
        while not self.line.to_client.empty():
            self.line.to_client.get_nowait()
        self.line.to_hub.put_nowait(None)

    async def forgotten(self) -> None:
        """Wait until the hub has done with the line."""
        async with asyncio.timeout(WAIT_S):
            await self._task

    async def cancel(self) -> None:
        """End the session as a server does that will not wait for it."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    @property
    def is_gone(self) -> bool:
        """Whether the hub has done with the line."""
        return self._task.done()
