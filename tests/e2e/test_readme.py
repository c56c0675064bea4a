"""The programs in the client's README do what it says, as they stand there."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from clients import FocalPoint, Store
from clients.keys.enrol import certify_officer
from clients.keys.root import Stamp, draft_credential, sign_credential
from schemas.claims import StatementType
from schemas.enrolment import verify_request
from schemas.statements import parse_statement
from tests.support.desk import cover_to, warning
from tests.support.exchange import Exchange, exchange, now_ms
from tests.support.world import DAY_S, UZ

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "clients" / "README.md"
PASSPHRASE = "correct horse battery staple"
TYPED = f"{PASSPHRASE}\nan officer's own\n".encode()


def programs() -> list[str]:
    """The programs in the README."""
    return re.findall(r"^```python\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)


def store_of(serai: Exchange) -> Path:
    """The store that the README makes."""
    return serai.path / "store" / "store.db"


def certify(serai: Exchange, requests: list[str]) -> list[str]:
    """Credentials for a member and its officer, from the root and from the member."""
    around = (now_ms() // 1000 - 60, now_ms() // 1000 + DAY_S)
    member, officer = (verify_request(text, serai.world.network) for text in requests)
    draft = draft_credential(member, "ROOT", around, member.claims.roles, _stamp(serai))
    of_member = sign_credential(draft, serai.world.root)
    with Store.open(store_of(serai), PASSPHRASE) as store:
        roles = officer.claims.roles
        of_officer, _ = certify_officer(store.keys, officer, roles, around, _stamp(serai))
    return [of_member, of_officer]


def _stamp(serai: Exchange) -> Stamp:
    return Stamp(now_ms(), serai.world.entropy(10))


@asynccontextmanager
async def running(program: str, serai: Exchange) -> AsyncIterator[asyncio.StreamReader]:
    """A program of the README in a process of its own; gives what it prints."""
    command = [sys.executable, "-u", "-c", program, str(store_of(serai).parent), serai.hub.origin]
    pipes: dict[str, Any] = {"stdin": PIPE, "stdout": PIPE, "stderr": DEVNULL}
    # Without a terminal the passphrases are read from standard input.
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, start_new_session=True, **pipes)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(TYPED)
    try:
        yield process.stdout
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def publish(at: FocalPoint, credentials: list[str]) -> None:
    """Bring credentials to the ledger."""
    for credential in credentials:
        await at.publish(credential)


def output_of(program: str, serai: Exchange) -> str:
    """What a program prints that ends by itself."""
    command = [sys.executable, "-c", program, serai.world.network, str(store_of(serai).parent)]
    done = subprocess.run(command, cwd=ROOT, input=TYPED, capture_output=True, check=True, start_new_session=True)
    return done.stdout.decode()


async def test_store_is_made_and_the_program_runs(tmp_path: Path) -> None:
    """The store is made, certified, and used: a warning goes out and is confirmed, what comes is acknowledged."""
    make, use = programs()
    with exchange(tmp_path, UZ) as serai:
        requests = output_of(make, serai).split()
        safe = [path.read_text() for path in (serai.path / "store").glob("*.revocation")]
        assert [parse_statement(text).type for text in safe] == [StatementType.REVOCATION] * 2
        async with serai.desk(UZ) as uz:
            await publish(uz, certify(serai, requests))
            async with running(use, serai) as printed:
                assert re.fullmatch(rb"received, number \d+\n", await printed.readline())
                (item,) = uz.state.store.items.inbox(10)
                sent = uz.delivery(item.digest)
                assert sent.report is not None
                assert (sent.sender, sent.lane, sent.report.our_reference) == ("KZ/NFP", "urgent", "KZ-2026-0412")
                accepted = await uz.send(warning("UZ-1"), cover_to("KZ/NFP"))
                await uz.wait_answer(accepted.digest, "KZ/NFP", "acknowledged")
                assert (await printed.readline()).startswith(b"UZ/NFP our_reference='UZ-1'")
                assert uz.alarms() == []
