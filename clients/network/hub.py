"""A hub as a process of its own: made, started, killed and started again."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from pathlib import Path
from typing import Any, Final

import httpx

from clients.errors import ClientError, LocalCode
from schemas.keys import VerifyKey

_READY_TIMEOUT_S: Final = 30.0
_STOP_TIMEOUT_S: Final = 20.0


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class HubProcess:
    """``serai-hub serve`` on a folder.

    Args:
        folder: the hub's folder, made by `init`.
        log: file to which the process writes.
        port: on which it serves, on the loopback interface.
    """

    def __init__(self, folder: Path, log: Path, port: int) -> None:
        self._folder = folder
        self._log = log
        self._port = port
        self._process: Process | None = None

    @property
    def origin(self) -> str:
        """How members dial it."""
        return f"ws://127.0.0.1:{self._port}"

    async def init(self, network: str) -> tuple[VerifyKey, VerifyKey]:
        """Make the hub; gives its ledger key and its event key for the root to certify."""
        where = ("--network", network, "--origin", self.origin, "--port", str(self._port))
        keys: dict[str, Any] = json.loads(await self._command("init", str(self._folder), *where))
        return VerifyKey.from_jwk(keys["ledger_key"]), VerifyKey.from_jwk(keys["event_key"])

    async def admit(self, statements: Path) -> None:
        """Bring public statements from a file; the hub does not serve meanwhile."""
        await self._command("admit", str(self._folder), str(statements))

    async def _command(self, *arguments: str) -> str:
        command = (sys.executable, "-m", "broker", *arguments)
        process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE)
        said, fault = await process.communicate()
        if process.returncode:
            raise self._failed(fault.decode().strip())
        return said.decode()

    async def start(self) -> None:
        """Start it, and wait until it can append.

        Raises:
            ClientError: ``hub_process_failed``.
        """
        command = (sys.executable, "-m", "broker", "serve", str(self._folder), "--log-level", "warning")
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=log, stderr=STDOUT)
        try:
            async with asyncio.timeout(_READY_TIMEOUT_S), httpx.AsyncClient(trust_env=False) as client:
                # The process has no other way to say that it serves than to answer.
                while not await self._is_ready(client):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise self._failed(f"no answer within {_READY_TIMEOUT_S:.0f} s") from None

    def _failed(self, why: str) -> ClientError:
        return ClientError(LocalCode.HUB_PROCESS_FAILED, path=self._folder, why=why)

    async def _is_ready(self, client: httpx.AsyncClient) -> bool:
        if self._process is None or self._process.returncode is not None:
            raise self._failed(self._log.read_text()[-500:])
        try:
            answer = await client.get(f"http://127.0.0.1:{self._port}/health/ready")
        except httpx.TransportError:
            return False
        return answer.status_code == httpx.codes.OK

    async def kill(self) -> None:
        """End it with SIGKILL, as a power cut would."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def stop(self) -> None:
        """Ask it to stop; if it does not, end it."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(_STOP_TIMEOUT_S):
                await self._process.wait()
        except TimeoutError:
            await self.kill()
