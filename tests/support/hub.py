"""A real hub for a toy network: its folder, its process, and lines to it in memory or over sockets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import httpx
from websockets.asyncio.client import ClientConnection, connect

from broker.adapters.life import FileLifeRecord
from broker.app import Ports, make_hub, open_ports
from broker.core.timekeeping import SignOfLife
from broker.service.hub import Hub
from broker.service.operator import make_candidate, take_offline
from broker.service.peer import PeerGone
from broker.service.sequencer import AcceptedAt, Sequencer
from broker.settings import HubFolder
from schemas.encoding import encode_base64url, encode_json
from schemas.frames import PROTOCOL
from tests.support.world import HUB_ORIGIN, World

_RESERVED: Final[list[socket.socket]] = []


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses, and that nobody else is handed before this process ends.

    A socket stays bound to it without listening: the system then neither picks the port for others nor refuses it
    to a server that names it and allows its reuse, as servers do.
    """
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    _RESERVED.append(probe)
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
    FileLifeRecord(folder.alive).write(SignOfLife(time.time_ns() // 1_000_000, 0))  # as serai-hub init does
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
            raise PeerGone
        return text

    async def send(self, text: str) -> None:
        """To the client."""
        if self.closed is not None:
            raise PeerGone
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


PATIENCE_S = 120.0
"""How long a process may take; only a failure takes so long."""


class HubProcess:
    """``serai-hub serve`` as a process of its own.

    Args:
        folder: a hub's folder whose settings name ``port`` and ``metrics_port``.
        port: where it listens.
        metrics_port: where its metrics are.
        trust: by which its clients know it; ``None`` if it does not speak TLS.

    Attributes:
        program: how ``serai-hub`` is run.
    """

    def __init__(
        self, folder: HubFolder, port: int, metrics_port: int = 0, trust: ssl.SSLContext | None = None
    ) -> None:
        self.folder = folder
        self.port = port
        self.metrics_port = metrics_port
        self.trust = trust
        self.process: subprocess.Popen[bytes] | None = None
        self.program = [sys.executable, "-m", "broker"]

    @classmethod
    def make(cls, path: Path, world: World, **settings: str | int) -> Self:
        """A hub process for a world, on a free port, not yet started; ``settings`` as in ``hub.toml``."""
        port, metrics_port = free_port(), free_port()
        settings = {"metrics_port": metrics_port, **settings}
        certificate = settings.get("certificate")
        trust = ssl.create_default_context(cafile=str(certificate)) if certificate else None
        origin = f"{'wss' if trust else 'ws'}://127.0.0.1:{port}"
        return cls(make_folder(path, world, origin, port, **settings), port, metrics_port, trust)

    @property
    def origin(self) -> str:
        """As clients dial it."""
        return f"{'wss' if self.trust else 'ws'}://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the process has logged."""
        return (self.folder.path / "log").read_text()

    def counted(self, name: str) -> float:
        """What it has counted, by the name of a metric, with its labels as they are printed if it has some."""
        text = httpx.get(f"http://127.0.0.1:{self.metrics_port}/metrics").text
        found = (float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(f"{name} "))
        return next(found, 0.0)

    def start(self, descriptors: int | None = None, *, until: str = "ready") -> Self:
        """Start and wait until it is ``ready``, or ``live``; perhaps with fewer open files than this process has."""
        command = [*self.program, "serve", str(self.folder.path)]
        if descriptors is not None:
            limit = f"import os, resource, sys; resource.setrlimit(resource.RLIMIT_NOFILE, ({descriptors},) * 2)"
            command = [sys.executable, "-c", f"{limit}; os.execv(sys.argv[1], sys.argv[1:])", *command]
        with (self.folder.path / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ})
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the hub ended: {self.log[-2000:]}")
            try:
                url = f"{'https' if self.trust else 'http'}://127.0.0.1:{self.port}/health/{until}"
                if httpx.get(url, verify=self.trust or True).status_code == 200:
                    return self
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        self.kill()
        raise AssertionError(f"the hub does not get ready: {self.log[-2000:]}")

    def ready(self) -> dict[str, Any]:
        """What it answers when it is asked whether it is ready."""
        scheme = "https" if self.trust else "http"
        answer: dict[str, Any] = httpx.get(
            f"{scheme}://127.0.0.1:{self.port}/health/ready", verify=self.trust or True
        ).json()
        return answer

    def kill(self) -> None:
        """SIGKILL."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE_S)

    def stop(self) -> int:
        """SIGTERM; gives the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def connect(self, token: str) -> connect:
        """A WebSocket to the exchange, as an async context manager."""
        return connect(
            f"{self.origin}/v1/exchange",
            subprotocols=[PROTOCOL],  # type: ignore[list-item]
            additional_headers={"Authorization": f"Bearer {token}"},
            compression=None,
            max_size=4 * 1024 * 1024,
            ssl=self.trust,
        )


async def open_line(socket_: ClientConnection, cursors: tuple[int, int, int] = (0, 0, 0)) -> dict[str, Any]:
    """Take `welcome`, send `resume`; gives the welcome."""
    welcome: dict[str, Any] = json.loads(await socket_.recv())
    await socket_.send(resume_text(cursors))
    return welcome


def resume_text(cursors: tuple[int, int, int] = (0, 0, 0), checkpoint: str | None = None, epoch: int = 0) -> str:
    """A `resume` frame."""
    lanes = dict(zip(("public", "urgent", "normal"), cursors, strict=True))
    return encode_json({"type": "resume", "epoch": epoch, "cursors": lanes, "checkpoint": checkpoint, "features": []})
