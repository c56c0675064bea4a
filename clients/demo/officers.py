"""What two officers type after the exchange: the command line, on the stores that the exchange left."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clients.cli.home import Home, Settings
from clients.demo.network import PASSPHRASE
from schemas.addresses import Address
from schemas.errors import Code, SeraiError

Show = Callable[[str, str], None]
"""Called with a command as it was typed, and with what it said: what it showed to people, then its result."""


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody at the command line of a member.

    Args:
        home: the member's folder, with its store.
        settings: what its ``config.toml`` is to say.
        show: shows what is typed.
    """

    home: Home
    settings: Settings
    show: Show

    def sit_down(self) -> None:
        """Make the folder one that the command line can use."""
        self.home.write_settings(self.settings)

    async def type(self, *words: str) -> str:
        """Run ``serai`` with these words; gives what it said.

        Raises:
            SeraiError: ``internal`` if it failed.
        """
        said, fault, status = await _run(*words, "--home", str(self.home.path))
        self.show(f"{self.settings.member}$ serai {shlex.join(words)}", fault + said)
        if status:
            raise SeraiError(Code.INTERNAL, f"serai {words[0]} ended with {status}")
        return said

    async def ask(self, *words: str) -> dict[str, Any]:
        """Run ``serai`` with these words and ``--json``, without showing it; gives the object.

        Raises:
            SeraiError: ``internal`` if it failed.
        """
        said, fault, status = await _run(*words, "--json", "--home", str(self.home.path))
        if status:
            raise SeraiError(Code.INTERNAL, f"serai {words[0]} ended with {status}: {fault.strip()}")
        return dict(json.loads(said))


async def _run(*words: str) -> tuple[str, str, int]:
    """One command that opens a store; the passphrase comes through a pipe, as it may."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as pipe:
        pipe.write(f"{PASSPHRASE}\n")
    try:
        return await _serai(*words, "--passphrase-fd", str(reading), pass_fds=(reading,))
    finally:
        os.close(reading)


async def _serai(*words: str, pass_fds: tuple[int, ...] = ()) -> tuple[str, str, int]:
    """What a process of ``serai`` says on both outputs, and how it ends."""
    command = (sys.executable, "-m", "clients.cli", *words)
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, pass_fds=pass_fds)
    said, fault = await process.communicate()
    return said.decode(), fault.decode(), process.returncode or 0


async def converse(warns: Officer, acts: Officer) -> None:
    """A warning from one to the other, seen, shown and acknowledged.

    Raises:
        SeraiError: a command failed, or what it was to show was not there.
    """
    reference = f"{warns.settings.member.partition('/')[0]}-DEMO-1"
    words = ("--precedence", "flash", "--reference", reference, "--action", "stop", "--summary", "Blue lorry.")
    await warns.type("send", "warning", "--to", acts.settings.member, *words, "--yes")
    await acts.type("inbox", "--fetch", "--open")
    (waiting,) = (await acts.ask("inbox", "--open"))["dispatches"]
    number = str(waiting["number"])
    await acts.type("acknowledge", number)
    await warns.ask("inbox", "--fetch")
    if f"by {acts.settings.member}/" not in await warns.type("show", number):
        raise SeraiError(Code.INTERNAL, f"nobody has acknowledged {number}")


async def prove(officer: Officer, digest: str, file: Path, root: str) -> str:
    """Make an evidence file of a dispatch that was sent, and verify it knowing nothing but the root's thumbprint.

    Returns:
        What the verifier said; empty if the file does not hold.
    """
    sent = (await officer.ask("sent", "--limit", "10000"))["dispatches"]
    number = next(str(each["number"]) for each in sent if each["digest"] == digest)
    await officer.type("evidence", number, "--disclose", "--yes", "--out", str(file))
    words = ("verify", str(file), "--root", root)
    said, fault, status = await _serai(*words)
    officer.show(f"anybody$ serai {shlex.join(words)}", fault + said)
    return said if status == 0 and digest in said else ""


def seat(folder: Path, member: Address, network: str, hub: str, show: Show) -> Officer:
    """An officer of a member, whose store is in ``folder``."""
    settings = Settings(member=member, network=network, hubs=[hub], officer=Address(f"{member}/DUTY-1"))
    officer = Officer(Home(folder), settings, show)
    officer.sit_down()
    return officer
