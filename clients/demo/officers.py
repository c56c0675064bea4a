"""What two officers type after the exchange: the command line, on the stores that the exchange left."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from clients.actions.home import Home
from clients.demo.parties import OFFICERS_PASSPHRASE, PASSPHRASE
from clients.demo.photograph import draw_photograph
from clients.keys.wrapping import write_private
from schemas.addresses import Address
from schemas.errors import Code, SeraiError

_SIGNED: Final = ("send", "acknowledge")
"""Commands that an officer signs, with a passphrase of his own."""

Show = Callable[[str, str], None]
"""Called with a command as it was typed, and with what it said: what it showed to people, then its result."""


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """Somebody at the command line of a member.

    Args:
        member: whose officer.
        home: the member's folder.
        show: shows what is typed.
    """

    member: Address
    home: Home
    show: Show

    async def type(self, *words: str) -> str:
        """Run ``serai`` with these words; gives what it said.

        Raises:
            SeraiError: ``internal`` if it failed.
        """
        said, fault, status = await _run(*words, "--home", str(self.home.path))
        self.show(f"{self.member}$ serai {shlex.join(words)}", fault + said)
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
    """One command that opens a store; the passphrases come through pipes, as they may."""
    with passphrase_pipe(PASSPHRASE) as store, passphrase_pipe(OFFICERS_PASSPHRASE) as officer:
        own = ("--officer-passphrase-fd", str(officer)) if words[0] in _SIGNED else ()
        return await _serai(*words, "--passphrase-fd", str(store), *own, pass_fds=(store, officer))


@contextmanager
def passphrase_pipe(text: str) -> Iterator[int]:
    """A file descriptor from which a line can be read."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as pipe:
        pipe.write(f"{text}\n")
    try:
        yield reading
    finally:
        os.close(reading)


async def _serai(*words: str, pass_fds: tuple[int, ...] = ()) -> tuple[str, str, int]:
    """What a process of ``serai`` says on both outputs, and how it ends."""
    command = (sys.executable, "-m", "clients.cli", *words)
    process = await asyncio.create_subprocess_exec(*command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, pass_fds=pass_fds)
    said, fault = await process.communicate()
    return said.decode(), fault.decode(), process.returncode or 0


async def converse(warns: DemoOfficer, acts: DemoOfficer) -> tuple[str, str]:
    """A flash with a photograph to everybody, which one of them sees, acknowledges and saves.

    The text goes at once; what is seen at last is the same with its photograph, as one alert.

    Returns:
        Its number and its digest.

    Raises:
        SeraiError: a command failed, or what it was to show was not there.
    """
    reference = f"{warns.member.partition('/')[0]}-DEMO-1"
    words = ("--precedence", "flash", "--reference", reference, "--action", "stop", "--summary", "Blue lorry.")
    photo = warns.home.path / "photo.jpg"
    write_private(photo, draw_photograph())
    await warns.type("send", "warning", "--to", "ALL", *words, "--attach", str(photo), "--yes")
    await acts.type("inbox", "--fetch", "--open")
    (waiting,) = (await acts.ask("inbox", "--open"))["dispatches"]
    number = str(waiting["number"])
    await acts.type("acknowledge", number)
    await acts.type("attachment", "save", number, "1", "--to", str(acts.home.path))
    await warns.ask("inbox", "--fetch")
    if f"by {acts.member}/" not in await warns.type("show", number):
        raise SeraiError(Code.INTERNAL, f"nobody has acknowledged {number}")
    return number, str(waiting["digest"])


async def prove(officer: DemoOfficer, number: str, digest: str, file: Path, root: str) -> str:
    """Make an evidence file of a dispatch that was sent, and verify it knowing nothing but the root's thumbprint.

    Returns:
        What the verifier said; empty if the file does not hold.
    """
    await officer.type("evidence", number, "--thread", "--disclose", "--yes", "--out", str(file))
    words = ("verify", str(file), "--root", root)
    said, fault, status = await _serai(*words)
    officer.show(f"anybody$ serai {shlex.join(words)}", fault + said)
    return said if status == 0 and digest in said else ""
