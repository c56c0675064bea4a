"""Which steps of an operation go on paper, and for what: their providers decide."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from clients.actions.client import Client
from clients.actions.handing import HandedWay, note_handed
from clients.actions.handling import WantedUse, check_use
from clients.actions.operations.known import KnownOperation, read_operation
from clients.errors import ClientError, LocalCode
from clients.mail.inbox import handling_of
from clients.trust.verify_file import verify_file
from schemas.addresses import Address
from schemas.operations.held import StepContent
from schemas.operations.proven import operations_in
from schemas.rules.handling import handling_that_holds


@dataclass(frozen=True, slots=True)
class PrintedOperation:
    """An operation that goes on paper.

    Attributes:
        known: as this client knows it.
        by: the officer who prints.
        at_ms: when, milliseconds since 1970 UTC.
        wanted: for what, and who has permitted it.
        handling: the strictest handling code of all its steps that are here.
        digests: of the steps whose contents are printed.
    """

    known: KnownOperation
    by: Address
    at_ms: int
    wanted: WantedUse
    handling: str
    digests: tuple[str, ...]


def choose_operation_print(
    client: Client, operation: str, officer: Address | None, wanted: WantedUse, moment_ms: int | None = None
) -> PrintedOperation:
    """Look for what is to be printed of an operation.

    Args:
        client: whose.
        operation: digest of its ``open``.
        officer: who prints; ``None`` if that is clear.
        wanted: for what, and who has permitted it.
        moment_ms: as of when, milliseconds since 1970 UTC; now if ``None``.

    Raises:
        ClientError: ``no_operation``, ``use_not_permitted``, what `Client.signer` raises.
    """
    known = read_operation(client, operation, moment_ms)
    codes, digests = [], []
    for step in sorted(known.held.steps, key=lambda each: each.number):
        read = step.content.read if isinstance(step.content, StepContent) else None
        codes.append(handling_of(step.cover, read))
        if read is not None:
            check_use(step.number, step.cover, read, wanted, client.member)
            digests.append(step.digest)
    by, at_ms = client.signer(officer), client.state.system.clock.time_ms()
    return PrintedOperation(known, by, at_ms, wanted, handling_that_holds("H0", codes), tuple(digests))


def note_operation_printed(client: Client, printed: PrintedOperation) -> None:
    """Keep that its steps go on paper, before they do.

    Raises:
        SeraiError: ``storage_failed``.
    """
    note_handed(client, printed.digests, printed.by, HandedWay.PRINT, "paper", printed.wanted)


def evidence_digest(path: Path, root: str, operation: str) -> str:
    """SHA-256 of an evidence file that goes with a paper, in hexadecimal digits: it holds, and has the operation.

    Args:
        path: of the file.
        root: thumbprint of the network's root.
        operation: digest of its ``open``.

    Raises:
        ClientError: ``evidence_of_another`` if it has no step of the operation.
        OSError: it cannot be read.
        SeraiError: it does not hold.
    """
    if operation not in {each.held.id for each in operations_in(verify_file(path, root))}:
        raise ClientError(LocalCode.EVIDENCE_OF_ANOTHER, path=path)
    return hashlib.sha256(path.read_bytes()).hexdigest()
