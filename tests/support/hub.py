"""A real hub for a toy network: its folder, its process, and lines to it in memory or over sockets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

from broker.app import Ports, make_hub, open_ports
from broker.service.hub import Hub
from broker.service.operator import make_candidate, take_offline
from broker.service.sequencer import AcceptedAt, Sequencer
from broker.service.session import LineClosed
from broker.settings import HubFolder
from schemas.encoding import encode_base64url, encode_json
from schemas.frames import PROTOCOL
from tests.support.world import HUB_ORIGIN, World


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_folder(path: Path, world: World, origin: str = HUB_ORIGIN, port: int = 0, **settings: str | int) -> HubFolder:
    """A hub's folder with the world's keys and every public statement of its log admitted."""
    folder = HubFolder(path)
    folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.keys.mkdir(mode=0o700)
    for name, key in (("ledger", world.ledger_key), ("event", world.event_key)):
        file = folder.keys / f"{name}.json"
        file.write_text(json.dumps({"seed": encode_base64url(key.seed)}))
        file.chmod(0o600)
    lines = {"network": world.network, "origins": [origin], "port": port, **settings}
    folder.settings_file.write_text("".join(f"{name} = {json.dumps(value)}\n" for name, value in lines.items()))
    read = folder.read_settings()
    with open_ports(folder, read) as ports:
        admit_public(ports, world)
    return folder


def admit_public(ports: Ports, world: World) -> None:
    """Admit the public statements of a world's log to a hub that does not serve."""
    sequencer = Sequencer(
        ports.store, ports.register, ports.signer, ports.clock, world.network, lambda _: None, new_epoch=True
    )
    for logged in world.log:
        verdict = take_offline(sequencer, partial(make_candidate, logged.text))
        assert isinstance(verdict, AcceptedAt), verdict


class MemoryLine:
    """A hub's line whose other end is in the test; what it sends is bounded like a socket's buffer."""

    def __init__(self, room: int = 16) -> None:
        self.to_hub: asyncio.Queue[str | None] = asyncio.Queue()
        self.to_client: asyncio.Queue[str | None] = asyncio.Queue(room)
        self.closed: tuple[int, str] | None = None

    async def receive(self) -> str:
        """What the client sent."""
        text = await self.to_hub.get()
        if text is None:
            raise LineClosed
        return text

    async def send(self, text: str) -> None:
        """To the client."""
        if self.closed is not None:
            raise LineClosed
        await self.to_client.put(text)

    async def close(self, code: int, reason: str) -> None:
        """End the line."""
        if self.closed is None:
            self.closed = (code, reason)
            self.to_hub.put_nowait(None)
            while self.to_client.full():
                self.to_client.get_nowait()
            self.to_client.put_nowait(None)


@contextmanager
def hub_in_memory(path: Path, world: World) -> Iterator[Hub]:
    """A hub over a real SQLite folder, loaded and not started."""
    folder = make_folder(path, world)
    with reopened(folder) as hub:
        yield hub


@contextmanager
def reopened(folder: HubFolder) -> Iterator[Hub]:
    """The hub of an existing folder, loaded and not started."""
    settings = folder.read_settings()
    with open_ports(folder, settings) as ports:
        hub = make_hub(ports, settings)
        hub.load()
        yield hub


class HubProcess:
    """``serai-hub serve`` as a process of its own.

    Args:
        folder: a hub's folder whose settings name ``port``.
        port: where it listens.
    """

    def __init__(self, folder: HubFolder, port: int) -> None:
        self.folder = folder
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    @classmethod
    def make(cls, path: Path, world: World, **settings: str | int) -> Self:
        """A hub process for a world, on a free port, not yet started; ``settings`` as in ``hub.toml``."""
        port = free_port()
        return cls(make_folder(path, world, f"ws://127.0.0.1:{port}", port, **settings), port)

    @property
    def origin(self) -> str:
        """As clients dial it."""
        return f"ws://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the process has logged."""
        return (self.folder.path / "log").read_text()

    def start(self) -> Self:
        """Start and wait until it is ready."""
        command = [sys.executable, "-m", "broker", "serve", str(self.folder.path)]
        with (self.folder.path / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ})
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the hub ended: {self.log[-2000:]}")
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/health/ready").status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"the hub does not get ready: {self.log[-2000:]}")

    def kill(self) -> None:
        """SIGKILL."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> int:
        """SIGTERM; gives the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)

    def connect(self, token: str) -> connect:
        """A WebSocket to the exchange, as an async context manager."""
        return connect(
            f"{self.origin}/v1/exchange",
            subprotocols=[PROTOCOL],  # type: ignore[list-item]
            additional_headers={"Authorization": f"Bearer {token}"},
            compression=None,
            max_size=4 * 1024 * 1024,
        )


async def open_line(socket_: ClientConnection, cursors: tuple[int, int, int] = (0, 0, 0)) -> dict[str, Any]:
    """Take `welcome`, send `resume`; gives the welcome."""
    welcome: dict[str, Any] = json.loads(await socket_.recv())
    await socket_.send(resume_text(cursors))
    return welcome


def resume_text(cursors: tuple[int, int, int] = (0, 0, 0), checkpoint: str | None = None, epoch: int = 0) -> str:
    """A `resume` frame."""
    lanes = dict(zip(("public", "urgent", "normal"), cursors, strict=True))
    return encode_json({"type": "resume", "epoch": epoch, "cursors": lanes, "checkpoint": checkpoint})
